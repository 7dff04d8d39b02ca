package dashboard

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
)

func TestEveryLanguageSaysTheSameThings(t *testing.T) {
	keys := map[string][]string{}
	for _, tag := range spoken {
		for file, said := range keysOf(t, tag) {
			for _, key := range said {
				if slices.Contains(keys[tag], key) {
					t.Errorf("%s says %s again", file, key)
				}
				keys[tag] = append(keys[tag], key)
			}
		}
		slices.Sort(keys[tag])
	}
	for _, tag := range spoken {
		for _, key := range keys[spoken[0]] {
			if !slices.Contains(keys[tag], key) {
				t.Errorf("%s does not say %s", tag, key)
			}
		}
		if len(keys[tag]) != len(keys[spoken[0]]) {
			t.Errorf("%s has %d texts, %s has %d", tag, len(keys[tag]), spoken[0], len(keys[spoken[0]]))
		}
	}
}

func TestEveryTextThatAPageNamesIsThere(t *testing.T) {
	named := regexp.MustCompile(`(?:Say|Count)\("([a-z][A-Za-z.]+[A-Za-z])"`)
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, f := range files {
		if f.IsDir() {
			continue
		}
		data, err := os.ReadFile(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range named.FindAllStringSubmatch(string(data), -1) {
			seen++
			for tag, voice := range voices() {
				if voice.Say(m[1]) == m[1] && voice.Count(m[1], 2) == m[1] {
					t.Errorf("%s: %s names the text %s", tag, f.Name(), m[1])
				}
			}
		}
	}
	if seen < 50 {
		t.Errorf("only %d texts are named", seen)
	}
}

// TestEveryTextIsNamed finds texts that no page says any more. A text is named as
// a whole, as one of several by their number, or by a beginning that ends in a
// point before a word that the pages or the API's answers know.
func TestEveryTextIsNamed(t *testing.T) {
	// What stands behind these comes from elsewhere: from the API as a text, such as the names of mutations and fields, or from frontend/locales.
	open := []string{"act.", "date.", "evidence.manner.", "field.", "font.subset.", "reason.", "right.", "settings.tab.", "viewer."}
	words := wordsOfPages(t)
	var beginnings, ends []string
	for word := range words {
		if strings.HasSuffix(word, ".") && word != "." {
			beginnings = append(beginnings, word)
		}
		if strings.HasPrefix(word, ".") {
			ends = append(ends, word)
		}
	}
	ends = append(ends, "")
	named := func(key string) bool {
		for _, whole := range []string{key, strings.TrimSuffix(key, ".one"), strings.TrimSuffix(key, ".many")} {
			if words[whole] {
				return true
			}
			for _, beginning := range beginnings {
				rest, found := strings.CutPrefix(whole, beginning)
				if found && slices.ContainsFunc(ends, func(end string) bool { return words[strings.TrimSuffix(rest, end)] }) {
					return true
				}
			}
		}
		return slices.ContainsFunc(open, func(beginning string) bool { return strings.HasPrefix(key, beginning) })
	}
	for file, said := range keysOf(t, spoken[0]) {
		for _, key := range said {
			if !named(key) {
				t.Errorf("no page says %s of %s", key, file)
			}
		}
	}
}

// keysOf are the keys of a language's texts, by file.
func keysOf(t *testing.T, tag string) map[string][]string {
	t.Helper()
	files, err := fs.Glob(texts, "texts/"+tag+"/*.json")
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string][]string{}
	for _, file := range files {
		data, err := texts.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var said map[string]any
		if err := json.Unmarshal(data, &said); err != nil {
			t.Fatal(file, err)
		}
		keys[file] = slices.Collect(maps.Keys(said))
	}
	return keys
}

// wordsOfPages are all texts between quotation marks in what pages are made of.
func wordsOfPages(t *testing.T) map[string]bool {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	more, err := filepath.Glob("*.templ")
	if err != nil {
		t.Fatal(err)
	}
	quoted := regexp.MustCompile(`"((?:[^"\\\n]|\\.)*)"`)
	words := map[string]bool{}
	for _, file := range append(append(files, more...), "query/generated.go") {
		if strings.HasSuffix(file, "_test.go") || strings.HasSuffix(file, "_templ.go") {
			continue
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range quoted.FindAllStringSubmatch(string(data), -1) {
			words[m[1]] = true
		}
	}
	return words
}

func TestNextLeadsNowhereElse(t *testing.T) {
	for to, want := range map[string]string{
		"/app/nordlicht/contacts?search=a": "/app/nordlicht/contacts?search=a", "/account": "/account", "": "/app/",
		"https://evil.example/app/": "/app/", "//evil.example/app/": "/app/", `/\evil.example/app/`: "/app/", "/sign-in": "/app/",
		"javascript:alert(1)": "/app/", "/app/../../evil": "/app/../../evil",
	} {
		if got := nextPage(to); got != want {
			t.Errorf("%q leads to %q, want %q", to, got, want)
		}
	}
}
