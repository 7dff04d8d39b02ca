package locales

import (
	"encoding/json"
	"io/fs"
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
	en, de := keysOf(t, "active.en.json"), keysOf(t, "active.de.json")
	for key, text := range en {
		if de[key] == "" {
			t.Errorf("German lacks %s: %s", key, text)
		}
		if !slices.Equal(argumentsOf(text), argumentsOf(de[key])) {
			t.Errorf("%s has other arguments in German: %s", key, de[key])
		}
	}
	for key := range de {
		if en[key] == "" {
			t.Errorf("English lacks %s", key)
		}
	}
}

func argumentsOf(text string) []string {
	list := argument.FindAllString(text, -1)
	slices.Sort(list)
	return slices.Compact(list)
}

// formalWords address a person as Sie; "sie" in small letters does not.
var formalWords = regexp.MustCompile(`\b(Sie|Ihre?[mnrs]?|Ihnen)\b`)

// notAddressed begin a sentence with "sie" for a thing.
var notAddressed = []string{"Sie wurde zurückgezogen"}

func TestInformalGermanNeverSaysSie(t *testing.T) {
	de, informal := keysOf(t, "active.de.json"), keysOf(t, "active.de-informal.json")
	for key, text := range de {
		if formalWords.MatchString(text) && informal[key] == "" {
			t.Errorf("%s says Sie and has no informal form: %s", key, text)
		}
	}
	for key, text := range informal {
		for _, harmless := range notAddressed {
			text = strings.ReplaceAll(text, harmless, "")
		}
		if formalWords.MatchString(text) {
			t.Errorf("%s says Sie: %s", key, text)
		}
		if de[key] == "" {
			t.Errorf("%s is said only informally", key)
		}
		if !slices.Equal(argumentsOf(informal[key]), argumentsOf(de[key])) {
			t.Errorf("%s has other arguments informally: %s", key, informal[key])
		}
	}
}

// TestPagesAndTextsFit reads the pages' sources: a text that no page says, or
// that a page says and nobody wrote, is a mistake.
func TestPagesAndTextsFit(t *testing.T) {
	written := keysOf(t, "active.en.json")
	sections := map[string]bool{}
	for key := range written {
		section, _, _ := strings.Cut(key, ".")
		sections[section] = true
	}
	said := map[string]bool{"date.format": true, "date.months": true}
	literal := regexp.MustCompile(`"([a-z]+)\.([A-Za-z_.]+)"`)
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		ours := strings.HasSuffix(path, ".templ") || strings.HasSuffix(path, ".go") &&
			!strings.HasSuffix(path, "_test.go") && !strings.HasSuffix(path, "_templ.go")
		if err != nil || !ours {
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
	})
	if err != nil {
		t.Fatal(err)
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
		{"not spoken here", theme.Formal, []string{"fr", "de-CH"}, "Sind Ihre Daten noch richtig?"},
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
	de, en := For(theme.Formal, "de"), ForBrowser("fr;q=0.9, en;q=0.5")
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
