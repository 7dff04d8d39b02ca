package intake

import "strings"

// NumberFirst reports whether a country writes the house number before the street.
func NumberFirst(country string) bool {
	switch country {
	case "FR", "GB", "US", "IE", "CA", "AU", "NZ", "LU", "MC", "IN", "ZA":
		return true
	}
	return false
}

// A place is a street taken apart.
type place struct{ street, number, addition string }

// splitStreet takes "Hauptstr. 12 c, 2. OG" apart. The country tells where the
// number is looked for first; people write it the other way too. Without a
// number all of it is the street.
func splitStreet(cell, country string) place {
	if firstDigit(cell) < 0 {
		return careOf(cell)
	}
	if lines := strings.IndexByte(cell, '\n'); lines >= 0 {
		return splitLines(cell, country)
	}
	if boxed(cell) {
		return place{street: cell}
	}
	if p, ok := splitCommas(cell, country); ok {
		return p
	}
	if p, ok := splitPlain(cell, country); ok {
		return p
	}
	return careOf(cell)
}

// splitPlain takes apart what has no comma or line end.
func splitPlain(s, country string) (place, bool) {
	if NumberFirst(country) {
		if p, ok := splitLeading(s); ok {
			return p, true
		}
		return splitTrailing(s, country)
	}
	if p, ok := splitTrailing(s, country); ok {
		return p, true
	}
	return splitLeading(s)
}

// splitLines looks for the line that has the number; the others are additions.
func splitLines(cell, country string) place {
	p, found := place{}, false
	for line := range strings.Lines(cell) {
		line = strings.Trim(line, " \t\r\n,;")
		if line == "" {
			continue
		}
		if !found && !boxed(line) && !isCareOf(line) {
			if split := splitStreet(line, country); split.number != "" {
				split.addition = joined(p.addition, split.addition)
				p, found = split, true
				continue
			}
		}
		p.addition = joined(p.addition, line)
	}
	if !found {
		first, rest, _ := strings.Cut(p.addition, ", ")
		return place{street: first, addition: rest}
	}
	return p
}

// splitCommas looks for the part that has the number: "c/o Meier, Hauptstr. 5",
// "Via Roma, 12", "Flat 3, 12 High Street", "Q 7, 24".
func splitCommas(cell, country string) (place, bool) {
	head, rest, found := strings.Cut(cell, ",")
	head, rest = strings.TrimSpace(head), strings.TrimSpace(rest)
	if !found || rest == "" || head == "" {
		return place{}, false
	}
	if n := numberAtStart(rest); n > 0 && !isCareOf(head) && !additionAt(rest) {
		// The number stands behind the comma: Spain, Italy, Mannheim's squares.
		if _, numbered := splitPlain(head, country); !numbered || len(head) <= 4 {
			if after := strings.TrimLeft(rest[n:], " "); after == "" || after[0] == ',' || additionAt(after) || ordinal(after) {
				return place{head, rest[:n], strings.TrimLeft(after, ", ")}, true
			}
		}
	}
	if p, ok := splitPlain(head, country); ok && !isCareOf(head) && (!additionAt(head) || !NumberFirst(country)) {
		p.addition = joined(p.addition, rest)
		return p, true
	}
	if p := splitStreet(rest, country); p.number != "" {
		p.addition = joined(head, p.addition)
		return p, true
	}
	return place{}, false
}

// splitLeading takes a number off the beginning: "12 bis rue de la Paix Apt 4".
func splitLeading(s string) (place, bool) {
	n := numberAtStart(s)
	if n == 0 || n == len(s) {
		return place{}, false
	}
	rest := strings.TrimLeft(s[n:], " ,")
	if rest == s[n:] || !startsWithWord(rest) {
		return place{}, false
	}
	p := place{street: rest, number: s[:n]}
	if at := additionIn(rest); at > 0 && rest[at] != '(' {
		p.street, p.addition = strings.TrimRight(rest[:at], " ,"), rest[at:]
	}
	return p, true
}

// splitTrailing takes a number off the end, and what follows it. An addition
// may have a number of its own, "5 Hs. 3", so it is looked for first.
func splitTrailing(s, country string) (place, bool) {
	for at := firstDigit(s); at >= 0; {
		next := additionIn(s[at:])
		if next == 0 {
			break
		}
		at += next
		if p, ok := numberAtEnd(strings.TrimRight(s[:at], " -–/"), country); ok {
			p.addition = s[at:]
			return p, true
		}
	}
	return numberAtEnd(s, country)
}

// numberAtEnd cuts a house number off the end of a street.
func numberAtEnd(s, country string) (place, bool) {
	start := len(s)
	for i := len(s); i > 0; {
		word := strings.LastIndexByte(s[:i], ' ') + 1
		if token := s[word:i]; token != "" {
			if !suffixWord(token) && (!digit(token[0]) || !houseToken(token)) {
				break
			}
			start = word
		}
		i = word - 1
	}
	for start < len(s) && !digit(s[start]) { // from the first word that has a digit
		next := strings.IndexByte(s[start:], ' ')
		if next < 0 {
			start = len(s)
			break
		}
		start += next + 1
	}
	if start >= len(s) {
		return gluedNumber(s)
	}
	if end := tokenEnd(s, start); end < len(s) && streetWord(s[:start]) && digits(s[start:end]) && digit(s[end+1]) {
		start = end + 1 // "Straße 26 17": the first number is the street's name
	}
	name := withoutNumberWord(strings.TrimRight(s[:start], " ,"))
	if name == "" || dateStreet(name, s[start:]) || (NumberFirst(country) && roadWord(name)) {
		return place{}, false
	}
	return place{street: name, number: s[start:]}, true
}

// gluedNumber takes "Hauptstr.12" apart.
func gluedNumber(s string) (place, bool) {
	word := strings.LastIndexByte(s, ' ') + 1
	at := firstDigit(s[word:])
	if at < 4 || !houseToken(s[word+at:]) {
		return place{}, false
	}
	at += word
	if c := s[at-1]; c != '.' && lower(c) != 'e' && lower(c) != 'r' && lower(c) != 'g' {
		return place{}, false // Straße, Str, Weg; not A100 or K2
	}
	return place{street: s[:at], number: s[at:]}, true
}

func joined(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + ", " + b
}

// careOf puts what has no number where it belongs: a c/o line is no street.
func careOf(s string) place {
	if isCareOf(s) {
		head, rest, found := strings.Cut(s, ",")
		if found {
			return place{street: strings.TrimSpace(rest), addition: strings.TrimSpace(head)}
		}
		return place{addition: s}
	}
	return place{street: s}
}
