package intake

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"complero/db/profile"
)

// FuzzHeading holds the reading of headings to its terms: no panic, and what
// comes out is a field or nothing.
func FuzzHeading(f *testing.F) {
	for _, heading := range []string{"Straße / Hausnr.", "E-mail 1 - Value", "Address 1: Street 2", "(Do Not Modify) Contact", "customFields.x", "emails[0].address", "Geb. (TT.MM.JJJJ)", "ÄÖÜ1", "\xff\xfe"} {
		f.Add(heading, "x")
	}
	f.Fuzz(func(t *testing.T, heading, cell string) {
		columns := []string{heading, "Kundennr", heading}
		s := NewSurvey(columns, "DE", "de")
		for i := range 3 {
			s.Add(i+1, []string{cell, "1", cell})
		}
		m, _ := s.Mapping([]CustomField{{Key: "x", Type: "date"}})
		for _, c := range m.Columns {
			if _, err := parseField(c.Field); err != nil {
				t.Errorf("%q became %v", heading, err)
			}
			if c.Confidence < 0 || c.Confidence > 1 {
				t.Errorf("confidence %f", c.Confidence)
			}
		}
		if err := m.Check(columns); err != nil && !strings.Contains(err.Error(), "externalId") {
			t.Errorf("%q: %v", heading, err)
		}
		if name := customKey(heading); name != "" {
			if err := checkKey(name, name); err != nil {
				t.Errorf("%q: %v", heading, err)
			}
		}
	})
}

// FuzzDate holds dates to the calendar, whatever is read.
func FuzzDate(f *testing.F) {
	for _, cell := range []string{"31.12.1970", "12/31/70", "1970-12-31T00:00:00Z", "31 décembre 1970", "25933.5", "00000000", "--05-17", "-1"} {
		f.Add(cell, uint8(0))
	}
	orders := []DateOrder{DMY, MDY, YMD, Serial, Serial1904, ""}
	f.Fuzz(func(t *testing.T, cell string, n uint8) {
		var e dateEvidence
		if cell != "" {
			e.add(cell, 1)
		}
		parts, ok := scanDate(cell)
		if !ok {
			return
		}
		d, state := parts.read(orders[int(n)%len(orders)], day{2026, 11, 21}, n%2 == 0)
		if state != dateRead {
			return
		}
		if at, err := time.Parse(time.DateOnly, d.String()); err != nil || at.Year() != d.year {
			t.Errorf("%q became %s: %v", cell, d, err)
		}
	})
}

// FuzzAddress holds the taking apart of addresses to losing nothing: every
// letter and digit of a cell is somewhere in its parts.
func FuzzAddress(f *testing.F) {
	for _, cell := range []string{"Hauptstr. 12 c, 2. OG", "c/o Meier\nWeg 5", "Q 7, 24", "Flat 3, 12 High Street", "Hauptstr. 5, 10115 Berlin", "10 Downing St, London SW1A 2AA, UK", "D-10115 Berlin", "Postfach 12"} {
		for _, country := range []string{"DE", "FR", "GB", "NL", "ES"} {
			f.Add(cell, country)
		}
	}
	f.Fuzz(func(t *testing.T, cell, country string) {
		cell = trim(cell)
		if cell == "" || !utf8.ValidString(cell) {
			return
		}
		p := splitStreet(cell, country)
		whole := letters(cell)
		got := letters(p.street) + letters(p.number) + letters(p.addition)
		if len(got) > len(whole) || len(got)+len("hausnummer") < len(whole) {
			t.Errorf("%q became %+v", cell, p)
		}
		code, _ := cleanPostal(cell, country)
		if len(code) > len(cell)+5 {
			t.Errorf("%q became %q", cell, code)
		}
		if found, ok := splitWhole(cell, country); ok && (found[city] == "" || found[postalCode] == "" || found[street] == "") {
			t.Errorf("%q became %q", cell, found)
		}
		splitCity(cell, country)
		countryOf(cell)
		splitName(cell, GivenFirst)
		splitName(cell, FamilyFirst)
	})
}

func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" ,.;\n\r\t-–/|", r) || blankRune(r) {
			return -1
		}
		return r
	}, s)
}

// FuzzItem holds whole rows to the Reader's terms: what it cannot read it names,
// and the same row gives the same item again.
func FuzzItem(f *testing.F) {
	columns := []string{"Kundennr.", "Name", "Geburtsdatum", "E-Mail", "Telefon", "Mobil", "Straße", "PLZ", "Ort", "Land", "Sprache", "Postfach", "Zahl", "Ja", "Tag"}
	known := []CustomField{{Key: "zahl", Type: "number"}, {Key: "ja", Type: "boolean"}, {Key: "tag", Type: "date"}}
	f.Add("K-1|Dr. Hans Müller|31.12.1970|a@b.de; c@d.de|030 1234567 / 0171 1234567|Fax: 1|Weg 5, 2. OG|1067|10115 Berlin|D|Deutsch|12|1.234,5|ja|1.1.20")
	f.Add("1,2E+11|NULL|00.00.0000|nicht bekannt|4,9E+11|-|c/o X|D-10115|\x00|Absurdistan|xx||x|y|z")
	f.Fuzz(func(t *testing.T, line string) {
		cells := strings.Split(line, "|")
		m, _ := survey(columns, [][]string{cells}, "DE", "de", known...)
		m.Unmapped = UnmappedCustom
		r, err := NewReader(m, columns, "DE", known...)
		if err != nil {
			m.Columns = append(m.Columns, Column{})[:0]
			m.Columns = append(m.Columns, Column{Title: "Kundennr.", Field: "externalId"})
			if r, err = NewReader(m, columns, "DE", known...); err != nil {
				t.Fatal(err)
			}
		}
		r.Now = now
		in, problems := r.Item(cells)
		for _, p := range problems {
			if p.Code == "" || p.Message == "" {
				t.Errorf("%+v", p)
			}
		}
		normal(t, in, problems, "DE")
		again, _ := r.Item(cells)
		if asJSON(t, in) != asJSON(t, again) {
			t.Errorf("%s became %s", asJSON(t, in), asJSON(t, again))
		}
	})
}

// FuzzTidy holds the tidying of documents to losing no street.
func FuzzTidy(f *testing.F) {
	for _, street := range []string{"Am Wall 5 a", "12 bis rue de la Paix", "Hauptstr. 5, 10115 Berlin", "c/o X\nWeg 5", "Flat 2"} {
		f.Add(street, "14 High Street", "1067", "Dresden", "Deutschland")
	}
	f.Fuzz(func(t *testing.T, street, addition, code, city, country string) {
		r, err := NewReader(Mapping{Key: "emails[0].address"}, nil, "DE")
		if err != nil {
			t.Fatal(err)
		}
		in := profile.Input{Addresses: []profile.AddressInput{{
			Street: text(street), Addition: text(addition), PostalCode: text(code), City: text(city), CountryCode: text(country),
		}}}
		r.Tidy(&in)
		a := &in.Addresses[0]
		if trim(street) != "" && a.Street.Value+a.HouseNumber.Value+a.Addition.Value == "" {
			t.Errorf("%q is gone", street)
		}
	})
}
