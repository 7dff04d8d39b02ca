package main_test

import (
	"context"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"complero/db/dbtest"
	"complero/server/deliver/smtptest"
)

// BenchmarkWebAppPOST saves forms in which one field has changed, each the
// first answer to a Request, so that it proves the Delivery as well. The limit
// is net/http that reads the same form and does nothing but write a Contact's
// profile and an event with its values, numbered by the Company's counter, in
// one transaction.
// Where Contacts have Employees, each answer is followed by a mail that tells
// the Employee, which the limit does not have.
func BenchmarkWebAppPOST(b *testing.B) {
	for _, kind := range []struct {
		name      string
		engine    dbtest.Engine
		companies int
		employees bool
	}{
		{"postgres/companies-20", dbtest.Postgres, 20, false},
		{"postgres/companies-1", dbtest.Postgres, 1, false},
		{"postgres/companies-20-and-mail", dbtest.Postgres, 20, true},
		{"sqlite/companies-20", dbtest.SQLite, 20, false},
	} {
		b.Run(kind.name, func(b *testing.B) {
			i := benchInstall(b, kind.engine, "--smtp", "smtp://"+smtptest.Sink(b)+"?tls=none")
			askers := newAskers(b, i, kind.companies, kind.employees)
			var bare *answerLimit
			if kind.engine == dbtest.Postgres {
				bare = newAnswerLimit(b, i.databaseURL())
			}
			benchmarkAnswers(b, i, askers, bare)
		})
	}
}

func benchmarkAnswers(b *testing.B, i *installation, askers *askers, bare *answerLimit) {
	const n = 4000
	var did, limit figure
	for round := 0; b.Loop(); round++ {
		links := askers.ask(b, i, n, round)
		i.analyze(b)
		requests := make([][]byte, n)
		var filled string
		for k, link := range links {
			filled = formOf(b, i, link, round)
			requests[k] = postRequest(link, "Origin: "+i.URL+"\r\n", "application/x-www-form-urlencoded", []byte(filled))
		}
		did.add(n, drive(b, i.address(), callers, n, http.StatusSeeOther, func(k int) []byte { return requests[k] }))
		if bare != nil {
			limit.add(bare.answer(b, n, []byte(filled)))
		}
	}
	if bare != nil {
		reportShare(b, "answers", did, limit)
	} else {
		reportRate(b, "answers", did)
	}
	i.reportPeak(b)
}

// askers are Companies whose Contacts are asked.
type askers struct {
	keys     []string
	contacts []string // externalIds, the same for each
}

func newAskers(b *testing.B, i *installation, companies int, employees bool) *askers {
	b.Helper()
	contacts := exampleContacts(b)
	a := &askers{contacts: withEmail(contacts)}
	for n := range companies {
		key := i.setup(fmt.Sprintf("Nordlicht %d", n)).LiveKey
		a.keys = append(a.keys, key)
		if employees {
			uploadFiles(b, i, key)
			continue
		}
		for _, c := range contacts {
			delete(c, "employee")
		}
		id, err := i.upload(key, contacts)
		if err != nil {
			b.Fatal(err)
		}
		i.finish(key, id)
	}
	return a
}

// ask makes n Requests, to other Contacts each round as long as there are any,
// has them sent, and returns their links' paths, one Company after the other.
func (a *askers) ask(b *testing.B, i *installation, n, round int) []string {
	b.Helper()
	byCompany := make([][]string, len(a.keys))
	for c, key := range a.keys {
		var ids []string
		for k := range n / len(a.keys) {
			ids = append(ids, a.contacts[(round*n/len(a.keys)+k)%len(a.contacts)])
		}
		before := i.lastNumber(key)
		for len(ids) > 0 { // a call takes each Contact once
			part := ids[:min(len(ids), len(a.contacts))]
			byCompany[c] = append(byCompany[c], askAll(b, i, key, part)...)
			ids = ids[len(part):]
		}
		i.awaitNumber(key, before+len(byCompany[c]))
	}
	var links []string
	for k := range n {
		links = append(links, byCompany[k%len(a.keys)][k/len(a.keys)])
	}
	return links
}

var hiddenField = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)"`)

// formOf is what a browser posts to save a form with another family name: the
// fields as the page that sums up the changes has them.
func formOf(b *testing.B, i *installation, link string, round int) string {
	b.Helper()
	changed := url.Values{"do": {"review"}, "familyName": {fmt.Sprintf("Kettenis-%d-%d", round, time.Now().UnixNano()%1000)}}
	answer, err := http.PostForm(i.URL+link, changed)
	if err != nil {
		b.Fatal(err)
	}
	defer answer.Body.Close()
	page, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		b.Fatal(answer.Status, err)
	}
	fields := url.Values{"do": {"save"}}
	for _, field := range hiddenField.FindAllStringSubmatch(string(page), -1) {
		fields.Set(html.UnescapeString(field[1]), html.UnescapeString(field[2]))
	}
	if len(fields) < 10 {
		b.Fatalf("the page has %d fields:\n%s", len(fields), page)
	}
	return fields.Encode()
}

