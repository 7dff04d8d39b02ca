package svg

import (
	"errors"
	"image"
	"math"
	"strings"
)

// Draw draws the whole drawing as large as fits a box of pixels, on nothing.
// The opacity of a group is that of each of its shapes, also where they overlap.
func (d *Drawing) Draw(width, height int) (*image.NRGBA, error) {
	scale := min(float64(width)/d.Width, float64(height)/d.Height)
	w, h := max(1, int(math.Round(d.Width*scale))), max(1, int(math.Round(d.Height*scale)))
	p := &painter{drawing: d, width: w, height: h, pixels: make([]color, w*h)}
	look := look{
		matrix: matrix{scale, 0, 0, scale, -d.box[0] * scale, -d.box[1] * scale},
		fill:   "black", stroke: "none", color: "black", fillRule: "nonzero", clipRule: "nonzero",
		fillOpacity: 1, strokeOpacity: 1, opacity: 1, line: stroke{width: 1, miter: 4, cap: "butt", join: "miter"}, visible: true,
	}
	if err := p.node(d.root, look, 0); err != nil {
		return nil, err
	}
	return p.image(), nil
}

// A painter paints into pixels, whose colours are multiplied by their opacity.
type painter struct {
	drawing       *Drawing
	width, height int
	pixels        []color
	work, copies  int
}

// A look is what an element takes over from those around it.
type look struct {
	matrix                                  matrix
	fill, stroke, color, fillRule, clipRule string
	fillOpacity, strokeOpacity, opacity     float64
	line                                    stroke
	visible                                 bool
	clip                                    []float32 // share of each pixel that is not clipped away; nil for all
}

// with is the look of an element inside.
func (l look) with(n *node, d *Drawing) look {
	for name, to := range map[string]*string{
		"fill": &l.fill, "stroke": &l.stroke, "color": &l.color, "fill-rule": &l.fillRule, "clip-rule": &l.clipRule,
		"stroke-linecap": &l.line.cap, "stroke-linejoin": &l.line.join,
	} {
		if value := n.attrs[name]; value != "" && value != "inherit" {
			*to = value
		}
	}
	for name, to := range map[string]*float64{"fill-opacity": &l.fillOpacity, "stroke-opacity": &l.strokeOpacity} {
		*to = fraction(n.attrs[name], *to)
	}
	diagonal := math.Sqrt((d.Width*d.Width + d.Height*d.Height) / 2)
	for name, to := range map[string]*float64{"stroke-width": &l.line.width, "stroke-miterlimit": &l.line.miter, "stroke-dashoffset": &l.line.offset} {
		if value, ok := length(n.attrs[name], diagonal); ok {
			*to = value
		}
	}
	if dashes, found := n.attrs["stroke-dasharray"]; found {
		l.line.dashes = numbers(dashes)
	}
	if v := n.attrs["visibility"]; v != "" {
		l.visible = v == "visible"
	}
	l.opacity *= fraction(n.attrs["opacity"], 1)
	if m, ok := transform(n.attrs["transform"]); ok {
		l.matrix = l.matrix.times(m)
	}
	return l
}

// node paints an element with all that is in it.
func (p *painter) node(n *node, around look, depth int) error {
	if p.copies++; p.copies > maxCopies || depth > 2*maxDepth {
		return errTooComplex
	}
	if n.attrs["display"] == "none" {
		return nil
	}
	l := around.with(n, p.drawing)
	if id, clipped := strings.CutPrefix(n.attrs["clip-path"], "url(#"); clipped {
		var err error
		if l.clip, err = p.clipped(p.drawing.ids[strings.TrimSuffix(id, ")")], l, depth); err != nil {
			return err
		}
	}
	switch n.name {
	case "svg", "g":
		for _, child := range n.children {
			if err := p.node(child, l, depth+1); err != nil {
				return err
			}
		}
	case "use":
		to := p.drawing.ids[strings.TrimPrefix(n.attrs["href"], "#")]
		if to == nil || to.name == "clipPath" || to.name == "defs" {
			return nil
		}
		x, _ := length(n.attrs["x"], p.drawing.Width)
		y, _ := length(n.attrs["y"], p.drawing.Height)
		l.matrix = l.matrix.times(matrix{1, 0, 0, 1, x, y})
		return p.node(to, l, depth+1)
	case "path", "rect", "circle", "ellipse", "line", "polyline", "polygon":
		return p.shape(n, l)
	}
	return nil
}

func (p *painter) shape(n *node, l look) error {
	lines := n.lines(p.drawing)
	if !l.visible || len(lines) == 0 {
		return nil
	}
	points := 0
	for _, line := range lines {
		points += len(line.points)
	}
	if p.work += 20 * points; p.work > mostWork {
		return errTooComplex
	}
	box := boxOf(lines)
	if n.name != "line" {
		if err := p.cover(lines, l, l.fillRule == "evenodd", p.paintOf(l.fill, l, box), l.fillOpacity); err != nil {
			return err
		}
	}
	if l.line.width <= 0 || l.stroke == "none" {
		return nil
	}
	if p.work += 300 * points; p.work > mostWork {
		return errTooComplex
	}
	return p.cover(l.line.outline(lines), l, false, p.paintOf(l.stroke, l, box), l.strokeOpacity)
}

