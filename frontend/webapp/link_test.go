package webapp_test

import (
	"database/sql"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"complero/db"
	"complero/theme"
)

// dump is the whole database as text, read beside the Store.
func (s *site) dump() []string {
	s.t.Helper()
	files, err := filepath.Glob(filepath.Join(s.config.DataDir, "*.db"))
	s.must(err)
	if len(files) != 1 {
		s.t.Fatalf("the data folder holds %v", files)
	}
	beside, err := sql.Open("sqlite", "file:"+files[0])
	s.must(err)
	defer beside.Close()
	var lines []string
	for _, table := range s.rows(beside, "SELECT name FROM sqlite_master WHERE type = 'table'") {
		name := strings.Trim(table, "[]")
		for _, row := range s.rows(beside, "SELECT * FROM "+name) {
			lines = append(lines, name+" "+row)
		}
	}
	slices.Sort(lines)
	return lines
}

func (s *site) rows(from *sql.DB, query string) []string {
	s.t.Helper()
	rows, err := from.QueryContext(s.t.Context(), query)
	s.must(err)
	defer rows.Close()
	columns, err := rows.Columns()
	s.must(err)
	var list []string
	for rows.Next() {
		values, to := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			to[i] = &values[i]
		}
		s.must(rows.Scan(to...))
		list = append(list, fmt.Sprint(values))
	}
	s.must(rows.Err())
	return list
}

func TestGetChangesNothing(t *testing.T) {
	s := newSite(t)
	s.advertising(s.nordlicht)
	fresh, answered, stopped := s.ask(s.nordlicht, "c-1"), s.ask(s.nordlicht, "c-2"), s.ask(s.brightside, "c-2")
	s.post(answered, url.Values{"do": {"confirm"}})
	s.post(stopped+"/stop", nil)
	before := s.dump()
	for _, link := range []string{fresh, answered, stopped} {
		for _, page := range []string{"", "/form", "/thanks", "/stop", "/resume", "/withdraw", "/abroad", "/deceased", "/question"} {
			for _, method := range []string{http.MethodGet, http.MethodHead} {
				w := httptest.NewRecorder()
				s.handler.ServeHTTP(w, httptest.NewRequest(method, link+page+"?do=confirm&consent=all", nil))
				if w.Code >= 500 {
					t.Errorf("%s %s answers %d", method, page, w.Code)
				}
			}
		}
	}
	if after := s.dump(); !slices.Equal(before, after) {
		t.Error("a GET changed the database")
	}
}

func TestClosedLinksTellNothing(t *testing.T) {
	s := newSite(t)
	expired, cancelled := s.ask(s.nordlicht, "c-1"), s.ask(s.nordlicht, "c-1")
	status := db.RequestPending
	all, err := s.nordlicht.Requests(t.Context(), db.Page{}, db.RequestFilter{Status: &status})
	s.must(err)
	_, err = s.nordlicht.CancelRequest(t.Context(), all.Nodes[0].ID)
	s.must(err)
	*s.now = today.Add(91 * 24 * time.Hour)
	wrong := "a"
	if strings.HasSuffix(expired, "a") {
		wrong = "e"
	}
	tests := []struct {
		name, link, title string
		status            int
	}{
		{"expired", expired, "Dieser Link ist abgelaufen", http.StatusGone},
		{"cancelled", cancelled, "Diese Anfrage ist erledigt", http.StatusGone},
		{"one letter changed", expired[:len(expired)-1] + wrong, "This link does not work", http.StatusNotFound},
		{"too short", "/u/abc", "This link does not work", http.StatusNotFound},
		{"strange", "/u/" + url.PathEscape("../\x00'\"ü"), "This link does not work", http.StatusNotFound},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			answers := []*httptest.ResponseRecorder{
				s.get(tt.link), s.get(tt.link + "/form"), s.get(tt.link + "/thanks"), s.post(tt.link, url.Values{"do": {"save"}, "givenName": {"X"}}),
			}
			for i, answer := range answers {
				page := answer.Body.String()
				if answer.Code != tt.status || !strings.Contains(page, tt.title) {
					t.Errorf("%d: shows %d %s", i, answer.Code, page)
				}
				for _, personal := range []string{"Anna", "Sommer", "Jana", "anna@"} {
					if strings.Contains(page, personal) {
						t.Errorf("%d: tells %s", i, personal)
					}
				}
			}
		})
	}
}

