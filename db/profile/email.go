package profile

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// RFC 5321, 4.5.3.1: octets before the @, and of the whole address (the path
// of 256 less its angle brackets). RFC 1035: octets of a label.
const (
	maxLocalPart = 64
	maxEmail     = 254
	maxLabel     = 63
)

// cleanEmail takes one bare address and writes it in lower case with its domain
// in ASCII; "" for none. The part before the @ is folded too: no mail system in
// use tells case apart there, and people do not remember how they typed it.
func cleanEmail(s string) (string, fault) {
	if !plainLine(s) {
		s = strings.Map(visibleInEmail, s)
	}
	s = strings.TrimSpace(s)
	if len(s) > 7 && strings.EqualFold(s[:7], "mailto:") {
		s = s[7:]
	}
	if s == "" {
		return "", fault{}
	}
	if !utf8.ValidString(s) {
		return "", badEmail("holds bytes that are no UTF-8")
	}
	at := strings.LastIndexByte(s, '@')
	switch {
	case strings.ContainsAny(s, "<>\""):
		return "", badEmail("holds more than a bare address; leave out the display name, brackets and quotes")
	case strings.ContainsAny(s, ";, \t\r\n"):
		return "", badEmail("holds a space, comma or semicolon; give each address its own entry")
	case at < 0:
		return "", badEmail("has no @")
	case at == len(s)-1:
		return "", badEmail("has nothing after the @")
	case len(s) > 4*maxEmail:
		return "", badEmail("is too long to be one")
	}
	local := strings.ToLower(s[:at])
	if f := checkLocalPart(local); f.bad() {
		return "", f
	}
	domain, f := cleanDomain(s[at+1:])
	if f.bad() {
		return "", f
	}
	if len(local)+1+len(domain) > maxEmail {
		return "", badEmail("is longer than the 254 characters that mail systems take")
	}
	if len(local)+1+len(domain) == len(s) && s[:at] == local && s[at+1:] == domain {
		return s, fault{}
	}
	return local + "@" + domain, fault{}
}

func badEmail(what string) fault {
	return fault{codeInvalidEmail, "is no e-mail address: it " + what + "; write it like name@example.com"}
}

// visibleInEmail drops what copying brings along unseen.
func visibleInEmail(r rune) rune {
	if unicode.Is(unicode.Cf, r) {
		return -1
	}
	if r == 0xA0 || r == 0x3000 {
		return ' '
	}
	return r
}

// checkLocalPart takes RFC 5322's dot-atom. Quoted local parts and those beyond
// ASCII (RFC 6531) are refused: hardly a mail system on the way takes them, and
// nearly all that are seen in uploads are typing errors.
func checkLocalPart(local string) fault {
	switch {
	case local == "":
		return badEmail("has nothing before the @")
	case len(local) > maxLocalPart:
		return badEmail("has more than 64 characters before the @")
	case local[0] == '.' || local[len(local)-1] == '.' || strings.Contains(local, ".."):
		return badEmail("has a misplaced dot before the @")
	}
	for _, r := range local {
		if r >= utf8.RuneSelf || (!letter(byte(r)) && !digit(byte(r)) && !strings.ContainsRune(".!#$%&'*+-/=?^_`{|}~", r)) {
			return badEmail(fmt.Sprintf("holds %q before the @, which mail systems do not take", r))
		}
	}
	return fault{}
}

// cleanDomain takes a registered name with at least one dot.
func cleanDomain(s string) (string, fault) {
	if !ascii(s) || strings.Contains(strings.ToLower(s), "xn--") {
		mapped, err := idna.Lookup.ToASCII(s)
		if err != nil {
			return "", badEmail("has a domain that cannot exist")
		}
		s = mapped
	}
	s = strings.ToLower(s)
	start, dots := 0, 0
	for i := 0; i <= len(s); i++ {
		if i < len(s) && s[i] != '.' {
			continue
		}
		if !goodLabel(s[start:i]) {
			return "", badEmail("has a domain that cannot exist")
		}
		if i < len(s) {
			dots++
			start = i + 1
		}
	}
	switch {
	case dots == 0:
		return "", badEmail("has no dot in its domain")
	case digit(s[len(s)-1]) && strings.Trim(s[start:], "0123456789") == "":
		return "", badEmail("has numbers for a domain")
	}
	return s, fault{}
}

// goodLabel takes letters, digits and inner hyphens (RFC 1123, 2.1).
func goodLabel(label string) bool {
	if label == "" || len(label) > maxLabel || label[0] == '-' || label[len(label)-1] == '-' {
		return false
	}
	for i := 0; i < len(label); i++ {
		if c := label[i]; !letter(c) && !digit(c) && c != '-' {
			return false
		}
	}
	return true
}

// DisplayEmail writes an address as people know it, with an international
// domain in its own letters: info@xn--mller-kva.de as info@müller.de.
func DisplayEmail(address string) string {
	at := strings.LastIndexByte(address, '@')
	if at < 0 || !strings.Contains(address[at:], "xn--") {
		return address
	}
	domain, err := idna.Display.ToUnicode(address[at+1:])
	if err != nil {
		return address
	}
	return address[:at+1] + domain
}
