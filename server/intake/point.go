package intake

import (
	"strings"
	"unicode/utf8"
)

// emailsIn calls add for each address in a cell: one, several, or with names:
// "Hans <h@a.de>; mailto:b@c.de". What is no address is passed on as it is, for
// profile.Normalize to name.
func emailsIn(cell, separator string, add func(address string)) {
	if separator == "" && plainEmail(cell) {
		add(cell)
		return
	}
	if separator != "" {
		for part := range strings.SplitSeq(cell, separator) {
			if part = clean(part); part != "" {
				add(bareEmail(part))
			}
		}
		return
	}
	if strings.Count(cell, "@") < 2 {
		add(bareEmail(cell))
		return
	}
	for cell != "" {
		part, rest := nextEmail(cell)
		if part = clean(part); part != "" {
			add(bareEmail(part))
		}
		cell = rest
	}
}

// plainEmail reports whether a cell is one address and nothing else.
func plainEmail(cell string) bool {
	at := 0
	for i := 0; i < len(cell); i++ {
		switch c := cell[i]; {
		case c == '@':
			at++
		case c <= ' ' || c == ',' || c == ';' || c == '<' || c == ':' || c == '(' || c == '"':
			return false
		}
	}
	return at == 1
}

// nextEmail cuts the first of several addresses off. Separators only count
// behind an @, since a name before it may hold a comma.
func nextEmail(cell string) (part, rest string) {
	at, open := false, false
	for i := 0; i < len(cell); i++ {
		switch c := cell[i]; c {
		case '@':
			at = true
		case '<':
			open, at = true, false
		case '>':
			return cell[:i+1], strings.TrimLeft(cell[i+1:], " ;,|/\r\n\t")
		case ';', ',', ' ', '\n', '\r', '\t', '|', '/':
			if at && !open {
				return cell[:i], strings.TrimLeft(cell[i:], " ;,|/:\r\n\t")
			}
		}
	}
	return cell, ""
}

// bareEmail takes an address out of "Name <a@b>", "mailto:a@b", "E-Mail: a@b"
// and "a@b (private)".
func bareEmail(s string) string {
	if open := strings.LastIndexByte(s, '<'); open >= 0 {
		if end := strings.IndexByte(s[open:], '>'); end > 0 && strings.IndexByte(s[open:open+end], '@') > 0 {
			s = trim(s[open+1 : open+end])
		}
	}
	if at := strings.IndexByte(s, '@'); at > 0 {
		if open := strings.Index(s, " ("); open > at && strings.HasSuffix(s, ")") {
			s = s[:open]
		}
		if colon := strings.LastIndexByte(s[:at], ':'); colon >= 0 {
			s = trim(s[colon+1:])
		}
		if q := strings.IndexByte(s, '?'); q > strings.IndexByte(s, '@') {
			s = s[:q] // mailto:a@b?subject=…
		}
	}
	return strings.Trim(s, "'\"")
}

// phonesIn calls add for each number in a cell. Several are told apart at line
// ends, semicolons, commas, slashes and bars, if each part is a number by itself;
// label is the kind that a word such as "Fax:" before it tells.
func phonesIn(cell, separator string, add func(number, label string)) {
	if separator == "" && plainPhone(cell) {
		add(cell, "")
		return
	}
	if separator == "" {
		separator = phoneSeparator(cell)
	}
	if separator == "" {
		add(barePhone(cell))
		return
	}
	for part := range strings.SplitSeq(cell, separator) {
		if part = clean(part); part != "" {
			add(barePhone(part))
		}
	}
}

// plainPhone reports whether a cell is one number and nothing else.
func plainPhone(cell string) bool {
	for i := 0; i < len(cell); i++ {
		switch c := cell[i]; {
		case digit(c), c == ' ', c == '-', c == '.', c == '(', c == ')':
		case c == '+' && i == 0:
		case c == '/' && strings.Count(cell, "/") == 1 && i < 8:
		default:
			return false
		}
	}
	return len(cell) <= 22
}

// phoneSeparator finds what stands between several numbers; "" if nothing does.
func phoneSeparator(cell string) string {
	for _, separator := range [...]string{":::", "\n", ";", "|", ",", " / ", " oder ", " or ", " und ", " ou ", "/"} {
		if strings.Contains(cell, separator) && allPhones(cell, separator) {
			return separator
		}
	}
	return ""
}

