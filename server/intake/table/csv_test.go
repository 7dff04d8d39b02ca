package table

import (
	"strings"
	"testing"
)

func TestCSVOfAnyDialectIsRead(t *testing.T) {
	check(t, []example{
		{"semicolons", "a;b;c\n1;2;3\n", "a|b|c\n2 1|2|3"},
		{"commas", "a,b,c\r\n1,2,3\r\n", "a|b|c\n2 1|2|3"},
		{"tabs", "a\tb\tc\n1\t2\t3\n", "a|b|c\n2 1|2|3"},
		{"pipes", "a|b|c\n1|2|3\n", "a|b|c\n2 1|2|3"},
		{"CR only", "a;b\r1;2\r3;4\r", "a|b\n2 1|2\n3 3|4"},
		{"no line end at the end", "a;b\n1;2", "a|b\n2 1|2"},
		{"told separator", "sep=|\na|b\n1|2\n", "a|b\n3 1|2"},
		{"told semicolon", "sep=;\r\na;b\r\n1;2\r\n", "a|b\n3 1|2"},
		{"told in quotes", "\"sep=;\"\na;b\n1;2\n", "a|b\n3 1|2"},
		{"decimal commas", "Name;Wert\nA;1,5\nB;2,5\n", "Name|Wert\n2 A|1,5\n3 B|2,5"},
		{"one column", "E-Mail\na@b.de\nc@d.de\n", "E-Mail\n2 a@b.de\n3 c@d.de"},
		{"one column with commas", "Ort\nKiel\nHalle, Saale\nUlm\n", "Ort\n2 Kiel\n3 Halle, Saale\n4 Ulm"},
		{"all quoted", "\"a\",\"b\"\n\"1\",\"2\"\n", "a|b\n2 1|2"},
		{"doubled quotes", "a,b\n\"say \"\"hi\"\"\",2\n", "a|b\n2 say \"hi\"|2"},
		{"escaped quotes", `a,b` + "\n" + `"say \"hi\" now",2` + "\n" + `"C:\\dir",3` + "\n", "a|b\n2 say \"hi\" now|2\n3 C:\\dir|3"},
		{"a folder's backslash", `a,b` + "\n" + `"C:\dir\",2` + "\n" + `"D:\",3` + "\n", "a|b\n2 C:\\dir\\|2\n3 D:\\|3"},
		{"single quotes", "a,b\n'1,5','it''s'\n'2','x'\n", "a|b\n2 1,5|it's\n3 2|x"},
		{"apostrophes are no quotes", "a,b\n's-Gravenhage,1\n't Harde,2\n", "a|b\n2 's-Gravenhage|1\n3 't Harde|2"},
		{"line break in quotes", "a;b\n1;\"x\ny\"\n2;z\n", "a|b\n2 1|x¶y\n4 2|z"},
		{"CR LF in quotes", "a;b\r\n1;\"x\r\ny\"\r\n2;z\r\n", "a|b\n2 1|x␍¶y\n4 2|z"},
		{"empty line in quotes", "a;b\n1;\"x\n\ny\"\n2;z\n", "a|b\n2 1|x¶¶y\n5 2|z"},
		{"spaces around quotes", "a, b\n1, \"x,y\"\n2, \"z\" \n", "a|b\n2 1|x,y\n3 2|z"},
		{"a quote within", "a;b\n5\" pipe;2\n", "a|b\n2 5\" pipe|2"},
		{"quotes that were not doubled", "a;b\n\"Firma \"Adler\" GmbH\";2\n", "a|b\n2 Firma \"Adler\" GmbH|2"},
		{"empty quoted cells", "a;b;c\n\"\";\"\";3\n", "a|b|c\n2 ||3"},
		{"DOS end", "a;b\r\n1;2\r\n\x1a", "a|b\n2 1|2"},
		{"empty lines", "a;b\n\n1;2\n;\n  ;\n\n3;4\n\n\n", "a|b\n3 1|2\n7 3|4"},
	}, Options{})
}

func TestRowsNeedNotBeAsLongAsTheHeader(t *testing.T) {
	check(t, []example{
		{"shorter", "a;b;c\n1\n1;2\n1;2;3\n", "a|b|c\n2 1|∅|∅\n3 1|2|∅\n4 1|2|3"},
		{"longer, but empty", "a;b\n1;2;;\n3;4\n", "a|b\n2 1|2\n3 3|4"},
		{"longer", "a;b\n1;2;3\n4;5\n", "a|b\n2! TOO_MANY_CELLS\n3 4|5"},
		{"cut off", "a;b;c\n1;2;3\n4;5;6\n7;8", "a|b|c\n2 1|2|3\n3 4|5|6\n4! CUT_OFF"},
		{"just short", "a;b;c\n1;2;3\n4;5\n7;8", "a|b|c\n2 1|2|3\n3 4|5|∅\n4 7|8|∅"},
		{"torn apart", "a;b;c;d\n1;2;3;4\n1;2;x\ny;4\n5;x\n\ny;7;8\n9;9;9;9\n", "a|b|c|d\n2 1|2|3|4\n3! TORN\n5! TORN\n8 9|9|9|9"},
		{"a total below", "a;b\n1;2\nSumme;2\n", "a|b\n2 1|2\n3 Summe|2"},
	}, Options{})
}

