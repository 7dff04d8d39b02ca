package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"complero/db"
	"complero/db/dbtest"
	"complero/graph"
	"complero/theme"
)

// api is a Company with its keys and a Handler in front of it.
type api struct {
	t       testing.TB
	store   *db.Store
	handler http.Handler
	account *db.Account
	live    *db.Tenant
	test    *db.Tenant
}

// each runs a test on both engines, with a Company of its own.
func each(t *testing.T, run func(t *testing.T, a *api)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, store *db.Store) { run(t, newAPI(t, store, "Muster Versicherung")) },
		func(c *db.Config) { c.MailRoute = true })
}

func newAPI(t testing.TB, store *db.Store, company string) *api {
	t.Helper()
	a := &api{t: t, store: store}
	a.handler = graph.New(graph.Config{Composer: sampler{}, Log: slog.New(slog.NewTextHandler(t.Output(), nil))})
	var err error
	a.account, err = store.CreateAccount(t.Context(), db.Setup{
		Customer: company + " Gruppe", Company: company, Country: "DE", Locale: "de",
		Sender: "kontakt@example.com", Imprint: company + ", Mainz",
	})
	if err != nil {
		t.Fatal(err)
	}
	a.live, a.test = a.tenant(a.account.LiveKey), a.tenant(a.account.TestKey)
	return a
}

// A sampler composes what a draft says for whom, and no more.
type sampler struct{}

func (sampler) Compose(_ context.Context, _ *db.Tenant, d graph.TextDraft) (*graph.Composed, error) {
	p := d.Outgoing.Contact.Profile
	c := &graph.Composed{Locale: p.Locale, From: "Nordlicht <a@example.com>", Mail: theme.Rendered{Subject: "in use", HTML: "<p>", Text: p.DisplayName()}, SMS: theme.NewSMS("kurz")}
	if d.Brand != nil {
		c.Mail.Subject, c.Mail.HTML = d.Brand.Name(), "<p>"+d.Outgoing.Link
	}
	if d.Text != nil {
		c.Mail.Subject = d.Text.Subject
	}
	if d.Formality != nil {
		c.Mail.Subject += " " + string(*d.Formality)
	}
	c.Letter = theme.Letter{Subject: c.Mail.Subject, Locale: "de", Dir: "ltr"}
	if c.Mail.Subject == "too long" {
		return nil, &db.Error{Code: db.TooLong, Path: []string{"sms"}, Message: "too long"}
	}
	return c, nil
}

func (sampler) BuiltInTexts() []*db.Text {
	return []*db.Text{{TextKey: db.TextKey{Name: "default", Locale: "de", Formality: theme.Formal}, Template: theme.Template{Subject: "Stimmt es?", Body: "x"}}}
}

func (a *api) tenant(key string) *db.Tenant {
	a.t.Helper()
	tenant, err := a.store.Authenticate(a.t.Context(), key)
	if err != nil {
		a.t.Fatal(err)
	}
	return tenant
}

// reply is an answer as a client reads it.
type reply struct {
	status int
	header http.Header
	body   string
	Data   map[string]any
	Errors []struct {
		Message    string
		Path       []any
		Extensions map[string]any
	}
}

// code is that of the first top-level error; "" without any.
func (r *reply) code() string {
	if len(r.Errors) == 0 {
		return ""
	}
	code, _ := r.Errors[0].Extensions["code"].(string)
	return code
}

// path is where extensions say that the first top-level error is.
func (r *reply) path() string {
	if len(r.Errors) == 0 {
		return ""
	}
	steps, _ := r.Errors[0].Extensions["path"].([]any)
	return joined(steps)
}

// userErrors are a payload's, each as its code and path.
func (r *reply) userErrors(field string) string {
	list, _ := r.at(field + ".userErrors").([]any)
	var all []string
	for _, e := range list {
		e, _ := e.(map[string]any)
		path, _ := e["path"].([]any)
		all = append(all, strings.TrimSpace(fmt.Sprint(e["code"])+" "+joined(path)))
	}
	return strings.Join(all, ", ")
}

func joined(path []any) string {
	var steps []string
	for _, step := range path {
		steps = append(steps, fmt.Sprint(step))
	}
	return strings.Join(steps, ".")
}

// at follows a dotted path through the data; numbers are places in lists.
func (r *reply) at(path string) any {
	var v any = r.Data
	for _, step := range strings.Split(path, ".") {
		switch in := v.(type) {
		case map[string]any:
			v = in[step]
		case []any:
			var i int
			if _, err := fmt.Sscan(step, &i); err != nil || i >= len(in) {
				return nil
			}
			v = in[i]
		default:
			return nil
		}
	}
	return v
}

