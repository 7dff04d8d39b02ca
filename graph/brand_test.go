package graph_test

import (
	"strings"
	"testing"
)

func TestABrandIsPreparedShownPublishedAndTakenBack(t *testing.T) {
	each(t, func(t *testing.T, a *api) {
		const fields = "brand { version publishedAt restoredFrom colors { primary text } dark { primary background } problems { code path message } }"
		r := a.run(a.live, "brandUpdate", fields, map[string]any{
			"publish": false, "colors": map[string]any{"primary": "#7A1FA2", "text": "#999"}, "dark": map[string]any{"background": "#101418"},
		})
		equal(t, "draft", r.text("payload.brand.version")+r.text("payload.brand.publishedAt")+r.text("payload.brand.colors.primary")+r.text("payload.brand.dark.background")+r.text("payload.brand.dark.primary"), "2#7a1fa2#101418")
		equal(t, "problem", r.text("payload.brand.problems.0.code")+r.text("payload.brand.problems.0.path"), "INVALID[colors text]")
		r = a.must(a.live, `{company {brand {version colors {primary}} brandDraft {version colors {primary}} brandVersions {version}}}`)
		equal(t, "both", r.text("company.brand.version")+r.text("company.brandDraft.version")+r.text("company.brandVersions"), "12[map[version:1]]")

		r = a.must(a.live, `{brandPreview(locale: "fr") {brand {version} locale pageUrl formUrl expiresAt mail {from subject html text} sms letter}}`)
		equal(t, "preview", r.text("brandPreview.brand.version")+r.text("brandPreview.locale")+r.text("brandPreview.mail.text"), "2frCamille Laurent")
		if page := r.text("brandPreview.pageUrl"); !strings.HasPrefix(page, a.store.BaseURL()+"/preview/") || r.text("brandPreview.formUrl") != page+"/form" {
			t.Errorf("pages are at %s", page)
		}
		equal(t, "where the mail leads", r.text("brandPreview.mail.html"), "<p>"+r.text("brandPreview.pageUrl"))
		equal(t, "in whose name", r.text("brandPreview.mail.subject"), "Muster Versicherung")
		equal(t, "no such version", a.must(a.live, `{brandPreview(version: 9) {locale}}`).at("brandPreview"), nil)
		equal(t, "no such Contact", a.must(a.live, `{brandPreview(contact: "contact_1") {locale}}`).at("brandPreview"), nil)
		equal(t, "a bad language", a.call(a.live, `{brandPreview(locale: "?") {locale}}`).code(), "INVALID_LOCALE")

		r = a.must(a.live, `mutation {payload: brandPublish {brand {version} userErrors {code path message}}}`)
		equal(t, "pale", r.userErrors("payload"), "INVALID colors.text")
		cure := r.text("payload.userErrors.0.message")
		a.run(a.live, "brandUpdate", fields, map[string]any{"publish": false, "colors": map[string]any{"text": cure[strings.LastIndex(cure, "#"):]}})
		r = a.must(a.live, `mutation {payload: brandPublish {brand {version publishedAt problems {code}} userErrors {code}}}`)
		equal(t, "published", r.text("payload.brand.version")+r.text("payload.brand.problems"), "2[]")
		equal(t, "no draft", a.must(a.live, `mutation {payload: brandPublish {brand {version} userErrors {code path}}}`).userErrors("payload"), "CONFLICT")
		equal(t, "nothing to discard", a.must(a.live, `mutation {payload: brandDraftDiscard {brand {version} userErrors {code path}}}`).userErrors("payload"), "CONFLICT")

		r = a.run(a.live, "brandRollback", fields, map[string]any{"version": 1})
		equal(t, "rolled back", r.text("payload.brand.version")+r.text("payload.brand.restoredFrom")+r.text("payload.brand.colors.primary"), "31#1f5f8b")
		r = a.run(a.live, "brandRollback", fields, map[string]any{"version": 7})
		equal(t, "no such version", r.userErrors("payload"), "NOT_FOUND input.version")
		r = a.run(a.live, "brandUpdate", fields, map[string]any{"name": "Muster Versicherung", "dark": nil})
		equal(t, "no change", r.text("payload.brand.version"), "3")
		equal(t, "test key", a.run(a.test, "brandRollback", fields, map[string]any{"version": 1}).userErrors("payload"), "LIVE_ONLY")
		equal(t, "too many", a.call(a.live, `{company {brandVersions(first: 1000) {version}}}`).code(), "BAD_PAGE_SIZE")
	})
}

