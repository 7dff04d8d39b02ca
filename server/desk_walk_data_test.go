package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
)

// walkedDesk is where the demo's first Company is worked on.
const walkedDesk = "/app/seebruck-versicherung"

// A walkedHouse is a browser without scripts of somebody who has signed in.
type walkedHouse struct {
	*testing.T
	http *http.Client
	base string
}

func signInTo(t *testing.T, link string) *walkedHouse {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	base, token, _ := strings.Cut(link, "/sign-in/")
	v := &walkedHouse{t, &http.Client{Jar: jar}, base}
	v.post("/sign-in/"+token, nil)
	return v
}

// read returns a page, which must be there, and its address; "" for a file of another kind.
func (v *walkedHouse) read(answer *http.Response, err error) (body, at string) {
	v.Helper()
	if err != nil {
		v.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		v.Fatal(err)
	}
	if answer.StatusCode != http.StatusOK {
		v.Errorf("%s %s answers %s", answer.Request.Method, answer.Request.URL, answer.Status)
	}
	if !strings.HasPrefix(answer.Header.Get("Content-Type"), "text/html") {
		text = nil
	}
	return string(text), answer.Request.URL.RequestURI()
}

func (v *walkedHouse) get(path string) string {
	v.Helper()
	body, _ := v.read(v.http.Get(v.base + path))
	return body
}

func (v *walkedHouse) post(path string, form url.Values) (body, at string) {
	v.Helper()
	return v.read(v.http.PostForm(v.base+path, form))
}

// upload posts a file with a form.
func (v *walkedHouse) upload(path, name string, data []byte, form url.Values) (body, at string) {
	v.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for key := range form {
		if err := w.WriteField(key, form.Get(key)); err != nil {
			v.Fatal(err)
		}
	}
	part, err := w.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write(data)
	}
	if err != nil || w.Close() != nil {
		v.Fatal(err)
	}
	return v.read(v.http.Post(v.base+path, w.FormDataContentType(), &b))
}

// call asks the API, and decodes its data into result.
func (v *walkedHouse) call(key, document string, result any) {
	v.Helper()
	body, err := json.Marshal(map[string]any{"query": document})
	if err != nil {
		v.Fatal(err)
	}
	r, err := http.NewRequestWithContext(v.Context(), http.MethodPost, v.base+"/graphql", bytes.NewReader(body))
	if err != nil {
		v.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+key)
	r.Header.Set("Content-Type", "application/json")
	_, text := do(v.T, r)
	answer := struct {
		Data   any
		Errors []any
	}{Data: result}
	if err := json.Unmarshal([]byte(text), &answer); err != nil || answer.Errors != nil || regexp.MustCompile(`"userErrors":\[\{`).MatchString(text) {
		v.Fatalf("%s\nanswers %s", document, text)
	}
}

// settled waits until a page says what it should, and returns what was found.
func (v *walkedHouse) settled(path string, want *regexp.Regexp) []string {
	v.Helper()
	for range 600 {
		if found := want.FindStringSubmatch(v.get(path)); found != nil {
			return found
		}
		time.Sleep(50 * time.Millisecond)
	}
	v.Fatalf("%s never says %s", path, want)
	return nil
}

// fill adds what the demo has not, with long words where people write some, and returns
// pages to begin with: those in their fullest state, and those that no link leads to.
func (v *walkedHouse) fill(key string) []string {
	v.Helper()
	v.post(walkedDesk+"/texts/edit", url.Values{"name": {"default"}, "locale": {"de"}, "formality": {"FORMAL"}, "subject": {"Stimmt das noch?"}, "body": {"{{ greeting }}\n\nStimmt das alles noch?\n\n{{ link }}"}, "sms": {"{{ link }}"}})
	v.post(walkedDesk+"/settings/domains", url.Values{"domain": {"fragen.der.seebrueck-versicherungsgesellschaft.example.com"}})
	v.post(walkedDesk+"/settings/fields/own", url.Values{"key": {"vehicle"}, "labels": {"de: Kraftfahrzeughaftpflichtversicherung"}, "type": {"CHOICE"}, "choices": {"car = de: Auto\nbike"}, "policy": {"SHOWN"}})
	v.post(walkedDesk+"/team/invite", url.Values{"name": {"Bo"}, "email": {"bo.maximiliane.von.und.zu.hohenlohe@versicherungsgesellschaft.example.com"}, "roles": {"SUPPORT"}})
	v.post(walkedDesk+"/report/schedule", url.Values{"every": {"MONTHLY"}, "format": {"PDF"}, "to": regexp.MustCompile(`user_[0-9a-z]{26}`).FindAllString(v.get(walkedDesk+"/report"), 1)})
	v.call(key, `mutation { brandUpdate(input: {publish: false, colors: {primary: "#7a1fa2"}}) { userErrors { message } } }`, nil)
	font, err := os.ReadFile("../theme/font/testdata/boxes.otf")
	if err != nil {
		v.Fatal(err)
	}
	v.upload(walkedDesk+"/brand/fonts", "boxes.otf", font, url.Values{"licence": {"unsere"}})
	_, custom := v.post(walkedDesk+"/report/custom/new", url.Values{
		"name": {"Wer da ist"}, "chart": {"LINE"}, "rows": {"contacts.nodes"}, "label": {"familyName"}, "values": {"externalId"},
		"document": {"{ contacts(first: 5) { nodes { familyName externalId } } }"},
	})
	_, tried := v.upload(walkedDesk+"/operations/new", "Kundinnen-und-Kunden-der-Niederlassung-Friedrichshafen-2026.csv",
		[]byte("Kundennr;Nachname;Geb.-Datum;E-Mail;Laune\r\nX-1;Nord;31.12.1970;anna@example.org;heiter\r\nX-2;Kupfer;gestern;b@example.org;trüb\r\n"), url.Values{"how": {"try"}, "complete": {"part"}})
	tried, _, _ = strings.Cut(tried, "?")
	v.settled(tried, regexp.MustCompile(`name="field-0"`))
	asked := v.asked(key)
	return []string{custom, tried, tried + "/cancel", tried + "/confirm", asked, asked + "/cancel", v.merged(key), v.told(key), walkedDesk + "/texts/edit?formality=FORMAL&locale=de&name=default"}
}

