package graph_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"complero/db/dbtest"
	"complero/graph"
)

// one is a Company on SQLite, for what has nothing to do with the database.
func one(t testing.TB) *api {
	return newAPI(t, dbtest.Open(t, dbtest.SQLite), "Muster")
}

func TestCallsAreReadAsGraphQLOverHTTPHasIt(t *testing.T) {
	a := one(t)
	const query = `{"query": "{viewer {test}}"}`
	tests := []struct {
		name, method, target, kind, accept, body string
		status                                   int
		code, answered                           string
	}{
		{"JSON", "POST", "/graphql", "application/json", "", query, 200, "", "application/graphql-response+json; charset=utf-8"},
		{"JSON with a charset", "POST", "/graphql", "application/json; charset=utf-8", "*/*", query, 200, "", "application/graphql-response+json; charset=utf-8"},
		{"JSON for JSON", "POST", "/graphql", "application/json", "application/json", query, 200, "", "application/json; charset=utf-8"},
		{"either", "POST", "/graphql", "application/json", "application/json, application/graphql-response+json", query, 200, "", "application/graphql-response+json; charset=utf-8"},
		{"no answer possible", "POST", "/graphql", "application/json", "text/html", query, 406, "NOT_ACCEPTABLE", ""},
		{"by GET", "GET", "/graphql?query=" + url.QueryEscape("{viewer {test}}"), "", "", "", 200, "", ""},
		{"by GET with variables", "GET", "/graphql?query=" + url.QueryEscape("query($id: ID) {company(id: $id) {id}}") + "&variables=" + url.QueryEscape(`{"id": "x"}`), "", "", "", 200, "", ""},
		{"a mutation by GET", "GET", "/graphql?query=" + url.QueryEscape(`mutation {requestCancel(input: {id: "x"}) {userErrors {code}}}`), "", "", "", 405, "METHOD_NOT_ALLOWED", ""},
		{"GET without a query", "GET", "/graphql", "", "", "", 400, "BAD_REQUEST", ""},
		{"GET with bad variables", "GET", "/graphql?query=%7Bviewer%7Btest%7D%7D&variables=%7B", "", "", "", 400, "BAD_REQUEST", ""},
		{"PUT", "PUT", "/graphql", "application/json", "", query, 405, "METHOD_NOT_ALLOWED", ""},
		{"a form", "POST", "/graphql", "application/x-www-form-urlencoded", "", "query=x", 415, "UNSUPPORTED_MEDIA_TYPE", ""},
		{"no type", "POST", "/graphql", "", "", query, 415, "UNSUPPORTED_MEDIA_TYPE", ""},
		{"broken JSON", "POST", "/graphql", "application/json", "", `{"query": "{viewer`, 400, "BAD_REQUEST", ""},
		{"broken JSON for JSON", "POST", "/graphql", "application/json", "application/json", `{"query": "{viewer`, 400, "BAD_REQUEST", ""},
		{"an empty body", "POST", "/graphql", "application/json", "", ``, 400, "BAD_REQUEST", ""},
		{"a list", "POST", "/graphql", "application/json", "", `[` + query + `]`, 400, "BAD_REQUEST", ""},
		{"something behind", "POST", "/graphql", "application/json", "", query + query, 400, "BAD_REQUEST", ""},
		{"no query", "POST", "/graphql", "application/json", "", `{"variables": {}}`, 400, "BAD_REQUEST", ""},
		{"a number for a query", "POST", "/graphql", "application/json", "", `{"query": 7}`, 400, "BAD_REQUEST", ""},
		{"a list for variables", "POST", "/graphql", "application/json", "", `{"query": "{viewer {test}}", "variables": []}`, 400, "BAD_REQUEST", ""},
		{"a number for extensions", "POST", "/graphql", "application/json", "", `{"query": "{viewer {test}}", "extensions": 1}`, 400, "BAD_REQUEST", ""},
		{"nulls", "POST", "/graphql", "application/json", "", `{"query": "{viewer {test}}", "variables": null, "operationName": null, "extensions": null}`, 200, "", ""},
		{"not UTF-8", "POST", "/graphql", "application/json", "", "{\"query\": \"{viewer {test}} #\xff\"}", 400, "BAD_REQUEST", ""},
		{"a document that cannot be read", "POST", "/graphql", "application/json", "", `{"query": "{{"}`, 400, "BAD_DOCUMENT", ""},
		{"the same for JSON", "POST", "/graphql", "application/json", "application/json", `{"query": "{{"}`, 200, "BAD_DOCUMENT", ""},
		{"an unknown field", "POST", "/graphql", "application/json", "", `{"query": "{viewer {name}}"}`, 400, "BAD_DOCUMENT", ""},
		{"an unknown operation", "POST", "/graphql", "application/json", "", `{"query": "query a {viewer {test}}", "operationName": "b"}`, 400, "BAD_DOCUMENT", ""},
		{"no operation", "POST", "/graphql", "application/json", "", `{"query": "fragment f on Viewer {test}"}`, 400, "BAD_DOCUMENT", ""},
		{"a subscription", "POST", "/graphql", "application/json", "", `{"query": "subscription {x}"}`, 400, "BAD_DOCUMENT", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest(tt.method, tt.target, strings.NewReader(tt.body))
			r.Header.Set("Content-Type", tt.kind)
			if tt.accept != "" {
				r.Header.Set("Accept", tt.accept)
			}
			got := a.do(a.live, r)
			equal(t, "status", got.status, tt.status)
			equal(t, "code", got.code(), tt.code)
			if tt.answered != "" {
				equal(t, "media type", got.header.Get("Content-Type"), tt.answered)
			}
			if tt.code != "" {
				equal(t, "request id", got.Errors[0].Extensions["requestId"], "req-1")
			}
		})
	}
}

