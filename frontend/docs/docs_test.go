package docs

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"html"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"complero/db"
	"complero/frontend/static"
)

// facts are the API as it is, and settings and commands like those of the program.
func facts(t testing.TB) Facts {
	t.Helper()
	files, err := filepath.Glob("../../graph/schema/*.graphqls")
	if err != nil || len(files) == 0 {
		t.Fatalf("no schema: %v", err)
	}
	var parts []*ast.Source
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, &ast.Source{Name: file, Input: string(text)})
	}
	schema, err := gqlparser.LoadSchema(parts...)
	if err != nil {
		t.Fatal(err)
	}
	flag := Setting{Flag: "--smtp URL", Environment: "COMPLERO_SMTP", Help: "Mail server, as smtp://HOST?tls=none|starttls; <none> if left out."}
	return Facts{Schema: schema, Settings: []Setting{flag}, Commands: []Command{{Name: "move", Help: "Moves *everything*.", Settings: []Setting{flag}}, {Name: "demo", Help: "A demo."}}}
}

// site is the docs as they are served.
func site(t testing.TB) *http.ServeMux {
	t.Helper()
	mux := http.NewServeMux()
	New(facts(t), slog.New(slog.DiscardHandler)).Routes(mux)
	mux.Handle("GET "+static.CSS().Path, static.CSS())
	return mux
}

func get(t testing.TB, mux *http.ServeMux, path string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w
}

func newTestBook(t testing.TB) *book {
	t.Helper()
	b, err := newBook(facts(t))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// paths are all pages, a search and a page that is missing.
func paths(b *book) []string {
	all := []string{"/docs", apiPath, "/docs/search", "/docs/search?q=acknowledge", "/docs/none"}
	for _, e := range append(b.guideEntries(), b.nounEntries()...) {
		all = append(all, e.Path)
	}
	return all
}

var (
	hrefs = regexp.MustCompile(`href="([^"]*)"`)
	ids   = regexp.MustCompile(` id="([^"]*)"`)
)

func TestEveryLinkLeadsSomewhere(t *testing.T) {
	mux := site(t)
	anchors := map[string][]string{}
	links := map[string][]string{}
	for _, path := range paths(newTestBook(t)) {
		body := get(t, mux, path).Body.String()
		for _, id := range ids.FindAllStringSubmatch(body, -1) {
			if name := html.UnescapeString(id[1]); slices.Contains(anchors[path], name) {
				t.Errorf("%s has two places %q", path, name)
			} else {
				anchors[path] = append(anchors[path], name)
			}
		}
		for _, link := range hrefs.FindAllStringSubmatch(body, -1) {
			links[path] = append(links[path], html.UnescapeString(link[1]))
		}
	}
	others := []string{"/graphql/explorer", "/app/", "/outbox"}
	for path, all := range links {
		for _, link := range all {
			to, anchor, _ := strings.Cut(link, "#")
			if to == "" {
				to = path
			}
			switch {
			case strings.HasPrefix(to, "https://"), to == "data:,", slices.Contains(others, to):
			case get(t, mux, to).Code != http.StatusOK && to != "/docs/none":
				t.Errorf("%s leads to %s, which is not there", path, link)
			case anchor != "" && !slices.Contains(anchors[to], anchor):
				t.Errorf("%s leads to %s, where there is no such place", path, link)
			}
		}
	}
}

func TestREADMELeadsIntoTheGuides(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	b := newTestBook(t)
	links := regexp.MustCompile(`\]\(frontend/docs/pages/([a-z-]+)\.md(?:#([a-z-]+))?\)`).FindAllSubmatch(readme, -1)
	if len(links) < len(b.guides) {
		t.Errorf("README leads to %d places of %d guides", len(links), len(b.guides))
	}
	for _, link := range links {
		p := b.guide(string(link[1]))
		if p == nil || len(link[2]) > 0 && !slices.ContainsFunc(p.Contents, func(h heading) bool { return h.ID == string(link[2]) }) {
			t.Errorf("README leads to %s, where there is nothing", link[0])
		}
	}
}

func TestEveryPageSaysWhatItIsAbout(t *testing.T) {
	b, mux := newTestBook(t), site(t)
	seen := map[string]bool{}
	for _, path := range paths(b) {
		w := get(t, mux, path)
		body := w.Body.String()
		want := http.StatusOK
		if path == "/docs/none" {
			want = http.StatusNotFound
		}
		title := regexp.MustCompile(`<title>(.+) – Complero</title><meta name="description" content="(.+?)">`).FindStringSubmatch(body)
		if w.Code != want || len(title) == 0 || strings.Count(body, "<h1>") != 1 {
			t.Fatalf("%s: %d, %q", path, w.Code, body[:min(len(body), 500)])
		}
		if name, _, _ := strings.Cut(path, "?"); seen[title[2]] && name != "/docs/search" {
			t.Errorf("%s says of itself what another page says: %s", path, title[2])
		}
		seen[title[2]] = true
		if strings.Contains(body, "<script") || strings.Contains(body, "style=") || strings.Contains(body, "[[") {
			t.Errorf("%s has a script, a style or a table that was not made", path)
		}
		if policy := w.Header().Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'; style-src 'self'; img") {
			t.Errorf("%s has the policy %q", path, policy)
		}
	}
}

