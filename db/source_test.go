package db_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"complero/db"
	"complero/db/dbtest"
)

// agencies is a Company with the Sources crm, north and south, and agencies'
// keys of test mode.
type agencies struct {
	*asker
	north, south *db.Tenant
}

// withAgencies runs a test on each engine.
func withAgencies(t *testing.T, run func(a *agencies), changes ...dbtest.Change) {
	t.Helper()
	withAsker(t, func(asker *asker) {
		a := &agencies{asker: asker}
		a.source(db.SourceSave{Key: "north", Name: ptr("Agentur Nord")})
		a.source(db.SourceSave{Key: "south", Name: ptr("Agentur Süd")})
		a.north, a.south = a.bound("north"), a.bound("south")
		run(a)
	}, changes...)
}

func (a *agencies) source(save db.SourceSave) *db.Source {
	a.Helper()
	s, err := a.live.SaveSource(a.Context(), save)
	if err != nil {
		a.Fatal(err)
	}
	return s
}

// bound is the Tenant of a key of test mode that is bound to a Source.
func (a *agencies) bound(source string) *db.Tenant {
	a.Helper()
	_, secret, err := a.live.CreateKey(a.Context(), db.KeyCreate{Name: source, Source: &source, Test: true})
	if err != nil {
		a.Fatal(err)
	}
	tenant, err := a.store.Authenticate(a.Context(), secret)
	if err != nil {
		a.Fatal(err)
	}
	return tenant
}

// upload has a Source's Contacts uploaded by its own key and worked off.
func (a *agencies) upload(tenant *db.Tenant, items ...string) *db.Operation {
	a.Helper()
	return upload(a.T, a.store, tenant, items...)
}

// words lists what is on file of a Contact as "field=value by".
func (a *agencies) words(id string) string {
	a.Helper()
	found, err := a.test.ContactWords(a.Context(), []string{id})
	if err != nil || found[id] == nil {
		a.Fatal(found, err)
	}
	var all []string
	for _, p := range found[id].Provenance {
		by := "contact"
		if p.Source != nil {
			by = *p.Source
		}
		all = append(all, p.Field+" "+by)
	}
	return strings.Join(all, ", ")
}

// views lists what each Source says of a Contact.
func (a *agencies) views(id string) string {
	a.Helper()
	found, err := a.test.ContactWords(a.Context(), []string{id})
	if err != nil || found[id] == nil {
		a.Fatal(found, err)
	}
	var all []string
	for _, v := range found[id].Sources {
		text := v.Source.Key + " " + v.ExternalID + ":"
		for _, value := range v.Values {
			text += fmt.Sprintf(" %s=%s", value.Field, value.Value)
		}
		all = append(all, text)
	}
	return strings.Join(all, "\n")
}

