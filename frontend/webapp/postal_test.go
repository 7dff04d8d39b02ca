package webapp

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"complero/db/profile"
	"complero/frontend/locales"
	"complero/theme"
)

func TestPostalFormsAreWhole(t *testing.T) {
	english := newCountryOptions(locales.For(theme.Formal, "en"))
	for country, form := range postalForms {
		if !english.knows(country) {
			t.Errorf("%s is no country", country)
		}
		for _, letter := range "SNAZCR" {
			if n := strings.Count(form.lines, string(letter)); n > 1 || n == 0 && strings.ContainsRune("SNAC", letter) {
				t.Errorf("%s has %c %d times", country, letter, n)
			}
		}
		for _, row := range postalFormOf(country).rows(&addressRow{Region: "x", PostalCode: "1"}) {
			if row == "" || len(row) > 2 {
				t.Errorf("%s has the row %q", country, row)
			}
		}
		all := strings.Join(postalFormOf(country).rows(&addressRow{Region: "x", PostalCode: "1"}), "")
		if len(all) != 6 {
			t.Errorf("%s shows %s", country, all)
		}
	}
}

func TestAddressesStandAsOnAnEnvelope(t *testing.T) {
	voice := locales.For(theme.Formal, "en")
	for _, tt := range []struct {
		address profile.Address
		want    string
	}{
		{profile.Address{Street: "Hafenkamp", HouseNumber: "101", PostalCode: "40213", City: "Düsseldorf", CountryCode: "DE"}, "Hafenkamp 101|40213 Düsseldorf|Germany"},
		{profile.Address{Street: "High Street", HouseNumber: "7", Addition: "Flat 2", PostalCode: "SW1A 1AA", City: "London", CountryCode: "GB"}, "7 High Street|Flat 2|London|SW1A 1AA"},
		{profile.Address{Street: "Main St", HouseNumber: "12", PostalCode: "62704", City: "Springfield", Region: "IL", CountryCode: "US"}, "12 Main St|Springfield, IL 62704|United States"},
		{profile.Address{Street: "Main St", PostalCode: "62704", Region: "IL", CountryCode: "US"}, "Main St|IL 62704|United States"},
		{profile.Address{Street: "rue de la Paix", HouseNumber: "3", PostalCode: "75002", City: "Paris", CountryCode: "FR"}, "3 rue de la Paix|75002 Paris|France"},
		{profile.Address{Street: "Via Roma", HouseNumber: "5", PostalCode: "20121", City: "Milano", Region: "MI", CountryCode: "IT"}, "Via Roma, 5|20121 Milano MI|Italy"},
		{profile.Address{Street: "Fő utca", HouseNumber: "1", PostalCode: "1011", City: "Budapest", CountryCode: "HU"}, "Budapest|Fő utca 1|1011|Hungary"},
		{profile.Address{Street: "Ring", PostalCode: "1010", City: "Wien", Region: "Wien", CountryCode: "AT"}, "Ring|1010 Wien|Wien|Austria"},
		{profile.Address{City: "Doha", PostalCode: "123", CountryCode: "QA"}, "Doha|123|Qatar"},
		{profile.Address{City: "Nirgends", CountryCode: ""}, "Nirgends"},
		{profile.Address{}, ""},
	} {
		if got := strings.TrimSuffix(strings.Join(addressLines(voice, tt.address, "GB"), "|"), "|"); got != tt.want {
			t.Errorf("writes %q, want %q", got, tt.want)
		}
	}
}

func TestRegionIsCalledAsItsCountryDoes(t *testing.T) {
	for country, want := range map[string][2]string{
		"DE": {"Postal code", "Region"}, "US": {"ZIP code", "State"}, "IE": {"Eircode", "County"}, "GB": {"Postcode", "County"},
		"IN": {"PIN code", "State"}, "JP": {"Postal code", "Prefecture"}, "AE": {"Postal code", "Emirate"}, "XX": {"Postal code", "Region"},
	} {
		form, voice := postalFormOf(country), locales.For(theme.Formal, "en")
		if got := [2]string{voice.Say(form.code), voice.Say(form.region)}; got != want {
			t.Errorf("%s calls them %q", country, got)
		}
	}
	if got := locales.For(theme.Formal, "it").Say(postalFormOf("IT").code); got != "CAP" {
		t.Errorf("Italians call it %s", got)
	}
	if got := locales.For(theme.Formal, "fr").Say(postalFormOf("CH").code); got != "NPA" {
		t.Errorf("the French of Switzerland call it %s", got)
	}
}

func TestNumbersAreOfTheCountryBesideThem(t *testing.T) {
	for _, tt := range []struct{ number, country, want string }{
		{"0171 2345678", "DE", "+491712345678"},
		{"06 39 98 12 34", "FR", "+33639981234"},
		{"06 12345678", "IT", "+390612345678"},
		{"+43 1 2345678", "DE", "+43 1 2345678"},
		{"0043 1 2345678", "DE", "0043 1 2345678"},
		{"0171 2345678", "", "0171 2345678"},
		{"12", "DE", "12"},
		{"", "DE", ""},
		{"call me", "DE", "call me"},
	} {
		if got := (phoneRow{Number: tt.number, Country: tt.country}).dialled(); got != tt.want {
			t.Errorf("%s of %s is %s, want %s", tt.number, tt.country, got, tt.want)
		}
	}
	for number, want := range map[string]string{
		"+491712345678": "DE", "+12125550123": "US", "+442079460018": "GB", "+39061234567": "IT", "+420222333444": "CZ", "+87012345678": "", "": "", "0171": "",
	} {
		if got := callingCountry(number); got != want {
			t.Errorf("%s is of %q, want %q", number, got, want)
		}
	}
}

func TestDatesAreReadFromTheirFields(t *testing.T) {
	for _, tt := range []struct {
		day, month, year, want string
	}{
		{"3", "2", "1980", "1980-02-03"},
		{" 13 ", "12", "1980", "1980-12-13"},
		{"", "", "", ""},
		{"31", "2", "1980", "1980-02-31"},
		{"3", "", "1980", "1980--03"},
		{"-3", "2", "80", "80-02-03"},
	} {
		sent := url.Values{"birthDate.day": {tt.day}, "birthDate.month": {tt.month}, "birthDate.year": {tt.year}}
		if got, found := readDate(sent, "birthDate"); got != tt.want || !found {
			t.Errorf("%+v is %q", tt, got)
		}
	}
	for _, half := range []url.Values{{"birthDate.day": {"3"}}, {}, {"birthDate": {"1980-02-03"}, "birthDate.day": {"1"}, "birthDate.month": {"1"}, "birthDate.year": {"1"}}} {
		if got, found := readDate(half, "birthDate"); found {
			t.Errorf("%v is %q", half, got)
		}
	}
}

func FuzzReadDate(f *testing.F) {
	f.Add("3", "2", "1980")
	f.Add("-", "--", "\x00")
	f.Fuzz(func(t *testing.T, day, month, year string) {
		got, _ := readDate(url.Values{"d.day": {day}, "d.month": {month}, "d.year": {year}}, "d")
		if n := strings.Count(got, "-"); got != "" && n != 2 {
			t.Errorf("%q has %d dashes", got, n)
		}
		if date, err := time.Parse(time.DateOnly, got); err == nil && !slices.Contains([]string{got}, date.Format(time.DateOnly)) {
			t.Errorf("%q is read as %v", got, date)
		}
	})
}
