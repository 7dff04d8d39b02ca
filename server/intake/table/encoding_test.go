package table

import (
	"encoding/binary"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"
)

// texts are what exports of several countries hold beyond ASCII.
var texts = map[string]string{
	"German":    "Jürgen;Müller;Königsstraße 5;Köln\nGrete;Weiß;Ährenweg 3;Übersee\n",
	"French":    "Hélène;Lefèvre;Allée des Chênes;Besançon\nFrançois;Béranger;Rue du Maréchal à gauche;Orléans\n",
	"Italian":   "Niccolò;Forlì;Via Libertà;Cefalù\nGesù;Città;Perché;Così\n",
	"Spanish":   "Núñez;José;Calle Peña;Málaga\nMuñoz;María;Avenida de la Constitución;León\n",
	"Dutch":     "Daniël;Coëvorden;Zoë;Curaçao\nAndré;België;René;Patiënt\n",
	"Danish":    "Søren;Ørsted;Skærbæk;Århus\nBjørn;Nørgård;Rødgrød;Køge\n",
	"Polish":    "Małgorzata;Wójcik;ul. Świętokrzyska;Łódź\nPaweł;Wiśniewski;Żółkiewskiego;Gdańsk\n",
	"Czech":     "Jiří;Dvořák;Náměstí Míru;Plzeň\nŠárka;Černá;Žižkova;Ústí\n",
	"Hungarian": "Győző;Szűcs;Erzsébet körút;Székesfehérvár\nÖdön;Kővári;Hősök tere;Budapest\n",
}

func TestEncodingsAreToldByTheirLetters(t *testing.T) {
	tests := []struct {
		name     string
		encoding *charmap.Charmap
		texts    []string
	}{
		{"Windows-1252", charmap.Windows1252, []string{"German", "French", "Italian", "Spanish", "Dutch", "Danish"}},
		{"Windows-1250", charmap.Windows1250, []string{"Polish", "Czech", "Hungarian"}},
		{"ISO-8859-2", charmap.ISO8859_2, []string{"Polish", "Czech"}},
		{"Macintosh", charmap.Macintosh, []string{"German", "French", "Spanish"}},
		{"IBM850", charmap.CodePage850, []string{"German", "French", "Spanish"}},
	}
	for _, test := range tests {
		for _, language := range test.texts {
			data, err := test.encoding.NewEncoder().String("aa;bb;cc;dd\n" + texts[language])
			if err != nil {
				t.Fatal(err)
			}
			table := openString(t, data, Options{})
			if table.Encoding != test.name {
				t.Errorf("%s in %s is taken for %s", language, test.name, table.Encoding)
			}
			row, err := table.Next()
			if want := strings.ReplaceAll(strings.SplitN(texts[language], "\n", 2)[0], ";", "|"); err != nil || plain(row.Cells) != want {
				t.Errorf("%s in %s reads %q, %v", language, test.name, row.Cells, err)
			}
		}
	}
}

func TestLatin9IsToldFromWindows1252(t *testing.T) {
	tests := []struct{ data, want string }{
		{"Name;Betrag\nMüller;5 €\nLöw;6 €\n", "ISO-8859-15"},
		{"Name;Ort\nSœur;Niš\nMüller;Šibenik\n", "ISO-8859-15"},
	}
	for _, test := range tests {
		data, err := charmap.ISO8859_15.NewEncoder().String(test.data)
		if err != nil {
			t.Fatal(err)
		}
		if got := openString(t, data, Options{}).Encoding; got != test.want {
			t.Errorf("%q in ISO-8859-15 is taken for %s", test.data, got)
		}
	}
	for _, text := range []string{"Name;Betrag\nMüller;5 €\n", "Name;Zimmer\nD´Alba;1½\nMüller;2½\n", "Name;x\nMüller;„so“\n", "Name;x\nMüller;5 – 6\n"} {
		data, err := charmap.Windows1252.NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := openString(t, data, Options{}).Encoding; got != "Windows-1252" {
			t.Errorf("%q in Windows-1252 is taken for %s", text, got)
		}
	}
}

