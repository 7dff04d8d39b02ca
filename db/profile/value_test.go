package profile

import (
	"strings"
	"testing"
	"time"
)

// A value's row: what is sent, what is kept of it, or the code of its Problem.
type row struct{ in, want string }

func checkRows(t *testing.T, rows []row, clean func(string) (string, fault)) {
	t.Helper()
	for _, r := range rows {
		got, f := clean(r.in)
		if f.bad() {
			got = f.code
		}
		if got != r.want {
			t.Errorf("%q: got %q (%s), want %q", r.in, got, f.what, r.want)
		}
		if again, f2 := clean(got); !f.bad() && (f2.bad() || again != got) {
			t.Errorf("%q: normalised to %q and that to %q (%s)", r.in, got, again, f2.what)
		}
	}
}

func TestEmailAddresses(t *testing.T) {
	const bad = "INVALID_EMAIL"
	checkRows(t, []row{
		{"", ""},
		{"a@x.de", "a@x.de"},
		{" Anna.Meier+x@EXAMPLE.com\u00a0", "anna.meier+x@example.com"},
		{"\u200ba@x.de\ufeff", "a@x.de"},
		{"mailto:a@x.de", "a@x.de"},
		{"info@Müller.de", "info@xn--mller-kva.de"},
		{"info@XN--MLLER-KVA.de", "info@xn--mller-kva.de"},
		{"o'neil_{x}@sub.x-y.co.uk", "o'neil_{x}@sub.x-y.co.uk"},
		{"a@x", bad},
		{"a", bad},
		{"@x.de", bad},
		{"a@", bad},
		{"a@@x.de", bad},
		{"a@x..de", bad},
		{"a@.de", bad},
		{"a@x.de.", bad},
		{"a@-x.de", bad},
		{"a@x_y.de", bad},
		{"a@1.2.3.4", bad},
		{"a@[1.2.3.4]", bad},
		{".a@x.de", bad},
		{"a.@x.de", bad},
		{"a..b@x.de", bad},
		{"a b@x.de", bad},
		{"a@x.de, b@x.de", bad},
		{"a@x.de;b@x.de", bad},
		{"Anna <a@x.de>", bad},
		{`"a b"@x.de`, bad},
		{"jürgen@x.de", bad},
		{"a\x00@x.de", bad},
		{"a\xff@x.de", bad},
		{"a@x\xff.de", bad},
		{"a@xn--.de", bad},
		{strings.Repeat("a", 64) + "@x.de", strings.Repeat("a", 64) + "@x.de"},
		{strings.Repeat("a", 65) + "@x.de", bad},
		{"a@" + strings.Repeat(strings.Repeat("x", 60)+".", 5) + "de", bad},
		{"a@" + strings.Repeat("x", 64) + ".de", bad},
		{strings.Repeat("a", 5000) + "@x.de", bad},
	}, cleanEmail)
	want(t, "shown", DisplayEmail("info@xn--mller-kva.de"), "info@müller.de")
	want(t, "shown", DisplayEmail("info@mueller.de"), "info@mueller.de")
	want(t, "shown", DisplayEmail("nobody"), "nobody")
}

func TestPhoneNumbers(t *testing.T) {
	const bad = "INVALID_PHONE"
	tests := []struct{ in, country, want string }{
		{"0049 160/4905728", "DE", "+491604905728 MOBILE"},
		{"+49 (0)170-8265214", "DE", "+491708265214 MOBILE"},
		{"+49 (0)30 12 34 567", "AT", "+49301234567 LANDLINE"},
		{"0151 2481619", "DE", "+491512481619 MOBILE"},
		{"06 19 58 02 77", "FR", "+33619580277 MOBILE"},
		{"079 126 20 17", "CH", "+41791262017 MOBILE"},
		{"+39 347 9773819", "DE", "+393479773819 MOBILE"},
		{"+39 06 12345678", "IT", "+390612345678 LANDLINE"},
		{"06 12345678", "IT", "+390612345678 LANDLINE"},
		{"0664 1234567", "AT", "+436641234567 MOBILE"},
		{"030/1234567", "DE", "+49301234567 LANDLINE"},
		{"0 61 31 / 12 34 56", "DE", "+496131123456 LANDLINE"},
		{"tel:+49-30-1234567", "DE", "+49301234567 LANDLINE"},
		{"\u202a+49 160 4905728\u202c", "DE", "+491604905728 MOBILE"},
		{"０３０ １２３４５６７", "DE", "+49301234567 LANDLINE"},
		{"+1 212 555 0100", "DE", "+12125550100 OTHER"},
		{"0800 1234567", "DE", "+498001234567 OTHER"},
		{"", "DE", " "},
		{" ", "DE", " "},
		{"12", "DE", bad},
		{"030 123456 ext. 12", "DE", bad},
		{"030 123456 abends", "DE", bad},
		{"+49 30 123456 #12", "DE", bad},
		{"030 1234567 0171 1234567", "DE", bad},
		{"0171 1234567 0171 1234567 0171 1234567", "DE", bad},
		{"+999 123456", "DE", bad},
		{"keine", "DE", bad},
		{"030 1234567", "", bad},
		{"030 1\x0034567", "DE", bad},
		{strings.Repeat("1", 300), "DE", bad},
	}
	for _, tt := range tests {
		number, kind, f := cleanPhone(tt.in, tt.country)
		got := number + " " + string(kind)
		if f.bad() {
			got = f.code
		}
		if got != tt.want {
			t.Errorf("%q in %s: got %s (%s), want %s", tt.in, tt.country, got, f.what, tt.want)
		}
	}
}