// told is the page that has looked up a message of the demo's.
func (v *walkedHouse) told(key string) string {
	v.Helper()
	var got struct {
		Requests struct{ Nodes []struct{ CheckCode string } }
	}
	v.call(key, `{ requests(first: 1, filter: {status: UPDATED}) { nodes { checkCode } } }`, &got)
	if len(got.Requests.Nodes) == 0 {
		v.Fatal("the demo has no Request that was answered")
	}
	return walkedDesk + "/lookup?code=" + got.Requests.Nodes[0].CheckCode
}

// asked is the page of an asking of an audience.
func (v *walkedHouse) asked(key string) string {
	v.Helper()
	var got struct {
		RequestsCreate struct{ Operation struct{ ID string } }
	}
	v.call(key, `mutation { requestsCreate(input: {whom: {}}) { operation { id } userErrors { message } } }`, &got)
	at := walkedDesk + "/asking/" + got.RequestsCreate.Operation.ID
	v.settled(at, regexp.MustCompile(`/contacts/contact_`))
	return at
}

// merged is the page of a Contact that two had become; another pair waits to be merged.
func (v *walkedHouse) merged(key string) string {
	v.Helper()
	v.call(key, `mutation { sourceSave(input: {key: "agentur", name: "Agentur Wolf"}) { userErrors { code } } }`, nil)
	for _, source := range []string{"crm", "agentur"} {
		people := ""
		for n, name := range []string{"Nordmann", "Oberhauser-Unterberger-Niederschreibersdorf"} {
			people += fmt.Sprintf(`{externalId: "P-%s-%d", givenName: "Anna", familyName: %q, emails: [{address: "anna.%s@example.org"}]}`, source, n, name, strings.ToLower(name))
		}
		v.call(key, `mutation { contactsUpload(input: {source: "`+source+`", contacts: [`+people+`]}) { userErrors { message } } }`, nil)
	}
	suggestions := walkedDesk + "/contacts/suggestions"
	v.settled(suggestions, regexp.MustCompile(`(?s)value="suggestion_.*?name="keep".*value="suggestion_`))
	found := v.settled(suggestions, regexp.MustCompile(`(?s)value="(suggestion_[a-z0-9]+)".*?name="keep" value="(contact_[a-z0-9]+)"`))
	v.post(suggestions, url.Values{"id": {found[1]}, "keep": {found[2]}})
	return walkedDesk + "/contacts/" + found[2]
}

var linkToShow = regexp.MustCompile(`http\S+/sign-in/[a-z2-7]+`)

// employee signs an Employee in who has Contacts.
func (v *walkedHouse) employee(key string) *walkedHouse {
	v.Helper()
	var got struct {
		Company  struct{ ID string }
		Contacts struct {
			Nodes []struct{ Employee *struct{ ID string } }
		}
		UserInvite struct{ SignInLink string }
	}
	v.call(key, `{ company { id } contacts(first: 50) { nodes { employee { id } } } }`, &got)
	for _, c := range got.Contacts.Nodes {
		if c.Employee != nil {
			v.call(key, `mutation { companyUpdate(input: {employeeRequests: true}) { userErrors { message } } }`, nil)
			v.call(key, fmt.Sprintf(`mutation { userInvite(input: {email: "vera@example.com", name: "Vera", roles: [{role: EMPLOYEE, companyId: %q, employeeId: %q}]}) { signInLink userErrors { message } } }`,
				got.Company.ID, c.Employee.ID), &got)
			return signInTo(v.T, linkToShow.FindString(got.UserInvite.SignInLink))
		}
	}
	v.Fatal("no Contact has an Employee")
	return nil
}
