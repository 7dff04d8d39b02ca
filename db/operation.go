package db

import (
	"time"

	"github.com/uptrace/bun"
)

// OperationKind says what an Operation does.
type OperationKind string

// The kinds of Operations.
const (
	ContactsUploadOperation  OperationKind = "CONTACTS_UPLOAD"
	ContactsImportOperation  OperationKind = "CONTACTS_IMPORT"
	ContactsDeleteOperation  OperationKind = "CONTACTS_DELETE"
	EmployeesUploadOperation OperationKind = "EMPLOYEES_UPLOAD"
	EmployeesDeleteOperation OperationKind = "EMPLOYEES_DELETE"
	RequestsCreateOperation  OperationKind = "REQUESTS_CREATE"
)

// OperationStatus says how far an Operation has come.
type OperationStatus string

// The states of an Operation. COMPLETED may hold rejected items; FAILED means
// that nothing could be read at all.
const (
	OperationPending   OperationStatus = "PENDING"
	OperationRunning   OperationStatus = "RUNNING"
	OperationWaiting   OperationStatus = "WAITING_FOR_CONFIRMATION"
	OperationCompleted OperationStatus = "COMPLETED"
	OperationFailed    OperationStatus = "FAILED"
	OperationCancelled OperationStatus = "CANCELLED"
)

// OperationOutcome is what became of one item.
type OperationOutcome string

// The outcomes of items.
const (
	ItemPending   OperationOutcome = "PENDING"
	ItemCreated   OperationOutcome = "CREATED"
	ItemSynced    OperationOutcome = "SYNCED"
	ItemUnchanged OperationOutcome = "UNCHANGED"
	ItemDeleted   OperationOutcome = "DELETED"
	ItemRejected  OperationOutcome = "REJECTED"
)

// An Operation is the monitorable work on an upload, a deletion or the asking of many.
type Operation struct {
	bun.BaseModel `bun:"table:operation,alias:operation"`

	CompanyID int64  `bun:",pk"`
	Mode      Mode   `bun:",pk"`
	ID        string `bun:",pk"`
	Kind      OperationKind
	Status    OperationStatus
	Source    *string
	Options   OperationOptions `bun:"type:json"`
	Total     *int
	Processed int
	Created   int
	Synced    int
	Unchanged int
	Deleted   int
	Rejected  int
	Conflicts int
	Errors    Errors `bun:"type:json"`
	// Import is what a CONTACTS_IMPORT was told, and what comes of it; nil for
	// all others.
	Import    *Import `bun:"type:json"`
	CreatedAt time.Time
	// FinishedAt is when nothing more was to be done.
	FinishedAt *time.Time
}

// OperationOptions is what an Operation was told to do beside its payload.
type OperationOptions struct {
	// ReassignTo is the externalId of the Employee who takes over the Contacts
	// of deleted Employees; "" leaves them without one.
	ReassignTo string `json:"reassignTo,omitempty"`
	// Confirmed tells that somebody agreed to what the Operation waited for.
	Confirmed bool `json:"confirmed,omitempty"`
	// Bound tells that it was begun with a key that is bound to its Source.
	Bound bool `json:"bound,omitempty"`
	// After is the id of the last Contact that was asked or left out.
	After string `json:"after,omitempty"`
}

// OperationItem is one item of an Operation and what became of it.
type OperationItem struct {
	Index      int              `json:"index"`
	Row        *int             `json:"row,omitempty"`
	ExternalID *string          `json:"externalId,omitempty"`
	Outcome    OperationOutcome `json:"outcome"`
	Errors     Errors           `json:"errors,omitempty"`
	ContactID  string           `json:"contactId,omitempty"`
	EmployeeID string           `json:"employeeId,omitempty"`

	// conflict says that something was kept back.
	conflict bool
	// warnings are what a person should know though the item was taken.
	warnings Errors
}
