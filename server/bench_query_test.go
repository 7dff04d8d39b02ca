package main_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"complero/db/dbtest"
)

// queryBody is a query as it is posted.
func queryBody(b *testing.B, query string, variables map[string]any) []byte {
	b.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		b.Fatal(err)
	}
	return body
}

// BenchmarkGraphQLContact reads one of 20 Contacts by id, with the Employee.
// The limit is the same SELECT by pgbench, prepared, over as many connections.
func BenchmarkGraphQLContact(b *testing.B) {
	const query = `query($id: ID!) { contact(id: $id) { id externalId salutation title givenName familyName birthDate
		emails { address use } phones { number kind } addresses { street houseNumber postalCode city countryCode }
		updatedAt employee { id displayName email } } }`
	i := benchInstall(b, dbtest.Postgres)
	a := i.setup("Nordlicht")
	uploadFiles(b, i, a.LiveKey)
	i.analyze(b)
	var got struct {
		Contacts struct{ Nodes []struct{ ID string } }
	}
	i.call(a.LiveKey, `{ contacts(first: 20) { nodes { id } } }`, nil, &got)
	var ids []string
	requests := make([][]byte, len(got.Contacts.Nodes))
	for k, c := range got.Contacts.Nodes {
		ids = append(ids, c.ID)
		requests[k] = apiRequest(a.LiveKey, queryBody(b, query, map[string]any{"id": c.ID}))
	}
	const n = 4000
	bench := newPgbench(b, i.databaseURL(), ids)
	var did, limit figure
	for b.Loop() {
		did.add(n, drive(b, i.address(), callers, n, http.StatusOK, func(k int) []byte { return requests[k%len(requests)] }))
		limit.add(bench.run(b))
	}
	reportShare(b, "queries", did, limit)
	i.reportPeak(b)
}

// A pgbench runs a SELECT by PostgreSQL's own benchmark.
type pgbench struct {
	program string
	args    []string
}

func newPgbench(b *testing.B, database string, contacts []string) *pgbench {
	b.Helper()
	program, err := exec.LookPath("pgbench")
	dbtest.Require(b, "pgbench", err == nil, "it comes with PostgreSQL (Debian: apt-get install postgresql)")
	p := &pgbench{program: program, args: []string{"-n", "-M", "prepared", "-c", strconv.Itoa(callers), "-j", "2", "-T", "1"}}
	dir := b.TempDir()
	for n, id := range contacts {
		file := filepath.Join(dir, fmt.Sprintf("%d.sql", n))
		text := fmt.Sprintf(`SELECT c.id, c.external_ids, c.profile, c.created_at, c.updated_at, c.confirmed_at, c.stopped_at,
			e.id, e.external_id, e.display_name, e.given_name, e.family_name, e.email, e.phone, e.job_title, e.photo_url
			FROM contact AS c LEFT JOIN employee AS e ON e.company_id = c.company_id AND e.mode = c.mode AND e.id = c.employee_id
			WHERE c.company_id = 1 AND c.mode = 1 AND c.id = '%s';`, id)
		if err := os.WriteFile(file, bytes.ReplaceAll([]byte(text), []byte("\n"), nil), 0o600); err != nil {
			b.Fatal(err)
		}
		p.args = append(p.args, "-f", file)
	}
	p.args = append(p.args, database)
	return p
}

var tps = regexp.MustCompile(`(?s)number of transactions actually processed: (\d+).*?tps = ([0-9.]+)`)

// run tells how many there were in how long.
func (p *pgbench) run(b *testing.B) (int, time.Duration) {
	b.Helper()
	out, err := exec.Command(p.program, p.args...).CombinedOutput()
	if err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	found := tps.FindSubmatch(out)
	if found == nil {
		b.Fatalf("pgbench says\n%s", out)
	}
	n, err := strconv.Atoi(string(found[1]))
	if err != nil {
		b.Fatal(err)
	}
	rate, err := strconv.ParseFloat(string(found[2]), 64)
	if err != nil {
		b.Fatal(err)
	}
	return n, time.Duration(float64(n) / rate * float64(time.Second))
}

// BenchmarkGraphQLContacts50 reads 50 Contacts, each with the Employee and the
// last three events.
func BenchmarkGraphQLContacts50(b *testing.B) {
	for _, engine := range []dbtest.Engine{dbtest.Postgres, dbtest.SQLite} {
		b.Run(string(engine), func(b *testing.B) {
			const n = 500
			i := benchInstall(b, engine)
			a := i.setup("Nordlicht")
			uploadFiles(b, i, a.LiveKey)
			for range 3 { // the first events of each
				id, err := i.upload(a.LiveKey, exampleContacts(b))
				if err != nil {
					b.Fatal(err)
				}
				i.finish(a.LiveKey, id)
			}
			i.analyze(b)
			request := apiRequest(a.LiveKey, queryBody(b, `{ contacts(first: 50) { nodes { id externalId givenName familyName
				emails { address use } updatedAt employee { id displayName email } events(last: 3) { nodes { id number kind occurredAt } } } } }`, nil))
			var did figure
			for b.Loop() {
				did.add(n, drive(b, i.address(), callers, n, http.StatusOK, func(int) []byte { return request }))
			}
			reportRate(b, "lists", did)
			i.reportPeak(b)
		})
	}
}

