package graph_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"golang.org/x/image/font/gofont/goregular"

	"complero/db"
)

// marker stands in every text of the first Company that a stranger must not
// see; shared in those that its own test key may.
const (
	marker = "zzmarker"
	shared = "zzshared"
)

// TestAStrangerSeesNothing walks every field of the schema, as introspection
// tells it, with the first Company's ids in every argument, and finds none of
// its texts: with another Company's key, with a test key and with none.
func TestAStrangerSeesNothing(t *testing.T) {
	each(t, func(t *testing.T, a *api) {
		known := a.plant(t)
		w := walk{api: a, known: known}
		w.learn()
		own := w.everything(a.live)
		if n := strings.Count(own, marker); n < 20 {
			t.Errorf("the walk finds the markers only %d times even for their owner", n)
		}
		for kind := range known {
			if !strings.Contains(own, known[kind]) {
				t.Errorf("the walk does not find the owner's %s", kind)
			}
		}
		// What its own test key tries stands in the audit log, before what stood there.
		unlogged := w
		unlogged.unasked = "auditLog"
		before := unlogged.everything(a.live)
		stranger := newAPI(t, a.store, "Andere")
		stranger.fill(stranger.live, 2)
		for name, as := range map[string]*db.Tenant{"another Company": stranger.live, "another Company's test key": stranger.test, "no key": nil, "its own test key": a.test} {
			seen := w.everything(as)
			if as == a.test {
				seen = strings.ReplaceAll(seen, shared, "")
			}
			for _, text := range []string{marker, shared} {
				if at := strings.Index(seen, text); at >= 0 {
					t.Errorf("%s sees …%s…", name, seen[max(0, at-200):min(len(seen), at+200)])
				}
			}
		}
		if after := unlogged.everything(a.live); strings.Count(after, marker) < strings.Count(before, marker) {
			t.Error("a stranger has changed the first Company's data")
		}
	})
}

// plant fills a Company with markers and returns an id of each kind.
func (a *api) plant(t *testing.T) map[string]string {
	t.Helper()
	m := func(s string) string { return marker + s }
	a.run(a.live, "employeesUpload", "operation { id }", map[string]any{"employees": []any{map[string]any{
		"externalId": m("E"), "displayName": m("name"), "email": m("e") + "@example.com", "jobTitle": m("job"),
	}}})
	items := []any{map[string]any{
		"externalId": m("K"), "employee": m("E"), "givenName": m("given"), "familyName": m("family"), "organisation": m("org"),
		"emails": []any{map[string]any{"address": m("k") + "@example.com"}}, "addresses": []any{map[string]any{"city": m("city"), "countryCode": "DE"}},
		"customFields": map[string]any{m("key"): m("value")}, "metadata": map[string]any{m("meta"): m("data")},
	}, map[string]any{"externalId": m("bad"), "birthDate": m("date")}}
	a.run(a.live, "contactsUpload", "operation { id }", map[string]any{"contacts": items})
	a.run(a.live, "consentDefinitionSave", "definition { id }", map[string]any{
		"key": "letter", "channels": []string{"LETTER"}, "wordings": []any{map[string]any{"locale": "de", "title": shared + "title", "wording": shared + "wording"}},
	})
	a.run(a.live, "customFieldSave", "customField { key }", map[string]any{
		"key": shared + "field", "type": "CHOICE", "labels": []any{map[string]any{"locale": "de", "label": shared + "label"}},
		"choices": []any{map[string]any{"value": shared + "choice"}},
	})
	a.run(a.live, "textSave", "text { version }", map[string]any{"name": shared, "locale": "de", "subject": shared + "subject", "body": shared + "body", "sms": shared + "sms"})
	if _, err := a.live.UploadFont(t.Context(), db.FontUpload{File: bytes.NewReader(goregular.TTF), Licence: shared + "licence"}); err != nil {
		t.Fatal(err)
	}
	a.run(a.live, "requestsCreate", "requests { id }", map[string]any{"contactExternalIds": []string{m("K")}})
	a.run(a.live, "contactStop", "contact { id }", map[string]any{"externalId": m("K"), "reason": m("reason")})
	r := a.must(a.live, `{contacts {nodes {id}} employees {nodes {id}} operations {nodes {id}} requests {nodes {id}} events {nodes {id}}}`)
	known := map[string]string{}
	for _, kind := range []string{"contact", "employee", "operation", "request", "event"} {
		known[kind] = r.text(kind + "s.nodes.0.id")
		if known[kind] == "" {
			t.Fatalf("there is no %s: %s", kind, r.body)
		}
	}
	return known
}