func TestOneBrokenQuoteHurtsOneRow(t *testing.T) {
	check(t, []example{
		{"never closed", "a;b;c\n1;\"x;3\n4;5;6\n7;8;9\n", "a|b|c\n2! UNCLOSED_QUOTE\n3 4|5|6\n4 7|8|9"},
		{"closed by a later row's", "a;b;c\n1;\"x;3\n4;5;6\n7;\"y\";9\n", "a|b|c\n2! UNCLOSED_QUOTE\n3 4|5|6\n4 7|y|9"},
		{"closed by a later row's end", "a;b;c;d\n1;2;3;\"x\n4;5;6;7\n4;5;6;7\n4;5;6;7\n8;9;10;y\"\n", "a|b|c|d\n2! UNCLOSED_QUOTE\n3 4|5|6|7\n4 4|5|6|7\n5 4|5|6|7\n6 8|9|10|y\""},
		{"not broken: a text like a row", "a,b,c,d\n1,2,3,\"x\nr, g, b, y\"\n4,5,6,7\n", "a|b|c|d\n2 1|2|3|x¶r, g, b, y\n4 4|5|6|7"},
		{"in the last row", "a;b;c\n1;2;3\n4;\"x;6\n", "a|b|c\n2 1|2|3\n3! UNCLOSED_QUOTE"},
		{"all quoted", "\"a\",\"b\",\"c\"\n\"1\",\"2,\"3\"\n\"4\",\"5\",\"6\"\n", "a|b|c\n2! UNCLOSED_QUOTE\n3 4|5|6"},
		{"escaped", "a,b,c\n1,\"x\\\"y,3\n4,5,6\n7,8,9\n", "a|b|c\n2! UNCLOSED_QUOTE\n3 4|5|6\n4 7|8|9"},
		{"far too far", "a;b;c\n1;\"x;3\n" + strings.Repeat("4;5;6\n", 20000), "a|b|c\n2! UNCLOSED_QUOTE" + strings.Join(numbered(3, 20000, "4|5|6"), "")},
	}, Options{})
}

func numbered(from, n int, row string) []string {
	rows := make([]string, n)
	for i := range rows {
		rows[i] = "\n" + itoa(from+i) + " " + row
	}
	return rows
}

func itoa(n int) string {
	var digits []byte
	for ; n > 0; n /= 10 {
		digits = append([]byte{byte('0' + n%10)}, digits...)
	}
	return string(digits)
}

func TestLimitsHurtOneRow(t *testing.T) {
	long := strings.Repeat("x", 70<<10)
	check(t, []example{
		{"a long cell", "a;b\n" + long + ";2\n3;4\n", "a|b\n2! CELL_TOO_LONG\n3 3|4"},
		{"a long quoted cell", "a;b\n\"" + long + "\";2\n3;4\n", "a|b\n2! UNCLOSED_QUOTE\n3 3|4"},
		{"a long row", "a;b\n" + strings.Repeat("y;", 600<<10) + "\n3;4\n", "a|b\n2! ROW_TOO_LONG\n3 3|4"},
		{"a very long row", "a;b\n" + strings.Repeat(long, 60) + "\n3;4\n", "a|b\n2! ROW_TOO_LONG\n3 3|4"},
		{"many cells", "a;b\n" + strings.Repeat("y;", 1200) + "\n3;4\n", "a|b\n2! TOO_MANY_CELLS\n3 3|4"},
		{"many empty cells", "a;b\n1;2" + strings.Repeat(";", 1200) + "\n3;4\n", "a|b\n2 1|2\n3 3|4"},
		{"a NUL byte", "a;b\n1\x00;2\n3;4\n", "a|b\n2! NUL_BYTE\n3 3|4"},
		{"too many columns", strings.Repeat("h;", 1200) + "\n" + strings.Repeat("y;", 1200) + "\n", "! TOO_WIDE"},
		{"a million columns", strings.Repeat("h;", 1e6) + "\n", "! TOO_WIDE"},
	}, Options{})
}

func TestRowErrorsNameTheirPlaceAndKeepTheCells(t *testing.T) {
	table := openString(t, "Vorname;Ort\nJ\xfcrgen;Kiel\nJürgen;Köln\nAnnä;Öd\n", Options{})
	_, err := table.Next()
	broken, ok := err.(*RowError) //nolint:errorlint // it is promised to be just that
	if !ok || broken.Code != RowBadEncoding || broken.Number != 2 {
		t.Fatalf("Next = %v, want a broken row 2", err)
	}
	if plain(broken.Cells) != "J\uFFFDrgen|Kiel" {
		t.Errorf("cells %q", broken.Cells)
	}
	if !strings.HasPrefix(err.Error(), "row 2: holds bytes that are no UTF-8; ") {
		t.Errorf("says %q", err)
	}
}

func TestATornRowIsPutTogetherForTheReport(t *testing.T) {
	table := openString(t, "a;b;c;d\n1;2;3;4\n1;2;x\r\ny;4\r\n", Options{})
	if _, err := table.Next(); err != nil {
		t.Fatal(err)
	}
	row, err := table.Next()
	if err == nil || plain(row.Cells) != "1|2|x␍¶y|4" {
		t.Errorf("%q, %v", row.Cells, err)
	}
}

func TestApostropheBeforeAFormulaIsTakenOff(t *testing.T) {
	check(t, []example{
		{"", "a;b\n'+49 30 1;'=x\n''-1;'s\n\"'@x\";'\n", "a|b\n2 +49 30 1|=x\n3 '-1|'s\n4 @x|'"},
	}, Options{})
}

func TestSeparatorAsked(t *testing.T) {
	check(t, []example{{"", "a:b\n1:2,3;4\n", "a|b\n2 1|2,3;4"}}, Options{Separator: ':'})
}
