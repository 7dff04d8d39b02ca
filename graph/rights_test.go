package graph_test

import (
	"flag"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"complero/db"
	"complero/graph"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestRightsByRole asks for every query, mutation and subscription as each role,
// and compares what is not FORBIDDEN with a table that is read in review: a new
// field or right shows there.
func TestRightsByRole(t *testing.T) {
	each(t, func(t *testing.T, a *api) {
		a.handler = graph.New(graph.Config{Importer: reader{}, Composer: sampler{}})
		a.run(a.live, "sourceSave", "source { key }", map[string]any{"key": "agency", "name": "Agentur"})
		a.run(a.live, "companyUpdate", "company { id }", map[string]any{"employeeRequests": true})
		known := a.plant(t)
		w := walk{api: a, known: known}
		w.learn()
		var users []*db.Tenant
		var table strings.Builder
		fmt.Fprintf(&table, "%-36s", "")
		for _, role := range db.Roles() {
			users = append(users, a.user(db.Grant{Role: role, Source: map[db.Role]string{db.AgencyRole: "agency"}[role], EmployeeID: map[db.Role]string{db.EmployeeRole: known["employee"]}[role]}))
			fmt.Fprintf(&table, " %s", role)
		}
		var rows []string
		for operation, root := range map[string]string{"query": "Query", "mutation": "Mutation", "subscription": "Subscription"} {
			for _, f := range list(w.types[root]["fields"]) {
				row := fmt.Sprintf("%-36s", fmt.Sprintf("%s %s", operation, f["name"]))
				for i, role := range db.Roles() {
					row += fmt.Sprintf(" %-*s", len(role), w.may(users[i], operation, f))
				}
				rows = append(rows, strings.TrimRight(row, " ")+"\n")
			}
		}
		slices.Sort(rows)
		golden(t, "rights.golden", table.String()+"\n"+strings.Join(rows, ""))
	})
}

// withFile are the inputs of mutations that need a file.
var withFile = map[string]string{
	"contactsImport": "file: $file", "fontUpload": `file: $file, licence: "OFL"`, "brandImportTokens": "file: $file",
}

// may asks for a field with ids that there are not: "yes", or "-" for FORBIDDEN.
func (w *walk) may(as *db.Tenant, operation string, f map[string]any) string {
	t, _ := f["type"].(map[string]any)
	name, _, _ := named(t)
	selection := "__typename"
	for _, inner := range list(w.types[name]["fields"]) {
		if inner["name"] == "userErrors" {
			selection = "userErrors {code}"
		}
	}
	query := fmt.Sprintf("%s {%s%s {%s}}", operation, f["name"], w.arguments(f, "none"), selection)
	var r *reply
	switch {
	case operation == "subscription":
		r = w.api.watch(as, query)
	case withFile[f["name"].(string)] != "":
		query = fmt.Sprintf("mutation($file: Upload!) {%s(input: {%s}) {userErrors {code}}}", f["name"], withFile[f["name"].(string)])
		body, kind := multipartBody(w.api.t.(*testing.T), jsonOf(w.api.t.(*testing.T), map[string]any{"query": query, "variables": map[string]any{"file": nil}}),
			`{"0": ["variables.file"]}`, []byte("externalId\nK-1\n"))
		r = w.api.send(as, body, kind)
	default:
		r = w.api.call(as, query)
	}
	if r.status != 200 || strings.Contains(r.body, `"INTERNAL"`) {
		w.api.t.Errorf("%s was answered with %d %.300s", query, r.status, r.body)
	}
	if strings.Contains(r.body, `"FORBIDDEN"`) {
		return "-"
	}
	return "yes"
}

// user signs somebody in who has a role in the Company.
func (a *api) user(g db.Grant) *db.Tenant {
	a.t.Helper()
	if !g.Role.Everywhere() {
		g.CompanyID = a.live.Company.ID
	}
	system, err := a.store.WorkOn(a.t.Context(), a.live.Company.ID, db.Live)
	if err != nil {
		a.t.Fatal(err)
	}
	email := fmt.Sprintf("%s%s@example.com", strings.ToLower(string(g.Role)), strings.ReplaceAll(g.EmployeeID, "_", ""))
	_, link, err := system.InviteUser(a.t.Context(), db.UserInvite{Email: email, Name: string(g.Role), Roles: []db.Grant{g}})
	if err != nil {
		a.t.Fatal(err)
	}
	token, err := a.store.UseSignIn(a.t.Context(), path.Base(system.SignInURL(link)), db.Place{})
	if err != nil {
		a.t.Fatal(err)
	}
	session, err := a.store.Session(a.t.Context(), token)
	if err != nil {
		a.t.Fatal(err)
	}
	who, err := a.store.SignedIn(a.t.Context(), session)
	if err != nil {
		a.t.Fatal(err)
	}
	tenant, err := who.Tenant(a.t.Context(), a.live.Company.ID, db.Live)
	if err != nil {
		a.t.Fatal(err)
	}
	return tenant
}

// golden compares a text with a file in testdata, or writes it there.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got == string(want) {
		return
	}
	was, is := strings.Split(string(want), "\n"), strings.Split(got, "\n")
	for _, line := range was {
		if !slices.Contains(is, line) {
			t.Errorf("%s: no longer %q", name, line)
		}
	}
	for _, line := range is {
		if !slices.Contains(was, line) {
			t.Errorf("%s: now %q; write it anew by go test ./graph -update", name, line)
		}
	}
}

