package intake

import "strings"

// postalWidths are the digits of postal codes that may begin with zeros, and
// the fewest that are left when a spreadsheet has taken those for a number.
var postalWidths = map[string]struct{ width, least int }{
	"DE": {5, 4}, "FR": {5, 4}, "IT": {5, 2}, "ES": {5, 4}, "PL": {5, 3}, "US": {5, 3}, "FI": {5, 3},
	"NO": {4, 2}, "PT": {7, 7}, "HR": {5, 5}, "LT": {5, 4}, "RO": {6, 5}, "SK": {5, 3}, "MX": {5, 4},
	"TR": {5, 4}, "EE": {5, 5}, "MC": {5, 5}, "SM": {5, 5}, "VA": {5, 3}, "MY": {5, 4}, "UA": {5, 4},
}

// cleanPostal gives a code back what a spreadsheet took: "1067.0" in DE is
// 01067. A country written before it, as in "A-1010", is returned on its own.
func cleanPostal(cell, country string) (code, prefix string) {
	if i := strings.IndexAny(cell, ".,"); i > 0 && digits(cell[:i]) && strings.Trim(cell[i+1:], "0") == "" {
		cell = cell[:i]
	}
	if len(cell) > 4 && letterASCII(cell[0]) {
		i := 1
		for i < 4 && letterASCII(cell[i]) {
			i++
		}
		rest := strings.TrimLeft(cell[i:], " -–")
		if len(rest) >= 4 && len(rest) <= 8 && rest != cell[i:] && digit(rest[0]) && startsCode(rest) {
			if at := countryOf(cell[:i]); at != "" {
				prefix, cell = at, rest
				country = at
			}
		}
	}
	if w, known := postalWidths[country]; known && len(cell) < w.width && len(cell) >= w.least && digits(cell) {
		cell = "0000000"[:w.width-len(cell)] + cell
	}
	return cell, prefix
}

// startsCode reports whether a text may be a bare postal code of digits.
func startsCode(s string) bool {
	for i := 0; i < len(s); i++ {
		if !digit(s[i]) && s[i] != '-' && s[i] != ' ' {
			return false
		}
	}
	return true
}

func letterASCII(c byte) bool { c = lower(c); return c >= 'a' && c <= 'z' }

// codeForms are the forms of postal codes that tell a code from anything else
// at the beginning or end of a text: 9 is a digit, A a letter.
var codeForms = map[string]string{
	"DE": "99999", "AT": "9999", "CH": "9999", "LI": "9999", "FR": "99999", "IT": "99999", "ES": "99999",
	"PL": "99-999", "NL": "9999 AA,9999AA", "BE": "9999", "LU": "9999", "DK": "9999", "NO": "9999",
	"SE": "999 99,99999", "FI": "99999", "CZ": "999 99,99999", "SK": "999 99,99999", "HU": "9999", "SI": "9999",
	"HR": "99999", "GR": "999 99,99999", "PT": "9999-999", "RO": "999999", "BG": "9999", "EE": "99999",
	"LV": "LV-9999", "LT": "99999", "US": "99999-9999,99999", "AU": "9999", "CA": "A9A 9A9",
	"GB": "A9 9AA,A99 9AA,A9A 9AA,AA9 9AA,AA99 9AA,AA9A 9AA", "IE": "A99 XXXX,A9A XXXX",
}

// codeAtStart cuts a postal code of the country off the beginning of a text, if
// something else follows: "10115 Berlin", or "D-10115 Berlin" with its prefix's
// country.
func codeAtStart(s, country string) (code, rest, prefix string, ok bool) {
	if code, rest, ok = cutCode(s, country); ok || s == "" || !letterASCII(s[0]) {
		return code, rest, "", ok
	}
	i := strings.IndexAny(s, "- 0123456789")
	if i < 1 || i > 3 {
		return "", s, "", false
	}
	if prefix = countryOf(s[:i]); prefix == "" {
		return "", s, "", false
	}
	code, rest, ok = cutCode(strings.TrimLeft(s[i:], " -"), prefix)
	return code, rest, prefix, ok
}

func cutCode(s, country string) (code, rest string, ok bool) {
	for form := range strings.SplitSeq(formsOf(country), ",") {
		n := len(form)
		if len(s) <= n || !matches(s[:n], form) {
			continue
		}
		rest = strings.TrimLeft(s[n:], " ,")
		if rest != s[n:] && rest != "" && !digit(rest[0]) {
			return s[:n], rest, true
		}
	}
	return "", s, false
}

// codeAtEnd cuts a postal code off the end: "London SW1A 2AA", "Springfield, IL 62704".
func codeAtEnd(s, country string) (rest, code string, ok bool) {
	if country != "GB" && country != "US" && country != "CA" && country != "AU" && country != "IE" {
		return s, "", false
	}
	for form := range strings.SplitSeq(formsOf(country), ",") {
		at := len(s) - len(form)
		if at <= 1 || !matches(s[at:], form) || (s[at-1] != ' ' && s[at-1] != ',') {
			continue
		}
		return strings.TrimRight(s[:at], " ,"), s[at:], true
	}
	return s, "", false
}

// countryByCode finds the country of a postal code that is none of the home
// country's, if its form is that of one country only: "SW1A 2AA", "1016 GV".
func countryByCode(code, home string) string {
	if len(code) < 6 || wholeCode(code, home) {
		return ""
	}
	for _, country := range [...]string{"GB", "NL", "PL", "PT", "CA", "IE"} {
		if country != home && wholeCode(code, country) {
			return country
		}
	}
	return ""
}

func formsOf(country string) string {
	if forms, known := codeForms[country]; known {
		return forms
	}
	return "99999"
}

func matches(s, form string) bool {
	for i := 0; i < len(form); i++ {
		switch c := s[i]; form[i] {
		case '9':
			if !digit(c) {
				return false
			}
		case 'A':
			if !letterASCII(c) {
				return false
			}
		case 'X':
			if !digit(c) && !letterASCII(c) {
				return false
			}
		default:
			if c != form[i] {
				return false
			}
		}
	}
	return true
}