func TestNobodySeesAnythingWithoutAKey(t *testing.T) {
	a := one(t)
	for _, query := range []string{`{viewer {test}}`, `{__schema {types {name}}}`, `nonsense`} {
		got := a.call(nil, query)
		equal(t, query, fmt.Sprint(got.status)+" "+got.code()+" "+got.header.Get("WWW-Authenticate"), "401 UNAUTHENTICATED Bearer")
	}
}

func TestHeadersAgreeWithTheKey(t *testing.T) {
	a := one(t)
	for _, tt := range []struct{ name, company, mode, want string }{
		{"both right", a.live.Company.ID, "live", "200 "},
		{"another Company", "company_01h455vb4pex5vsknk084sn02q", "", "403 FORBIDDEN"},
		{"another mode", "", "test", "403 FORBIDDEN"},
		{"no mode", a.live.Company.ID, "LIVE!", "403 FORBIDDEN"},
	} {
		r := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(`{"query": "{viewer {test}}"}`))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Complero-Company", tt.company)
		r.Header.Set("Complero-Mode", tt.mode)
		got := a.do(a.live, r)
		equal(t, tt.name, fmt.Sprint(got.status)+" "+got.code(), tt.want)
	}
}

func TestABodyOfTenMegabytesIsTooLarge(t *testing.T) {
	a := one(t)
	got := a.send(a.live, `{"query": "{viewer {test}} #`+strings.Repeat("x", 10<<20)+`"}`, "application/json")
	equal(t, "answer", fmt.Sprint(got.status)+" "+got.code(), "413 BODY_TOO_LARGE")
}

// TestExcessIsRefused also bounds how long a refusal takes.
func TestExcessIsRefused(t *testing.T) {
	a := one(t)
	deep := strings.Repeat("contact {events(first: 1) {nodes {", 8)
	fragments := &strings.Builder{}
	for i := range 30 {
		fmt.Fprintf(fragments, " fragment f%d on Company {...f%d ...f%d}", i, i+1, i+1)
	}
	tests := []struct{ name, query, code string }{
		{"nested", "{events(first: 1) {nodes {" + deep + "id" + strings.Repeat("}}}", 8) + "}}}", "QUERY_TOO_DEEP"},
		{"nested brackets", strings.Repeat("{a", 9000), "BAD_DOCUMENT"},
		{"wide", "{viewer {" + strings.Repeat("test ", 1500) + "}}", "QUERY_TOO_WIDE"},
		{"just wide enough", "{viewer {" + strings.Repeat("test ", 990) + "}}", ""},
		{"a flood of aliases", "{" + aliases(495, "company {id}") + "}", "QUERY_TOO_COMPLEX"},
		{"a flood of types", "{" + aliases(30, "__schema {types {name}}") + "}", "QUERY_TOO_COMPLEX"},
		{"too many words", "{viewer {test}} " + strings.Repeat("# x\n a ", 21000), "BAD_DOCUMENT"},
		{"a long literal", `{consents(filter: {key: ["` + strings.Repeat(`a" "`, 21000) + `"]}) {nodes {id}}}`, "QUERY_TOO_LARGE"},
		{"too much in one", `{contacts(first: 1000) {nodes {events(first: 100) {nodes {id}}}}}`, "QUERY_TOO_COMPLEX"},
		{"numbers that overflow", `{contacts(first: 2000000000) {nodes {events(first: 2000000000) {nodes {contact {requests(first: 2000000000) {nodes {id}}}}}}}}`, "QUERY_TOO_COMPLEX"},
		{"fragments that explode", "{company {...f0}}" + fragments.String() + " fragment f30 on Company {id name slug}", "QUERY_TOO_COMPLEX"},
		{"fragments that never end", "{company {...a}} fragment a on Company {...b} fragment b on Company {...a}", "BAD_DOCUMENT"},
		{"the list that must work", listOfFifty, ""},
		{"a page of all plain fields", `{contacts(first: 1000) {edges {cursor node {id externalId externalIds {source value} locale salutation title givenName familyName
			birthDate organisation emails {id address use health} phones {id number kind use health}
			addresses {id street houseNumber addition postalCode city region countryCode use health} customFields createdAt updatedAt confirmedAt stoppedAt}}}}`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			begun := time.Now()
			got := a.call(a.live, tt.query)
			equal(t, "code", got.code(), tt.code)
			if tt.code != "" && got.status != 400 {
				t.Errorf("status %d", got.status)
			}
			if took := time.Since(begun); took > 2*time.Second {
				t.Errorf("it took %v", took)
			}
		})
	}
}

