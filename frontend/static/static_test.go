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

func TestStylesheetStaysSmall(t *testing.T) {
	w := httptest.NewRecorder()
	CSS().ServeHTTP(w, httptest.NewRequest(http.MethodGet, CSS().Path, nil))
	if n := w.Body.Len(); n == 0 || n > 14<<10 {
		t.Errorf("the stylesheet has %d bytes", n)
	}
}
