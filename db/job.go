package db

import "time"

// TenantRef names a Company's data, live or test, in a job's arguments.
// Arguments hold ids only: they are kept and shown to operators.
type TenantRef struct {
	CompanyID string `json:"companyId"`
	Mode      Mode   `json:"mode"`
}

// WorkOperation asks for the next slices of a Company's Operations.
type WorkOperation struct {
	TenantRef
	OperationID string `json:"operationId"`
}

// Kind names the job for River.
func (WorkOperation) Kind() string { return "operation" }

// DeliverRequests asks for a Company's queued Deliveries to be sent.
type DeliverRequests struct{ TenantRef }

// Kind names the job for River.
func (DeliverRequests) Kind() string { return "deliver" }

// NotifyEmployee asks for the mail that tells an Employee what a Contact changed.
type NotifyEmployee struct {
	TenantRef
	ContactID string `json:"contactId"`
	// ChangedAt is the occurredAt of the event to tell about.
	ChangedAt time.Time `json:"changedAt"`
}

// Kind names the job for River.
func (NotifyEmployee) Kind() string { return "notify-employee" }

// MailSignIn asks for the mail that brings a User their sign-in link.
type MailSignIn struct {
	TenantRef
	SignInID string `json:"signInId"`
}

// Kind names the job for River.
func (MailSignIn) Kind() string { return "mail-sign-in" }

// OpenDoor asks for sign-in links to be mailed to the Employees of the address
// that somebody gave at the Employees' door.
type OpenDoor struct {
	AskID string `json:"askId"`
}

// Kind names the job for River.
func (OpenDoor) Kind() string { return "open-door" }

// SendDigest asks for the mail that tells an Employee what their Contacts have
// changed since the last one.
type SendDigest struct {
	TenantRef
	EmployeeID string `json:"employeeId"`
}

// Kind names the job for River.
func (SendDigest) Kind() string { return "send-digest" }

// SendVerificationCode asks for the one-time code that counts now to be sent to
// a Contact.
type SendVerificationCode struct {
	TenantRef
	ContactID string `json:"contactId"`
}

// Kind names the job for River.
func (SendVerificationCode) Kind() string { return "verification-code" }

// FetchPhoto asks for an Employee's picture to be fetched from where it was
// said to be, and kept here.
type FetchPhoto struct {
	TenantRef
	EmployeeID string `json:"employeeId"`
}

// Kind names the job for River.
func (FetchPhoto) Kind() string { return "fetch-photo" }

// Sweep asks for what time brings about in all Companies: Requests that
// expire, payloads that have been kept long enough, follow-up that was lost.
type Sweep struct{}

// Kind names the job for River.
func (Sweep) Kind() string { return "sweep" }
