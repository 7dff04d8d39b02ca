package profile

import "strings"

// A numbering is the part of a country's numbering plan that most numbers
// belong to. It spares them the full parser, which takes 15 µs; whatever is not
// plainly covered goes through it. A test holds every row against the parser.
type numbering struct {
	country string // ISO alpha-2
	code    string // country calling code
	trunk   string // what stands before a national number dialled at home
	ranges  []numberRange
}

// A numberRange holds national numbers (without trunk) by their beginning and
// number of digits.
type numberRange struct {
	prefixes string // separated by spaces
	min, max int
	kind     PhoneKind
}

var numberings = [...]numbering{
	{"DE", "49", "0", []numberRange{
		{"151 152 155 157 159 160 162 163 170 171 172 173 174 175 176 177 178 179", 9, 11, PhoneMobile},
		{"30 40 69 89", 9, 10, PhoneLandline},
	}},
	{"AT", "43", "0", []numberRange{{"650 660 664 676 677 678 680 681 688 699", 9, 11, PhoneMobile}}},
	{"CH", "41", "0", []numberRange{
		{"75 76 77 78 79", 9, 9, PhoneMobile},
		{"21 22 24 26 27 31 32 33 34 41 43 44 52 55 56 61 62 71 81 91", 9, 9, PhoneLandline},
	}},
	{"FR", "33", "0", []numberRange{
		{"6 73 74 75 76 77 78", 9, 9, PhoneMobile},
		{"1 2 3 4 5", 9, 9, PhoneLandline},
	}},
	{"IT", "39", "", []numberRange{{"32 33 34 36 37 38 39", 10, 10, PhoneMobile}}},
	{"ES", "34", "", []numberRange{{"60 61 62 63 64 65 66 67 68 69", 9, 9, PhoneMobile}}},
	{"NL", "31", "0", []numberRange{{"61 62 63 64 65 68", 9, 9, PhoneMobile}}},
	{"PL", "48", "", []numberRange{{"45 50 51 53 57 60 66 69 72 73 78 79 88", 9, 9, PhoneMobile}}},
	{"BE", "32", "0", []numberRange{{"46 47 48 49", 9, 9, PhoneMobile}}},
}

// commonNumber reads a number of a plan above. ok is false wherever the full
// parser has to look.
func commonNumber(s, country string) (number string, kind PhoneKind, ok bool) {
	var buf [20]byte
	digits, foreign, ok := dialledDigits(buf[:0], s)
	if !ok {
		return "", "", false
	}
	if !foreign && planned(country) && strings.HasPrefix(string(digits), "00") {
		digits, foreign = digits[2:], true
	}
	for i := range numberings {
		plan := &numberings[i]
		var national string
		switch {
		case foreign && strings.HasPrefix(string(digits), plan.code):
			national = string(digits[len(plan.code):])
		case !foreign && plan.country == country && strings.HasPrefix(string(digits), plan.trunk):
			national = string(digits)
		default:
			continue
		}
		national = strings.TrimPrefix(national, plan.trunk)
		for _, r := range plan.ranges {
			if len(national) >= r.min && len(national) <= r.max && beginsWith(national, r.prefixes) {
				return "+" + plan.code + national, r.kind, true
			}
		}
		return "", "", false
	}
	return "", "", false
}

// dialledDigits collects the digits of a number written with nothing but
// digits, spaces and the usual punctuation. foreign tells that they begin with
// a country code, after a +.
func dialledDigits(dst []byte, s string) (digits []byte, foreign, ok bool) {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case digit(c):
			if len(dst) == cap(dst) {
				return nil, false, false
			}
			dst = append(dst, c)
		case c == '+' && len(dst) == 0 && !foreign:
			foreign = true
		case c == ' ' || c == '-' || c == '/' || c == '.' || c == '(' || c == ')':
		default:
			return nil, false, false
		}
	}
	return dst, foreign, len(dst) > 0
}

// planned reports whether the country's plan is in numberings. All of these
// dial 00 for abroad; elsewhere it may be something else.
func planned(country string) bool {
	for i := range numberings {
		if numberings[i].country == country {
			return true
		}
	}
	return false
}

// beginsWith reports whether s begins with one of the prefixes.
func beginsWith(s, prefixes string) bool {
	for prefixes != "" {
		prefix, rest, _ := strings.Cut(prefixes, " ")
		if strings.HasPrefix(s, prefix) {
			return true
		}
		prefixes = rest
	}
	return false
}
