package theme

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"
)

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
		got, err := Contrast(test.a, test.b)
		if err != nil || math.Abs(got-test.want) > 0.005 {
			t.Errorf("Contrast(%s, %s) = %.3f, %v; want %.2f", test.a, test.b, got, err, test.want)
		}
	}
	if _, err := Contrast("#000", "white"); err == nil {
		t.Error("a colour's name is measured")
	}
}

// unreadable lists the pairs of a Scheme that break its promise.
func unreadable(s Scheme) []string {
	var failed []string
	check := func(name, a, b string, ratio float64) {
		if got, err := Contrast(a, b); err != nil || got < ratio {
			failed = append(failed, fmt.Sprintf("%s: %s on %s is %.2f:1 (%v), not %.1f:1", name, a, b, got, err, ratio))
		}
	}
	for name, ground := range map[string]string{
		"background": s.Background, "surface": s.Surface, "error surface": s.ErrorSurface, "success surface": s.SuccessSurface,
	} {
		check("text on "+name, s.Text, ground, 4.5)
		check("muted on "+name, s.Muted, ground, 4.5)
		check("link on "+name, s.Link, ground, 4.5)
		check("error on "+name, s.Error, ground, 4.5)
		check("success on "+name, s.Success, ground, 4.5)
		check("border on "+name, s.Border, ground, 3)
		check("focus on "+name, s.Focus, ground, 3)
		check("primary edge on "+name, s.PrimaryEdge, ground, 3)
		check("accent edge on "+name, s.AccentEdge, ground, 3)
	}
	check("on primary", s.OnPrimary, s.Primary, 4.5)
	check("on primary hover", s.OnPrimary, s.PrimaryHover, 4.5)
	check("on accent", s.OnAccent, s.Accent, 4.5)
	return failed
}

func anyColor(t *rapid.T, name string) string {
	return fmt.Sprintf("#%06x", rapid.Uint32Range(0, 0xffffff).Draw(t, name))
}

func TestPaletteIsReadableWhateverTheBrand(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := DefaultBrand("Example")
		b.Colors = Colors{
			Primary: anyColor(t, "primary"), Accent: anyColor(t, "accent"),
			Background: anyColor(t, "background"), Text: anyColor(t, "text"),
		}
		p := b.Palette()
		for _, failed := range append(unreadable(p.Light), unreadable(p.Dark)...) {
			t.Error(failed)
		}
		if len(b.Problems()) > 0 {
			return
		}
		if p.Light.Background != b.Colors.Background || p.Light.Text != b.Colors.Text || p.Light.Primary != b.Colors.Primary || p.Light.Accent != b.Colors.Accent {
			t.Errorf("an accepted Brand %+v is shown in other colours: %+v", b.Colors, p.Light)
		}
	})
}

func TestProblemsRefuseExactlyUnreadableText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := DefaultBrand("Example")
		b.Colors.Text, b.Colors.Background = anyColor(t, "text"), anyColor(t, "background")
		ratio, err := Contrast(b.Colors.Text, b.Colors.Background)
		if err != nil {
			t.Fatal(err)
		}
		if refused := len(b.Problems()) > 0; refused != (ratio < 4.5) {
			t.Errorf("%.3f:1, refused: %v", ratio, refused)
		}
	})
}

func TestPaletteSurvivesBrokenColours(t *testing.T) {
	b := Brand{Colors: Colors{Primary: "red;}", Accent: "", Background: "#12", Text: "expression(1)"}}
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

func BenchmarkPalette(b *testing.B) {
	brand := testBrands()["loud"]
	for b.Loop() {
		brand.Palette()
	}
}
