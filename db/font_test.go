package db_test

import (
	"bytes"
	"strings"
	"testing"

	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"

	"complero/db"
	"complero/db/dbtest"
	"complero/theme"
)

func uploadFont(t *testing.T, tenant *db.Tenant, data []byte) *db.Font {
	t.Helper()
	f, err := tenant.UploadFont(t.Context(), db.FontUpload{File: bytes.NewReader(data), Licence: "BSD, 3 clauses"})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestAFontIsKeptUsedAndDeleted(t *testing.T) {
	each(t, func(t *testing.T, store *db.Store) {
		live, _ := account(t, store, "Muster")
		stranger, _ := account(t, store, "Andere")
		regular := uploadFont(t, live, goregular.TTF)
		if again := uploadFont(t, live, goregular.TTF); again.ID != regular.ID || !again.CreatedAt.Equal(regular.CreatedAt) {
			t.Error("the same file is another font")
		}
		bold := uploadFont(t, live, gobold.TTF)
		fonts, err := live.Fonts(t.Context())
		if err != nil || len(fonts) != 2 || fonts[0].ID != regular.ID || fonts[1].ID != bold.ID || fonts[1].Boldest() != 600 {
			t.Fatalf("%d fonts, %v", len(fonts), err)
		}
		if _, err := stranger.UpdateBrand(t.Context(), db.BrandChange{BodyFont: ptr("Go")}); wrong(err) != "INVALID bodyFont" {
			t.Errorf("another Company's font can be chosen: %v", err)
		}
		brand, err := live.UpdateBrand(t.Context(), db.BrandChange{BodyFont: ptr("go")})
		if err != nil {
			t.Fatal(err)
		}
		css, file := brand.Theme.CSS(), strings.TrimPrefix(*regular.URL(), "/assets/")
		if brand.BodyFont() != "Go" || !strings.Contains(css, file) || !strings.Contains(css, "font-weight:600;unicode-range:") {
			t.Errorf("%s is not in the stylesheet:\n%s", file, css)
		}
		asset, err := store.Asset(t.Context(), file)
		if err != nil || asset == nil || asset.ContentType != "font/woff2" {
			t.Errorf("%+v, %v", asset, err)
		}
		tokens := []byte(`{"font": {"$type": "fontFamily", "heading": {"$value": ["GO", "sans-serif"]}}}`)
		drafted, told, err := live.ImportBrandTokens(t.Context(), tokens, theme.LightTokens, false)
		if err != nil || len(told) != 1 || told[0].Outcome != theme.TokenUsed || drafted.HeadingFont() != "Go" || len(drafted.Problems()) != 0 {
			t.Errorf("tokens do not find it: %+v, %v", told, err)
		}
		if _, told, err = stranger.ImportBrandTokens(t.Context(), tokens, theme.LightTokens, false); err != nil || told[0].Outcome != theme.TokenUnusable {
			t.Errorf("tokens find another Company's: %+v, %v", told, err)
		}
		if _, err := live.DiscardBrandDraft(t.Context()); err != nil {
			t.Fatal(err)
		}

		// What a later version does without stays for the version that has it.
		if _, err := live.UpdateBrand(t.Context(), db.BrandChange{BodyFont: ptr("System")}); err != nil {
			t.Fatal(err)
		}
		if _, err := live.DeleteFont(t.Context(), bold.ID); wrong(err) != "CONFLICT id" || !strings.Contains(err.Error(), "in version 2;") {
			t.Errorf("a font in use is deleted: %v", err)
		}
		if _, err := stranger.DeleteFont(t.Context(), bold.ID); wrong(err) != "NOT_FOUND id" {
			t.Errorf("another Company's font: %v", err)
		}
		unused := uploadFont(t, stranger, goregular.TTF)
		if _, err := stranger.DeleteFont(t.Context(), unused.ID); err != nil {
			t.Error(err)
		}
		left, err := stranger.Fonts(t.Context())
		if asset, _ := store.Asset(t.Context(), file); err != nil || len(left) != 0 || asset == nil {
			t.Errorf("%d fonts are left, and the other Company's is %v: %v", len(left), asset, err)
		}
	})
}

func TestAFontThatCannotServeIsRefused(t *testing.T) {
	store := dbtest.Open(t, dbtest.SQLite)
	live, test := account(t, store, "Muster")
	for name, tt := range map[string]struct {
		tenant  *db.Tenant
		data    []byte
		licence string
		want    string
	}{
		"no font":           {live, []byte("<html>"), "mine", "INVALID file"},
		"no licence":        {live, goregular.TTF, " ", "REQUIRED licence"},
		"a novel":           {live, goregular.TTF, strings.Repeat("x", 501), "TOO_LONG licence"},
		"a test key":        {test, goregular.TTF, "mine", "LIVE_ONLY"},
		"more than allowed": {live, make([]byte, 3<<20), "mine", "INVALID file"},
	} {
		_, err := tt.tenant.UploadFont(t.Context(), db.FontUpload{File: bytes.NewReader(tt.data), Licence: tt.licence})
		if wrong(err) != tt.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}