// BenchmarkReport reads the report on a Company with a million Contacts and 100
// Employees, who have made Requests on each day of a year: with every day, one
// call after the other. It reads counters, so the Contacts need not be there.
func BenchmarkReport(b *testing.B) {
	i := benchInstall(b, dbtest.Postgres)
	a := i.setup("Nordlicht")
	conn, err := pgx.Connect(b.Context(), i.databaseURL())
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = conn.Close(b.Context()) }()
	for _, fill := range []string{
		`INSERT INTO report_total (company_id, mode, employee_id, contacts)
			SELECT 1, 1, CASE n WHEN 0 THEN '' ELSE 'employee_' || n END, CASE n WHEN 0 THEN 1000000 ELSE 10000 END FROM generate_series(0, 100) AS n`,
		`INSERT INTO report_day (company_id, mode, employee_id, day, requests, sent, delivered, updated, confirmed, answered)
			SELECT 1, 1, CASE n WHEN 0 THEN '' ELSE 'employee_' || n END, to_char(date '2026-01-01' + d, 'YYYY-MM-DD'), 100, 90, 80, 20, 30, 50
			FROM generate_series(0, 100) AS n, generate_series(0, 364) AS d`,
		`INSERT INTO report_sum (company_id, mode, area, span, period, dimension, key, sent, delivered, answered)
			SELECT 1, 1, d.area, p.span, p.period, d.dimension, d.key, 90, 80, 50 FROM (
				SELECT DISTINCT 2 AS span, to_char(date '2026-01-01' + n, 'YYYY-MM') AS period FROM generate_series(0, 364) AS n
				UNION ALL SELECT 1, to_char(date '2026-01-01' + n, 'YYYY-MM-DD') FROM generate_series(0, 364) AS n) AS p, (
				SELECT 1 AS area, 'EMPLOYEE' AS dimension, 'employee_' || n AS key FROM generate_series(1, 100) AS n
				UNION ALL SELECT 2, 'TIME', to_char(n, 'FM000') FROM generate_series(1, 60) AS n
				UNION ALL SELECT 0, v.dimension, v.key FROM (VALUES ('TOTAL', ''), ('SOURCE', 'MANUAL'), ('SOURCE', 'TIME'), ('CHANNEL', 'EMAIL'), ('CHANNEL', 'SMS')) AS v(dimension, key)) AS d`,
		"ANALYZE report_day",
		"ANALYZE report_sum",
	} {
		if _, err := conn.Exec(b.Context(), fill); err != nil {
			b.Fatal(err)
		}
	}
	request := apiRequest(a.LiveKey, queryBody(b, `{ report(filter: {since: "2026-01-01", until: "2026-12-31"}) {
		contacts requests delivered failed updated confirmed declined responseRate byDay { date requests updated confirmed } } }`, nil))
	// All that the dashboard shows, with a period that begins and ends within a month.
	all := apiRequest(a.LiveKey, queryBody(b, `{ report(filter: {since: "2026-06-03", until: "2026-12-29"}) { contacts sent answered responseRate deliveryRate
		suppressed medianHoursToAnswer asOf bySource { key sent responseRate } byChannel { key sent failed } byEmployee(first: 20) { key sent }
		consents { key granted } coverage { contacts } savings { letters } byDay { date sent updated confirmed }
		previous { requests sent answered updated confirmed deliveryRate medianHoursToAnswer } } }`, nil))
	b.Run("figures", func(b *testing.B) { reportReport(b, i, request) })
	b.Run("all", func(b *testing.B) { reportReport(b, i, all) })
}

// reportReport asks for a report, one call after the other.
func reportReport(b *testing.B, i *installation, request []byte) {
	b.Helper()
	c := newCaller(b, i.address())
	defer c.conn.Close()
	var took []time.Duration
	for b.Loop() {
		for range 300 {
			began := time.Now()
			if status, err := c.ask(request); err != nil || status != http.StatusOK || !bytes.Contains(c.body, []byte(`"contacts":1000000`)) {
				b.Fatalf("%d %v %.300s", status, err, c.body)
			}
			took = append(took, time.Since(began))
		}
	}
	slices.Sort(took)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(took[len(took)/2].Seconds()*1000, "p50-ms")
	b.ReportMetric(took[len(took)*99/100].Seconds()*1000, "p99-ms")
	i.reportPeak(b)
}
