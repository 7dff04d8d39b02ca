package theme

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// became is the outcome of each token, by path.
func became(results []TokenResult) map[string]string {
	all := map[string]string{}
	for _, r := range results {
		all[r.Path] = strings.TrimSuffix(string(r.Outcome)+" "+r.Setting, " ")
	}
	return all
}

func readTokens(t *testing.T, file string) (TokenSettings, []TokenResult) {
	t.Helper()
	settings, results, err := ReadTokens([]byte(file), LightTokens)
	if err != nil {
		t.Fatal(err)
	}
	return settings, results
}

func TestTokensAreAsPublished(t *testing.T) {
	for name, brand := range testBrands() {
		data, err := brand.Tokens()
		if err != nil {
			t.Fatal(err)
		}
		golden(t, name+".tokens.json", string(data))
	}
}

func TestTokensComeBackAsTheBrand(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := anyBrand(t)
		b.Name = rapid.StringMatching(`[\p{L}0-9][\p{L}0-9 "&<>'-]{0,40}[\p{L}0-9]`).Draw(t, "name")
		b.HeadingFont = rapid.SampledFrom(fonts).Draw(t, "heading").Name
		b.BodyFont = rapid.SampledFrom(fonts).Draw(t, "body").Name
		b.CornerRadius = rapid.SampledFrom([]CornerRadius{RadiusNone, RadiusSmall, RadiusMedium, RadiusLarge, RadiusPill}).Draw(t, "radius")
		b.Formality = rapid.SampledFrom([]Formality{Formal, Informal}).Draw(t, "formality")
		data, err := b.Tokens()
		if err != nil {
			t.Fatal(err)
		}
		settings, results, err := ReadTokens(data, LightTokens)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range results {
			if r.Outcome != TokenUsed {
				t.Errorf("%+v", r)
			}
		}
		if back := settings.Apply(DefaultBrand("Other")); back != b {
			t.Errorf("got %+v, want %+v", back, b)
		}
	})
}

func TestReadTokensUnderstandsNames(t *testing.T) {
	tests := []struct{ path, kind, want string }{
		{"color.primary", "color", "colors.primary"},
		{"color.brand.primary", "color", "colors.primary"},
		{"Brand/Primary", "color", "colors.primary"},
		{"brandColor", "color", "colors.primary"},
		{"palette.primary.main", "color", "colors.primary"},
		{"action.primary", "color", "colors.primary"},
		{"highlight", "color", "colors.accent"},
		{"page.background", "color", "colors.background"},
		{"canvas", "color", "colors.background"},
		{"text.primary", "color", "colors.text"},
		{"foreground", "color", "colors.text"},
		{"on-background", "color", "colors.text"},
		{"palette.primary.dark", "color", ""},
		{"palette.primary.light", "color", ""},
		{"color.primary.500", "color", ""},
		{"color.secondary.default", "color", "colors.accent"},
		{"colors.accent.$root", "color", "colors.accent"},
		{"color.background.default", "color", "colors.background"},
		{"backgroundColor", "color", "colors.background"},
		{"color.text.primary", "color", "colors.text"},
		{"color.text.secondary", "color", ""},
		{"md.sys.color.on-background", "color", "colors.text"},
		{"dark.color.text", "color", "dark.text"},
		{"modes.dark.color.brand", "color", "dark.primary"},
		{"radius.md", "dimension", "cornerRadius"},
		{"borderRadius-button", "dimension", "cornerRadius"},
		{"spacing.md", "dimension", ""},
		{"font.family.heading", "fontFamily", "headingFont"},
		{"fontFamily.base", "fontFamily", "bodyFont"},
		{"typography.h1", "typography", "headingFont"},
		{"fontFamily.display", "fontFamily", "headingFont"},
		{"typography.paragraph", "typography", "bodyFont"},
		{"corner.radius", "dimension", "cornerRadius"},
		{"dark.font.body", "fontFamily", ""},
		{"color.primary", "dimension", ""},
		{"color.primary", "shadow", ""},
	}
	for _, test := range tests {
		name, ok := nameToken(strings.Split(test.path, "."), test.kind, LightTokens)
		if ok != (test.want != "") || name.setting != test.want {
			t.Errorf("%s of type %s means %q, want %q", test.path, test.kind, name.setting, test.want)
		}
	}
	if name, _ := nameToken([]string{"color", "text"}, "color", DarkTokens); name.setting != "dark.text" {
		t.Errorf("in a dark file it means %q", name.setting)
	}
}

