package main

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestEveryAnswerIsNamedAndGuarded(t *testing.T) {
	r := start(t, settings(t))
	seen := map[string]bool{}
	for path, status := range map[string]int{
		"/": 200, "/healthz": 200, "/nowhere": 404, "/u/aaaaaaaaaaaaaaaaaaaaaaaaaa": 404, "/graphql": 401, "/outbox/": 404, "/../../etc/passwd": 404,
	} {
		request, err := http.NewRequest(http.MethodGet, r.URL()+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set(requestIDHeader, "chosen-by-a-stranger")
		answer, _ := do(t, request)
		if answer.StatusCode != status && answer.StatusCode != http.StatusTemporaryRedirect {
			t.Errorf("%s answers %d, want %d", path, answer.StatusCode, status)
		}
		id := answer.Header.Get(requestIDHeader)
		if !wellFormedID.MatchString(id) || seen[id] || id == "chosen-by-a-stranger" {
			t.Errorf("%s has the Request-Id %q", path, id)
		}
		seen[id] = true
		policy := answer.Header.Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "frame-ancestors 'none'") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s has the policy %q", path, policy)
		}
		for header, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Cross-Origin-Opener-Policy": "same-origin",
			"Cross-Origin-Resource-Policy": "same-origin", "Cache-Control": "no-store",
		} {
			if got := answer.Header.Get(header); got != want {
				t.Errorf("%s has %s %q, want %q", path, header, got, want)
			}
		}
		// Pages whose address is no secret may tell it to ourselves.
		if got := answer.Header.Get("Referrer-Policy"); got != "no-referrer" && (got != "same-origin" || strings.HasPrefix(path, "/u/")) {
			t.Errorf("%s has Referrer-Policy %q", path, got)
		}
		if answer.Header.Get("Strict-Transport-Security") != "" {
			t.Errorf("%s demands TLS, though links begin with http", path)
		}
	}
}

func TestTLSIsDemandedWhereLinksHaveIt(t *testing.T) {
	s := settings(t)
	s.BaseURL = "https://complero.example.com"
	answer, _ := start(t, s).get(t, "/")
	if answer.Header.Get("Strict-Transport-Security") == "" {
		t.Error("no Strict-Transport-Security")
	}
}

func TestTheAPIAsksForAKey(t *testing.T) {
	r := start(t, settings(t))
	for _, key := range []string{"", "Bearer", "Bearer nonsense", "Bearer ck_live_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "Basic dTpw"} {
		request, err := http.NewRequest(http.MethodPost, r.URL()+"/graphql", strings.NewReader(`{"query":"{ viewer { kind } }"}`))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/json")
		if key != "" {
			request.Header.Set("Authorization", key)
		}
		answer, body := do(t, request)
		named := strings.Contains(body, `"UNAUTHENTICATED"`) && strings.Contains(body, answer.Header.Get(requestIDHeader))
		if answer.StatusCode != http.StatusUnauthorized || answer.Header.Get("WWW-Authenticate") == "" || !named {
			t.Errorf("%q is answered %d %s", key, answer.StatusCode, body)
		}
	}
}

func TestForeignFormsAreRefused(t *testing.T) {
	r := start(t, settings(t))
	tests := []struct {
		name, path string
		header     map[string]string
		refused    bool
	}{
		{"another origin", "/u/x/stop", map[string]string{"Origin": "https://elsewhere.example"}, true},
		{"another site, says the browser", "/u/x/stop", map[string]string{"Sec-Fetch-Site": "cross-site"}, true},
		{"a neighbour of the same site", "/outbox", map[string]string{"Sec-Fetch-Site": "same-site"}, true},
		{"our own page", "/u/x/stop", map[string]string{"Sec-Fetch-Site": "same-origin", "Origin": r.URL()}, false},
		{"a mail service's one click", "/u/x/stop", nil, false},
		{"a desktop client of the API", "/graphql", map[string]string{"Origin": "app://client"}, false},
	}
	for _, test := range tests {
		request, err := http.NewRequest(http.MethodPost, r.URL()+test.path, strings.NewReader("List-Unsubscribe=One-Click"))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		for name, value := range test.header {
			request.Header.Set(name, value)
		}
		answer, body := do(t, request)
		if refused := answer.StatusCode == http.StatusForbidden; refused != test.refused {
			t.Errorf("%s: answers %d %s, want refused: %t", test.name, answer.StatusCode, body, test.refused)
		}
	}
}

func TestTheLogKnowsRoutesAndNoTokens(t *testing.T) {
	r := start(t, settings(t))
	const token = "abcdefghijklmnopqrstuvwxyz"
	answer, _ := r.get(t, "/u/"+token+"?secret=hidden")
	r.get(t, "/nowhere/"+token)
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	log := r.log.String()
	if strings.Contains(log, token) || strings.Contains(log, "hidden") || strings.Contains(log, "127.0.0.1:") && strings.Contains(log, "remote") {
		t.Errorf("the log tells too much:\n%s", log)
	}
	for _, want := range []string{`"route":"GET /u/{token}"`, `"status":404`, `"requestId":"` + answer.Header.Get(requestIDHeader) + `"`} {
		if !strings.Contains(log, want) {
			t.Errorf("the log lacks %s:\n%s", want, log)
		}
	}
}

// observe puts an observer before a handler.
func observe(t *testing.T, log *record, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := settings(t)
	m, err := New(t.Context(), s, false, s.logger(log))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.close(); err != nil {
			t.Error(err)
		}
	})
	o := &observer{log: slog.New(slog.NewJSONHandler(log, nil)), metrics: newMetrics(m.store, m.log), headers: defaultHeaders(""), next: h}
	server := httptest.NewServer(o)
	t.Cleanup(server.Close)
	return server
}

func TestAPanicIsAnAnswerWithoutInternals(t *testing.T) {
	log := &record{}
	server := observe(t, log, func(http.ResponseWriter, *http.Request) { panic("the cellar is on fire") })
	for _, path := range []string{"/page", "/graphql"} {
		request, err := http.NewRequest(http.MethodGet, server.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		answer, body := do(t, request)
		id := answer.Header.Get(requestIDHeader)
		if answer.StatusCode != http.StatusInternalServerError || strings.Contains(body, "cellar") || !strings.Contains(body, id) {
			t.Errorf("%s answers %d %q, want 500 with the id %s", path, answer.StatusCode, body, id)
		}
		if !strings.Contains(log.String(), "cellar") || !strings.Contains(log.String(), id) {
			t.Errorf("the log does not tell what happened to %s", path)
		}
	}
}

func TestHalfAnAnswerBreaksOff(t *testing.T) {
	server := observe(t, &record{}, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = w.Write([]byte("half"))
		panic("gone")
	})
	answer, err := http.Get(server.URL)
	if err == nil {
		_, err = answer.Body.Read(make([]byte, 200))
		for err == nil {
			_, err = answer.Body.Read(make([]byte, 200))
		}
		if strings.Contains(err.Error(), "unexpected EOF") {
			return
		}
	}
	if err == nil {
		t.Error("half an answer looks whole")
	}
}
