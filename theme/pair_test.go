package theme

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestPairsTellWhatPublishingRefusesAndWhatWouldPass(t *testing.T) {
	b := DefaultBrand("Nordlicht")
	b.Colors.Text, b.Dark.Text, b.Dark.Background = "#aaaaaa", "#333333", "#111111"
	var refused []string
	for _, p := range b.Pairs() {
		if p.Refused {
			refused = append(refused, strings.Join(p.Path, "."))
			ratio, err := contrastOf(p.Nearest, p.Background)
			if err != nil || ratio < 4.5 || p.Passes() {
				t.Errorf("%v offers %s with %.2f, %v", p.Path, p.Nearest, ratio, err)
			}
		}
	}
	if want := []string{"colors.text", "dark.text"}; !slices.Equal(refused, want) {
		t.Errorf("refuses %v, want %v", refused, want)
	}
	if b.Colors.Primary = "blue"; len(b.Pairs()) != 0 {
		t.Error("measures what is no colour")
	}
}

func TestPairsAgreeWithProblemsAndShowWhatPasses(t *testing.T) {
	color := rapid.StringMatching(`#[0-9a-f]{6}`)
	dark := rapid.OneOf(rapid.Just(""), color)
	rapid.Check(t, func(t *rapid.T) {
		b := DefaultBrand("Nordlicht")
		b.Colors = Colors{color.Draw(t, "primary"), color.Draw(t, "accent"), color.Draw(t, "background"), color.Draw(t, "text")}
		b.Dark = Colors{dark.Draw(t, "primary"), dark.Draw(t, "accent"), dark.Draw(t, "background"), dark.Draw(t, "text")}
		refused := 0
		for _, p := range b.Pairs() {
			if p.Refused {
				refused++
			}
			if p.Passes() != (p.Ratio >= p.Needed) {
				t.Fatalf("%+v contradicts itself", p)
			}
			ground := p.Background
			if p.Use == UseText && p.Mode == DarkMode && b.Dark.Text == "" || p.Use == UseButtonText || p.Use == UseAccentText {
				if !p.Passes() {
					t.Fatalf("%+v is derived and fails", p)
				}
				continue
			}
			if ratio, err := contrastOf(p.Shown, ground); err != nil || ratio < p.Needed-0.01 {
				t.Fatalf("%+v is shown with %.2f, %v", p, ratio, err)
			}
		}
		if len(b.Problems()) != refused {
			t.Fatalf("%d problems and %d refused: %v", len(b.Problems()), refused, b.Problems())
		}
	})
}

func TestSpecimensShowEveryFontInItself(t *testing.T) {
	css := Specimens()
	for i := range Fonts() {
		if !strings.Contains(css, ".font-"+strconv.Itoa(i)+"{font-family:") {
			t.Errorf("there is no class for font %d", i)
		}
	}
}
