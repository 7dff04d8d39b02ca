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

var (
	shownLink   = regexp.MustCompile(`http://[^<"]+/sign-in/[a-z0-9]+`)
	shownSecret = regexp.MustCompile(`ck_(live|test)_[a-z0-9]{32}`)
	shownUser   = regexp.MustCompile(`/team/(user_[a-z0-9]+)">([^<]+)`)
)

// users are the ids of those on the team's page, by name.
func (c *clerk) users(root string) map[string]string {
	c.Helper()
	ids := map[string]string{}
	for _, m := range shownUser.FindAllStringSubmatch(c.expect(root+"/team", nil, http.StatusOK), -1) {
		ids[m[2]] = m[1]
	}
	return ids
}

func TestTheTeamIsManagedOnItsPages(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		const root = "/app/nordlicht"
		invited := h.ada.expect(root+"/team/invite", url.Values{
			"name": {`<script>alert("x")</script>`}, "email": {"grace@example.com"}, "roles": {"EDITOR"},
		}, http.StatusOK, "&lt;script&gt;", "!<script>alert")
		grace := h.clerk(t, shownLink.FindString(invited))
		grace.expect(root+"/contacts", nil, http.StatusOK)
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
		h.ada.expect(root+"/team/invite", url.Values{"name": {"Bo"}, "email": {"none"}, "roles": {"EMPLOYEE"}, "employee": {"V-404"}}, http.StatusUnprocessableEntity, `value="none"`, `value="Bo"`, `value="V-404"`, `aria-invalid="true"`)
		h.ada.expect(root+"/team/invite", url.Values{"name": {""}, "email": {"none"}}, http.StatusUnprocessableEntity, "email-fault", "name-fault", "roles-fault")
		// Roles that change in mid-session end it.
		h.ada.expect(root+"/team/"+id, url.Values{"name": {"Grace"}, "roles": {"ADMIN"}}, http.StatusOK)
		grace.expect(root+"/contacts", nil, http.StatusOK, `action="/sign-in"`)
		grace = h.clerk(t, shownLink.FindString(h.ada.expect(root+"/team/"+id+"/link", url.Values{}, http.StatusOK)))
		// A Company's administrator gives nothing for the whole Customer, and takes nothing of it.
		grace.expect(root+"/team/invite", url.Values{"name": {"Bo"}, "email": {"bo@example.com"}, "roles": {"CUSTOMER_ADMIN"}}, http.StatusNotFound)
		ada := h.ada.users(root)["Nordlicht Gruppe"]
		grace.expect(root+"/team/"+ada+"/remove", url.Values{}, http.StatusNotFound)
		grace.expect(root+"/team/"+ada+"/link", url.Values{}, http.StatusNotFound)
		grace.expect(root+"/team/"+ada, nil, http.StatusOK, "!/remove", "!/link")
		h.ada.expect(root+"/team/"+id, url.Values{"name": {"Grace"}, "roles": {"SUPPORT"}}, http.StatusOK)
		h.ada.expect(root+"/team/"+ada, url.Values{"name": {"Ada"}, "roles": {"EDITOR"}}, http.StatusUnprocessableEntity, "roles-fault")
		h.ada.expect(root+"/team/"+id+"/remove", nil, http.StatusOK, "Grace")
		h.ada.expect(root+"/team/"+id+"/remove", url.Values{}, http.StatusOK, "!Grace")
		for _, path := range []string{"/team/" + id, "/team/user_x", "/team/" + id + "/link"} {
			h.ada.expect(root+path, nil, http.StatusNotFound)
		}
		h.ada.expect(root+".test/team/invite", nil, http.StatusNotFound)
	})
}

func TestAKeysSecretIsShownOnceAndEndsWhenItIsRevoked(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		const root = "/app/nordlicht"
		h.ada.expect(root+"/keys/new", url.Values{"name": {""}, "mode": {"live"}, "expires": {"2020-01-01"}}, http.StatusUnprocessableEntity, "name-fault", "expires-fault", "scopes-fault")
		h.ada.expect(root+"/keys/new", url.Values{"name": {"x"}, "expires": {"soon"}, "scopes": {"company:read"}}, http.StatusUnprocessableEntity, "expires-fault")
		made := h.ada.expect(root+"/keys/new", url.Values{"name": {"CRM"}, "mode": {"live"}, "source": {"crm"}, "scopes": {"company:read", "contacts:read"}}, http.StatusOK)
		first := shownSecret.FindString(made)
		works := func(secret string) bool { return h.try(secret, `{company {id}}`, nil, &struct{}{}) == nil }
		if first == "" || !works(first) {
			t.Fatalf("the key %q does not work", first)
		}
		list := h.ada.expect(root+"/keys", nil, http.StatusOK, "CRM", "!"+first)
		key := regexp.MustCompile(`/keys/(key_[a-z0-9]+)/rotate" aria-label="Rotate CRM"`).FindStringSubmatch(list)
		if key == nil {
			t.Fatal("the key is not listed")
		}
		second := shownSecret.FindString(h.ada.expect(root+"/keys/"+key[1]+"/rotate", url.Values{"hours": {"24"}}, http.StatusOK))
		if !works(first) || !works(second) {
			t.Error("one of both secrets does not work")
		}
		h.ada.expect(root+"/keys/"+key[1]+"/rotate", url.Values{"hours": {"9999"}}, http.StatusUnprocessableEntity, "hours-fault")
		h.ada.expect(root+"/keys/"+key[1]+"/revoke", nil, http.StatusOK)
		if !works(second) {
			t.Error("asking revokes")
		}
		h.ada.expect(root+"/keys/"+key[1]+"/revoke", url.Values{}, http.StatusOK)
		if works(first) || works(second) {
			t.Error("a revoked key works")
		}
		h.ada.expect("/app/sudlicht/keys", nil, http.StatusNotFound)
		h.ada.expect(root+"/keys/key_01m80xqcaqf6tbdfzz79axj1hc/revoke", url.Values{}, http.StatusNotFound)
	})
}

