package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"complero/db"
	"complero/db/dbtest"
	"complero/server/intake/table"
)

// marked is a Company on a server without workers, in whose data every text
// has the marker, with an import that rejected rows.
type marked struct {
	*running
	account  db.Account
	live     *db.Tenant
	rejected string // path of the rejected rows
}

const marker = "zzmarker"

func startMarked(t *testing.T, on func(*testing.T, *Settings)) *marked {
	t.Helper()
	s := settings(t)
	on(t, &s)
	s.Only = onlyWeb
	m := &marked{running: start(t, s), account: account(t, s, "Holding", "Nord")}
	var err error
	if m.live, err = m.store.WorkOn(t.Context(), m.account.CompanyID, db.Live); err != nil {
		t.Fatal(err)
	}
	save := db.ConsentDefinitionSave{Key: "news", Channels: []db.ConsentChannel{db.ConsentEmail}, Wordings: []db.ConsentWording{{Locale: "de", Title: "Neues", Wording: "Ja"}}}
	if _, err := m.live.SaveConsentDefinition(t.Context(), save); err != nil {
		t.Fatal(err)
	}
	uploaded(t, m.live, `{"externalId": "`+marker+`1", "familyName": "`+marker+`", "emails": [{"address": "`+marker+`@example.com"}]}`)
	op := takenIn(t, m.live, "kunden.csv", []byte("Kundennr;Nachname;Geburtsdatum\n"+marker+"2;"+marker+";31.12.1970\n"+marker+"3;"+marker+";nie\n"), nil)
	if op.Created != 1 || op.Rejected != 1 {
		t.Fatalf("created %d, rejected %d", op.Created, op.Rejected)
	}
	data := m.call(t, m.account.LiveKey, `query($id: ID!) { operation(id: $id) { rejectedUrl } }`, map[string]any{"id": op.ID})
	address, err := url.Parse(data["operation"].(map[string]any)["rejectedUrl"].(string))
	if err != nil || !strings.HasSuffix(address.Path, "/rejected.csv") {
		t.Fatalf("rejectedUrl is %v, %v", address, err)
	}
	m.rejected = address.Path
	return m
}

// file asks for a path with a key.
func (r *running) file(t *testing.T, method, key, path string) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, r.URL()+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if key != "" {
		request.Header.Set("Authorization", "Bearer "+key)
	}
	return do(t, request)
}

// files are the paths of everything that is to be had.
func (m *marked) files() []string {
	paths := []string{m.rejected}
	for _, noun := range exportNouns {
		for ext := range fileKinds {
			paths = append(paths, "/export/"+noun+ext)
		}
	}
	return paths
}

func TestFilesAreForThoseWhoHaveTheKey(t *testing.T) {
	for name, on := range engines {
		t.Run(name, func(t *testing.T) {
			m := startMarked(t, on)
			other, err := m.store.CreateAccount(t.Context(), db.Setup{Customer: "Andere", Company: "Andere", Country: "DE", Locale: "de", Sender: "a@example.com", Imprint: "Andere"})
			if err != nil {
				t.Fatal(err)
			}
			agency := m.agency(t, "agency")
			for _, path := range m.files() {
				answer, body := m.file(t, http.MethodGet, m.account.LiveKey, path)
				if answer.StatusCode != http.StatusOK || !strings.HasSuffix(path, ".xlsx") && !strings.Contains(path, "consents") && !strings.Contains(path, "audit") && !strings.Contains(body, marker) {
					t.Errorf("%s answers its owner %s %.300s", path, answer.Status, body)
				}
				header := answer.Header
				if !strings.HasPrefix(header.Get("Content-Disposition"), "attachment; filename=") || header.Get("Cache-Control") != "no-store" ||
					header.Get("Content-Type") != mediaTypes[fileKinds[filepath.Ext(path)]] || header.Get("X-Content-Type-Options") != "nosniff" {
					t.Errorf("%s comes with %v", path, header)
				}
				for who, key := range map[string]string{
					"nobody": "", "a wrong key": "ck_live_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "another Company": other.LiveKey, "another Company's test key": other.TestKey,
					"its own test key": m.account.TestKey, "an agency": agency,
				} {
					answer, body := m.file(t, http.MethodGet, key, path)
					want := map[bool]int{true: http.StatusOK, false: http.StatusNotFound}[path != m.rejected]
					if who == "an agency" && strings.Contains(path, "audit") {
						want = http.StatusForbidden
					}
					if who == "nobody" || who == "a wrong key" {
						want = http.StatusUnauthorized
					}
					if answer.StatusCode != want || strings.Contains(body, marker) {
						t.Errorf("%s answers %s %s %.300s", path, who, answer.Status, body)
					}
					if want == http.StatusUnauthorized && (answer.Header.Get("WWW-Authenticate") == "" || !strings.Contains(body, "UNAUTHENTICATED")) {
						t.Errorf("%s asks for no key: %v %s", path, answer.Header, body)
					}
				}
			}
		})
	}
}