func wide(s string, order binary.AppendByteOrder) string {
	var b []byte
	for _, unit := range utf16.Encode([]rune(s)) {
		b = order.AppendUint16(b, unit)
	}
	return string(b)
}

func TestUnicodeIsRead(t *testing.T) {
	text := "Name\tOrt\nJürgen 😀\tKöln\nŁukasz\tŁódź\n"
	want := "Name|Ort\n2 Jürgen 😀|Köln\n3 Łukasz|Łódź"
	check(t, []example{
		{"UTF-8", text, want},
		{"UTF-8 with a mark", "\uFEFF" + text, want},
		{"UTF-16LE", wide(text, binary.LittleEndian), want},
		{"UTF-16LE with a mark", wide("\uFEFF"+text, binary.LittleEndian), want},
		{"UTF-16BE", wide(text, binary.BigEndian), want},
		{"UTF-16BE with a mark", wide("\uFEFF"+text, binary.BigEndian), want},
		{"half a character", wide(text, binary.LittleEndian) + wide("A\tB", binary.LittleEndian)[:5], want + "\n4! BAD_ENCODING"},
		{"half a pair", wide("a;b\nc;d\n", binary.LittleEndian) + "\x00\xd8" + wide(";x\ne;f\n", binary.LittleEndian), "a|b\n2 c|d\n3! BAD_ENCODING\n4 e|f"},
	}, Options{})
}

// A UTF-8 text's order of bytes is that of all its readers' pieces.
func TestLongTextsAreDecodedAcrossPieces(t *testing.T) {
	row := "Jürgen 😀;Köln;" + strings.Repeat("ß", 333) + "\n"
	text := "a;b;c\n" + strings.Repeat(row, 5000)
	want := show(t, text, Options{})
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		if got := show(t, wide(text, order), Options{}); got != want {
			t.Errorf("%v differs", order)
		}
	}
}

func TestUTF8WithAFewBrokenBytesStaysUTF8(t *testing.T) {
	text := "Name;Ort\n" + strings.Repeat("Jürgen;Köln\n", 20) + "J\xfcrgen;Köln\nEva;Öd\n"
	table := openString(t, text, Options{})
	if table.Encoding != utf8Name {
		t.Errorf("taken for %s", table.Encoding)
	}
	check(t, []example{{"", "Name;Ort\nÄ;ö\nJ\xfcrgen;Ö\nEva;Öd\n", "Name|Ort\n2 Ä|ö\n3! BAD_ENCODING\n4 Eva|Öd"}}, Options{})
}

// The first letters beyond ASCII may stand where Open did not look.
func TestEncodingIsDecidedWhereverTheFirstLetterStands(t *testing.T) {
	var b strings.Builder
	b.WriteString("Name;Ort\n")
	for b.Len() < 1<<20+sampleHead {
		b.WriteString("Max;Ulm\n")
	}
	ascii := b.Len()
	b.WriteString("J\xfcrgen;K\xf6ln\nGr\xfcn;M\xfcnchen\n")
	last := b.Len()
	for b.Len() < 3<<20 {
		b.WriteString("Max;Ulm\n")
	}
	table := openString(t, b.String(), Options{})
	found := 0
	for {
		row, err := table.Next()
		if err != nil {
			break
		}
		if strings.Contains(row.Cells[0], "ü") {
			found++
		}
	}
	if found != 2 || table.Encoding != "Windows-1252" {
		t.Errorf("%d of 2 rows between %d and %d, %s", found, ascii, last, table.Encoding)
	}
	if !table.noted(NoteEncoding) {
		t.Error("no note tells the encoding")
	}
}

func TestEncodingAsked(t *testing.T) {
	if got := show(t, "a;b\n\xe6;\xf3\n", Options{Encoding: "windows-1250"}); got != "a|b\n2 ć|ó" {
		t.Error(got)
	}
	if got := show(t, "a;b\n\xe6;\xf3\n", Options{Encoding: "EBCDIC"}); got != "! UNKNOWN" {
		t.Error(got)
	}
}
