package table

import (
	"strings"
	"testing"
)

func TestHeadingsAreFound(t *testing.T) {
	check(t, []example{
		{"below a title", "Kundenexport\n\na;b;c\n1;2;3\n", "a|b|c\n4 1|2|3"},
		{"below a title with separators", "Kundenexport vom 1.2.2026;;\n;;\na;b;c\n1;2;3\n", "a|b|c\n4 1|2|3"},
		{"below facts", "Stand;01.02.2026;;;\nVon;Frau Muster;;;\nNr;Name;Vorname;Ort;PLZ\n1;A;B;Kiel;24103\n2;C;D;Kiel;24103\n", "Nr|Name|Vorname|Ort|PLZ\n4 1|A|B|Kiel|24103\n5 2|C|D|Kiel|24103"},
		{"below groups", "Person;;Adresse;;\nVorname;Name;Straße;PLZ;Ort\nA;B;C 1;24103;Kiel\nA;B;C 2;24103;Kiel\n", "Vorname|Name|Straße|PLZ|Ort\n3 A|B|C 1|24103|Kiel\n4 A|B|C 2|24103|Kiel"},
		{"one that is empty", "a;;c\n1;2;3\n", "a|Column 2|c\n2 1|2|3"},
		{"an empty one at the end", "a;b;\n1;2;\n", "a|b\n2 1|2"},
		{"twice the same", "Tel;Tel;tel;Tel 2\n1;2;3;4\n", "Tel|Tel 3|tel 4|Tel 2\n2 1|2|3|4"},
		{"of several lines", "\"First\nname\";\" Last  name \"\na;b\n", "First name|Last name\n3 a|b"},
		{"none", "K-100;Max;a@b.de\nK-101;Eva;c@d.de\n", "Column 1|Column 2|Column 3\n1 K-100|Max|a@b.de\n2 K-101|Eva|c@d.de"},
		{"none, texts only", "Herr;Max;Kiel\nFrau;Eva;Ulm\nHerr;Jan;Kiel\n", "Column 1|Column 2|Column 3\n1 Herr|Max|Kiel\n2 Frau|Eva|Ulm\n3 Herr|Jan|Kiel"},
		{"none, one column", "a@b.de\nc@d.de\n", "Column 1\n1 a@b.de\n2 c@d.de"},
		{"again further down", "a;b\n1;2\na;b\n3;4\n", "a|b\n2 1|2\n4 3|4"},
		{"with a broken letter", "Stra\xffe;Ort;Größe\nA;Köln;ä\nB;Öd;ü\n", "Stra\uFFFDe|Ort|Größe\n2 A|Köln|ä\n3 B|Öd|ü"},
		{"only", "a;b;c\n", "! NO_ROWS"},
		{"only, below a title", "Export\n\na;b;c\n;;\n", "! NO_ROWS"},
		{"nothing", "", "! EMPTY"},
		{"white space", " \r\n\r\n", "! EMPTY"},
		{"separators", ";;;\n;;;\n", "! EMPTY"},
	}, Options{})
}

func TestHeaderRowAsked(t *testing.T) {
	data := "x;y\na;b\n1;2\n"
	tests := []struct {
		row  int
		want string
	}{
		{2, "a|b\n3 1|2"},
		{NoHeader, "Column 1|Column 2\n1 x|y\n2 a|b\n3 1|2"},
		{3, "! NO_ROWS"},
		{9, "! NO_SUCH_ROW"},
	}
	for _, test := range tests {
		if got := show(t, data, Options{HeaderRow: test.row}); got != test.want {
			t.Errorf("headings in row %d: %s, want %s", test.row, got, test.want)
		}
	}
}

func TestNotesTellWhatWasRecognised(t *testing.T) {
	table := openString(t, "Export\n\nTel;Tel;;Stra\xdfe\n1;2;3;4\n", Options{})
	want := []NoteCode{NoteEncoding, NoteSameHeading, NoteEmptyHeading, NoteRowsAbove}
	if len(table.Notes) != len(want) {
		t.Fatalf("notes: %v", table.Notes)
	}
	for i, note := range table.Notes {
		if note.Code != want[i] || note.Text == "" {
			t.Errorf("note %d is %v, want %s", i, note, want[i])
		}
	}
	if table.HeaderRow != 3 {
		t.Errorf("headings in row %d", table.HeaderRow)
	}
}

func TestLongHeadingsAreCut(t *testing.T) {
	table := openString(t, strings.Repeat("ä", 150)+";b\n1;2\n", Options{})
	if n := len(table.Columns[0]); n != headingLength {
		t.Errorf("%d bytes", n)
	}
}

func TestKeysOfCustomFieldsDifferByCase(t *testing.T) {
	table := openString(t, "externalId,customFields.Vehicle,customFields.vehicle\n1,2,3\n", Options{})
	if got := table.Columns; got[1] != "customFields.Vehicle" || got[2] != "customFields.vehicle" {
		t.Errorf("%q", got)
	}
}