// A key that may read everything, and not take it along, gets no file.
func TestFilesTakeARightOfTheirOwn(t *testing.T) {
	for name, on := range engines {
		t.Run(name, func(t *testing.T) {
			m := startMarked(t, on)
			owner, err := m.store.Authenticate(t.Context(), m.account.LiveKey)
			if err != nil {
				t.Fatal(err)
			}
			_, secret, err := owner.CreateKey(t.Context(), db.KeyCreate{Name: "reads", Scopes: []db.Right{db.ContactsRead, db.EventsRead, db.ConsentsRead, db.EmployeesRead}})
			if err != nil {
				t.Fatal(err)
			}
			for _, noun := range exportNouns {
				for ext := range fileKinds {
					answer, body := m.file(t, http.MethodGet, secret, "/export/"+noun+ext)
					if answer.StatusCode != http.StatusForbidden || !strings.Contains(body, "data:export") || strings.Contains(body, marker) {
						t.Errorf("%s%s: %s %.300s", noun, ext, answer.Status, body)
					}
				}
			}
		})
	}
}

// agency makes a live key that is bound to a Source.
func (m *marked) agency(t *testing.T, source string) string {
	t.Helper()
	owner, err := m.store.Authenticate(t.Context(), m.account.LiveKey)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := owner.SaveSource(t.Context(), db.SourceSave{Key: source, Name: &source}); err != nil {
		t.Fatal(err)
	}
	_, secret, err := owner.CreateKey(t.Context(), db.KeyCreate{Name: source, Source: &source})
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

func TestWhatIsNoFileIsRefusedWithTheCure(t *testing.T) {
	m := startMarked(t, engines["sqlite"])
	tests := []struct {
		method, path string
		status       int
		want         []string
	}{
		{"GET", "/export/contacts.pdf", 404, []string{"NOT_FOUND", ".csv, .ndjson or .xlsx"}},
		{"GET", "/export/users.csv", 404, []string{"NOT_FOUND", "contacts, events, consents or audit"}},
		{"GET", "/export/contacts.csv?updatedsince=2026-01-01T00:00:00Z", 400, []string{"updatedsince is no parameter", "updatedSince"}},
		{"GET", "/export/contacts.csv?updatedSince=gestern", 400, []string{"INVALID", "2026-01-31T00:00:00Z", `"path":["updatedSince"]`}},
		{"GET", "/export/contacts.csv?updatedSince=", 400, []string{"has no value"}},
		{"GET", "/export/contacts.csv?source=a&source=b", 400, []string{"given 2 times"}},
		{"GET", "/export/contacts.csv?source=west", 404, []string{"NOT_FOUND", "west"}},
		{"GET", "/export/events.csv?kinds=UPDATE,SYNK", 400, []string{"SYNK", "SYNC"}},
		{"GET", "/export/events.ndjson?after=nonsense", 400, []string{"BAD_CURSOR"}},
		{"GET", "/export/consents.csv?state=YES", 400, []string{"GRANTED"}},
		{"GET", "/operations/operation_none/rejected.csv", 404, []string{"NOT_FOUND"}},
		{"GET", strings.Replace(m.rejected, ".csv", ".ndjson", 1), 404, []string{"rejected.csv"}},
		{"HEAD", "/export/contacts.csv", 405, nil},
	}
	for _, test := range tests {
		answer, body := m.file(t, test.method, m.account.LiveKey, test.path)
		if answer.StatusCode != test.status {
			t.Errorf("%s %s answers %s %s", test.method, test.path, answer.Status, body)
		}
		for _, want := range test.want {
			if !strings.Contains(body, want) || !strings.Contains(body, answer.Header.Get(requestIDHeader)) {
				t.Errorf("%s says %s, want %q and the Request-Id in it", test.path, body, want)
			}
		}
	}
}

func TestFilesAreNarrowed(t *testing.T) {
	m := startMarked(t, engines["sqlite"])
	for path, lines := range map[string]int{
		"/export/contacts.ndjson": 2, "/export/contacts.ndjson?updatedSince=2100-01-01T00:00:00Z": 0, "/export/contacts.ndjson?employeeExternalId=V-9": 0,
		"/export/events.ndjson": 2, "/export/events.ndjson?kinds=SYNC,UPDATE": 0, "/export/events.ndjson?kinds=CREATE": 2, "/export/events.csv": 3,
		"/export/events.ndjson?since=2100-01-01T00:00:00Z": 0, "/export/events.ndjson?until=2000-01-01T00:00:00Z": 0, "/export/events.ndjson?consumer=crm": 2,
		"/export/consents.ndjson?key=other": 0, "/export/consents.csv": 1,
	} {
		if answer, body := m.file(t, http.MethodGet, m.account.LiveKey, path); answer.StatusCode != http.StatusOK || strings.Count(body, "\n") != lines {
			t.Errorf("%s answers %s, want %d lines:\n%s", path, answer.Status, lines, body)
		}
	}
	data := m.call(t, m.account.LiveKey, `{ events(first: 1) { nodes { id } pageInfo { endCursor } } }`, nil)
	cursor := data["events"].(map[string]any)["pageInfo"].(map[string]any)["endCursor"].(string)
	_, body := m.file(t, http.MethodGet, m.account.LiveKey, "/export/events.ndjson?after="+cursor)
	var e struct {
		Number  int
		Kind    string
		Changes []struct{ Field string }
	}
	if err := json.Unmarshal([]byte(body), &e); err != nil || e.Number != 2 || e.Kind != "CREATE" || len(e.Changes) == 0 {
		t.Errorf("behind the first event, %v: %s", err, body)
	}
}

func TestHalfAFileIsBrokenOff(t *testing.T) {
	log := &record{}
	var part strings.Builder // too odd to be pressed into one packet
	for n := range 100_000 {
		fmt.Fprintf(&part, "%x", n*n)
	}
	h, err := compress(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		newExporter(nil, settings(t).logger(log)).send(w, r, &file{name: "x.csv", kind: table.KindCSV, write: func(_ context.Context, w io.Writer) error {
			if r.URL.Path == "/before" {
				return errors.New("the cellar is on fire")
			}
			_, err := io.WriteString(w, part.String())
			return errors.Join(errors.New("the cellar is on fire"), err)
		}})
	}))
	if err != nil {
		t.Fatal(err)
	}
	server := observe(t, log, h.ServeHTTP)
	for _, encoding := range []string{"identity", "gzip"} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Accept-Encoding", encoding)
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, answer.Body); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("half a file ends with %v as %s", err, encoding)
		}
		answer.Body.Close()
	}
	answer, body := get(t, server.URL+"/before")
	if answer.StatusCode != http.StatusInternalServerError || answer.Header.Get("Content-Disposition") != "" || strings.Contains(body, "cellar") {
		t.Errorf("a file that cannot be begun is answered %s %v %s", answer.Status, answer.Header, body)
	}
	if strings.Count(log.String(), "cellar") != 3 {
		t.Errorf("the log has not told of all three:\n%s", log)
	}
}

