package db_test

import (
	"strings"
	"testing"

	"complero/db"
)

func TestADrawnLogoIsCleanedKeptAndMeasured(t *testing.T) {
	each(t, func(t *testing.T, store *db.Store) {
		live, _ := account(t, store, "Muster")
		drawing := `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" onload="alert(1)"><circle cx="4" cy="4" r="4" fill="#101820"/></svg>`
		brand, err := live.UpdateBrand(t.Context(), db.BrandChange{
			Logo: strings.NewReader(drawing), HeadingFont: ptr("Merriweather"), BodyFont: ptr("Lora"),
		})
		if err != nil {
			t.Fatal(err)
		}
		asset, err := store.Asset(t.Context(), strings.TrimPrefix(*brand.LogoURL(), "/assets/"))
		if err != nil || asset == nil || asset.ContentType != "image/svg+xml" || strings.Contains(string(asset.Data), "onload") {
			t.Fatalf("%+v, %v", asset, err)
		}
		warnings, err := live.BrandWarnings(t.Context(), brand)
		if err != nil || len(warnings) != 2 || warnings[0].Path[0] != "headingFont" || !strings.Contains(warnings[1].Message, "in dark mode") {
			t.Errorf("%v, %v", warnings, err)
		}
		_, err = live.UpdateBrand(t.Context(), db.BrandChange{Logo: strings.NewReader(strings.Replace(drawing, "<circle", "<text>A</text><circle", 1))})
		if wrong(err) != "INVALID logo" || !strings.Contains(err.Error(), "outlines") {
			t.Errorf("got %v", err)
		}
	})
}
