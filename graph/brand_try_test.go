package graph_test

import (
	"strings"
	"testing"

	"complero/db"
)

func TestABrandIsTriedOutAndKeptNowhere(t *testing.T) {
	each(t, func(t *testing.T, a *api) {
		const ask = `query($change: BrandUpdateInput) {brandPreview(change: $change) {pageUrl mail {subject} problems {code path}
			brand {name colors {primary text} bodyFont problems {path} contrasts {mode use path foreground background ratio needed passes nearest shown refused}}}}`
		r := a.must(a.live, ask, "change", map[string]any{
			"name": "Polarlicht", "colors": map[string]any{"primary": "#7A1FA2", "text": "#999", "accent": "red"}, "bodyFont": "Comic", "logo": nil,
		})
		equal(t, "tried", r.text("brandPreview.brand.name")+r.text("brandPreview.mail.subject")+r.text("brandPreview.brand.colors.primary"), "PolarlichtPolarlicht#7a1fa2")
		equal(t, "what makes no sense", r.text("brandPreview.problems"), "[map[code:INVALID path:[colors accent]] map[code:INVALID path:[bodyFont]]]")
		equal(t, "it stays as it was", r.text("brandPreview.brand.bodyFont"), "System")
		equal(t, "what cannot be read", r.text("brandPreview.brand.problems"), "[map[path:[colors text]]]")
		pairs := r.at("brandPreview.brand.contrasts").([]any)
		first := pairs[0].(map[string]any)
		if len(pairs) != 12 || first["use"] != "TEXT" || first["refused"] != true || first["passes"] != false || first["nearest"] == nil || first["foreground"] != "#999999" {
			t.Errorf("the contrasts are %v", pairs)
		}
		page := r.text("brandPreview.pageUrl")
		l, err := a.store.OpenPreview(t.Context(), page[strings.LastIndex(page, "/")+1:])
		if err != nil || l.Brand.Theme.Colors.Primary != "#7a1fa2" || l.Brand.Theme.Name != "Polarlicht" {
			t.Errorf("the page shows %+v, %v", l, err)
		}
		parts := strings.Split(page[strings.LastIndex(page, "/")+1:], ".")
		parts[4] = parts[4][1:]
		if _, err := a.store.OpenPreview(t.Context(), strings.Join(parts, ".")); db.CodeOf(err) != db.NotFoundCode {
			t.Errorf("a forged look opens: %v", err)
		}
		r = a.must(a.live, `{company {brand {version name} brandDraft {version}} fontChoices {name own}}`)
		equal(t, "nothing is kept", r.text("company.brand.version")+r.text("company.brandDraft.version"), "1")
		if r.text("fontChoices.0.name") != "System" || r.text("fontChoices.0.own") != "false" {
			t.Errorf("the fonts are %v", r.at("fontChoices"))
		}
	})
}