func TestReadTokensReadsValues(t *testing.T) {
	tests := []struct{ name, kind, value, want, says string }{
		{"sRGB", "color", `{"colorSpace": "srgb", "components": [0.1216, 0.3725, 0.5451]}`, "#1f5f8b", ""},
		{"rounded, with hex", "color", `{"colorSpace": "srgb", "components": [0.12, 0.37, 0.55], "alpha": 1, "hex": "#1F5F8B"}`, "#1f5f8b", ""},
		{"another hex", "color", `{"colorSpace": "srgb", "components": [1, 0, 0], "hex": "#0000ff"}`, "#ff0000", ""},
		{"hex", "color", `"#1f5f8b"`, "#1f5f8b", ""},
		{"opaque hex", "color", `"#1f5f8bFF"`, "#1f5f8b", ""},
		{"transparent hex", "color", `"#1f5f8b80"`, "", "transparent"},
		{"transparent", "color", `{"colorSpace": "srgb", "components": [1, 1, 1], "alpha": 0.5}`, "", "transparent"},
		{"no colour", "color", `"papayawhip"`, "", "no colour"},
		{"a number", "color", `7`, "", "colorSpace and components"},
		{"no space", "color", `{"components": [1, 1, 1]}`, "", "colorSpace is missing"},
		{"unknown space", "color", `{"colorSpace": "cmyk", "components": [1, 1, 1]}`, "", `"cmyk" is no colorSpace`},
		{"8-bit components", "color", `{"colorSpace": "srgb", "components": [31, 95, 139]}`, "", "from 0 to 1"},
		{"two components", "color", `{"colorSpace": "srgb", "components": [1, 1]}`, "", "three numbers"},
		{"hsl", "color", `{"colorSpace": "hsl", "components": [204.4, 63.5, 33.3]}`, "#1f5f8b", ""},
		{"hwb", "color", `{"colorSpace": "hwb", "components": [270, 20, 40]}`, "#663399", ""},
		{"oklch", "color", `{"colorSpace": "oklch", "components": [0.4403, 0.1603, 303.37]}`, "#663399", ""},
		{"lab", "color", `{"colorSpace": "lab", "components": [32.39, 38.43, -47.69]}`, "#663399", ""},
		{"lch", "color", `{"colorSpace": "lch", "components": [32.39, 61.25, 308.86]}`, "#663399", ""},
		{"linear", "color", `{"colorSpace": "srgb-linear", "components": ["none", 0, 1]}`, "#0000ff", ""},
		{"wide gamut", "color", `{"colorSpace": "display-p3", "components": [0, 1, 0]}`, "#3bf45e", "sRGB"},
		{"pixels", "dimension", `{"value": 8, "unit": "px"}`, "MEDIUM", ""},
		{"rem", "dimension", `{"value": 0.25, "unit": "rem"}`, "SMALL", ""},
		{"text", "dimension", `"12px"`, "LARGE", "12 pixels become LARGE"},
		{"round", "dimension", `{"value": 999, "unit": "px"}`, "PILL", ""},
		{"percent", "dimension", `{"value": 50, "unit": "%"}`, "", `unit is "%"`},
		{"negative", "dimension", `{"value": -1, "unit": "px"}`, "", "not negative"},
		{"a font", "fontFamily", `"lora"`, "Lora", ""},
		{"a list", "fontFamily", `["Helvetica Neue", "Open Sans", "sans-serif"]`, "Open Sans", `no font "Helvetica Neue"; Open Sans stands in`},
		{"the system's", "fontFamily", `["system-ui", "sans-serif"]`, "System", ""},
		{"an own font", "fontFamily", `"NORDLICHT grotesk, sans-serif"`, "Nordlicht Grotesk", ""},
		{"an own font in a list", "fontFamily", `["Helvetica Neue", "Nordlicht Grotesk", "Lora"]`, "Nordlicht Grotesk", "Nordlicht Grotesk stands in"},
		{"a foreign font", "fontFamily", `"Comic Sans MS"`, "", "choose one of System"},
		{"no font", "fontFamily", `[]`, "", "a name"},
		{"typography", "typography", `{"fontFamily": "Lora", "fontSize": {"value": 16, "unit": "px"}}`, "Lora", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			n, err := readJSON([]byte(`{"v": ` + test.value + `}`))
			if err != nil {
				t.Fatal(err)
			}
			got, note, err := (&tokenReader{own: []string{"Nordlicht Grotesk"}}).setting(test.kind, n.members["v"])
			if err != nil {
				note = err.Error()
			}
			if got != test.want || !strings.Contains(note, test.says) || (note != "") != (test.says != "") {
				t.Errorf("got %q, %q; want %q, %q", got, note, test.want, test.says)
			}
		})
	}
}

