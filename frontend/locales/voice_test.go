package locales

import (
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"complero/theme"
)

func keysOf(t *testing.T, name string) map[string]string {
	t.Helper()
	data, err := files.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	keys := map[string]string{}
	for key, text := range raw {
		keys[key] = string(text)
	}
	return keys
}

func TestEveryLanguageSaysEverything(t *testing.T) {
	en := keysOf(t, "active.en.json")
	for _, tag := range Languages() {
		name := "active." + tag + ".json"
		texts := keysOf(t, name)
		for key, text := range en {
			if texts[key] == "" || texts[key] == `""` {
				t.Errorf("%s lacks %s: %s", name, key, text)
				continue
			}
			if !strings.HasPrefix(text, "{") && !slices.Equal(argumentsOf(text), argumentsOf(texts[key])) {
				t.Errorf("%s has other arguments in %s: %s", key, name, texts[key])
			}
		}
		for key := range texts {
			if en[key] == "" {
				t.Errorf("English lacks %s, which %s has", key, name)
			}
		}
	}
}

func TestEveryTextFileIsSpoken(t *testing.T) {
	entries, err := files.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{}
	for _, s := range spoken {
		want = append(want, "active."+s.tag+".json")
		if s.both {
			want = append(want, "active."+s.tag+"-informal.json")
		}
	}
	for _, entry := range entries {
		if !slices.Contains(want, entry.Name()) {
			t.Errorf("%s belongs to no language of language.go", entry.Name())
		}
	}
}

// TestEveryPluralFormIsThere holds each text that counts to the plural forms
// that CLDR has for its language, no fewer and no more.
func TestEveryPluralFormIsThere(t *testing.T) {
	forms := map[string][]string{
		"de": {"one", "other"}, "en": {"one", "other"}, "nl": {"one", "other"},
		"fr": {"many", "one", "other"}, "it": {"many", "one", "other"}, "es": {"many", "one", "other"},
		"pl": {"few", "many", "one", "other"},
		"ar": {"few", "many", "one", "other", "two", "zero"},
	}
	for _, voice := range All() {
		for _, n := range []int{0, 1, 2, 3, 5, 11, 12, 22, 100, 101, 103, 111, 1000, 1000000} {
			if got := voice.Count("form.problems", n); got == "form.problems" {
				t.Errorf("%s cannot count %d", voice.Tag, n)
			}
		}
	}
	entries, err := files.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		tag := strings.TrimSuffix(strings.TrimSuffix(strings.TrimPrefix(entry.Name(), "active."), ".json"), "-informal")
		for key, text := range keysOf(t, entry.Name()) {
			if !strings.HasPrefix(text, "{") {
				continue
			}
			var plural map[string]string
			if err := json.Unmarshal([]byte(text), &plural); err != nil {
				t.Fatal(err)
			}
			if got := slices.Sorted(maps.Keys(plural)); !slices.Equal(got, forms[tag]) {
				t.Errorf("%s of %s has the plural forms %v, want %v", key, entry.Name(), got, forms[tag])
			}
		}
	}
}

func argumentsOf(text string) []string {
	list := argument.FindAllString(text, -1)
	slices.Sort(list)
	return slices.Compact(list)
}

// formalWords address a person formally. They stand between what is no
// letter, with the letters beyond ASCII that \b does not know.
var formalWords = map[string]*regexp.Regexp{
	"de": words(`Sie|Ihr|Ihre[mnrs]?|Ihnen`),
	"fr": words(`[Vv]ous|[Vv]otre|[Vv]os|\pL+ez`),
	"it": words(`Lei|La|Le|Su[oa]|Sue|Suoi|\pL+L[ae]|[Cc]ontrolli|[Mm]odifichi|[Aa]pra|[Ss]criva|[Ss]celga|[Ii]ndichi|[Tt]orni|[Rr]iprovi|desidera|deve`),
	"es": words(`[Uu]sted|[Ss]us?|le|\pL+[aei]rle|[Cc]ompruebe|[Ee]scriba|[Ee]lija|[Ii]ndique|[Cc]ambie|[Rr]ellene|[Vv]uelva|[Aa]bra|[Mm]arque|desea`),
	"nl": words(`[Uu]|[Uu]w|alstublieft`),
	"pl": words(`Pani|Pana|Pan|Panią|Państwa|Prosimy|prosimy`),
}

func words(list string) *regexp.Regexp {
	return regexp.MustCompile(`(^|[^\pL{.])(` + list + `)([^\pL]|$)`)
}