func TestAUserLearnsTheirRights(t *testing.T) {
	each(t, func(t *testing.T, a *api) {
		for _, role := range []db.Role{db.CompanyAdmin, db.Support, db.DataProtection} {
			r := a.must(a.user(db.Grant{Role: role}), "{viewer {kind source scopes user {email}}}")
			var want []string
			for _, right := range role.Rights() {
				want = append(want, string(right))
			}
			equal(t, "scopes", fmt.Sprint(r.at("viewer.scopes")), fmt.Sprint(want))
			equal(t, "kind", r.text("viewer.kind"), "USER")
		}
	})
}

func TestAKeyIsRotatedByAPI(t *testing.T) {
	each(t, func(t *testing.T, a *api) {
		made := a.run(a.live, "apiKeyCreate", "secret apiKey { id lastUsedAt formerUntil }", map[string]any{"name": "Import"})
		equal(t, "unused", made.text("payload.apiKey.lastUsedAt")+made.text("payload.apiKey.formerUntil"), "")
		id := made.text("payload.apiKey.id")
		rotated := a.run(a.live, "apiKeyRotate", "secret apiKey { id formerUntil }", map[string]any{"id": id, "overlapHours": 2})
		if rotated.text("payload.secret") == made.text("payload.secret") || rotated.text("payload.apiKey.formerUntil") == "" {
			t.Errorf("rotated: %s", rotated.body)
		}
		for _, r := range []*reply{made, rotated} {
			equal(t, "opens", a.tenant(r.text("payload.secret")).Viewer.KeyID, id)
		}
		if err := a.store.NoteKeyUses(t.Context()); err != nil {
			t.Fatal(err)
		}
		keys := a.must(a.live, "{apiKeys {id lastUsedAt}}")
		equal(t, "the newest key", keys.text("apiKeys.0.id"), id)
		if keys.text("apiKeys.0.lastUsedAt") == "" {
			t.Errorf("the key was used: %s", keys.body)
		}
		equal(t, "too long", a.run(a.live, "apiKeyRotate", "secret", map[string]any{"id": id, "overlapHours": 1000}).userErrors("payload"), "INVALID input.overlapHours")
	})
}

func TestTheAuditLogNamesTheMutationAndTheAddress(t *testing.T) {
	each(t, func(t *testing.T, a *api) {
		admin := a.user(db.Grant{Role: db.CompanyAdmin})
		made := a.run(admin, "userInvite", "user { id passkeys seenAt }", map[string]any{
			"email": "Grace@example.com", "name": "Grace Höpper", "roles": []any{map[string]any{"role": "SUPPORT"}},
		})
		id := made.text("payload.user.id")
		equal(t, "nobody has been here yet", made.text("payload.user.passkeys")+made.text("payload.user.seenAt"), "0")
		const entries = "nodes {action viewerId viewerName targets targetNames}"
		log := a.must(admin, `query($id: ID!) {auditLog(filter: {target: $id}) {`+entries+`}}`, "id", id)
		equal(t, "what", log.text("auditLog.nodes.0.action"), "userInvite")
		equal(t, "who", log.text("auditLog.nodes.0.viewerName"), "ADMIN")
		equal(t, "whom", log.text("auditLog.nodes.0.targetNames.0"), "Grace Höpper")
		a.run(admin, "userRemove", "user { id }", map[string]any{"id": id})
		for part, want := range map[string]int{"admin": 2, "ADMIN@EXAMPLE": 2, admin.Viewer.UserID: 2, "nobody": 0, "%": 0} {
			log = a.must(admin, `query($who: String!) {auditLog(filter: {viewer: $who}) {`+entries+`}}`, "who", part)
			equal(t, "found by "+part, len(list(log.at("auditLog.nodes"))), want)
		}
		users := a.must(admin, `{users {name passkeys seenAt}}`)
		equal(t, "left", len(list(users.at("users"))), 1)
		if users.text("users.0.seenAt") == "" {
			t.Errorf("whoever is here was not seen: %s", users.body)
		}
	})
}
