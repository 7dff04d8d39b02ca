package export

import (
	"context"
	"fmt"
	"io"

	"complero/db"
	"complero/frontend/report"
	"complero/server/intake/table"
)

// reportKinds are the tables that a report can be written as, by the end of a
// file's name; the other end is pdf.
var reportKinds = map[string]table.Kind{"csv": table.KindCSV, "xlsx": table.KindXLSX}

// Report writes a report as a file: csv, xlsx or pdf, the last in the Brand of
// the Tenant's Company. Tables hold the plain numbers, with a point, and the
// parts of a hundred as parts of one; none of their cells begins like a formula.
func Report(ctx context.Context, t *db.Tenant, d *report.Document, kind string, w io.Writer) error {
	if kind == "pdf" {
		brand, err := t.Brand(ctx)
		if err != nil {
			return err
		}
		return writePDF(d, brand, w)
	}
	if reportKinds[kind] == "" {
		return fmt.Errorf("a report is no %.20q; there are csv, xlsx and pdf", kind)
	}
	columns, rows := d.Table()
	out, end, err := begin(w, reportKinds[kind], columns)
	if err != nil {
		return err
	}
	out.Mark = true // for Excel
	for _, cells := range rows {
		if err := out.Write(cells); err != nil {
			return end(err)
		}
	}
	return end(nil)
}