// notAddressed look like formal words, and are none.
var notAddressed = map[string][]string{
	"de": {"Sie wurde zurückgezogen"},
	"fr": {"Chez", "chez"},
	"es": {"sus contactos"},
	"it": {"La persona", "La tua", "Le tue", "Le voci", "Le nostre"},
	"pl": {"Nigdy nie prosimy"},
}

func TestInformalVoicesNeverAddressFormally(t *testing.T) {
	for _, s := range spoken {
		if !s.both {
			continue
		}
		formal, informal := keysOf(t, "active."+s.tag+".json"), keysOf(t, "active."+s.tag+"-informal.json")
		addresses := func(text string) bool {
			for _, harmless := range notAddressed[s.tag] {
				text = strings.ReplaceAll(text, harmless, "")
			}
			return formalWords[s.tag].MatchString(text)
		}
		for key, text := range formal {
			if addresses(text) && informal[key] == "" {
				t.Errorf("%s says %s formally and has no informal form: %s", s.tag, key, text)
			}
		}
		for key, text := range informal {
			switch {
			case addresses(text):
				t.Errorf("%s says %s formally: %s", s.tag, key, text)
			case formal[key] == "":
				t.Errorf("%s says %s only informally", s.tag, key)
			case formal[key] == text:
				t.Errorf("%s says %s just as it does formally: %s", s.tag, key, text)
			case !slices.Equal(argumentsOf(text), argumentsOf(formal[key])):
				t.Errorf("%s has other arguments in %s informally: %s", key, s.tag, text)
			}
		}
	}
}

// TestPagesAndTextsFit reads the sources of pages and messages: a text that
// none of them says, or that one says and nobody wrote, is a mistake.
func TestPagesAndTextsFit(t *testing.T) {
	written := keysOf(t, "active.en.json")
	sections := map[string]bool{}
	for key := range written {
		section, _, _ := strings.Cut(key, ".")
		sections[section] = true
	}
	said := map[string]bool{}
	literal := regexp.MustCompile(`"([a-z]+)\.([A-Za-z_.]+)"`)
	read := func(path string, entry fs.DirEntry, err error) error {
		ours := strings.HasSuffix(path, ".templ") || strings.HasSuffix(path, ".go") &&
			!strings.HasSuffix(path, "_test.go") && !strings.HasSuffix(path, "_templ.go")
		if err != nil || !ours || strings.HasPrefix(path, "../dashboard/") || strings.HasPrefix(path, "../report/") { // they have texts of their own
			return err
		}
		source, err := os.ReadFile(path)
		for _, found := range literal.FindAllStringSubmatch(string(source), -1) {
			key := found[1] + "." + found[2]
			if !sections[found[1]] {
				continue
			}
			said[key] = true
			if written[key] == "" {
				t.Errorf("%s says %s, which is written nowhere", path, key)
			}
		}
		return err
	}
	for _, folder := range []string{"..", "../../server/deliver"} {
		if err := filepath.WalkDir(folder, read); err != nil {
			t.Fatal(err)
		}
	}
	for key := range written {
		if !said[key] {
			t.Errorf("no page says %s", key)
		}
	}
}

func TestForFindsTheLanguageAndTheAddress(t *testing.T) {
	tests := []struct {
		name      string
		formality theme.Formality
		wanted    []string
		title     string
	}{
		{"the Contact's", theme.Formal, []string{"en-GB", "de"}, "Are your details still correct?"},
		{"the Company's", theme.Formal, []string{"", "de"}, "Sind Ihre Daten noch richtig?"},
		{"du", theme.Informal, []string{"de-AT"}, "Sind deine Daten noch richtig?"},
		{"not spoken here", theme.Formal, []string{"tr", "de-CH"}, "Sind Ihre Daten noch richtig?"},
		{"tu", theme.Informal, []string{"fr-BE"}, "Tes coordonnées sont-elles toujours exactes\u202f?"},
		{"one way of address", theme.Informal, []string{"ar-EG"}, "هل ما زالت بياناتك صحيحة؟"},
		{"none", theme.Informal, nil, "Are your details still correct?"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := For(tt.formality, tt.wanted...).Say("intro.title"); got != tt.title {
				t.Errorf("says %q, want %q", got, tt.title)
			}
		})
	}
}

