package db_test

import (
	"bytes"
	"image"
	"image/png"
	"testing"
	"time"

	"complero/db"
)

func TestNothingGoesOutInQuietHours(t *testing.T) {
	withAsker(t, func(a *asker) {
		quiet := func(from, until string) {
			hours := &db.QuietHours{From: from, Until: until}
			c, err := a.live.UpdateCompany(a.Context(), db.CompanyChange{QuietHours: &hours})
			if err != nil || *c.QuietHours() != *hours {
				a.Fatalf("%v, %v", c, err)
			}
		}
		due := func() time.Time {
			at, some, err := a.system(a.live).DueDeliveries(a.Context())
			if err != nil || !some {
				a.Fatalf("%v, %v, %v", at, some, err)
			}
			return at
		}
		refs := func() int {
			due, err := a.store.DeliveriesDue(a.Context())
			if err != nil {
				a.Fatal(err)
			}
			return len(due)
		}
		quiet("11:30", "13:00") // it is noon in Berlin
		a.ask(a.live, "K-1")
		a.ask(a.test, "K-1")
		if got := a.claim(a.live); len(got) != 0 {
			a.Errorf("%d go out at noon", len(got))
		}
		if want := askedAt.Add(time.Hour); !due().Equal(want) || refs() != 1 {
			a.Errorf("due is %v, want %v; %d have something to send", due(), want, refs())
		}
		if got := a.claim(a.test); len(got) != 1 {
			a.Errorf("in test mode %d go out", len(got))
		}
		quiet("22:00", "12:00")
		if got := due(); got.After(a.now()) || refs() != 1 {
			a.Errorf("due is %v after the quiet hours", got)
		}
		a.pass(10 * time.Hour)
		if got := a.claim(a.live); len(got) != 0 || !due().Equal(askedAt.Add(24*time.Hour)) {
			a.Errorf("%d go out at night; due is %v", len(got), due())
		}
		a.pass(14 * time.Hour)
		if got := a.claim(a.live); len(got) != 1 {
			a.Errorf("%d go out in the morning", len(got))
		}
		for _, hours := range []db.QuietHours{{From: "22:00", Until: "22:00"}, {From: "24:00", Until: "1"}, {}} {
			given := &hours
			if _, err := a.live.UpdateCompany(a.Context(), db.CompanyChange{QuietHours: &given}); db.CodeOf(err) != db.Invalid {
				a.Errorf("%v: %v", hours, err)
			}
		}
	})
}

func TestAnArchivedCompanyIsSilentAndKeepsItsData(t *testing.T) {
	withTeam(t, func(m *team) {
		key, secret, err := m.live.CreateKey(m.Context(), db.KeyCreate{Name: "k"})
		if err != nil {
			m.Fatal(err)
		}
		keyed, err := m.store.Authenticate(m.Context(), secret)
		if err != nil {
			m.Fatal(err)
		}
		if _, err := keyed.ArchiveCompany(m.Context(), nil, true); db.CodeOf(err) != db.Forbidden {
			m.Errorf("an API key archives: %v", err)
		}
		_, who := m.invite("bo@example.com", m.here(db.CompanyAdmin))
		if _, err := m.tenant(who, m.live.Company.ID).ArchiveCompany(m.Context(), nil, true); db.CodeOf(err) != db.Forbidden {
			m.Errorf("an ADMIN archives: %v", err)
		}
		stranger, _ := account(t, m.store, "Anderswo")
		if _, err := m.live.ArchiveCompany(m.Context(), &stranger.Company.ID, true); stranger.Company.CustomerID != m.live.Company.CustomerID && db.CodeOf(err) != db.NotFoundCode {
			m.Errorf("another Customer's Company is archived: %v", err)
		}
		for range 2 {
			c, err := m.live.ArchiveCompany(m.Context(), nil, true)
			if err != nil || c.ArchivedAt == nil {
				m.Fatalf("%+v, %v", c, err)
			}
		}
		if _, err := m.store.Authenticate(m.Context(), secret); db.CodeOf(err) != db.Unauthenticated {
			m.Errorf("the key %s opens: %v", key.ID, err)
		}
		again := m.tenant(m.in(m.session()), m.live.Company.ID)
		if _, err := again.UpdateCompany(m.Context(), db.CompanyChange{Name: &key.Name}); db.CodeOf(err) != db.ConflictCode {
			m.Errorf("an archived Company is changed: %v", err)
		}
		if _, err := again.Contacts(m.Context(), db.Page{}, db.ContactFilter{}, ""); err != nil {
			m.Errorf("its data is not to be seen: %v", err)
		}
		if c, err := again.ArchiveCompany(m.Context(), nil, false); err != nil || c.ArchivedAt != nil {
			m.Fatalf("%+v, %v", c, err)
		}
		if _, err := m.store.Authenticate(m.Context(), secret); err != nil {
			m.Errorf("the key stays shut: %v", err)
		}
	})
}

