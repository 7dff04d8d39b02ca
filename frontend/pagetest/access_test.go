package pagetest

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"complero/server/browsertest"
)

//go:embed testdata/axe.min.js
var axe string

// runAxe tells what axe finds by all rules, or by one.
const runAxe = `(rule) => axe.run(document, {
	runOnly: rule ? {type: "rule", values: [rule]} : {type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
	resultTypes: ["violations"]
}).then(r => JSON.stringify(r.violations.map(v => v.id + ": " + v.help + "\n" + v.nodes.map(n => "    " + n.html + "\n    " + n.failureSummary).join("\n"))))`

// serve gives the pages, as they were recorded, and what they load.
func (s *stage) serve(pages map[string]*page) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, recorded := strings.CutPrefix(r.URL.Path, "/state/")
		p := pages[name]
		if !recorded || p == nil {
			if s.pass != nil {
				r.AddCookie(s.pass) // for the message in a frame
			}
			s.routes.ServeHTTP(w, r)
			return
		}
		maps.Copy(w.Header(), p.Header())
		w.WriteHeader(p.Code)
		_, _ = w.Write(p.Body.Bytes()) // the browser will say so
	}))
	s.t.Cleanup(server.Close)
	return server.URL + "/state/"
}

// A look is one page in the browser.
type look struct {
	t   *testing.T
	ctx context.Context
}

func (l *look) must(err error) {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
}

// ask evaluates an expression in the page.
func ask[T any](l *look, expression string) T {
	l.t.Helper()
	answer, err := chromedp.Run(l.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	l.must(err)
	return answer
}

func (l *look) size(width, height int64) {
	l.t.Helper()
	l.must(chromedp.Do(l.ctx, chromedp.EmulateViewport(width, height)))
}

// media emulates what a person has set, as pairs of a feature and its value.
func (l *look) media(features ...string) {
	l.t.Helper()
	var set emulation.SetEmulatedMediaParams
	for n := 0; n+1 < len(features); n += 2 {
		set.Features = append(set.Features, &emulation.MediaFeature{Name: features[n], Value: features[n+1]})
	}
	_, err := chromedp.Call(l.ctx, emulation.SetEmulatedMedia, set)
	l.must(err)
}

// axe reports what axe finds.
func (l *look) axe(when, rule string) {
	l.t.Helper()
	var found []string
	l.must(json.Unmarshal([]byte(ask[string](l, fmt.Sprintf("(%s)(%q)", runAxe, rule))), &found))
	for _, violation := range found {
		l.t.Errorf("%s: %s", when, violation)
	}
}

// each looks at all states, with a browser for each cast.
func each(t *testing.T, check func(l *look), casts ...string) {
	s := newStage(t)
	for _, c := range s.casts {
		if len(casts) > 0 && !slices.Contains(casts, c.name) {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			pages := c.shown()
			at := s.serve(pages)
			ctx := browsertest.New(t, browsertest.Patience(10*time.Minute))
			for _, name := range slices.Sorted(maps.Keys(pages)) {
				t.Run(name, func(t *testing.T) {
					l := &look{t, ctx}
					l.size(390, 844)
					l.media("prefers-color-scheme", "light")
					l.must(chromedp.Do(ctx, chromedp.Navigate(at+name)))
					ask[bool](l, `(document.querySelectorAll("details").forEach(d => d.open = true), true)`)
					check(l)
				})
			}
		})
	}
}

func TestPagesCanBeUsedByEverybody(t *testing.T) {
	each(t, func(l *look) {
		l.must(chromedp.Do(l.ctx, chromedp.Evaluate[chromedp.Void](axe)))
		l.axe("by day", "")
		l.media("prefers-color-scheme", "dark")
		l.axe("by night", "color-contrast")
		l.names()
		l.forcedColours()
		l.reducedMotion()
		l.reflow()
	})
}

// unnamed are roles that need no name of their own.
var unnamed = []string{"RootWebArea", "generic", "none", "Iframe"}

// names checks that a screen reader can tell everything that takes the focus.
func (l *look) names() {
	l.t.Helper()
	tree, err := chromedp.Call(l.ctx, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
	l.must(err)
	for _, n := range tree.Nodes {
		if n.Ignored || n.Role == nil || slices.Contains(unnamed, text(n.Role)) {
			continue
		}
		focusable := slices.ContainsFunc(n.Properties, func(p *accessibility.Property) bool {
			return p.Name == accessibility.PropertyNameFocusable && string(p.Value.Value) == "true"
		})
		if focusable && text(n.Name) == "" && text(n.Role) != "alert" {
			l.t.Errorf("a %s has no name", text(n.Role))
		}
	}
}

func text(v *accessibility.Value) string {
	if v == nil {
		return ""
	}
	return strings.Trim(string(v.Value), `"`)
}

// controls that are drawn by us, and whether they can be told from the ground.
const edgeless = `[...document.querySelectorAll("button, .button, select, textarea, input:not([type=hidden])")]
	.filter(e => { const s = getComputedStyle(e); return !e.closest(".first") && !["checkbox", "radio"].includes(e.type) && (s.borderStyle === "none" || parseFloat(s.borderTopWidth) < 1) })
	.map(e => e.outerHTML)`

// forcedColours checks what is left where the system chooses all colours.
func (l *look) forcedColours() {
	l.t.Helper()
	l.media("forced-colors", "active")
	for _, control := range ask[[]string](l, edgeless) {
		l.t.Errorf("with forced colours nothing shows where this ends: %s", control)
	}
}

const moving = `[...document.querySelectorAll("*")].filter(e => { const s = getComputedStyle(e);
	return s.transitionDuration !== "0s" || s.animationName !== "none" || s.scrollBehavior === "smooth" }).map(e => e.outerHTML.slice(0, 80))`

func (l *look) reducedMotion() {
	l.t.Helper()
	l.media("prefers-reduced-motion", "reduce")
	for _, element := range ask[[]string](l, moving) {
		l.t.Errorf("this moves for those who want nothing to move: %s", element)
	}
	l.media()
}

// wide are elements that stick out of the page, or whose text is cut off.
const wide = `(() => { const width = document.documentElement.clientWidth;
	return [...document.body.querySelectorAll("*")].filter(e => { const r = e.getBoundingClientRect(), s = getComputedStyle(e);
		if (e.closest(".first") || r.width === 0 || !e.checkVisibility() || e.closest("svg, select")) return false;
		return r.right > width + 1 || r.left < -1 || s.overflowX === "hidden" && s.textOverflow !== "ellipsis" && e.scrollWidth > e.clientWidth + 1 })
	.map(e => e.outerHTML.slice(0, 160)) })()`

// reflow checks narrow windows and large text (WCAG 1.4.4 and 1.4.10).
func (l *look) reflow() {
	l.t.Helper()
	for _, w := range []struct {
		width int64
		size  string
	}{{320, "100%"}, {390, "100%"}, {640, "200%"}, {1280, "200%"}} {
		l.size(w.width, 800)
		ask[bool](l, fmt.Sprintf("(document.documentElement.style.fontSize = %q, true)", w.size))
		if got := ask[int64](l, "document.scrollingElement.scrollWidth"); got > w.width {
			l.t.Errorf("%d pixels wide with text of %s, the page is %d wide: %s", w.width, w.size, got, strings.Join(ask[[]string](l, wide), "\n    "))
		} else if cut := ask[[]string](l, wide); len(cut) > 0 {
			l.t.Errorf("%d pixels wide with text of %s, these are cut off: %s", w.width, w.size, strings.Join(cut, "\n    "))
		}
	}
}
