package verification

import (
	"crypto/sha256"
	"crypto/subtle"
)

// Facts are what is on file about a Contact, as it stands there. What is
// missing is empty, and nothing that is typed matches it.
type Facts struct {
	BirthDate       string // YYYY-MM-DD
	PostalCodes     []string
	CustomerNumbers []string
	PhoneNumbers    []string
	// Code is the one-time code that counts now, by whichever way it was sent.
	Code string
}

// Said is what was typed, by kind.
type Said map[Kind]string

// Matches reports whether all that is asked was said as it is on file. It takes
// every part to its end whatever the others say, so that neither the answer nor
// its time tells which was wrong, or that something is missing.
func (f Facts) Matches(asked []Kind, said Said) bool {
	right := 1
	for _, k := range asked {
		right &= among(k, said[k], f.of(k))
	}
	return right == 1 && len(asked) > 0
}

func (f Facts) of(k Kind) []string {
	switch k {
	case BirthDate:
		return []string{f.BirthDate}
	case PostalCode:
		return f.PostalCodes
	case CustomerNumber:
		return f.CustomerNumbers
	case PhoneDigits:
		return f.PhoneNumbers
	case EmailCode, SMSCode:
		return []string{f.Code}
	}
	return nil
}

// among is 1 if what was typed is one of the texts on file, else 0. An empty
// text that matches nothing stands in for one that is missing.
func among(k Kind, typed string, file []string) int {
	folded, sound := Fold(k, typed)
	said := sha256.Sum256([]byte(folded))
	found := 0
	for i := range max(len(file), 1) {
		text := ""
		if i < len(file) {
			text = file[i]
		}
		known, there := Fold(k, text)
		sum := sha256.Sum256([]byte(known))
		found |= subtle.ConstantTimeCompare(said[:], sum[:]) & bit(there)
	}
	return found & bit(sound)
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}
