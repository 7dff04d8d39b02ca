package profile

import (
	"fmt"
	"strings"
)

// A postalRule is how a country writes its postal codes. In a form, 9 is a
// digit, A a letter, X a letter or digit; all else is written as it stands
// there, whether it was sent or not. Which numbers are given out is not looked
// at: that changes, and tells no typing errors but the grossest.
type postalRule struct {
	forms   string // separated by commas
	prefix  string // letters that may stand before it in international mail
	example string
}

var postalRules = map[string]postalRule{
	"AT": {"9999", "A AT", "1010"},
	"AU": {"9999", "", "2000"},
	"BE": {"9999", "B BE", "1000"},
	"BG": {"9999", "BG", "1000"},
	"CA": {"A9A 9A9", "", "K1A 0B1"},
	"CH": {"9999", "CH", "8001"},
	"CZ": {"999 99", "CZ", "110 00"},
	"DE": {"99999", "D DE", "10115"},
	"DK": {"9999", "DK", "1050"},
	"EE": {"99999", "EE", "10111"},
	"ES": {"99999", "E ES", "28001"},
	"FI": {"99999", "FI FIN", "00100"},
	"FR": {"99999", "F FR", "75001"},
	"GB": {"A9 9AA,A99 9AA,A9A 9AA,AA9 9AA,AA99 9AA,AA9A 9AA", "", "SW1A 1AA"},
	"GR": {"999 99", "GR", "104 31"},
	"HR": {"99999", "HR", "10000"},
	"HU": {"9999", "H HU", "1011"},
	"IE": {"A99 XXXX,A9A XXXX", "", "D02 AF30"},
	"IT": {"99999", "I IT", "00118"},
	"LI": {"9999", "FL LI", "9490"},
	"LT": {"99999", "LT", "01001"},
	"LU": {"9999", "L LU", "1111"},
	"LV": {"9999", "LV", "1010"},
	"NL": {"9999 AA", "NL", "1012 AB"},
	"NO": {"9999", "N NO", "0010"},
	"PL": {"99-999", "PL", "00-950"},
	"PT": {"9999-999,9999", "P PT", "1000-001"},
	"RO": {"999999", "RO", "010011"},
	"SE": {"999 99", "S SE", "111 20"},
	"SI": {"9999", "SI SLO", "1000"},
	"SK": {"999 99", "SK", "811 01"},
	"US": {"99999,99999-9999", "", "10001"},
}

const maxPostalCode = 20

// cleanPostalCode writes a code as its country does; a country without a rule
// has any.
func cleanPostalCode(s, country string) (string, fault) {
	rule, known := postalRules[country]
	if known && len(s) == len(rule.forms) && fits(s, rule.forms) == s {
		return s, fault{} // as most are, written right
	}
	s, f := cleanLine(s, maxPostalCode)
	if f.bad() || s == "" || !known {
		return strings.ToUpper(s), f
	}
	bare := foldPostalCode(s)
	for {
		form, rest, more := strings.Cut(rule.forms, ",")
		if code := fits(bare, form); code != "" {
			return code, fault{}
		}
		if more {
			rule.forms = rest
			continue
		}
		break
	}
	if i := strings.IndexAny(bare, "0123456789"); i > 0 && rule.prefix != "" {
		for _, prefix := range strings.Fields(rule.prefix) {
			if bare[:i] == prefix {
				return cleanPostalCode(bare[i:], country)
			}
		}
	}
	return "", fault{codeInvalidPostalCode, fmt.Sprintf("is no postal code of %s; write it like %s", country, rule.example)}
}

// foldPostalCode keeps upper-case letters and digits.
func foldPostalCode(s string) string {
	for i := 0; i < len(s); i++ {
		if !digit(s[i]) {
			return strings.Map(func(r rune) rune {
				if r == ' ' || r == '-' || r == '.' {
					return -1
				}
				return r
			}, strings.ToUpper(s))
		}
	}
	return s
}

// fits writes a code, with or without the form's punctuation, in the form; ""
// if it does not fit. It allocates only where punctuation was missing.
func fits(code, form string) string {
	var buf [16]byte
	out, at := buf[:0], 0
	for i := 0; i < len(form); i++ {
		f := form[i]
		if f == ' ' || f == '-' {
			out = append(out, f)
			if at < len(code) && code[at] == f {
				at++
			}
			continue
		}
		if at == len(code) || !stands(code[at], f) {
			return ""
		}
		out = append(out, code[at])
		at++
	}
	switch {
	case at < len(code):
		return ""
	case string(out) == code:
		return code
	}
	return string(out)
}

// stands reports whether c may stand where a form says f.
func stands(c, f byte) bool {
	switch f {
	case '9':
		return digit(c)
	case 'A':
		return c >= 'A' && c <= 'Z'
	}
	return digit(c) || (c >= 'A' && c <= 'Z')
}