func TestSourcesStandInOneOrder(t *testing.T) {
	withAgencies(t, func(a *agencies) {
		list := func() string {
			sources, err := a.test.Sources(a.Context())
			if err != nil {
				a.Fatal(err)
			}
			var all []string
			for _, s := range sources {
				all = append(all, fmt.Sprintf("%d %s %s %s", s.Rank, s.Key, s.Name, s.Identity))
			}
			return strings.Join(all, ", ")
		}
		for _, step := range []struct {
			save db.SourceSave
			want string
		}{
			{db.SourceSave{Key: "crm"}, "0 crm Central CRM SUGGEST, 1 north Agentur Nord SUGGEST, 2 south Agentur Süd SUGGEST"},
			{db.SourceSave{Key: "south", Rank: ptr(1)}, "0 crm Central CRM SUGGEST, 1 south Agentur Süd SUGGEST, 2 north Agentur Nord SUGGEST"},
			{db.SourceSave{Key: "crm", Rank: ptr(9)}, "0 south Agentur Süd SUGGEST, 1 north Agentur Nord SUGGEST, 2 crm Central CRM SUGGEST"},
			{db.SourceSave{Key: "north", Name: ptr(" Nord "), Identity: ptr(db.NoMerges)}, "0 south Agentur Süd SUGGEST, 1 north Nord OFF, 2 crm Central CRM SUGGEST"},
		} {
			a.source(step.save)
			if got := list(); got != step.want {
				a.Errorf("%+v: %s", step.save, got)
			}
		}
		for name, wrong := range map[string]struct {
			tenant *db.Tenant
			save   db.SourceSave
			want   string
		}{
			"a test key":       {a.test, db.SourceSave{Key: "east", Name: ptr("Ost")}, "LIVE_ONLY []"},
			"an agency's":      {a.north, db.SourceSave{Key: "east", Name: ptr("Ost")}, "FORBIDDEN []"},
			"without a name":   {a.live, db.SourceSave{Key: "east"}, "REQUIRED [name]"},
			"a wrong key":      {a.live, db.SourceSave{Key: "Ost 1", Name: ptr("Ost")}, "INVALID [key]"},
			"a negative rank":  {a.live, db.SourceSave{Key: "crm", Rank: ptr(-1)}, "INVALID [rank]"},
			"an unknown word":  {a.live, db.SourceSave{Key: "crm", Identity: ptr(db.IdentityPolicy("MAYBE"))}, "INVALID [identity]"},
			"an emptied name":  {a.live, db.SourceSave{Key: "crm", Name: ptr(" ")}, "REQUIRED [name]"},
			"too long a name":  {a.live, db.SourceSave{Key: "crm", Name: ptr(strings.Repeat("x", 101))}, "TOO_LONG [name]"},
			"a name with \x01": {a.live, db.SourceSave{Key: "crm", Name: ptr("a\x01b")}, "INVALID [name]"},
		} {
			_, err := wrong.tenant.SaveSource(a.Context(), wrong.save)
			errs := db.ErrorsOf(err)
			if len(errs) == 0 || fmt.Sprint(errs[0].Code, " ", errs[0].Path) != wrong.want {
				a.Errorf("%s: %v, want %s", name, err, wrong.want)
			}
		}
	})
}

func TestAPIKeysAreMadeAndRevoked(t *testing.T) {
	withAgencies(t, func(a *agencies) {
		end := a.now().Add(time.Hour)
		key, secret, err := a.live.CreateKey(a.Context(), db.KeyCreate{
			Name: "Import", Source: ptr("north"), Scopes: []db.Right{db.ContactsWrite}, ExpiresAt: &end,
		})
		if err != nil || !strings.HasPrefix(secret, "ck_live_") {
			a.Fatal(secret, err)
		}
		tenant, err := a.store.Authenticate(a.Context(), secret)
		if err != nil || tenant.Mode != db.Live || tenant.Viewer.Source != "north" || !slices.Equal(tenant.Viewer.Rights, []db.Right{db.ContactsWrite}) {
			a.Fatal(tenant, err)
		}
		for name, wrong := range map[string]struct {
			tenant *db.Tenant
			create db.KeyCreate
			want   db.Code
		}{
			"a test key":            {a.test, db.KeyCreate{Name: "x"}, db.LiveOnly},
			"an agency's key":       {a.north, db.KeyCreate{Name: "x"}, db.Forbidden},
			"a key without company": {tenant, db.KeyCreate{Name: "x"}, db.Forbidden},
			"no name":               {a.live, db.KeyCreate{}, db.Required},
			"an unknown Source":     {a.live, db.KeyCreate{Name: "x", Source: ptr("west")}, db.NotFoundCode},
			"an unknown scope":      {a.live, db.KeyCreate{Name: "x", Scopes: []db.Right{"all"}}, db.Invalid},
			"no scope":              {a.live, db.KeyCreate{Name: "x", Scopes: []db.Right{}}, db.Required},
			"an end in the past":    {a.live, db.KeyCreate{Name: "x", ExpiresAt: ptr(a.now())}, db.Invalid},
		} {
			if _, _, err := wrong.tenant.CreateKey(a.Context(), wrong.create); db.CodeOf(err) != wrong.want {
				a.Errorf("%s: %v, want %s", name, err, wrong.want)
			}
		}
		if slices.Contains(a.north.Viewer.Rights, db.CompanyWrite) {
			a.Error("an agency's key may change the Company's settings")
		}
		a.pass(time.Hour)
		if _, err := a.store.Authenticate(a.Context(), secret); db.CodeOf(err) != db.Unauthenticated {
			a.Errorf("an expired key: %v", err)
		}
		keys, err := a.live.Keys(a.Context())
		if err != nil || len(keys) != 5 || keys[0].ID != key.ID {
			a.Fatal(len(keys), err)
		}
		north := keys[slices.IndexFunc(keys, func(k *db.APIKey) bool { return k.Name == "north" })]
		for range 2 {
			if k, err := a.live.RevokeKey(a.Context(), north.ID); err != nil || k.RevokedAt == nil {
				a.Fatal(k, err)
			}
		}
		if _, err := a.live.RevokeKey(a.Context(), a.live.Viewer.KeyID); db.CodeOf(err) != db.ConflictCode {
			a.Errorf("a key that revokes itself: %v", err)
		}
		if _, err := a.live.RevokeKey(a.Context(), "key_00000000000000000000000000"); db.CodeOf(err) != db.NotFoundCode {
			a.Errorf("an unknown key: %v", err)
		}
		other, _ := account(a.T, a.store, "Andere")
		if _, err := other.RevokeKey(a.Context(), key.ID); db.CodeOf(err) != db.NotFoundCode {
			a.Errorf("another Company's key: %v", err)
		}
	})
}

