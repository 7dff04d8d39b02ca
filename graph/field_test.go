package graph_test

import (
	"testing"
)

const aboutFields = `key labels { locale label } hints { label } type choices { value labels { label } } maxLength pattern minimum maximum earliest latest policy`

func label(locale, text string) map[string]any {
	return map[string]any{"locale": locale, "label": text}
}

func TestCustomFieldsAreDefinedByAPI(t *testing.T) {
	each(t, func(t *testing.T, a *api) {
		r := a.run(a.live, "customFieldSave", "customField { "+aboutFields+" createdAt }", map[string]any{
			"key": "since", "type": "DATE", "labels": []any{label("de", "Kunde seit"), label("en", "Customer since")},
			"earliest": "1.1.1950", "latest": "2030-12-31", "policy": "REQUIRED",
		})
		equal(t, "errors", r.userErrors("payload"), "")
		equal(t, "bounds", r.text("payload.customField.earliest")+" "+r.text("payload.customField.latest"), "1950-01-01 2030-12-31")
		equal(t, "policy", r.text("payload.customField.policy"), "REQUIRED")
		a.run(a.live, "customFieldSave", "customField { key }", map[string]any{
			"key": "tariff", "type": "CHOICE", "labels": []any{label("de", "Tarif")}, "position": 1,
			"choices": []any{map[string]any{"value": "green", "labels": []any{label("de", "Ökotarif")}}, map[string]any{"value": "basic"}},
		})
		r = a.must(a.test, "{customFields {"+aboutFields+"} fieldPolicies {field policy}}")
		equal(t, "first", r.text("customFields.0.key")+" "+r.text("customFields.0.choices.0.labels.0.label")+" "+r.text("customFields.0.policy"), "tariff Ökotarif EDITABLE")
		equal(t, "lists", len(r.at("customFields.0.hints").([]any))+len(r.at("customFields.0.choices.1.labels").([]any)), 0)
		equal(t, "second", r.text("customFields.1.key"), "since")
		equal(t, "policies", r.text("fieldPolicies.0.field")+" "+r.text("fieldPolicies.0.policy")+" "+r.text("fieldPolicies.12.field"), "locale HIDDEN customFields.since")

		r = a.run(a.live, "customFieldSave", "customField { key }", map[string]any{
			"key": "x", "type": "NUMBER", "labels": []any{label("de", "")}, "minimum": 3.5, "maximum": 3, "pattern": "a",
		})
		equal(t, "errors", r.userErrors("payload"), "REQUIRED input.labels.0.label, INVALID input.pattern, INVALID input.maximum")
		r = a.run(a.live, "customFieldDelete", "customField { key }", map[string]any{"key": "x"})
		equal(t, "errors", r.userErrors("payload"), "NOT_FOUND input.key")
		r = a.run(a.live, "customFieldDelete", "customField { key }", map[string]any{"key": "since"})
		equal(t, "deleted", r.text("payload.customField.key"), "since")
		equal(t, "left", len(a.must(a.live, "{customFields {key}}").at("customFields").([]any)), 1)
	})
}

func TestPoliciesAreSavedByAPI(t *testing.T) {
	each(t, func(t *testing.T, a *api) {
		save := func(pairs ...string) *reply {
			input := []any{}
			for i := 0; i < len(pairs); i += 2 {
				input = append(input, map[string]any{"field": pairs[i], "policy": pairs[i+1]})
			}
			return a.run(a.live, "fieldPolicySave", "policies { field policy }", input)
		}
		r := save("birthDate", "HIDDEN", "emails", "REQUIRED")
		equal(t, "saved", r.text("payload.policies.5.field")+" "+r.text("payload.policies.5.policy")+" "+r.text("payload.policies.7.policy"), "birthDate HIDDEN REQUIRED")
		equal(t, "unknown", save("birthDate", "SHOWN", "shoeSize", "HIDDEN").userErrors("payload"), "NOT_FOUND input.1.field")
		equal(t, "a test key", a.must(a.test, `mutation {payload: fieldPolicySave(input: []) {policies {field} userErrors {code path}}}`).userErrors("payload"), "LIVE_ONLY")
		equal(t, "as it was", a.must(a.test, "{fieldPolicies {policy}}").text("fieldPolicies.5.policy"), "HIDDEN")
		equal(t, "no policy", a.call(a.live, `mutation {fieldPolicySave(input: [{field: "title", policy: OPEN}]) {userErrors {code}}}`).code(), "BAD_VARIABLE")

		a.fill(a.test, 1)
		respond := func(data map[string]any) string {
			return a.run(a.test, "sandboxRespond", "events { kind }", map[string]any{"contactExternalId": "K-0000", "data": data}).userErrors("payload")
		}
		equal(t, "hidden", respond(map[string]any{"birthDate": "1970-01-01"}), "INVALID input.data.birthDate")
		equal(t, "required", respond(map[string]any{"emails": []any{}}), "REQUIRED input.data.emails")
		equal(t, "neither", respond(map[string]any{"givenName": "Anna"}), "")
		equal(t, "the language", respond(map[string]any{"locale": "en"}), "INVALID input.data.locale")
		save("locale", "EDITABLE")
		equal(t, "the language", respond(map[string]any{"locale": "en"}), "")
		equal(t, "the language", a.must(a.test, `{contact(externalId: "K-0000") {locale}}`).text("contact.locale"), "en")
	})
}

func TestMetadataComesBackByAPI(t *testing.T) {
	each(t, func(t *testing.T, a *api) {
		const body = `{"query": "mutation($c: [ContactInput!]!) {contactsUpload(input: {contacts: $c}) {operation {id}}}", "variables": {"c": [
			{"externalId": "K-1", "metadata": {"z": 1.50, "a": ["<x>", null]}}, {"externalId": "K-2", "metadata": "no object"}, {"externalId": "K-3"}]}}`
		id := a.send(a.live, body, "application/json").text("contactsUpload.operation.id")
		a.work(a.live, id)
		r := a.must(a.live, `query($id: ID!) {operation(id: $id) {items {nodes {outcome errors {code path}}}}
			contact(externalId: "K-1") {metadata} events {nodes {kind metadata changes {field}}}}`, "id", id)
		equal(t, "errors", r.text("operation.items.nodes.1.errors.0.code"), "INVALID")
		equal(t, "path", joined(r.at("operation.items.nodes.1.errors.0.path").([]any)), "input.contacts.1.metadata")
		equal(t, "of the Contact", r.at("contact.metadata"), "map[a:[<x> <nil>] z:1.50]")
		equal(t, "of its event", r.at("events.nodes.0.metadata"), "map[a:[<x> <nil>] z:1.50]")
		equal(t, "of another", r.at("events.nodes.1.metadata"), nil)
	})
}
