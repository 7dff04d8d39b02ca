package svg

import (
	"math"
	"regexp"
	"strconv"
	"strings"
)

// units are how many of a drawing's own one of them is (CSS Values, 6.2).
var units = map[string]float64{"": 1, "px": 1, "pt": 4.0 / 3, "pc": 16, "mm": 96 / 25.4, "cm": 960 / 25.4, "in": 96}

// length reads a length; a percentage is of whole.
func length(s string, whole float64) (float64, bool) {
	if !numberValue.MatchString(s) {
		return 0, false
	}
	digits := strings.TrimRight(s, "%abcdefghijklmnopqrstuvwxyz")
	n, err := strconv.ParseFloat(digits, 64)
	if err != nil {
		return 0, false
	}
	if s[len(digits):] == "%" {
		n *= whole / 100
	} else {
		n *= units[s[len(digits):]]
	}
	return n, math.Abs(n) <= maxNumber
}

var numberIn = regexp.MustCompile(`[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?`)

// numbers reads a list of numbers, separated by whatever; numbers beyond
// all measure are the largest.
func numbers(s string) []float64 {
	var list []float64
	for _, digits := range numberIn.FindAllString(s, maxSegments) {
		n, _ := strconv.ParseFloat(digits, 64)
		list = append(list, max(-maxNumber, min(maxNumber, n)))
	}
	return list
}

// A matrix maps x, y to a·x + c·y + e, b·x + d·y + f.
type matrix struct{ a, b, c, d, e, f float64 }

var identity = matrix{a: 1, d: 1}

// times applies n first.
func (m matrix) times(n matrix) matrix {
	return matrix{
		m.a*n.a + m.c*n.b, m.b*n.a + m.d*n.b,
		m.a*n.c + m.c*n.d, m.b*n.c + m.d*n.d,
		m.a*n.e + m.c*n.f + m.e, m.b*n.e + m.d*n.f + m.f,
	}
}

func (m matrix) apply(p point) point {
	return point{m.a*p.x + m.c*p.y + m.e, m.b*p.x + m.d*p.y + m.f}
}

func (m matrix) inverse() (matrix, bool) {
	det := m.a*m.d - m.b*m.c
	if math.Abs(det) < 1e-12 || math.IsNaN(det) || math.IsInf(det, 0) {
		return identity, false
	}
	return matrix{m.d / det, -m.b / det, -m.c / det, m.a / det, (m.c*m.f - m.d*m.e) / det, (m.b*m.e - m.a*m.f) / det}, true
}

var transformPart = regexp.MustCompile(`^[\s,]*(matrix|translate|scale|rotate|skewX|skewY)\s*\(([-+0-9.eE,\s]*)\)`)

// transform reads the value of a transform attribute.
func transform(s string) (matrix, bool) {
	m := identity
	for strings.Trim(s, " \t\r\n,") != "" {
		part := transformPart.FindStringSubmatch(s)
		if part == nil {
			return identity, false
		}
		n, ok := oneTransform(part[1], numbers(part[2]))
		if !ok {
			return identity, false
		}
		m, s = m.times(n), s[len(part[0]):]
	}
	return m, true
}

func oneTransform(name string, n []float64) (matrix, bool) {
	at := func(i int, otherwise float64) float64 {
		if i < len(n) {
			return n[i]
		}
		return otherwise
	}
	switch {
	case name == "matrix" && len(n) == 6:
		return matrix{n[0], n[1], n[2], n[3], n[4], n[5]}, true
	case name == "translate" && (len(n) == 1 || len(n) == 2):
		return matrix{1, 0, 0, 1, n[0], at(1, 0)}, true
	case name == "scale" && (len(n) == 1 || len(n) == 2):
		return matrix{a: n[0], d: at(1, n[0])}, true
	case name == "rotate" && (len(n) == 1 || len(n) == 3):
		sin, cos := math.Sincos(n[0] * math.Pi / 180)
		x, y := at(1, 0), at(2, 0)
		return matrix{cos, sin, -sin, cos, x - cos*x + sin*y, y - sin*x - cos*y}, true
	case name == "skewX" && len(n) == 1:
		return matrix{a: 1, c: math.Tan(n[0] * math.Pi / 180), d: 1}, true
	case name == "skewY" && len(n) == 1:
		return matrix{a: 1, b: math.Tan(n[0] * math.Pi / 180), d: 1}, true
	}
	return identity, false
}
