package main_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"complero/db/dbtest"
)

// house is an installation with two Customers' Companies, and the first one's administrator.
type house struct {
	*installation
	ada   *clerk
	other account // of another Customer
}

func inHouse(t *testing.T, run func(t *testing.T, h *house)) {
	for _, engine := range []dbtest.Engine{dbtest.SQLite, dbtest.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			i := install(t, engine)
			i.named()
			link, _ := i.signInLink()
			h := &house{installation: i, other: i.setupFor("Anderes Haus", "Südlicht")}
			i.start()
			h.ada = i.clerk(t, link)
			run(t, h)
			i.stop()
		})
	}
}

// wants posts, or gets without a form, and fails unless the answer has the
// status and the texts.
func (c *clerk) wants(status int, path string, form url.Values, texts ...string) string {
	c.Helper()
	var n int
	var body string
	if form != nil {
		n, body = c.post(path, form)
	} else {
		n, body = c.get(path)
	}
	if n != status {
		c.Errorf("%s answers %d, want %d\n%s", path, n, status, body)
	}
	for _, text := range texts {
		if not, cut := strings.CutPrefix(text, "!"); cut {
			if strings.Contains(body, not) {
				c.Errorf("%s shows %q\n%s", path, not, body)
			}
		} else if !strings.Contains(body, text) {
			c.Errorf("%s does not show %q\n%s", path, text, body)
		}
	}
	return body
}

var (
	shownLink   = regexp.MustCompile(`http://[^<"]+/sign-in/[a-z0-9]+`)
	shownSecret = regexp.MustCompile(`ck_(live|test)_[a-z0-9]{32}`)
	shownUser   = regexp.MustCompile(`/team/(user_[a-z0-9]+)">([^<]+)`)
)

// users are the ids of those on the team's page, by name.
func (c *clerk) users(root string) map[string]string {
	c.Helper()
	ids := map[string]string{}
	for _, m := range shownUser.FindAllStringSubmatch(c.wants(http.StatusOK, root+"/team", nil), -1) {
		ids[m[2]] = m[1]
	}
	return ids
}

func TestTheTeamIsManagedOnItsPages(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		const root = "/app/nordlicht"
		invited := h.ada.wants(http.StatusOK, root+"/team/invite", url.Values{
			"name": {`<script>alert("x")</script>`}, "email": {"grace@example.com"}, "roles": {"EDITOR"},
		}, "&lt;script&gt;", "!<script>alert")
		grace := h.clerk(t, shownLink.FindString(invited))
		grace.wants(http.StatusOK, root+"/contacts", nil)
		for _, path := range []string{"/team", "/team/invite", "/keys/new", "/audit", "/export/audit.csv"} {
			if status, body := grace.get(root + path); status != http.StatusNotFound && status != http.StatusForbidden {
				t.Errorf("an EDITOR sees %s: %d\n%s", path, status, body)
			}
		}
		ids := h.ada.users(root)
		id := ids["&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt;"]
		if id == "" {
			t.Fatalf("the User is not listed: %v", ids)
		}
		h.ada.wants(http.StatusUnprocessableEntity, root+"/team/invite", url.Values{"name": {"Bo"}, "email": {"none"}, "roles": {"EMPLOYEE"}, "employee": {"V-404"}},
			`value="none"`, `value="Bo"`, `value="V-404"`, `aria-invalid="true"`)
		h.ada.wants(http.StatusUnprocessableEntity, root+"/team/invite", url.Values{"name": {""}, "email": {"none"}}, "email-fault", "name-fault", "roles-fault")
		// Roles that change in mid-session end it.
		h.ada.wants(http.StatusOK, root+"/team/"+id, url.Values{"name": {"Grace"}, "roles": {"ADMIN"}})
		grace.wants(http.StatusOK, root+"/contacts", nil, `action="/sign-in"`)
		grace = h.clerk(t, shownLink.FindString(h.ada.wants(http.StatusOK, root+"/team/"+id+"/link", url.Values{})))
		// A Company's administrator gives nothing for the whole Customer, and takes nothing of it.
		grace.wants(http.StatusNotFound, root+"/team/invite", url.Values{"name": {"Bo"}, "email": {"bo@example.com"}, "roles": {"CUSTOMER_ADMIN"}})
		ada := h.ada.users(root)["Nordlicht Gruppe"]
		grace.wants(http.StatusNotFound, root+"/team/"+ada+"/remove", url.Values{})
		grace.wants(http.StatusNotFound, root+"/team/"+ada+"/link", url.Values{})
		grace.wants(http.StatusOK, root+"/team/"+ada, nil, "!/remove", "!/link")
		h.ada.wants(http.StatusOK, root+"/team/"+id, url.Values{"name": {"Grace"}, "roles": {"SUPPORT"}})
		h.ada.wants(http.StatusUnprocessableEntity, root+"/team/"+ada, url.Values{"name": {"Ada"}, "roles": {"EDITOR"}}, "roles-fault")
		h.ada.wants(http.StatusOK, root+"/team/"+id+"/remove", nil, "Grace")
		h.ada.wants(http.StatusOK, root+"/team/"+id+"/remove", url.Values{}, "!Grace")
		for _, path := range []string{"/team/" + id, "/team/user_x", "/team/" + id + "/link"} {
			h.ada.wants(http.StatusNotFound, root+path, nil)
		}
		h.ada.wants(http.StatusNotFound, root+".test/team/invite", nil)
	})
}

