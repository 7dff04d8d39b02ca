package main_test

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"complero/db/dbtest"
	"complero/server/deliver/smtptest"
)

var signInInMail = regexp.MustCompile(`http://[^\s"]+/sign-in/[a-z2-7]+`)

// TestAnEmployeesDay goes from the door by a mailed link through every page, as
// a browser without scripts.
func TestAnEmployeesDay(t *testing.T) {
	for _, engine := range []dbtest.Engine{dbtest.SQLite, dbtest.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			sink := smtptest.Start(t, smtptest.Behaviour{})
			i := install(t, engine, "--smtp", sink.URL())
			i.named()
			a := i.setup("Nordlicht")
			i.start()
			i.call(a.LiveKey, `mutation { companyUpdate(input: {employeeRequests: true, withEmployees: true}) { userErrors { message } } }`, nil, &struct{}{})
			i.call(a.LiveKey, `mutation { employeesUpload(input: {employees: [
				{externalId: "V-1", givenName: "Defne", familyName: "Kupfer", email: "defne@nordlicht.example.com"},
				{externalId: "V-2", givenName: "Jo", familyName: "Fremd", email: "jo@nordlicht.example.com"}]}) { operation { id } } }`, nil, &struct{}{})
			employeesDone(t, i, a.LiveKey)
			i.call(a.LiveKey, `mutation { contactsUpload(input: {contacts: [
				{externalId: "K-1", employee: "V-1", givenName: "Juliane", familyName: "<b>Kettenis", emails: [{address: "juliane@example.net"}], phones: [{number: "+491604905728"}]},
				{externalId: "K-2", employee: "V-2", familyName: "Zwiebelfisch"}]}) { operation { id } } }`, nil, &struct{}{})
			own := contactID(t, i, a.LiveKey)
			var got struct{ Contact struct{ ID string } }
			i.call(a.LiveKey, `{ contact(externalId: "K-2") { id } }`, nil, &got)
			others := got.Contact.ID

			jar, err := cookiejar.New(nil)
			if err != nil {
				t.Fatal(err)
			}
			c := &clerk{t, &http.Client{Jar: jar}, i.URL}
			if status, body := c.get("/me/nordlicht/contacts"); status != http.StatusOK || !strings.Contains(body, `action="/me/sign-in"`) {
				t.Fatalf("the door is %d\n%s", status, body)
			}
			_, known := c.post("/me/sign-in", url.Values{"email": {"defne@nordlicht.example.com"}})
			_, unknown := c.post("/me/sign-in", url.Values{"email": {"nobody@nordlicht.example.com"}})
			if known != unknown || !strings.Contains(known, "on its way") {
				t.Errorf("the answer tells who is an Employee:\n%s\n%s", known, unknown)
			}
			link := signInInMail.FindString(arrived(t, sink, "defne@nordlicht.example.com").Text)
			if status, body := c.post(strings.TrimPrefix(link, i.URL), nil); status != http.StatusOK || !strings.Contains(body, `class="me"`) {
				t.Fatalf("the link %s leads to %d\n%s", link, status, body)
			}

			// The Employee asks, the Contact answers, the Employee sees it.
			ask := "/me/nordlicht/contacts/" + own + "/ask"
			if status, body := c.post(ask, url.Values{"note": {"Schön war <i>gestern</i>!"}, "preview": {"1"}}); status != http.StatusOK || !strings.Contains(body, "Schön war &lt;i&gt;gestern&lt;/i&gt;!") || len(sink.Mails()) != 1 {
				t.Errorf("the preview is %d\n%s", status, body)
			}
			if status, body := c.post(ask, url.Values{"note": {"www.example.com"}}); status != http.StatusUnprocessableEntity || !strings.Contains(body, ">www.example.com</textarea>") {
				t.Errorf("a link in a note is %d\n%s", status, body)
			}
			if status, body := c.post(ask, url.Values{"note": {"Schön war <i>gestern</i>!"}, "key": {"k"}}); status != http.StatusOK || !strings.Contains(body, "on its way") {
				t.Fatalf("asking is %d\n%s", status, body)
			}
			mail := arrived(t, sink, "juliane@example.net")
			if !strings.Contains(mail.Text, "Schön war <i>gestern</i>!") || strings.Contains(mail.HTML, "<i>gestern") {
				t.Errorf("the message says\n%s", mail.Text)
			}
			token := tokensOf(t, i, a.LiveKey)[0]
			post(t, i.URL+"/u/"+token, "do=save&familyName=Neumann", http.StatusSeeOther, http.StatusOK)
			status, body := c.get("/me/nordlicht/")
			if status != http.StatusOK || !strings.Contains(body, "Neumann") || !strings.Contains(body, "&lt;b&gt;Kettenis") || !strings.Contains(body, `href="tel:+491604905728"`) || !strings.Contains(body, `href="mailto:juliane@example.net"`) {
				t.Errorf("the changes are %d\n%s", status, body)
			}
			event := regexp.MustCompile(`name="id" value="(event_[^"]+)"`).FindStringSubmatch(body)
			if event == nil {
				t.Fatal("there is nothing to mark")
			}
			if _, body := c.post("/me/nordlicht/seen", url.Values{"id": {event[1]}}); strings.Contains(body, "Neumann") {
				t.Errorf("what was seen is still new\n%s", body)
			}
			for path, want := range map[string]string{
				"/me/": `class="me"`, "/app/": `class="me"`, "/app/nordlicht/contacts": `class="me"`,
				"/me/nordlicht/?seen=1":                             "Neumann",
				"/me/nordlicht/contacts":                            "Neumann",
				"/me/nordlicht/contacts?search=zwiebel":             "Nobody is found",
				"/me/nordlicht/contacts/" + own:                     "+491604905728",
				"/me/nordlicht/contacts/" + own + "/card.vcf":       "TEL;TYPE=CELL,HOME:+491604905728\r\n",
				"/me/nordlicht/settings":                            "Monday",
				"/me/nordlicht/contacts/" + own + "?x=%00%ff":       "Neumann",
				"/me/nordlicht/contacts?after=x":                    "cannot be shown",
				"/me/nordlicht/contacts/" + own + "/message":        "no such page",
				"/me/nordlicht/contacts/" + others:                  "no such page",
				"/me/nordlicht/contacts/" + others + "/ask":         "no such page",
				"/me/nordlicht/contacts/" + others + "/card.vcf":    "no such page",
				"/me/nordlicht/contacts/" + others + "/message?a=b": "no such page",
				"/me/sudlicht/":                                     "no such page",
			} {
				status, body := c.get(path)
				if status >= 500 || !strings.Contains(strings.ToUpper(body), strings.ToUpper(want)) || strings.Contains(body, "Zwiebelfisch") {
					t.Errorf("%s is %d without %s\n%s", path, status, want, body)
				}
			}
			message := regexp.MustCompile(`/message\?request=[^"]+`).FindString(second(c.get("/me/nordlicht/contacts/" + own)))
			if _, body := c.get("/me/nordlicht/contacts/" + own + message); !strings.Contains(body, "Schön war &lt;i&gt;gestern") {
				t.Errorf("the message is shown as\n%s", body)
			}
			if _, body := c.post("/me/nordlicht/settings", url.Values{"mails": {"WEEKLY"}}); !strings.Contains(body, `value="WEEKLY" checked`) {
				t.Errorf("the choice is not kept\n%s", body)
			}
			if status, _ := c.post("/me/nordlicht/contacts/"+others+"/ask", url.Values{}); status != http.StatusNotFound {
				t.Errorf("asking another's Contact is %d", status)
			}
			i.stop()
		})
	}
}

func second(_ int, body string) string { return body }

// employeesDone waits for the last Operation.
func employeesDone(t *testing.T, i *installation, key string) {
	t.Helper()
	var got struct{ Operations struct{ Nodes []operation } }
	i.call(key, `{ operations(first: 1) { nodes { id } } }`, nil, &got)
	i.finish(key, got.Operations.Nodes[0].ID)
}