// answerLimit has a bare server answer for the same Contacts.
type answerLimit struct {
	address  string
	contacts []bareContact
}

type bareContact struct {
	company int
	id      string
}

// newAnswerLimit gives a bare server the Contacts that the program has.
func newAnswerLimit(b *testing.B, from string) *answerLimit {
	b.Helper()
	url := emptyCopy(b)
	source, target := rawConn(b, from), rawConn(b, url)
	c := copyOf(b, source, "contact", "ORDER BY id", 1000)
	if err := c.prepare(b.Context(), target, "contact"); err != nil {
		b.Fatal(err)
	}
	for n := range c.batches {
		if err := c.write(b.Context(), target, "contact", n); err != nil {
			b.Fatal(err)
		}
	}
	if err := target.Exec(b.Context(), "ANALYZE").Close(); err != nil {
		b.Fatal(err)
	}
	return &answerLimit{address: bareServer(b, "answers", []byte(url)), contacts: bareContacts(b, target)}
}

// bareContacts are all Contacts, in no order.
func bareContacts(b *testing.B, conn *pgconn.PgConn) []bareContact {
	b.Helper()
	got := conn.ExecParams(b.Context(), "SELECT company_id, id FROM contact ORDER BY md5(id)", nil, nil, nil, nil).Read()
	if got.Err != nil {
		b.Fatal(got.Err)
	}
	var contacts []bareContact
	for _, row := range got.Rows {
		company, err := strconv.Atoi(string(row[0]))
		if err != nil {
			b.Fatal(err)
		}
		contacts = append(contacts, bareContact{company, string(row[1])})
	}
	return contacts
}

// answer answers n times.
func (l *answerLimit) answer(b *testing.B, n int, form []byte) (int, time.Duration) {
	b.Helper()
	requests := make([][]byte, n)
	for k := range requests {
		c := l.contacts[k%len(l.contacts)]
		requests[k] = postRequest(fmt.Sprintf("/%d/%s", c.company, c.id), "", "application/x-www-form-urlencoded", form)
	}
	return n, drive(b, l.address, callers, n, http.StatusSeeOther, func(k int) []byte { return requests[k] })
}

// bareAnswers do what any server has to do at least.
type bareAnswers struct {
	conns    chan *pgx.Conn
	profiles map[string]string
}

func newBareAnswers(t *testing.T, url string) *bareAnswers {
	t.Helper()
	h := &bareAnswers{conns: make(chan *pgx.Conn, callers), profiles: map[string]string{}}
	var conn *pgx.Conn
	for range callers {
		var err error
		if conn, err = pgx.Connect(t.Context(), url); err != nil {
			t.Fatal(err)
		}
		h.conns <- conn
	}
	rows, err := conn.Query(t.Context(), "SELECT id, profile::text FROM contact")
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		var id, profile string
		if err := rows.Scan(&id, &profile); err != nil {
			t.Fatal(err)
		}
		h.profiles[id] = profile
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return h
}

// ServeHTTP writes the profile of the Contact in the path, and an event.
func (h *bareAnswers) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	company, id, _ := strings.Cut(r.URL.Path[1:], "/")
	key, err := strconv.Atoi(company)
	if err == nil {
		err = r.ParseForm()
	}
	if err == nil {
		conn := <-h.conns
		err = h.save(r.Context(), conn, key, id, r.PostForm.Get("familyName"))
		h.conns <- conn
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.WriteHeader(http.StatusSeeOther)
}

func (h *bareAnswers) save(ctx context.Context, conn *pgx.Conn, company int, id, name string) error {
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		now := time.Now()
		_, err := tx.Exec(ctx, "UPDATE contact SET profile = $3, updated_at = $4 WHERE company_id = $1 AND mode = 1 AND id = $2",
			company, id, h.profiles[id], now)
		if err != nil {
			return err
		}
		var number int64
		err = tx.QueryRow(ctx, `INSERT INTO event_counter (company_id, mode, last_number) VALUES ($1, 1, 1)
			ON CONFLICT (company_id, mode) DO UPDATE SET last_number = event_counter.last_number + 1 RETURNING last_number`, company).Scan(&number)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, "INSERT INTO event (company_id, mode, number, kind, occurred_at, contact_id) VALUES ($1, 1, $2, 'UPDATE', $3, $4)",
			company, number, now, id)
		if err != nil {
			return err
		}
		values := fmt.Sprintf(`{"%d":[{"field":"familyName","before":"Kettenis","after":%q}]}`, number, name)
		_, err = tx.Exec(ctx, "INSERT INTO event_value (company_id, mode, first_number, data) VALUES ($1, 1, $2, $3)", company, number, values)
		return err
	})
}
