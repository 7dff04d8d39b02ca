package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"complero/db"
	"complero/db/dbtest"
)

// engines are the settings of each database, as subtests are named.
var engines = map[string]func(t *testing.T, s *Settings){
	"sqlite":   func(*testing.T, *Settings) {},
	"postgres": func(t *testing.T, s *Settings) { s.Database = dbtest.PostgresURL(t) },
}

// settings are those of a server that goes with the test, on a free port.
func settings(t *testing.T) Settings {
	return Settings{Data: t.TempDir(), Listen: "127.0.0.1:0", UploadRate: 20, Workers: 2, Only: "all", Log: "json"}
}

// A running server, and what it logs.
type running struct {
	*Main
	log  *record
	stop func() error
}

// record keeps what is logged.
type record struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (r *record) Write(data []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.Write(data)
}

func (r *record) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.String()
}

// start runs a server until the test ends or stop is called.
func start(t *testing.T, s Settings) *running {
	t.Helper()
	log := &record{}
	m, err := New(t.Context(), s, false, s.logger(log))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- m.Run(ctx) }()
	stop := sync.OnceValue(func() error {
		cancel()
		return <-ended
	})
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Errorf("stop: %v\n%s", err, log)
		}
	})
	return &running{m, log, stop}
}

// get asks for a path and returns the answer with its body.
func (r *running) get(t *testing.T, path string) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, r.URL()+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	return do(t, request)
}

func do(t *testing.T, request *http.Request) (*http.Response, string) {
	t.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, string(body)
}

// call asks the API and returns its data; errors at the top fail the test.
func (r *running) call(t *testing.T, key, query string, variables any) map[string]any {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.URL()+"/graphql", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+key)
	request.Header.Set("Content-Type", "application/json")
	_, text := do(t, request)
	var answer struct {
		Data   map[string]any
		Errors []any
	}
	if err := json.Unmarshal([]byte(text), &answer); err != nil || answer.Errors != nil {
		t.Fatalf("the API says %s (%v)", text, err)
	}
	return answer.Data
}

// account makes one by the command, as an operator does.
func account(t *testing.T, s Settings, customer, company string) db.Account {
	t.Helper()
	var stdout, stderr bytes.Buffer
	args := []string{
		"setup", "--data", s.Data, "--database", s.Database, "--customer", customer, "--company", company,
		"--country", "DE", "--locale", "de", "--sender", "kontakt@example.com", "--imprint", "Beispiel GmbH",
	}
	if err := run(t.Context(), args, &stdout, &stderr); err != nil {
		t.Fatalf("%v\n%s", err, &stderr)
	}
	var a madeAccount
	d := json.NewDecoder(&stdout)
	d.DisallowUnknownFields()
	if err := d.Decode(&a); err != nil {
		t.Fatal(err)
	}
	if d.More() {
		t.Errorf("setup prints more than one object")
	}
	if a.SignIn == "" {
		t.Error("setup prints no link for the administrator")
	}
	return *a.Account
}

func TestSetupAddsCompaniesWhileAServerRuns(t *testing.T) {
	for name, on := range engines {
		t.Run(name, func(t *testing.T) {
			s := settings(t)
			on(t, &s)
			r := start(t, s)
			first, second := account(t, s, "Holding", "Nord"), account(t, s, "Holding", "Süd")
			if first.CustomerID != second.CustomerID || first.CompanyID == second.CompanyID {
				t.Errorf("accounts are %+v and %+v, want one Customer and two Companies", first, second)
			}
			for _, key := range []string{first.LiveKey, first.TestKey, second.LiveKey, second.TestKey} {
				r.call(t, key, "{ company { name } }", nil)
			}
		})
	}
}

