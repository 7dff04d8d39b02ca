package db_test

import (
	"testing"
	"time"

	"complero/db"
)

func TestARotatedKeysFormerSecretIsGoodForAWhile(t *testing.T) {
	withAsker(t, func(a *asker) {
		key, first, err := a.live.CreateKey(a.Context(), db.KeyCreate{Name: "Import", Scopes: []db.Right{db.ContactsRead}})
		fatal(a.T, err)
		opens := func(secret string, want bool) {
			a.Helper()
			tenant, err := a.store.Authenticate(a.Context(), secret)
			if (err == nil) != want || want && tenant.Viewer.KeyID != key.ID || !want && db.CodeOf(err) != db.Unauthenticated {
				a.Errorf("opens: %v, want %v", err, want)
			}
		}
		rotate := func(hours *int) string {
			a.Helper()
			k, secret, err := a.live.RotateKey(a.Context(), key.ID, hours)
			if err != nil || k.ID != key.ID || (k.FormerUntil == nil) != (hours != nil && *hours == 0) {
				a.Fatal(k, err)
			}
			return secret
		}
		second := rotate(nil)
		opens(first, true)
		opens(second, true)
		a.pass(24*time.Hour - time.Second)
		opens(first, true)
		a.pass(time.Second)
		opens(first, false)
		third := rotate(ptr(2))
		fourth := rotate(ptr(2))
		opens(second, false)
		opens(third, true)
		opens(fourth, true)
		fifth := rotate(ptr(0))
		opens(fourth, false)
		opens(fifth, true)
		log, err := a.live.Audit(a.Context(), db.Page{}, db.AuditFilter{Target: &key.ID})
		if err != nil || len(log.Nodes) != 5 {
			a.Errorf("%d lines in the audit log, %v", len(log.Nodes), err)
		}
		sixth := rotate(nil)
		if _, err := a.live.RevokeKey(a.Context(), key.ID); err != nil {
			a.Fatal(err)
		}
		opens(fifth, false)
		opens(sixth, false)
		own := a.live.Viewer.KeyID
		less := *a.live
		less.Viewer.Rights = []db.Right{db.CompanyWrite}
		other, _ := account(a.T, a.store, "Andere")
		for name, wrong := range map[string]struct {
			tenant *db.Tenant
			id     string
			hours  int
			want   db.Code
		}{
			"a test key":              {a.test, own, 1, db.LiveOnly},
			"an unknown key":          {a.live, "key_x", 1, db.NotFoundCode},
			"another Company's key":   {other, own, 1, db.NotFoundCode},
			"a revoked key":           {a.live, key.ID, 1, db.ConflictCode},
			"too long":                {a.live, own, 721, db.Invalid},
			"a negative time":         {a.live, own, -1, db.Invalid},
			"rights beyond one's own": {&less, own, 1, db.Forbidden},
		} {
			if _, secret, err := wrong.tenant.RotateKey(a.Context(), wrong.id, &wrong.hours); db.CodeOf(err) != wrong.want || secret != "" {
				a.Errorf("%s: %v, want %s", name, err, wrong.want)
			}
		}
	})
}

func TestAKeysLastUseIsNoted(t *testing.T) {
	withAsker(t, func(a *asker) {
		key, secret, err := a.live.CreateKey(a.Context(), db.KeyCreate{Name: "Import"})
		fatal(a.T, err)
		used := func(want *time.Time) {
			a.Helper()
			fatal(a.T, a.store.NoteKeyUses(a.Context()))
			keys, err := a.live.Keys(a.Context())
			fatal(a.T, err)
			for _, k := range keys {
				if k.ID == key.ID && ((k.LastUsedAt == nil) != (want == nil) || want != nil && !k.LastUsedAt.Equal(*want)) {
					a.Errorf("used at %v, want %v", k.LastUsedAt, want)
				}
			}
		}
		used(nil)
		for range 3 {
			a.pass(time.Minute)
			if _, err := a.store.Authenticate(a.Context(), secret); err != nil {
				a.Fatal(err)
			}
			used(ptr(a.now()))
		}
		used(ptr(a.now()))
	})
}
