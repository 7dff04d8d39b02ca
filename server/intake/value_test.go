package intake

import (
	"strings"
	"testing"
)

func TestStreetsAreSplit(t *testing.T) {
	tests := []struct{ country, cell, street, number, addition string }{
		{"DE", "Hauptstr. 5", "Hauptstr.", "5", ""},
		{"DE", "Hauptstr. 12 c", "Hauptstr.", "12 c", ""},
		{"DE", "Hauptstraße 12c", "Hauptstraße", "12c", ""},
		{"DE", "Hauptstr.12", "Hauptstr.", "12", ""},
		{"DE", "Lindenweg 3-5", "Lindenweg", "3-5", ""},
		{"DE", "Lindenweg 3 - 5", "Lindenweg", "3 - 5", ""},
		{"DE", "Lindenweg 3a-c", "Lindenweg", "3a-c", ""},
		{"DE", "Am Hang 5 Hs. 3", "Am Hang", "5", "Hs. 3"},
		{"DE", "Am Hang 5, Haus 3", "Am Hang", "5", "Haus 3"},
		{"DE", "Zum Haus 5", "Zum Haus", "5", ""},
		{"DE", "Ringstr. 7 2. OG", "Ringstr.", "7", "2. OG"},
		{"DE", "Ringstr. 7, 2. OG links", "Ringstr.", "7", "2. OG links"},
		{"DE", "Ringstr. 7 Hinterhaus", "Ringstr.", "7", "Hinterhaus"},
		{"DE", "Ringstr. 7 c/o Meier", "Ringstr.", "7", "c/o Meier"},
		{"DE", "c/o Meier, Ringstr. 7", "Ringstr.", "7", "c/o Meier"},
		{"DE", "c/o Meier\nRingstr. 7", "Ringstr.", "7", "c/o Meier"},
		{"DE", "Ringstr. 7\nHinterhaus", "Ringstr.", "7", "Hinterhaus"},
		{"DE", "Straße des 17. Juni 135", "Straße des 17. Juni", "135", ""},
		{"DE", "Straße des 17. Juni", "Straße des 17. Juni", "", ""},
		{"DE", "Straße 26 17", "Straße 26", "17", ""},
		{"DE", "Q 7, 24", "Q 7", "24", ""},
		{"DE", "Hauptstr. Nr. 5", "Hauptstr.", "5", ""},
		{"DE", "Postfach 12 34", "Postfach 12 34", "", ""},
		{"DE", "Postfachstr. 5", "Postfachstr.", "5", ""},
		{"DE", "Dorfplatz", "Dorfplatz", "", ""},
		{"DE", "17 rue de la Paix", "rue de la Paix", "17", ""},
		{"DE", "Dr.-August-Blank-Str. 21", "Dr.-August-Blank-Str.", "21", ""},
		{"AT", "Stephansplatz 1 Stiege 2 Top 14", "Stephansplatz", "1", "Stiege 2 Top 14"},
		{"AT", "Hauptstr. 5/2/14", "Hauptstr.", "5/2/14", ""},
		{"CH", "Seestrasse 44", "Seestrasse", "44", ""},
		{"FR", "12 bis rue de la Paix", "rue de la Paix", "12 bis", ""},
		{"FR", "12, rue du 8 Mai 1945", "rue du 8 Mai 1945", "12", ""},
		{"FR", "Rue du 8 Mai 1945", "Rue du 8 Mai 1945", "", ""},
		{"FR", "5 avenue Foch Apt 4", "avenue Foch", "5", "Apt 4"},
		{"FR", "Allée de Seine 3", "Allée de Seine", "3", ""},
		{"FR", "BP 120", "BP 120", "", ""},
		{"GB", "10 Downing Street", "Downing Street", "10", ""},
		{"GB", "Flat 3, 12 High Street", "High Street", "12", "Flat 3"},
		{"GB", "12 High Street, Flat 3", "High Street", "12", "Flat 3"},
		{"GB", "221B Baker Street", "Baker Street", "221B", ""},
		{"US", "123 5th Ave Apt 4", "5th Ave", "123", "Apt 4"},
		{"US", "12 1/2 Main St", "Main St", "12 1/2", ""},
		{"US", "4500 Oak Ave #12", "Oak Ave", "4500", "#12"},
		{"US", "PO Box 99", "PO Box 99", "", ""},
		{"US", "Highway 61", "Highway 61", "", ""},
		{"NL", "Keizersgracht 12-3 hs", "Keizersgracht", "12-3 hs", ""},
		{"NL", "Damrak 1-II", "Damrak", "1-II", ""},
		{"BE", "Wetstraat 16 bus 3", "Wetstraat", "16", "bus 3"},
		{"IT", "Via Roma, 12", "Via Roma", "12", ""},
		{"IT", "Via Roma n. 12", "Via Roma", "12", ""},
		{"IT", "Via XX Settembre 20/B", "Via XX Settembre", "20/B", ""},
		{"IT", "Via 4 Novembre 12 int. 5", "Via 4 Novembre", "12", "int. 5"},
		{"ES", "Calle Mayor, 12, 3º B", "Calle Mayor", "12", "3º B"},
		{"ES", "Calle 2 de Mayo 5", "Calle 2 de Mayo", "5", ""},
		{"ES", "C/ Alcalá, nº 7", "C/ Alcalá", "7", ""},
		{"PL", "ul. 3 Maja 12/4", "ul. 3 Maja", "12/4", ""},
		{"PL", "ul. Długa 5 m. 12", "ul. Długa", "5", "m. 12"},
		{"PL", "os. Stawicki 96c", "os. Stawicki", "96c", ""},
	}
	for _, test := range tests {
		want := place{test.street, test.number, test.addition}
		if got := splitStreet(test.cell, test.country); got != want {
			t.Errorf("%s %q: got %q, want %q", test.country, test.cell, got, want)
		}
	}
}