func TestABrandGoesInAndOutAsTokens(t *testing.T) {
	each(t, func(t *testing.T, a *api) {
		a.run(a.live, "brandUpdate", "brand { version }", map[string]any{
			"colors": map[string]any{"primary": "#7a1fa2"}, "dark": map[string]any{"primary": "#d9a7f0"}, "bodyFont": "Lora", "cornerRadius": "LARGE", "formality": "INFORMAL",
		})
		tokens := a.must(a.live, `{company {brand {tokens}}}`).at("company.brand.tokens")
		a.run(a.live, "brandRollback", "brand { version }", map[string]any{"version": 1})
		const fields = "brand { version publishedAt colors { primary } dark { primary } bodyFont cornerRadius formality } tokens { path setting outcome message }"
		r := a.run(a.live, "brandImportTokens", fields, map[string]any{"tokens": tokens})
		equal(t, "draft", r.text("payload.brand"), "map[bodyFont:Lora colors:map[primary:#7a1fa2] cornerRadius:LARGE dark:map[primary:#d9a7f0] formality:INFORMAL publishedAt:<nil> version:4]")
		for _, token := range r.at("payload.tokens").([]any) {
			if token := token.(map[string]any); token["outcome"] != "USED" || token["message"] != nil {
				t.Errorf("got %v", token)
			}
		}
		r = a.run(a.live, "brandImportTokens", fields, map[string]any{"publish": true, "scheme": "DARK", "tokens": map[string]any{
			"color": map[string]any{"$type": "color", "primary": map[string]any{"$value": "#abcdef"}, "shadow": map[string]any{"$value": "#000"}, "text": map[string]any{"$value": "#0008"}},
		}})
		equal(t, "published", r.text("payload.brand.version")+r.text("payload.brand.dark.primary"), "4#abcdef")
		var outcomes []string
		for i := range r.at("payload.tokens").([]any) {
			at := "payload.tokens." + string(rune('0'+i)) + "."
			outcomes = append(outcomes, r.text(at+"path")+" "+r.text(at+"outcome")+" "+r.text(at+"setting"))
		}
		equal(t, "tokens", strings.Join(outcomes, ", "), "color.primary USED dark.primary, color.text UNUSABLE dark.text, color.shadow UNKNOWN ")
		for name, in := range map[string]map[string]any{"INVALID input.tokens": {"tokens": []any{}}, "REQUIRED input.tokens": {}} {
			equal(t, name, a.run(a.live, "brandImportTokens", fields, in).userErrors("payload"), name)
		}
		pale := map[string]any{"color": map[string]any{"text": map[string]any{"$type": "color", "$value": "#ccc"}}}
		r = a.run(a.live, "brandImportTokens", fields, map[string]any{"publish": true, "tokens": pale})
		equal(t, "pale", r.userErrors("payload")+r.text("payload.tokens.0.outcome"), "INVALID colors.textUSED")
	})
}

func TestTokensComeAsAFile(t *testing.T) {
	a := one(t)
	const mutation = `{"query": "mutation($input: BrandImportTokensInput!) {brandImportTokens(input: $input) {brand {colors {accent}} userErrors {code path}}}", "variables": {"input": {"file": null}}}`
	body, kind := multipartBody(t, mutation, `{"0": ["variables.input.file"]}`, []byte(`{"color": {"secondary": {"$type": "color", "$value": "#0aa"}}}`))
	equal(t, "accent", a.send(a.live, body, kind).text("brandImportTokens.brand.colors.accent"), "#00aaaa")
	body, kind = multipartBody(t, mutation, `{"0": ["variables.input.file"]}`, []byte(strings.Repeat(" ", 2<<20)))
	equal(t, "too large", a.send(a.live, body, kind).userErrors("brandImportTokens"), "INVALID input.tokens")
}
