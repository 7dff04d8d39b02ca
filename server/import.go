package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"complero/db"
	"complero/graph"
)

// importCommand imports a file without the API's help.
type importCommand struct {
	File     string  `arg:"" placeholder:"FILE" help:"The file: CSV, NDJSON, XLSX or vCard, from whatever CRM."`
	Company  string  `required:"" placeholder:"ID-OR-SLUG" help:"Whose Contacts they are: the Company's id, or its slug."`
	Test     bool    `help:"Import into test mode."`
	Mapping  string  `placeholder:"FILE-OR-NAME" help:"Which column is which field: a JSON file, or the name of a mapping that is kept. Left out: it is recognised."`
	Source   *string `placeholder:"KEY" help:"The Source that the file is from; crm if left out."`
	DryRun   bool    `help:"Store nothing; tell what would come of the file."`
	Ignore   bool    `help:"Leave out the columns that mean no field, instead of making them custom fields."`
	Complete bool    `help:"The file is all that its Source has: report the Contacts that it lacks."`
	Delete   bool    `help:"With --complete: delete the Contacts that the file lacks."`
	MaxShare float64 `default:"0.05" placeholder:"SHARE" help:"With --delete: the share of the Source's Contacts, 0 to 1, that may be deleted without asking; ${default} if left out."`
	Wait     bool    `default:"true" negatable:"" help:"Wait until all rows are worked off, as it does unless told not to. --no-wait only stores the file, for a server to work off."`
	Rejected string  `placeholder:"FILE" help:"Write the rows that were rejected to this file, as they came and with the reason, to be mended and imported again."`
	JSON     bool    `name:"json" help:"Print the finished Operation as one JSON object."`
}

// run imports the file. The Operation goes to standard output, all else to
// standard error.
func (c importCommand) run(ctx context.Context, s Settings, log *slog.Logger, stdout io.Writer, stderr *os.File) (err error) {
	means, err := s.config()
	if err != nil {
		return err
	}
	store, err := openStore(ctx, s, means, false, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	mode := db.Live
	if c.Test {
		mode = db.Test
	}
	tenant, err := store.WorkOn(ctx, c.Company, mode)
	if err != nil {
		return err
	}
	show := newProgress(stderr)
	op, err := c.accept(ctx, tenant, show)
	if err != nil {
		return err
	}
	if c.Wait {
		if op, err = workImport(ctx, store, tenant, op, show); err != nil {
			return err
		}
	}
	show.end()
	if c.Rejected != "" && op.FinishedAt != nil {
		if err := writeRejected(ctx, tenant, op, c.Rejected); err != nil {
			return err
		}
	}
	if c.JSON {
		return printImport(stdout, op)
	}
	return tellImport(stdout, op)
}

// accept stores the file's rows.
func (c importCommand) accept(ctx context.Context, t *db.Tenant, show *progress) (*db.Operation, error) {
	file, err := os.Open(c.File)
	if err != nil {
		return nil, fmt.Errorf("the file cannot be read: %w", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, fmt.Errorf("the file cannot be read: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is no file; name one", c.File)
	}
	f := graph.ImportFile{Name: filepath.Base(c.File), Data: file, Size: info.Size(), Source: c.Source, DryRun: c.DryRun, Ignore: c.Ignore}
	if c.Complete {
		f.Complete = &db.CompleteImport{Delete: c.Delete, MaxShare: c.MaxShare}
	} else if c.Delete {
		return nil, errors.New("--delete: only a file that is all that its Source has tells what to delete; say so by --complete")
	}
	if c.Mapping != "" {
		switch f.Mapping, err = os.ReadFile(c.Mapping); {
		case errors.Is(err, os.ErrNotExist):
			f.MappingName = c.Mapping
		case err != nil:
			return nil, fmt.Errorf("--mapping: %w", err)
		}
	}
	return importer{progress: show.reading}.Import(ctx, t, f)
}

// workImport watches a server work the Operation off, or has it worked off
// here where none does.
func workImport(ctx context.Context, store *db.Store, t *db.Tenant, op *db.Operation, show *progress) (*db.Operation, error) {
	const glance = 200 * time.Millisecond
	var here chan error // gets what comes of working here, while that goes on
	for {
		attended, err := store.Attended(ctx)
		if err != nil {
			return nil, err
		}
		if !attended && here == nil {
			here = make(chan error, 1)
			go func(id string) {
				_, err := t.WorkOperation(ctx, id)
				here <- err
			}(op.ID)
		}
		select {
		case err := <-here:
			if here = nil; err != nil {
				return nil, err
			}
		case <-time.After(glance):
		}
		if op, err = t.Operation(ctx, op.ID); err != nil {
			return nil, err
		}
		if op == nil {
			return nil, errors.New("the Operation is gone")
		}
		show.working(op)
		if op.FinishedAt == nil && op.Status != db.OperationWaiting {
			continue
		}
		if here != nil {
			err = <-here // it ends by itself: nothing is left to do
		}
		return op, err
	}
}

// printImport prints an Operation as integrators read it.
func printImport(w io.Writer, op *db.Operation) error {
	total := 0
	if op.Total != nil {
		total = *op.Total
	}
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
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
		Missing     *int                `json:"missing,omitempty"`
		Errors      db.Errors           `json:"errors,omitempty"`
	}{
		op.ID, op.Status, total, op.Processed, op.Created, op.Synced, op.Unchanged, op.Deleted, op.Rejected, op.Conflicts,
		op.Import.DryRun, op.Import.Format, op.Import.Encoding, op.Import.Separator, op.Import.HeaderRow,
		op.Import.Mapping, append([]db.ImportFinding{}, op.Import.Findings...), append([]*db.ImportProblem{}, op.Import.Problems...),
		op.Import.Missing, op.Errors,
	})
}

// tellImport tells a person what has become of the file.
func tellImport(w io.Writer, op *db.Operation) error {
	in := op.Import
	did := "imported"
	if in.DryRun {
		did = "would be imported (dry run: nothing was stored)"
	}
	lines := []string{fmt.Sprintf("%s  %s", op.ID, op.Status)}
	if op.Total != nil {
		lines = append(lines, fmt.Sprintf("%d of %d rows %s: %d new, %d known (%d of them unchanged), %d rejected, %d with something kept back",
			op.Created+op.Synced, *op.Total-op.Deleted, did, op.Created, op.Synced, op.Unchanged, op.Rejected, op.Conflicts))
	}
	if in.Missing != nil {
		lines = append(lines, fmt.Sprintf("%d Contacts of the Source are not in the file, %d were deleted", *in.Missing, op.Deleted))
	}
	for _, f := range in.Findings {
		at := ""
		if f.Column != "" {
			at = fmt.Sprintf("column %q: ", f.Column)
		}
		lines = append(lines, fmt.Sprintf("  %-7s %s%s", f.Severity, at, f.Message))
	}
	for _, p := range in.Problems {
		lines = append(lines, fmt.Sprintf("  %-7s %d rows, such as %d: %s", p.Severity, p.Count, p.Rows[0], p.Message))
	}
	for _, e := range op.Errors {
		lines = append(lines, "  "+e.Message)
	}
	for _, line := range lines {
		if _, err := fmt.Fprintln(w, line); err != nil {
			return err
		}
	}
	return nil
}