func TestAKeysSecretIsShownOnceAndEndsWhenItIsRevoked(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		const root = "/app/nordlicht"
		h.ada.wants(http.StatusUnprocessableEntity, root+"/keys/new", url.Values{"name": {""}, "mode": {"live"}, "expires": {"2020-01-01"}}, "name-fault", "expires-fault", "scopes-fault")
		h.ada.wants(http.StatusUnprocessableEntity, root+"/keys/new", url.Values{"name": {"x"}, "expires": {"soon"}, "scopes": {"company:read"}}, "expires-fault")
		made := h.ada.wants(http.StatusOK, root+"/keys/new", url.Values{"name": {"CRM"}, "mode": {"live"}, "source": {"crm"}, "scopes": {"company:read", "contacts:read"}})
		first := shownSecret.FindString(made)
		works := func(secret string) bool { return h.try(secret, `{company {id}}`, nil, &struct{}{}) == nil }
		if first == "" || !works(first) {
			t.Fatalf("the key %q does not work", first)
		}
		list := h.ada.wants(http.StatusOK, root+"/keys", nil, "CRM", "!"+first)
		key := regexp.MustCompile(`/keys/(key_[a-z0-9]+)/rotate" aria-label="Rotate CRM"`).FindStringSubmatch(list)
		if key == nil {
			t.Fatal("the key is not listed")
		}
		second := shownSecret.FindString(h.ada.wants(http.StatusOK, root+"/keys/"+key[1]+"/rotate", url.Values{"hours": {"24"}}))
		if !works(first) || !works(second) {
			t.Error("one of both secrets does not work")
		}
		h.ada.wants(http.StatusUnprocessableEntity, root+"/keys/"+key[1]+"/rotate", url.Values{"hours": {"9999"}}, "hours-fault")
		h.ada.wants(http.StatusOK, root+"/keys/"+key[1]+"/revoke", nil)
		if !works(second) {
			t.Error("asking revokes")
		}
		h.ada.wants(http.StatusOK, root+"/keys/"+key[1]+"/revoke", url.Values{})
		if works(first) || works(second) {
			t.Error("a revoked key works")
		}
		h.ada.wants(http.StatusNotFound, "/app/sudlicht/keys", nil)
		h.ada.wants(http.StatusNotFound, root+"/keys/key_01m80xqcaqf6tbdfzz79axj1hc/revoke", url.Values{})
	})
}

func TestTheAuditLogIsSearchedAndTakenAlongWithoutFormulas(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		const root = "/app/nordlicht"
		secret := shownSecret.FindString(h.ada.wants(http.StatusOK, root+"/keys/new", url.Values{
			"name": {"=1+1"}, "mode": {"live"}, "scopes": {"company:write", "company:read"},
		}))
		h.call(secret, `mutation { companyUpdate(input: {senderName: "N"}) { userErrors { code } } }`, nil, &struct{}{})
		h.ada.wants(http.StatusOK, root+"/audit", nil, "changed settings", "=1+1", "<td>Nordlicht Gruppe", "127.0.0.1")
		h.ada.wants(http.StatusOK, root+"/audit?what=companyUpdate", nil, "<td>changed settings", "!<td>made an API key")
		h.ada.wants(http.StatusOK, root+"/audit?who=ADA", nil, "<td>made an API key", "!<td>changed settings")
		h.ada.wants(http.StatusOK, root+"/audit?since=2099-01-01", nil, "!<td>made an API key")
		h.ada.wants(http.StatusOK, root+"/audit?until=never&who=%25", nil, "until-fault")
		h.ada.wants(http.StatusBadRequest, root+"/audit?after=x", nil)
		csv := h.ada.wants(http.StatusOK, root+"/export/audit.csv?action=companyUpdate", nil, "companyUpdate", "'=1+1", "!,=1+1", "!apiKeyCreate")
		if strings.Count(csv, "\n") != 2 {
			t.Errorf("the file has %d lines\n%s", strings.Count(csv, "\n"), csv)
		}
		h.ada.wants(http.StatusOK, root+"/audit?what=export", nil, "audit.csv")
		h.ada.wants(http.StatusBadRequest, root+"/export/audit.csv?nothing=1", nil)
		h.ada.wants(http.StatusNotFound, "/app/sudlicht/export/audit.csv", nil)
		stranger := &clerk{t, http.DefaultClient, h.URL}
		stranger.wants(http.StatusOK, root+"/export/audit.csv", nil, `action="/sign-in"`, "!companyUpdate")
	})
}

