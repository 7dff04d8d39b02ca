package main_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"complero/db/dbtest"
)

// A clerk is a browser without scripts in which somebody works.
type clerk struct {
	*testing.T
	http *http.Client
	base string
}

// clerk signs in by a link.
func (i *installation) clerk(t *testing.T, link string) *clerk {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	c := &clerk{t, &http.Client{Jar: jar}, i.URL}
	if status, body := c.post(strings.TrimPrefix(link, i.URL), nil); status != http.StatusOK || !strings.Contains(body, "ada@") && !strings.Contains(body, "passkey") && !strings.Contains(body, `class="me"`) {
		t.Fatalf("signing in answers %d\n%s", status, body)
	}
	return c
}

// onDesk starts an installation with a signed-in administrator of Nordlicht, and
// another Customer's Company.
func onDesk(t *testing.T, engine dbtest.Engine) (i *installation, c *clerk, own, other account) {
	t.Helper()
	i = install(t, engine)
	i.named()
	link, _ := i.signInLink()
	own, other = i.setup("Nordlicht Zwei"), i.setupFor("Anderes Haus", "Südlicht")
	i.start()
	return i, i.clerk(t, link), own, other
}

func (c *clerk) get(path string) (int, string) {
	c.Helper()
	return c.read(c.http.Get(c.base + path))
}

func (c *clerk) post(path string, form url.Values) (int, string) {
	c.Helper()
	return c.read(c.http.PostForm(c.base+path, form))
}

func (c *clerk) read(r *http.Response, err error) (int, string) {
	c.Helper()
	if err != nil {
		c.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		c.Fatal(err)
	}
	return r.StatusCode, string(body)
}

// expect gets or posts a page, and fails where the status or what it says is not
// as wanted; what begins with "!" must not be said.
func (c *clerk) expect(path string, form url.Values, status int, says ...string) string {
	c.Helper()
	var got int
	var body string
	if form == nil {
		got, body = c.get(path)
	} else {
		got, body = c.post(path, form)
	}
	c.check(path, got, body, status, says)
	return body
}

// upload posts a form with a file, and fails as expect does.
func (c *clerk) upload(path, field, name string, data []byte, form url.Values, status int, says ...string) string {
	c.Helper()
	got, _, body := c.brings(path, field, name, data, form)
	c.check(path, got, body, status, says)
	return body
}

func (c *clerk) check(path string, got int, body string, status int, says []string) {
	c.Helper()
	if got != status {
		c.Errorf("%s answers %d, want %d\n%s", path, got, status, body)
	}
	for _, text := range says {
		missing, unsaid := strings.CutPrefix(text, "!")
		if strings.Contains(body, missing) == unsaid {
			c.Errorf("%s: %q is wrong on\n%s", path, text, body)
		}
	}
}

