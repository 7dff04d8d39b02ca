package theme

import (
	"fmt"
	"strconv"
	"strings"
)

// A badValue is a token's value that its setting cannot take.
type badValue string

func (b badValue) Error() string { return string(b) }

// tokenRadius is the corner radius nearest to a dimension.
func tokenRadius(n *jsonNode) (r CornerRadius, note string, err error) {
	var value float64
	var unit string
	switch v, u := n.member("value"), n.member("unit"); {
	case n.kind == jsonString: // as before the format had units of their own
		text := strings.TrimSpace(n.text)
		number := strings.TrimRight(text, "abcdefghijklmnopqrstuvwxyz%")
		unit = text[len(number):]
		if value, err = strconv.ParseFloat(number, 64); err != nil {
			return "", "", badValue("a dimension is an object with value and unit, or text such as 8px")
		}
	case v != nil && v.kind == jsonNumber && u != nil && u.kind == jsonString:
		value, unit = v.number, u.text
	default:
		return "", "", badValue("a dimension is an object with value and unit")
	}
	switch unit {
	case "px":
	case "rem":
		value *= 16
	default:
		return "", "", badValue(fmt.Sprintf("its unit is %q; px and rem are possible", shorten(unit, 20)))
	}
	if !(value >= 0) {
		return "", "", badValue("a radius is not negative")
	}
	switch {
	case value < 2:
		r = RadiusNone
	case value < 6:
		r = RadiusSmall
	case value < 11:
		r = RadiusMedium
	case value < 26: // half of a button's height
		r = RadiusLarge
	default:
		r = RadiusPill
	}
	if value != r.pixels() {
		note = fmt.Sprintf("%g pixels become %s", value, r)
	}
	return r, note, nil
}

// font is the first of a token's fonts that is on offer.
func (r *tokenReader) font(n *jsonNode) (font, note string, err error) {
	if n.kind == jsonObject { // typography
		inner := n.member("fontFamily")
		if inner == nil {
			return "", "", badValue("it names no fontFamily")
		}
		n = inner
	}
	list := n.items
	if n.kind == jsonString {
		list = nil
		for name := range strings.SplitSeq(n.text, ",") {
			list = append(list, &jsonNode{kind: jsonString, text: name})
		}
	}
	first := ""
	for i, item := range list {
		if item.kind != jsonString {
			return "", "", badValue("a font family is a name, or a list of names")
		}
		name := strings.Trim(item.text, ` '"`)
		if i == 0 {
			first = name
		}
		if strings.EqualFold(name, "system-ui") {
			name = "System"
		}
		if font = r.family(name); font != "" {
			if i > 0 {
				note = fmt.Sprintf("there is no font %q; %s stands in for it", shorten(first, 40), font)
			}
			return font, note, nil
		}
	}
	if first == "" {
		return "", "", badValue("a font family is a name, or a list of names")
	}
	return "", "", badValue(unknownFont(first))
}

// family is the font of that name as it is written, the Company's own before
// the others; "" where there is none.
func (r *tokenReader) family(name string) string {
	name = strings.TrimSpace(name)
	for _, own := range r.own {
		if strings.EqualFold(own, name) {
			return own
		}
	}
	f, _ := findFont(name)
	return f.Name
}
