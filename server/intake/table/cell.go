package table

import "strings"

// What the t of a cell says that its value is (ECMA-376, 18.18.11).
const (
	cellNumber = iota
	cellShared
	cellString
	cellBool
	cellError
	cellDate
)

func cellKind(t []byte) byte {
	switch string(t) {
	case "s":
		return cellShared
	case "str", "inlineStr":
		return cellString
	case "b":
		return cellBool
	case "e":
		return cellError
	case "d":
		return cellDate
	}
	return cellNumber
}

// readValue reads a cell's value up to its closing tag into s.value. formula
// tells that the cell is calculated.
func (s *sheetReader) readValue() (formula bool, err error) {
	s.value = s.value[:0]
	within, sounds := false, false
	for {
		token, err := s.x.next()
		if err != nil {
			return false, err
		}
		switch {
		case token.kind == xmlText:
			if within && !sounds && len(s.value) <= s.book.limits.Cell {
				s.value = appendToken(s.value, token)
			}
		case token.closes("c"):
			return formula, nil
		case token.is("v"), token.is("t"):
			within = token.kind == xmlOpen
		case token.closes("v"), token.closes("t"):
			within = false
		case token.is("rPh"):
			sounds = token.kind == xmlOpen
		case token.closes("rPh"):
			sounds = false
		case token.is("f"):
			formula = true
		case token.is("row"), token.closes("row"), token.is("c"):
			return false, errXML
		}
	}
}

// columnOf reads the column of a reference such as AB12, from 0.
func columnOf(ref []byte) (int, bool) {
	n := 0
	for i, c := range ref {
		switch {
		case 'A' <= c && c <= 'Z':
			n = n*26 + int(c-'A') + 1
		case 'a' <= c && c <= 'z':
			n = n*26 + int(c-'a') + 1
		default:
			return n - 1, i > 0
		}
		if i > 3 {
			return 0, false
		}
	}
	return n - 1, n > 0
}

func boolText(value []byte) string {
	switch strings.ToLower(strings.TrimSpace(string(value))) {
	case "1", "true":
		return "true"
	case "0", "false":
		return "false"
	}
	return ""
}

// isoText takes the time off a date at midnight, and the fraction off a time.
func isoText(value []byte) string {
	s := strings.ToValidUTF8(strings.TrimSuffix(string(value), "Z"), "\uFFFD")
	day, clock, _ := strings.Cut(s, "T")
	clock, _, _ = strings.Cut(clock, ".")
	if clock == "" || strings.Trim(clock, "0:") == "" {
		return day
	}
	return day + "T" + clock
}
