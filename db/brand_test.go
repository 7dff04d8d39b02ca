package db_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strings"
	"sync"
	"testing"
	"time"

	"complero/db"
	"complero/db/dbtest"
	"complero/theme"
)

// shown is a version in few words.
func shown(b *db.Brand) string {
	if b == nil {
		return "none"
	}
	s := fmt.Sprintf("%d %s", b.Version, b.Theme.Colors.Primary)
	if b.PublishedAt == nil {
		s += " draft"
	}
	if b.RestoredFrom != nil {
		s += fmt.Sprintf(" from %d", *b.RestoredFrom)
	}
	return s
}

// brands is what a Company has: in use, draft, history.
func brands(t *testing.T, tenant *db.Tenant) string {
	t.Helper()
	published, err := tenant.Brand(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	draft, err := tenant.BrandDraft(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	versions, err := tenant.BrandVersions(t.Context(), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	var history []string
	for _, b := range versions {
		history = append(history, shown(b))
	}
	return shown(published) + "; " + shown(draft) + "; " + strings.Join(history, ", ")
}

func primary(hex string) db.BrandChange { return db.BrandChange{Primary: &hex} }

func drafted(c db.BrandChange) db.BrandChange {
	c.Draft = true
	return c
}

func TestBrandIsDraftedPublishedAndRolledBack(t *testing.T) {
	const first = "#1f5f8b"
	each(t, func(t *testing.T, store *db.Store) {
		live, _ := account(t, store, "Nordlicht")
		step := func(what, want string, b *db.Brand, err error) {
			t.Helper()
			if err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			if got := shown(b) + " | " + brands(t, live); got != want {
				t.Errorf("%s:\ngot  %s\nwant %s", what, got, want)
			}
		}
		update := func(c db.BrandChange) (*db.Brand, error) { return live.UpdateBrand(t.Context(), c) }
		b, err := update(primary(first))
		step("no change", "1 #1f5f8b | 1 #1f5f8b; none; 1 #1f5f8b", b, err)
		b, err = update(primary("#AA0000"))
		step("published at once", "2 #aa0000 | 2 #aa0000; none; 2 #aa0000, 1 #1f5f8b", b, err)
		b, err = update(drafted(primary("#aa0000")))
		step("no draft without a change", "2 #aa0000 | 2 #aa0000; none; 2 #aa0000, 1 #1f5f8b", b, err)
		b, err = update(drafted(primary("#00aa00")))
		step("a draft", "3 #00aa00 draft | 2 #aa0000; 3 #00aa00 draft; 2 #aa0000, 1 #1f5f8b", b, err)
		b, err = update(db.BrandChange{Name: ptr("Nordlicht Neu")})
		step("published past a draft", "3 #aa0000 | 3 #aa0000; 4 #00aa00 draft; 3 #aa0000, 2 #aa0000, 1 #1f5f8b", b, err)
		b, err = live.PublishBrand(t.Context())
		step("the draft published", "4 #00aa00 | 4 #00aa00; none; 4 #00aa00, 3 #aa0000, 2 #aa0000, 1 #1f5f8b", b, err)
		if b.Theme.Name != "Nordlicht Neu" {
			t.Errorf("publishing the draft took the change of the name back: %s", b.Theme.Name)
		}
		b, err = update(drafted(primary("#0000aa")))
		step("another draft", "5 #0000aa draft | 4 #00aa00; 5 #0000aa draft; 4 #00aa00, 3 #aa0000, 2 #aa0000, 1 #1f5f8b", b, err)
		b, err = live.RollbackBrand(t.Context(), 2)
		step("rolled back", "5 #aa0000 from 2 | 5 #aa0000 from 2; 6 #0000aa draft; 5 #aa0000 from 2, 4 #00aa00, 3 #aa0000, 2 #aa0000, 1 #1f5f8b", b, err)
		b, err = live.RollbackBrand(t.Context(), 5)
		step("rolled back to itself", "5 #aa0000 from 2 | 5 #aa0000 from 2; 6 #0000aa draft; 5 #aa0000 from 2, 4 #00aa00, 3 #aa0000, 2 #aa0000, 1 #1f5f8b", b, err)
		b, err = live.DiscardBrandDraft(t.Context())
		step("the draft given up", "5 #aa0000 from 2 | 5 #aa0000 from 2; none; 5 #aa0000 from 2, 4 #00aa00, 3 #aa0000, 2 #aa0000, 1 #1f5f8b", b, err)
		_, err = update(drafted(primary("#123456")))
		b, errBack := update(drafted(primary("#aa0000")))
		if err != nil {
			t.Fatal(err)
		}
		step("a draft changed back", "5 #aa0000 from 2 | 5 #aa0000 from 2; none; 5 #aa0000 from 2, 4 #00aa00, 3 #aa0000, 2 #aa0000, 1 #1f5f8b", b, errBack)
		for what, call := range map[string]func() (*db.Brand, error){
			"CONFLICT":  func() (*db.Brand, error) { return live.PublishBrand(t.Context()) },
			"NOT_FOUND": func() (*db.Brand, error) { return live.RollbackBrand(t.Context(), 6) },
		} {
			if _, err := call(); string(db.CodeOf(err)) != what {
				t.Errorf("want %s, got %v", what, err)
			}
		}
		three, five := 3, 5
		list, err := live.BrandVersions(t.Context(), &three, &five)
		if err != nil || len(list) != 3 || list[0].Version != 4 {
			t.Errorf("before 5 there are %v, %v", list, err)
		}
	})
}

func TestBrandIsRefusedWhenPublishingNotWhenDrafting(t *testing.T) {
	each(t, func(t *testing.T, store *db.Store) {
		live, _ := account(t, store, "Nordlicht")
		pale := db.BrandChange{Text: ptr("#999999"), DarkText: ptr("#333333"), DarkBackground: ptr("#222222")}
		_, err := live.UpdateBrand(t.Context(), pale)
		errs := db.ErrorsOf(err)
		if len(errs) != 2 || strings.Join(errs[0].Path, ".") != "colors.text" || strings.Join(errs[1].Path, ".") != "dark.text" ||
			!strings.Contains(errs[0].Message, "2.84:1") || !strings.Contains(errs[0].Message, "nearest text colour that passes is #") {
			t.Fatalf("got %v", err)
		}
		b, err := live.UpdateBrand(t.Context(), drafted(pale))
		if err != nil || len(b.Problems()) != 2 {
			t.Fatalf("got %+v, %v", b, err)
		}
		if _, err := live.PublishBrand(t.Context()); len(db.ErrorsOf(err)) != 2 {
			t.Errorf("published: %v", err)
		}
		if got := brands(t, live); got != "1 #1f5f8b; 2 #1f5f8b draft; 1 #1f5f8b" {
			t.Errorf("afterwards there is %s", got)
		}
		if _, err := live.UpdateBrand(t.Context(), drafted(db.BrandChange{HeadingFont: ptr("Comic Sans")})); db.CodeOf(err) != db.Invalid {
			t.Errorf("a draft takes a font that there is not: %v", err)
		}
	})
}

func TestBrandChangesOneAfterTheOther(t *testing.T) {
	each(t, func(t *testing.T, store *db.Store) {
		live, _ := account(t, store, "Nordlicht")
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				change := primary(fmt.Sprintf("#0000%02x", i))
				change.Draft = i%2 == 0
				if _, err := live.UpdateBrand(t.Context(), change); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		draft, err := live.BrandDraft(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		published, err := live.Brand(t.Context())
		if err != nil || published.Version != 5 || draft != nil && draft.Version != 6 {
			t.Errorf("in use is %s, the draft is %s, %v", shown(published), shown(draft), err)
		}
	})
}

func TestBrandDraftCostsNobodyAnything(t *testing.T) {
	each(t, func(t *testing.T, store *db.Store) {
		live, _ := account(t, store, "Nordlicht")
		before := live.Company.Version
		if _, err := live.UpdateBrand(t.Context(), drafted(primary("#00aa00"))); err != nil {
			t.Fatal(err)
		}
		system, err := store.Work(t.Context(), db.TenantRef{CompanyID: live.Company.ID, Mode: db.Live})
		if err != nil || system.Company.Version != before {
			t.Errorf("a draft makes every process read the settings anew: version %d, %d before (%v)", system.Company.Version, before, err)
		}
		_, b, err := store.PublishedBrand(t.Context(), live.Company.ID, 2)
		if err != nil || b != nil {
			t.Errorf("a draft is public: %+v, %v", b, err)
		}
	})
}

func TestBrandKeepsItsPictures(t *testing.T) {
	each(t, func(t *testing.T, store *db.Store) {
		live, _ := account(t, store, "Nordlicht")
		picture := func(c color.Color) *bytes.Buffer {
			img := image.NewNRGBA(image.Rect(0, 0, 8, 8))
			img.Set(1, 1, c)
			out := new(bytes.Buffer)
			if err := png.Encode(out, img); err != nil {
				t.Fatal(err)
			}
			return out
		}
		b, err := live.UpdateBrand(t.Context(), db.BrandChange{Logo: picture(color.Black), LogoDark: picture(color.White), Icon: picture(color.Gray{99})})
		if err != nil {
			t.Fatal(err)
		}
		for _, address := range []*string{b.LogoURL(), b.LogoDarkURL(), b.IconURL()} {
			asset, err := store.Asset(t.Context(), strings.TrimPrefix(*address, "/assets/"))
			if err != nil || asset == nil || asset.ContentType != "image/png" {
				t.Errorf("%s is %+v, %v", *address, asset, err)
			}
		}
		b, err = live.UpdateBrand(t.Context(), db.BrandChange{NoLogoDark: true})
		if err != nil || b.LogoDarkURL() != nil || b.LogoURL() == nil || b.IconURL() == nil {
			t.Errorf("got %+v, %v", b, err)
		}
		if _, err := live.UpdateBrand(t.Context(), db.BrandChange{Icon: strings.NewReader("none")}); err == nil || db.ErrorsOf(err)[0].Path[0] != "icon" {
			t.Errorf("got %v", err)
		}
	})
}

func TestBrandTakesTokens(t *testing.T) {
	each(t, func(t *testing.T, store *db.Store) {
		live, test := account(t, store, "Nordlicht")
		file := []byte(`{"$type": "color", "color": {"brand": {"primary": {"$value": "#7a1fa2"}}, "text": {"$value": "#999"}}, "shade": {"$value": "#fff"}}`)
		b, results, err := live.ImportBrandTokens(t.Context(), file, theme.LightTokens, false)
		if err != nil || len(results) != 3 || shown(b) != "2 #7a1fa2 draft" {
			t.Errorf("got %s, %v, %v", shown(b), results, err)
		}
		_, results, err = live.ImportBrandTokens(t.Context(), file, theme.LightTokens, true)
		if db.CodeOf(err) != db.Invalid || len(results) != 3 {
			t.Errorf("published with pale text: %v, %v", results, err)
		}
		if _, _, err = live.ImportBrandTokens(t.Context(), []byte("x"), theme.LightTokens, false); db.CodeOf(err) != db.Invalid {
			t.Errorf("got %v", err)
		}
		if _, _, err = test.ImportBrandTokens(t.Context(), file, theme.LightTokens, false); db.CodeOf(err) != db.LiveOnly {
			t.Errorf("got %v", err)
		}
		if _, err = test.PublishBrand(t.Context()); db.CodeOf(err) != db.LiveOnly {
			t.Errorf("got %v", err)
		}
	})
}

func TestBrandIsPreviewedForAWhileWithNobodysData(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		live, test := account(t, store, "Nordlicht")
		if _, err := live.UpdateBrand(t.Context(), drafted(db.BrandChange{Primary: ptr("#7a1fa2"), Text: ptr("#999999")})); err != nil {
			t.Fatal(err)
		}
		open := func(version *int, locale *string) (*db.BrandPreview, *db.Link) {
			t.Helper()
			p, err := test.PreviewBrand(t.Context(), db.PreviewOf{Version: version, Locale: locale})
			if err != nil {
				t.Fatal(err)
			}
			l, err := store.OpenPreview(t.Context(), strings.TrimPrefix(p.Path, "/preview/"))
			if err != nil {
				t.Fatal(err)
			}
			return p, l
		}
		p, l := open(nil, ptr("fr-CA"))
		if shown(p.Brand) != "2 #7a1fa2 draft" || len(p.Brand.Problems()) != 1 || shown(l.Brand) != shown(p.Brand) || len(l.Brand.Problems()) != 0 {
			t.Errorf("shows %s as %+v", shown(p.Brand), l.Brand)
		}
		if l.State != db.LinkOpen || l.Contact.Profile.Locale != "fr-CA" || l.Contact.Profile.GivenName != "Camille" || l.Employee == nil || l.Request.Mode != db.Test {
			t.Errorf("got %+v", l)
		}
		if _, err := l.Answer(t.Context(), db.Answer{}); err == nil {
			t.Error("a preview can be answered")
		}
		if p, _ := open(ptr(1), nil); shown(p.Brand) != "1 #1f5f8b" || p.Locale != "de" {
			t.Errorf("version 1 is %s in %s", shown(p.Brand), p.Locale)
		}
		if p, err := live.PreviewBrand(t.Context(), db.PreviewOf{Version: ptr(7)}); p != nil || err != nil {
			t.Errorf("got %+v, %v", p, err)
		}
		if _, err := live.PreviewBrand(t.Context(), db.PreviewOf{Locale: ptr("klingon!")}); db.CodeOf(err) != "INVALID_LOCALE" {
			t.Errorf("got %v", err)
		}
		token := strings.TrimPrefix(p.Path, "/preview/")
		for _, wrong := range []string{"", "x", token + "a", strings.Replace(token, ".2.", ".1.", 1), strings.Replace(token, ".fr-CA.", ".en.", 1), token[1:], strings.Repeat(".", 4)} {
			if _, err := store.OpenPreview(t.Context(), wrong); db.CodeOf(err) != db.NotFoundCode {
				t.Errorf("%q opens: %v", wrong, err)
			}
		}
	})
}

func TestBrandPreviewWritesToAContact(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		live, test := account(t, store, "Nordlicht")
		uploadEmployees(t, store, live, map[string]any{"externalId": "V-1", "displayName": "Defne Kupfer"})
		upload(t, store, live, `{"externalId": "K-1", "employee": "V-1", "familyName": "Kettenis", "locale": "nl"}`)
		c, err := live.Contact(t.Context(), db.ContactRef{ExternalID: ptr("K-1")})
		if err != nil {
			t.Fatal(err)
		}
		p, err := live.PreviewBrand(t.Context(), db.PreviewOf{ContactID: &c.ID})
		if err != nil || p.Outgoing.Contact.Profile.FamilyName != "Kettenis" || p.Locale != "nl" || p.Outgoing.Employee == nil || p.Outgoing.Employee.DisplayName != "Defne Kupfer" {
			t.Errorf("got %+v, %v", p, err)
		}
		l, err := store.OpenPreview(t.Context(), strings.TrimPrefix(p.Path, "/preview/"))
		if err != nil || l.Contact.Profile.FamilyName == "Kettenis" || l.Employee.DisplayName == "Defne Kupfer" {
			t.Errorf("its pages show %+v, %v", l, err)
		}
		if p, err := test.PreviewBrand(t.Context(), db.PreviewOf{ContactID: &c.ID}); p != nil || err != nil {
			t.Errorf("test mode sees a live Contact: %+v, %v", p, err)
		}
	})
}

func TestBrandPreviewEnds(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		live, _ := account(t, store, "Nordlicht")
		start := now
		p, err := live.PreviewBrand(t.Context(), db.PreviewOf{})
		if err != nil {
			t.Fatal(err)
		}
		for _, test := range []struct {
			after time.Duration
			want  db.Code
		}{{29 * time.Minute, ""}, {30 * time.Minute, db.NotFoundCode}} {
			now = start.Add(test.after)
			if _, err := store.OpenPreview(t.Context(), strings.TrimPrefix(p.Path, "/preview/")); db.CodeOf(err) != test.want {
				t.Errorf("after %v: %v", test.after, err)
			}
		}
		now = start
	}, func(c *db.Config) { c.Clock = func() time.Time { return now } })
}
