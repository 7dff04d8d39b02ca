package profile

import (
	"math"
	"strconv"
	"strings"
)

// parseNumber reads a number as people and programs write it: 1234, 1.5, 1,5,
// 1.234,5, 1,234.5, 1 234,5, 1'234.50. What could be a thousand or a fraction,
// 1.234 or 1,234, is refused: nobody would notice the wrong one.
func parseNumber(s string) (float64, fault) {
	none := fault{codeInvalid, "is no number; write it with digits, such as 1234.5"}
	digits := strings.TrimSpace(s)
	digits = strings.Replace(digits, "−", "-", 1) // U+2212, as typesetters have it
	sign := ""
	if rest, negative := strings.CutPrefix(digits, "-"); negative {
		sign, digits = "-", rest
	} else {
		digits = strings.TrimPrefix(digits, "+")
	}
	whole, fraction, f := splitNumber(digits)
	if f.bad() {
		return 0, f
	}
	whole, ok := ungroup(whole)
	if !ok || !allDigits(fraction) || whole+fraction == "" || len(whole)+len(fraction) > 40 {
		return 0, none
	}
	n, err := strconv.ParseFloat(sign+"0"+whole+"."+fraction+"0", 64)
	switch {
	case err != nil:
		return 0, none
	case math.Abs(n) > maxWhole:
		return 0, fault{codeInvalid, "is a number of more than 15 digits, which JSON cannot keep exactly; make it a field of type TEXT"}
	case n == 0:
		n = 0 // not -0
	}
	return n, fault{}
}

// splitNumber finds the decimal sign, if there is one.
func splitNumber(s string) (whole, fraction string, f fault) {
	point, comma := strings.Count(s, "."), strings.Count(s, ",")
	at := strings.LastIndexAny(s, ".,")
	switch {
	case at < 0:
		return s, "", fault{}
	case point > 0 && comma > 0:
		// The last one is decimal, and stands there once.
		if strings.Count(s, s[at:at+1]) > 1 {
			return "", "x", fault{}
		}
	case point+comma > 1:
		return s, "", fault{} // groups of thousands
	case ambiguous(s[:at], s[at+1:]):
		return "", "", fault{codeInvalid, "may be " + s[:at] + s[at+1:] + " or " + s[:at] + "." + s[at+1:] + "0; write one of these"}
	}
	return s[:at], s[at+1:], fault{}
}

// ambiguous reports whether a single sign may part thousands as well as a
// fraction.
func ambiguous(before, after string) bool {
	return len(after) == 3 && len(before) >= 1 && len(before) <= 3 && before[0] != '0' && allDigits(before) && allDigits(after)
}

// ungroup takes the signs out from between groups of thousands.
func ungroup(s string) (string, bool) {
	if allDigits(s) {
		return s, true
	}
	var groups []string
	for _, sign := range []string{".", ",", "'", "’", " ", "\u00a0", "\u202f"} {
		if strings.Contains(s, sign) {
			groups = strings.Split(s, sign)
			break
		}
	}
	for i, g := range groups {
		if !allDigits(g) || (i > 0 && len(g) != 3) || (i == 0 && (g == "" || len(g) > 3)) {
			return "", false
		}
	}
	return strings.Join(groups, ""), groups != nil
}

func allDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if !digit(s[i]) {
			return false
		}
	}
	return true
}

// NumberText writes a number so that a field of type NUMBER reads the same
// from it: 1234.5, and 1.2340 where 1.234 could be taken for a thousand.
func NumberText(n float64) string {
	s := strconv.FormatFloat(n, 'f', -1, 64)
	whole, fraction, _ := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	if ambiguous(whole, fraction) {
		s += "0"
	}
	return s
}
