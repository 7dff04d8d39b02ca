package theme

import (
	"fmt"
	"math"

	"github.com/lucasb-eyer/go-colorful"
)

// Colors are the four colours that a Brand chooses, each #rrggbb. All others
// are derived from them by Palette. Of those for dark mode any may be "": it
// is derived too.
type Colors struct {
	Primary    string `json:"primary"`
	Accent     string `json:"accent"`
	Background string `json:"background"`
	Text       string `json:"text"`
}

// A colorField is one of Colors, by the name that errors give it.
type colorField struct {
	name  string
	value *string
}

func (c *Colors) fields() []colorField {
	return []colorField{{"primary", &c.Primary}, {"accent", &c.Accent}, {"background", &c.Background}, {"text", &c.Text}}
}

// normalize spells what is a colour as it is stored.
func (c *Colors) normalize() {
	for _, f := range c.fields() {
		if normal, err := NormalizeColor(*f.value); err == nil {
			*f.value = normal
		}
	}
}

// colorProblems lists colours that cannot be read by us, and then those that
// cannot be read by people.
func (b Brand) colorProblems() []Problem {
	var problems []Problem
	for _, f := range b.Colors.fields() {
		if _, err := NormalizeColor(*f.value); err != nil {
			problems = append(problems, Problem{Path: []string{"colors", f.name}, Message: err.Error()})
		}
	}
	for _, f := range b.Dark.fields() {
		if _, err := NormalizeColor(*f.value); err != nil && *f.value != "" {
			problems = append(problems, Problem{Path: []string{"dark", f.name}, Message: err.Error()})
		}
	}
	if len(problems) > 0 {
		return problems
	}
	if p := pale(b.Colors.Text, colorOr(b.Colors.Background, "")); p != "" {
		problems = append(problems, Problem{Path: []string{"colors", "text"}, Message: p, Contrast: true})
	}
	if b.Dark.Text == "" {
		return problems
	}
	ground, given := b.darkGround()
	if p := pale(b.Dark.Text, ground); p != "" {
		if !given {
			p += "; leave it out to have it derived, or give dark.background"
		}
		problems = append(problems, Problem{Path: []string{"dark", "text"}, Message: p, Contrast: true})
	}
	return problems
}

// pale says that nobody could read the text on the ground, and which colour
// would do; "" where one can.
func pale(color string, ground colorful.Color) string {
	text := colorOr(color, "")
	measured := contrast(text, ground)
	if measured >= textContrast {
		return ""
	}
	return fmt.Sprintf("text %s on background %s has a contrast of %.2f:1, and %.1f:1 is needed; the nearest text colour that passes is %s",
		text.Hex(), ground.Hex(), math.Floor(measured*100)/100, textContrast, nearest(text, textContrast, ground).Hex())
}

// Readable returns the Brand with those given colours replaced that Problems
// would refuse for their contrast, by the nearest that pass.
func (b Brand) Readable() Brand {
	if ground := colorOr(b.Colors.Background, usual.Background); b.Colors.Text != "" {
		b.Colors.Text = nearest(colorOr(b.Colors.Text, usual.Text), textContrast, ground).Hex()
	}
	if ground, _ := b.darkGround(); b.Dark.Text != "" {
		b.Dark.Text = nearest(colorOr(b.Dark.Text, usual.Text), textContrast, ground).Hex()
	}
	return b
}