func aliases(n int, field string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "a%d: %s ", i, field)
	}
	return b.String()
}

func TestIntrospectionDescribesEverything(t *testing.T) {
	a := one(t)
	r := a.must(a.live, `{__schema {types {name kind description fields {name description args {name description}} inputFields {name description} enumValues {name description}}}}`)
	types, _ := r.at("__schema.types").([]any)
	missing := func(what string, v any) {
		if m, ok := v.(map[string]any); ok && m["description"] == nil {
			t.Errorf("%s%v has no description", what, m["name"])
		}
	}
	for _, v := range types {
		typ, _ := v.(map[string]any)
		name := fmt.Sprint(typ["name"])
		if strings.HasPrefix(name, "__") {
			continue
		}
		missing("", typ)
		for _, part := range []string{"fields", "inputFields", "enumValues"} {
			members, _ := typ[part].([]any)
			for _, m := range members {
				missing(name+".", m)
				if field, ok := m.(map[string]any); ok {
					args, _ := field["args"].([]any)
					for _, arg := range args {
						missing(name+"."+fmt.Sprint(field["name"])+"(", arg)
					}
				}
			}
		}
	}
}

func TestUploadsAreLimitedByKey(t *testing.T) {
	a := one(t)
	a.handler = graph.New(graph.Config{UploadRate: 2})
	const upload = `contactsUpload(input: {contacts: [{externalId: "a"}]}) {operation {id}}`
	for i, want := range []string{"200 ", "200 ", "429 RATE_LIMITED"} {
		got := a.call(a.live, "mutation {"+upload+"}")
		equal(t, fmt.Sprint("upload ", i), fmt.Sprint(got.status, " ", got.code()), want)
		if got.status == 429 && got.header.Get("Retry-After") != "1" {
			t.Errorf("Retry-After is %q", got.header.Get("Retry-After"))
		}
	}
	equal(t, "a query", a.call(a.live, "{viewer {test}}").status, 200)
	equal(t, "another key", a.call(a.test, "mutation {"+upload+"}").status, 200)
	flood := a.call(a.test, "mutation {"+aliases(5, upload)+"}")
	equal(t, "uploads by alias", fmt.Sprint(flood.status)+" "+flood.code(), "429 RATE_LIMITED")
	operations := a.must(a.test, "{operations {nodes {id}}}").at("operations.nodes").([]any)
	equal(t, "Operations of the test key", len(operations), 1)
}

