package theme

import "strings"

// resolve decides every choice and writes a mark for every field.
func (m *Message) resolve(b *strings.Builder, nodes []node, holds func(field int) bool) {
	for _, n := range nodes {
		switch {
		case n.choices != nil:
			for _, c := range n.choices {
				if c.field < 0 || holds(c.field) != c.unless {
					m.resolve(b, c.body, holds)
					break
				}
			}
		case n.button:
			m.resolveButton(b, holds)
		case n.field >= 0 && m.tables[n.field]:
			b.WriteString("\n\n")
			b.WriteRune(markBase + rune(n.field))
			b.WriteString("\n\n")
		case n.field >= 0:
			b.WriteRune(markBase + rune(n.field))
		default:
			b.WriteString(n.text)
		}
	}
}

// resolveButton writes the button as Markdown: a paragraph that is a link.
func (m *Message) resolveButton(b *strings.Builder, holds func(field int) bool) {
	var label strings.Builder
	m.resolve(&label, m.button, holds)
	b.WriteString("\n\n[" + labelEscapes.Replace(strings.TrimSpace(label.String())) + "](")
	b.WriteRune(markBase + rune(m.link))
	b.WriteString(")\n\n")
}

// labelEscapes keep a label, which is no Markdown, from being read as such.
var labelEscapes = strings.NewReplacer(
	"\\", "\\\\", "[", "\\[", "]", "\\]", "*", "\\*", "_", "\\_", "<", "\\<", "&", "\\&", "!", "\\!", "\n", " ",
)
