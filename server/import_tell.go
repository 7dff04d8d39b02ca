package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"complero/db"
	"complero/db/profile"
	"complero/server/intake"
)

// printImport prints an Operation as integrators read it.
func printImport(w io.Writer, op *db.Operation, sample []*db.ImportSample) error {
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	in := op.Import
	return out.Encode(struct {
		OperationID string              `json:"operationId"`
		Status      db.OperationStatus  `json:"status"`
		Total       int                 `json:"total"`
		Processed   int                 `json:"processed"`
		Created     int                 `json:"created"`
		Synced      int                 `json:"synced"`
		Unchanged   int                 `json:"unchanged"`
		Deleted     int                 `json:"deleted"`
		Rejected    int                 `json:"rejected"`
		Conflicts   int                 `json:"conflicts"`
		DryRun      bool                `json:"dryRun"`
		Format      string              `json:"format"`
		Encoding    string              `json:"encoding,omitempty"`
		Separator   string              `json:"separator,omitempty"`
		HeaderRow   int                 `json:"headerRow,omitempty"`
		Mapping     json.RawMessage     `json:"mapping"`
		Findings    []db.ImportFinding  `json:"findings"`
		Problems    []*db.ImportProblem `json:"problems"`
		Sample      []sampleRow         `json:"sample,omitempty"`
		Missing     *int                `json:"missing,omitempty"`
		Errors      db.Errors           `json:"errors,omitempty"`
	}{
		op.ID, op.Status, totalOf(op), op.Processed, op.Created, op.Synced, op.Unchanged, op.Deleted, op.Rejected, op.Conflicts,
		in.DryRun, in.Format, in.Encoding, in.Separator, in.HeaderRow, in.Mapping,
		append([]db.ImportFinding{}, in.Findings...), append([]*db.ImportProblem{}, in.Problems...), sampleRows(sample),
		in.Missing, op.Errors,
	})
}

func totalOf(op *db.Operation) int {
	if op.Total == nil {
		return 0
	}
	return *op.Total
}

// A sampleRow is one of the first rows as it would be stored.
type sampleRow struct {
	Row     int             `json:"row"`
	Contact json.RawMessage `json:"contact"`
	Errors  db.Errors       `json:"errors,omitempty"`
}

func sampleRows(sample []*db.ImportSample) []sampleRow {
	rows := make([]sampleRow, len(sample))
	for i, s := range sample {
		rows[i] = sampleRow{s.Row, s.JSON(), s.Errors}
	}
	return rows
}

// tellImport tells a person how the file was understood and what has become of
// it.
func tellImport(w io.Writer, op *db.Operation, sample []*db.ImportSample) error {
	var b strings.Builder
	in := op.Import
	tellForm(&b, op)
	if in.DryRun {
		if err := tellColumns(&b, in); err != nil {
			return err
		}
		tellSample(&b, sample)
	}
	if len(in.Findings) > 0 {
		fmt.Fprintln(&b)
	}
	for _, f := range in.Findings {
		at := ""
		if f.Column != "" && !strings.Contains(f.Message, strconv.Quote(f.Column)) {
			at = fmt.Sprintf("column %q: ", f.Column)
		}
		fmt.Fprintf(&b, "%-7s  %s%s\n", f.Severity, at, f.Message)
	}
	if len(in.Problems) > 0 {
		fmt.Fprintln(&b)
	}
	for _, p := range in.Problems {
		fmt.Fprintf(&b, "%-7s  %s: %s\n", p.Severity, rowsOf(p), p.Message)
	}
	tellOutcome(&b, op)
	_, err := io.WriteString(w, b.String())
	return err
}

// tellForm tells what the file is.
func tellForm(b *strings.Builder, op *db.Operation) {
	in := op.Import
	said := []string{in.Format}
	if in.Encoding != "" {
		said = append(said, in.Encoding)
	}
	switch in.Separator {
	case "":
	case "\t":
		said = append(said, "cells parted by tabs")
	default:
		said = append(said, fmt.Sprintf("cells parted by %q", in.Separator))
	}
	if in.HeaderRow > 0 {
		said = append(said, fmt.Sprintf("headings in row %d", in.HeaderRow))
	}
	fmt.Fprintf(b, "%s: %s, %s\n", in.File, strings.Join(said, ", "), many(totalOf(op)-op.Deleted, "row", "rows"))
}

