package db

import (
	"encoding/binary"
	"errors"
)

// Rows wait in packs of sliceItems until they are worked off.

var errRows = errors.New("the stored rows are cut short")

// appendRow adds a row to a pack: its number, then its cells, document and
// fault, each behind its length.
func appendRow(b []byte, r ImportRow) []byte {
	b = binary.AppendUvarint(b, uint64(r.Number))
	b = binary.AppendUvarint(b, uint64(len(r.Cells)))
	for _, c := range r.Cells {
		b = appendText(b, c)
	}
	b = appendText(b, string(r.Document))
	return appendText(b, r.Fault)
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// readRows takes a pack apart.
func readRows(packed []byte) ([]ImportRow, error) {
	data, err := unpack(packed)
	if err != nil {
		return nil, err
	}
	r := packReader{rest: string(data)}
	var rows []ImportRow
	for r.rest != "" && !r.broken {
		row := ImportRow{Number: r.number()}
		n := r.number()
		if n > len(r.rest) {
			return nil, errRows
		}
		row.Cells = make([]string, n)
		for i := range row.Cells {
			row.Cells[i] = r.text()
		}
		if document := r.text(); document != "" {
			row.Document = []byte(document)
		}
		row.Fault = r.text()
		rows = append(rows, row)
	}
	if r.broken {
		return nil, errRows
	}
	return rows, nil
}

// A packReader takes a pack apart; its texts share the pack's memory.
type packReader struct {
	rest   string
	broken bool
}

func (r *packReader) number() int {
	var n uint64
	for shift := 0; shift < 56; shift += 7 {
		if r.rest == "" {
			break
		}
		c := r.rest[0]
		r.rest = r.rest[1:]
		n |= uint64(c&0x7f) << shift
		if c < 0x80 {
			return int(n)
		}
	}
	r.broken = true
	return 0
}

func (r *packReader) text() string {
	n := r.number()
	if n > len(r.rest) {
		r.broken = true
		return ""
	}
	s := r.rest[:n]
	r.rest = r.rest[n:]
	return s
}