func TestAnAgencySeesOnlyItsOwn(t *testing.T) {
	withAgencies(t, func(a *agencies) {
		uploadEmployees(a.T, a.store, a.north, map[string]any{"externalId": "N-1", "displayName": "Nora Nord"})
		op := a.upload(a.north, `{"externalId":"1","employee":"N-1","familyName":"Nordmann","emails":[{"address":"n@example.org"}]}`,
			`{"externalId":"2","employee":"V-1","familyName":"Falsch"}`)
		if got := items(a.T, a.north, op); !slices.Equal(got, []string{"0 CREATED", "1 REJECTED NOT_FOUND [contacts 1 employee]"}) {
			a.Errorf("upload of the agency: %q", got)
		}
		a.upload(a.south, `{"externalId":"1","familyName":"Südmann"}`)
		for name, tenant := range map[string]*db.Tenant{"K-1, K-2, 1, 1": a.test, "1": a.north} {
			list, err := tenant.Contacts(a.Context(), db.Page{}, db.ContactFilter{}, db.CreatedAtAsc)
			if err != nil {
				a.Fatal(err)
			}
			var ids []string
			for _, c := range list.Nodes {
				ids = append(ids, c.ExternalID())
			}
			if got := strings.Join(ids, ", "); got != name {
				a.Errorf("sees %q, want %q", got, name)
			}
			if n, err := list.TotalCount(a.Context()); err != nil || *n != len(ids) {
				a.Errorf("counts %v, %v", n, err)
			}
		}
		if c, err := a.north.Contact(a.Context(), db.ContactRef{ID: &contact(a.T, a.test, "K-1").ID}); c != nil || err != nil {
			a.Errorf("another Source's Contact by id: %v, %v", c, err)
		}
		if _, err := a.north.Contact(a.Context(), db.ContactRef{ExternalID: ptr("K-1"), Source: ptr("crm")}); db.CodeOf(err) != db.Forbidden {
			a.Errorf("naming another Source: %v", err)
		}
		if got := strings.Join(events(a.T, a.north), ", "); got != "3 CREATE 1" {
			a.Errorf("events %q", got)
		}
		taken := uploadEmployees(a.T, a.store, a.north, map[string]any{"externalId": "V-1", "displayName": "Übernahme"})
		if taken.Rejected != 1 {
			a.Errorf("an agency took over the central CRM's Employee: %+v", taken)
		}
		employees, err := a.north.Employees(a.Context(), db.Page{}, db.EmployeeFilter{})
		if err != nil || len(employees.Nodes) != 1 || employees.Nodes[0].ExternalID != "N-1" {
			a.Errorf("Employees %v, %v", employees, err)
		}
		report, err := a.north.Report(a.Context(), db.ReportFilter{})
		if err != nil || report.Contacts != 1 {
			a.Errorf("report %+v, %v", report, err)
		}
		ops, err := a.north.Operations(a.Context(), db.Page{})
		if err != nil || len(ops.Nodes) != 3 {
			a.Errorf("%d Operations, %v", len(ops.Nodes), err)
		}
	})
}