func TestReadTokensFollowsTheFormat(t *testing.T) {
	const blue = `{"$type": "color", "$value": {"colorSpace": "srgb", "components": [0, 0.4, 0.8]}}`
	tests := []struct {
		name, file string
		want       map[string]string
	}{
		{
			"types of groups", `{"color": {"$type": "color", "primary": {"$value": "#0066cc"}, "deep": {"text": {"$value": "#000"}}}}`,
			map[string]string{"color.primary": "USED colors.primary", "color.deep.text": "UNKNOWN"},
		},
		{"no type", `{"color": {"primary": {"$value": "#0066cc"}}}`, map[string]string{"color.primary": "UNUSABLE"}},
		{
			"an alias", `{"base": {"blue": ` + blue + `}, "color": {"primary": {"$value": "{base.blue}"}}}`,
			map[string]string{"base.blue": "UNKNOWN", "color.primary": "USED colors.primary"},
		},
		{
			"an alias of an alias", `{"a": ` + blue + `, "b": {"$value": "{a}"}, "color": {"primary": {"$value": "{b}"}}}`,
			map[string]string{"a": "UNKNOWN", "b": "UNKNOWN", "color.primary": "USED colors.primary"},
		},
		{
			"a pointer to a value", `{"a/b": ` + blue + `, "color": {"primary": {"$ref": "#/a~1b/$value", "$type": "color"}}}`,
			map[string]string{"a/b": "UNKNOWN", "color.primary": "USED colors.primary"},
		},
		{
			"a pointer to a token", `{"base": ` + blue + `, "color": {"primary": {"$ref": "#/base"}}}`,
			map[string]string{"base": "UNKNOWN", "color.primary": "USED colors.primary"},
		},
		{
			"a pointer as a value", `{"base": ` + blue + `, "color": {"primary": {"$type": "color", "$value": {"$ref": "#/base/$value"}}}}`,
			map[string]string{"base": "UNKNOWN", "color.primary": "USED colors.primary"},
		},
		{
			"pointers to parts", `{"base": ` + blue + `, "color": {"primary": {"$type": "color", "$value": {"colorSpace": "srgb",
			"components": [{"$ref": "#/base/$value/components/0"}, {"$ref": "#/base/$value/components/2"}, 0.7]}}}}`,
			map[string]string{"base": "UNKNOWN", "color.primary": "USED colors.primary"},
		},
		{
			"a root", `{"color": {"accent": {"$root": ` + blue + `, "dark": ` + blue + `}}}`,
			map[string]string{"color.accent.$root": "USED colors.accent", "color.accent.dark": "UNKNOWN"},
		},
		{
			"a group that extends", `{"basis": {"$type": "color", "primary": {"$value": "#0066cc"}, "text": {"$value": "#000"}},
			"color": {"$extends": "{basis}", "text": {"$value": "#111"}, "$description": "ours"}}`,
			map[string]string{"basis.primary": "UNKNOWN", "basis.text": "UNKNOWN", "color.text": "USED colors.text", "color.primary": "USED colors.primary"},
		},
		{
			"a group that extends by $ref", `{"basis": {"$type": "color", "primary": {"$value": "#0066cc"}}, "color": {"$ref": "#/basis", "text": {"$value": "#111"}}}`,
			map[string]string{"basis.primary": "UNKNOWN", "color.text": "USED colors.text", "color.primary": "USED colors.primary"},
		},
		{
			"what is inherited, referred to", `{"a": {"$type": "color", "x": {"$value": "#0066cc"}}, "b": {"$extends": "#/a"}, "color": {"primary": {"$value": "{b.x}"}}}`,
			map[string]string{"a.x": "UNKNOWN", "b.x": "UNKNOWN", "color.primary": "USED colors.primary"},
		},
		{
			"groups that extend each other", `{"a": {"$extends": "{b}", "x": ` + blue + `}, "b": {"$extends": "{a}"}}`,
			map[string]string{"a": "UNUSABLE", "a.x": "UNKNOWN", "b": "UNUSABLE", "b.x": "UNKNOWN"},
		},
		{"a group that extends its own", `{"a": {"x": ` + blue + `, "y": {"$extends": "{a}"}}}`, map[string]string{"a.x": "UNKNOWN", "a.y": "UNUSABLE"}},
		{"a group that extends a token", `{"x": ` + blue + `, "y": {"$extends": "{x}"}}`, map[string]string{"x": "UNKNOWN", "y": "UNUSABLE"}},
		{"a group that extends nothing", `{"x": ` + blue + `, "y": {"$extends": "{z}"}}`, map[string]string{"x": "UNKNOWN", "y": "UNUSABLE"}},
		{
			"references in a circle", `{"$type": "color", "color": {"primary": {"$value": "{b}"}, "text": {"$value": "#111"}}, "b": {"$value": "{c}"}, "c": {"$value": "{color.primary}"}}`,
			map[string]string{"color.primary": "UNUSABLE", "color.text": "USED colors.text", "b": "UNUSABLE", "c": "UNUSABLE"},
		},
		{"a pointer to itself", `{"color": {"primary": {"$type": "color", "$ref": "#/color/primary/$value"}}}`, map[string]string{"color.primary": "UNUSABLE"}},
		{
			"a reference to a group", `{"g": {"x": ` + blue + `}, "color": {"primary": {"$type": "color", "$value": "{g}"}}}`,
			map[string]string{"g.x": "UNKNOWN", "color.primary": "UNUSABLE"},
		},
		{"a reference out of the file", `{"color": {"primary": {"$type": "color", "$ref": "https://example.com/x.json#/a"}}}`, map[string]string{"color.primary": "UNUSABLE"}},
		{"both token and group", `{"color": {"primary": {"$type": "color", "$value": "#fff", "dark": ` + blue + `}}}`, map[string]string{"color.primary": "UNUSABLE"}},
		{
			"no token at all", `{"color": {"primary": "#fff", "text": {"$type": "color", "$value": "#111"}}}`,
			map[string]string{"color.primary": "UNUSABLE", "color.text": "USED colors.text"},
		},
		{
			"two for one setting", `{"$type": "color", "color": {"brand": {"primary": {"$value": "#111"}}, "action": {"$value": "#222"}, "primary": {"$value": "#333"}}}`,
			map[string]string{"color.brand.primary": "OVERRULED colors.primary", "color.action": "OVERRULED colors.primary", "color.primary": "USED colors.primary"},
		},
		{
			"dark", `{"dark": {"$type": "color", "text": {"$value": "#eee"}}, "dark mode": {"$type": "color", "background": {"$value": "#111"}}}`,
			map[string]string{"dark.text": "USED dark.text", "dark mode.background": "USED dark.background"},
		},
		{"foreign extensions", `{"$extensions": {"com.example": {"name": "x"}}, "x": ` + blue + `}`, map[string]string{"x": "UNKNOWN"}},
		{
			"our extension, broken", `{"$extensions": {"com.complero": {"name": "", "formality": "RUDE"}}}`,
			map[string]string{"$extensions.com.complero.name": "UNUSABLE name", "$extensions.com.complero.formality": "UNUSABLE formality"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, results := readTokens(t, test.file)
			if got := became(results); !maps.Equal(got, test.want) || len(got) != len(results) {
				t.Errorf("got %v, want %v (%+v)", got, test.want, results)
			}
			for _, r := range results {
				if (r.Outcome != TokenUsed) != (r.Message != "") {
					t.Errorf("%+v says too much or too little", r)
				}
			}
		})
	}
}

