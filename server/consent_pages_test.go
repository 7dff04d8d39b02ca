package main_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"complero/db/dbtest"
)

func TestConsentsAreDefinedLookedUpAndWithdrawn(t *testing.T) {
	for _, engine := range []dbtest.Engine{dbtest.SQLite, dbtest.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			i, c, own, other := onDesk(t, engine)
			defer i.stop()
			const desk = "/app/nordlicht-zwei"
			c.expect(desk+"/consents", nil, 200, "Nothing is asked for yet")
			wrong := url.Values{"key": {"News Letter"}, "channels": {"EMAIL", "PHONE"}, "locale.0": {"de"}, "title.0": {"<b>Neues</b>"}, "text.0": {""}, "locale.1": {""}, "title.1": {""}, "text.1": {""}}
			c.expect(desk+"/consents/definitions/new", wrong, 422, `value="News Letter"`, "&lt;b&gt;Neues&lt;/b&gt;", `href="#key"`, `href="#text.0"`)
			wrong.Set("key", "newsletter")
			wrong.Set("text.0", "Ja, **gern**.")
			wrong.Set("advertising", "yes")
			c.expect(desk+"/consents/definitions/new", wrong, 200, "From now on", "&lt;b&gt;Neues&lt;/b&gt;", "e-mail, telephone", "version 1")
			c.expect(desk+"/consents/definitions/new", wrong, 422, "taken")
			wrong.Set("locale.1", "en")
			wrong.Set("title.1", "News")
			wrong.Set("text.1", "Yes please.")
			c.expect(desk+"/consents/definitions/newsletter/edit", wrong, 200, "version 2", "de, en")
			c.expect(desk+"/consents/definitions/newsletter/edit", nil, 200, "Version 2", "Version 1", "Yes please.")
			c.expect(desk+".test/consents/definitions", nil, 200, "changed in live mode")
			c.expect(desk+".test/consents/definitions/new", nil, 404)

			i.call(own.TestKey, `mutation { contactsUpload(input: {contacts: [{externalId: "K-1", familyName: "Nordmann<script>"}]}) { operation { id } } }`, nil, &struct{}{})
			contact := contactID(t, i, own.TestKey)
			i.call(own.TestKey, `mutation { requestsCreate(input: {contactExternalIds: ["K-1"]}) { requests { id } } }`, nil, &struct{}{})
			i.call(own.TestKey, `mutation { sandboxRespond(input: {contactExternalId: "K-1", consents: [{key: "newsletter", channel: EMAIL, granted: true}]}) { events { id } } }`, nil, &struct{}{})
			list := c.expect(desk+".test/consents?search=nordm&state=GRANTED&key=newsletter&channel=EMAIL&since=2020-01-01", nil, 200, "Nordmann&lt;script&gt;", "granted", "1 in all")
			c.expect(desk+".test/consents?state=DECLINED", nil, 200, "Nothing is found")
			c.expect(desk+".test/consents?since=yesterday", nil, 422, "no date")
			c.expect(desk+".test/consents?state=BOGUS", nil, 400)
			id := regexp.MustCompile(`/consents/(consent_[a-z0-9]+)`).FindStringSubmatch(list)
			if id == nil {
				t.Fatalf("the list leads nowhere\n%s", list)
			}
			at := desk + ".test/consents/" + id[1]
			c.expect(at, nil, 200, "played in the sandbox", "SHA-256", "Ja, **gern**.", "Note the withdrawal")
			c.expect(desk+".test/consents/ask?search=K-1", nil, 200, "Nordmann&lt;script&gt;", "Consent given on", "Never agreed to here")
			c.expect(desk+".test/consents/ask?search=nobody-at-all", nil, 200, "Nobody is found")
			if status, body := c.get(desk + ".test/export/consents.csv?key=newsletter"); status != 200 || !strings.Contains(body, id[1]) || !strings.Contains(body, "Ja, **gern**.") {
				t.Errorf("the export is %d\n%s", status, body)
			}
			c.expect(at+"/withdraw", nil, 200, "may not be approached by e-mail")
			c.expect(at+"/withdraw", url.Values{"reason": {strings.Repeat("x", 501)}}, 422, "too long", "xxxx")
			c.expect(at+"/withdraw", url.Values{"reason": {"am Telefon"}}, 200, "counts at once", "am Telefon", "withdrawn")
			c.expect(desk+".test/consents/ask?contact="+contact, nil, 200, "Taken back on")

			c.expect(desk+"/consents/definitions/newsletter/archive", nil, 200, "0 Consents have been given")
			c.expect(desk+"/consents/definitions/newsletter/archive", url.Values{"active": {"false"}}, 200, "not asked for any more", "archived")

			for _, path := range []string{
				desk + "/consents/" + id[1], desk + "/consents/consent_x", desk + "/consents/" + contact, desk + "/consents/definitions/none/edit",
				"/app/sudlicht/consents", "/app/sudlicht/export/consents.csv", "/app/nordlicht.test/consents/" + id[1] + "/withdraw",
			} {
				c.expect(path, nil, http.StatusNotFound)
			}
			c.expect("/app/nordlicht.test/consents/"+id[1]+"/withdraw", url.Values{}, http.StatusNotFound)
			c.expect("/app/nordlicht/consents/ask?contact="+contact, nil, 200, "Before you write or call")
			var got struct {
				Consents struct{ Nodes []struct{ ID string } }
			}
			i.call(other.TestKey, `{ consents { nodes { id } } }`, nil, &got)
			if len(got.Consents.Nodes) > 0 {
				t.Error("another Company has got Consents")
			}
		})
	}
}
