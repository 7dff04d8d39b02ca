package graph_test

import "testing"

func TestTheAuditLogNamesWhatAKeyDid(t *testing.T) {
	a := one(t)
	a.must(a.live, `mutation {made: sourceSave(input: {key: "berger", name: "Agentur"}) {userErrors {code}}}`)
	a.must(a.live, "{sources {key}}")
	log := a.must(a.live, `{auditLog(first: 1) {nodes {action}}}`)
	equal(t, "the last entry", log.text("auditLog.nodes.0.action"), "sourceSave")
}

func TestTheAuditLogNamesWhatItWasDoneTo(t *testing.T) {
	a := one(t)
	for mutation, at := range map[string]string{
		`{made: companyUpdate(input: {timezone: "Europe/Paris"}) {company {id} userErrors {code}}}`:                                                           "made.company.id",
		`{made: apiKeyCreate(input: {name: "Shop", scopes: ["contacts:read"]}) {apiKey {id} userErrors {code}}}`:                                              "made.apiKey.id",
		`{made: contactsUpload(input: {contacts: [{externalId: "K-1"}]}) {operation {id} userErrors {code}}}`:                                                 "made.operation.id",
		`{made: consentDefinitionSave(input: {key: "news", wordings: [{locale: "de", title: "Neues", wording: "Ja."}]}) {definition {id} userErrors {code}}}`: "made.definition.id",
	} {
		made := a.must(a.live, "mutation "+mutation).text(at)
		equal(t, mutation, a.must(a.live, `{auditLog(first: 1) {nodes {targets}}}`).text("auditLog.nodes.0.targets.0"), made)
	}
}
