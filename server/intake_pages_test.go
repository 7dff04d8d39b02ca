package main_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"complero/db/dbtest"
)

// A workday is an administrator at their desk of Nordlicht Zwei, whom the
// Companies of another Customer are no business of.
type workday struct {
	*installation
	*clerk
	own, other account
}

const (
	workdesk = "/app/nordlicht-zwei"
	workfile = "Kundennr;Nachname;Geb.-Datum;E-Mail;Laune\r\n" +
		"K-1;<script>Nord;31.12.1970;anna@example.org;heiter\r\nK-2;Kupfer;gestern;b@example.org;trüb\r\nK-3;Frohn;1.2.1980;c@example.org;heiter\r\n"
)

func eachWorkday(t *testing.T, run func(t *testing.T, w *workday)) {
	onEach(t, func(t *testing.T, engine dbtest.Engine) {
		i, c, own, other := onDesk(t, engine)
		run(t, &workday{i, c, own, other})
		i.stop()
	})
}

// as signs somebody in who has a role in Nordlicht Zwei.
func (w *workday) as(role string, more map[string]any) *clerk {
	w.clerk.Helper()
	grant := map[string]any{"role": role, "companyId": w.own.CompanyID}
	for name, value := range more {
		grant[name] = value
	}
	var got struct {
		UserInvite struct {
			SignInLink string
			UserErrors []userError
		}
	}
	w.call(w.own.LiveKey, `mutation($roles: [RoleGrantInput!]!, $email: String!) { userInvite(input: {email: $email, name: "ada@", roles: $roles}) { signInLink userErrors { code message } } }`,
		map[string]any{"roles": []any{grant}, "email": strings.ToLower(role) + "@example.com"}, &got)
	if got.UserInvite.SignInLink == "" {
		w.clerk.Fatalf("%+v", got)
	}
	return w.installation.clerk(w.T, got.UserInvite.SignInLink)
}

// settles waits until an Operation's page tells no more progress.
func (c *clerk) settles(at string) string {
	c.Helper()
	for range 600 {
		if status, body := c.get(at); status != http.StatusOK {
			c.Fatalf("%s answers %d\n%s", at, status, body)
		} else if !strings.Contains(body, "every 1s") {
			return body
		}
		time.Sleep(50 * time.Millisecond)
	}
	c.Fatalf("%s does not come to an end", at)
	return ""
}

