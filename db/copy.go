package db

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/jackc/pgx/v5/stdlib"
)

// copiedFrom is how many rows PostgreSQL is given by COPY rather than by
// INSERT: fewer are not worth it.
const copiedFrom = 10

// A copying is rows in the binary form that COPY reads, made while they are sent.
// https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.3.55.9.4
type copying struct {
	columns []column
	rows    [][]any // those that have not been read yet
	// scope is how each row ends: the Company and the mode.
	scope  []byte
	buffer []byte
	unread []byte // of buffer
	ended  bool
}

const (
	copyHeader = "PGCOPY\n\xff\r\n\x00\x00\x00\x00\x00\x00\x00\x00\x00"
	copyEnd    = "\xff\xff"
	copyNull   = "\xff\xff\xff\xff"
	// copyPart is about as much as the driver sends at once.
	copyPart = 64 << 10
)

// copyAll writes rows by COPY, which takes PostgreSQL and this process half of
// what INSERT takes.
func (x *tx) copyAll(ctx context.Context, b bulk, rows [][]any) error {
	c := newCopying(b.columns, rows, x.company, x.mode)
	return x.conn.Raw(func(given any) error {
		conn := given.(*stdlib.Conn).Conn()
		_, err := conn.PgConn().CopyFrom(ctx, c, b.copies)
		if conn.IsClosed() {
			return brokenConn{err} // the pool must not lend it again
		}
		return err
	})
}

func newCopying(columns []column, rows [][]any, company int64, mode Mode) *copying {
	c := &copying{columns: columns, rows: rows, buffer: append(make([]byte, 0, copyPart+copyPart/4), copyHeader...)}
	c.unread = c.buffer
	c.scope = binary.BigEndian.AppendUint32(appendLength(nil, 4), uint32(company))
	c.scope = binary.BigEndian.AppendUint16(appendLength(c.scope, 2), uint16(mode))
	return c
}

// Read makes a part at a time.
func (c *copying) Read(into []byte) (int, error) {
	if len(c.unread) == 0 {
		if c.ended {
			return 0, io.EOF
		}
		if err := c.next(); err != nil {
			return 0, err
		}
	}
	n := copy(into, c.unread)
	c.unread = c.unread[n:]
	return n, nil
}

func (c *copying) next() error {
	b := c.buffer[:0]
	for len(b) < copyPart && len(c.rows) > 0 {
		b = binary.BigEndian.AppendUint16(b, uint16(len(c.columns)+2))
		for i, value := range c.rows[0] {
			var err error
			if b, err = c.columns[i].kind.appendCopied(b, value); err != nil {
				return fmt.Errorf("column %s: %w", c.columns[i].name, err)
			}
		}
		b = append(b, c.scope...)
		c.rows = c.rows[1:]
	}
	if len(c.rows) == 0 {
		b, c.ended = append(b, copyEnd...), true
	}
	c.buffer, c.unread = b, b
	return nil
}

// appendCopied adds a value as COPY reads it: behind its length.
func (k kindOf) appendCopied(b []byte, value any) ([]byte, error) {
	switch v := value.(type) {
	case string:
		return append(appendLength(b, len(v)), v...), nil
	case *string:
		if v != nil {
			return k.appendCopied(b, *v)
		}
	case []byte:
		if v != nil {
			return append(appendLength(b, len(v)), v...), nil
		}
	case int64:
		if k == smalls {
			return binary.BigEndian.AppendUint32(appendLength(b, 4), uint32(v)), nil
		}
		return binary.BigEndian.AppendUint64(appendLength(b, 8), uint64(v)), nil
	case time.Time:
		return binary.BigEndian.AppendUint64(appendLength(b, 8), uint64(v.UnixMicro()-copyEpoch)), nil
	case *time.Time:
		if v != nil {
			return k.appendCopied(b, *v)
		}
	case bool:
		if v {
			return append(appendLength(b, 1), 1), nil
		}
		return append(appendLength(b, 1), 0), nil
	case nil:
	default:
		return nil, errors.New("a value of a kind that COPY was not taught")
	}
	return append(b, copyNull...), nil
}

// copyEpoch is when PostgreSQL's times begin.
var copyEpoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()

func appendLength(b []byte, n int) []byte { return binary.BigEndian.AppendUint32(b, uint32(n)) }
