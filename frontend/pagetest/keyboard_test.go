package pagetest

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"complero/server/browsertest"
)

// tabbable are the elements that the tab key goes to, in the order of the page;
// of radio buttons with one name there is one.
const tabbable = `(() => { const groups = {};
	return [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
	.filter(e => !e.disabled && e.tabIndex >= 0 && e.checkVisibility())
	.filter(e => { if (e.type !== "radio") return true;
		const all = [...document.getElementsByName(e.name)], one = all.find(o => o.checked) || all[0];
		return e === one }) })()`

// focused is what the tab key has come to, and whether one can see that.
const focused = `(() => { const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
	const frame = e.tagName === "IFRAME", seen = s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2;
	const inside = r.bottom > 0 && r.top < innerHeight;
	return {at: (window.tabs || []).indexOf(e), what: e.outerHTML.slice(0, 120), seen: frame || seen && inside, within: frame || e.type === "date"} })()`

// A stop is where the tab key has come to.
type stop struct {
	At           int
	What         string
	Seen, Within bool
}

func (l *look) tab() stop {
	l.t.Helper()
	l.must(chromedp.Do(l.ctx, chromedp.KeyEvent(kb.Tab)))
	return ask[stop](l, focused)
}

func TestPagesAreUsedByKeyboard(t *testing.T) {
	each(t, func(l *look) {
		n := ask[int](l, "(window.tabs = "+tabbable+").length")
		// From the top of the page, wherever the focus was put.
		ask[bool](l, "(document.activeElement.blur(), getSelection().removeAllRanges(), document.body.tabIndex = -1, document.body.focus(), true)")
		for want := range n {
			got := l.tab()
			// The parts of a date, and its calendar, are within one element; a frame
			// is a stop only where there is more in it than fits.
			for range 4 {
				if got.At < want && got.Within {
					got = l.tab()
				}
			}
			if got.At != want {
				l.t.Fatalf("the %dth stop of the tab key is the %dth on the page: %s", want+1, got.At+1, got.What)
			}
			if !got.Seen {
				l.t.Errorf("the focus cannot be seen on %s", got.What)
			}
		}
	}, "default", "dark")
}

func TestTheErrorSummaryTakesTheFocus(t *testing.T) {
	s := newStage(t)
	pages := map[string]*page{}
	for _, state := range all {
		if p := state.show(s.casts[0]); strings.Contains(p.Body.String(), `class="problems"`) {
			pages[state.name] = p
		}
	}
	if len(pages) < 3 {
		t.Fatalf("only %d pages have problems", len(pages))
	}
	at := s.serve(pages)
	for name, options := range map[string][]browsertest.Option{"with scripts": nil, "without": {browsertest.WithoutJavaScript()}} {
		t.Run(name, func(t *testing.T) {
			l := &look{t, browsertest.New(t, append(options, browsertest.Patience(5*time.Minute))...)}
		pages:
			for name := range pages {
				l.must(chromedp.Do(l.ctx, chromedp.Navigate(at+name)))
				// The browser moves the focus once it has drawn the page. Where scripts are
				// off no timer runs in it, so the waiting is done here.
				for range 200 {
					if ask[bool](l, `document.activeElement.classList.contains("problems")`) {
						continue pages
					}
					time.Sleep(50 * time.Millisecond)
				}
				t.Errorf("%s: the focus is elsewhere", name)
			}
		})
	}
}
