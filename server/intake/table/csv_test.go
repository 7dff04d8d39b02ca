package table

import (
	"bytes"
	"errors"
	"io"
	"os"
	"testing"
	"time"
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

func dump(t *testing.T, data string, o Options) {
	t.Helper()
	tb, err := Open(bytes.NewReader([]byte(data)), int64(len(data)), o)
	if err != nil {
		t.Log("OPEN", err)
		return
	}
	t.Logf("%s %s sep=%q quote=%q header=%d %q docs=%v %v", tb.Kind, tb.Encoding, tb.Separator, tb.Quote, tb.HeaderRow, tb.Columns, tb.Documents, tb.Notes)
	for {
		row, err := tb.Next()
		if err == io.EOF {
			break
		}
		t.Logf("%d %q %s %v", row.Number, row.Cells, row.Document, err)
		var re *RowError
		if err != nil && !errors.As(err, &re) {
			break
		}
	}
	t.Logf("%v", tb.Notes)
}

func TestSpikeJSON(t *testing.T) {
	dump(t, `{"externalId":"1","emails":[{"address":"a@b.de"}]}
{"externalId":"2","emails":[{"address":"a@b.de"}],"metadata":{"x":[1,2]}}
{"externalId":"2","emails":[{"address":"a@b.de"}}
`, Options{})
	dump(t, `{"id":1,"a":{"b":[1,true,null,"x\u00fc\n"]}}
{"id":2,"c":{}}
[1]

{"id":2.50,"c":"y"},
`, Options{})
	dump(t, `[{"id":1,"a":{"b":2}},
	{"id":2,"a":{"b":2},
	{"id":3,"a":{"b":2}},
	17,
	{"id":4,"a":{"b":"2}},
	{"id":5,"a":{"b":"2"}},
	{"id":6,"a":{"b":"2"}}
]
`, Options{})
	dump(t, `{"meta":{"n":1}, "data":{"contacts":[
	{"id":2,"a":{"b":2}},
	{"id":3,"a":{"b":2}}]}}
`, Options{})
	dump(t, `{
  "externalId": "1",
  "emails": [
    {"address": "a@b.de"}
  ]
}
{
  "externalId": "2",
  "emails": [
    {"address": "a@b.de"}
  ]
}`, Options{})
	dump(t, "Bericht vom 1.2.;;\n\nsep;Name;Ort;\n1;\"Kiel;x\n2;b;c\n3;\"a\nb\";d\n'+4;\"b\"\"c\";d\n5;\"b\"c\";d;;;\n6;\"b\"c\";d;e\n7\nsep;Name;Ort;\n;;;\n", Options{})
	dump(t, "sep=|\nA|B|A\r\n1|\xfc|3\r\n", Options{})
	dump(t, "Herr;Juliane;Kettenis;Kiel\nHerr;Max;Meier;Kiel\nFrau;Max;Meier;Kiel", Options{})
	dump(t, "E-Mail\na@b.de\nb@c.de\n", Options{})
	dump(t, "a,b\n", Options{})

	dump(t, "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=BC=\r\nrgen;;Herr Dr.;\r\nTEL;CELL;VOICE:0160 123\r\nTEL;WORK;FAX:0160 124\r\nPHOTO;ENCODING=BASE64;JPEG:\r\n AAAA\r\n BBBB\r\n\r\nEMAIL;PREF;INTERNET:a@b.de\r\nADR;HOME:;;Hauptstr. 5;Kiel;;24103;Deutschland\r\nEND:VCARD\r\nBEGIN:VCARD\nFN:Peter Lu\n stig\nBDAY:19700131\nitem1.TEL:+49 1\nitem1.X-ABLabel:_$!<Work>!$_\nNOTE:a\\nb\\, c\nEND:VCARD\nBEGIN:VCARD\nFN:X\nBEGIN:VCARD\nFN:Y\nEND:VCARD\nBEGIN:VCARD\n", Options{})
}

func TestSpikeXLSX(t *testing.T) {
	f, _ := os.Open("/tmp/zz_measure.xlsx")
	st, _ := f.Stat()
	start := time.Now()
	tb, err := Open(f, st.Size(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%v %q %v", time.Since(start), tb.Columns, tb.Notes)
	n := 0
	for {
		row, err := tb.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if n < 2 || n == 77777 {
			t.Logf("%q", row.Cells)
		}
		n++
	}
	t.Log(n, time.Since(start), tb.Offset(), tb.Size())
	s, _ := os.ReadFile("/proc/self/status")
	t.Log(string(s[bytes.Index(s, []byte("VmHWM")):][:30]))
	tb.Close()
}