func TestSettingsAreSavedOrRefusedWithWhatWasTyped(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		const root = "/app/nordlicht/settings"
		company := url.Values{
			"name": {"Nordlicht"}, "slug": {"nordlicht"}, "countryCode": {"DE"}, "locale": {"de"}, "timezone": {"Europe/Berlin"},
			"quietFrom": {"22:00"}, "quietUntil": {"07:00"}, "withEmployees": {"on"},
		}
		h.ada.wants(http.StatusOK, root, company, `value="22:00"`, "done")
		wrong := url.Values{"name": {""}, "slug": {"sudlicht"}, "countryCode": {"Q"}, "locale": {"??"}, "timezone": {"Mars"}, "quietFrom": {"22:00"}}
		h.ada.wants(http.StatusUnprocessableEntity, root, wrong, `value="Mars"`, "name-fault", "countryCode-fault", "locale-fault", "timezone-fault", "quietUntil-fault")
		company.Set("slug", "sudlicht")
		h.ada.wants(http.StatusUnprocessableEntity, root, company, "slug-fault")
		h.ada.wants(http.StatusUnprocessableEntity, root+"/sender", url.Values{"senderAddress": {"none"}, "privacyUrl": {"x"}, "imprint": {"</textarea><script>"}},
			"senderAddress-fault", "privacyUrl-fault", "&lt;/textarea&gt;&lt;script&gt;")
		h.ada.wants(http.StatusOK, root+"/sender", url.Values{"senderAddress": {"a@example.com"}, "imprint": {"N"}}, "a@example.com")
		h.ada.wants(http.StatusUnprocessableEntity, root+"/verification", url.Values{"verification": {"BIRTH_DATE", "POSTAL_CODE", "PHONE_DIGITS"}}, "verification-fault")
		h.ada.wants(http.StatusOK, root+"/verification", url.Values{"verification": {"BIRTH_DATE"}})
		h.ada.wants(http.StatusOK, root+"/sources/source", url.Values{"key": {"agency"}, "name": {"Agentur"}, "rank": {"1"}, "identity": {"OFF"}}, "Agentur")
		h.ada.wants(http.StatusUnprocessableEntity, root+"/sources/source", url.Values{"key": {"A B"}, "name": {"x"}, "rank": {"0"}}, "key-fault", "rank-fault")
		h.ada.wants(http.StatusOK, root+"/fields/own", url.Values{"key": {"vehicle"}, "labels": {"de: Fahrzeug"}, "type": {"CHOICE"}, "choices": {"car = de: Auto\nbike"}, "policy": {"SHOWN"}}, "Fahrzeug")
		h.ada.wants(http.StatusUnprocessableEntity, root+"/fields/own", url.Values{"key": {"x"}, "labels": {"Fahrzeug"}, "type": {"TEXT"}, "policy": {"SHOWN"}}, "labels-fault")
		h.ada.wants(http.StatusOK, root+"/fields", url.Values{"policy.title": {"HIDDEN"}, "policy.customFields.vehicle": {"EDITABLE"}})
		h.ada.wants(http.StatusOK, root+"/fields/own?key=vehicle", nil, "car = de: Auto", "bike")
		h.ada.wants(http.StatusOK, root+"/fields/own/delete", url.Values{"key": {"vehicle"}}, "!Fahrzeug")
		h.ada.wants(http.StatusNotFound, root+"/fields/own?key=vehicle", nil)
		h.ada.wants(http.StatusUnprocessableEntity, root+"/domains", url.Values{"domain": {"no dots"}}, "domain-fault")
		h.ada.wants(http.StatusNotFound, root+"/domains/remove?domain=x", nil)
		for _, path := range []string{"", "/sender", "/fields", "/verification", "/domains", "/sources"} {
			h.ada.wants(http.StatusOK, root+path, nil, "<h1>")
			h.ada.wants(http.StatusNotFound, "/app/sudlicht/settings"+path, url.Values{"name": {"x"}})
			h.ada.wants(http.StatusOK, "/app/nordlicht.test/settings"+path, nil, "!<button class=\"button\">")
		}
	})
}

