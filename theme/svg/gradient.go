package svg

import (
	"math"
	"slices"
	"strings"
)

// A paint gives the colour of a point of the picture.
type paint func(x, y float64) color

// A stop is a colour on the way of a gradient.
type stop struct {
	offset float64
	color  color
}

// gradient is the paint that a gradient element makes in a box, of the
// drawing's units, that m maps into the picture; nil where it paints nothing.
func (d *Drawing) gradient(n *node, box [4]float64, m matrix) paint {
	stops := d.stops(n)
	if len(stops) == 0 {
		return nil
	}
	user := d.inherited(n, "gradientUnits") == "userSpaceOnUse"
	wide, high := 1.0, 1.0
	if user {
		wide, high = d.Width, d.Height
	} else {
		if box[2] <= 0 || box[3] <= 0 {
			return nil
		}
		m = m.times(matrix{box[2], 0, 0, box[3], box[0], box[1]})
	}
	if own, ok := transform(d.inherited(n, "gradientTransform")); ok {
		m = m.times(own)
	}
	back, ok := m.inverse()
	if !ok {
		return nil
	}
	at := func(name, otherwise string, whole float64) float64 {
		value := d.inherited(n, name)
		if value == "" {
			value = otherwise
		}
		x, _ := length(value, whole)
		return x
	}
	spread := d.inherited(n, "spreadMethod")
	if n.name == "radialGradient" {
		c, r := point{at("cx", "50%", wide), at("cy", "50%", high)}, at("r", "50%", math.Sqrt((wide*wide+high*high)/2))
		return func(x, y float64) color {
			return between(stops, spread, back.apply(point{x, y}).minus(c).length()/max(r, 1e-9))
		}
	}
	from, to := point{at("x1", "0%", wide), at("y1", "0%", high)}, point{at("x2", "100%", wide), at("y2", "0%", high)}
	way := to.minus(from)
	square := max(way.x*way.x+way.y*way.y, 1e-12)
	return func(x, y float64) color {
		p := back.apply(point{x, y}).minus(from)
		return between(stops, spread, (p.x*way.x+p.y*way.y)/square)
	}
}

// maxLinks bounds how often one gradient refers to another.
const maxLinks = 8

// inherited is an attribute of a gradient, or of the one that it refers to.
func (d *Drawing) inherited(n *node, name string) string {
	for range maxLinks {
		if value, found := n.attrs[name]; found {
			return value
		}
		next := d.ids[strings.TrimPrefix(n.attrs["href"], "#")]
		if next == nil {
			return ""
		}
		n = next
	}
	return ""
}

func (d *Drawing) stops(n *node) []stop {
	for range maxLinks {
		var stops []stop
		for _, child := range n.children {
			if child.name != "stop" {
				continue
			}
			c, ok := parseColor(child.attrs["stop-color"])
			if !ok {
				c = black
			}
			c.a *= fraction(child.attrs["stop-opacity"], 1)
			offset := fraction(child.attrs["offset"], 0)
			if len(stops) > 0 {
				offset = max(offset, stops[len(stops)-1].offset)
			}
			stops = append(stops, stop{offset, c})
		}
		next := d.ids[strings.TrimPrefix(n.attrs["href"], "#")]
		if len(stops) > 0 || next == nil {
			return stops
		}
		n = next
	}
	return nil
}

// between is the colour at a place of the way.
func between(stops []stop, spread string, t float64) color {
	switch {
	case math.IsNaN(t) || math.IsInf(t, 0):
		return color{}
	case spread == "repeat":
		t -= math.Floor(t)
	case spread == "reflect":
		t = math.Abs(t - 2*math.Floor(t/2+0.5))
	}
	i := slices.IndexFunc(stops, func(s stop) bool { return s.offset >= t })
	switch {
	case i < 0:
		return stops[len(stops)-1].color
	case i == 0:
		return stops[0].color
	}
	a, b := stops[i-1], stops[i]
	share := (t - a.offset) / max(b.offset-a.offset, 1e-9)
	mix := func(from, to float64) float64 { return from + (to-from)*share }
	return color{mix(a.color.r, b.color.r), mix(a.color.g, b.color.g), mix(a.color.b, b.color.b), mix(a.color.a, b.color.a)}
}