// tellColumns tells which column is which field.
func tellColumns(b *strings.Builder, in *db.Import) error {
	var m intake.Mapping
	if err := json.Unmarshal(in.Mapping, &m); err != nil {
		return fmt.Errorf("read the mapping: %w", err)
	}
	if len(m.Columns) == 0 {
		return nil
	}
	fmt.Fprintln(b)
	table := tabwriter.NewWriter(b, 0, 8, 3, ' ', 0)
	fmt.Fprintln(table, "COLUMN\tBECOMES\tHOW SURE")
	for _, c := range m.Columns {
		field, sure := c.Field, ""
		switch {
		case field == "":
			field = "(left out)"
		case c.Confidence > 0:
			sure = fmt.Sprintf("%.0f %%", 100*c.Confidence)
		case strings.HasPrefix(field, "customFields."):
			sure = "kept as a field of your own"
		}
		if m.Key != "" && c.Field == m.Key {
			sure = strings.TrimSpace(sure + "  the key of each Contact")
		}
		if c.DateOrder != "" {
			sure += "  dates as " + string(c.DateOrder)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\n", c.Title, field, sure)
	}
	return table.Flush()
}

// tellSample shows the first rows as they would be stored.
func tellSample(b *strings.Builder, sample []*db.ImportSample) {
	const most = 3
	if len(sample) > 0 {
		fmt.Fprintln(b, "\nThe first rows as they would be stored:")
	}
	for _, s := range sample[:min(most, len(sample))] {
		fmt.Fprintf(b, "  row %d: %s\n", s.Row, sampleText(s))
	}
}

// sampleText is a row in one line.
func sampleText(s *db.ImportSample) string {
	p := &s.Contact
	said := []string{s.ExternalID, spaced(p.Salutation, p.Title, p.GivenName, p.FamilyName), p.Organisation, p.BirthDate}
	for _, e := range p.Emails {
		said = append(said, profile.DisplayEmail(e.Address))
	}
	for _, n := range p.Phones {
		said = append(said, n.Number)
	}
	for _, a := range p.Addresses {
		line := spaced(a.Street, a.HouseNumber)
		if intake.NumberFirst(a.CountryCode) {
			line = spaced(a.HouseNumber, a.Street)
		}
		lines := []string{line, a.Addition, spaced(a.PostalCode, a.City, a.Region), a.CountryCode}
		said = append(said, strings.Join(slices.DeleteFunc(lines, empty), ", "))
	}
	if s.Employee != "" {
		said = append(said, "Employee "+s.Employee)
	}
	for _, name := range slices.Sorted(maps.Keys(p.CustomFields)) {
		said = append(said, fmt.Sprintf("%s %v", name, p.CustomFields[name]))
	}
	said = slices.DeleteFunc(said, empty)
	for _, e := range s.Errors {
		said = append(said, "rejected: "+e.Message)
	}
	return strings.Join(strings.Fields(strings.Join(said, "; ")), " ")
}

func spaced(words ...string) string {
	return strings.Join(slices.DeleteFunc(words, empty), " ")
}

func empty(text string) bool { return text == "" }

// rowsOf tells where a problem occurs.
func rowsOf(p *db.ImportProblem) string {
	const most = 5
	numbers := make([]string, 0, most)
	for _, n := range p.Rows[:min(most, len(p.Rows))] {
		numbers = append(numbers, strconv.Itoa(n))
	}
	switch {
	case p.Count == 1:
		return "row " + numbers[0]
	case p.Count > len(numbers):
		return fmt.Sprintf("%d rows, such as %s", p.Count, strings.Join(numbers, ", "))
	}
	return "rows " + strings.Join(numbers, ", ")
}

// tellOutcome tells what has become of the rows.
func tellOutcome(b *strings.Builder, op *db.Operation) {
	in := op.Import
	fmt.Fprintln(b)
	if op.FinishedAt == nil && op.Status != db.OperationWaiting {
		fmt.Fprintf(b, "Stored as %s, to be worked off by a server on the same data.\n", op.ID)
		return
	}
	did, verb := "were imported", "were"
	if in.DryRun {
		did, verb = "would be imported", "would be"
	}
	fmt.Fprintf(b, "%d of %s %s: %d new, %d known already, %d of them unchanged. %d %s rejected.\n",
		op.Created+op.Synced, many(totalOf(op)-op.Deleted, "row", "rows"), did, op.Created, op.Synced, op.Unchanged, op.Rejected, verb)
	if op.Conflicts > 0 {
		fmt.Fprintf(b, "In %s something on file %s kept, since the Contact or a Source of higher rank has said it.\n", many(op.Conflicts, "row", "rows"), verb)
	}
	if in.Missing != nil {
		fmt.Fprintf(b, "%s of the Source %s not in the file; %d %s deleted.\n", many(*in.Missing, "Contact", "Contacts"), isOrAre(*in.Missing), op.Deleted, wasOrWere(op.Deleted))
	}
	for _, e := range op.Errors {
		fmt.Fprintln(b, e.Message)
	}
	switch {
	case op.Status == db.OperationWaiting:
		fmt.Fprintf(b, "%s waits for that, by operationConfirm or operationCancel.\n", op.ID)
	case in.DryRun:
		fmt.Fprintln(b, "Nothing was stored; without --dry-run the rows are imported.")
	default:
		fmt.Fprintf(b, "%s %s\n", op.ID, op.Status)
	}
}

func many(n int, one, several string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + several
}

func isOrAre(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

func wasOrWere(n int) string {
	if n == 1 {
		return "was"
	}
	return "were"
}