// multipartBody makes a call by the multipart request convention.
func multipartBody(t *testing.T, operations, places string, files ...[]byte) (body, kind string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, part := range [][2]string{{"operations", operations}, {"map", places}} {
		if err := w.WriteField(part[0], part[1]); err != nil {
			t.Fatal(err)
		}
	}
	for i, data := range files {
		p, err := w.CreateFormFile(fmt.Sprint(i), "logo.png")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Write(data); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String(), w.FormDataContentType()
}

func TestALogoComesByMultipart(t *testing.T) {
	a := one(t)
	const mutation = `{"query": "mutation($input: BrandUpdateInput!) {brandUpdate(input: $input) {brand {logoUrl version} userErrors {code path}}}", "variables": {"input": {"logo": null}}}`
	logo := pngOf(t, 40, 20)
	tests := []struct {
		name, operations, places string
		file                     []byte
		status                   int
		code, path, userCode     string
	}{
		{"a logo", mutation, `{"0": ["variables.input.logo"]}`, logo, 200, "", "", ""},
		{"no picture", mutation, `{"0": ["variables.input.logo"]}`, []byte("<svg/>"), 200, "", "", "INVALID"},
		{"a drawing", mutation, `{"0": ["variables.input.logo"]}`, []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle r="9"/></svg>`), 200, "", "", ""},
		{"nowhere", mutation, `{"0": ["variables.input.picture"]}`, logo, 400, "BAD_VARIABLE", "", ""},
		{"over a value", strings.Replace(mutation, "null", `"x"`, 1), `{"0": ["variables.input.logo"]}`, logo, 400, "BAD_VARIABLE", "input.logo", ""},
		{"no map", mutation, `[]`, logo, 400, "BAD_REQUEST", "", ""},
		{"a missing file", mutation, `{"0": ["variables.input.logo"], "1": ["variables.input.x"]}`, logo, 400, "BAD_REQUEST", "", ""},
		{"an unknown file", mutation, `{"7": ["variables.input.logo"]}`, logo, 400, "BAD_REQUEST", "", ""},
		{"broken JSON", `{`, `{}`, logo, 400, "BAD_REQUEST", "", ""},
		{"too large for a logo", mutation, `{"0": ["variables.input.logo"]}`, bytes.Repeat([]byte("x"), 3<<20), 200, "", "", "INVALID"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			body, kind := multipartBody(t, tt.operations, tt.places, tt.file)
			got := a.send(a.live, body, kind)
			equal(t, "answer", fmt.Sprint(got.status, got.code(), got.path()), fmt.Sprint(tt.status, tt.code, tt.path))
			equal(t, "user error", got.text("brandUpdate.userErrors.0.code"), tt.userCode)
			if tt.status == 200 && tt.userCode == "" && !strings.HasPrefix(got.text("brandUpdate.brand.logoUrl"), a.store.BaseURL()+"/assets/") {
				t.Errorf("there is no logo: %s", got.body)
			}
		})
	}
	got := a.send(a.live, "--x\r\n", "multipart/form-data; boundary=x")
	equal(t, "an unfinished body", fmt.Sprint(got.status)+" "+got.code(), "400 BAD_REQUEST")
	gone := a.run(a.live, "brandUpdate", "brand { logoUrl version }", map[string]any{"logo": nil})
	equal(t, "a removed logo", gone.text("payload.brand.logoUrl")+gone.text("payload.brand.version"), "4")
}

func TestFaultsStayInside(t *testing.T) {
	a := one(t)
	if err := a.store.Close(); err != nil {
		t.Fatal(err)
	}
	got := a.call(a.live, `{contacts {nodes {id}}}`)
	equal(t, "answer", fmt.Sprint(got.status)+" "+got.code()+" "+got.Errors[0].Message, "200 INTERNAL internal error; quote the request id")
	if strings.Contains(got.body, "sql") || strings.Contains(got.body, "closed") {
		t.Errorf("internals leak: %s", got.body)
	}
	got = a.call(a.live, `mutation {requestCancel(input: {id: "request_1"}) {request {id} userErrors {code}}}`)
	equal(t, "a mutation", got.code(), "INTERNAL")
}

// The convention puts a null in a file's place, also where none is allowed.
func TestAFileThatMustBeThereComesByMultipart(t *testing.T) {
	a := one(t)
	const mutation = `{"query": "mutation($input: ContactsImportInput!) {contactsImport(input: $input) {operation {id}}}", "variables": {"input": {"file": null, "mapping": null}}}`
	tests := []struct{ name, places, code, path string }{
		{"the file", `{"0": ["variables.input.file"]}`, "INTERNAL", ""}, // nobody reads files here
		{"another's place", `{"0": ["variables.input.mapping"]}`, "BAD_VARIABLE", "input.file"},
	}
	for _, tt := range tests {
		body, kind := multipartBody(t, mutation, tt.places, []byte("Nr\n1\n"))
		got := a.send(a.live, body, kind)
		equal(t, tt.name, got.code()+" "+got.path(), tt.code+" "+tt.path)
	}
	without := a.send(a.live, mutation, "application/json")
	equal(t, "no file", without.code()+" "+without.path(), "BAD_VARIABLE input.file")
}
