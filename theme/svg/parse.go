package svg

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

const namespace = "http://www.w3.org/2000/svg"

// kept are the elements that stay, groups under one name.
var kept = map[string]string{
	"g": "g", "a": "g", "switch": "g", "defs": "defs", "path": "path", "rect": "rect", "circle": "circle", "ellipse": "ellipse",
	"line": "line", "polyline": "polyline", "polygon": "polygon", "linearGradient": "linearGradient",
	"radialGradient": "radialGradient", "stop": "stop", "clipPath": "clipPath", "use": "use",
}

// dropped are those that go without a trace, with all that is in them: what is
// not seen, what moves, and what only runs or loads. Effects go here, where
// nobody refers to them; who does is refused by its attribute.
var dropped = map[string]bool{
	"title": true, "desc": true, "metadata": true, "script": true, "foreignObject": true, "handler": true, "listener": true,
	"animate": true, "animateTransform": true, "animateMotion": true, "animateColor": true, "set": true, "mpath": true, "discard": true,
	"filter": true, "mask": true, "pattern": true, "marker": true, "font": true, "cursor": true, "view": true, "color-profile": true,
	"iframe": true, "audio": true, "video": true, "canvas": true, "embed": true, "object": true, "link": true,
}

// refused are elements that would be seen and cannot be kept.
var refused = map[string]string{
	"text":   "turn its text into outlines (paths) and export it again",
	"tspan":  "turn its text into outlines (paths) and export it again",
	"tref":   "turn its text into outlines (paths) and export it again",
	"image":  "draw the picture in it as shapes, or upload the logo as a PNG",
	"symbol": "export it without symbols",
	"svg":    "export it without drawings within the drawing",
}

// Parse reads a drawing of at most MaxBytes. Its errors say what is wrong and
// what to do, as the end of a sentence that begins "the drawing".
func Parse(data []byte) (*Drawing, error) {
	switch {
	case len(data) > MaxBytes:
		return nil, fmt.Errorf("is larger than %d KiB; simplify it, or upload the logo as a PNG", MaxBytes>>10)
	case !utf8.Valid(data):
		return nil, errors.New("is not in UTF-8; save it as UTF-8 and export it again")
	}
	p := &parser{decoder: xml.NewDecoder(bytes.NewReader(data))}
	p.decoder.CharsetReader = func(string, io.Reader) (io.Reader, error) {
		return nil, errors.New("save it as UTF-8")
	}
	root, err := p.document()
	if err != nil {
		return nil, err
	}
	rules, err := parseSheet(p.sheet.String())
	if err != nil {
		return nil, err
	}
	d := &Drawing{root: root, ids: map[string]*node{}}
	if err := d.size(); err != nil {
		return nil, err
	}
	if err := d.clean(root, rules); err != nil {
		return nil, err
	}
	return d, d.checkLinks(root)
}

type parser struct {
	decoder  *xml.Decoder
	sheet    strings.Builder // of all style elements
	elements int
}

// document reads to the end, where nothing but the one drawing may stand.
func (p *parser) document() (*node, error) {
	var root *node
	for {
		token, err := p.decoder.Token()
		if errors.Is(err, io.EOF) && root != nil {
			return root, nil
		}
		if err != nil {
			return nil, fmt.Errorf("cannot be read: %w; export it again", err)
		}
		switch t := token.(type) {
		case xml.Directive:
			if bytes.ContainsAny(t, "[") || bytes.HasPrefix(bytes.ToUpper(t), []byte("ENTITY")) {
				return nil, errors.New("declares entities (in its DOCTYPE), which are not read; export it without them")
			}
		case xml.StartElement:
			if root != nil || t.Name.Local != "svg" || t.Name.Space != namespace && t.Name.Space != "" {
				return nil, fmt.Errorf("begins with <%s> and not with <svg>", shorten(t.Name.Local))
			}
			root = &node{name: "svg", attrs: attributes(t)}
			if err := p.inside(root, 1); err != nil {
				return nil, err
			}
		}
	}
}

// inside reads an element to its end.
func (p *parser) inside(parent *node, depth int) error {
	for {
		token, err := p.decoder.Token()
		if err != nil {
			return fmt.Errorf("cannot be read: %w; export it again", err)
		}
		switch t := token.(type) {
		case xml.EndElement:
			return nil
		case xml.StartElement:
			if p.elements++; p.elements > maxElements || depth > maxDepth {
				return fmt.Errorf("has more than %d elements, or more than %d within one another; simplify it, or upload the logo as a PNG", maxElements, maxDepth)
			}
			if err := p.element(parent, t, depth); err != nil {
				return err
			}
		}
	}
}

func (p *parser) element(parent *node, t xml.StartElement, depth int) error {
	name := t.Name.Local
	if t.Name.Space != namespace && t.Name.Space != "" || dropped[name] {
		return p.skip()
	}
	if name == "style" {
		return p.readSheet()
	}
	if cure, found := refused[name]; found {
		return fmt.Errorf("has a <%s>, which cannot be kept; %s", name, cure)
	}
	as, found := kept[name]
	if !found {
		return fmt.Errorf("has a <%s>, which is not known here; export it without, or upload the logo as a PNG", shorten(name))
	}
	child := &node{name: as, attrs: attributes(t)}
	parent.children = append(parent.children, child)
	return p.inside(child, depth+1)
}

func (p *parser) skip() error {
	if err := p.decoder.Skip(); err != nil {
		return fmt.Errorf("cannot be read: %w; export it again", err)
	}
	return nil
}

// readSheet keeps a stylesheet's text; it may hold nothing else.
func (p *parser) readSheet() error {
	for {
		token, err := p.decoder.Token()
		if err != nil {
			return fmt.Errorf("cannot be read: %w; export it again", err)
		}
		switch t := token.(type) {
		case xml.CharData:
			p.sheet.Write(t)
		case xml.StartElement:
			return errors.New("has an element within its stylesheet; export it again")
		case xml.EndElement:
			p.sheet.WriteString("\n")
			return nil
		}
	}
}

// attributes are those without a namespace, and href under both its names.
func attributes(t xml.StartElement) map[string]string {
	attrs := make(map[string]string, len(t.Attr))
	for _, a := range t.Attr {
		switch {
		case a.Name.Space == "":
			attrs[a.Name.Local] = strings.TrimSpace(a.Value)
		case a.Name.Local == "href" && attrs["href"] == "":
			attrs["href"] = strings.TrimSpace(a.Value)
		}
	}
	return attrs
}

// size reads what part of the plane is shown, and how large.
func (d *Drawing) size() error {
	box := numbers(d.root.attrs["viewBox"])
	if len(box) == 4 {
		d.box = [4]float64(box)
	} else {
		width, okWidth := length(d.root.attrs["width"], 0)
		height, okHeight := length(d.root.attrs["height"], 0)
		if !okWidth || !okHeight {
			return errors.New("does not say how large it is; export it with a viewBox")
		}
		d.box = [4]float64{0, 0, width, height}
	}
	d.Width, d.Height = d.box[2], d.box[3]
	for i, n := range d.box {
		if n > maxNumber || n < -maxNumber || i > 1 && n < 1e-3 {
			return errors.New("has no possible size; export it with a viewBox")
		}
	}
	if ratio := d.Width / d.Height; ratio > 200 || ratio < 1.0/200 {
		return errors.New("is more than two hundred times as long as wide")
	}
	return nil
}

func shorten(s string) string {
	if runes := []rune(s); len(runes) > 40 {
		return string(runes[:40]) + "…"
	}
	return s
}
