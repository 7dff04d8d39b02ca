package table

import (
	"bytes"
	"errors"
	"io"
	"os"
	"testing"
)

func TestSpike(t *testing.T) {
	b, err := os.ReadFile("/work/shared/data/crm-export-de.csv")
	if err != nil {
		t.Fatal(err)
	}
	tb, err := Open(bytes.NewReader(b), int64(len(b)), Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%q %q %q %d %q %v", tb.Encoding, tb.Separator, tb.Quote, tb.HeaderRow, tb.Columns, tb.Notes)
	n := 0
	for {
		row, err := tb.Next()
		if err == io.EOF {
			break
		}
		var re *RowError
		if err != nil && !errors.As(err, &re) {
			t.Fatal(err)
		}
		if err != nil || n < 3 {
			t.Log(err, row.Number)
			t.Logf("%q", row.Cells)
		}
		n++
	}
	t.Log(n)
}
func BenchmarkCSV(b *testing.B) {
	data, _ := os.ReadFile("/work/shared/data/contacts-1000.csv")
	i := bytes.IndexByte(data, '\n')
	big := bytes.Clone(data)
	for len(big) < 50<<20 {
		big = append(big, data[i+1:]...)
	}
	b.SetBytes(int64(len(big)))
	for b.Loop() {
		tb, err := Open(bytes.NewReader(big), int64(len(big)), Options{})
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		for {
			_, err := tb.Next()
			if err == io.EOF {
				break
			}
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
	}
}
