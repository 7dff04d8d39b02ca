package svg

import (
	"math"
	"strconv"
	"strings"

	"golang.org/x/image/colornames"
)

// A color has parts from 0 to 1, not multiplied by its opacity.
type color struct{ r, g, b, a float64 }

var black = color{a: 1}

// parseColor reads a colour; false for what is none, which counts as if it had
// not been said.
func parseColor(s string) (color, bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	if hex, found := strings.CutPrefix(s, "#"); found {
		return parseHex(hex)
	}
	if open := strings.IndexByte(s, '('); open > 0 {
		return parseRGB(s[open+1 : len(s)-1])
	}
	if s == "transparent" {
		return color{}, true
	}
	named, found := colornames.Map[s]
	return color{float64(named.R) / 255, float64(named.G) / 255, float64(named.B) / 255, 1}, found
}

func parseHex(hex string) (color, bool) {
	if len(hex) == 3 || len(hex) == 4 {
		long := make([]byte, 0, 8)
		for i := range len(hex) {
			long = append(long, hex[i], hex[i])
		}
		hex = string(long)
	}
	if len(hex) == 6 {
		hex += "ff"
	}
	n, err := strconv.ParseUint(hex, 16, 32)
	if err != nil || len(hex) != 8 {
		return color{}, false
	}
	part := func(shift int) float64 { return float64(n>>shift&0xff) / 255 }
	return color{part(24), part(16), part(8), part(0)}, true
}

// parseRGB reads what stands in the brackets of rgb() and rgba().
func parseRGB(s string) (color, bool) {
	fields := strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == '/' || r == ' ' || r == '\t' || r == '\n' || r == '\r' })
	if len(fields) != 3 && len(fields) != 4 {
		return color{}, false
	}
	parts := [4]float64{3: 1}
	for i, field := range fields {
		whole := 255.0
		if i == 3 {
			whole = 1
		}
		digits, share := strings.CutSuffix(field, "%")
		n, err := strconv.ParseFloat(digits, 64)
		if err != nil || math.IsNaN(n) {
			return color{}, false
		}
		if share {
			whole = 100
		}
		parts[i] = max(0, min(1, n/whole))
	}
	return color{parts[0], parts[1], parts[2], parts[3]}, true
}

// fraction reads a number from 0 to 1, also as a percentage.
func fraction(s string, otherwise float64) float64 {
	if n, ok := length(s, 1); ok {
		return max(0, min(1, n))
	}
	return otherwise
}