func get(t *testing.T, address string) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	return do(t, request)
}

// slowLine is an answer that notes the deadlines it is given.
type slowLine struct {
	http.ResponseWriter
	deadlines []time.Time
	largest   int
}

func (s *slowLine) SetWriteDeadline(t time.Time) error {
	s.deadlines = append(s.deadlines, t)
	return nil
}

func (s *slowLine) SetReadDeadline(time.Time) error { return nil }

func (s *slowLine) Header() http.Header { return http.Header{} }

func (s *slowLine) Write(data []byte) (int, error) {
	s.largest = max(s.largest, len(data))
	return len(data), nil
}

func TestAFileMayTakeAsLongAsItsClientTakesSomeOfIt(t *testing.T) {
	line := &slowLine{}
	out := newSteady(line, &file{name: "x.csv", kind: table.KindCSV})
	if len(line.deadlines) != 1 || !line.deadlines[0].IsZero() {
		t.Errorf("before the first byte the deadlines are %v", line.deadlines)
	}
	if _, err := out.Write(make([]byte, 10*steadyPart)); err != nil {
		t.Fatal(err)
	}
	if len(line.deadlines) != 11 || line.largest != steadyPart {
		t.Errorf("%d deadlines, %d bytes at once", len(line.deadlines), line.largest)
	}
	for _, d := range line.deadlines[1:] {
		if left := time.Until(d); left <= 0 || left > steadyTime {
			t.Errorf("a deadline in %s", left)
		}
	}
}