func TestWrongSettingsSayWhatAndHow(t *testing.T) {
	taken := start(t, settings(t))
	address := strings.TrimPrefix(taken.URL(), "http://")
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		args []string
		want []string
	}{
		{"port taken", []string{"--listen", address}, []string{"--listen " + address, "choose another port"}},
		{"no port", []string{"--listen", "abc"}, []string{"--listen abc", "such as :8080"}},
		{"base URL without a scheme", []string{"--base-url", "complero.example.com"}, []string{"--base-url", "https://complero.example.com"}},
		{"base URL with a path", []string{"--base-url", "https://example.com/app"}, []string{"nothing but scheme and host"}},
		{"no mail server", []string{"--smtp", "https://u:topsecret@mail.example.com"}, []string{"--smtp", "smtp://"}},
		{"data folder that is a file", []string{"--data", file}, []string{"--data " + file, "cannot be written"}},
		{"PostgreSQL that does not run", []string{"--database", "postgres://u:topsecret@127.0.0.1:1/x"}, []string{"127.0.0.1:1", "cannot be reached"}},
		{"unreadable database", []string{"--database", "postgres://u:topsecret@h:port/x"}, []string{"--database", "postgres://USER:PASSWORD@HOST:PORT/NAME"}},
		{"another database", []string{"--database", "mysql://u:topsecret@h/x"}, []string{"--database", "postgres://"}},
		{"link key", []string{"--link-key", "topsecret"}, []string{"--link-key", "64 hex digits"}},
		{"proxy", []string{"--trusted-proxies", "10.0.0.0/99"}, []string{"10.0.0.0/99", "10.0.0.0/8"}},
		{"log level", []string{"--log-level", "loud"}, []string{"--log-level", "debug"}},
		{"no SMS provider", []string{"--sms", "seven://u:topsecret@/?from=Nord"}, []string{"--sms", "seven://API_KEY@"}},
		{"upload rate", []string{"--upload-rate=-1"}, []string{"--upload-rate", "0 for any"}},
		{"workers", []string{"--workers", "0"}, []string{"--workers 0", "from 1"}},
		{"workers without a base URL", []string{"--only", "workers"}, []string{"--base-url"}},
		{"metrics", []string{"--metrics", address}, []string{"--metrics " + address}},
		{"unknown flag", []string{"--port", "1"}, []string{"--port", "--help"}},
		{"unknown command", []string{"start"}, []string{"start", "--help"}},
		{"setup without a name", []string{"setup", "--company", "x", "--country", "DE", "--locale", "de"}, []string{"--customer"}},
		{"setup in no country", []string{"setup", "--customer", "x", "--company", "x", "--country", "Atlantis", "--locale", "de"}, []string{"Atlantis", "such as DE"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			args := append([]string{"--data=" + t.TempDir(), "--listen=127.0.0.1:0", "--log-level=error"}, test.args...)
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
			defer cancel()
			err := run(ctx, args, &stdout, &stderr)
			if err == nil {
				t.Fatal("it started")
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("says %q, want %q in it", err, want)
				}
			}
			all := err.Error() + stdout.String() + stderr.String()
			if strings.Contains(all, "topsecret") || strings.Contains(all, "goroutine") || strings.Contains(err.Error(), "\n") {
				t.Errorf("says %q", all)
			}
		})
	}
}

func TestHelpExplainsEveryFlag(t *testing.T) {
	var stdout, stderr bytes.Buffer
	if err := run(t.Context(), []string{"--help"}, &stdout, &stderr); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"--data", "--listen", "--database", "--base-url", "--smtp", "--sms", "--link-key", "--trusted-proxies", "--upload-rate", "--metrics",
		"--log", "--log-level", "--workers", "--only", "COMPLERO_BASE_URL", "COMPLERO_SMTP", "setup", "serve", "export", "move", "demo",
	} {
		if !strings.Contains(stdout.String(), want) {
			t.Errorf("--help does not mention %s", want)
		}
	}
}

func TestSettingsComeFromTheEnvironment(t *testing.T) {
	t.Setenv("COMPLERO_BASE_URL", "ftp://nowhere")
	err := run(t.Context(), []string{"serve"}, io.Discard, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "--base-url") {
		t.Errorf("says %v, want it to find fault with COMPLERO_BASE_URL", err)
	}
}
