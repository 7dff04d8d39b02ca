package font

import (
	"strconv"
	"strings"
)

// A Face is one file of a font: some weights of some characters.
type Face struct {
	Hash    string `json:"hash"`             // SHA-256 of the WOFF2, hex
	Bytes   int    `json:"bytes"`            // that it takes over the wire
	Subset  string `json:"subset,omitempty"` // the characters that it is for; "" for all that it has
	Weights [2]int `json:"weights"`
	Italic  bool   `json:"italic,omitempty"`
}

// CSS returns the rules by which the faces, served below root, are the font of
// that name in a stylesheet, and its name with " Fallback" one of the system's
// of the same measures, shown until they have arrived.
func CSS(name, root string, faces []Face, m Metrics, serif bool) string {
	var s strings.Builder
	for _, f := range faces {
		s.WriteString(`@font-face{font-family:"` + name + `";src:url(` + root + f.Hash + `.woff2) format("woff2");font-display:swap`)
		if f.Italic {
			s.WriteString(";font-style:italic")
		}
		s.WriteString(";font-weight:" + strconv.Itoa(f.Weights[0]))
		if f.Weights[1] != f.Weights[0] {
			s.WriteString(" " + strconv.Itoa(f.Weights[1]))
		}
		for _, known := range subsets {
			if known.name == f.Subset {
				s.WriteString(";unicode-range:" + known.characters)
			}
		}
		s.WriteString("}\n")
	}
	s.WriteString(m.fallback(name, serif))
	return s.String()
}
