package verification

// A Kind is one thing that a Company can ask of a Contact before it shows what
// it holds about them.
type Kind string

// The kinds.
const (
	BirthDate      Kind = "BIRTH_DATE"
	PostalCode     Kind = "POSTAL_CODE"     // of any postal address on file
	CustomerNumber Kind = "CUSTOMER_NUMBER" // the externalId in any Source
	PhoneDigits    Kind = "PHONE_DIGITS"    // the last four of any number on file
	EmailCode      Kind = "EMAIL_CODE"      // a one-time code, sent to the address on file
	SMSCode        Kind = "SMS_CODE"        // the same by SMS, to the first mobile number on file
)

// Known reports whether there is such a kind.
func (k Kind) Known() bool {
	switch k {
	case BirthDate, PostalCode, CustomerNumber, PhoneDigits, EmailCode, SMSCode:
		return true
	}
	return false
}

// IsCode reports whether it is a one-time code, of which one counts at a time.
func (k Kind) IsCode() bool { return k == EmailCode || k == SMSCode }

// Most is how many kinds can be asked at once.
const Most = 2