func TestStopTakesOnePostAndHolds(t *testing.T) {
	s := newSite(t)
	link := s.ask(s.nordlicht, "c-1")
	if page := s.get(link + "/stop"); page.Code != http.StatusOK || s.contact(s.nordlicht, "c-1").StoppedAt != nil {
		t.Fatalf("asking whether to stop answers %d", page.Code)
	}
	*s.now = today.Add(91 * 24 * time.Hour) // works after expiry too
	one := s.post(link+"/stop", url.Values{"List-Unsubscribe": {"One-Click"}})
	if one.Code != http.StatusOK || !strings.HasPrefix(one.Header().Get("Content-Type"), "text/plain") {
		t.Fatalf("a mail program gets %d %s", one.Code, one.Header())
	}
	for range 2 {
		if page := s.post(link+"/stop", nil); page.Code != http.StatusOK || !strings.Contains(page.Body.String(), "Wir fragen Sie nicht mehr") {
			t.Fatalf("stopping again answers %d", page.Code)
		}
	}
	if s.contact(s.nordlicht, "c-1").StoppedAt == nil || strings.Count(s.kinds(s.nordlicht), "STOP") != 1 {
		t.Fatalf("records %s", s.kinds(s.nordlicht))
	}
	if page := s.get(link + "/stop"); !strings.Contains(page.Body.String(), "Rückgängig machen") {
		t.Error("it cannot be undone")
	}
	s.post(link+"/resume", nil)
	if s.contact(s.nordlicht, "c-1").StoppedAt != nil {
		t.Error("it was not undone")
	}
}

func TestConsentsAreGivenAndWithdrawnAsEasily(t *testing.T) {
	s := newSite(t)
	s.advertising(s.nordlicht)
	link := s.ask(s.nordlicht, "c-1")
	form := s.get(link + "/form").Body.String()
	if strings.Contains(form, " checked") || strings.Contains(form, "<script") {
		t.Fatal("a box is ticked, or a script is let through")
	}
	s.post(link, url.Values{"do": {"confirm"}})
	thanks := s.get(link + "/thanks").Body.String()
	if !strings.Contains(thanks, "Noch eine Frage") {
		t.Fatal("nobody who confirms is asked")
	}
	s.post(link, with(typed(t, thanks), "do", "consents", "consent.advertising.EMAIL", "yes"))
	if thanks = s.get(link + "/thanks").Body.String(); strings.Contains(thanks, "Noch eine Frage") {
		t.Error("whoever has decided is asked again")
	}
	intro := s.get(link).Body.String()
	id := attribute(intro[strings.Index(intro, `name="consent"`)-40:], "value")
	if page := s.post(link+"/withdraw", url.Values{"consent": {id}}); page.Code != http.StatusOK {
		t.Fatalf("withdrawing answers %d", page.Code)
	}
	got := s.kinds(s.nordlicht)
	for _, kind := range []string{"CONSENT_GRANTED", "CONSENT_DECLINED", "CONSENT_WITHDRAWN"} {
		if strings.Count(got, kind) != 1 {
			t.Errorf("records not one %s: %s", kind, got)
		}
	}
}

func TestConsentsAreWithdrawnOnTheFormAndAfterExpiry(t *testing.T) {
	s := newSite(t)
	s.advertising(s.nordlicht)
	link := s.ask(s.nordlicht, "c-1")
	fields := typed(t, s.get(link+"/form").Body.String())
	s.post(link, with(fields, "do", "save", "consent.advertising.EMAIL", "yes", "consent.advertising.PHONE", "yes"))
	form := s.get(link + "/form").Body.String()
	at := strings.Index(form, `value="withdraw-`)
	if at < 0 {
		t.Fatal("the form offers no withdrawal")
	}
	do := attribute(form[at-1:], "value")
	page := s.post(link, with(typed(t, form), "do", do, "givenName", "Typed")).Body.String()
	if typed(t, page).Get("givenName") != "Typed" || strings.Contains(page, do) {
		t.Error("withdrawing lost what was typed, or did not withdraw")
	}
	*s.now = today.Add(91 * 24 * time.Hour)
	if page := s.post(link+"/withdraw", url.Values{"consent": {"all"}}); page.Code != http.StatusOK {
		t.Fatalf("withdrawing after expiry answers %d", page.Code)
	}
	if got := s.kinds(s.nordlicht); strings.Count(got, "CONSENT_WITHDRAWN") != 2 {
		t.Errorf("records %s", got)
	}
}