func TestAnAgencysKeysAndConsumersAreItsOwn(t *testing.T) {
	withAgencies(t, func(a *agencies) {
		a.upload(a.north, `{"externalId":"1","familyName":"Nordmann"}`)
		// The same idempotencyKey and the same consumer's name, by two callers.
		for _, tenant := range []*db.Tenant{a.test, a.north} {
			u := db.ContactsUpload{Contacts: []byte(`[{"externalId":"9"}]`), Count: 1, IdempotencyKey: ptr("monday")}
			op, err := tenant.UploadContacts(a.Context(), u)
			if err != nil || op == nil || *op.Source != tenant.OwnSource() {
				a.Fatalf("%+v, %v", op, err)
			}
		}
		all, err := a.test.Events(a.Context(), db.Page{}, db.EventFilter{})
		if err != nil {
			a.Fatal(err)
		}
		last := all.Nodes[len(all.Nodes)-1].ID
		if _, err := a.north.Acknowledge(a.Context(), db.Acknowledgement{Consumer: "sync", Through: last}); err != nil {
			a.Fatal(err)
		}
		rest, err := a.test.Events(a.Context(), db.Page{}, db.EventFilter{Consumer: ptr("sync")})
		if err != nil || len(rest.Nodes) != len(all.Nodes) {
			a.Errorf("an agency moved the mark of the Company's consumer: %d events left, %v", len(rest.Nodes), err)
		}
	})
}

func TestRankDecidesBetweenSources(t *testing.T) {
	withAgencies(t, func(a *agencies) {
		a.upload(a.north, `{"externalId":"1","familyName":"Kettenis","title":"Dr.","organisation":"Nord GmbH"}`)
		c := contact(a.T, a.test, "K-1")
		if _, err := a.test.MergeContacts(a.Context(), db.ContactsMerge{Keep: c.ID, Merge: contact(a.T, a.north, "1").ID}); err != nil {
			a.Fatal(err)
		}
		upload(a.T, a.store, a.test, `{"externalId":"K-1","title":"Prof."}`)
		op := a.upload(a.north, `{"externalId":"1","title":"Dipl.-Ing.","organisation":"Nordwind GmbH"}`)
		if c = contact(a.T, a.test, "K-1"); *c.Title() != "Prof." || *c.Organisation() != "Nordwind GmbH" || op.Conflicts != 1 {
			a.Errorf("title %s, organisation %s, %d conflicts", *c.Title(), *c.Organisation(), op.Conflicts)
		}
		want := "crm K-1: salutation=\"Frau\" title=\"Prof.\" givenName=\"Juliane\" familyName=\"Kettenis\" emails[0]={\"address\":\"juliane@example.net\",\"use\":\"PRIVATE\"}" +
			" addresses[0]={\"street\":\"Hauptstr.\",\"houseNumber\":\"3\",\"postalCode\":\"24103\",\"city\":\"Kiel\",\"countryCode\":\"DE\",\"use\":\"PRIVATE\"}\n" +
			"north 1: title=\"Dipl.-Ing.\" familyName=\"Kettenis\" organisation=\"Nordwind GmbH\""
		if got := a.views(c.ID); got != want {
			a.Errorf("views\n%s\nwant\n%s", got, want)
		}
		if got := a.words(c.ID); got != "salutation crm, title crm, givenName crm, familyName crm, organisation north, emails[0] crm, addresses[0] crm" {
			a.Errorf("provenance %s", got)
		}
		// A re-ranked Source has its way from its next upload on.
		a.source(db.SourceSave{Key: "north", Rank: ptr(0)})
		a.upload(a.north, `{"externalId":"1","title":"Dipl.-Ing."}`)
		if c = contact(a.T, a.test, "K-1"); *c.Title() != "Dipl.-Ing." {
			a.Errorf("title %s", *c.Title())
		}
		// A bound key does not learn who else knows the person.
		mine, err := a.north.ContactWords(a.Context(), []string{c.ID})
		if err != nil || len(mine[c.ID].Sources) != 1 {
			a.Fatal(mine, err)
		}
		for _, p := range mine[c.ID].Provenance {
			if p.Source != nil && *p.Source != "north" {
				a.Errorf("the agency learns that %s is the word of %s", p.Field, *p.Source)
			}
		}
		if own := contact(a.T, a.north, "1"); len(own.ExternalIDs()) != 1 || own.ExternalID() != "1" {
			a.Errorf("the agency sees the ids %v", own.ExternalIDs())
		}
	})
}