// text is at as text.
func (r *reply) text(path string) string {
	v := r.at(path)
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

// send makes a POST of a raw body.
func (a *api) send(as *db.Tenant, body, contentType string) *reply {
	r := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	return a.do(as, r)
}

func (a *api) do(as *db.Tenant, r *http.Request) *reply {
	a.t.Helper()
	ctx := graph.WithRequestID(a.t.Context(), "req-1")
	if as != nil {
		ctx = graph.WithTenant(ctx, as)
	}
	w := httptest.NewRecorder()
	a.handler.ServeHTTP(w, r.WithContext(ctx))
	got := &reply{status: w.Code, header: w.Header(), body: w.Body.String()}
	decoder := json.NewDecoder(strings.NewReader(got.body))
	decoder.UseNumber()
	if err := decoder.Decode(got); err != nil {
		a.t.Fatalf("the answer is no JSON: %v\n%s", err, got.body)
	}
	if _, err := decoder.Token(); err != io.EOF {
		a.t.Fatalf("the answer has a tail: %s", got.body)
	}
	return got
}

// call posts a document with variables, each given as name and value.
func (a *api) call(as *db.Tenant, query string, variables ...any) *reply {
	a.t.Helper()
	vars := map[string]any{}
	for i := 0; i < len(variables); i += 2 {
		vars[variables[i].(string)] = variables[i+1]
	}
	body, err := json.Marshal(map[string]any{"query": query, "variables": vars})
	if err != nil {
		a.t.Fatal(err)
	}
	return a.send(as, string(body), "application/json")
}

// must is call for a document that has to be answered without top-level errors.
func (a *api) must(as *db.Tenant, query string, variables ...any) *reply {
	a.t.Helper()
	r := a.call(as, query, variables...)
	if r.status != http.StatusOK || len(r.Errors) > 0 {
		a.t.Fatalf("%s\nwas answered with %d %s", query, r.status, r.body)
	}
	return r
}

// run makes a mutation of one input, works off its Operation if it begins
// one, and returns the payload.
func (a *api) run(as *db.Tenant, mutation, selection string, input any) *reply {
	a.t.Helper()
	name := strings.ToUpper(mutation[:1]) + mutation[1:] + "Input"
	switch mutation {
	case "contactResume":
		name = "ContactStopInput"
	case "fieldPolicySave":
		name = "[FieldPolicySaveInput!]"
	}
	r := a.must(as, fmt.Sprintf("mutation($input: %s!) { payload: %s(input: $input) { %s userErrors { code path message } } }", name, mutation, selection), "input", input)
	if id := r.text("payload.operation.id"); id != "" {
		a.work(as, id)
	}
	return r
}

// work works off an Operation.
func (a *api) work(as *db.Tenant, id string) {
	a.t.Helper()
	system, err := a.store.Work(a.t.Context(), db.TenantRef{CompanyID: as.Company.ID, Mode: as.Mode})
	if err != nil {
		a.t.Fatal(err)
	}
	if done, err := system.WorkOperation(a.t.Context(), id); err != nil || !done {
		a.t.Fatalf("work off %s: %v, %v", id, done, err)
	}
}

// contacts are n items of an upload, with Employees E-0 … E-9.
func contacts(n int) []map[string]any {
	items := make([]map[string]any, n)
	for i := range items {
		items[i] = map[string]any{
			"externalId": fmt.Sprintf("K-%04d", i), "employee": fmt.Sprintf("E-%d", i%10), "locale": "de", "salutation": "Frau",
			"givenName": "Änne", "familyName": fmt.Sprintf("Müller-%04d", i), "birthDate": "1970-02-28",
			"emails":       []any{map[string]any{"address": fmt.Sprintf("k%d@example.com", i), "use": "PRIVATE"}},
			"phones":       []any{map[string]any{"number": "0160 4905728", "kind": "MOBILE"}},
			"addresses":    []any{map[string]any{"street": "Große Straße", "houseNumber": "12", "postalCode": "55116", "city": "Mainz", "countryCode": "DE"}},
			"customFields": map[string]any{"vehicle": "MZ-AB 123", "n": i},
		}
	}
	return items
}

func employees(n int) []map[string]any {
	items := make([]map[string]any, n)
	for i := range items {
		items[i] = map[string]any{
			"externalId": fmt.Sprintf("E-%d", i), "givenName": "Erik", "familyName": fmt.Sprintf("Berger-%d", i), "email": fmt.Sprintf("e%d@example.com", i),
		}
	}
	return items
}

// fill uploads ten Employees and n Contacts.
func (a *api) fill(as *db.Tenant, n int) {
	a.t.Helper()
	a.run(as, "employeesUpload", "operation { id }", map[string]any{"employees": employees(10)})
	a.run(as, "contactsUpload", "operation { id }", map[string]any{"contacts": contacts(n)})
}

func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func jsonOf(t testing.TB, v any) string {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
