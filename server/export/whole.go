package export

import (
	"errors"
	"fmt"
	"io"
	"os"

	"complero/db"
	"complero/server/intake/table"
)

// begin begins a file of a kind, and returns what ends it and hands it on. A
// workbook is handed on when it is complete: half of one cannot be opened, and
// that it holds too much is only known when it does.
func begin(w io.Writer, kind table.Kind, columns []string) (out *table.Writer, end func(error) error, err error) {
	if kind != table.KindXLSX {
		out, err = table.NewWriter(w, kind, columns)
		return out, func(err error) error {
			if err == nil {
				err = out.Close()
			}
			return asKnown(err)
		}, err
	}
	file, err := unnamed()
	if err != nil {
		return nil, nil, err
	}
	out, err = table.NewWriter(file, kind, columns)
	if err != nil {
		return nil, nil, errors.Join(err, file.Close())
	}
	return out, func(err error) error {
		if err == nil {
			err = out.Close()
		}
		if err == nil {
			_, err = file.Seek(0, io.SeekStart)
		}
		if err == nil {
			_, err = io.Copy(w, file)
		}
		return asKnown(errors.Join(err, file.Close()))
	}, nil
}

// asKnown tells a caller that the kind of file does not hold what they want.
func asKnown(err error) error {
	var full *table.FileError
	if errors.As(err, &full) {
		return &db.Error{Code: db.TooManyItems, Message: full.What}
	}
	return err
}

// unnamed is a temporary file without a name: it goes when it is closed, also
// when the process is killed.
func unnamed() (*os.File, error) {
	file, err := os.CreateTemp("", "complero-export-")
	if err != nil {
		return nil, fmt.Errorf("keep what is exported: %w", err)
	}
	if err := os.Remove(file.Name()); err != nil {
		return nil, errors.Join(fmt.Errorf("keep what is exported: %w", err), file.Close())
	}
	return file, nil
}
