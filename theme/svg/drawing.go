package svg

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// MaxBytes is the largest drawing that is read.
const MaxBytes = 512 << 10

// Limits of what a drawing may be made of, far beyond what logos are.
const (
	maxElements = 5000
	maxDepth    = 40
	maxCopies   = 20_000    // elements after every use has been followed
	maxNumber   = 1_000_000 // of any coordinate
	maxSegments = 50_000    // points of one shape, those of its curves among them
)

// A Drawing is an SVG of which only what is known to be harmless is left.
type Drawing struct {
	// Width and Height are in its own units.
	Width, Height float64

	box  [4]float64 // x, y, width, height
	root *node
	ids  map[string]*node
}

// A node is an element with the attributes that are kept.
type node struct {
	name     string
	attrs    map[string]string
	children []*node
}

// String writes the drawing as a document of its own, always the same for the
// same drawing.
func (d *Drawing) String() string {
	var s strings.Builder
	number := func(f float64) string { return strconv.FormatFloat(f, 'g', 10, 64) }
	fmt.Fprintf(&s, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="%s %s %s %s" width="%s" height="%s"`,
		number(d.box[0]), number(d.box[1]), number(d.box[2]), number(d.box[3]), number(d.Width), number(d.Height))
	d.root.write(&s, false)
	return s.String()
}

// write writes the attributes and what is within; open writes the tag's name
// before them.
func (n *node) write(s *strings.Builder, open bool) {
	if open {
		s.WriteString("<" + n.name)
	}
	for _, name := range slices.Sorted(maps.Keys(n.attrs)) {
		s.WriteString(" " + name + `="` + escape.Replace(n.attrs[name]) + `"`)
	}
	if len(n.children) == 0 && open {
		s.WriteString("/>")
		return
	}
	s.WriteString(">")
	for _, child := range n.children {
		child.write(s, true)
	}
	s.WriteString("</" + n.name + ">")
}

var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")
