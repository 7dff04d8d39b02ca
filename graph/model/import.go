package model

import (
	"encoding/json"

	"complero/db"
)

// ImportResult is what the API tells of an import. Its sample is read from the
// Operation.
type ImportResult struct {
	Operation *db.Operation

	FileName, Format    string
	Encoding, Separator *string
	HeaderRow           *int
	Columns             []string
	Mapping             json.RawMessage
	Findings            []*db.ImportFinding
	DryRun              bool
	Problems            []*db.ImportProblem
	Missing             *int
	MissingSample       []string
	Complete            *db.CompleteImport
}