func TestAFileIsTriedMendedAndImported(t *testing.T) {
	eachWorkday(t, func(t *testing.T, w *workday) {
		w.expect(workdesk+"/operations", nil, 200, "Nothing has been uploaded yet", `href="/app/nordlicht-zwei/operations/new"`)
		w.expect(workdesk+"/operations/new", nil, 200, `type="file"`, `value="try" checked`)
		if status, _, body := w.brings(workdesk+"/operations/new", "file", "", nil, url.Values{"complete": {"count"}}); status != 422 || !strings.Contains(body, "Choose a file") || !strings.Contains(body, `value="count" checked`) {
			t.Errorf("no file answers %d\n%s", status, body)
		}
		if status, _, body := w.brings(workdesk+"/operations/new", "file", "x.csv", []byte("Laune;Wetter\nheiter;gut\n"), nil); status != 422 || !strings.Contains(body, `name="key"`) || !strings.Contains(body, "choose the file once more") {
			t.Errorf("a file without a number answers %d\n%s", status, body)
		}
		status, at, _ := w.brings(workdesk+"/operations/new", "file", "kunden.csv", []byte(workfile), url.Values{"how": {"try"}, "complete": {"part"}})
		if status != 200 || !strings.HasPrefix(at, workdesk+"/operations/operation_") {
			t.Fatalf("an upload answers %d and leads to %s", status, at)
		}
		body := w.settles(at)
		for _, want := range []string{"Trial run", "Would be new", "gestern", "&lt;script&gt;Nord", `value="birthDate" selected`, `value="customFields.laune" selected`, "95 %", "heiter", "Import for real"} {
			if !strings.Contains(body, want) {
				t.Errorf("the dry run does not say %q\n%s", want, body)
			}
		}
		if strings.Contains(body, "<script>Nord") {
			t.Error("a script of the file is one of the page")
		}
		w.expect(workdesk+"/contacts", nil, 200, "Begin with your Contacts", "!K-1")

		// The day of birth that is none becomes a field of its own, and the mapping is kept.
		mended := url.Values{"field-0": {"externalId"}, "field-2": {"own"}, "field-4": {""}, "keyed": {""}, "empty": {"ABSENT"}, "complete": {"part"}, "name": {"Aus dem CRM"}, "do": {"import"}}
		wrong := url.Values{"field-0": {""}, "field-1": {"familyName"}, "keyed": {""}, "do": {"import"}, "complete": {"part"}}
		w.expect(at+"/import", wrong, 422, "externalId", `value="" selected`)
		r, err := w.http.PostForm(w.base+at+"/import", mended)
		if err != nil {
			t.Fatal(err)
		}
		next := r.Request.URL.Path
		if status, text := w.read(r, nil); status != 200 || next == at {
			t.Fatalf("the import answers %d at %s\n%s", status, next, text)
		}
		if body = w.settles(next); strings.Contains(body, "Trial run") || strings.Contains(body, "Rejected rows") {
			t.Errorf("the import says\n%s", body)
		}
		w.expect(workdesk+"/contacts?search=kupfer", nil, 200, "K-2", "!K-1")
		w.expect(workdesk+"/operations/new", nil, 200, "Aus dem CRM")
		w.expect(workdesk+"/operations", nil, 200, "kunden.csv", "Trial run", "3 new")
		var got struct {
			Contact struct{ CustomFields map[string]any }
		}
		w.call(w.own.LiveKey, `{ contact(externalId: "K-2") { customFields } }`, nil, &got)
		if fmt.Sprint(got.Contact.CustomFields) != "map[gebDatum:gestern]" {
			t.Errorf("K-2 has %v", got.Contact.CustomFields)
		}
		stranger := strings.Replace(at, "operation_0", "operation_1", 1)
		for _, path := range []string{stranger, stranger + "/cancel", stranger + "/confirm", strings.Replace(at, "nordlicht-zwei", "nordlicht", 1), strings.Replace(at, "nordlicht-zwei", "sudlicht", 1)} {
			w.expect(path, nil, 404, "!kunden.csv")
		}
		w.expect(strings.Replace(at, "nordlicht-zwei", "nordlicht", 1)+"/import", mended, 404)
	})
}

func TestRejectedRowsAndACompleteFileAreLookedAt(t *testing.T) {
	eachWorkday(t, func(t *testing.T, w *workday) {
		_, at, _ := w.brings(workdesk+"/operations/new", "file", "kunden.csv", []byte(workfile), url.Values{"how": {"now"}, "complete": {"part"}})
		if body := w.settles(at); !strings.Contains(body, "Rejected rows") || !strings.Contains(body, at+"/rejected.csv") {
			t.Errorf("the import says\n%s", body)
		}
		w.expect(at+"/rejected.csv", nil, 200, "K-2;Kupfer;gestern", "!K-1")
		w.expect(at+"/rejected.ndjson", nil, 404)
		w.expect(workdesk+"/export/contacts.csv?stopped=false&confirmed=false", nil, 200, "K-1", "K-3")
		w.expect(workdesk+"/export/contacts.csv?stopped=true", nil, 200, "!K-1")
		w.expect(workdesk+"/export/contacts.csv?stopped=maybe", nil, 400)
		w.expect("/app/sudlicht/export/contacts.csv", nil, 404)
		var log struct {
			AuditLog struct {
				Nodes []struct {
					Action  string
					Targets []string
				}
			}
		}
		w.call(w.own.LiveKey, `{ auditLog(first: 5) { nodes { action targets } } }`, nil, &log)
		if got := fmt.Sprint(log.AuditLog.Nodes[:3]); got != "[{export [contacts.csv]} {export [contacts.csv]} {export [rejected.csv]}]" {
			t.Errorf("the audit log says %v", got)
		}

		// The next file lacks one of two Contacts, which is more than the share.
		_, at, _ = w.brings(workdesk+"/operations/new", "file", "alle.csv", []byte("Kundennr;Nachname\r\nK-1;Nord\r\n"), url.Values{"how": {"now"}, "complete": {"delete"}})
		if body := w.settles(at); !strings.Contains(body, "needs your decision") || !strings.Contains(body, at+"/confirm") {
			t.Fatalf("the import says\n%s", body)
		}
		w.expect(at+"/confirm", nil, 200, "Delete 1 Contact that the file lacks?", "The Source crm has 1")
		w.expect(at+"/confirm", url.Values{}, 200, "Agreed")
		w.settles(at)
		w.expect(workdesk+"/contacts", nil, 200, "K-1", "!K-3")
		w.expect(at+"/cancel", url.Values{}, 422, "cannot be done as things are now")

		for role, may := range map[string]bool{"SUPPORT": false, "DATA_PROTECTION": false, "EDITOR": true} {
			c := w.as(role, nil)
			want := map[bool]int{true: 200, false: 404}[may]
			c.expect(workdesk+"/operations", nil, want)
			c.expect(workdesk+"/operations/new", nil, want)
			c.expect(at+"/rejected.csv", nil, map[bool]int{true: 200, false: 403}[may])
			if status, _, body := c.brings(workdesk+"/operations/new", "file", "kunden.csv", []byte(workfile), nil); status != want {
				t.Errorf("%s uploads with %d\n%s", role, status, body)
			}
			c.expect(workdesk+"/export/contacts.csv", nil, map[bool]int{true: 200, false: 403}[role == "DATA_PROTECTION"])
		}
	})
}