// walk asks for every field, as far as introspection tells of them.
type walk struct {
	api   *api
	known map[string]string
	types map[string]map[string]any
	// without are edges that are not asked for: those that are FORBIDDEN to the
	// caller leave nothing of what else was asked for beside them.
	without []string
	// unasked is a root field that is left out.
	unasked string
}

func (w *walk) learn() {
	r := w.api.must(w.api.live, `{__schema {types {name kind possibleTypes {name} enumValues {name}
		fields {name type {...t} args {name type {...t}}} inputFields {name type {...t}}}}}
		fragment t on __Type {name kind ofType {name kind ofType {name kind ofType {name kind ofType {name kind}}}}}`)
	w.types = map[string]map[string]any{}
	for _, v := range list(r.at("__schema.types")) {
		w.types[fmt.Sprint(v["name"])] = v
	}
}

func list(v any) []map[string]any {
	items, _ := v.([]any)
	maps := make([]map[string]any, 0, len(items))
	for _, i := range items {
		if m, ok := i.(map[string]any); ok {
			maps = append(maps, m)
		}
	}
	return maps
}

// named is the type inside lists and non-nulls, and whether there was a list
// and whether it may be left out.
func named(t map[string]any) (name string, isList, needed bool) {
	needed = t["kind"] == "NON_NULL"
	for t["ofType"] != nil {
		isList = isList || t["kind"] == "LIST"
		t, _ = t["ofType"].(map[string]any)
	}
	return fmt.Sprint(t["name"]), isList, needed
}

// selection selects all fields of a type, two kinds of things deep.
func (w *walk) selection(typ string, depth int) string {
	var b strings.Builder
	b.WriteString(" __typename")
	for _, f := range list(w.types[typ]["fields"]) {
		t, _ := f["type"].(map[string]any)
		name, _, _ := named(t)
		kind := w.types[name]["kind"]
		if kind == "SCALAR" || kind == "ENUM" {
			fmt.Fprintf(&b, " %s", f["name"])
			continue
		}
		if depth > 0 && !slices.Contains(w.without, fmt.Sprint(f["name"])) {
			fmt.Fprintf(&b, " %s%s {%s}", f["name"], w.arguments(f, ""), w.selection(name, depth-1))
		}
	}
	return b.String()
}

// selections are what to select of a field's type: of an interface, each of
// its types in turn.
func (w *walk) selections(typ string) []string {
	possible := list(w.types[typ]["possibleTypes"])
	if len(possible) == 0 {
		return []string{w.within(typ, 4)}
	}
	var all []string
	for _, p := range possible {
		all = append(all, fmt.Sprintf("... on %s {%s}", p["name"], w.within(fmt.Sprint(p["name"]), 3)))
	}
	return all
}

// within is a selection as deep as a call can be that selects no more than 1,000 fields.
func (w *walk) within(typ string, depth int) string {
	for {
		s := w.selection(typ, depth)
		if depth == 0 || len(strings.Fields(s)) < 950 {
			return s
		}
		depth--
	}
}

