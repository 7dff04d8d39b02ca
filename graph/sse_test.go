package graph_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"complero/db"
	"complero/graph"
)

// listener is a client of a stream.
type listener struct {
	t      testing.TB
	answer *http.Response
	lines  *bufio.Reader
	cancel context.CancelFunc
}

// serve serves the API by HTTP, with times for single answers that every
// stream of these tests outlives.
func (a *api) serve(as *db.Tenant) *httptest.Server {
	a.t.Helper()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := graph.WithTenant(graph.WithRequestID(r.Context(), "req-1"), as)
		a.handler.ServeHTTP(w, r.WithContext(ctx))
	}))
	server.Config.ReadTimeout, server.Config.WriteTimeout = 100*time.Millisecond, 100*time.Millisecond
	server.Start()
	a.t.Cleanup(server.Close)
	return server
}

// listen posts a document and takes events.
func listen(t testing.TB, server *httptest.Server, query string) *listener {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	body := jsonOf(t, map[string]any{"query": query})
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, server.URL+"/graphql", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "text/event-stream")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = answer.Body.Close() })
	return &listener{t: t, answer: answer, lines: bufio.NewReader(answer.Body), cancel: cancel}
}

// event reads up to the next event, and returns its name and data; where the
// stream breaks off, "".
func (l *listener) event() (name, data string) {
	l.t.Helper()
	for {
		line, err := l.lines.ReadString('\n')
		if err != nil {
			return "", err.Error()
		}
		line = strings.TrimSuffix(line, "\n")
		switch key, value, _ := strings.Cut(line, ":"); {
		case line == "" && name != "":
			return name, data
		case line == "" || key == "":
		case key == "event":
			name = strings.TrimPrefix(value, " ")
		case key == "data":
			data += strings.TrimPrefix(value, " ")
		default:
			l.t.Fatalf("the stream has the line %q", line)
		}
	}
}

// next is the data of an event that has to be a response.
func (l *listener) next() *reply {
	l.t.Helper()
	name, data := l.event()
	got := &reply{body: data}
	if err := json.Unmarshal([]byte(data), got); name != "next" || err != nil {
		l.t.Fatalf("the event is %s %s (%v), not next", name, data, err)
	}
	return got
}

// ends checks that the stream ends as it should.
func (l *listener) ends(want string) {
	l.t.Helper()
	if name, data := l.event(); name != want || want != "" && data != "" {
		l.t.Errorf("the stream ends with %q %s, want %q", name, data, want)
	}
	if want == "" {
		return
	}
	if rest, err := io.ReadAll(l.lines); err != nil || len(rest) > 0 {
		l.t.Errorf("after the end there is %q, %v", rest, err)
	}
}

// events reads the events of an answer that has ended, as name and data.
func events(t testing.TB, body string) []string {
	t.Helper()
	l := listener{t: t, lines: bufio.NewReader(strings.NewReader(body))}
	var all []string
	for {
		name, data := l.event()
		if name == "" {
			return all
		}
		all = append(all, strings.TrimSpace(name+" "+data))
	}
}

// take posts a document for events, and returns those of the whole answer.
func (a *api) take(as *db.Tenant, query string) (status int, all []string, body string) {
	a.t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(jsonOf(a.t, map[string]any{"query": query})))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "text/event-stream")
	ctx := graph.WithRequestID(r.Context(), "req-1")
	if as != nil {
		ctx = graph.WithTenant(ctx, as)
	}
	w := httptest.NewRecorder()
	a.handler.ServeHTTP(w, r.WithContext(ctx))
	return w.Code, events(a.t, w.Body.String()), w.Body.String()
}

