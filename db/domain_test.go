package db_test

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"complero/db"
)

func TestDomainsAreNormalisedAndRefused(t *testing.T) {
	tests := []struct{ text, want, code string }{
		{"daten.nordlicht.example", "daten.nordlicht.example", ""},
		{" Daten.Nordlicht.EXAMPLE. ", "daten.nordlicht.example", ""},
		{"daten.müller.de", "daten.xn--mller-kva.de", ""},
		{"Straße.example.com", "xn--strae-oqa.example.com", ""},
		{"daten。nordlicht。example", "daten.nordlicht.example", ""},
		{"", "", "INVALID"},
		{"nordlicht", "", "INVALID"},
		{"https://daten.nordlicht.example", "", "INVALID"},
		{"daten.nordlicht.example/u", "", "INVALID"},
		{"daten.nordlicht.example:8080", "", "INVALID"},
		{"*.nordlicht.example", "", "INVALID"},
		{"da ten.nordlicht.example", "", "INVALID"},
		{"-.nordlicht.example", "", "INVALID"},
		{"127.0.0.1", "", "INVALID"},
		{"١٢٧.0.0.1", "", "INVALID"},
		{"[::1]", "", "INVALID"},
		{"co.uk", "", "INVALID"},
		{strings.Repeat("a", 64) + ".example", "", "INVALID"},
		{"home.complero.example", "", "TAKEN"},
	}
	each(t, func(t *testing.T, store *db.Store) {
		live, _ := account(t, store, "Nordlicht")
		for _, tt := range tests {
			c, err := live.UpdateCompany(t.Context(), db.CompanyChange{Domains: &[]string{tt.text}})
			if string(db.CodeOf(err)) != tt.code {
				t.Errorf("%q: %v, want the code %q", tt.text, err, tt.code)
			}
			if err == nil && c.Hosts != tt.want {
				t.Errorf("%q is stored as %q, want %q", tt.text, c.Hosts, tt.want)
			}
			if errs := db.ErrorsOf(err); tt.code != "" && (len(errs) != 1 || !slices.Equal(errs[0].Path, []string{"domains", "0"})) {
				t.Errorf("%q: the error points to %v", tt.text, errs)
			}
		}
	}, func(c *db.Config) { c.BaseURL = "https://home.complero.example" })
}

func FuzzDomain(f *testing.F) {
	for _, text := range []string{"daten.example.com", "müller.de", "xn--mller-kva.de", "a..b", "1.2.3.4", "١.com", "\u202e.de"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		host, why := db.ParseDomain(text)
		if (host == "") == (why == "") {
			t.Fatalf("%q gives %q and %q", text, host, why)
		}
		if host == "" {
			return
		}
		if again, why := db.ParseDomain(host); again != host || why != "" {
			t.Errorf("%q gives %q, and that %q, %s", text, host, again, why)
		}
		if strings.Trim(host, "abcdefghijklmnopqrstuvwxyz0123456789-.") != "" {
			t.Errorf("%q gives %q, which DNS does not know", text, host)
		}
	})
}

func TestADomainBelongsToOneCompany(t *testing.T) {
	each(t, func(t *testing.T, store *db.Store) {
		nordlicht, sandbox := account(t, store, "Nordlicht")
		brightside, _ := account(t, store, "Brightside")
		set := func(tenant *db.Tenant, hosts ...string) error {
			_, err := tenant.UpdateCompany(t.Context(), db.CompanyChange{Domains: &hosts})
			return err
		}
		on := func(host string) string {
			t.Helper()
			c, brand, err := store.CompanyOn(t.Context(), host)
			if err != nil || (c == nil) != (brand == nil) {
				t.Fatal(err)
			}
			if c == nil {
				return ""
			}
			return c.Name
		}
		if err := set(nordlicht, "daten.example.com", "data.example.com"); err != nil {
			t.Fatal(err)
		}
		if err := set(brightside, "other.example.com", "DATEN.example.com"); db.CodeOf(err) != db.Taken {
			t.Errorf("a second Company gets the domain: %v", err)
		}
		if on("other.example.com") != "" {
			t.Error("part of a refused change was kept")
		}
		if got := on("Data.Example.com:8443"); got != "Nordlicht" {
			t.Errorf("on the second domain is %q", got)
		}
		if err := set(sandbox); db.CodeOf(err) != db.LiveOnly {
			t.Errorf("a test key changes domains: %v", err)
		}
		// Other settings leave them as they are, also where they were read before.
		stale := *nordlicht.Company
		stale.Hosts = ""
		nordlicht.Company = &stale
		if _, err := nordlicht.UpdateCompany(t.Context(), db.CompanyChange{Name: ptr("Nordlicht AG")}); err != nil {
			t.Fatal(err)
		}
		if got := on("daten.example.com"); got != "Nordlicht AG" {
			t.Errorf("on the domain is %q", got)
		}
		if err := set(nordlicht); err != nil {
			t.Fatal(err)
		}
		if err := set(brightside, "daten.example.com"); err != nil || on("daten.example.com") != "Brightside" {
			t.Errorf("what was given up stays taken: %v", err)
		}
	})
}

