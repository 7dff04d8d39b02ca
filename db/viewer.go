package db

import "slices"

// Mode tells live data from test data. Employees, Contacts, Requests,
// Consents, events, counters, consumers and idempotency keys exist once per mode.
type Mode int16

// The modes, as stored.
const (
	Live Mode = 1
	Test Mode = 2
)

// ViewerKind says what sort of caller acts.
type ViewerKind string

// Who may act. A Contact acts by a Request's link, the system by a job.
const (
	APIKeyViewer   ViewerKind = "API_KEY"
	UserViewer     ViewerKind = "USER"
	EmployeeViewer ViewerKind = "EMPLOYEE"
	OperatorViewer ViewerKind = "OPERATOR"
	ContactViewer  ViewerKind = "CONTACT"
	SystemViewer   ViewerKind = "SYSTEM"
)

// Right is one thing that a Viewer may do; API keys carry them as scopes.
type Right string

// The rights. Each read or write of a Tenant names the one that it needs.
const (
	CompanyRead    Right = "company:read"
	CompanyWrite   Right = "company:write"
	ContactsRead   Right = "contacts:read"
	ContactsWrite  Right = "contacts:write"
	EmployeesRead  Right = "employees:read"
	EmployeesWrite Right = "employees:write"
	RequestsRead   Right = "requests:read"
	RequestsWrite  Right = "requests:write"
	RequestsLink   Right = "requests:link"
	EventsRead     Right = "events:read"
	EventsWrite    Right = "events:acknowledge"
	ConsentsRead   Right = "consents:read"
	ConsentsWrite  Right = "consents:write"
	ReportRead     Right = "report:read"
	SandboxWrite   Right = "sandbox:respond"
	DataExport     Right = "data:export"
	TeamRead       Right = "team:read"
	TeamWrite      Right = "team:write"
	AuditRead      Right = "audit:read"

	// TextsWrite is to word Requests. Users hold it by their role; keys change
	// texts by CompanyWrite, which includes it.
	TextsWrite Right = "texts:write"

	// answerRight is a Contact's: to answer through a Request's link. No key holds it.
	answerRight Right = "answer"
	// workRight is the system's: to do what jobs do.
	workRight Right = "work"
)

// AllScopes lists every right that an API key can hold.
func AllScopes() []Right {
	return []Right{
		CompanyRead, CompanyWrite, ContactsRead, ContactsWrite, EmployeesRead, EmployeesWrite,
		RequestsRead, RequestsWrite, RequestsLink, EventsRead, EventsWrite,
		ConsentsRead, ConsentsWrite, ReportRead, SandboxWrite,
		DataExport, TeamRead, TeamWrite, AuditRead,
	}
}

// Viewer is who is acting.
type Viewer struct {
	Kind ViewerKind
	// KeyID is the API key's id, for an API_KEY.
	KeyID string
	// Source is the one that the API key is bound to, such as an agency's. A key
	// of crm, or "", sees all of the Company.
	Source string
	// UserID is the User's id, for a USER and an EMPLOYEE who is signed in.
	UserID string
	// EmployeeID is set for an EMPLOYEE, who sees their own Contacts only, and
	// of Employees themselves.
	EmployeeID string
	// Masked viewers recognise Contacts and do not read their addresses in full.
	Masked bool
	// Rights are what this Viewer may do.
	Rights []Right
}

// May reports whether the Viewer has a right.
func (v Viewer) May(r Right) bool {
	return slices.Contains(v.Rights, r) || r == TextsWrite && slices.Contains(v.Rights, CompanyWrite)
}