func TestASourcesViewOutlivesTheContactsWord(t *testing.T) {
	withAsker(t, func(asker *asker) {
		a := &agencies{asker: asker}
		r := a.ask(a.test, "K-1")[0]
		a.answer(a.test, r, db.Answer{Data: a.says(`{"familyName":"Frohn"}`), Evidence: db.Evidence{Manner: "web-app"}})
		c := contact(a.T, a.test, "K-1")
		if got := a.views(c.ID); !strings.Contains(got, `familyName="Kettenis"`) || strings.Contains(got, "Frohn") {
			a.Errorf("the view %s", got)
		}
		upload(a.T, a.store, a.test, `{"externalId":"K-1","familyName":"Kettenis-Alt"}`)
		if got := a.views(c.ID); !strings.Contains(got, `familyName="Kettenis-Alt"`) {
			a.Errorf("the view %s", got)
		}
		found, err := a.test.ContactWords(a.Context(), []string{c.ID})
		if err != nil {
			a.Fatal(err)
		}
		for _, p := range found[c.ID].Provenance {
			if (p.Field == "familyName") != (p.By == db.ContactWord) || p.Acknowledged == (p.By == db.ContactWord) {
				a.Errorf("%+v", p)
			}
		}
	})
}

func TestEventsNameAContactByTheHighestRank(t *testing.T) {
	withAgencies(t, func(a *agencies) {
		a.source(db.SourceSave{Key: "south", Rank: ptr(1)})
		a.upload(a.north, `{"externalId":"N-7","familyName":"Kettenis","emails":[{"address":"k@example.org"}]}`)
		a.upload(a.south, `{"externalId":"S-7","familyName":"Kettenis","emails":[{"address":"k@example.org"}]}`)
		north, south := contact(a.T, a.north, "N-7"), contact(a.T, a.south, "S-7")
		a.merge(south.ID, north.ID)
		made, err := a.north.CreateRequests(a.Context(), db.RequestsCreate{ContactExternalIDs: []string{"N-7"}})
		if err != nil {
			a.Fatal(err)
		}
		from := a.count(a.test)
		a.sendAll(a.test)
		a.answer(a.test, made.Requests[0], db.Answer{Data: a.says(`{"familyName":"Neu"}`)})
		a.answer(a.test, made.Requests[0], db.Answer{Stop: true})
		got := events(a.T, a.test)[from:]
		for _, e := range got {
			if !strings.HasSuffix(e, " S-7") {
				a.Errorf("the Contact is called S-7, the event: %s", e)
			}
		}
		if len(got) < 4 {
			a.Errorf("only %q", got)
		}
	})
}
