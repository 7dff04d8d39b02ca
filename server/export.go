package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"complero/db"
	"complero/server/export"
)

// exportCommand exports without the API's help.
type exportCommand struct {
	What    string            `arg:"" enum:"contacts,events,consents,audit" placeholder:"WHAT" help:"What to export: contacts, events, consents or the audit log."`
	Company string            `required:"" placeholder:"ID-OR-SLUG" help:"Whose they are: the Company's id, or its slug."`
	Test    bool              `help:"Export what is in test mode."`
	Format  string            `placeholder:"FORMAT" help:"csv, ndjson or xlsx; by the name of --out if left out, else csv."`
	Out     string            `placeholder:"FILE" help:"The file to write; standard output if left out. It appears when it is complete."`
	Source  string            `placeholder:"KEY" help:"Of contacts: the Source that knows them, and by whose externalIds they go; crm if left out."`
	Filter  map[string]string `placeholder:"NAME=VALUE" help:"Narrows what is exported, by the parameters of the API's exports: --filter updatedSince=2026-01-31T00:00:00Z."`
}

// run exports. The file goes to standard output unless --out names one.
func (c exportCommand) run(ctx context.Context, s Settings, log *slog.Logger, stdout io.Writer) (err error) {
	ext := c.extension()
	kind := fileKinds[ext]
	if kind == "" {
		return fmt.Errorf("--format %q: there are csv, ndjson and xlsx", strings.TrimPrefix(ext, "."))
	}
	asked := url.Values{}
	for name, value := range c.Filter {
		asked.Set(name, value)
	}
	if c.Source != "" {
		asked.Set("source", c.Source)
	}
	store, t, err := openTenant(ctx, s, c.Company, c.Test, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	write, err := exportOf(t, c.What, kind, asked)
	if err != nil {
		return err
	}
	if c.Out == "" {
		return write(ctx, stdout)
	}
	return writeWhole(c.Out, func(w io.Writer) error { return write(ctx, w) })
}

// extension is the end of the file's name that the format has.
func (c exportCommand) extension() string {
	switch ext := strings.ToLower(filepath.Ext(c.Out)); {
	case c.Format != "":
		return "." + strings.ToLower(c.Format)
	case fileKinds[ext] != "":
		return ext
	}
	return ".csv"
}

// writeWhole writes a file that has its name only once it is complete, so that
// nobody takes half of it for all. It holds personal data and is for its owner.
func writeWhole(name string, write func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return fmt.Errorf("%s cannot be written: %w", name, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.Close(), os.Remove(f.Name()))
		}
	}()
	out := bufio.NewWriterSize(f, 256<<10)
	if err := write(out); err != nil {
		return err
	}
	if err := errors.Join(out.Flush(), f.Sync()); err != nil {
		return fmt.Errorf("%s cannot be written: %w", name, err)
	}
	if err := os.Rename(f.Name(), name); err != nil {
		return fmt.Errorf("%s cannot be written: %w", name, err)
	}
	return f.Close()
}

// writeRejected writes an import's rejected rows to a file.
func writeRejected(ctx context.Context, t *db.Tenant, op *db.Operation, name string) error {
	return writeWhole(name, func(w io.Writer) error { return export.Rejected(ctx, t, op, w) })
}