func TestAnyCallCanBeAnsweredWithEvents(t *testing.T) {
	a := one(t)
	for _, tt := range []struct {
		name, query string
		status      int
		next, code  string
	}{
		{"a query", "{viewer {test}}", 200, `{"data":{"viewer":{"test":false}}}`, ""},
		{"a mutation", `mutation {requestCancel(input: {id: "x"}) {request {id}}}`, 200, `{"data":{"requestCancel":{"request":null}}}`, ""},
		{"a broken document", "{{", 200, "", "BAD_DOCUMENT"},
		{"a document of no use", "{nothing}", 200, "", "BAD_DOCUMENT"},
		{"two at once", `subscription {a: operation(id: "x") {id} b: operation(id: "y") {id}}`, 200, "", "BAD_DOCUMENT"},
		{"none at all", `subscription {operation(id: "x") @skip(if: true) {id}}`, 200, "", "BAD_DOCUMENT"},
		{"only a name", `subscription {__typename}`, 200, "", "BAD_DOCUMENT"},
		{"too much", `subscription {operation(id: "x") {items(first: 1000) {nodes {contact {emails {id address}}}}}}`, 200, "", "QUERY_TOO_COMPLEX"},
		{"an unknown id", `subscription {operation(id: "operation_0") {id}}`, 200, "", "NOT_FOUND"},
	} {
		status, got, body := a.take(a.live, tt.query)
		if status != tt.status || len(got) != 2 || got[1] != "complete" || tt.next != "" && got[0] != "next "+tt.next {
			t.Errorf("%s is answered with %d %q", tt.name, status, body)
		}
		if tt.code != "" && (!strings.Contains(body, `"code":"`+tt.code+`"`) || !strings.Contains(body, `"requestId":"req-1"`)) {
			t.Errorf("%s is answered with %q, want %s", tt.name, body, tt.code)
		}
	}
	if status, _, body := a.take(nil, "{viewer {test}}"); status != 401 || !strings.HasPrefix(body, `{"errors":`) {
		t.Errorf("without a key the answer is %d %s", status, body)
	}
}

func TestASubscriptionIsAnsweredWithEventsOnly(t *testing.T) {
	a := one(t)
	const subscription = `{"query": "subscription {operation(id: \"operation_0\") {id}}"}`
	for accept, want := range map[string]string{
		"": "406 NOT_ACCEPTABLE", "*/*": "406 NOT_ACCEPTABLE", "application/json": "406 NOT_ACCEPTABLE", "text/event-stream;q=0, */*": "406 NOT_ACCEPTABLE",
	} {
		r := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(subscription))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Accept", accept)
		got := a.do(a.live, r)
		if fmt.Sprint(got.status, " ", got.code()) != want || !strings.Contains(got.body, "text/event-stream") {
			t.Errorf("taking %q the answer is %d %s, want %s", accept, got.status, got.body, want)
		}
	}
	for method, target := range map[string]string{"POST": "/graphql", "GET": "/graphql?query=subscription%7Boperation(id%3A%22x%22)%7Bid%7D%7D"} {
		r := httptest.NewRequest(method, target, strings.NewReader(subscription))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Accept", "application/json, text/event-stream")
		w := httptest.NewRecorder()
		a.handler.ServeHTTP(w, r.WithContext(graph.WithTenant(r.Context(), a.live)))
		got := events(t, w.Body.String())
		if kind := w.Header().Get("Content-Type"); kind != "text/event-stream; charset=utf-8" || len(got) != 2 || !strings.Contains(got[0], "NOT_FOUND") {
			t.Errorf("%s is answered with %s %q", method, kind, w.Body)
		}
	}
}

func TestLineEndsInDataDoNotEndIt(t *testing.T) {
	a := one(t)
	a.run(a.live, "contactsUpload", "operation { id }", map[string]any{"contacts": []any{map[string]any{
		"externalId": "K", "givenName": "a\nb\rc\u2028d", "customFields": json.RawMessage("{\"a\":\r\n\r\n [1,\n\n2]}"),
	}}})
	_, got, body := a.take(a.live, `{contact(externalId: "K") {givenName customFields}}`)
	if len(got) != 2 || !json.Valid([]byte(strings.TrimPrefix(got[0], "next "))) {
		t.Errorf("the answer is %q", body)
	}
}