func TestTheAuditLogIsSearchedAndTakenAlongWithoutFormulas(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		const root = "/app/nordlicht"
		secret := shownSecret.FindString(h.ada.expect(root+"/keys/new", url.Values{
			"name": {"=1+1"}, "mode": {"live"}, "scopes": {"company:write", "company:read"},
		}, http.StatusOK))
		h.call(secret, `mutation { companyUpdate(input: {senderName: "N"}) { userErrors { code } } }`, nil, &struct{}{})
		h.ada.expect(root+"/audit", nil, http.StatusOK, "changed settings", "=1+1", "<td>Nordlicht Gruppe", "127.0.0.1")
		h.ada.expect(root+"/audit?what=companyUpdate", nil, http.StatusOK, "<td>changed settings", "!<td>made an API key")
		h.ada.expect(root+"/audit?who=ADA", nil, http.StatusOK, "<td>made an API key", "!<td>changed settings")
		h.ada.expect(root+"/audit?since=2099-01-01", nil, http.StatusOK, "!<td>made an API key")
		h.ada.expect(root+"/audit?until=never&who=%25", nil, http.StatusOK, "until-fault")
		h.ada.expect(root+"/audit?after=x", nil, http.StatusBadRequest)
		csv := h.ada.expect(root+"/export/audit.csv?action=companyUpdate", nil, http.StatusOK, "companyUpdate", "'=1+1", "!,=1+1", "!apiKeyCreate")
		if strings.Count(csv, "\n") != 2 {
			t.Errorf("the file has %d lines\n%s", strings.Count(csv, "\n"), csv)
		}
		h.ada.expect(root+"/audit?what=export", nil, http.StatusOK, "audit.csv")
		h.ada.expect(root+"/export/audit.csv?nothing=1", nil, http.StatusBadRequest)
		h.ada.expect("/app/sudlicht/export/audit.csv", nil, http.StatusNotFound)
		stranger := &clerk{t, http.DefaultClient, h.URL}
		stranger.expect(root+"/export/audit.csv", nil, http.StatusOK, `action="/sign-in"`, "!companyUpdate")
	})
}

