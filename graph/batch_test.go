package graph_test

import (
	"fmt"
	"strings"
	"testing"
)

func TestListsAreLoadedInAConstantNumberOfStatements(t *testing.T) {
	a, statements := counted(t)
	a.fill(a.live, 60)
	for range 3 {
		a.run(a.live, "contactsUpload", "operation { id }", map[string]any{"contacts": contacts(60)})
	}
	ids := make([]string, 60)
	for i := range ids {
		ids[i] = fmt.Sprintf("K-%04d", i)
	}
	a.run(a.live, "requestsCreate", "requests { id }", map[string]any{"contactExternalIds": ids})
	a.saveDefinition(t)
	tests := []struct {
		name, query string
		most        int64
	}{
		{"Contacts with Employee and events", `{contacts(first: %d) {nodes {employee {id} events(last: 3) {nodes {kind}}}}}`, 3},
		{"by edges", `{contacts(first: %d) {edges {node {employee {id} events(last: 3) {edges {node {kind changes {field}}}}}}}}`, 4},
		{"there and back", `{contacts(first: %d) {nodes {events(last: 3) {nodes {contact {id employee {id}}}}}}}`, 4},
		{"with counts", `{contacts(first: %d) {nodes {events(last: 3) {totalCount nodes {id}} requests {totalCount nodes {id}}}}}`, 5},
		{"by alias", `{contacts(first: %d) {nodes {a: events(last: 1) {nodes {id}} b: events(first: 2) {nodes {id}} consents {id}}}}`, 4},
		{"events", `{events(first: %d) {edges {node {contact {id} employee {id} operation {id} request {id} consent {id} changes {field}}}}}`, 7},
		{"Requests", `{requests(first: %d) {nodes {contact {id employee {id}} employee {id} deliveries {status} link}}}`, 4},
		{"Employees with Contacts", `{employees(first: 10) {nodes {contacts(first: %d) {totalCount nodes {id events(last: 2) {nodes {id}}}}}}}`, 4},
		{"items", `{operations(first: 1) {nodes {items(first: %d) {nodes {contact {id} employee {id}}}}}}`, 4},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var counts []int64
			for _, rows := range []int{2, 50} {
				query := fmt.Sprintf(tt.query, rows)
				before := statements.Load()
				r := a.must(a.live, query)
				counts = append(counts, statements.Load()-before)
				if rows == 50 && strings.Count(r.body, "{") < 20 {
					t.Errorf("there is next to nothing in the answer: %s", r.body)
				}
			}
			if counts[1] > tt.most {
				t.Errorf("50 rows took %d statements (2 rows %d), at most %d were expected", counts[1], counts[0], tt.most)
			}
		})
	}
}

// saveDefinition makes a ConsentDefinition with two Channels.
func (a *api) saveDefinition(t *testing.T) {
	t.Helper()
	r := a.run(a.live, "consentDefinitionSave", "definition { id key version }", map[string]any{
		"key": "newsletter", "advertising": true, "channels": []string{"EMAIL", "PHONE"},
		"wordings": []any{map[string]any{"locale": "de", "title": "Neuigkeiten", "wording": "Ja, ich möchte **Neuigkeiten**. Widerruf jederzeit."}},
	})
	if r.text("payload.definition.version") != "1" {
		t.Fatalf("the definition was not saved: %s", r.body)
	}
}
