package table

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
)

// benchRows are rows as exports have them.
func benchRows(quoted bool) string {
	var b strings.Builder
	b.WriteString("Kundennr.;Anrede;Titel;Vorname;Nachname;Geburtsdatum;E-Mail;Mobil;Straße;Nr.;PLZ;Ort;Land;Vermittler;Kennzeichen\n")
	for i := range 2000 {
		row := fmt.Sprintf("K-%06d;Frau;Prof. Dr.;Juliane;Müller-Kettenis;13.11.1983;Juliane.Kettenis%d@mail.example.net;0049 160/4905728;Alkenrather Str.;317;83310;Krullland;Deutschland;V-11;SP59ZIG\n", i, i)
		if quoted {
			row = `"` + strings.ReplaceAll(strings.TrimSuffix(row, "\n"), ";", `";"`) + "\"\n"
		}
		b.WriteString(row)
	}
	return b.String()
}

const benchSize = 64 << 20

func benchRead(b *testing.B, file endless) {
	b.Helper()
	// A file of this size in memory: making it would cost more than reading it.
	data := make([]byte, file.size)
	if _, err := file.ReadAt(data, 0); err != nil && !errors.Is(err, io.EOF) {
		b.Fatal(err)
	}
	b.SetBytes(file.size)
	b.ReportAllocs()
	rows := 0
	for b.Loop() {
		table, err := Open(bytes.NewReader(data), file.size, Options{})
		if err != nil {
			b.Fatal(err)
		}
		for {
			if _, err := table.Next(); errors.Is(err, io.EOF) {
				break
			}
			rows++
		}
		close(b, table)
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkCSV reads a CSV in several forms, beside what encoding/csv takes for
// the same. Run it with -cpu 1: it is the speed of one core that counts.
func BenchmarkCSV(b *testing.B) {
	plainRows, quotedRows := benchRows(false), benchRows(true)
	old, err := charmap.Windows1252.NewEncoder().String(plainRows)
	if err != nil {
		b.Fatal(err)
	}
	file := func(rows string) endless {
		i := strings.IndexByte(rows, '\n') + 1
		return endless{rows[:i], rows[i:], benchSize}
	}
	b.Run("UTF-8", func(b *testing.B) { benchRead(b, file(plainRows)) })
	b.Run("quoted", func(b *testing.B) { benchRead(b, file(quotedRows)) })
	b.Run("Windows-1252", func(b *testing.B) { benchRead(b, file(old)) })
	b.Run("encoding-csv", func(b *testing.B) { benchStandard(b, file(plainRows)) })
	b.Run("encoding-csv-quoted", func(b *testing.B) { benchStandard(b, file(quotedRows)) })
}

func benchStandard(b *testing.B, file endless) {
	data := make([]byte, file.size)
	if _, err := file.ReadAt(data, 0); err != nil && !errors.Is(err, io.EOF) {
		b.Fatal(err)
	}
	b.SetBytes(file.size)
	b.ReportAllocs()
	rows := 0
	for b.Loop() {
		r := csv.NewReader(bytes.NewReader(data))
		r.Comma, r.ReuseRecord, r.FieldsPerRecord = ';', true, -1
		for {
			if _, err := r.Read(); errors.Is(err, io.EOF) {
				break
			}
			rows++
		}
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkJSON reads NDJSON: flattened, in two passes, and as documents.
func BenchmarkJSON(b *testing.B) {
	own := `{"externalId":"K-100000","salutation":"Frau","givenName":"Juliane","familyName":"Müller","birthDate":"1983-11-13","emails":[{"address":"juliane@example.net","use":"PRIVATE"}],"addresses":[{"street":"Alkenrather Str.","houseNumber":"317","postalCode":"83310","city":"Krullland"}]}` + "\n"
	b.Run("documents", func(b *testing.B) { benchRead(b, endless{"", own, benchSize / int64(len(own)) * int64(len(own))}) })
	other := strings.Replace(own, "externalId", "id", 1)
	b.Run("cells", func(b *testing.B) {
		benchRead(b, endless{"", other, benchSize / int64(len(other)) * int64(len(other))})
	})
}

// BenchmarkXLSX reads a workbook as spreadsheet programs write it. MB are of
// the XML in it, which is ten times the file.
func BenchmarkXLSX(b *testing.B) {
	var texts, rows strings.Builder
	const n = 20_000
	for i := range n {
		fmt.Fprintf(&rows, `<row r="%d">`, i+2)
		for c := range 8 {
			fmt.Fprintf(&rows, `<c r="%c%d" t="s"><v>%d</v></c>`, 'A'+c, i+2, i*8+c)
			fmt.Fprintf(&texts, "<si><t>Mathildascheid %d</t></si>", i*8+c)
		}
		for c := range 4 {
			fmt.Fprintf(&rows, `<c r="%c%d"><v>%d</v></c>`, 'I'+c, i+2, i*c)
		}
		rows.WriteString("</row>")
	}
	sheet := rowsOf(line("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"), rows.String())
	data := sheets(b, []string{"xl/sharedStrings.xml", "<sst>" + texts.String() + "</sst>"}, `name="A"`, sheet)
	b.SetBytes(int64(len(sheet) + texts.Len()))
	b.ReportAllocs()
	read := 0
	for b.Loop() {
		table, err := Open(strings.NewReader(data), int64(len(data)), Options{})
		if err != nil {
			b.Fatal(err)
		}
		for {
			if _, err := table.Next(); errors.Is(err, io.EOF) {
				break
			}
			read++
		}
		close(b, table)
	}
	b.ReportMetric(float64(read)/b.Elapsed().Seconds(), "rows/s")
}
