package webapp

import (
	"strings"

	"complero/db/profile"
	"complero/frontend/locales"
)

// How each country writes an address decides the order of the form's fields,
// what they are called, and how an address stands on an envelope. The orders
// are the ones that postal services publish (Universal Postal Union, "Postal
// addressing systems in member countries"), as far as our fields tell them.

// A postalForm is how a country writes an address. Lines are parted by |, and
// the letters stand for the fields: S street, N house number, A addition, Z
// postal code, C town, R region. What stands between two fields stands between
// their values.
type postalForm struct {
	lines string
	// code and region are the keys of what the postal code and the region are
	// called; "" for the usual words.
	code, region string
}

const (
	usualLines  = "S N|A|Z C"
	numberFirst = "N S|A|Z C"
)

// postalForms are the countries that differ from usualLines or from the usual
// words.
var postalForms = map[string]postalForm{
	"AE": {"S N|A|C, R", "", "field.region.emirate"},
	"AR": {"S N|A|Z C|R", "", "field.region.province"},
	"AU": {"N S|A|C, R Z", "field.postalCode.postcode", "field.region.state"},
	"BR": {"S, N|A|C - R|Z", "", "field.region.state"},
	"CA": {"N S|A|C, R Z", "", "field.region.province"},
	"CH": {usualLines, "field.postalCode.npa", ""},
	"CL": {"S N|A|Z C|R", "", ""},
	"CN": {"Z|R C|S N|A", "", "field.region.province"},
	"CO": {"S N|A|C, R|Z", "", ""},
	"EG": {"N S|A|C|R|Z", "", ""},
	"ES": {"S, N|A|Z C|R", "", "field.region.province"},
	"FR": {numberFirst, "", ""},
	"GB": {"N S|A|C|Z", "field.postalCode.postcode", "field.region.county"},
	"HK": {"S N|A|C|R", "", ""},
	"HU": {"C|S N|A|Z", "", ""},
	"ID": {"S N|A|C|R Z", "", "field.region.province"},
	"IE": {"N S|A|C|R|Z", "field.postalCode.eircode", "field.region.county"},
	"IL": {"S N|A|C Z", "", ""},
	"IN": {"N S|A|C Z|R", "field.postalCode.pin", "field.region.state"},
	"IT": {"S, N|A|Z C R", "field.postalCode.cap", "field.region.province"},
	"JP": {"Z|R C|S N|A", "", "field.region.prefecture"},
	"KR": {"R C|S N|A|Z", "", ""},
	"KW": {"S N|A|Z C", "", ""},
	"LU": {numberFirst, "", ""},
	"LV": {"S N|A|C, Z", "", ""},
	"MC": {numberFirst, "", ""},
	"MT": {"N S|A|C Z", "", ""},
	"MX": {"S N|A|Z C, R", "", "field.region.state"},
	"MY": {"N S|A|Z C|R", "field.postalCode.postcode", "field.region.state"},
	"NL": {usualLines, "field.postalCode.postcode", ""},
	"NZ": {"N S|A|C Z", "field.postalCode.postcode", ""},
	"PH": {"N S|A|C|Z R", "field.postalCode.zip", "field.region.province"},
	"QA": {"S N|A|C", "", ""},
	"RU": {"S, N|A|C|R|Z", "", ""},
	"SA": {"N S|A|C Z", "", ""},
	"SG": {"N S|A|C Z", "", ""},
	"SM": {"S, N|A|Z C", "field.postalCode.cap", ""},
	"TH": {"N S|A|C|R Z", "", "field.region.province"},
	"TR": {"S N|A|Z C/R", "", "field.region.province"},
	"TW": {"Z|R C|S N|A", "", ""},
	"UA": {"S, N|A|C|R|Z", "", ""},
	"US": {"N S|A|C, R Z", "field.postalCode.zip", "field.region.state"},
	"VA": {"S, N|A|Z C", "field.postalCode.cap", ""},
	"VN": {"N S|A|C|R Z", "", "field.region.province"},
	"ZA": {"N S|A|C|Z", "field.postalCode.postcode", "field.region.province"},
}

// numericCodes are countries whose postal codes are digits alone, for which a
// phone shows its digits.
const numericCodes = "AT AU BE BG CH CY DE DK EE ES FI FR HR HU IT LI LU MC MX NO NZ RS SI SM TR VA ZA"