func allPhones(cell, separator string) bool {
	numbers := 0
	for part := range strings.SplitSeq(cell, separator) {
		part, _ = barePhone(trim(part))
		if part == "" {
			continue
		}
		n := 0
		for i := 0; i < len(part); i++ {
			switch c := part[i]; {
			case digit(c):
				n++
			case c == ' ' || c == '-' || c == '/' || c == '.' || c == '(' || c == ')' || c == '+':
			default:
				return false
			}
		}
		// A number by itself is as long as one, and begins as one: 030/1234567
		// is one number, 030 1234567/0171 1234567 are two.
		if n < 6 || (part[0] != '0' && part[0] != '+' && part[0] != '(' && n < 8) {
			return false
		}
		numbers++
	}
	return numbers > 1
}

// barePhone takes labels and extensions off a number: "Tel.: 030 1234567 ext. 12
// (abends)". label is the kind that the words tell. A text without a number
// stays as it is.
func barePhone(s string) (number, label string) {
	first := strings.IndexAny(s, "+0123456789(")
	if first < 0 {
		return s, ""
	}
	if s[first] == '(' { // "(privat) 030 …" or "(030) …"
		if end := strings.IndexByte(s[first:], ')'); end > 0 && !strings.ContainsAny(s[first:first+end], "0123456789") {
			return barePhone(s[:first] + strings.TrimLeft(s[first+end+1:], " "))
		}
	}
	words, rest := s[:first], s[first:]
	if strings.Count(words, "") > 25 {
		return s, ""
	}
	_, label = labelMeaning(words)
	end := len(rest)
	for i, r := range rest {
		if r >= utf8.RuneSelf && !blankRune(r) || letterASCII(byte(r)) && r < utf8.RuneSelf || r == '#' || r == ':' {
			end = i
			break
		}
	}
	tail := rest[end:]
	if strings.ContainsAny(tail, "0123456789") && !extension(tail) {
		return s, "" // letters within, as in 0800 FLOWER 1
	}
	if len(tail) > 0 && len(digitsOf(rest[:end])) < 6 {
		return s, ""
	}
	if label == "" {
		_, label = labelMeaning(tail)
	}
	return strings.TrimRight(rest[:end], " -/(,;.|"), label
}

// extension reports whether the end of a number begins with a word for one.
func extension(tail string) bool {
	end := strings.IndexAny(tail, " .:0123456789")
	if end <= 0 {
		return tail[0] == '#'
	}
	switch key(tail[:end]) {
	case "ext", "extn", "extension", "x", "dw", "durchwahl", "nst", "nebenstelle", "poste", "interno", "int", "toestel", "tst", "wew", "wewn", "app", "apparat":
		return true
	}
	return false
}

func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// labelMeaning reads the words beside an e-mail, phone or address, such as "*
// Work Fax": its use, and a phone's kind; "" for what they do not tell.
func labelMeaning(words string) (use, kind string) {
	for word := range strings.FieldsFuncSeq(words, func(r rune) bool { return r < utf8.RuneSelf && !letterASCII(byte(r)) }) {
		var buf [64]byte
		if len(word) > 24 {
			continue
		}
		switch folded := appendKey(buf[:0], word); {
		case privateWords[string(folded)]:
			use = "PRIVATE"
		case businessWords[string(folded)]:
			use = "BUSINESS"
		case mobileWords[string(folded)] || vocabulary[string(folded)].kind == "MOBILE":
			kind = "MOBILE"
		case faxWords[string(folded)]:
			kind = "FAX"
		case landlineWords[string(folded)]:
			kind = "LANDLINE"
		}
	}
	return use, kind
}

// lostDigits reports a number that a spreadsheet wrote as 4,91512E+11: all but
// the first digits are gone.
func lostDigits(s string) bool {
	e := max(strings.IndexByte(s, 'E'), strings.IndexByte(s, 'e'))
	if e < 1 || e > 18 || len(s)-e < 3 || !digit(s[0]) || (s[e+1] != '+' && !digit(s[e+1])) {
		return false
	}
	exponent := strings.TrimPrefix(s[e+1:], "+")
	return digits(exponent) && len(exponent) <= 3 && strings.Trim(s[:e], "0123456789.,") == "" && (strings.ContainsAny(s[:e], ".,") || s[e+1] == '+')
}

// wholeNumber takes the ".0" off that a number of digits got as a float.
func wholeNumber(s string) string {
	if i := len(s) - 2; i > 0 && s[i+1] == '0' && (s[i] == '.' || s[i] == ',') && digits(s[:i]) {
		return s[:i]
	}
	return s
}
