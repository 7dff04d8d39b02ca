package pagetest

import (
	"encoding/json"
	"html"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var heading = regexp.MustCompile(`(?s)<h[12][^>]*>(.*?)</h[12]>`)

// shown records each state for one cast, by name.
func (c *cast) shown() map[string]*page {
	pages := map[string]*page{}
	for _, s := range states {
		pages[s.name] = s.show(c)
	}
	return pages
}

func TestEveryRouteIsShown(t *testing.T) {
	s := newStage(t)
	s.casts[0].shown()
	for _, pattern := range s.routes.patterns {
		// Without a method a pattern answers the methods that the page lacks, all in one way.
		if !strings.Contains(pattern, " ") || slices.ContainsFunc(notPages, func(p string) bool { return strings.HasPrefix(pattern, p) }) {
			continue
		}
		if !s.routes.visited[pattern] {
			t.Errorf("no state in state_test.go shows %s: add one", pattern)
		}
	}
}

// unheard are keys that are no heading of a page: the title of a person, a word
// in the title of a window, and a notice for a Contact that is erased while the
// link is being read.
var unheard = []string{"field.title", "error.title", "notice.gone.title"}

func TestEveryTitleIsShown(t *testing.T) {
	s := newStage(t)
	heard := map[string]bool{}
	for _, c := range s.casts {
		if c.language != "en" {
			continue
		}
		for _, p := range c.shown() {
			for _, h := range heading.FindAllStringSubmatch(p.Body.String(), -1) {
				heard[html.UnescapeString(h[1])] = true
			}
		}
	}
	data, err := os.ReadFile("../locales/active.en.json")
	if err != nil {
		t.Fatal(err)
	}
	var texts map[string]any
	if err := json.Unmarshal(data, &texts); err != nil {
		t.Fatal(err)
	}
	for key, text := range texts {
		title, plain := text.(string)
		if !strings.HasSuffix(key, ".title") || !plain || strings.Contains(title, "{{") || slices.Contains(unheard, key) {
			continue
		}
		if !heard[title] {
			t.Errorf("no state in state_test.go shows the page with the title %s, %q: add one", key, title)
		}
	}
}

func TestEveryStateIsAPage(t *testing.T) {
	s := newStage(t)
	for _, c := range s.casts {
		for name, p := range c.shown() {
			body := p.Body.String()
			if !strings.Contains(body, "<h1") || !strings.Contains(body, "</html>") || strings.Contains(body, "<script") {
				t.Errorf("%s of %s is no page of ours: %d %s", name, c.name, p.Code, body)
			}
			if p.Header().Get("Content-Security-Policy") == "" {
				t.Errorf("%s has no policy", name)
			}
		}
	}
}
