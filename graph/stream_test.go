package graph_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"

	"complero/db"
	"complero/db/dbtest"
	"complero/graph"
)

// streaming runs a test on both engines, with a Handler whose streams look to
// their rights often, and a way to the database itself.
func streaming(t *testing.T, run func(t *testing.T, a *api, h *graph.Handler, exec func(query string))) {
	t.Helper()
	var config db.Config
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		a := newAPI(t, store, "Muster")
		h := a.handler.(*graph.Handler)
		h.Hasten(20 * time.Millisecond)
		driver, address := "sqlite", "file:"+filepath.Join(config.DataDir, "complero.db")+"?_pragma=busy_timeout(10000)"
		if config.URL != "" {
			driver, address = "pgx", config.URL
		}
		raw, err := sql.Open(driver, address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = raw.Close() })
		run(t, a, h, func(query string) {
			t.Helper()
			if _, err := raw.ExecContext(t.Context(), query); err != nil {
				t.Fatal(err)
			}
		})
	}, func(c *db.Config) { config = *c })
}

// pending uploads Contacts that nobody works off, and returns the Operation's id.
func (a *api) pending(as *db.Tenant, n int) string {
	a.t.Helper()
	a.run(as, "employeesUpload", "operation { id }", map[string]any{"employees": employees(10)})
	r := a.must(as, `mutation($input: ContactsUploadInput!) {contactsUpload(input: $input) {operation {id}}}`, "input", map[string]any{"contacts": contacts(n)})
	return r.text("contactsUpload.operation.id")
}

func watching(id string) string {
	return fmt.Sprintf(`subscription {operation(id: %q) {status processed total items(first: 1) {nodes {outcome contact {externalId}}}}}`, id)
}

func TestAnOperationIsWatchedToItsEnd(t *testing.T) {
	streaming(t, func(t *testing.T, a *api, h *graph.Handler, exec func(string)) {
		id := a.pending(a.live, 3)
		l := listen(t, a.serve(a.live), watching(id))
		equal(t, "first", l.next().body, `{"data":{"operation":{"status":"PENDING","processed":0,"total":3,"items":{"nodes":[{"outcome":"PENDING","contact":null}]}}}}`)
		equal(t, "streams", h.Streams(), 1)
		exec(`UPDATE operation SET status = 'WAITING_FOR_CONFIRMATION', errors = '[{"code":"CONFLICT","message":"too many"}]' WHERE id = '` + id + `'`)
		equal(t, "then", l.next().text("operation.status"), "WAITING_FOR_CONFIRMATION")
		confirmed := a.run(a.live, "operationConfirm", "operation { id status errors { code } }", map[string]any{"id": id})
		equal(t, "confirmed", confirmed.text("payload.operation.status")+confirmed.text("payload.operation.errors"), "RUNNING[]")
		last := l.next()
		for last.text("operation.status") == "RUNNING" { // the work may be done before anybody looks
			last = l.next()
		}
		equal(t, "last", last.body, `{"data":{"operation":{"status":"COMPLETED","processed":3,"total":3,"items":{"nodes":[{"outcome":"CREATED","contact":{"externalId":"K-0000"}}]}}}}`)
		l.ends("complete")
		ended := a.run(a.live, "operationCancel", "operation { id }", map[string]any{"id": id})
		equal(t, "cancelled after the end", ended.userErrors("payload")+ended.text("payload.operation"), "CONFLICT input.id")
	})
}

func TestACancelEndsTheWatch(t *testing.T) {
	streaming(t, func(t *testing.T, a *api, _ *graph.Handler, _ func(string)) {
		id := a.pending(a.live, 1)
		l := listen(t, a.serve(a.live), watching(id))
		l.next()
		for range 2 {
			got := a.must(a.live, `mutation($id: ID!) {operationCancel(input: {id: $id}) {operation {status finishedAt} userErrors {code}}}`, "id", id)
			equal(t, "status", got.text("operationCancel.operation.status"), "CANCELLED")
		}
		equal(t, "last", l.next().text("operation.status"), "CANCELLED")
		l.ends("complete")
		for _, as := range []*db.Tenant{a.live, a.test} {
			got := a.must(as, `mutation($id: ID!) {operationConfirm(input: {id: $id}) {operation {id} userErrors {code message path}}}`, "id", id)
			if as == a.live {
				equal(t, "confirmed", got.userErrors("operationConfirm"), "CONFLICT input.id")
			} else {
				equal(t, "confirmed in test mode", got.userErrors("operationConfirm"), "NOT_FOUND input.id")
			}
		}
	})
}

// The server of these tests gives a single answer a tenth of a second.
func TestAStreamOutlivesTheTimesOfSingleAnswers(t *testing.T) {
	streaming(t, func(t *testing.T, a *api, _ *graph.Handler, exec func(string)) {
		id := a.pending(a.live, 1)
		l := listen(t, a.serve(a.live), watching(id))
		l.next()
		for range 20 {
			for _, want := range []string{":\n", "\n"} {
				if line, err := l.lines.ReadString('\n'); line != want || err != nil {
					t.Fatalf("in place of what keeps the stream alive comes %q, %v", line, err)
				}
			}
		}
		exec("UPDATE operation SET processed = 1")
		equal(t, "then", l.next().text("operation.processed"), "1")
	})
}