func TestPagesRefuseWhatTheyCannotTake(t *testing.T) {
	s := newSite(t)
	link := s.ask(s.nordlicht, "c-1")
	large := s.post(link, url.Values{"do": {"save"}, "givenName": {strings.Repeat("x", 300<<10)}})
	if large.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("a form of 300 kB answers %d", large.Code)
	}
	r := httptest.NewRequest(http.MethodPost, link, strings.NewReader("%zz=&;"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	broken := httptest.NewRecorder()
	s.handler.ServeHTTP(broken, r)
	if broken.Code != http.StatusBadRequest {
		t.Errorf("a broken form answers %d", broken.Code)
	}
	put := httptest.NewRecorder()
	s.handler.ServeHTTP(put, httptest.NewRequest(http.MethodPut, link, nil))
	if put.Code != http.StatusMethodNotAllowed || put.Header().Get("Allow") != "GET, HEAD, POST" {
		t.Errorf("PUT answers %d, Allow %s", put.Code, put.Header().Get("Allow"))
	}
	for _, path := range []string{"/nowhere", "/assets/00.png", "/brand/x/1-0.css", "/brand/x/x.css", "/static/other.css"} {
		if page := s.get(path); page.Code != http.StatusNotFound {
			t.Errorf("%s answers %d", path, page.Code)
		}
	}
}

func TestPagesCarryTheirHeadersAndFiles(t *testing.T) {
	s := newSite(t)
	link := s.ask(s.nordlicht, "c-1")
	page := s.get(link)
	for name, want := range map[string]string{
		"Content-Security-Policy": "default-src 'none'; style-src 'self'", "Referrer-Policy": "no-referrer",
		"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store",
	} {
		if got := page.Header().Get(name); !strings.HasPrefix(got, want) {
			t.Errorf("%s is %q", name, got)
		}
	}
	body := page.Body.String()
	if strings.Contains(body, "<script") || strings.Contains(body, " style=") || strings.Contains(body, "http://") {
		t.Error("the page holds what the policy forbids")
	}
	for _, start := range []string{"/brand/", "/assets/"} {
		at := strings.Index(body, `"`+start)
		if at < 0 {
			t.Fatalf("the page links to no %s", start)
		}
		path, _, _ := strings.Cut(body[at+1:], `"`)
		file := s.get(path)
		if file.Code != http.StatusOK || !strings.Contains(file.Header().Get("Cache-Control"), "immutable") || file.Header().Get("ETag") == "" {
			t.Errorf("%s answers %d %v", path, file.Code, file.Header())
		}
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("If-None-Match", file.Header().Get("ETag"))
		again := httptest.NewRecorder()
		s.handler.ServeHTTP(again, r)
		if again.Code != http.StatusNotModified || again.Body.Len() > 0 {
			t.Errorf("%s answers %d when it is known", path, again.Code)
		}
	}
}

func TestPagesShowNoPictureFromElsewhere(t *testing.T) {
	s := newSite(t)
	employees := `[{"externalId":"e-1","displayName":"Jana Brandt","photoUrl":"https://tracker.example/p.png"}]`
	op, err := s.nordlicht.UploadEmployees(t.Context(), db.EmployeesUpload{Employees: []byte(employees), Count: 1})
	s.must(err)
	s.work(s.nordlicht, op)
	if page := s.get(s.ask(s.nordlicht, "c-1")).Body.String(); strings.Contains(page, "tracker") || !strings.Contains(page, ">JB<") {
		t.Error("the page shows a picture from elsewhere, or no initials")
	}
}

func TestTheGreetingIsInThePagesLanguage(t *testing.T) {
	s := newSite(t)
	formal := theme.Formal
	_, err := s.brightside.UpdateBrand(t.Context(), db.BrandChange{Formality: &formal})
	s.must(err)
	for _, tt := range []struct {
		company          *db.Tenant
		salutation, want string
	}{
		{s.nordlicht, "Frau", "Guten Tag Frau Dr. Sommer,"},
		{s.nordlicht, "Sehr geehrte Frau", "Guten Tag Anna Sommer,"},
		{s.nordlicht, "Mrs", "Guten Tag Anna Sommer,"},
		{s.brightside, "Mrs", "Hello Mrs Sommer,"},
		{s.brightside, "Frau", "Hello Anna Sommer,"},
	} {
		s.upload(tt.company, `{"externalId":"c-9","salutation":"`+tt.salutation+`","title":"Dr.","givenName":"Anna","familyName":"Sommer","emails":[{"address":"a@example.com"}]}`)
		if body := s.get(s.ask(tt.company, "c-9")).Body.String(); !strings.Contains(body, tt.want) {
			t.Errorf("%s on file does not make %q", tt.salutation, tt.want)
		}
	}
}
