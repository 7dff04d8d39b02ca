package theme

import (
	"fmt"
	"math"

	"github.com/lucasb-eyer/go-colorful"
)

// A tokenSpace is a colour space of the format's colour module: what its
// components may be, and how they become a colour.
type tokenSpace struct {
	least, most [3]float64
	color       func(a, b, c float64) colorful.Color
}

var (
	unbounded = math.Inf(1)
	zeros     = [3]float64{}
	ones      = [3]float64{1, 1, 1}
)

// tokenSpaces are all that the module knows (Design Tokens Color Module
// 2025.10, section 4). Hues go up to 360 degrees, percentages up to 100.
var tokenSpaces = map[string]tokenSpace{
	"srgb":         {zeros, ones, func(r, g, b float64) colorful.Color { return colorful.Color{R: r, G: g, B: b} }},
	"srgb-linear":  {zeros, ones, colorful.LinearRgb},
	"display-p3":   {zeros, ones, colorful.DisplayP3},
	"a98-rgb":      {zeros, ones, colorful.A98Rgb},
	"prophoto-rgb": {zeros, ones, colorful.ProPhotoRgb},
	"rec2020":      {zeros, ones, colorful.Rec2020},
	"xyz-d65":      {zeros, ones, colorful.Xyz},
	"xyz-d50":      {zeros, ones, colorful.XyzD50},
	"hsl":          {zeros, [3]float64{360, 100, 100}, func(h, s, l float64) colorful.Color { return colorful.Hsl(h, s/100, l/100) }},
	"hwb":          {zeros, [3]float64{360, 100, 100}, hwb},
	"lab":          {[3]float64{0, -unbounded, -unbounded}, [3]float64{100, unbounded, unbounded}, labD50},
	"lch":          {zeros, [3]float64{100, unbounded, 360}, lchD50},
	"oklab":        {[3]float64{0, -unbounded, -unbounded}, [3]float64{1, unbounded, unbounded}, colorful.OkLab},
	"oklch":        {zeros, [3]float64{1, unbounded, 360}, colorful.OkLch},
}

// hwb is CSS Color 4, section 8: a hue with white and black mixed in.
func hwb(hue, white, black float64) colorful.Color {
	white, black = white/100, black/100
	if sum := white + black; sum >= 1 {
		grey := white / sum
		return colorful.Color{R: grey, G: grey, B: grey}
	}
	c := colorful.Hsl(hue, 1, 0.5)
	mix := func(v float64) float64 { return v*(1-white-black) + white }
	return colorful.Color{R: mix(c.R), G: mix(c.G), B: mix(c.B)}
}

func labD50(l, a, b float64) colorful.Color {
	return colorful.XyzD50(colorful.LabToXyzWhiteRef(l/100, a/100, b/100, colorful.D50))
}

func lchD50(l, c, h float64) colorful.Color {
	angle := h * math.Pi / 180
	return labD50(l, c*math.Cos(angle), c*math.Sin(angle))
}

// tokenHex is a token's colour as #rrggbb. note tells what had to give way.
func tokenHex(n *jsonNode) (hex, note string, err error) {
	switch n.kind {
	case jsonString:
		return plainHex(n.text)
	case jsonObject:
	default:
		return "", "", badValue("a colour is an object with colorSpace and components, or text such as #1f5f8b")
	}
	if alpha := n.member("alpha"); alpha != nil {
		if alpha.kind != jsonNumber || alpha.number < 0 || alpha.number > 1 {
			return "", "", badValue("alpha is a number from 0 to 1")
		}
		if alpha.number < 1 {
			return "", "", badValue("it is transparent, and a Brand's colours are not; give the colour that comes of it on its ground")
		}
	}
	said := ""
	if h := n.member("hex"); h != nil {
		if said, err = NormalizeColor(h.text); err != nil || len(h.text) != 7 {
			return "", "", badValue("its hex is not of the form #rrggbb")
		}
	}
	color, err := componentColor(n)
	if err != nil {
		return "", "", err
	}
	if !displayable(color) {
		l, c, h := color.OkLch()
		shown := oklch(l, c, h).Hex()
		return shown, "it lies outside of what all screens show (sRGB), and becomes " + shown, nil
	}
	shown := quantize(color)
	// Components are often rounded to two places, and the hex value is not.
	if exact, err := parseColor(said); err == nil && distance(exact, shown) < 0.02 {
		return exact.Hex(), "", nil
	}
	return shown.Hex(), "", nil
}

// plainHex takes what was usual before the format had colour spaces.
func plainHex(s string) (hex, note string, err error) {
	opaque := s
	if len(s) == 5 || len(s) == 9 {
		digits := (len(s) - 1) / 4
		if alpha := s[len(s)-digits:]; alpha != "ff"[:digits] && alpha != "FF"[:digits] {
			return "", "", badValue("it is transparent, and a Brand's colours are not, or it is none; give the colour that comes of it on its ground as #rrggbb")
		}
		opaque = s[:len(s)-digits]
	}
	hex, err = NormalizeColor(opaque)
	return hex, "", err
}

func componentColor(n *jsonNode) (colorful.Color, error) {
	name := n.member("colorSpace")
	if name == nil || name.kind != jsonString {
		return colorful.Color{}, badValue("its colorSpace is missing, such as srgb")
	}
	space, ok := tokenSpaces[name.text]
	if !ok {
		return colorful.Color{}, badValue(fmt.Sprintf("%q is no colorSpace of the format, such as srgb or oklch", shorten(name.text, 40)))
	}
	parts := n.member("components")
	if parts == nil || parts.kind != jsonArray || len(parts.items) != 3 {
		return colorful.Color{}, badValue("its components are not three numbers")
	}
	var c [3]float64
	for i, part := range parts.items {
		switch {
		case part.kind == jsonString && part.text == "none": // counts as 0
			continue
		case part.kind != jsonNumber:
			return colorful.Color{}, badValue("its components are not three numbers")
		case part.number < space.least[i] || part.number > space.most[i]:
			return colorful.Color{}, badValue(fmt.Sprintf("component %d is %v, which %s does not have: from %v to %v", i+1, part.number, name.text, space.least[i], space.most[i]))
		}
		c[i] = math.Min(math.Max(part.number, -1000), 1000)
	}
	return space.color(c[0], c[1], c[2]), nil
}