func TestReadTokensTakesThePlainestName(t *testing.T) {
	settings, _ := readTokens(t, `{"$type": "color", "color": {"brand": {"primary": {"$value": "#111"}}, "primary": {"$value": "#333"}, "action": {"$value": "#222"}}}`)
	if settings.Colors.Primary != "#333333" {
		t.Errorf("primary is %s", settings.Colors.Primary)
	}
}

func TestReadTokensRefusesWhatIsNoFile(t *testing.T) {
	bomb := `{"$type": "color"`
	for i := range 40 {
		bomb += fmt.Sprintf(`, "g%d": {"a": {"$extends": "{g%d}"}, "b": {"$extends": "{g%d}"}}`, i, i+1, i+1)
	}
	billion := `{"$type": "fontFamily", "a0": {"$value": ["x", "x"]}`
	for i := range 30 {
		billion += fmt.Sprintf(`, "a%d": {"$value": ["{a%d}", "{a%d}", "{a%d}"]}`, i+1, i, i, i)
	}
	tests := []struct{ name, file, says string }{
		{"nothing", ``, "no JSON"},
		{"no JSON", `primary = blue`, "no JSON"},
		{"cut off", `{"color": {`, "no JSON"},
		{"a list", `[]`, "no object"},
		{"something behind", `{} {}`, "behind"},
		{"no token", `{"color": {}}`, "no design token"},
		{"a name twice", `{"color": {}, "color": {}}`, "twice"},
		{"too deep", strings.Repeat(`{"a":`, 40) + "1" + strings.Repeat("}", 40), "32 deep"},
		{"too large", `{"a": "` + strings.Repeat("x", 1<<20) + `"}`, "1 MB"},
		{"groups that unfold", bomb + `, "g40": {"x": {"$value": "#fff"}}}`, "a million"},
		{"references that unfold", billion + `}`, "a million"},
	}
	for _, test := range tests {
		_, _, err := ReadTokens([]byte(test.file), LightTokens)
		var problem Problem
		if !errors.As(err, &problem) || !strings.Contains(problem.Message, test.says) {
			t.Errorf("%s: got %v", test.name, err)
		}
	}
}