// brings posts a form with a file, unless name is "", and returns the status, where it
// leads and what stands there.
func (c *clerk) brings(path, field, name string, data []byte, form url.Values) (status int, at, text string) {
	c.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for key := range form {
		if err := w.WriteField(key, form.Get(key)); err != nil {
			c.Fatal(err)
		}
	}
	if name != "" {
		part, err := w.CreateFormFile(field, name)
		if err == nil {
			_, err = part.Write(data)
		}
		if err != nil {
			c.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		c.Fatal(err)
	}
	r, err := http.NewRequestWithContext(c.Context(), http.MethodPost, c.base+path, &body)
	if err != nil {
		c.Fatal(err)
	}
	r.Header.Set("Content-Type", w.FormDataContentType())
	answer, err := c.http.Do(r)
	if err != nil {
		c.Fatal(err)
	}
	at = answer.Request.URL.Path
	status, text = c.read(answer, nil)
	return status, at, text
}

func TestTheDashboardShowsACompanysContactsAndNoOthers(t *testing.T) {
	for _, engine := range []dbtest.Engine{dbtest.SQLite, dbtest.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			i := install(t, engine)
			i.named()
			link, _ := i.signInLink()
			other := i.setupFor("Anderes Haus", "Südlicht")
			i.start()
			own := i.setup("Nordlicht Zwei")
			for key, name := range map[string]string{other.LiveKey: "zwiebelfisch", own.LiveKey: `<script>alert("x")</script>`} {
				i.call(key, `mutation($name: String!) { contactsUpload(input: {contacts: [{externalId: "K-1", familyName: $name}]}) { operation { id } } }`,
					map[string]any{"name": name}, &struct{}{})
			}
			c := i.clerk(t, link)
			if status, body := c.get("/app/"); status != http.StatusOK || !strings.Contains(body, "Nordlicht Zwei") || strings.Contains(body, "Südlicht") {
				t.Errorf("the choice of Companies is %d\n%s", status, body)
			}
			if status, body := c.get("/app/nordlicht/"); status != http.StatusOK || !strings.Contains(body, "<h1>") {
				t.Errorf("the overview is %d\n%s", status, body)
			}
			id := contactID(t, i, own.LiveKey)
			for path, want := range map[string]string{
				"/app/nordlicht-zwei/contacts":                       "&lt;script&gt;",
				"/app/nordlicht-zwei/contacts?search=" + "alert":     "&lt;script&gt;",
				"/app/nordlicht-zwei/contacts?search=nobody-at-all":  "",
				"/app/nordlicht-zwei/contacts?search=%00%ff&after=x": "",
				"/app/nordlicht-zwei/contacts/" + id:                 "&lt;script&gt;",
			} {
				status, body := c.get(path)
				if status >= 500 || !strings.Contains(body, want) || strings.Contains(body, "<script>alert") || strings.Contains(body, "zwiebelfisch") {
					t.Errorf("%s is %d\n%s", path, status, body)
				}
			}
			strangers := contactID(t, i, other.LiveKey)
			for _, path := range []string{
				"/app/sudlicht/", "/app/sudlicht/contacts", "/app/" + other.CompanyID + "/contacts", "/app/nordlicht/contacts/" + strangers,
				"/app/nordlicht-zwei.test/contacts/" + id, "/app/nordlicht/none", "/app/.test/", "/app/nordlicht/contacts/x",
			} {
				if status, body := c.get(path); status != http.StatusNotFound || strings.Contains(body, "zwiebelfisch") {
					t.Errorf("%s is %d\n%s", path, status, body)
				}
			}
			if status, body := c.post("/sign-out", nil); status != http.StatusOK || !strings.Contains(body, "passkey") {
				t.Errorf("signing out answers %d", status)
			}
			if _, body := c.get("/app/nordlicht/contacts"); strings.Contains(body, "K-1") {
				t.Error("whoever signed out sees Contacts")
			}
			i.stop()
		})
	}
}

// contactID waits for the Contact K-1 and returns its id.
func contactID(t *testing.T, i *installation, key string) string {
	t.Helper()
	var got struct {
		Operations struct{ Nodes []operation }
		Contact    *struct{ ID string }
	}
	i.call(key, `{ operations(first: 1) { nodes { id } } }`, nil, &got)
	i.finish(key, got.Operations.Nodes[0].ID)
	i.call(key, `{ contact(externalId: "K-1") { id } }`, nil, &got)
	if got.Contact == nil {
		t.Fatal("the Contact is not there")
	}
	return got.Contact.ID
}

func TestASessionIsNoUseToOtherSites(t *testing.T) {
	i := install(t, dbtest.SQLite)
	i.named()
	link, company := i.signInLink()
	i.start()
	c := i.clerk(t, link)
	ask := func(headers map[string]string) int {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, i.URL+"/graphql", strings.NewReader(`{"query":"{ contacts { nodes { id } } }"}`))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		for name, value := range headers {
			r.Header.Set(name, value)
		}
		status, _ := c.read(c.http.Do(r))
		return status
	}
	if status := ask(map[string]string{"Complero-Company": company}); status != http.StatusOK {
		t.Errorf("a User's own call answers %d", status)
	}
	if status := ask(nil); status != http.StatusUnauthorized {
		t.Errorf("a cookie alone opens the API: %d", status)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, i.URL+"/sign-out", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Origin", "https://evil.example")
	if status, _ := c.read(c.http.Do(r)); status != http.StatusForbidden {
		t.Errorf("another site signs out: %d", status)
	}
	i.stop()
}
