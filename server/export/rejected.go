package export

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"complero/db"
	"complero/server/intake"
	"complero/server/intake/table"
)

// RejectedKind is how the rejected rows of an import go back to whoever sent
// them: CSV, or NDJSON where they came as JSON objects or vCards.
func RejectedKind(in *db.Import) table.Kind {
	if in.Documented() {
		return table.KindNDJSON
	}
	return table.KindCSV
}

// Rejected writes the rows of an import that were rejected, as they came, each
// with the reason in a column or field of its own, so that they can be mended
// and sent again. vCards go as the documents that they were read as.
func Rejected(ctx context.Context, t *db.Tenant, op *db.Operation, w io.Writer) error {
	if op.Import == nil {
		return t.RejectedRows(ctx, op, nil) // tells that there are none
	}
	kind := RejectedKind(op.Import)
	columns := slices.Clone(op.Import.Columns)
	at := slices.Index(columns, intake.ErrorColumn) // of a file that was rejected before
	if at < 0 {
		at, columns = len(columns), append(columns, intake.ErrorColumn)
	}
	out, err := table.NewWriter(w, kind, columns)
	if err != nil {
		return err
	}
	likeTheFile(out, op.Import)
	err = t.RejectedRows(ctx, op, func(r db.RejectedRow) error {
		if kind == table.KindNDJSON && (r.Document != nil || len(op.Import.Columns) == 0) {
			return writeDocument(out, r)
		}
		return out.Write(rejectedCells(r, len(op.Import.Columns), len(columns), at, kind))
	})
	if err == nil {
		err = out.Close()
	}
	return err
}

// likeTheFile has a CSV open in the program that the file came from: with its
// separator, and with a byte order mark unless that program writes UTF-8 anyway.
func likeTheFile(out *table.Writer, in *db.Import) {
	out.Mark = in.Encoding != "UTF-8"
	if len(in.Separator) == 1 && strings.Contains(";\t|", in.Separator) {
		out.Separator = in.Separator[0]
	}
}

// torn stands behind the last column of a row that could not be read whole:
// with it the row is refused again until somebody has looked.
const torn = "this row could not be read whole: complete it, then empty this cell"

// rejectedCells are a row's of own columns, with the error at its place. Cells
// that have no column stay behind all others, where they keep the row from going
// in unseen.
func rejectedCells(r db.RejectedRow, own, columns, at int, kind table.Kind) []string {
	row := append(make([]string, 0, max(columns, len(r.Cells)+1)+1), r.Cells[:min(own, len(r.Cells))]...)
	for len(row) < columns {
		row = append(row, table.Absent)
	}
	row[at] = r.Sentence()
	switch {
	case kind != table.KindCSV || r.Fault == "":
		return row
	case len(r.Cells) > own:
		return append(row, r.Cells[own:]...)
	}
	return append(row, torn)
}

// writeDocument writes the object with its error as the last field.
func writeDocument(out *table.Writer, r db.RejectedRow) error {
	said, err := json.Marshal(r.Sentence())
	if err != nil {
		return fmt.Errorf("write an error: %w", err)
	}
	document := bytes.TrimSpace(r.Document)
	if !json.Valid(document) || document[0] != '{' {
		document = []byte("{}") // nothing of it could be read
	}
	open := bytes.TrimRight(document[:len(document)-1], " \t\r\n")
	if len(open) > 1 {
		open = append(bytes.Clone(open), ',')
	}
	return out.WriteDocument(slices.Concat(open, []byte(`"`+intake.ErrorColumn+`":`), said, []byte("}")))
}