func TestVoiceFillsInArguments(t *testing.T) {
	de, en := For(theme.Formal, "de"), ForBrowser("tr;q=0.9, en;q=0.5")
	day := time.Date(2026, 3, 1, 23, 0, 0, 0, time.UTC)
	tests := []struct{ got, want string }{
		{de.Date(day), "1. März 2026"},
		{en.Date(day), "1 March 2026"},
		{de.Say("greeting.name", "Name", "Frau Dr. {{.Date}}"), "Guten Tag Frau Dr. {{.Date}},"},
		{de.Count("form.problems", 1), "Eine Angabe braucht noch Ihre Aufmerksamkeit"},
		{en.Count("form.problems", 3), "3 entries need your attention"},
		{de.Country("AT"), "Österreich"},
		{en.Country("XX"), "XX"},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("says %q, want %q", tt.got, tt.want)
		}
	}
	if n := len(de.Countries); n < 240 {
		t.Errorf("lists %d countries", n)
	}
}

func TestDatesAreWrittenAsPeopleDo(t *testing.T) {
	first, later := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 10, 12, 0, 0, 0, 0, time.UTC)
	for tag, want := range map[string][2]string{
		"de": {"1. März 2026", "12. Oktober 2026"}, "en": {"1 March 2026", "12 October 2026"},
		"fr": {"1er mars 2026", "12 octobre 2026"}, "it": {"1º marzo 2026", "12 ottobre 2026"},
		"es": {"1 de marzo de 2026", "12 de octubre de 2026"}, "nl": {"1 maart 2026", "12 oktober 2026"},
		"pl": {"1 marca 2026", "12 października 2026"}, "ar": {"1 مارس 2026", "12 أكتوبر 2026"},
	} {
		v := For(theme.Formal, tag)
		if got := [2]string{v.Date(first), v.Date(later)}; got != want {
			t.Errorf("%s writes %q, want %q", tag, got, want)
		}
	}
}

func TestCountsFollowEachLanguagesPlurals(t *testing.T) {
	tests := []struct {
		tag  string
		n    int
		want string
	}{
		{"pl", 1, "Jedno pole wymaga jeszcze uwagi"},
		{"pl", 3, "3 pola wymagają jeszcze uwagi"},
		{"pl", 5, "5 pól wymaga jeszcze uwagi"},
		{"pl", 12, "12 pól wymaga jeszcze uwagi"},
		{"pl", 22, "22 pola wymagają jeszcze uwagi"},
		{"fr", 0, "0 champ demande encore votre attention"},
		{"es", 2, "2 campos necesitan aún su atención"},
		{"ar", 2, "حقلان ما زالا يحتاجان إلى انتباهك"},
		{"ar", 3, "3 حقول ما زالت تحتاج إلى انتباهك"},
		{"ar", 11, "11 حقلًا ما زالت تحتاج إلى انتباهك"},
		{"ar", 100, "100 حقل ما زالت تحتاج إلى انتباهك"},
	}
	for _, tt := range tests {
		if got := For(theme.Formal, tt.tag).Count("form.problems", tt.n); got != tt.want {
			t.Errorf("%s counts %d as %q, want %q", tt.tag, tt.n, got, tt.want)
		}
	}
}

func TestListsReadAsSentencesDo(t *testing.T) {
	for tag, want := range map[string]string{"en": "a, b and c", "pl": "a, b i c", "es": "a, b y c", "ar": "a وb وc"} {
		v := For(theme.Formal, tag)
		if got := v.List([]string{"a", "b", "c"}); got != want {
			t.Errorf("%s lists %q, want %q", tag, got, want)
		}
		if got := v.List([]string{"a"}) + v.List(nil); got != "a" {
			t.Errorf("%s lists one thing as %q", tag, got)
		}
	}
}

func TestArabicRunsFromRightToLeft(t *testing.T) {
	for _, v := range All() {
		if rtl := v.Dir == "rtl"; rtl != (v.Tag == "ar") || !rtl && v.Dir != "ltr" {
			t.Errorf("%s runs %s", v.Tag, v.Dir)
		}
	}
	ar := For(theme.Formal, "ar")
	if got, want := ar.Say("page.reference", "ID", "+7-a"), "إذا كتبت إلينا بهذا الشأن فيُرجى ذكر الرقم \u2068+7-a\u2069."; got != want {
		t.Errorf("a foreign text is not isolated: %q", got)
	}
	if got := For(theme.Formal, "fr").Say("page.reference", "ID", "x"); strings.Contains(got, "\u2068") {
		t.Errorf("a text is isolated for nothing: %q", got)
	}
	if got := ar.Country("DE"); got != "ألمانيا" {
		t.Errorf("Germany is %q", got)
	}
}