func TestEveryGuideIsInItsPlace(t *testing.T) {
	files, err := filepath.Glob("pages/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !slices.Contains(guideNames, strings.TrimSuffix(filepath.Base(file), ".md")) {
			t.Errorf("%s is not in guideNames", file)
		}
	}
	b := newTestBook(t)
	if p := b.guide("planning"); p.Previous.Path != "/docs/start" || p.Next.Path != "/docs/pushing-data" {
		t.Errorf("planning stands between %v and %v", p.Previous, p.Next)
	}
	if first, last := b.guide("start"), b.reference(); first.Previous != nil || last.Previous.Path != "/docs/security" || last.Next == nil {
		t.Errorf("the first has %v before it, the reference %v", first.Previous, last.Previous)
	}
}

func TestGuidesRefuseWhatTheyCannotShow(t *testing.T) {
	p := newPrinter(facts(t))
	for _, test := range []struct{ source, want string }{
		{"No title.", "begin with a title"},
		{"# Title\n\n- no sentence", "begin with a title"},
		{"# Title\n\nLead.\n\n[[prices]]\n", "[[prices]]: there is no such table"},
		{"# Title\n\nLead.\n\n## Here\n\n<b>bold</b>\n", `below "Here"`},
		{"# Title\n\nLead.\n\n```perl\nx\n```\n", `an example in "perl"`},
	} {
		if _, err := p.guide("x", test.source); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q is refused with %v, want %s", test.source, err, test.want)
		}
	}
	g, err := p.guide("x", "# Title\n\nLead.\n\n## A < B\n\n[there](start.md#ask), `contactsUpload` & `<i>`\n")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`<h2 id="a--b"><a href="#a--b">A &lt; B</a></h2>`, `<a href="/docs/start#ask">there</a>`,
		`<a href="/docs/api/contact#contactsUpload"><code>contactsUpload</code></a>`, `&amp; <code>&lt;i&gt;</code>`,
	} {
		if !strings.Contains(g.HTML, want) {
			t.Errorf("%s has not %s", g.HTML, want)
		}
	}
}

func TestExamplesFitTheSchema(t *testing.T) {
	b, schema := newTestBook(t), facts(t).Schema
	check := func(where, code string) {
		if _, err := gqlparser.LoadQueryWithRules(schema, code, nil); err != nil {
			t.Errorf("%s: %v\n%s", where, err, code)
		}
	}
	examples := 0
	for _, g := range b.guides {
		for _, e := range g.examples {
			check(e.Where.Path, e.Code)
			examples++
		}
	}
	if examples < 30 {
		t.Errorf("the guides have %d examples", examples)
	}
	for _, n := range b.api.nouns {
		for _, group := range n.Calls {
			for _, c := range group.Members {
				if len(c.Examples) == 0 {
					t.Errorf("%s has no example", c.Name)
				}
				for _, e := range c.Examples {
					check(c.Name, e.Code)
				}
			}
		}
	}
	for _, name := range guideNames {
		text, err := sources.ReadFile("pages/" + name + ".md")
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range regexp.MustCompile("(?sm)^```json\n(.*?)^```").FindAllSubmatch(text, -1) {
			if !json.Valid(found[1]) {
				t.Errorf("%s shows JSON that is none: %s", name, found[1])
			}
		}
	}
}

func TestTheReferenceHasAllOfTheSchema(t *testing.T) {
	b, mux, schema := newTestBook(t), site(t), facts(t).Schema
	var all strings.Builder
	for _, n := range b.api.nouns {
		all.WriteString(get(t, mux, n.path()).Body.String())
	}
	shown := all.String()
	has := func(id string) {
		if !strings.Contains(shown, ` id="`+id+`"`) {
			t.Errorf("%s is not explained", id)
		}
	}
	for _, root := range roots(schema) {
		for _, f := range root.Fields {
			if id := f.Name; root == schema.Subscription {
				has(subscriptionID(id))
			} else if !strings.HasPrefix(id, "__") {
				has(id)
				for _, a := range f.Arguments {
					has(id + "." + a.Name)
				}
			}
		}
	}
	for _, def := range sortedTypes(schema) {
		has(def.Name)
		for _, f := range def.Fields {
			has(def.Name + "." + f.Name)
		}
		for _, v := range def.EnumValues {
			has(def.Name + "." + v.Name)
		}
	}
	for _, hidden := range []string{"__schema", ".__typename", "goField"} {
		if strings.Contains(shown, hidden) {
			t.Errorf("%s is no matter of clients", hidden)
		}
	}
}