// postalFormOf is how a country writes an address.
func postalFormOf(country string) postalForm {
	form, found := postalForms[country]
	if !found {
		form.lines = usualLines
	}
	if form.code == "" {
		form.code = "field.postalCode"
	}
	if form.region == "" {
		form.region = "field.region"
	}
	return form
}

// rows are the fields of each row of the form. A row has two at most; a region
// or postal code that the country does not use is there where one is on file.
func (p postalForm) rows(a *addressRow) []string {
	lines := p.lines
	if a.Region != "" && !strings.Contains(lines, "R") {
		lines += "|R"
	}
	if a.PostalCode != "" && !strings.Contains(lines, "Z") {
		lines += "|Z"
	}
	var rows []string
	for line := range strings.SplitSeq(lines, "|") {
		fields := strings.Map(func(r rune) rune {
			if strings.ContainsRune("SNAZCR", r) {
				return r
			}
			return -1
		}, line)
		if len(fields) == 3 {
			cut := 1
			if fields[0] == 'Z' {
				cut = 2 // a postal code and its town belong together
			}
			rows = append(rows, fields[:cut])
			fields = fields[cut:]
		}
		rows = append(rows, fields)
	}
	return rows
}

// envelope writes an address in lines, without the country.
func (p postalForm) envelope(a *profile.Address) []string {
	values := map[rune]string{'S': a.Street, 'N': a.HouseNumber, 'A': a.Addition, 'Z': a.PostalCode, 'C': a.City, 'R': a.Region}
	var lines []string
	for form := range strings.SplitSeq(p.lines, "|") {
		var line strings.Builder
		between := ""
		for _, r := range form {
			value, field := values[r]
			if !field {
				between += string(r)
				continue
			}
			if value != "" && line.Len() > 0 {
				line.WriteString(between)
			}
			line.WriteString(value)
			between = ""
		}
		if line.Len() > 0 {
			lines = append(lines, line.String())
		}
	}
	for _, rest := range []struct{ field, value string }{{"R", a.Region}, {"Z", a.PostalCode}} {
		if rest.value != "" && !strings.Contains(p.lines, rest.field) {
			lines = append(lines, rest.value)
		}
	}
	return lines
}

// addressLines writes an address as on an envelope sent from a country.
func addressLines(voice *locales.Voice, a profile.Address, from string) []string {
	lines := postalFormOf(a.CountryCode).envelope(&a)
	if a.CountryCode != from {
		lines = append(lines, voice.Country(a.CountryCode))
	}
	return lines
}

// addressRows are the fields of an address, in the rows of its country.
func (p *formPage) addressRows(i int, r *addressRow) [][]field {
	form := postalFormOf(r.CountryCode)
	var rows [][]field
	for _, fields := range form.rows(r) {
		var row []field
		for _, letter := range fields {
			row = append(row, p.addressField(form, i, r, letter))
		}
		rows = append(rows, row)
	}
	return rows
}

func (p *formPage) addressField(form postalForm, i int, r *addressRow, letter rune) field {
	named := func(label, name, value, complete string) field {
		f := p.field(label, rowName("addresses", i, name), value)
		if complete != "" {
			f.Complete = completion("addresses", i, complete)
		}
		return f
	}
	switch letter {
	case 'S':
		return named("field.street", "street", r.Street, "address-line1")
	case 'N':
		return named("field.houseNumber", "houseNumber", r.HouseNumber, "")
	case 'A':
		return named("field.addition", "addition", r.Addition, "address-line2")
	case 'Z':
		f := named(form.code, "postalCode", r.PostalCode, "postal-code")
		if r.CountryCode != "" && strings.Contains(numericCodes, r.CountryCode) {
			f.Mode = "numeric"
		}
		return f
	case 'C':
		return named("field.city", "city", r.City, "address-level2")
	default:
		return named(form.region, "region", r.Region, "address-level1")
	}
}

// rowClass says how wide the fields of a row are: a number and a code take
// less than what stands beside them.
func rowClass(row []field) string {
	if len(row) < 2 {
		return "fields"
	}
	short := func(f field) bool {
		return strings.HasSuffix(f.Name, ".houseNumber") || strings.HasSuffix(f.Name, ".postalCode")
	}
	switch {
	case short(row[0]) && !short(row[1]):
		return "fields code"
	case short(row[1]) && !short(row[0]):
		return "fields number"
	}
	return "fields two"
}