var pageID = regexp.MustCompile(`/(contact_[a-z0-9]+)"`)

func TestContactsAreNarrowedAndDealtWithTogether(t *testing.T) {
	eachWorkday(t, func(t *testing.T, w *workday) {
		var saved struct {
			SourceSave struct{ UserErrors []userError }
		}
		w.call(w.own.LiveKey, `mutation { sourceSave(input: {key: "agentur", name: "Agentur Wolf"}) { userErrors { code } } }`, nil, &saved)
		w.call(w.own.LiveKey, `mutation { employeesUpload(input: {employees: [{externalId: "V-1", displayName: "Vera Vau"}]}) { operation { id } } }`, nil, &struct{}{})
		upload := func(source, contacts string) {
			var got struct{ ContactsUpload uploaded }
			w.call(w.own.LiveKey, `mutation { contactsUpload(input: {source: "`+source+`", contacts: [`+contacts+`]}) { operation { id } userErrors { code message } } }`, nil, &got)
			w.finish(w.own.LiveKey, got.ContactsUpload.Operation.ID)
		}
		upload("crm", `{externalId: "K-1", givenName: "Anna", familyName: "Nordmann", employee: "V-1", emails: [{address: "anna@example.org"}]},
			{externalId: "K-2", familyName: "Suedmann", phones: [{number: "0160 4905728"}]}, {externalId: "K-3", familyName: "Westmann"}`)
		upload("agentur", `{externalId: "A-1", givenName: "Anna", familyName: "Nordmann", emails: [{address: "anna@example.org"}]}, {externalId: "A-9", familyName: "Ostmann"}`)
		list := workdesk + "/contacts"
		w.expect(list, nil, 200, "Nordmann", "Suedmann", "Westmann", "Ostmann", "Agentur Wolf", "Vera Vau", "export/contacts.xlsx")
		w.expect(list+"?source=agentur", nil, 200, "Ostmann", "!Westmann", "source=agentur")
		w.expect(list+"?employee=V-1&column=phone&column=id", nil, 200, "K-1", "!Suedmann", ">Telephone</th>", "!>Place</th>")
		w.expect(list+"?stopped=yes", nil, 200, "Nobody is found")
		w.expect(list+"?confirmed=never&before-day=nonsense", nil, 200, "Westmann")
		w.expect(list+"?before-day=2020-01-01", nil, 200, "Westmann", "confirmedBefore=2019-12-31T23%3A00%3A00Z")

		id := func(search string) string {
			return pageID.FindStringSubmatch(w.expect(list+"?search="+search, nil, 200))[1]
		}
		west, east, south := id("westmann"), id("ostmann"), id("0160+4905728")
		w.expect(list+"/selected?do=stop", nil, 422, "Nobody is selected")
		w.expect(list+"/selected?do=else&id="+west, nil, 404)
		w.expect(list+"/selected?do=stop&id="+west+"&id="+east, nil, 200, "Never ask 2 Contacts again?", "Westmann", "Ostmann")
		w.expect(list+"/selected", url.Values{"do": {"stop"}, "id": {west, east}}, 200, "not asked any more")
		w.expect(list+"?stopped=yes", nil, 200, "Westmann", "Ostmann", "!Suedmann")
		w.expect(list+"/selected?do=stop&id="+west+"&id="+south, nil, 200, "1 of them is stopped already")
		w.expect(list+"/selected?do=delete&id="+east, nil, 200, "Delete Ostmann?", "erased for good")
		w.expect(list+"/"+east+"/stop", url.Values{}, 200, "asked again")

		// Both Annas seem to be one person: merged, undone, and known not to be.
		w.expect(list+"/suggestions", nil, 200)
		for range 200 {
			if _, body := w.get(list + "/suggestions"); strings.Contains(body, "Two people") {
				break
			}
			time.Sleep(50 * time.Millisecond)
		}
		body := w.expect(list+"/suggestions", nil, 200, "same e-mail and surname", "crm K-1", "agentur A-1", "1 pair")
		suggestion := regexp.MustCompile(`value="(suggestion_[a-z0-9]+)"`).FindStringSubmatch(body)[1]
		keep := regexp.MustCompile(`name="keep" value="(contact_[a-z0-9]+)"`).FindStringSubmatch(body)[1]
		w.expect(strings.Replace(list, "nordlicht-zwei", "nordlicht", 1)+"/suggestions", url.Values{"id": {suggestion}, "keep": {keep}}, 422, "not there (any more)")
		w.expect(list+"/suggestions", url.Values{"id": {suggestion}, "keep": {keep}}, 200, "They are one Contact now")
		w.expect(list+"/suggestions", url.Values{"id": {suggestion}, "keep": {keep}}, 422)
		merge := regexp.MustCompile(`unmerge\?merge=(merge_[a-z0-9]+)`).FindStringSubmatch(w.expect(list+"/"+keep, nil, 200))[1]
		w.expect(list+"/selected?do=delete&id="+keep, nil, 200, "known by several Sources")
		w.expect(list+"/"+keep+"/unmerge?merge="+merge, nil, 200, "Make two of Anna Nordmann again?")
		w.expect(list+"/"+keep+"/unmerge", url.Values{"merge": {merge}}, 200, "They are two Contacts again", "A merge was undone")

		at := w.expect(list+"/selected", url.Values{"do": {"delete"}, "id": {east, keep, south}}, 200, "being deleted")
		for _, m := range regexp.MustCompile(`/operations/(operation_[a-z0-9]+)`).FindAllStringSubmatch(at, 2) {
			w.finish(w.own.LiveKey, m[1])
		}
		w.expect(list, nil, 200, "!Suedmann", "!Ostmann", "Westmann")

		support := w.as("SUPPORT", nil)
		support.expect(list, nil, 200, "Westmann", "!type=\"checkbox\" name=\"id\"", "!export/contacts", "!anna@example.org")
		support.expect(list+"/selected?do=stop&id="+west, nil, 404)
		support.expect(list+"/selected", url.Values{"do": {"delete"}, "id": {west}}, 404)
		support.expect(list+"/suggestions", nil, 404)
		w.expect("/app/nordlicht/contacts/selected", url.Values{"do": {"delete"}, "id": {west}}, 422)
	})
}