// TestStreetsOfThousandContactsAreSplit joins streets and numbers as their
// countries do and takes them apart again.
func TestStreetsOfThousandContactsAreSplit(t *testing.T) {
	_, rows := readTable(t, readFile(t, "crm-export-de.csv"))
	for _, row := range rows {
		cell := row[8]
		if cell == "" {
			continue
		}
		at := strings.LastIndexByte(cell, ' ')
		for _, country := range []string{"DE", "AT", "CH", "IT", "PL", "FR", "NL"} {
			if got := splitStreet(cell, country); got != (place{cell[:at], cell[at+1:], ""}) {
				t.Errorf("%s %q: %q", country, cell, got)
			}
		}
		turned := cell[at+1:] + " " + cell[:at]
		for _, country := range []string{"FR", "GB", "US"} {
			if got := splitStreet(turned, country); got.number != cell[at+1:] || got.street != cell[:at] {
				t.Errorf("%s %q: %q", country, turned, got)
			}
		}
	}
}

func TestWholeAddressesAreTakenApart(t *testing.T) {
	tests := []struct{ country, cell, want string }{
		{"DE", "Hauptstr. 5, 10115 Berlin", "Hauptstr.|5||10115|Berlin||"},
		{"DE", "Hauptstr. 5\n10115 Berlin\nDeutschland", "Hauptstr.|5||10115|Berlin||DE"},
		{"DE", "Hauptstr. 5, Hinterhaus, D-10115 Berlin", "Hauptstr.|5|Hinterhaus|10115|Berlin||DE"},
		{"DE", "Stephansplatz 1, A-1010 Wien", "Stephansplatz|1||1010|Wien||AT"},
		{"DE", "10115 Berlin, Hauptstr. 5", "Hauptstr.|5||10115|Berlin||"},
		{"DE", "12 rue de la Paix, 75002 Paris, France", "rue de la Paix|12||75002|Paris||FR"},
		{"IT", "Corso Italia 3/B, 20122 Milano MI", "Corso Italia|3/B||20122|Milano|MI|"},
		{"GB", "10 Downing Street, London SW1A 2AA", "Downing Street|10||SW1A 2AA|London||"},
		{"GB", "Flat 3, 12 High Street, Leeds, LS1 4AP, UK", "High Street|12|Flat 3|LS1 4AP|Leeds||GB"},
		{"US", "123 Main St Apt 4, Springfield, IL 62704", "Main St|123|Apt 4|62704|Springfield|IL|"},
		{"PL", "ul. Długa 5, 00-950 Warszawa", "ul. Długa|5||00-950|Warszawa||"},
		{"NL", "Damrak 1, 1012 LG Amsterdam", "Damrak|1||1012 LG|Amsterdam||"},
		{"DE", "Hauptstr. 5, Berlin", ""},
		{"DE", "10115 Berlin", ""},
		{"DE", "10115 Berlin, 50667 Köln", ""},
		{"DE", "Hauptstr. 5, 2. OG", ""},
	}
	for _, test := range tests {
		found, ok := splitWhole(test.cell, test.country)
		got := ""
		if ok {
			got = strings.Join(found[:], "|")
		}
		if got != test.want {
			t.Errorf("%s %q: got %q, want %q", test.country, test.cell, got, test.want)
		}
	}
}