// everything asks for each field of Query, Mutation and Subscription, with each known id
// and text of the first Company, and returns all answers.
func (w *walk) everything(as *db.Tenant) string {
	var all strings.Builder
	for operation, root := range map[string]string{"query": "Query", "mutation": "Mutation", "subscription": "Subscription"} {
		if operation == "mutation" && as == w.api.live {
			continue // its owner may change it
		}
		for _, f := range list(w.types[root]["fields"]) {
			if f["name"] == w.unasked {
				continue
			}
			for _, id := range append([]string{""}, values(w.known)...) {
				args := w.arguments(f, id)
				t, _ := f["type"].(map[string]any)
				name, _, _ := named(t)
				for _, selection := range w.selections(name) {
					all.WriteString(w.ask(as, fmt.Sprintf("%s {%s%s {%s}}", operation, f["name"], args, selection)))
				}
				if !strings.Contains(args, id) {
					break // it takes no ids
				}
			}
		}
	}
	return all.String()
}

// ask returns the answer to one document.
func (w *walk) ask(as *db.Tenant, query string) string {
	var r *reply
	if strings.HasPrefix(query, "subscription") {
		r = w.api.watch(as, query)
	} else {
		r = w.api.call(as, query)
	}
	if as != nil && r.status != http.StatusOK || r.code() == "INTERNAL" {
		w.api.t.Errorf("%.300s\nwas answered with %d %.300s", query, r.status, r.body)
	}
	if as == w.api.live {
		return r.body
	}
	// What a stranger asked with comes back, which shows nothing.
	return strings.NewReplacer(marker+`K\"`, "", marker+`E\"`, "", marker+`K"`, "", marker+`E"`, "").Replace(r.body)
}

// watch returns what comes of a subscription that has to end at once.
func (a *api) watch(as *db.Tenant, query string) *reply {
	a.t.Helper()
	status, events, body := a.take(as, query)
	r := &reply{status: status, body: body}
	if status == http.StatusOK && (len(events) != 2 || events[1] != "complete" || json.Unmarshal([]byte(strings.TrimPrefix(events[0], "next ")), r) != nil) {
		a.t.Errorf("%.300s\nwas answered with %.300s", query, body)
	}
	return r
}

func values(m map[string]string) []string {
	var list []string
	for _, v := range m {
		list = append(list, v)
	}
	return list
}

// arguments are those of a field that name something, or that it needs.
func (w *walk) arguments(f map[string]any, id string) string {
	var args []string
	for _, a := range list(f["args"]) {
		t, _ := a["type"].(map[string]any)
		name, isList, needed := named(t)
		wanted := needed || name == "ID" && id != "" || a["name"] == "externalId" && id == "" || a["name"] == "contactExternalId"
		if f["name"] == "contact" && a["name"] == "id" && id == "" {
			wanted = false
		}
		if a["name"] == "first" {
			args = append(args, "first: 2")
		} else if wanted {
			args = append(args, fmt.Sprintf("%s: %s", a["name"], w.value(fmt.Sprint(a["name"]), name, isList, id)))
		}
	}
	if len(args) == 0 {
		return ""
	}
	return "(" + strings.Join(args, ", ") + ")"
}

// value is a literal of a type, that means the first Company's where it can.
func (w *walk) value(field, typ string, isList bool, id string) string {
	var v string
	switch def := w.types[typ]; {
	case def["kind"] == "INPUT_OBJECT":
		var fields []string
		for _, f := range list(def["inputFields"]) {
			t, _ := f["type"].(map[string]any)
			name, inner, needed := named(t)
			if needed || name == "ID" && id != "" {
				fields = append(fields, fmt.Sprintf("%s: %s", f["name"], w.value(fmt.Sprint(f["name"]), name, inner, id)))
			}
		}
		v = "{" + strings.Join(fields, ", ") + "}"
	case def["kind"] == "ENUM":
		v = fmt.Sprint(list(def["enumValues"])[0]["name"])
	case typ == "ID" || typ == "String" && field == "through":
		v = fmt.Sprintf("%q", id)
	case typ == "Boolean":
		v = "true"
	case typ == "Int":
		v = "1"
	case strings.Contains(field, "mployee"):
		v = fmt.Sprintf("%q", marker+"E")
	default:
		v = fmt.Sprintf("%q", marker+"K")
	}
	if isList {
		return "[" + v + "]"
	}
	return v
}
