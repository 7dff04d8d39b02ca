package theme

import (
	"strconv"
	"strings"

	"complero/theme/font"
)

// Specimens is a stylesheet by which each of Fonts can be shown in itself: the
// class font-N, N being its place in Fonts from 0, and the fonts' rules. A
// browser loads a font when something is set in it, and not before.
func Specimens() string {
	var s strings.Builder
	for i, f := range fonts {
		name := "Specimen " + strconv.Itoa(i)
		stack := f.Stack
		if open, found := font.Find(f.Name); found {
			s.WriteString(font.CSS(name, AssetPath, open.Faces(false), open.Metrics, open.Serif))
			stack = (&webFont{name: name, metrics: open.Metrics, serif: open.Serif}).pageStack(stack)
		}
		s.WriteString(".font-" + strconv.Itoa(i) + "{font-family:" + stack + "}\n")
	}
	return s.String()
}
