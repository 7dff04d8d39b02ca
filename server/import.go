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
	"strings"
	"time"

	"complero/db"
	"complero/graph"
	"complero/server/intake"
)

// importCommand imports a file without the API's help.
type importCommand struct {
	File     string  `arg:"" placeholder:"FILE" help:"The file: CSV, NDJSON, XLSX or vCard, from whatever CRM."`
	Company  string  `required:"" placeholder:"ID-OR-SLUG" help:"Whose Contacts they are: the Company's id, or its slug."`
	Test     bool    `help:"Import into test mode."`
	Mapping  string  `placeholder:"FILE-OR-NAME" help:"Which column is which field: a JSON file, or the name of a mapping that is kept. Left out: it is recognised."`
	Key      string  `placeholder:"COLUMN" help:"The column that is different for every Contact, by its heading, such as E-Mail: for files in which none is recognised as the key by which their Source knows a Contact."`
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
func (c importCommand) run(ctx context.Context, s Settings, log *slog.Logger, stdout, stderr io.Writer) (err error) {
	store, tenant, err := openTenant(ctx, s, c.Company, c.Test, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	heap := heapLimit{elsewhere: !store.OneProcess()}
	defer heap.tighten()() // the file is read here
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
	var sample []*db.ImportSample
	if c.DryRun {
		if sample, err = tenant.ImportSample(ctx, op); err != nil {
			return err
		}
	}
	if c.JSON {
		err = printImport(stdout, op, sample)
	} else {
		err = tellImport(stdout, op, sample)
	}
	if err == nil && op.Status == db.OperationFailed {
		err = errors.New("the import failed: " + op.Errors.Error())
	}
	return err
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
	f := graph.ImportFile{Name: filepath.Base(c.File), Data: file, Size: info.Size(), Source: c.Source, DryRun: c.DryRun}
	if c.Ignore {
		f.Unmapped = string(intake.UnmappedIgnore)
	}
	if c.Complete {
		f.Complete = &db.CompleteImport{Delete: c.Delete, MaxShare: c.MaxShare}
	} else if c.Delete {
		return nil, errors.New("--delete: only a file that is all that its Source has tells what to delete; say so by --complete")
	}
	if err := c.mapping(&f); err != nil {
		return nil, err
	}
	op, err := importer{progress: show.reading}.Import(ctx, t, f)
	show.end()
	return op, c.inFlags(err)
}

// mapping adds what the flags say of it.
func (c importCommand) mapping(f *graph.ImportFile) (err error) {
	switch {
	case c.Mapping != "" && c.Key != "":
		return errors.New("--key: a mapping says it by its key; leave one of --key and --mapping out")
	case c.Key != "":
		f.Mapping, err = json.Marshal(intake.Mapping{Columns: []intake.Column{}, Key: c.Key})
	case c.Mapping != "":
		if f.Mapping, err = os.ReadFile(c.Mapping); errors.Is(err, os.ErrNotExist) {
			f.MappingName, err = c.Mapping, nil
		}
		if err != nil {
			err = fmt.Errorf("--mapping: %w", err)
		}
	}
	return err
}

// inFlags tells an error about a part of the call by the flag that says it.
func (c importCommand) inFlags(err error) error {
	var e *db.Error
	if !errors.As(err, &e) || len(e.Path) == 0 {
		return err
	}
	switch at := e.Path[0]; {
	case at == "mappingName" && e.Code == db.NotFoundCode:
		return fmt.Errorf("--mapping: there is no file %s, and %w", c.Mapping, err)
	case at == "mapping" && e.Code == db.Required:
		return errors.New(asFlag(e.Message))
	case at == "mapping" && c.Key != "":
		return fmt.Errorf("--key: %w", err)
	case at == "mapping" || at == "mappingName":
		return fmt.Errorf("--mapping: %w", err)
	case at == "source":
		return fmt.Errorf("--source: %w", err)
	case at == "maxShare":
		return fmt.Errorf("--max-share: %w", err)
	}
	return fmt.Errorf("%s: %w", c.File, err)
}

// asFlag tells the cure by the flag where an error tells it by a mapping.
func asFlag(message string) string {
	before, rest, found := strings.Cut(message, "the mapping {\"key\": ")
	name, after, closed := strings.Cut(rest, "}")
	if !found || !closed {
		return message
	}
	return before + "--key " + name + after
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
		id := op.ID
		if op, err = t.Operation(ctx, id); ctx.Err() != nil {
			return nil, fmt.Errorf("stopped; the file is stored as %s, and goes on as soon as a server runs on this data", id)
		} else if err != nil {
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