// session signs the administrator in anew.
func (m *team) session() string {
	m.Helper()
	system, err := m.store.WorkOn(m.Context(), m.other.ID, db.Live)
	if err != nil {
		m.Fatal(err)
	}
	_, link, err := system.SignInLink(m.Context(), m.admin.ID)
	if err != nil {
		m.Fatal(err)
	}
	session, err := m.store.UseSignIn(m.Context(), m.token(link), db.Place{})
	if err != nil {
		m.Fatal(err)
	}
	return session
}

func TestANewCompanyBeginsWithWhatAnotherHasSetUp(t *testing.T) {
	withTeam(t, func(m *team) {
		ctx, active := m.Context(), true
		var logo bytes.Buffer
		if err := png.Encode(&logo, image.NewNRGBA(image.Rect(0, 0, 40, 20))); err != nil {
			m.Fatal(err)
		}
		imprint := ptr("Nordlicht AG")
		if _, err := m.live.UpdateCompany(ctx, db.CompanyChange{Imprint: &imprint}); err != nil {
			m.Fatal(err)
		}
		if _, err := m.live.UpdateBrand(ctx, db.BrandChange{Primary: ptr("#123456"), Logo: &logo}); err != nil {
			m.Fatal(err)
		}
		if _, err := m.live.SaveConsentDefinition(ctx, db.ConsentDefinitionSave{Key: "news", Active: &active, Wordings: []db.ConsentWording{{Locale: "de", Title: "T", Wording: "W"}}}); err != nil {
			m.Fatal(err)
		}
		c, err := m.live.CreateCompany(ctx, db.CompanyCreate{Name: "Nordlicht Norge", CountryCode: ptr("NO"), CopyFrom: &m.live.Company.ID})
		if err != nil {
			m.Fatal(err)
		}
		if c.Slug != "nordlicht-norge" || c.CountryCode != "NO" || c.Timezone != "Europe/Oslo" || c.Locale != m.live.Company.Locale || *c.Imprint != "Nordlicht AG" || c.CustomerID != m.live.Company.CustomerID {
			m.Errorf("%+v", c)
		}
		fresh, err := m.live.In(ctx, c)
		if err != nil {
			m.Fatal(err)
		}
		b, err := fresh.Brand(ctx)
		if err != nil || b.Theme.Colors.Primary != "#123456" || b.Theme.Name != "Nordlicht Norge" || b.Theme.Logo == "" {
			m.Errorf("%+v, %v", b, err)
		}
		definitions, err := fresh.ConsentDefinitions(ctx)
		if err != nil || len(definitions) != 1 || definitions[0].Wordings[0].Wording != "W" {
			m.Errorf("%+v, %v", definitions, err)
		}
		again, err := m.live.CreateCompany(ctx, db.CompanyCreate{Name: "Nordlicht Norge", CountryCode: ptr("NO"), Locale: ptr("nb")})
		if err != nil || again.Slug != "nordlicht-norge-2" {
			m.Errorf("%+v, %v", again, err)
		}
		none := "company_x"
		for name, in := range map[string]db.CompanyCreate{
			"REQUIRED": {Name: "x"}, "INVALID_COUNTRY": {Name: "x", CountryCode: ptr("Q"), Locale: ptr("de")}, "NOT_FOUND": {Name: "x", CopyFrom: &none},
		} {
			if _, err := m.live.CreateCompany(ctx, in); string(db.CodeOf(err)) != name {
				m.Errorf("%s: %v", name, err)
			}
		}
		_, who := m.invite("bo@example.com", m.here(db.CompanyAdmin))
		if _, err := m.tenant(who, m.live.Company.ID).CreateCompany(ctx, db.CompanyCreate{Name: "x"}); db.CodeOf(err) != db.Forbidden {
			m.Errorf("an ADMIN makes a Company: %v", err)
		}
		taken := "nordlicht-norge"
		if _, err := m.live.UpdateCompany(ctx, db.CompanyChange{Slug: &taken}); db.CodeOf(err) != db.Taken {
			m.Errorf("two Companies go by one name: %v", err)
		}
	})
}
