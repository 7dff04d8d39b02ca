package profile

import (
	"strings"

	"golang.org/x/text/language"
)

const maxLocale = 35 // RFC 5646, 4.4.1: longest tag that must be handled

// cleanLocale takes a BCP 47 tag and writes it canonically: de_at becomes
// de-AT, deu becomes de.
func cleanLocale(s string) (string, fault) {
	switch s {
	case "", "de", "en", "fr", "it", "es", "nl", "pl", "de-DE", "de-AT", "de-CH", "en-GB", "en-US", "fr-FR", "it-IT":
		return s, fault{}
	}
	s = strings.TrimSpace(s)
	if s == "" {
		return "", fault{}
	}
	wrong := fault{codeInvalidLocale, "is no language tag; write it by BCP 47, such as de, de-AT or en"}
	if len(s) > maxLocale {
		return "", wrong
	}
	tag, err := language.Parse(s)
	if err != nil || tag.IsRoot() {
		return "", wrong
	}
	canonical := tag.String()
	if len(canonical) > maxLocale {
		return "", wrong
	}
	return canonical, fault{}
}
