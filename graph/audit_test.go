package graph_test

import "testing"

func TestTheAuditLogNamesWhatAKeyDid(t *testing.T) {
	a := one(t)
	a.must(a.live, `mutation {made: sourceSave(input: {key: "berger", name: "Agentur"}) {userErrors {code}}}`)
	a.must(a.live, "{sources {key}}")
	log := a.must(a.live, `{auditLog(first: 1) {nodes {action}}}`)
	equal(t, "the last entry", log.text("auditLog.nodes.0.action"), "sourceSave")
}