func TestACompanyIsMadeArchivedAndUsedAgain(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		key := h.setup("Nordlicht Zwei")
		for _, secret := range []string{key.LiveKey, key.TestKey} {
			h.call(secret, `mutation { contactsUpload(input: {contacts: [{externalId: "K-1", familyName: "A", emails: [{address: "a@example.com"}]}]}) { operation { id } } }`, nil, &struct{}{})
			contactID(t, h.installation, secret)
		}
		var asked struct {
			RequestsCreate struct{ Requests []struct{ Link string } }
		}
		h.call(key.TestKey, `mutation { requestsCreate(input: {contactExternalIds: ["K-1"]}) { requests { link } userErrors { message } } }`, nil, &asked)
		link := strings.TrimPrefix(asked.RequestsCreate.Requests[0].Link, h.URL)
		h.ada.wants(http.StatusOK, "/app/companies", nil, "Nordlicht Zwei", "!Südlicht")
		h.ada.wants(http.StatusUnprocessableEntity, "/app/new", url.Values{"name": {""}}, "name-fault", "countryCode-fault", "locale-fault")
		h.ada.wants(http.StatusUnprocessableEntity, "/app/new", url.Values{"name": {"x"}, "copyFrom": {h.other.CompanyID}}, "copyFrom-fault")
		h.ada.wants(http.StatusOK, "/app/new", url.Values{"name": {"Nordlicht Drei"}, "copyFrom": {key.CompanyID}}, "Nordlicht Drei")
		h.ada.wants(http.StatusOK, "/app/nordlicht-drei/settings/sender", nil)
		const root = "/app/nordlicht-zwei/settings"
		h.ada.wants(http.StatusOK, root+"/archive", nil, "2 API keys", "1 Contacts")
		h.ada.wants(http.StatusOK, root+"/archive", url.Values{"to": {"archived"}}, "archived")
		if err := h.try(key.LiveKey, `{company {id}}`, nil, &struct{}{}); err == nil {
			t.Error("the key of an archived Company works")
		}
		for _, path := range []string{link, link + "/form", link + "/stop"} {
			h.ada.wants(http.StatusGone, path, nil, "!Nordlicht Zwei", "!a@example.com")
		}
		h.ada.wants(http.StatusUnprocessableEntity, root+"/sender", url.Values{"senderName": {"x"}})
		h.ada.wants(http.StatusOK, "/app/nordlicht-zwei/contacts", nil, "K-1")
		h.ada.wants(http.StatusOK, root+"/archive", url.Values{"to": {"use"}})
		h.ada.wants(http.StatusOK, link, nil)
		if err := h.try(key.LiveKey, `{company {id}}`, nil, &struct{}{}); err != nil {
			t.Error(err)
		}
		h.ada.wants(http.StatusNotFound, "/app/sudlicht/settings/archive", url.Values{"to": {"archived"}})
		invited := h.ada.wants(http.StatusOK, "/app/nordlicht/team/invite", url.Values{"name": {"Bo"}, "email": {"bo@example.com"}, "roles": {"ADMIN"}})
		bo := h.clerk(t, shownLink.FindString(invited))
		for _, path := range []string{"/app/new", "/app/nordlicht/settings/archive"} {
			bo.wants(http.StatusNotFound, path, nil)
			bo.wants(http.StatusNotFound, path, url.Values{"name": {"x"}, "to": {"archived"}})
		}
	})
}

func TestWhoeverKnocksTooOftenWaits(t *testing.T) {
	i := install(t, dbtest.SQLite)
	i.named()
	link, _ := i.signInLink()
	i.start()
	stranger := &clerk{t, http.DefaultClient, i.URL}
	status := 0
	for range 100 {
		if status, _ = stranger.get("/sign-in/" + strings.Repeat("a", 32)); status == http.StatusTooManyRequests {
			break
		}
	}
	if status != http.StatusTooManyRequests {
		t.Errorf("a hundred guesses end in %d", status)
	}
	for _, path := range []string{"/sign-in/options", "/sign-in", strings.TrimPrefix(link, i.URL)} {
		stranger.wants(http.StatusTooManyRequests, path, url.Values{})
	}
	stranger.wants(http.StatusOK, "/sign-in", nil)
	i.stop()
}
