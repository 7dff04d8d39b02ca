package theme

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// contrastOf is the contrast of two colours as they are written.
func contrastOf(a, b string) (float64, error) {
	ca, err := parseColor(a)
	if err != nil {
		return 0, err
	}
	cb, err := parseColor(b)
	if err != nil {
		return 0, err
	}
	return contrast(ca, cb), nil
}

func TestContrastIsThatOfWCAG(t *testing.T) {
	tests := []struct {
		a, b string
		want float64
	}{
		{"#000000", "#ffffff", 21},
		{"#fff", "#fff", 1},
		{"#767676", "#ffffff", 4.54},
		{"#ffffff", "#777777", 4.48},
		{"#0000ff", "#ffffff", 8.59},
		{"#ff0000", "#ffffff", 4.00},
	}
	for _, test := range tests {
		got, err := contrastOf(test.a, test.b)
		if err != nil || math.Abs(got-test.want) > 0.005 {
			t.Errorf("Contrast(%s, %s) = %.3f, %v; want %.2f", test.a, test.b, got, err, test.want)
		}
	}
	if _, err := contrastOf("#000", "white"); err == nil {
		t.Error("a colour's name is measured")
	}
}

// unreadable lists the pairs of a Scheme that break its promise.
func unreadable(s Scheme) []string {
	var failed []string
	check := func(name, a, b string, ratio float64) {
		if got, err := contrastOf(a, b); err != nil || got < ratio {
			failed = append(failed, fmt.Sprintf("%s: %s on %s is %.2f:1 (%v), not %.1f:1", name, a, b, got, err, ratio))
		}
	}
	for name, ground := range map[string]string{
		"background": s.Background, "surface": s.Surface, "error surface": s.ErrorSurface,
		"warning surface": s.WarningSurface, "success surface": s.SuccessSurface,
	} {
		check("text on "+name, s.Text, ground, 4.5)
		check("muted on "+name, s.Muted, ground, 4.5)
		check("link on "+name, s.Link, ground, 4.5)
		check("error on "+name, s.Error, ground, 4.5)
		check("warning on "+name, s.Warning, ground, 4.5)
		check("success on "+name, s.Success, ground, 4.5)
		check("border on "+name, s.Border, ground, 3)
		check("focus on "+name, s.Focus, ground, 3)
		check("primary edge on "+name, s.PrimaryEdge, ground, 3)
		check("accent edge on "+name, s.AccentEdge, ground, 3)
	}
	check("on primary", s.OnPrimary, s.Primary, 4.5)
	check("on primary hover", s.OnPrimary, s.PrimaryHover, 4.5)
	check("on primary active", s.OnPrimary, s.PrimaryActive, 4.5)
	check("on accent", s.OnAccent, s.Accent, 4.5)
	return failed
}

func anyColor(t *rapid.T, name string) string {
	return fmt.Sprintf("#%06x", rapid.Uint32Range(0, 0xffffff).Draw(t, name))
}

// maybeColor is a colour or, as often, none.
func maybeColor(t *rapid.T, name string) string {
	if rapid.Bool().Draw(t, name+" given") {
		return anyColor(t, name)
	}
	return ""
}

func anyBrand(t *rapid.T) Brand {
	b := DefaultBrand("Example")
	b.Colors = Colors{
		Primary: anyColor(t, "primary"), Accent: anyColor(t, "accent"),
		Background: anyColor(t, "background"), Text: anyColor(t, "text"),
	}
	b.Dark = Colors{
		Primary: maybeColor(t, "dark primary"), Accent: maybeColor(t, "dark accent"),
		Background: maybeColor(t, "dark background"), Text: maybeColor(t, "dark text"),
	}
	return b
}

func TestPaletteIsReadableWhateverTheBrand(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := anyBrand(t)
		p := b.Palette()
		for _, failed := range append(unreadable(p.Light), unreadable(p.Dark)...) {
			t.Error(failed)
		}
		if len(b.Problems()) > 0 {
			b = b.Readable()
			p = b.Palette()
		}
		if problems := b.Problems(); len(problems) > 0 {
			t.Errorf("%+v has problems after all: %v", b, problems)
		}
		for _, pair := range []struct {
			given Colors
			shown Scheme
		}{{b.Colors, p.Light}, {b.Dark, p.Dark}} {
			shown := Colors{pair.shown.Primary, pair.shown.Accent, pair.shown.Background, pair.shown.Text}
			for i, f := range pair.given.fields() {
				if got := *shown.fields()[i].value; *f.value != "" && got != *f.value {
					t.Errorf("an accepted Brand's %s %s is shown as %s", f.name, *f.value, got)
				}
			}
		}
	})
}

func TestProblemsRefuseExactlyUnreadableText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := DefaultBrand("Example")
		colors := &b.Colors
		if rapid.Bool().Draw(t, "dark") {
			colors = &b.Dark
		}
		colors.Text, colors.Background = anyColor(t, "text"), anyColor(t, "background")
		ratio, err := contrastOf(colors.Text, colors.Background)
		if err != nil {
			t.Fatal(err)
		}
		if refused := len(b.Problems()) > 0; refused != (ratio < 4.5) {
			t.Errorf("%.3f:1, refused: %v", ratio, refused)
		}
	})
}

// TestNearestHasNothingNearer looks for a colour that passes in a cloud around
// the given one.
func TestNearestHasNothingNearer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, ground := colorOr(anyColor(t, "text"), ""), colorOr(anyColor(t, "background"), "")
		found := nearest(text, textContrast, ground)
		if got := contrast(found, ground); got < textContrast {
			t.Fatalf("%s on %s has %.3f:1", found.Hex(), ground.Hex(), got)
		}
		least := distance(found, text)
		for range 200 {
			other := colorOr(anyColor(t, "other"), "")
			other = quantize(text.BlendRgb(other, rapid.Float64Range(0, 1).Draw(t, "share")))
			if d := distance(other, text); d < least-0.01 && contrast(other, ground) >= textContrast {
				t.Fatalf("%s is %.3f from %s, %s only %.3f", found.Hex(), least, text.Hex(), other.Hex(), d)
			}
		}
	})
}

func TestPaletteSurvivesBrokenColours(t *testing.T) {
	broken := Colors{Primary: "red;}", Accent: "", Background: "#12", Text: "expression(1)"}
	b := Brand{Colors: broken, Dark: broken}
	if got, want := b.Palette(), DefaultBrand("").Palette(); got != want {
		t.Errorf("got %+v, want the default's", got)
	}
}

func TestPaletteLeavesADarkBrandDark(t *testing.T) {
	p := testBrands()["dark"].Palette()
	if p.Light != p.Dark {
		t.Error("a dark Brand changes its colours at night")
	}
}

func TestPaletteTakesWhatIsChosenForTheDark(t *testing.T) {
	b := DefaultBrand("Example")
	derived := b.Palette()
	b.Dark = Colors{Primary: "#7fb8ff"}
	p := b.Palette()
	if p.Dark.Primary != "#7fb8ff" || p.Dark.Background != derived.Dark.Background || p.Light != derived.Light {
		t.Errorf("got %+v", p)
	}
	b.Dark.Text = "#444444"
	problems := b.Problems()
	if len(problems) != 1 || strings.Join(problems[0].Path, ".") != "dark.text" || !problems[0].Contrast ||
		!strings.Contains(problems[0].Message, derived.Dark.Background) || !strings.HasSuffix(problems[0].Message, "or give dark.background") {
		t.Errorf("got %v", problems)
	}
}

func BenchmarkPalette(b *testing.B) {
	brand := testBrands()["loud"]
	for b.Loop() {
		brand.Palette()
	}
}
