package graph_test

import (
	"strings"
	"testing"

	"complero/db"
)

func TestAConsentTellsItsProofToThoseWhoMayKnow(t *testing.T) {
	each(t, func(t *testing.T, a *api) {
		a.saveDefinition(t)
		a.fill(a.test, 3)
		for _, one := range []string{"K-0001", "K-0002"} {
			a.run(a.test, "requestsCreate", "requests { id }", map[string]any{"contactExternalIds": []string{one}})
			a.run(a.test, "sandboxRespond", "events { id }", map[string]any{
				"contactExternalId": one, "consents": []any{map[string]any{"key": "newsletter", "channel": "EMAIL", "granted": true}},
			})
		}
		long := strings.Repeat("ä", 501)
		of := map[string]any{"contactExternalId": "K-0001", "key": "newsletter", "channel": "EMAIL", "reason": long}
		equal(t, "too long", a.run(a.test, "consentWithdraw", "consents { id }", of).userErrors("payload"), "TOO_LONG input.reason")
		of["reason"] = "am Telefon"
		const evidence = "evidence { manner address userAgent channel wordingHash reason uses withdrawal { manner reason } }"
		r := a.run(a.test, "consentWithdraw", "consents { id contact { id } "+evidence+" }", of)
		equal(t, "the reason", r.text("payload.consents.0.evidence.withdrawal.reason")+r.text("payload.consents.0.evidence.manner"), "am Telefonsandbox")
		if len(r.text("payload.consents.0.evidence.wordingHash")) != 64 {
			t.Errorf("the wording's hash is missing: %s", r.body)
		}
		contact := r.text("payload.consents.0.contact.id")

		count := func(as *db.Tenant, filter string) string {
			return a.must(as, `{consents(filter: `+filter+`) {totalCount}}`).text("consents.totalCount")
		}
		for filter, want := range map[string]string{
			`{contact: "` + contact + `"}`:                     "1",
			`{contact: "contact_x"}`:                           "0",
			`{search: "k-0002"}`:                               "1",
			`{search: "K-0002 nobody"}`:                        "0",
			`{search: "K-000", state: GRANTED}`:                "1",
			`{search: "  "}`:                                   "2",
			`{search: "%_\\", channel: EMAIL}`:                 "0",
			`{contact: "` + contact + `", search: "K-0002"}`:   "0",
			`{search: "K-0001", key: "newsletter"}`:            "1",
			`{search: "K-0001", key: "newsletter' OR 1=1 --"}`: "0",
		} {
			equal(t, filter, count(a.test, filter), want)
		}
		equal(t, "live", count(a.live, `{search: "K-000"}`), "0")

		read := limited(a.test, db.ConsentsRead, db.ContactsRead)
		equal(t, "without the right", a.must(read, `{consents(first: 1) {nodes {evidence {manner}}}}`).at("consents.nodes.0.evidence"), nil)
	})
}

func TestAConsentDefinitionTellsAllItsVersions(t *testing.T) {
	each(t, func(t *testing.T, a *api) {
		a.saveDefinition(t)
		wording := []any{map[string]any{"locale": "de", "title": "Neuigkeiten", "wording": "Ganz anders."}}
		a.run(a.live, "consentDefinitionSave", "definition { version }", map[string]any{"key": "newsletter", "wordings": wording})
		a.run(a.live, "consentDefinitionSave", "definition { version }", map[string]any{"key": "other", "wordings": wording})
		r := a.must(a.live, `{consentDefinitions {key version versions {version createdAt wordings {locale wording}}}}`)
		equal(t, "newest", r.text("consentDefinitions.0.versions.0.version")+r.text("consentDefinitions.0.versions.0.wordings.0.wording"), "2Ganz anders.")
		equal(t, "oldest", r.text("consentDefinitions.0.versions.1.version")+r.text("consentDefinitions.1.versions.0.version"), "11")
	})
}
