package main

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"complero/server/browsertest"
)

// TestTheDashboardCanBeUsedByEverybody opens every page behind the door with a browser,
// on a phone and on a wide window, with the demo's data in it: axe-core finds nothing by
// day and no faint text by night, nothing is wider than its window, nothing goes wrong in
// a page and nobody else is asked. With COMPLERO_SCREENSHOTS=DIR it writes each page there.
func TestTheDashboardCanBeUsedByEverybody(t *testing.T) {
	axe, err := os.ReadFile("../frontend/pagetest/testdata/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	runDemoUntil(t, t.TempDir(), func(printed string) {
		key := regexp.MustCompile(`ck_live_\w+`).FindString(printed)
		admin := signInTo(t, linkToShow.FindString(printed))
		mux, all := routes(t)
		pages := map[string]walkedPage{}
		admin.follow(mux, pages, append(admin.fill(key), walkedDesk+"/", "/app/companies", "/app/new", "/account")...)
		admin.employee(key).follow(mux, pages, "/me/")
		for pattern := range all {
			if pages[pattern].path == "" {
				t.Errorf("no link leads to %s: have fill name an address of it", pattern)
			}
		}
		var log browsertest.Log
		w := &walker{T: t, axe: string(axe), pictures: os.Getenv("COMPLERO_SCREENSHOTS")}
		w.ctx = browsertest.New(t, browsertest.Patience(5*time.Minute), browsertest.Record(&log))
		for _, pattern := range slices.Sorted(maps.Keys(pages)) {
			if page := pages[pattern]; page.whole {
				before := len(log.Errors())
				w.signIn(page.who)
				w.look(pattern, page.who.base, page.path)
				for _, fault := range log.Errors()[before:] {
					t.Errorf("%s reports %s", page.path, fault)
				}
			}
		}
		if hosts := log.Hosts(); !slices.Equal(hosts, []string{strings.TrimPrefix(admin.base, "http://")}) {
			t.Errorf("the pages asked %v", hosts)
		}
	})
}

// written finds the routes behind the door in the sources.
var written = regexp.MustCompile(`"GET (/(?:app|me|account)[^"]*)"`)

// linked are addresses in pages, of links, frames and forms that are sent by GET.
var linked = regexp.MustCompile(`(?:href|src|hx-get)="(/(?:app|me|account)[^"#]*)`)

// routes are the dashboard's pages behind the door, as the sources name them.
func routes(t *testing.T) (*http.ServeMux, map[string]bool) {
	t.Helper()
	mux, all := http.NewServeMux(), map[string]bool{}
	files, err := filepath.Glob("../frontend/dashboard/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, route := range written.FindAllSubmatch(source, -1) {
			if pattern := string(route[1]); !all[pattern] && pattern != "/me/sign-in" {
				all[pattern] = true
				mux.Handle("GET "+pattern, http.NotFoundHandler())
			}
		}
	}
	return mux, all
}

// follow goes from link to link until it has found no other route. It notes the first
// page of each with whom it is for.
func (v *walkedHouse) follow(mux *http.ServeMux, found map[string]walkedPage, from ...string) {
	v.Helper()
	for queue := from; len(queue) > 0; queue = queue[1:] {
		r, err := http.NewRequestWithContext(v.Context(), http.MethodGet, queue[0], nil)
		if err != nil {
			v.Fatal(err)
		}
		_, route := mux.Handler(r)
		pattern := strings.TrimPrefix(route, "GET ")
		if found[pattern].path != "" {
			continue
		}
		body := v.get(queue[0])
		found[pattern] = walkedPage{v, queue[0], strings.Contains(body, "<main")}
		for _, link := range linked.FindAllStringSubmatch(body, -1) {
			queue = append(queue, html.UnescapeString(link[1]))
		}
	}
}

// A walkedPage is one of a route.
type walkedPage struct {
	who  *walkedHouse
	path string
	// whole is false of files, and of what a frame shows.
	whole bool
}

// A walker looks at pages with a browser.
type walker struct {
	*testing.T
	ctx           context.Context
	axe, pictures string
}

func (w *walker) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// signIn gives the browser the session of v.
func (w *walker) signIn(v *walkedHouse) {
	w.Helper()
	at, err := url.Parse(v.base)
	w.must(err)
	for _, c := range v.http.Jar.Cookies(at) {
		_, err := chromedp.Call(w.ctx, network.SetCookie, network.SetCookieParams{Name: c.Name, Value: c.Value, URL: v.base})
		w.must(err)
	}
}

// look opens a page once in each width.
func (w *walker) look(pattern, base, path string) {
	w.Helper()
	w.must(chromedp.Do(w.ctx, chromedp.EmulateViewport(390, 844), chromedp.Navigate(base+path)))
	w.fits(path, 390)
	w.must(chromedp.Do(w.ctx, chromedp.Evaluate[chromedp.Void](w.axe)))
	w.check(path, "")
	w.shade("dark")
	w.check(path, "color-contrast")
	w.shade("light")
	w.picture(pattern, 390)
	w.must(chromedp.Do(w.ctx, chromedp.EmulateViewport(1440, 900)))
	w.fits(path, 1440)
	w.picture(pattern, 1440)
}

func (w *walker) picture(pattern string, width int) {
	w.Helper()
	if w.pictures != "" {
		name := strings.Trim(regexp.MustCompile(`\W+`).ReplaceAllString(pattern, "-"), "-")
		browsertest.Screenshot(w.T, w.ctx, filepath.Join(w.pictures, fmt.Sprintf("%s-%d.png", name, width)))
	}
}

// sticksOut are elements beyond the window, where the page is wider than it.
const sticksOut = `(() => { const w = document.documentElement.clientWidth; return document.scrollingElement.scrollWidth <= w ? [] : ["the page"].concat(
	[...document.body.querySelectorAll("*")].filter(e => !e.closest(".scroll, .skip") && e.getBoundingClientRect().right > w + 1).map(e => e.outerHTML.slice(0, 160))) })()`

func (w *walker) fits(path string, width int) {
	w.Helper()
	out, err := chromedp.Run(w.ctx, chromedp.Evaluate[[]string](sticksOut))
	w.must(err)
	if len(out) > 0 {
		w.Errorf("%s, %d pixels wide, is wider: %s", path, width, strings.Join(out[:min(len(out), 5)], "\n    "))
	}
}

// runRules tells what axe-core finds by the rules of WCAG 2.2 AA, or by one.
const runRules = `(rule) => axe.run(document, {
	runOnly: rule ? {type: "rule", values: [rule]} : {type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
	resultTypes: ["violations"]}).then(r => JSON.stringify(r.violations.map(v => v.id + ": " + v.help + "\n" + v.nodes.slice(0, 3).map(n => n.html + "\n" + n.failureSummary).join("\n"))))`

func (w *walker) check(path, rule string) {
	w.Helper()
	said, err := chromedp.Run(w.ctx, chromedp.Evaluate[string](fmt.Sprintf("(%s)(%q)", runRules, rule), chromedp.EvalAwaitPromise))
	w.must(err)
	var found []string
	w.must(json.Unmarshal([]byte(said), &found))
	for _, violation := range found {
		w.Errorf("%s, %s: %s", path, rule, violation)
	}
}

func (w *walker) shade(scheme string) {
	w.Helper()
	var set emulation.SetEmulatedMediaParams
	set.Features = []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}
	_, err := chromedp.Call(w.ctx, emulation.SetEmulatedMedia, set)
	w.must(err)
}