func TestOnlySoManyFilesAreWrittenAtOnce(t *testing.T) {
	m := startMarked(t, engines["sqlite"])
	e := newExporter(m.store, m.Main.log)
	for range mostExports {
		e.busy <- struct{}{}
	}
	mux := http.NewServeMux()
	e.addRoutes(mux, nil)
	server := observe(t, &record{}, mux.ServeHTTP)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/export/contacts.csv", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+m.account.LiveKey)
	if answer, body := do(t, request); answer.StatusCode != http.StatusTooManyRequests || answer.Header.Get("Retry-After") == "" || !strings.Contains(body, "RATE_LIMITED") {
		t.Errorf("one more is answered %s %s", answer.Status, body)
	}
}

func TestTheCommandsExportAndKeepRejectedRows(t *testing.T) {
	for name, on := range engines {
		t.Run(name, func(t *testing.T) {
			s := settings(t)
			on(t, &s)
			a := account(t, s, "Holding", "Nord")
			dir := t.TempDir()
			path := func(name string) string { return filepath.Join(dir, name) }
			command := func(args ...string) string {
				var stdout, stderr bytes.Buffer
				if err := run(t.Context(), append(args, "--company", a.CompanyID, "--data", s.Data, "--database", s.Database), &stdout, &stderr); err != nil {
					t.Fatalf("%v: %v\n%s", args, err, &stderr)
				}
				return stdout.String()
			}
			if err := os.WriteFile(path("kunden.csv"), []byte("Kundennr;Nachname;Geburtsdatum\nK-1;Frohn;31.12.1970\nK-2;Kupfer;nie\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			command("import", path("kunden.csv"), "--rejected", path("rejected.csv"))
			data, err := os.ReadFile(path("rejected.csv"))
			if err != nil || !strings.HasPrefix(string(data), "Kundennr;Nachname;Geburtsdatum;error\r\nK-2;Kupfer;nie;") {
				t.Errorf("rejected %q, %v", data, err)
			}
			if got := command("export", "contacts"); strings.Count(got, "\r\n") != 2 || !strings.Contains(got, "K-1,,,,,,Frohn,1970-12-31,") {
				t.Errorf("exported %q", got)
			}
			if got := command("export", "contacts", "--format", "ndjson", "--filter", "updatedSince=2100-01-01T00:00:00Z"); got != "" {
				t.Errorf("narrowed %q", got)
			}
			if got := command("export", "events", "--test"); strings.Count(got, "\r\n") != 1 {
				t.Errorf("in test mode %q", got)
			}
			command("export", "contacts", "--out", path("contacts.xlsx"))
			if data, err := os.ReadFile(path("contacts.xlsx")); err != nil || !bytes.HasPrefix(data, []byte("PK")) {
				t.Errorf("%.20q, %v", data, err)
			}
			for _, wrong := range [][]string{
				{"export", "users"},
				{"export", "contacts", "--format", "pdf"},
				{"export", "contacts", "--filter", "search=x"},
				{"export", "contacts", "--source", "west", "--out", path("none.csv")},
				{"export", "events", "--source", "crm"},
			} {
				err := run(t.Context(), append(wrong, "--company", a.CompanyID, "--data", s.Data, "--database", s.Database), io.Discard, io.Discard)
				if err == nil {
					t.Errorf("%v is done", wrong)
				}
			}
			left, err := os.ReadDir(dir)
			if err != nil || len(left) != 3 {
				t.Errorf("left behind: %v, %v", left, err)
			}
		})
	}
}

func TestExportOfASourceGoesBackToIt(t *testing.T) {
	onEngines(t, func(t *testing.T, engine dbtest.Engine) {
		a, b := house(t, engine, false), house(t, engine, false)
		agency := "agency"
		for _, on := range []*db.Tenant{a, b} {
			if _, err := on.SaveSource(t.Context(), db.SourceSave{Key: agency, Name: &agency}); err != nil {
				t.Fatal(err)
			}
		}
		uploaded(t, a, `{"externalId": "1", "familyName": "Frohn"}`)
		op, err := a.UploadContacts(t.Context(), db.ContactsUpload{Contacts: []byte(`[{"externalId": "1", "familyName": "Kupfer"}]`), Count: 1, Source: &agency})
		workedOff(t, a, op, err)
		for _, asked := range []url.Values{nil, {"source": {agency}}} {
			data := exported(t, a, "contacts", table.KindCSV, asked)
			var source *string
			if asked != nil {
				source = &agency
			}
			if op := takenIn(t, b, "x.csv", data, source); op.Created != 1 {
				t.Errorf("created %d, rejected %d", op.Created, op.Rejected)
			}
			if again := exported(t, b, "contacts", table.KindCSV, asked); !bytes.Equal(again, data) {
				differ(t, again, data)
			}
		}
	})
}