func TestPostalCodes(t *testing.T) {
	const bad = "INVALID_POSTAL_CODE"
	tests := map[string][]row{
		"DE": {{"10115", "10115"}, {" D-10115 ", "10115"}, {"DE 01067", "01067"}, {"1067", bad}, {"101155", bad}, {"1011x", bad}, {"", ""}, {"A-1010", bad}},
		"AT": {{"1010", "1010"}, {"A-1010", "1010"}, {"0993", "0993"}, {"101", bad}},
		"CH": {{"CH-8001", "8001"}, {"80 01", "8001"}, {"80011", bad}},
		"NL": {{"1012ab", "1012 AB"}, {"1012 AB", "1012 AB"}, {"NL-1012 AB", "1012 AB"}, {"012 AB", bad}},
		"PL": {{"00950", "00-950"}, {"00-950", "00-950"}},
		"GB": {{"sw1a1aa", "SW1A 1AA"}, {"M1 1AE", "M1 1AE"}, {"CR2 6XH", "CR2 6XH"}, {"12345", bad}},
		"US": {{"10001", "10001"}, {"100011234", "10001-1234"}, {"10001-1234", "10001-1234"}, {"1001", bad}},
		"CA": {{"k1a0b1", "K1A 0B1"}},
		"SE": {{"11120", "111 20"}, {"S-111 20", "111 20"}},
		"PT": {{"1000001", "1000-001"}, {"1000", "1000"}},
		"IE": {{"d02af30", "D02 AF30"}, {"D6WXY00", "D6W XY00"}},
		"LI": {{"FL-9490", "9490"}},
		"JP": {{"100-0001", "100-0001"}, {"x\x00", "INVALID"}, {strings.Repeat("9", 21), "TOO_LONG"}},
	}
	for country, rows := range tests {
		checkRows(t, rows, func(s string) (string, fault) { return cleanPostalCode(s, country) })
	}
	for country, rule := range postalRules {
		if got, f := cleanPostalCode(rule.example, country); f.bad() || got != rule.example {
			t.Errorf("%s: its own example %s is refused", country, rule.example)
		}
		if !countryCodes[country] {
			t.Errorf("%s is no country", country)
		}
	}
}

func TestTexts(t *testing.T) {
	checkRows(t, []row{
		{"", ""},
		{"  ", ""},
		{"O'Brien", "O'Brien"},
		{" a  b\t\nc ", "a b c"},
		{"a\u00a0b\u2028c", "a b c"},
		{"e\u0301", "é"},
		{"e\u200b\u0301", "é"},
		{"a\u202eb\u2066c\u2069", "abc"},
		{"\ufeffa\u00adb", "ab"},
		{"👩‍👧", "👩‍👧"},
		{"\u0645\u06cc\u200c\u062e\u0648", "\u0645\u06cc\u200c\u062e\u0648"},
		{"\u200b", ""},
		{"a\x00", "INVALID"},
		{"a\x1b[0m", "INVALID"},
		{"a\u0080", "INVALID"},
		{"a\xff", "INVALID"},
		{"a\ufffd", "INVALID"},
		{"a\uffff", "INVALID"},
		{strings.Repeat("é", 100), strings.Repeat("é", 100)},
		{strings.Repeat("e\u0301", 100), strings.Repeat("é", 100)},
		{strings.Repeat("é", 101), "TOO_LONG"},
		{strings.Repeat("e", 101), "TOO_LONG"},
		{strings.Repeat("é", 100000), "TOO_LONG"},
	}, func(s string) (string, fault) { return cleanLine(s, 100) })
	checkRows(t, []row{
		{" a\r\n\tb  c ", "a\n\tb  c"},
		{"a\x00", "INVALID"},
	}, func(s string) (string, fault) { return cleanText(s, 100) })
}

func TestBirthDates(t *testing.T) {
	const bad = "INVALID_DATE"
	checkRows(t, []row{
		{"", ""},
		{"1948-05-25", "1948-05-25"},
		{" 2024-02-29 ", "2024-02-29"},
		{"2023-02-29", bad},
		{"1970-02-31", bad},
		{"31.02.1970", bad},
		{"1970-2-1", bad},
		{"1899-12-31", bad},
		{"0001-01-01", bad},
		{"2026-11-22", bad},
		{"2026-11-21", "2026-11-21"},
		{"1970-01-01T00:00:00Z", bad},
	}, func(s string) (string, fault) { return cleanBirthDate(s, now) })
}