func TestTablesAreThoseThatTheProgramGoesBy(t *testing.T) {
	mux := site(t)
	roles := get(t, mux, "/docs/roles").Body.String()
	for _, role := range db.Roles() {
		if !strings.Contains(roles, "<code>"+string(role)+"</code>") || !strings.Contains(roles, "<th>"+strings.ReplaceAll(string(role), "_", "_\u200b")+"</th>") {
			t.Errorf("%s is not in both tables", role)
		}
	}
	row := regexp.MustCompile(`(?s)<code>audit:read</code></td>(.*?)</tr>`).FindStringSubmatch(roles)
	if row == nil || strings.Count(row[1], "yes") != 3 {
		t.Errorf("audit:read is held by %q", row)
	}
	running := get(t, mux, "/docs/running").Body.String()
	for _, want := range []string{
		"<code>--smtp URL</code>", "<code>COMPLERO_SMTP</code>", "tls=none|starttls; &lt;none&gt; if left out.", `<h3 id="move">`, "Moves *everything*.",
	} {
		if !strings.Contains(running, want) {
			t.Errorf("Running it does not show %s", want)
		}
	}
	theming := get(t, mux, "/docs/theming").Body.String()
	for _, f := range append(db.TextFields(), db.TextFilters()...) {
		if !strings.Contains(theming, "<code>"+strings.ReplaceAll(f.Name, `"`, "&quot;")+"</code>") {
			t.Errorf("Theming does not have the field %s", f.Name)
		}
	}
}

func TestPagesStaySmall(t *testing.T) {
	b, mux := newTestBook(t), site(t)
	for _, path := range paths(b) {
		var packed bytes.Buffer
		w, err := gzip.NewWriterLevel(&packed, gzip.BestSpeed)
		if err != nil {
			t.Fatal(err)
		}
		if _, err = w.Write(get(t, mux, path).Body.Bytes()); err == nil {
			err = w.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
		if packed.Len() > 20<<10 {
			t.Errorf("%s has %d bytes over the wire", path, packed.Len())
		}
	}
}

func TestSearchFinds(t *testing.T) {
	b := newTestBook(t)
	for _, test := range []struct{ query, first string }{
		{"acknowledge", "/docs/reading-events#acknowledge"},
		{"eventsAcknowledge", "/docs/api/event#eventsAcknowledge"},
		{"EVENTSACKNOWLEDGE", "/docs/api/event#eventsAcknowledge"},
		{"backup", "/docs/running#backup-and-restore"},
		{"restore backup", "/docs/running#backup-and-restore"},
		{"nullIsName", "/docs/pushing-data#of-a-column"},
		{"COMPLERO_SMTP", "/docs/running#settings"},
		{"ConsentDefinition", "/docs/api/consent#ConsentDefinition"},
		{"sourceSave xyzzy", "/docs/api/source#sourceSave"}, // one of both words
	} {
		hits := find(b.index, test.query)
		if len(hits) == 0 {
			t.Errorf("%q finds nothing", test.query)
		} else if hits[0].Path != test.first {
			t.Errorf("%q finds %s first, want %s", test.query, hits[0].Path, test.first)
		}
	}
	for _, query := range []string{"", "  ", "?!", "xyzzy"} {
		if hits := find(b.index, query); len(hits) != 0 {
			t.Errorf("%q finds %s", query, hits[0].Path)
		}
	}
}

func TestSearchIsShownAsText(t *testing.T) {
	mux := site(t)
	const query = `"><script>alert(1)</script>`
	for _, query := range []string{query, query + " acknowledge", strings.Repeat("ä<", 500), "\xff\x00<b>"} {
		w := get(t, mux, "/docs/search?q="+url.QueryEscape(query))
		if body := w.Body.String(); w.Code != http.StatusOK || strings.Contains(body, "<script") || strings.Contains(body, "<b>") || len(body) > 60<<10 {
			t.Errorf("%.40q is answered %d: %s", query, w.Code, body)
		}
	}
}

func FuzzSearchQuotesWhatIsThere(f *testing.F) {
	b := newTestBook(f)
	for _, query := range []string{"acknowledge", "a b c", "ß ſ İ K", "… \xff", "{{ company }}", "--smtp"} {
		f.Add(query)
	}
	f.Fuzz(func(t *testing.T, query string) {
		for _, h := range find(b.index, query) {
			quoted := strings.TrimSuffix(strings.TrimPrefix(strings.Join(h.Pieces, ""), "… "), " …")
			if !strings.Contains(h.text, quoted) || len(h.Pieces)%2 == 0 {
				t.Fatalf("%q finds %s and quotes %q", query, h.Path, quoted)
			}
		}
	})
}

func BenchmarkSearch(bench *testing.B) {
	b := newTestBook(bench)
	size := 0
	for _, s := range b.index {
		size += len(s.text) + len(s.lower)
	}
	for bench.Loop() {
		find(b.index, "acknowledge consumer events")
	}
	bench.ReportMetric(float64(size), "index-bytes")
}

func BenchmarkMaking(bench *testing.B) {
	f := facts(bench)
	for bench.Loop() {
		if _, err := newBook(f); err != nil {
			bench.Fatal(err)
		}
	}
}
