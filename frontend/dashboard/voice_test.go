package dashboard

import (
	"encoding/json"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"testing"
)

func TestEveryLanguageSaysTheSameThings(t *testing.T) {
	keys := map[string][]string{}
	for _, tag := range spoken {
		files, err := fs.Glob(texts, "texts/"+tag+"/*.json")
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			data, err := texts.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var said map[string]any
			if err := json.Unmarshal(data, &said); err != nil {
				t.Fatal(file, err)
			}
			for key := range said {
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