func TestACallersMessageIsLookedUp(t *testing.T) {
	eachWorkday(t, func(t *testing.T, w *workday) {
		i := w.installation
		i.call(w.own.TestKey, `mutation { employeesUpload(input: {employees: [{externalId: "V-1", displayName: "Vera Vau"}, {externalId: "V-2", displayName: "Wim Weh"}]}) { operation { id } } }`, nil, &struct{}{})
		i.call(w.own.TestKey, `mutation { contactsUpload(input: {contacts: [{externalId: "K-1", familyName: "Nordmann", employee: "V-1", emails: [{address: "anna.nordmann@example.org"}]}]}) { operation { id } } }`, nil, &struct{}{})
		id := contactID(t, i, w.own.TestKey)
		var made struct {
			RequestsCreate struct {
				Requests []struct{ ID, CheckCode string }
			}
			Employees struct{ Nodes []struct{ ID string } }
		}
		i.call(w.own.TestKey, `mutation { requestsCreate(input: {contactExternalIds: ["K-1"]}) { requests { id checkCode } } }`, nil, &made)
		code := made.RequestsCreate.Requests[0].CheckCode
		allSent(t, i, w.own.TestKey, 1)
		look := workdesk + ".test/lookup"
		w.expect(look, nil, 200, "Did you really write to me?")
		w.expect(look+"?code=nonsense", nil, 422, "ten letters and digits")
		w.expect(look+"?code=00000-00000", nil, 200, "No message of ours")
		body := w.expect(look+"?code="+strings.ToLower(strings.ReplaceAll(code, "-", "+")), nil, 200, "this message is ours", "Nordmann", "anna.nordmann@example.org", "Vera Vau")
		w.expect(workdesk+"/lookup?code="+code, nil, 200, "No message of ours", "!Nordmann")
		w.expect("/app/nordlicht.test/lookup?code="+code, nil, 200, "No message of ours")
		message := regexp.MustCompile(`/messages/message_[a-z0-9]+`).FindString(body)
		w.expect(workdesk+".test"+message, nil, 200, "<iframe", "anna.nordmann@example.org", "/u/")
		w.expect(workdesk+".test"+message+"/html", nil, 200, "/u/")
		w.expect(workdesk+message, nil, 404)
		w.expect("/app/nordlicht.test"+message, nil, 404)
		w.expect(workdesk+".test/contacts/"+id, nil, 200, code, message)

		support := w.as("SUPPORT", nil)
		support.expect(look+"?code="+code, nil, 200, "this message is ours", "Nordmann", "!anna.nordmann@")
		support.expect(workdesk+".test"+message, nil, 200, "!anna.nordmann@", "!/u/")
		editor := w.as("EDITOR", nil)
		link := regexp.MustCompile(`/u/[a-z2-7]{26}`)
		if body := editor.expect(workdesk+".test"+message, nil, 200, "anna.nordmann@example.org"); link.MatchString(body) {
			t.Error("an editor, who may not open a Contact's link, reads it in the message")
		}
		upload := `mutation { employeesUpload(input: {employees: [{externalId: "V-1", displayName: "Vera Vau"}, {externalId: "V-2", displayName: "Wim Weh"}]}) { operation { id } } }`
		i.call(w.own.LiveKey, upload, nil, &struct{}{})
		i.call(w.own.LiveKey, `mutation { contactsUpload(input: {contacts: [{externalId: "K-1", familyName: "Nordmann", employee: "V-1"}]}) { operation { id } } }`, nil, &struct{}{})
		live := contactID(t, i, w.own.LiveKey)
		var employees struct {
			Employees struct {
				Nodes []struct{ ID, ExternalID string }
			}
		}
		i.call(w.own.LiveKey, `{ employees { nodes { id externalId } } }`, nil, &employees)
		for _, e := range employees.Employees.Nodes {
			if e.ExternalID == "V-2" {
				colleague := w.as("EMPLOYEE", map[string]any{"employeeId": e.ID})
				// An Employee's pages are their own; the Company's lead there.
				for _, path := range []string{"/contacts", "/contacts/" + live, "/lookup?code=" + code} {
					colleague.expect(workdesk+path, nil, 200, "!Nordmann", "What changed")
				}
				colleague.expect("/me/nordlicht-zwei/contacts", nil, 200, "!Nordmann")
				for _, path := range []string{"/me/nordlicht-zwei/contacts/" + live, look + "?code=" + code, workdesk + ".test" + message} {
					colleague.expect(path, nil, 404, "!Nordmann")
				}
				return
			}
		}
		t.Error("there is no colleague")
	})
}

