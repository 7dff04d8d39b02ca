package profile

import (
	"strings"

	"github.com/biter777/countries"
)

// countryCodes are the ISO 3166-1 alpha-2 codes in use, and XK for Kosovo.
var countryCodes = func() map[string]bool {
	codes := make(map[string]bool, 256)
	for _, c := range countries.All() {
		codes[c.Alpha2()] = true
	}
	delete(codes, "AN") // dissolved in 2010
	delete(codes, "YU") // dissolved in 2003
	return codes
}()

// cleanCountry takes an ISO 3166-1 code of two or three letters or a country's
// English or German name, and returns the two letters; "" for none.
func cleanCountry(s string) (string, fault) {
	if len(s) == 2 && countryCodes[s] {
		return s, fault{}
	}
	s = strings.TrimSpace(s)
	if s == "" {
		return "", fault{}
	}
	wrong := fault{codeInvalidCountry, "is no country; write its ISO 3166-1 code of two letters, such as DE, AT or CH"}
	if len(s) > 100 {
		return "", wrong
	}
	code := strings.ToUpper(s)
	if len(code) == 2 && code != "UK" {
		if !countryCodes[code] {
			return "", wrong
		}
		return code, fault{}
	}
	code = countries.ByName(s).Alpha2()
	if !countryCodes[code] {
		return "", wrong
	}
	return code, fault{}
}