func TestReadTokensCountsWhatNobodyReads(t *testing.T) {
	var file strings.Builder
	file.WriteString(`{"$type": "color", "color": {"text": {"$value": "#111"}}`)
	for i := range 3000 {
		fmt.Fprintf(&file, `, "shade-%d": {"$value": "#fff"}`, i)
	}
	_, results := readTokens(t, file.String()+"}")
	last := results[len(results)-1]
	if len(results) != 1002 || results[0].Outcome != TokenUsed || last.Path != "" || last.Message != "2000 more tokens mean no setting of a Brand" {
		t.Errorf("got %d results, the last %+v", len(results), last)
	}
}

func FuzzReadTokens(f *testing.F) {
	for _, brand := range testBrands() {
		data, err := brand.Tokens()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data, false)
	}
	f.Add([]byte(`{"a":{"$extends":"{b}","$ref":"#/b"},"b":{"$type":"color","$root":{"$value":"{a.$root}"}}}`), true)
	f.Add([]byte(`{"color":{"primary":{"$type":"color","$ref":"#/x/$value/components/0"}},"x":{"$value":{"$ref":"#/color/primary/a"}}}`), true)
	f.Add([]byte(`{"radius":{"$type":"dimension","$value":"1e3px"},"font":{"$type":"fontFamily","$value":["",null,"Lora"]}}`), false)
	f.Fuzz(func(t *testing.T, data []byte, dark bool) {
		scheme := LightTokens
		if dark {
			scheme = DarkTokens
		}
		settings, results, err := ReadTokens(data, scheme)
		if err != nil {
			return
		}
		var said []string
		for _, r := range results {
			if r.Outcome == TokenUsed || r.Outcome == TokenAdapted {
				if slices.Contains(said, r.Setting) {
					t.Errorf("two tokens say %s", r.Setting)
				}
				said = append(said, r.Setting)
			}
			if (r.Outcome != TokenUsed) != (r.Message != "") {
				t.Errorf("%+v says too much or too little", r)
			}
		}
		b := settings.Apply(DefaultBrand("Example"))
		for _, p := range b.Problems() {
			if !p.Contrast {
				t.Errorf("%s leads to a Brand with a problem: %v", data, p)
			}
		}
		if b != b.Normalized() {
			t.Errorf("%+v is not as it is stored", b)
		}
	})
}
