package frontend

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/a-h/templ"
)

func TestSendSendsAPageWholeOrNotAtAll(t *testing.T) {
	fails := templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, _ = io.WriteString(w, "half")
		return errors.New("broken")
	})
	w := httptest.NewRecorder()
	if err := Send(w, httptest.NewRequest(http.MethodGet, "/", nil), http.StatusOK, fails); err == nil || w.Body.Len() > 0 {
		t.Errorf("sends %q, %v", w.Body, err)
	}
	for method, want := range map[string]string{http.MethodGet: "<p>", http.MethodHead: ""} {
		w = httptest.NewRecorder()
		w.Header().Set("Content-Security-Policy", "default-src 'none'")
		err := Send(w, httptest.NewRequest(method, "/", nil), http.StatusTeapot, templ.Raw("<p>"))
		if err != nil || w.Code != http.StatusTeapot || w.Body.String() != want || w.Header().Get("Content-Length") != "3" {
			t.Errorf("%s sends %d %q %v, %v", method, w.Code, w.Body, w.Header(), err)
		}
		if got := w.Header().Get("Content-Security-Policy"); got != policy {
			t.Errorf("the policy is %s", got)
		}
	}
}