// paintOf is nil for none.
func (p *painter) paintOf(value string, l look, box [4]float64) paint {
	if id, found := strings.CutPrefix(value, "url(#"); found {
		if n := p.drawing.ids[strings.TrimSuffix(id, ")")]; n != nil {
			return p.drawing.gradient(n, box, l.matrix)
		}
		return nil
	}
	if value == "none" {
		return nil
	}
	if strings.EqualFold(value, "currentColor") {
		value = l.color
	}
	c, ok := parseColor(value)
	if !ok {
		c = black
	}
	return func(float64, float64) color { return c }
}

// cover paints what the lines enclose.
func (p *painter) cover(lines []line, l look, evenOdd bool, with paint, opacity float64) error {
	opacity *= l.opacity
	if with == nil || opacity <= 0 {
		return nil
	}
	s := scan{width: p.width, height: p.height, evenOdd: evenOdd, work: &p.work}
	return s.each(edges(lines, l.matrix, float64(p.height)), func(y int, coverage []float32) {
		for x, share := range coverage {
			if share <= 0 {
				continue
			}
			at := y*p.width + x
			if l.clip != nil {
				share *= l.clip[at]
			}
			c := with(float64(x)+0.5, float64(y)+0.5)
			a := min(1, float64(share)) * c.a * opacity
			under := &p.pixels[at]
			*under = color{c.r*a + under.r*(1-a), c.g*a + under.g*(1-a), c.b*a + under.b*(1-a), a + under.a*(1-a)}
		}
	})
}

// clipped is what is left of a look's clip inside a clipPath.
func (p *painter) clipped(n *node, l look, depth int) ([]float32, error) {
	if n == nil || depth > maxDepth {
		return nil, errors.New("clips within itself; flatten its clipping, or upload the logo as a PNG")
	}
	if p.work += p.width * p.height; p.work > mostWork {
		return nil, errTooComplex
	}
	// A clipPath takes the element's place, not its paint.
	inside := &painter{drawing: p.drawing, width: p.width, height: p.height, pixels: make([]color, p.width*p.height), work: p.work, copies: p.copies}
	l.fill, l.stroke, l.fillOpacity, l.opacity, l.line = "black", "none", 1, 1, stroke{}
	outer := l.clip
	l.clip = nil
	if m, ok := transform(n.attrs["transform"]); ok {
		l.matrix = l.matrix.times(m)
	}
	for _, child := range n.children {
		l.fillRule = l.clipRule
		if rule := child.attrs["clip-rule"]; rule != "" {
			l.fillRule = rule
		}
		painted := &node{name: child.name, children: child.children, attrs: map[string]string{}}
		for name, value := range child.attrs {
			if name != "fill" && name != "fill-rule" && name != "stroke" && name != "opacity" && name != "fill-opacity" {
				painted.attrs[name] = value
			}
		}
		if err := inside.node(painted, l, depth+1); err != nil {
			return nil, err
		}
	}
	if id, found := strings.CutPrefix(n.attrs["clip-path"], "url(#"); found {
		var err error
		l.clip = outer
		if outer, err = inside.clipped(p.drawing.ids[strings.TrimSuffix(id, ")")], l, depth+1); err != nil {
			return nil, err
		}
	}
	p.work, p.copies = inside.work, inside.copies
	clip := make([]float32, len(inside.pixels))
	for i, c := range inside.pixels {
		clip[i] = float32(c.a)
		if outer != nil {
			clip[i] *= outer[i]
		}
	}
	return clip, nil
}

// image turns the painted colours into those of a picture.
func (p *painter) image() *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, p.width, p.height))
	for i, c := range p.pixels {
		if c.a <= 0 {
			continue
		}
		part := func(x float64) uint8 { return uint8(math.Round(255 * max(0, min(1, x)))) }
		copy(img.Pix[4*i:], []uint8{part(c.r / c.a), part(c.g / c.a), part(c.b / c.a), part(c.a)})
	}
	return img
}

// lines are an element's, in its own units.
func (n *node) lines(d *Drawing) []line {
	p := &pen{}
	across := func(name string) float64 { x, _ := length(n.attrs[name], d.Width); return x }
	down := func(name string) float64 { y, _ := length(n.attrs[name], d.Height); return y }
	switch n.name {
	case "path":
		p.path(n.attrs["d"])
	case "rect":
		rx, ry := across("rx"), down("ry")
		if n.attrs["rx"] == "" {
			rx = ry
		} else if n.attrs["ry"] == "" {
			ry = rx
		}
		p.rectangle(across("x"), down("y"), across("width"), down("height"), max(rx, 0), max(ry, 0))
	case "circle":
		p.ellipse(across("cx"), down("cy"), across("r"), across("r"))
	case "ellipse":
		p.ellipse(across("cx"), down("cy"), across("rx"), down("ry"))
	case "line":
		p.move(point{across("x1"), down("y1")})
		p.to(point{across("x2"), down("y2")})
		p.end(false)
	case "polyline", "polygon":
		at := numbers(n.attrs["points"])
		for i := 0; i+1 < len(at); i += 2 {
			p.to(point{at[i], at[i+1]})
		}
		p.end(n.name == "polygon")
	}
	return p.lines
}

// boxOf is what the lines take up: x, y, width, height.
func boxOf(lines []line) [4]float64 {
	left, top, right, bottom := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, l := range lines {
		for _, p := range l.points {
			left, right, top, bottom = min(left, p.x), max(right, p.x), min(top, p.y), max(bottom, p.y)
		}
	}
	return [4]float64{left, top, right - left, bottom - top}
}