func TestARevokedKeyEndsTheStream(t *testing.T) {
	streaming(t, func(t *testing.T, a *api, h *graph.Handler, exec func(string)) {
		l := listen(t, a.serve(a.live), watching(a.pending(a.live, 1)))
		l.next()
		exec("UPDATE api_key SET revoked_at = created_at")
		got := l.next()
		equal(t, "answer", got.code()+fmt.Sprint(got.Data), "UNAUTHENTICATEDmap[]")
		l.ends("complete")
		a.idle(h)
	})
}

func TestARightThatIsTakenAwayEndsTheStream(t *testing.T) {
	streaming(t, func(t *testing.T, a *api, h *graph.Handler, exec func(string)) {
		l := listen(t, a.serve(a.live), watching(a.pending(a.live, 1)))
		l.next()
		exec(`UPDATE api_key SET scopes = '["contacts:read"]'`)
		for renewed := 0; renewed < 2; { // the first may have been on its way
			if line, err := l.lines.ReadString('\n'); err != nil {
				t.Fatal(err)
			} else if line == ":\n" {
				renewed++
			}
		}
		exec("UPDATE operation SET processed = 1")
		equal(t, "answer", l.next().code(), "FORBIDDEN")
		l.ends("complete")
		a.idle(h)
	})
}

func TestWhatFailsIsToldWithItsPlace(t *testing.T) {
	streaming(t, func(t *testing.T, a *api, _ *graph.Handler, exec func(string)) {
		id := a.pending(a.live, 1)
		l := listen(t, a.serve(a.live), `subscription {watched: operation(id: "`+id+`") {status items(first: 5000) {nodes {index}}}}`)
		got := l.next()
		equal(t, "answer", got.code()+fmt.Sprint(got.Errors[0].Path), "BAD_PAGE_SIZE[watched items]")
		if !strings.Contains(got.body, `"data":null`) {
			t.Errorf("a field that is never null is null: %s", got.body)
		}
		exec("UPDATE operation SET processed = 1")
		equal(t, "again", l.next().code(), "BAD_PAGE_SIZE")
	})
}

func TestAClientThatLeavesIsForgotten(t *testing.T) {
	streaming(t, func(t *testing.T, a *api, h *graph.Handler, _ func(string)) {
		h.Hasten(time.Hour) // it is not writing that shows it
		l := listen(t, a.serve(a.live), watching(a.pending(a.live, 1)))
		l.next()
		l.cancel()
		a.idle(h)
	})
}

func TestAStopEndsStreams(t *testing.T) {
	streaming(t, func(t *testing.T, a *api, h *graph.Handler, _ func(string)) {
		server := a.serve(a.live)
		id := a.pending(a.live, 1)
		l := listen(t, server, watching(id))
		l.next()
		h.EndStreams()
		l.ends("")
		a.idle(h)
		later := listen(t, server, watching(id))
		for name := "next"; name != ""; {
			name, _ = later.event()
		}
	})
}

// idle waits until no stream is left.
func (a *api) idle(h *graph.Handler) {
	a.t.Helper()
	for begun := time.Now(); h.Streams() > 0; time.Sleep(time.Millisecond) {
		if time.Since(begun) > time.Minute {
			a.t.Fatalf("%d streams are left", h.Streams())
		}
	}
}

func TestAKeyHasSoManyStreams(t *testing.T) {
	streaming(t, func(t *testing.T, a *api, h *graph.Handler, _ func(string)) {
		server := a.serve(a.live)
		id := a.pending(a.live, 1)
		var all []*listener
		for range graph.MaxStreams {
			all = append(all, listen(t, server, watching(id)))
			all[len(all)-1].next()
		}
		status, _, body := a.take(a.live, watching(id))
		if status != 429 || !strings.Contains(body, "RATE_LIMITED") {
			t.Errorf("one too many is answered with %d %s", status, body)
		}
		refused := listen(t, server, watching(id)).answer
		equal(t, "refused", fmt.Sprint(refused.Status, " ", refused.Header.Get("Retry-After"), " ", refused.Header.Get("Content-Type")), "429 Too Many Requests 10 application/graphql-response+json; charset=utf-8")
		if status, _, body := a.take(a.live, "{viewer {test}}"); status != 200 {
			t.Errorf("a query is answered with %d %s", status, body)
		}
		if status, got, _ := a.take(a.test, watching(id)); status != 200 || !strings.Contains(got[0], "NOT_FOUND") {
			t.Errorf("another key is answered with %d %s", status, got)
		}
		a.work(a.live, id)
		for _, l := range all {
			for l.next().text("operation.status") != "COMPLETED" {
			}
			l.ends("complete")
		}
		a.idle(h)
		if status, got, _ := a.take(a.live, watching(id)); status != 200 || got[1] != "complete" {
			t.Errorf("after they ended the answer is %d %s", status, got)
		}
	})
}
