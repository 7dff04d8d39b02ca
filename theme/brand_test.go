package theme

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// testBrands are three that differ in everything: the cautious default, a
// loud one whose yellow nobody can read on white, and a dark one.
func testBrands() map[string]Brand {
	return map[string]Brand{
		"default": DefaultBrand("Nordlicht Versicherung"),
		"loud": {
			Name:        `Kiosk "24" & Söhne`,
			Colors:      Colors{Primary: "#ffcc00", Accent: "#d40511", Background: "#fffdf5", Text: "#222222"},
			HeadingFont: "Work Sans", BodyFont: "Open Sans", CornerRadius: RadiusPill, Formality: Informal,
			Logo: strings.Repeat("ab", 32), LogoDark: strings.Repeat("cd", 32), Icon: strings.Repeat("ef", 32),
			Dark: Colors{Background: "#1b1b10", Accent: "#ff8a93"},
		},
		"dark": {
			Name:        "Nachtwerk",
			Colors:      Colors{Primary: "#5b2be0", Accent: "#3dd6c4", Background: "#14141f", Text: "#e8e8f0"},
			HeadingFont: "Merriweather", BodyFont: "Source Serif 4", CornerRadius: RadiusNone, Formality: Informal,
		},
	}
}

// golden compares with a file under testdata, or writes it where
// UPDATE_GOLDEN is set.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (UPDATE_GOLDEN=1 writes it anew):\n%s", path, got)
	}
}

func TestNormalizeColor(t *testing.T) {
	tests := []struct{ in, want string }{
		{"#1f5f8b", "#1f5f8b"},
		{"#1F5F8B", "#1f5f8b"},
		{" #FC0 ", "#ffcc00"},
		{"", ""},
		{"1f5f8b", ""},
		{"#1f5f8", ""},
		{"#1f5f8bff", ""},
		{"#gggggg", ""},
		{"red", ""},
		{"rgb(1,2,3)", ""},
		{"#fff;}body{display:none", ""},
		{"#ｆｆｆ", ""},
	}
	for _, test := range tests {
		got, err := NormalizeColor(test.in)
		if got != test.want || (err == nil) != (test.want != "") {
			t.Errorf("NormalizeColor(%q) = %q, %v; want %q", test.in, got, err, test.want)
		}
	}
}

func TestProblemsNameFieldAndCure(t *testing.T) {
	tests := []struct {
		name   string
		change func(*Brand)
		path   string
		says   string
	}{
		{"no name", func(b *Brand) { b.Name = " " }, "name", "needs a name"},
		{"long name", func(b *Brand) { b.Name = strings.Repeat("ä", 121) }, "name", "120"},
		{"name of two lines", func(b *Brand) { b.Name = "A\r\nBcc: b@example.com" }, "name", "line break"},
		{"broken colour", func(b *Brand) { b.Colors.Accent = "blue" }, "colors.accent", `"blue" is no colour`},
		{"unknown font", func(b *Brand) { b.HeadingFont = "Comic Sans" }, "headingFont", "Source Sans 3"},
		{"font breaking out", func(b *Brand) { b.BodyFont = "x'; } body {" }, "bodyFont", "no font"},
		{"radius", func(b *Brand) { b.CornerRadius = "ROUND" }, "cornerRadius", "PILL"},
		{"formality", func(b *Brand) { b.Formality = "" }, "formality", "INFORMAL"},
		{"logo", func(b *Brand) { b.Logo = "../../etc/passwd" }, "logo", "SHA-256"},
		{"dark logo", func(b *Brand) { b.LogoDark = "x" }, "logoDark", "SHA-256"},
		{"icon", func(b *Brand) { b.Icon = "x" }, "icon", "SHA-256"},
		{"broken dark colour", func(b *Brand) { b.Dark.Primary = "blue" }, "dark.primary", `"blue" is no colour`},
		{"pale dark text", func(b *Brand) { b.Dark = Colors{Background: "#ffffff", Text: "#999999"} }, "dark.text", "contrast of 2.84:1"},
		{"pale text", func(b *Brand) { b.Colors.Text = "#999999" }, "colors.text", "contrast of 2.84:1, and 4.5:1 is needed; the nearest text colour that passes is #"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := DefaultBrand("Example")
			test.change(&b)
			problems := b.Problems()
			if len(problems) != 1 {
				t.Fatalf("got %v, want one problem", problems)
			}
			if path := strings.Join(problems[0].Path, "."); path != test.path || !strings.Contains(problems[0].Message, test.says) {
				t.Errorf("got %v", problems[0])
			}
		})
	}
}

func TestProblemsNamesAColourThatPasses(t *testing.T) {
	b := DefaultBrand("Example")
	b.Colors.Text = "#999999"
	message := b.Problems()[0].Message
	b.Colors.Text = message[strings.LastIndex(message, "#"):]
	if problems := b.Problems(); len(problems) != 0 {
		t.Errorf("the proposed colour is refused: %v", problems)
	}
	ratio, err := contrastOf(b.Colors.Text, b.Colors.Background)
	if err != nil || ratio > 4.7 {
		t.Errorf("the proposed colour has %.2f:1 (%v), which is not the nearest", ratio, err)
	}
}

func TestNormalizedSpellsAsStored(t *testing.T) {
	b := Brand{Name: " A ", Colors: Colors{Primary: "#ABC", Accent: "nope"}, HeadingFont: "open SANS", BodyFont: "what"}.Normalized()
	want := Brand{Name: "A", Colors: Colors{Primary: "#aabbcc", Accent: "nope"}, HeadingFont: "Open Sans", BodyFont: "what"}
	if b != want {
		t.Errorf("got %+v", b)
	}
}

func TestBrandSurvivesJSON(t *testing.T) {
	for name, brand := range testBrands() {
		data, err := json.Marshal(brand)
		if err != nil {
			t.Fatal(err)
		}
		var back Brand
		if err := json.Unmarshal(data, &back); err != nil || !reflect.DeepEqual(brand, back) {
			t.Errorf("%s: got %+v, %v", name, back, err)
		}
	}
}

func TestEnumsSpeakGraphQL(t *testing.T) {
	var radius CornerRadius
	var formality Formality
	if err := radius.UnmarshalGQL("PILL"); err != nil || radius != RadiusPill {
		t.Errorf("got %q, %v", radius, err)
	}
	if err := formality.UnmarshalGQL("INFORMAL"); err != nil || formality != Informal {
		t.Errorf("got %q, %v", formality, err)
	}
	for _, wrong := range []any{"pill", "", 3, nil} {
		if radius.UnmarshalGQL(wrong) == nil || formality.UnmarshalGQL(wrong) == nil {
			t.Errorf("%v is taken", wrong)
		}
	}
	var b bytes.Buffer
	radius.MarshalGQL(&b)
	formality.MarshalGQL(&b)
	if b.String() != `"PILL""INFORMAL"` {
		t.Errorf("got %s", &b)
	}
}

func TestFontsAreFoundInAnyCase(t *testing.T) {
	for _, f := range fonts {
		if found, ok := findFont(strings.ToUpper(f.Name)); !ok || found != f {
			t.Errorf("%s: got %q, %v", f.Name, found, ok)
		}
		if !strings.HasSuffix(f.Stack, "serif") || strings.ContainsAny(f.Stack, `";{}<>`) {
			t.Errorf("%s: the stack %q has no fallback or does not fit an attribute", f.Name, f.Stack)
		}
	}
	if _, ok := findFont("Wingdings"); ok {
		t.Error("an unknown font has a stack")
	}
}