func TestPostalCodesGetTheirZerosBack(t *testing.T) {
	tests := []struct{ country, cell, want, prefix string }{
		{"DE", "1067", "01067", ""},
		{"DE", "10115.0", "10115", ""},
		{"DE", "1067,0", "01067", ""},
		{"DE", "D-10115", "10115", "DE"},
		{"DE", "A-1010", "1010", "AT"},
		{"DE", "CH-8001", "8001", "CH"},
		{"DE", "106", "106", ""},
		{"AT", "1010", "1010", ""},
		{"CH", "8001", "8001", ""},
		{"FR", "1000", "01000", ""},
		{"IT", "118", "00118", ""},
		{"ES", "8002", "08002", ""},
		{"PL", "950", "00950", ""},
		{"PL", "00-950", "00-950", ""},
		{"US", "501", "00501", ""},
		{"US", "2108", "02108", ""},
		{"NL", "1012 LG", "1012 LG", ""},
		{"GB", "SW1A 2AA", "SW1A 2AA", ""},
		{"GB", "B1 1AA", "B1 1AA", ""},
		{"", "1067", "1067", ""},
	}
	for _, test := range tests {
		if code, prefix := cleanPostal(test.cell, test.country); code != test.want || prefix != test.prefix {
			t.Errorf("%s %q: got %q %q, want %q %q", test.country, test.cell, code, prefix, test.want, test.prefix)
		}
	}
}

func TestCountriesAreKnownByTheirNames(t *testing.T) {
	for cell, want := range map[string]string{
		"Deutschland": "DE", "DEU": "DE", "D": "DE", "de": "DE", "Germany": "DE", "Allemagne": "DE", "Germania": "DE", "Alemania": "DE",
		"Duitsland": "DE", "Niemcy": "DE", "BRD": "DE", "A": "AT", "Österreich": "AT", "Oesterreich": "AT", "Autriche": "AT", "CH": "CH", "Suisse": "CH",
		"Szwajcaria": "CH", "F": "FR", "Frankreich": "FR", "I": "IT", "E": "ES", "España": "ES", "NL": "NL", "Holland": "NL", "Pays-Bas": "NL",
		"Paesi Bassi": "NL", "PL": "PL", "Polska": "PL", "Pologne": "PL", "B": "BE", "Belgique": "BE", "L": "LU", "UK": "GB", "England": "GB",
		"USA": "US", "U.S.A.": "US", "Stati Uniti": "US", "Tschechien": "CZ", "Czech Republic": "CZ", "FL": "LI", "Kosovo": "XK",
		"DE - Deutschland": "DE", "Deutschland (DE)": "DE", "S": "SE", "SLO": "SI", "Türkei": "TR", "Absurdistan": "", "Berlin": "", "": "",
	} {
		if got := countryOf(cell); got != want {
			t.Errorf("%q: got %q, want %q", cell, got, want)
		}
	}
}