func TestMoments(t *testing.T) {
	for in, bad := range map[string]bool{
		"": false, "2026-11-21T12:00:00Z": false, "2026-11-21T12:00:00.123456789+01:00": false,
		"0001-01-01T00:00:00Z": true, "2026-11-21": true, "2027-01-01T00:00:00Z": true, "x": true,
	} {
		if at, f := cleanObserved(in, now); f.bad() != bad || (in == "" && !at.IsZero()) || at.Location() != time.UTC {
			t.Errorf("%s: %v %v", in, at, f)
		}
	}
}

func TestLocales(t *testing.T) {
	const bad = "INVALID_LOCALE"
	checkRows(t, []row{
		{"", ""},
		{" ", ""},
		{"de", "de"},
		{"DE", "de"},
		{"de_at", "de-AT"},
		{"deu", "de"},
		{"zh-hant-tw", "zh-Hant-TW"},
		{"english", bad},
		{"und", bad},
		{"xx", bad},
		{"de-XX-" + strings.Repeat("a", 40), bad},
		{"d\x00e", bad},
	}, cleanLocale)
}

func TestCountries(t *testing.T) {
	const bad = "INVALID_COUNTRY"
	checkRows(t, []row{
		{"", ""},
		{"DE", "DE"},
		{" de ", "DE"},
		{"CHE", "CH"},
		{"Schweiz", "CH"},
		{"Deutschland", "DE"},
		{"United Kingdom", "GB"},
		{"uk", "GB"},
		{"XK", "XK"},
		{"AN", bad},
		{"DD", bad},
		{"ZZ", bad},
		{"Atlantis", bad},
		{strings.Repeat("D", 1000), bad},
	}, cleanCountry)
}

func TestFoldName(t *testing.T) {
	for in, folded := range map[string]string{
		"": "", "meier": "meier", "Müller-Lüdenscheidt": "muller-ludenscheidt", "GROẞ": "gross", "Łódź": "lodz",
		"Ørsted Æble": "orsted aeble", "İzmir": "izmir", "Nguyễn": "nguyen", "שלום": "שלום",
	} {
		want(t, in, FoldName(in), folded)
	}
}

func TestAddressIdentity(t *testing.T) {
	place := func(street, number, postal string) string {
		return AddressIdentity(Address{Street: street, HouseNumber: number, PostalCode: postal, CountryCode: "DE"})
	}
	same := [][2]string{
		{place("Hauptstraße", "5 a", "10115"), place("HAUPTSTR. 5A", "", "10115")},
		{place("Müllerstrasse", "1", "10115"), place("Muellerstr.", "1", "10115")},
		{place("Straße des 17. Juni", "135", "10623"), place("Str. d e s 17 Juni", "135", "10 623")},
		{place("Rue de l'Église", "3", "75001"), place("rue de l eglise", "3", "75001")},
	}
	for _, pair := range same {
		if pair[0] != pair[1] {
			t.Errorf("%s and %s are one place", pair[0], pair[1])
		}
	}
	other := []Address{
		{Street: "Ring", HouseNumber: "1", PostalCode: "1", CountryCode: "DE"},
		{Street: "Ring", HouseNumber: "2", PostalCode: "1", CountryCode: "DE"},
		{Street: "Ring", HouseNumber: "1", PostalCode: "2", CountryCode: "DE"},
		{Street: "Ring", HouseNumber: "1", PostalCode: "1", CountryCode: "AT"},
		{City: "Ring", PostalCode: "1", CountryCode: "DE"},
		{City: "Rang", PostalCode: "1", CountryCode: "DE"},
	}
	seen := map[string]bool{}
	for _, a := range other {
		if seen[AddressIdentity(a)] {
			t.Errorf("%+v is a place of its own", a)
		}
		seen[AddressIdentity(a)] = true
	}
}

func TestValuesOutsideOfAProfileAreNormalisedAlike(t *testing.T) {
	if got, problem := NormalizeEmail(" A@X.de"); got != "a@x.de" || problem != nil {
		t.Errorf("got %s, %v", got, problem)
	}
	if got, problem := NormalizePhone("079 126 20 17", "CH"); got != "+41791262017" || problem != nil {
		t.Errorf("got %s, %v", got, problem)
	}
	_, problem := NormalizeEmail("foo")
	if problem == nil || problem.Code != "INVALID_EMAIL" || len(problem.Path) > 0 {
		t.Fatalf("got %v", problem)
	}
	want(t, "message", problem.Message, `"foo" is no e-mail address: it has no @; write it like name@example.com`)
}

func TestTakesSMSMeansMobileNumbers(t *testing.T) {
	for number, want := range map[string]bool{
		"+4915112345678": true, "+491604905728": true, "+12125550123": true, "+447400123456": true, "+393331234567": true, "+48501234567": true,
		"+4930901820": false, "+4943154321": false, "+442070313000": false, "+49900123456": false, "+498001234567": false, "+999": false, "": false, "0151": false,
	} {
		if got := TakesSMS(number); got != want {
			t.Errorf("%s: %t", number, got)
		}
	}
	if got := VeilPhone("+4915112345678") + VeilPhone("+1") + VeilPhone(""); got != "…678……" {
		t.Errorf("veiled: %s", got)
	}
}
