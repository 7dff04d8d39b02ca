package export

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"complero/db"
	"complero/db/profile"
	"complero/server/intake/table"
)

// Contacts writes Contacts in the form in which an import takes them back. As
// NDJSON each is written as it is read. As a table they first wait in a
// temporary file without a name, since only the last may tell how many columns
// are needed; what is written then is one reading of the database, and nothing
// of it is cut.
func Contacts(ctx context.Context, t *db.Tenant, which db.ContactExport, kind table.Kind, w io.Writer) error {
	if kind == table.KindNDJSON {
		return contactDocuments(ctx, t, which, w)
	}
	waiting, err := newSpool()
	if err != nil {
		return err
	}
	defer waiting.close()
	s := newShape()
	if err := t.ExportContacts(ctx, which, func(in *profile.Input) error {
		s.add(in)
		return waiting.add(in)
	}); err != nil {
		return err
	}
	columns := s.columns()
	if len(columns) > mostColumns {
		return tooWide(len(columns))
	}
	out, end, err := begin(w, kind, columns)
	if err != nil {
		return err
	}
	var row []string
	return end(waiting.each(func(in *profile.Input) error {
		row = s.cells(row[:0], in)
		return out.Write(row)
	}))
}

// mostColumns is how many an import reads.
const mostColumns = 1000

func tooWide(n int) error {
	return &db.Error{Code: db.TooManyItems, Message: fmt.Sprintf(
		"the Contacts have so many different custom fields that it takes %d columns; a table has at most %d, so export them as NDJSON", n, mostColumns)}
}

func contactDocuments(ctx context.Context, t *db.Tenant, which db.ContactExport, w io.Writer) error {
	out := bufio.NewWriterSize(w, 64<<10)
	var line []byte
	err := t.ExportContacts(ctx, which, func(in *profile.Input) error {
		line = append(in.AppendJSON(line[:0]), '\n')
		_, err := out.Write(line)
		return err
	})
	if err != nil {
		return err
	}
	return out.Flush()
}

// A spool keeps Contacts in a file until all have been read.
type spool struct {
	file *os.File
	out  *bufio.Writer
	line []byte
}

func newSpool() (*spool, error) {
	file, err := unnamed()
	if err != nil {
		return nil, err
	}
	return &spool{file: file, out: bufio.NewWriterSize(file, 64<<10)}, nil
}

func (s *spool) close() { _ = s.file.Close() } // it has no name, so nobody reads it again

func (s *spool) add(in *profile.Input) error {
	s.line = append(in.AppendJSON(s.line[:0]), '\n')
	if _, err := s.out.Write(s.line); err != nil {
		return fmt.Errorf("keep what is exported: %w", err)
	}
	return nil
}

// each reads what was added.
func (s *spool) each(take func(*profile.Input) error) error {
	if err := s.out.Flush(); err != nil {
		return fmt.Errorf("keep what is exported: %w", err)
	}
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read what is exported: %w", err)
	}
	lines := bufio.NewReaderSize(s.file, 64<<10)
	for {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) && len(line) == 0 {
			return nil
		}
		var in profile.Input
		if err == nil {
			err = in.UnmarshalJSON(line[:len(line)-1])
		}
		if err != nil {
			return fmt.Errorf("read what is exported: %w", err)
		}
		if err := take(&in); err != nil {
			return err
		}
	}
}
