package main_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"

	"complero/db/dbtest"
)

// A tableCopy holds rows of a table of one PostgreSQL as arrays for another,
// one per column, a number of rows each: to write them again costs the client
// nothing but sending them.
type tableCopy struct {
	insert string
	oids   []uint32
	// batches are arrays, by column.
	batches [][][]byte
}

// arrays are the types of arrays, by those of their elements.
var arrays = map[uint32]uint32{
	pgtype.TextOID: pgtype.TextArrayOID, pgtype.Int2OID: pgtype.Int2ArrayOID, pgtype.Int4OID: pgtype.Int4ArrayOID,
	pgtype.Int8OID: pgtype.Int8ArrayOID, pgtype.BoolOID: pgtype.BoolArrayOID, pgtype.ByteaOID: pgtype.ByteaArrayOID,
	pgtype.JSONOID: pgtype.JSONArrayOID, pgtype.TimestamptzOID: pgtype.TimestamptzArrayOID,
}

// rawConn connects without anything that reads or writes values.
func rawConn(tb testing.TB, url string) *pgconn.PgConn {
	tb.Helper()
	conn, err := pgconn.Connect(tb.Context(), url)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = conn.Close(context.Background()) }) // the test's own context has ended by then
	return conn
}

// copyOf reads the rows of a table that follow where, in batches.
func copyOf(tb testing.TB, from *pgconn.PgConn, table, where string, size int) *tableCopy {
	tb.Helper()
	got := from.ExecParams(tb.Context(), "SELECT * FROM "+table+" "+where, nil, nil, nil, []int16{pgtype.BinaryFormatCode}).Read()
	if got.Err != nil {
		tb.Fatal(got.Err)
	}
	c := &tableCopy{}
	var names, marks []string
	for n, column := range got.FieldDescriptions {
		names, marks = append(names, column.Name), append(marks, fmt.Sprintf("$%d", n+1))
		c.oids = append(c.oids, arrays[column.DataTypeOID])
	}
	c.insert = fmt.Sprintf("INSERT INTO %s (%s) SELECT * FROM unnest(%s) ON CONFLICT DO NOTHING", table, strings.Join(names, ", "), strings.Join(marks, ", "))
	for first := 0; first < len(got.Rows); first += size {
		part := got.Rows[first:min(first+size, len(got.Rows))]
		batch := make([][]byte, len(names))
		for n, column := range got.FieldDescriptions {
			batch[n] = arrayOf(part, n, column.DataTypeOID)
		}
		c.batches = append(c.batches, batch)
	}
	return c
}

// arrayOf is one column of rows as PostgreSQL's binary form of an array.
func arrayOf(rows [][][]byte, column int, element uint32) []byte {
	const dimensions, mayBeNull, lowerBound, null = 1, 1, 1, 0xffffffff
	var a []byte
	for _, word := range []uint32{dimensions, mayBeNull, element, uint32(len(rows)), lowerBound} {
		a = binary.BigEndian.AppendUint32(a, word)
	}
	for _, r := range rows {
		if r[column] == nil {
			a = binary.BigEndian.AppendUint32(a, null)
			continue
		}
		a = append(binary.BigEndian.AppendUint32(a, uint32(len(r[column]))), r[column]...)
	}
	return a
}

// prepare makes the statement that writes the rows known to a connection,
// named after the table's place among others.
func (c *tableCopy) prepare(ctx context.Context, to *pgconn.PgConn, name string) error {
	_, err := to.Prepare(ctx, name, c.insert, c.oids)
	return err
}

// write writes one batch, if there is one.
func (c *tableCopy) write(ctx context.Context, to *pgconn.PgConn, name string, batch int) error {
	if batch >= len(c.batches) {
		return nil
	}
	binary := make([]int16, len(c.oids))
	for n := range binary {
		binary[n] = pgtype.BinaryFormatCode
	}
	return to.ExecPrepared(ctx, name, c.batches[batch], binary, nil).Read().Err
}

// emptyCopy is a PostgreSQL with the program's tables and no rows.
func emptyCopy(b *testing.B) string {
	b.Helper()
	return dbtest.Config(b, dbtest.Postgres).URL
}
