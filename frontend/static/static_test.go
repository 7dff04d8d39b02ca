package static

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"complero/theme"
)

// TestStylesheetUsesOnlyWhatThemesDefine holds the stylesheet to the custom
// properties that every Brand has.
func TestStylesheetUsesOnlyWhatThemesDefine(t *testing.T) {
	defined := theme.DefaultBrand("x").CSS()
	for _, used := range regexp.MustCompile(`var\((--[a-z-]+)\)`).FindAllStringSubmatch(rules, -1) {
		if !strings.Contains(defined, used[1]+":") {
			t.Errorf("no Brand defines %s", used[1])
		}
	}
	if strings.Contains(rules, "url(") || strings.Contains(rules, "@import") {
		t.Error("the stylesheet loads something")
	}
}

// TestStylesheetRespectsWhatReadersAskFor finds nothing that moves outside of
// what is for those who do not mind, and the colours of those who set their own.
func TestStylesheetRespectsWhatReadersAskFor(t *testing.T) {
	for _, query := range []string{"(prefers-reduced-motion:no-preference)", "(prefers-reduced-motion:reduce)", "(forced-colors:active)"} {
		if !strings.Contains(rules, "@media "+query) {
			t.Errorf("the stylesheet does not know %s", query)
		}
	}
	still := regexp.MustCompile(`@media \(prefers-reduced-motion[^\n]*`).ReplaceAllString(rules, "")
	if moves := regexp.MustCompile(`(transition|animation|scroll-behavior):[^;}]*`).FindString(still); moves != "" {
		t.Errorf("%s moves for everybody", moves)
	}
	if forced := regexp.MustCompile(`forced-color-adjust:none`).FindString(rules); forced != "" {
		t.Error("the stylesheet overrides the reader's colours")
	}
}

func TestStylesheetStaysSmall(t *testing.T) {
	w := httptest.NewRecorder()
	CSS().ServeHTTP(w, httptest.NewRequest(http.MethodGet, CSS().Path, nil))
	if n := w.Body.Len(); n == 0 || n > 14<<10 {
		t.Errorf("the stylesheet has %d bytes", n)
	}
}
