package db

import (
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"math"
	"strings"
	"time"
	"unicode/utf8"
)

// moveRows reads a table's rows as values that both engines take: nil, int64,
// float64, bool, string or []byte, and time.Time in UTC to the microsecond.
type moveRows struct {
	rows   *sql.Rows
	table  *moveTable
	row    []any
	into   []any
	digest *tableDigest
	// forPostgres refuses text that PostgreSQL cannot keep.
	forPostgres bool
}

func newMoveRows(rows *sql.Rows, t *moveTable, forPostgres bool) *moveRows {
	r := &moveRows{rows: rows, table: t, row: make([]any, len(t.columns)), into: make([]any, len(t.columns)), digest: newTableDigest(), forPostgres: forPostgres}
	for i := range r.row {
		r.into[i] = &r.row[i]
	}
	return r
}

// next reads the next row into r.row, and into the digest; false at the end.
func (r *moveRows) next() (bool, error) {
	if !r.rows.Next() {
		return false, r.rows.Err()
	}
	if err := r.rows.Scan(r.into...); err != nil {
		return false, err
	}
	for i, c := range r.table.columns {
		value, err := c.kind.value(r.row[i])
		if err == nil && r.forPostgres && c.kind == movesText {
			err = fitsPostgres(value)
		}
		if err != nil {
			// Not the row's key: it may be personal data.
			return false, fmt.Errorf("row %d in the order of %s, column %s: %w; mend it in the source",
				r.digest.rows+1, strings.Join(r.table.key, ", "), c.name, err)
		}
		r.row[i] = value
	}
	r.digest.add(r.row)
	return true, nil
}

// value brings what a driver gave into the one form of its kind.
func (k moveKind) value(v any) (any, error) {
	switch v := v.(type) {
	case nil:
		return nil, nil
	case int64:
		switch {
		case k == movesNumber:
			return v, nil
		case k == movesTruth && (v == 0 || v == 1):
			return v == 1, nil
		}
	case float64:
		if k == movesFloat {
			return v, nil
		}
	case bool:
		if k == movesTruth {
			return v, nil
		}
	case string:
		if k == movesText {
			return v, nil
		}
	case []byte:
		if v == nil {
			v = []byte{} // empty, not NULL
		}
		switch k {
		case movesBytes:
			return v, nil
		case movesText: // SQLite keeps bytes in a column of text
			return string(v), nil
		}
	case time.Time:
		if k == movesTime {
			return v.UTC().Truncate(time.Microsecond), nil
		}
	}
	return nil, fmt.Errorf("its value is no %s", k)
}

// fitsPostgres refuses what a text of PostgreSQL cannot hold.
func fitsPostgres(v any) error {
	text, _ := v.(string) // or NULL
	if strings.IndexByte(text, 0) >= 0 {
		return errors.New("it holds a NUL character, which PostgreSQL cannot keep")
	}
	if !utf8.ValidString(text) {
		return errors.New("it is not UTF-8, which PostgreSQL cannot keep")
	}
	return nil
}

// tableDigest counts rows and hashes them in the order in which they come.
type tableDigest struct {
	rows, bytes int64
	hash        hash.Hash
	row         []byte
}

func newTableDigest() *tableDigest { return &tableDigest{hash: sha256.New()} }

// add hashes a row: each value as a letter for its kind and what it is, those
// of no fixed length behind their length.
func (d *tableDigest) add(row []any) {
	b := d.row[:0]
	for _, v := range row {
		switch v := v.(type) {
		case int64:
			b = binary.BigEndian.AppendUint64(append(b, 'i'), uint64(v))
		case float64:
			b = binary.BigEndian.AppendUint64(append(b, 'f'), math.Float64bits(v))
		case bool:
			b = append(b, 'b', '0')
			if v {
				b[len(b)-1] = '1'
			}
		case string:
			b = append(binary.BigEndian.AppendUint64(append(b, 's'), uint64(len(v))), v...)
		case []byte:
			b = append(binary.BigEndian.AppendUint64(append(b, 's'), uint64(len(v))), v...)
		case time.Time:
			b = binary.BigEndian.AppendUint64(append(b, 't'), uint64(v.UnixMicro()))
		default:
			b = append(b, 'n')
		}
	}
	d.hash.Write(b)
	d.rows++
	d.bytes += int64(len(b))
	d.row = b
}

// differs tells what is not the same, or "".
func (d *tableDigest) differs(there *tableDigest) string {
	a, b := d.hash.Sum(nil), there.hash.Sum(nil)
	switch {
	case d.rows != there.rows:
		return fmt.Sprintf("%d rows instead of %d", there.rows, d.rows)
	case string(a) != string(b):
		return fmt.Sprintf("content hash %x instead of %x", b[:8], a[:8])
	}
	return ""
}