func TestEmailsAreTakenOutOfTheirCells(t *testing.T) {
	for cell, want := range map[string]string{
		"a@b.de":                              "a@b.de",
		"Hans Müller <a@b.de>":                "a@b.de",
		`"Müller, Hans" <a@b.de>`:             "a@b.de",
		"mailto:a@b.de":                       "a@b.de",
		"mailto:a@b.de?subject=x":             "a@b.de",
		"E-Mail: a@b.de":                      "a@b.de",
		"a@b.de (privat)":                     "a@b.de",
		"a@b.de; c@d.de":                      "a@b.de|c@d.de",
		"a@b.de, c@d.de":                      "a@b.de|c@d.de",
		"a@b.de c@d.de":                       "a@b.de|c@d.de",
		"a@b.de / c@d.de":                     "a@b.de|c@d.de",
		"a@b.de ::: c@d.de":                   "a@b.de|c@d.de",
		"a@b.de\nc@d.de;":                     "a@b.de|c@d.de",
		"Müller, Hans <a@b.de>; X, Y <c@d.e>": "a@b.de|c@d.e",
		"nicht bekannt":                       "nicht bekannt",
		"a@b":                                 "a@b",
	} {
		var got []string
		emailsIn(cell, "", func(address string) { got = append(got, address) })
		if strings.Join(got, "|") != want {
			t.Errorf("%q: got %q, want %q", cell, got, want)
		}
	}
}

func TestPhonesAreTakenOutOfTheirCells(t *testing.T) {
	for cell, want := range map[string]string{
		"030 1234567":                     "030 1234567",
		"030/1234567":                     "030/1234567",
		"0049 160/6893598":                "0049 160/6893598",
		"+49 (0)170-8213890":              "+49 (0)170-8213890",
		"Tel.: 030 1234567":               "030 1234567",
		"Tel.: 030 1234567 (abends)":      "030 1234567",
		"Mobil: 0171 1234567":             "0171 1234567=MOBILE",
		"Fax 030 1234567":                 "030 1234567=FAX",
		"(privat) 030 1234567":            "030 1234567",
		"(030) 1234567":                   "(030) 1234567",
		"030 1234567 ext. 12":             "030 1234567",
		"(212) 555-0100 x12":              "(212) 555-0100",
		"030 7654321 DW 12":               "030 7654321",
		"030 1234567; 0171 7654321":       "030 1234567|0171 7654321",
		"030 1234567, 0171 7654321":       "030 1234567|0171 7654321",
		"030 1234567 / 0171 7654321":      "030 1234567|0171 7654321",
		"030 1234567/0171 7654321":        "030 1234567|0171 7654321",
		"030 1234567\nMobil 0171 7654321": "030 1234567|0171 7654321=MOBILE",
		"030 1234567/68":                  "030 1234567/68",
		"geheim":                          "geheim",
		"0800 FLOWER 1":                   "0800 FLOWER 1",
		"0151":                            "0151",
	} {
		var got []string
		phonesIn(cell, "", func(number, label string) {
			if label != "" {
				number += "=" + label
			}
			got = append(got, number)
		})
		if strings.Join(got, "|") != want {
			t.Errorf("%q: got %q, want %q", cell, got, want)
		}
	}
}

