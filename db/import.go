package db

import (
	"encoding/json"
	"slices"

	"complero/db/profile"
)

// An Import is what a CONTACTS_IMPORT was told, what was recognised of its
// file, and what has come of it so far. It is stored with the Operation.
type Import struct {
	// File is the file's name, and Format what it is: CSV, NDJSON, XLSX, VCARD.
	File   string `json:"file"`
	Format string `json:"format"`
	// Encoding and Separator are those of a text file.
	Encoding  string `json:"encoding,omitempty"`
	Separator string `json:"separator,omitempty"`
	// HeaderRow is the row that names the columns, 0 where none does.
	HeaderRow int      `json:"headerRow,omitempty"`
	Columns   []string `json:"columns"`
	// Mapping says which column is which field; those who read rows know its form.
	Mapping json.RawMessage `json:"mapping"`
	// Findings are what a person should know about how the file was understood.
	Findings []ImportFinding `json:"findings,omitempty"`
	// DryRun has nothing applied: the figures say what would have come of it.
	DryRun bool `json:"dryRun,omitempty"`
	// Complete says that the file is all that its Source has.
	Complete *CompleteImport `json:"complete,omitempty"`

	// Unread is how many rows did not tell whom they are about.
	Unread int `json:"unread,omitempty"`
	// Problems are what was wrong with rows, and what was not but should be
	// known, by kind.
	Problems []*ImportProblem `json:"problems,omitempty"`
	// Missing is how many Contacts the Source has on file that a complete file
	// does not have; nil as long as that is not known. MissingSample are the
	// first of their externalIds.
	Missing       *int     `json:"missing,omitempty"`
	MissingSample []string `json:"missingSample,omitempty"`
}

// Documented reports whether the file's rows were JSON objects or vCards, which
// have no order of columns to keep.
func (i *Import) Documented() bool { return i.Format == "NDJSON" || i.Format == "VCARD" }

// CompleteImport says what to do with Contacts that a complete file no longer has.
type CompleteImport struct {
	// Delete has them deleted; else they are only reported.
	Delete bool `json:"delete,omitempty"`
	// MaxShare is the share of the Source's Contacts, 0..1, from which on a
	// person has to confirm that so many are to be deleted.
	MaxShare float64 `json:"maxShare"`
	// Confirmed tells that somebody has.
	Confirmed bool `json:"confirmed,omitempty"`
	// After is the externalId up to which missing Contacts have been deleted.
	After string `json:"after,omitempty"`
}

// Severity says how much a finding or a problem matters.
type Severity string

// The severities. Rows with an error are rejected; a warning says that
// something was left out or guessed.
const (
	SeverityError   Severity = "ERROR"
	SeverityWarning Severity = "WARNING"
	SeverityInfo    Severity = "INFO"
)

// An ImportFinding tells how a file was understood.
type ImportFinding struct {
	Severity Severity `json:"severity"`
	// Column is the heading that it is about; "" for the whole file.
	Column  string `json:"column,omitempty"`
	Message string `json:"message"`
}

// An ImportProblem is one kind of problem with the rows where it occurs.
type ImportProblem struct {
	Severity Severity `json:"severity"`
	Code     Code     `json:"code"`
	// Field is a path such as emails[0].address; Column is its heading.
	Field  string `json:"field"`
	Column string `json:"column,omitempty"`
	// Message is that of the first row.
	Message string `json:"message"`
	Count   int    `json:"count"`
	// Rows are the first of them, as many as mostRows.
	Rows []int `json:"rows"`
	// First is the externalId of the first row, whose values Message may quote.
	First string `json:"first,omitempty"`
}

// How much of an import's result is kept beside its counters.
const (
	mostProblems = 200
	mostRows     = 50
	mostMissing  = 50
)

// An ImportRow is one row of a file.
type ImportRow struct {
	// Number is the row's line or row in the file, from 1.
	Number int
	// Cells are the row's, by column.
	Cells []string
	// Document is the row where the file holds the API's ContactInput as JSON.
	Document []byte
	// Fault says why the row cannot be read.
	Fault string
}

// A RowReader turns rows into what they say.
type RowReader interface {
	// Item reads a row of cells.
	Item(cells []string) (profile.Input, []profile.Problem)
	// Tidy brings what a row says that is a document into the form of an item's.
	Tidy(in *profile.Input)
}

// add counts a problem of a row, and reports whether there was room to.
func (i *Import) add(severity Severity, e *Error, column string, row int, externalID string) bool {
	field := fieldOf(e.Path)
	for _, p := range i.Problems {
		if p.Code == e.Code && p.Field == field && p.Column == column && p.Severity == severity {
			p.Count++
			if len(p.Rows) < mostRows {
				p.Rows = append(p.Rows, row)
			}
			return true
		}
	}
	if len(i.Problems) >= mostProblems {
		return false
	}
	i.Problems = append(i.Problems, &ImportProblem{
		Severity: severity, Code: e.Code, Field: field, Column: column, Message: e.Message, Count: 1, Rows: []int{row}, First: externalID,
	})
	return true
}

// forget takes out what is told of some externalIds, and reports whether there
// was anything.
func (i *Import) forget(externalIDs []string) (changed bool) {
	for _, p := range i.Problems {
		if p.First != "" && slices.Contains(externalIDs, p.First) {
			p.First, p.Message, changed = "", erasedMessage, true
		}
	}
	kept := slices.DeleteFunc(slices.Clone(i.MissingSample), func(id string) bool { return slices.Contains(externalIDs, id) })
	changed = changed || len(kept) < len(i.MissingSample)
	i.MissingSample = kept
	return changed
}
