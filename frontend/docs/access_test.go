package docs

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"complero/server/browsertest"
)

// runAxe tells what axe-core finds by the rules of WCAG 2.2 AA, and more.
const runAxe = `(rule) => axe.run(document, {
	runOnly: rule ? {type: "rule", values: [rule]} : {type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
	resultTypes: ["violations"]}).then(r => JSON.stringify(r.violations.map(v => v.id + ": " + v.help + "\n" + v.nodes.slice(0, 3).map(n => n.html + "\n" + n.failureSummary).join("\n"))))`

// wide is how wide the page is where that is more than its window.
const wide = `(() => { const w = document.documentElement.clientWidth; const all = document.scrollingElement.scrollWidth <= w ? [] :
	[...document.body.querySelectorAll("*")].filter(e => !e.closest(".scroll, .skip") && e.getBoundingClientRect().right > w + 1).map(e => e.outerHTML.slice(0, 120));
	return all })()`

// TestTheDocsCanBeUsedByEverybody looks at every page with a browser: axe-core by day,
// by night and on a wide window, narrow windows and large text; nothing goes wrong in
// it, and nobody else is asked.
func TestTheDocsCanBeUsedByEverybody(t *testing.T) {
	axe, err := os.ReadFile("../pagetest/testdata/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(site(t))
	t.Cleanup(server.Close)
	var log browsertest.Log
	ctx := browsertest.New(t, browsertest.Patience(5*time.Minute), browsertest.Record(&log))
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	check := func(page, when, rule string) {
		t.Helper()
		var found []string
		said, err := chromedp.Run(ctx, chromedp.Evaluate[string](fmt.Sprintf("(%s)(%q)", runAxe, rule), chromedp.EvalAwaitPromise))
		must(err)
		must(json.Unmarshal([]byte(said), &found))
		for _, violation := range found {
			t.Errorf("%s %s: %s", page, when, violation)
		}
	}
	shade := func(scheme string) {
		t.Helper()
		var set emulation.SetEmulatedMediaParams
		set.Features = []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, set)
		must(err)
	}
	for _, path := range paths(newTestBook(t)) {
		must(chromedp.Do(ctx, chromedp.EmulateViewport(390, 844), chromedp.Navigate(server.URL+path)))
		must(chromedp.Do(ctx, chromedp.Evaluate[chromedp.Void](string(axe))))
		check(path, "by day", "")
		shade("dark")
		check(path, "by night", "color-contrast")
		shade("light")
		must(chromedp.Do(ctx, chromedp.EmulateViewport(1440, 900)))
		if !strings.HasPrefix(path, apiPath+"/") || path == apiPath+"/event" {
			check(path, "on a wide window", "")
		}
		for _, w := range []struct {
			width int64
			text  string
		}{{320, "100%"}, {640, "200%"}, {1280, "200%"}} {
			must(chromedp.Do(ctx, chromedp.EmulateViewport(w.width, 800)))
			grow := fmt.Sprintf("(document.documentElement.style.fontSize = %q, document.querySelectorAll('details').forEach(d => d.open = true), true)", w.text)
			must(chromedp.Do(ctx, chromedp.Evaluate[chromedp.Void](grow)))
			out, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](wide))
			must(err)
			if len(out) > 0 {
				t.Errorf("%s, %d pixels wide with text of %s, is wider: %s", path, w.width, w.text, strings.Join(out[:min(len(out), 4)], "\n"))
			}
		}
	}
	if hosts := log.Hosts(); !slices.Equal(hosts, []string{strings.TrimPrefix(server.URL, "http://")}) {
		t.Errorf("the pages asked %v", hosts)
	}
	for _, fault := range log.Errors() {
		if !strings.Contains(fault, "404") { // the page that is missing
			t.Errorf("a page reports %s", fault)
		}
	}
}