func TestLinksBeginWithTheCompanysFirstDomain(t *testing.T) {
	each(t, func(t *testing.T, store *db.Store) {
		live, _ := account(t, store, "Nordlicht")
		upload(t, store, live, `{"externalId":"c-1","emails":[{"address":"anna@example.com"}]}`)
		made, err := live.CreateRequests(t.Context(), db.RequestsCreate{ContactExternalIDs: []string{"c-1"}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := live.UpdateCompany(t.Context(), db.CompanyChange{Domains: &[]string{"daten.example.com", "data.example.com"}}); err != nil {
			t.Fatal(err)
		}
		if link := *live.RequestLink(made.Requests[0]); !strings.HasPrefix(link, "https://daten.example.com:8443/u/") {
			t.Errorf("the link is %s", link)
		}
		_, token, _ := strings.Cut(*live.RequestLink(made.Requests[0]), "/u/")
		opened, err := store.OpenLink(t.Context(), token)
		if err != nil || !opened.Company.AnswersOn("data.example.com:8443") || opened.Company.AnswersOn("example.com") {
			t.Errorf("the link's Company answers on %v, %v", opened.Company.Domains(), err)
		}
	}, func(c *db.Config) { c.BaseURL = "https://home.complero.example:8443" })
}

func TestServesAllOnItsOwnNamesOnly(t *testing.T) {
	each(t, func(t *testing.T, store *db.Store) {
		for host, want := range map[string]bool{
			"home.complero.example": true, "HOME.complero.example:443": true, "localhost:8080": true, "127.0.0.1:8080": true,
			"[::1]:8080": true, "complero": true, "": true,
			"daten.example.com": false, "home.complero.example.evil.example": false, "daten.localhost:8080": false,
		} {
			if store.ServesAll(host) != want {
				t.Errorf("serves all on %q: %t", host, !want)
			}
		}
	}, func(c *db.Config) { c.BaseURL = "https://home.complero.example" })
}

func TestCertificateFilesAreKeptAndSealed(t *testing.T) {
	each(t, func(t *testing.T, store *db.Store) {
		ctx := t.Context()
		for _, name := range []string{"acme/a/key", "acme/a/deep/er", "acme/ab", "acme/ä/x"} {
			if err := store.SaveCertificateFile(ctx, name, []byte("first")); err != nil {
				t.Fatal(err)
			}
		}
		if err := store.SaveCertificateFile(ctx, "acme/a/key", []byte("secret")); err != nil {
			t.Fatal(err)
		}
		f, err := store.CertificateFile(ctx, "acme/a/key")
		if err != nil || string(f.Data) != "secret" || f.ChangedAt.IsZero() {
			t.Errorf("read %+v, %v", f, err)
		}
		if raw := strings.Join(store.Dump(ctx, "certificate_file"), "\n"); !strings.Contains(raw, "acme/a/key") || strings.Contains(raw, "secret") {
			t.Errorf("in the database it is\n%s", raw)
		}
		names, err := store.CertificateFiles(ctx, "acme/a")
		if err != nil || !slices.Equal(names, []string{"acme/a/deep/er", "acme/a/key"}) {
			t.Errorf("the folder holds %q, %v", names, err)
		}
		if err := store.DeleteCertificateFile(ctx, "acme/a"); err != nil {
			t.Fatal(err)
		}
		if _, err := store.CertificateFile(ctx, "acme/a/key"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("a deleted file reads as %v", err)
		}
		if names, err := store.CertificateFiles(ctx, ""); err != nil || len(names) != 2 {
			t.Errorf("%q remain, %v", names, err)
		}
	})
}

func TestACertificateLockHasOneHolderUntilItsLeaseEnds(t *testing.T) {
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	each(t, func(t *testing.T, store *db.Store) {
		lock := func(holder string) bool {
			t.Helper()
			got, err := store.LockCertificate(t.Context(), "issue", holder, time.Minute)
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		if !lock("a") || lock("b") || !lock("a") {
			t.Error("the lock is not its first holder's")
		}
		now = now.Add(59 * time.Second)
		if lock("b") {
			t.Error("a second holder gets the lock before the lease ends")
		}
		now = now.Add(2 * time.Second)
		if !lock("b") || lock("a") {
			t.Error("nobody gets a lock whose lease has ended")
		}
		if err := store.UnlockCertificate(t.Context(), "issue", "a"); err != nil || lock("a") {
			t.Errorf("one who has lost the lock unlocks it: %v", err)
		}
		if err := store.UnlockCertificate(t.Context(), "issue", "b"); err != nil || !lock("a") {
			t.Errorf("what was unlocked stays locked: %v", err)
		}
	}, func(c *db.Config) { c.Clock = func() time.Time { return now } })
}