func TestNamesAreSplit(t *testing.T) {
	tests := []struct {
		cell  string
		order NameOrder
		want  person
	}{
		{"Hans Müller", "", person{"", "", "Hans", "Müller"}},
		{"Müller, Hans", "", person{"", "", "Hans", "Müller"}},
		{"Müller Hans", FamilyFirst, person{"", "", "Hans", "Müller"}},
		{"Herr Dr. Hans Peter Müller", "", person{"Herr", "Dr.", "Hans Peter", "Müller"}},
		{"Frau Prof. Dr. Eva Lang", "", person{"Frau", "Prof. Dr.", "Eva", "Lang"}},
		{"Müller, Dr. Hans", "", person{"", "Dr.", "Hans", "Müller"}},
		{"Zoë von der Heide", "", person{"", "", "Zoë", "von der Heide"}},
		{"Jan de Vries", "", person{"", "", "Jan", "de Vries"}},
		{"van den Berg Willem", FamilyFirst, person{"", "", "Willem", "van den Berg"}},
		{"Hans Müller, MBA", "", person{"", "MBA", "Hans", "Müller"}},
		{"Mr. John Smith", "", person{"Mr.", "", "John", "Smith"}},
		{"Müller", "", person{"", "", "", "Müller"}},
		{"", "", person{}},
	}
	for _, test := range tests {
		if got := splitName(test.cell, test.order); got != test.want {
			t.Errorf("%q: got %+v, want %+v", test.cell, got, test.want)
		}
	}
}

func TestMarksOfNothingAreEmpty(t *testing.T) {
	for _, cell := range []string{"", " ", "-", "--", "#N/A", "#NV", "#BEZUG!", "#NAME?", "NULL", "null", "n/a", "N/A", "k.A.", "k. A.", "keine Angabe", "?", "########", "\u00A0", "n.v.t.", "brak danych", `\N`} {
		if got := clean(cell); got != "" {
			t.Errorf("%q stays %q", cell, got)
		}
	}
	for cell, want := range map[string]string{
		"0": "0", "Na": "Na", "unbekannt": "unbekannt", `="0171"`: "0171", "'0171": "0171", "'=A1": "=A1", "'t Hooft": "'t Hooft", " x ": "x", "- x": "- x",
	} {
		if got := clean(cell); got != want {
			t.Errorf("%q: got %q, want %q", cell, got, want)
		}
	}
}

func TestNumbersAreReadAsTheirColumnWritesThem(t *testing.T) {
	tests := []struct{ cell, decimal, want string }{
		{"12", "", "12"},
		{"1.234,50", "", "1234.50"},
		{"1,234.50", "", "1234.50"},
		{"1'234.50", "", "1234.50"},
		{"12,5", "", "12.5"},
		{"1.234", ",", "1234"},
		{"1.234", ".", "1.234"},
		{"1,234", ".", "1234"},
		{"1,234", ",", "1.234"},
		{"1.234.567", "", "1234567"},
		{"€ 12,50", "", "12.50"},
		{"12,50 EUR", "", "12.50"},
		{"-5", "", "-5"},
		{"007", "", "7"},
		{"1 234,5", "", "1234.5"},
		{"1,5E+3", "", "1.5E+3"},
		{"zwölf", "", ""},
		{"12 %", "", ""},
		{"1-2", "", ""},
		{"", "", ""},
	}
	for _, test := range tests {
		got, ok := plainNumber(test.cell, test.decimal)
		if !ok {
			got = ""
		}
		if got != test.want {
			t.Errorf("%q %q: got %q, want %q", test.cell, test.decimal, got, test.want)
		}
	}
}

func TestCustomKeysAreMadeOfHeadings(t *testing.T) {
	for heading, want := range map[string]string{
		"Kunde seit": "kundeSeit", "Kennzeichen": "kennzeichen", "Größe (cm)": "groesseCm", "VIP": "vip", "ZZVIP": "zzvip", "Straße": "strasse",
		"Lead Status": "leadStatus", "licencePlate": "licencePlate", "Żona": "zona", "№": "", "": "", "2. Auto": "2Auto", "custom_field__c": "custom_field__c",
	} {
		if got := customKey(heading); got != want {
			t.Errorf("%q: got %q, want %q", heading, got, want)
		}
	}
	if got := customKey(strings.Repeat("lang ", 50)); len(got) > maxKey {
		t.Errorf("%d characters", len(got))
	}
}
