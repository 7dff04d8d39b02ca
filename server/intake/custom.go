package intake

import (
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf8"

	"complero/db/profile"
)

// The types of custom fields.
const (
	typeText    = "TEXT"
	typeNumber  = "NUMBER"
	typeDate    = "DATE"
	typeBoolean = "BOOLEAN"
	typeChoice  = "CHOICE"
)

// maxKey are the most characters of a custom field's key.
const maxKey = 64

// value reads a custom field's cell, "" being none. wrong says what is wrong
// with it, and code how the API names that; "" if nothing is.
func (s *step) value(cell string, today day) (value any, code, wrong string) {
	if cell == "" {
		return nil, "", ""
	}
	switch s.typ {
	case typeNumber:
		if number, ok := plainNumber(cell, s.col.Decimal); ok {
			return json.Number(number), "", ""
		}
		return nil, codeInvalid, "is no number; write it like 1234.5, without a unit"
	case typeBoolean:
		switch {
		case wordIn(trueWords, cell) || cell == "✓" || cell == "✔":
			return true, "", ""
		case wordIn(falseWords, cell):
			return false, "", ""
		}
		return nil, codeInvalid, "is neither yes nor no; write true or false"
	case typeDate:
		t, ok := scanDate(cell)
		d, state := day{}, dateBad
		if ok {
			d, state = t.read(s.order, today, false)
		}
		switch state {
		case dateRead:
			return d.String(), "", ""
		case dateNone:
			return nil, "", ""
		}
		return nil, codeInvalidDate, s.dateCure(ok)
	case typeChoice:
		if choice, known := s.choices[key(cell)]; known {
			return choice, "", ""
		}
	case typeJSON:
		d := json.NewDecoder(strings.NewReader(cell))
		d.UseNumber()
		if !json.Valid([]byte(cell)) || d.Decode(&value) != nil {
			return nil, codeInvalid, "is no JSON value; write a text in quotes, a number, true or false"
		}
		return value, "", ""
	}
	return cell, "", ""
}

// plainNumber writes a number as JSON has it: "1.234,50 €" is 1234.50. decimal
// is the sign of the column for what could be either, "," or ".".
func plainNumber(cell, decimal string) (string, bool) {
	cell = strings.TrimFunc(cell, func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Sc, r) })
	for _, unit := range [...]string{"EUR", "CHF", "USD", "GBP", "PLN", "zł", "Euro", "Fr."} {
		cell = trim(strings.TrimSuffix(strings.TrimPrefix(cell, unit), unit))
	}
	comma, dot := strings.LastIndexByte(cell, ','), strings.LastIndexByte(cell, '.')
	point := max(comma, dot) // the decimal sign is the last of the two
	if comma < 0 || dot < 0 {
		mark := "."
		if comma >= 0 {
			mark = ","
		}
		whole := strings.TrimLeft(cell[:max(point, 0)], "-+")
		grouped := point >= 0 && len(cell)-point == 4 && len(whole) <= 3 && whole != "0" && whole != ""
		switch {
		case strings.Count(cell, mark) > 1, grouped && decimal != "" && decimal != mark, grouped && decimal == "" && mark == ",":
			point = -1 // 1,234 without more evidence is a thousand
		}
	}
	var b strings.Builder
	for i, r := range cell {
		switch {
		case i == point:
			b.WriteByte('.')
		case r >= '0' && r <= '9', r == '-' && i == 0, (r == 'e' || r == 'E') && i > 0:
			b.WriteRune(r)
		case r == '+' && i == 0, r == ',' || r == '.', r == '\'' || r == '’', r == ' ' || r == '\u00A0' || r == '\u202F':
		case (r == '-' || r == '+') && (cell[i-1] == 'e' || cell[i-1] == 'E'):
			b.WriteRune(r)
		default:
			return "", false
		}
	}
	number := b.String()
	if strings.HasPrefix(number, ".") {
		number = "0" + number
	}
	number = strings.TrimSuffix(number, ".")
	sign, bare := "", number
	if strings.HasPrefix(number, "-") {
		sign, bare = "-", number[1:]
	}
	for len(bare) > 1 && bare[0] == '0' && digit(bare[1]) {
		bare = bare[1:]
	}
	number = sign + bare
	return number, json.Valid([]byte(number))
}

// customKey makes a custom field's key from a heading: "Kunde seit" is
// kundeSeit. "" if nothing of it can be in a key.
func customKey(heading string) string {
	var b strings.Builder
	upper, before := false, rune(0)
	for _, r := range germanSpelling(heading) {
		switch {
		case b.Len() >= maxKey:
			return b.String()[:maxKey]
		case r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r)), r == '_' && b.Len() > 0:
			if upper && b.Len() > 0 {
				r = unicode.ToUpper(r)
			} else if b.Len() == 0 || (unicode.IsUpper(before) && unicode.IsUpper(r)) {
				before = r
				r = unicode.ToLower(r)
				b.WriteRune(r)
				upper = false
				continue
			}
			b.WriteRune(r)
			upper = false
		default:
			upper = b.Len() > 0
		}
		before = r
	}
	return b.String()
}

// germanSpelling writes a heading in ASCII letters, ä as ae.
func germanSpelling(heading string) string {
	heading = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "Ä", "Ae", "Ö", "Oe", "Ü", "Ue", "ß", "ss").Replace(heading)
	var b strings.Builder
	for _, r := range heading {
		if r < utf8.RuneSelf {
			b.WriteRune(r)
			continue
		}
		folded := profile.FoldName(string(r))
		if unicode.IsUpper(r) && folded != "" {
			folded = strings.ToUpper(folded[:1]) + folded[1:]
		}
		b.WriteString(folded)
	}
	return b.String()
}