func TestSettingsAreSavedOrRefusedWithWhatWasTyped(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		const root = "/app/nordlicht/settings"
		company := url.Values{
			"name": {"Nordlicht"}, "slug": {"nordlicht"}, "countryCode": {"DE"}, "locale": {"de"}, "timezone": {"Europe/Berlin"},
			"quietFrom": {"22:00"}, "quietUntil": {"07:00"}, "withEmployees": {"on"},
		}
		h.ada.expect(root, company, http.StatusOK, `value="22:00"`, "done")
		wrong := url.Values{"name": {""}, "slug": {"sudlicht"}, "countryCode": {"Q"}, "locale": {"??"}, "timezone": {"Mars"}, "quietFrom": {"22:00"}}
		h.ada.expect(root, wrong, http.StatusUnprocessableEntity, `value="Mars"`, "name-fault", "countryCode-fault", "locale-fault", "timezone-fault", "quietUntil-fault")
		company.Set("slug", "sudlicht")
		h.ada.expect(root, company, http.StatusUnprocessableEntity, "slug-fault")
		h.ada.expect(root+"/sender", url.Values{"senderAddress": {"none"}, "privacyUrl": {"x"}, "imprint": {"</textarea><script>"}}, http.StatusUnprocessableEntity, "senderAddress-fault", "privacyUrl-fault", "&lt;/textarea&gt;&lt;script&gt;")
		h.ada.expect(root+"/sender", url.Values{"senderAddress": {"a@example.com"}, "imprint": {"N"}}, http.StatusOK, "a@example.com")
		h.ada.expect(root+"/verification", url.Values{"verification": {"BIRTH_DATE", "POSTAL_CODE", "PHONE_DIGITS"}}, http.StatusUnprocessableEntity, "verification-fault")
		h.ada.expect(root+"/verification", url.Values{"verification": {"BIRTH_DATE"}}, http.StatusOK)
		h.ada.expect(root+"/sources/source", url.Values{"key": {"agency"}, "name": {"Agentur"}, "rank": {"1"}, "identity": {"OFF"}}, http.StatusOK, "Agentur")
		h.ada.expect(root+"/sources/source", url.Values{"key": {"A B"}, "name": {"x"}, "rank": {"0"}}, http.StatusUnprocessableEntity, "key-fault", "rank-fault")
		h.ada.expect(root+"/fields/own", url.Values{"key": {"vehicle"}, "labels": {"de: Fahrzeug"}, "type": {"CHOICE"}, "choices": {"car = de: Auto\nbike"}, "policy": {"SHOWN"}}, http.StatusOK, "Fahrzeug")
		h.ada.expect(root+"/fields/own", url.Values{"key": {"x"}, "labels": {"Fahrzeug"}, "type": {"TEXT"}, "policy": {"SHOWN"}}, http.StatusUnprocessableEntity, "labels-fault")
		h.ada.expect(root+"/fields", url.Values{"policy.title": {"HIDDEN"}, "policy.customFields.vehicle": {"EDITABLE"}}, http.StatusOK)
		h.ada.expect(root+"/fields/own?key=vehicle", nil, http.StatusOK, "car = de: Auto", "bike")
		h.ada.expect(root+"/fields/own/delete", url.Values{"key": {"vehicle"}}, http.StatusOK, "!Fahrzeug")
		h.ada.expect(root+"/fields/own?key=vehicle", nil, http.StatusNotFound)
		h.ada.expect(root+"/domains", url.Values{"domain": {"no dots"}}, http.StatusUnprocessableEntity, "domain-fault")
		h.ada.expect(root+"/domains/remove?domain=x", nil, http.StatusNotFound)
		for _, path := range []string{"", "/sender", "/fields", "/verification", "/domains", "/sources"} {
			h.ada.expect(root+path, nil, http.StatusOK, "<h1>")
			h.ada.expect("/app/sudlicht/settings"+path, url.Values{"name": {"x"}}, http.StatusNotFound)
			h.ada.expect("/app/nordlicht.test/settings"+path, nil, http.StatusOK, "!<button class=\"button\">")
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
		h.ada.expect("/app/companies", nil, http.StatusOK, "Nordlicht Zwei", "!Südlicht")
		h.ada.expect("/app/new", url.Values{"name": {""}}, http.StatusUnprocessableEntity, "name-fault", "countryCode-fault", "locale-fault")
		h.ada.expect("/app/new", url.Values{"name": {"x"}, "copyFrom": {h.other.CompanyID}}, http.StatusUnprocessableEntity, "copyFrom-fault")
		h.ada.expect("/app/new", url.Values{"name": {"Nordlicht Drei"}, "copyFrom": {key.CompanyID}}, http.StatusOK, "Nordlicht Drei")
		h.ada.expect("/app/nordlicht-drei/settings/sender", nil, http.StatusOK)
		const root = "/app/nordlicht-zwei/settings"
		h.ada.expect(root+"/archive", nil, http.StatusOK, "2 API keys", "1 Contacts")
		h.ada.expect(root+"/archive", url.Values{"to": {"archived"}}, http.StatusOK, "archived")
		if err := h.try(key.LiveKey, `{company {id}}`, nil, &struct{}{}); err == nil {
			t.Error("the key of an archived Company works")
		}
		for _, path := range []string{link, link + "/form"} {
			h.ada.expect(path, nil, http.StatusGone, "!a@example.com")
		}
		// Who wants to be left alone is heard all the same.
		h.ada.expect(link+"/stop", nil, http.StatusOK)
		h.ada.expect(link+"/stop", url.Values{"do": {"stop"}}, http.StatusOK)
		h.ada.expect(root+"/sender", url.Values{"senderName": {"x"}}, http.StatusUnprocessableEntity)
		h.ada.expect("/app/nordlicht-zwei/contacts", nil, http.StatusOK, "K-1")
		h.ada.expect(root+"/archive", url.Values{"to": {"use"}}, http.StatusOK)
		h.ada.expect(link, nil, http.StatusOK)
		if err := h.try(key.LiveKey, `{company {id}}`, nil, &struct{}{}); err != nil {
			t.Error(err)
		}
		h.ada.expect("/app/sudlicht/settings/archive", url.Values{"to": {"archived"}}, http.StatusNotFound)
		invited := h.ada.expect("/app/nordlicht/team/invite", url.Values{"name": {"Bo"}, "email": {"bo@example.com"}, "roles": {"ADMIN"}}, http.StatusOK)
		bo := h.clerk(t, shownLink.FindString(invited))
		for _, path := range []string{"/app/new", "/app/nordlicht/settings/archive"} {
			bo.expect(path, nil, http.StatusNotFound)
			bo.expect(path, url.Values{"name": {"x"}, "to": {"archived"}}, http.StatusNotFound)
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
		stranger.expect(path, url.Values{}, http.StatusTooManyRequests)
	}
	stranger.expect("/sign-in", nil, http.StatusOK)
	i.stop()
}
