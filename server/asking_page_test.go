package main

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"complero/db"
)

// A visitor works in the dashboard, without scripts.
type visitor struct {
	*testing.T
	http *http.Client
	base string
}

// visitor signs somebody in who has a role.
func (r *running) visitor(t *testing.T, companyID string, role db.Role) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	base, err := url.Parse(r.URL())
	if err != nil {
		t.Fatal(err)
	}
	jar.SetCookies(base, []*http.Cookie{r.cookie(t, companyID, role)})
	return &visitor{t, &http.Client{Jar: jar}, r.URL() + "/app/"}
}

// get asks for a page; redirects are followed, and where they led is told.
func (v *visitor) get(path string) (int, string, string) {
	return v.send(http.MethodGet, path, nil, nil)
}

func (v *visitor) post(path string, form url.Values) (int, string, string) {
	return v.send(http.MethodPost, path, form, nil)
}

func (v *visitor) send(method, path string, form url.Values, header map[string]string) (status int, body, at string) {
	v.Helper()
	r, err := http.NewRequestWithContext(v.Context(), method, v.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		v.Fatal(err)
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for name, value := range header {
		r.Header.Set(name, value)
	}
	answer, err := v.http.Do(r)
	if err != nil {
		v.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		v.Fatal(err)
	}
	return answer.StatusCode, string(text), strings.TrimPrefix(answer.Request.URL.String(), v.base)
}

// wants checks a page's status and what stands on it; what begins with "!" must not.
func (v *visitor) wants(what string, status int, body string, want int, says ...string) {
	v.Helper()
	for _, text := range says {
		missing, found := strings.CutPrefix(text, "!")
		if strings.Contains(body, missing) == found {
			v.Errorf("%s: %q is wrong on\n%s", what, text, body)
		}
	}
	if status != want {
		v.Errorf("%s answers %d, want %d\n%s", what, status, want, body)
	}
}

// ended waits for an Operation's end.
func (r *running) ended(t *testing.T, companyID string, mode db.Mode, id string) *db.Operation {
	t.Helper()
	tenant, err := r.store.WorkOn(t.Context(), companyID, mode)
	if err != nil {
		t.Fatal(err)
	}
	w, err := tenant.WatchOperation(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	late := time.After(time.Minute)
	for {
		select {
		case <-w.Changed():
		case <-late:
			t.Fatalf("Operation %s does not end", id)
		}
		if op, err := w.Operation(tenant); err != nil || op.FinishedAt != nil {
			return op
		}
	}
}

const script = `<script>alert("x")</script>`

// people uploads three Contacts in test mode: two can be asked.
func (r *running) people(t *testing.T, a db.Account) {
	t.Helper()
	said := r.call(t, a.TestKey, `mutation($name: String!) { contactsUpload(input: {contacts: [
		{externalId: "K-1", familyName: $name, emails: [{address: "one@example.net"}]},
		{externalId: "K-2", familyName: "Adler", emails: [{address: "two@example.net"}]},
		{externalId: "K-3", familyName: "Briefmann"}]}) { operation { id } } }`, map[string]any{"name": script})
	r.ended(t, a.CompanyID, db.Test, said["contactsUpload"].(map[string]any)["operation"].(map[string]any)["id"].(string))
}

func (r *running) idOf(t *testing.T, key, externalID string) string {
	t.Helper()
	found, _ := r.call(t, key, `query($id: String) { contact(externalId: $id) { id } }`, map[string]any{"id": externalID})["contact"].(map[string]any)
	id, _ := found["id"].(string)
	return id
}

func TestContactsAreAskedFromTheDashboard(t *testing.T) {
	for name, on := range engines {
		t.Run(name, func(t *testing.T) {
			s := settings(t)
			on(t, &s)
			r := start(t, s)
			own, other := account(t, s, "Holding", "Nord"), account(t, s, "Andere", "Süd")
			r.people(t, own)
			r.people(t, other)
			v := r.visitor(t, own.CompanyID, db.CompanyAdmin)
			status, body, _ := v.get("nord.test/requests")
			v.wants("the empty list", status, body, 200, "Nobody has been asked yet", "nord.test/requests/new")
			status, body, _ = v.get("nord.test/requests/new")
			v.wants("the form", status, body, 200, `name="asked"`, `name="key"`, `hx-post="/app/nord.test/requests/new/count"`)
			key := regexp.MustCompile(`name="key" value="([A-Z0-9]+)"`).FindStringSubmatch(body)[1]
			form := url.Values{"key": {key}, "asked": {"30"}, "ask": {"PERSON", "ADDRESS"}, "expires": {time.Now().AddDate(0, 1, 0).Format(time.DateOnly)}}
			status, body, _ = v.send("POST", "nord.test/requests/new/count", form, map[string]string{"HX-Request": "true"})
			v.wants("the live count", status, body, 200, "2 Contacts are asked", "no e-mail address", "at no cost", "!<html")
			searched := url.Values{"search": {script}, "asked": {"never"}, "ask": {"PERSON"}, "expires": form["expires"]}
			status, body, _ = v.post("nord.test/requests/new/count", searched)
			v.wants("the count without scripts", status, body, 200, "1 Contact is asked", "&lt;script&gt;", "!<script>alert", "<html")
			status, body, _ = v.post("nord.test/requests/new/check", form)
			v.wants("the check", status, body, 200, "Ask 2 Contacts?", "Ask 2 Contacts</button>", key, "!<script>alert")
			frame := regexp.MustCompile(`<iframe[^>]* src="/app/([^"]+)"`).FindStringSubmatch(body)
			if frame == nil {
				t.Fatalf("the check shows no mail\n%s", body)
			}
			status, mail, _ := v.get(strings.ReplaceAll(frame[1], "&amp;", "&"))
			v.wants("the mail", status, mail, 200, "Ihre Anschrift", "!Telefonnummer", "Adler", "!<script>alert")
			_, _, first := v.post("nord.test/requests/new", form)
			_, _, again := v.post("nord.test/requests/new", form)
			if first != again || !strings.HasPrefix(first, "nord.test/asking/operation_") {
				t.Fatalf("a double click leads to %s and %s", first, again)
			}
			op := r.ended(t, own.CompanyID, db.Test, first[strings.LastIndex(first, "/")+1:])
			status, body, _ = v.get(first)
			v.wants("the progress", status, body, 200, "All are asked", "Briefmann", "no e-mail address")
			if op.Created != 2 || op.Rejected != 1 {
				t.Errorf("the Operation is %+v", op)
			}
			status, body, _ = v.get("nord.test/requests?status=&employee=&day=")
			v.wants("the list", status, body, 200, "Adler", "&lt;script&gt;", "!Briefmann", "!<script>alert", "2 in all")
			status, body, _ = v.get("nord.test/requests?status=UPDATED&channel=SMS&day=2020-01-01&employee=none")
			v.wants("a narrow list", status, body, 200, "No Request is like that", "Show all", "On this day")
			status, body, _ = v.get("nord.test/requests?status=nonsense&day=nonsense&channel=%00")
			v.wants("a list of nonsense", status, body, 200, "Adler", "This is no date")
			// Nobody is asked twice so soon, and no other Company's Contact at all.
			status, body, _ = v.post("nord.test/requests/new/check", form)
			v.wants("asking again", status, body, 422, "Nobody would be asked", "asked lately")
			stranger := r.idOf(t, other.TestKey, "K-1")
			status, body, _ = v.get("nord.test/requests/new?contact=" + stranger + "&contact=" + r.idOf(t, own.TestKey, "K-2"))
			v.wants("chosen ones", status, body, 200, "The 2 Contacts that you chose", stranger)
			foreign := url.Values{"key": {"other"}, "contact": {stranger}, "ask": {"PERSON"}, "expires": form["expires"]}
			status, body, _ = v.post("nord.test/requests/new/check", foreign)
			v.wants("another Company's Contact", status, body, 422, "Nobody would be asked")
			if _, _, at := v.post("nord.test/requests/new", foreign); true {
				if op := r.ended(t, own.CompanyID, db.Test, at[strings.LastIndex(at, "/")+1:]); *op.Total != 0 || op.Created != 0 {
					t.Errorf("another Company's Contact is asked: %+v", op)
				}
			}
			// Live, there is no mail route here, and the page says so.
			live := url.Values{"key": {"live"}, "ask": {"PERSON"}, "expires": form["expires"]}
			status, body, _ = v.post("nord/requests/new", live)
			v.wants("asking without a mail route", status, body, 422, "no mail route")
			r.requestPages(t, v, own, other)
		})
	}
}

// requestPages looks at a Request and takes it back.
func (r *running) requestPages(t *testing.T, v *visitor, own, other db.Account) {
	t.Helper()
	_, body, _ := v.get("nord.test/requests")
	path := "nord.test/" + regexp.MustCompile(`requests/request_[a-z0-9]+`).FindString(body)
	status, body, _ := v.get(path)
	v.wants("a Request", status, body, 200, "Check code", "Person, Postal addresses", path+"/cancel")
	status, body, _ = v.get(path + "/cancel")
	v.wants("the question", status, body, 200, "back?", "cannot be undone")
	status, body, at := v.post(path+"/cancel", nil)
	v.wants("taking it back", status, body, 200, "The Request is taken back", "taken back</span>", "!/cancel\"")
	if !strings.HasPrefix(at, path+"?done=") {
		t.Errorf("taking back leads to %s", at)
	}
	stranger := r.visitor(t, other.CompanyID, db.CompanyAdmin)
	foreign := strings.Replace(path, "nord", "sud", 1)
	for _, p := range []string{path, path + "/cancel", foreign, foreign + "/cancel", strings.Replace(path, ".test", "", 1)} {
		if status, body, _ := stranger.get(p); status != 404 {
			t.Errorf("a stranger gets %s: %d\n%s", p, status, body)
		}
	}
	for _, p := range []string{path + "/cancel", foreign + "/cancel", "nord.test/requests/new", "nord.test/requests/new/check"} {
		if status, body, _ := stranger.post(p, url.Values{"ask": {"PERSON"}, "expires": {"2999-01-01"}}); status != 404 {
			t.Errorf("a stranger posts %s: %d\n%s", p, status, body)
		}
	}
}

func TestWhoMayNotAskIsNotOfferedIt(t *testing.T) {
	s := settings(t)
	r := start(t, s)
	own := account(t, s, "Holding", "Nord")
	r.people(t, own)
	said := r.call(t, own.TestKey, `mutation { requestsCreate(input: {contactExternalIds: ["K-1"]}) { requests { id } } }`, nil)
	id := said["requestsCreate"].(map[string]any)["requests"].([]any)[0].(map[string]any)["id"].(string)
	form := url.Values{"ask": {"PERSON"}, "expires": {time.Now().AddDate(0, 1, 0).Format(time.DateOnly)}}
	editor := r.visitor(t, own.CompanyID, db.Editor)
	status, body, _ := editor.post("nord/texts/edit", url.Values{"name": {"default"}, "locale": {"en"}, "subject": {"Are you well?"}, "body": {"Hello"}})
	editor.wants("an editor saves a text", status, body, 200, "version 1 of")
	for _, role := range []db.Role{db.Support, db.CustomerReader, db.DataProtection} {
		v := r.visitor(t, own.CompanyID, role)
		status, body, _ := v.get("nord.test/requests")
		v.wants(string(role)+" lists", status, body, 200, "K-1", "!requests/new")
		status, body, _ = v.get("nord.test/requests/" + id)
		v.wants(string(role)+" looks", status, body, 200, "Check code", "!/cancel")
		for _, path := range []string{"requests/new", "requests/" + id + "/cancel"} {
			if status, body, _ := v.get("nord.test/" + path); status != 404 {
				t.Errorf("%s gets %s: %d\n%s", role, path, status, body)
			}
		}
		for _, path := range []string{"requests/new", "requests/new/count", "requests/new/check", "requests/" + id + "/cancel"} {
			if status, body, _ := v.post("nord.test/"+path, form); status != 404 {
				t.Errorf("%s posts %s: %d\n%s", role, path, status, body)
			}
		}
		status, body, _ = v.get("nord/texts/edit?name=default&locale=en")
		v.wants(string(role)+" looks at a text", status, body, 200, "To save them takes another role", "!Save and use")
		if status, body, _ := v.post("nord/texts/edit", url.Values{"name": {"default"}, "locale": {"en"}, "subject": {"a"}, "body": {"b"}}); status != 404 {
			t.Errorf("%s saves a text: %d\n%s", role, status, body)
		}
	}
}