func TestALongTimelineIsLeafedThrough(t *testing.T) {
	eachWorkday(t, func(t *testing.T, w *workday) {
		for n := range 45 {
			var got struct{ ContactsUpload uploaded }
			w.call(w.own.LiveKey, `mutation { contactsUpload(input: {contacts: [{externalId: "K-1", familyName: "Nr`+fmt.Sprint(n)+`x"}]}) { operation { id } userErrors { code message } } }`, nil, &got)
			w.finish(w.own.LiveKey, got.ContactsUpload.Operation.ID)
		}
		at := workdesk + "/contacts/" + contactID(t, w.installation, w.own.LiveKey)
		body := w.expect(at, nil, 200, "Nr44x", "Older", "!>Newer<", "!Nr0x")
		older := regexp.MustCompile(`contact_[a-z0-9]+(\?older=[^"#]+)`).FindStringSubmatch(body)[1]
		body = w.expect(at+older, nil, 200, "Nr0x", "Newer", "!>Older<")
		newer := regexp.MustCompile(`contact_[a-z0-9]+(\?newer=[^"#]+)`).FindStringSubmatch(body)[1]
		w.expect(at+newer, nil, 200, "Nr44x", "!Nr0x<")
		w.expect(at+"?older=nonsense", nil, 400)
	})
}
