package main_test

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"

	"complero/db/dbtest"
	"complero/server/deliver/smtptest"
)

// publicPages is every address that anybody may GET. The test below finds the
// patterns in the sources and fails on one that is missing here.
var publicPages = map[string][]string{
	"/u/{token}":                            {"/u/TOKEN", "/u/TOKEN?do=confirm", "/u/TOKEN?do=save&stop=1", "/u/TOKEN?lang=fr"},
	"/u/{token}/form":                       {"/u/TOKEN/form"},
	"/u/{token}/thanks":                     {"/u/TOKEN/thanks"},
	"/u/{token}/verify":                     {"/u/TOKEN/verify", "/u/TOKEN/verify?do=code"},
	"/u/{token}/stop":                       {"/u/TOKEN/stop", "/u/TOKEN/stop?List-Unsubscribe=One-Click"},
	"/u/{token}/resume":                     {"/u/TOKEN/resume"},
	"/u/{token}/withdraw":                   {"/u/TOKEN/withdraw?consent=CONSENT"},
	"/check":                                {"/check", "/check?code=00000-00000"},
	"/preview/{preview}":                    {"/preview/PREVIEW"},
	"/preview/{preview}/{page}":             {"/preview/PREVIEW/form", "/preview/PREVIEW/brand.css", "/preview/PREVIEW/none"},
	"/assets/{file}":                        {"/assets/0000.png"},
	"/brand/{company}/{file}":               {"/brand/COMPANY/1.css"},
	"/{$}":                                  {"/"},
	"/":                                     {"/nowhere"},
	"/outbox":                               {"/outbox"},
	"/outbox/{id}":                          {"/outbox/none"},
	"/outbox/{id}/html":                     {"/outbox/none/html"},
	"/outbox/{id}/leave":                    {"/outbox/none/leave"},
	"/graphql":                              {"/graphql", "/graphql?query=mutation%7BcontactStop(input%3A%7BexternalId%3A%22K-1%22%7D)%7BuserErrors%7Bcode%7D%7D%7D"},
	"/export/{file}":                        {"/export/contacts.csv", "/export/events.ndjson", "/export/events.csv?consumer=new", "/export/consents.xlsx"},
	"/operations/{id}/{file}":               {"/operations/OPERATION/rejected.csv", "/operations/OPERATION/rejected.ndjson"},
	"/sign-in":                              {"/sign-in", "/sign-in?next=/app/nordlicht/"},
	"/sign-in/{token}":                      {"/sign-in/none"},
	"/app/":                                 {"/app/", "/app/none"},
	"/account":                              {"/account"},
	"/app/{company}/{$}":                    {"/app/nordlicht/"},
	"/app/{company}/contacts":               {"/app/nordlicht/contacts?search=a"},
	"/app/{company}/contacts/{id}":          {"/app/nordlicht/contacts/contact_x"},
	"/metrics":                              {"/metrics"},
	"/healthz":                              {"/healthz"},
	"/readyz":                               {"/readyz"},
	"/graphql/explorer":                     {"/graphql/explorer"},
	"/graphql/explorer/{file}":              {"/graphql/explorer/none.js"},
	"/u/{token}/abroad":                     {"/u/TOKEN/abroad", "/u/TOKEN/abroad?lang=pl"},
	"/u/{token}/deceased":                   {"/u/TOKEN/deceased"},
	"/u/{token}/question":                   {"/u/TOKEN/question", "/u/TOKEN/question?sent=1&words=Warum"},
	"/docs":                                 {"/docs"},
	"/docs/{$}":                             {"/docs/"},
	"/docs/{page}":                          {"/docs/start", "/docs/none"},
	"/docs/api":                             {"/docs/api"},
	"/docs/api/{noun}":                      {"/docs/api/contact", "/docs/api/none"},
	"/docs/search":                          {"/docs/search", "/docs/search?q=acknowledge"},
	"/address/{token}":                      {"/address/PROPOSAL", "/address/PROPOSAL?do=confirm&lang=en"},
	"/app/{company}/consents":               {"/app/nordlicht/consents?search=a"},
	"/app/{company}/consents/ask":           {"/app/nordlicht/consents/ask?search=a"},
	"/app/{company}/consents/{id}":          {"/app/nordlicht/consents/consent_x"},
	"/app/{company}/consents/{id}/withdraw": {"/app/nordlicht/consents/consent_x/withdraw"},
	"/app/{company}/consents/definitions":   {"/app/nordlicht/consents/definitions"},
	"/app/{company}/consents/definitions/new":           {"/app/nordlicht/consents/definitions/new"},
	"/app/{company}/consents/definitions/{key}/edit":    {"/app/nordlicht/consents/definitions/x/edit"},
	"/app/{company}/consents/definitions/{key}/archive": {"/app/nordlicht/consents/definitions/x/archive"},
	"/app/{company}/export/{file}":                      {"/app/nordlicht/export/contacts.csv"},
	"/app/{company}/brand":                              {"/app/nordlicht/brand"},
	"/app/{company}/brand/mail":                         {"/app/nordlicht/brand/mail?name=x&cornerRadius=NONE&formality=FORMAL"},
	"/app/{company}/brand/fonts.css":                    {"/app/nordlicht/brand/fonts.css"},
	"/app/{company}/brand/publish":                      {"/app/nordlicht/brand/publish"},
	"/app/{company}/brand/discard":                      {"/app/nordlicht/brand/discard"},
	"/app/{company}/brand/versions":                     {"/app/nordlicht/brand/versions"},
	"/app/{company}/brand/versions/{version}":           {"/app/nordlicht/brand/versions/1"},
	"/app/{company}/brand/tokens":                       {"/app/nordlicht/brand/tokens"},
	"/app/{company}/brand/tokens.json":                  {"/app/nordlicht/brand/tokens.json"},
	"/app/{company}/brand/fonts":                        {"/app/nordlicht/brand/fonts"},
	"/app/{company}/brand/fonts/{id}/delete":            {"/app/nordlicht/brand/fonts/x/delete"},
	"/app/{company}/brand/imprint":                      {"/app/nordlicht/brand/imprint"},
	"/app/{company}/operations/{id}/{file}":             {"/app/nordlicht/operations/OPERATION/rejected.csv"},
	"/app/{company}/operations":                         {"/app/nordlicht/operations"},
	"/app/{company}/operations/new":                     {"/app/nordlicht/operations/new"},
	"/app/{company}/operations/{id}":                    {"/app/nordlicht/operations/OPERATION"},
	"/app/{company}/operations/{id}/cancel":             {"/app/nordlicht/operations/OPERATION/cancel"},
	"/app/{company}/operations/{id}/confirm":            {"/app/nordlicht/operations/OPERATION/confirm"},
	"/app/{company}/contacts/selected":                  {"/app/nordlicht/contacts/selected?do=delete&id=contact_x"},
	"/app/{company}/contacts/suggestions":               {"/app/nordlicht/contacts/suggestions?id=suggestion_x&keep=contact_x"},
	"/app/{company}/contacts/{id}/unmerge":              {"/app/nordlicht/contacts/contact_x/unmerge?merge=merge_x"},
	"/app/{company}/messages/{id}":                      {"/app/nordlicht/messages/message_x"},
	"/app/{company}/messages/{id}/html":                 {"/app/nordlicht/messages/message_x/html"},
	"/app/{company}/lookup":                             {"/app/nordlicht/lookup?code=00000-00000"},
	"/app/companies":                                    {"/app/companies"},
	"/app/new":                                          {"/app/new"},
	"/app/{company}/report":                             {"/app/nordlicht/report"},
	"/app/{company}/report/file/{file}":                 {"/app/nordlicht/report/file/report.csv"},
	"/app/{company}/report/companies":                   {"/app/nordlicht/report/companies"},
	"/app/{company}/report/custom/{id}":                 {"/app/nordlicht/report/custom/new"},
	"/me/{$}":                                           {"/me/"},
	"/me/sign-in":                                       {"/me/sign-in", "/me/sign-in?asked=1"},
	"/me/{company}/{$}":                                 {"/me/nordlicht/", "/me/nordlicht/?seen=1"},
	"/me/{company}/contacts":                            {"/me/nordlicht/contacts?search=a"},
	"/me/{company}/contacts/{id}":                       {"/me/nordlicht/contacts/contact_x"},
	"/me/{company}/contacts/{id}/card.vcf":              {"/me/nordlicht/contacts/contact_x/card.vcf"},
	"/me/{company}/contacts/{id}/ask":                   {"/me/nordlicht/contacts/contact_x/ask?note=a"},
	"/me/{company}/contacts/{id}/message":               {"/me/nordlicht/contacts/contact_x/message?request=x"},
	"/me/{company}/settings":                            {"/me/nordlicht/settings"},
}

func TestAGETChangesNothing(t *testing.T) {
	onEach(t, func(t *testing.T, engine dbtest.Engine) {
		sink := smtptest.Start(t, smtptest.Behaviour{})
		i := install(t, engine, "--smtp", sink.URL())
		a := i.setup("Nordlicht")
		i.start()
		defineConsent(t, i, a.LiveKey)
		id, err := i.upload(a.LiveKey, manyContacts(0, 3))
		if err != nil {
			t.Fatal(err)
		}
		i.finish(a.LiveKey, id)
		askMany(t, i, a.LiveKey, 0, 3)
		allSent(t, i, a.LiveKey, 3)
		tokens := tokensOf(t, i, a.LiveKey)
		// One link stays as it is, one is answered, one is stopped.
		post(t, i.URL+"/u/"+tokens[0], "do=confirm", http.StatusSeeOther, http.StatusOK)
		post(t, i.URL+"/u/"+tokens[1]+"/stop", "List-Unsubscribe=One-Click", http.StatusOK)
		proposals := proposedAddress(t, i, sink, tokens[2])
		operation := rejectedOperation(t, i, a)
		preview := previewToken(t, i, a.LiveKey)
		before := i.database(t)
		if len(before) < 30 {
			t.Fatalf("the database holds %d rows: %v", len(before), before)
		}
		for _, path := range walk(tokens, proposals, a.CompanyID, operation, preview) {
			for _, method := range []string{http.MethodGet, http.MethodHead} {
				visit(t, method, i.URL+path, a.LiveKey)
			}
		}
		after := i.database(t)
		for n := range max(len(before), len(after)) {
			if n >= len(before) || n >= len(after) || before[n] != after[n] {
				t.Fatalf("row %d differs after GETs:\n%v\n%v", n, before[min(n, len(before)-1)], after[min(n, len(after)-1)])
			}
		}
	})
}

var proposalInMail = regexp.MustCompile(`/address/([a-z2-7]{26})\b`)

// proposedAddress gives a new e-mail address by a link, and returns the tokens
// of the mails about it, once they are known to be sent.
func proposedAddress(t *testing.T, i *installation, sink *smtptest.Server, token string) []string {
	t.Helper()
	post(t, i.URL+"/u/"+token, "do=save&emails=shown&emails.0.address=neu%40example.org", http.StatusSeeOther, http.StatusOK)
	tokens := []string{proposalInMail.FindStringSubmatch(arrived(t, sink, "neu@example.org").Text)[1]}
	for range 300 { // the former address is told by a mail of its own
		for _, m := range sink.Mails() {
			if found := proposalInMail.FindSubmatch(m.Data); found != nil && !slices.Contains(tokens, string(found[1])) {
				tokens = append(tokens, string(found[1]))
			}
		}
		if len(tokens) > 1 {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if len(tokens) < 2 {
		t.Fatal("the former address was not told")
	}
	for range 200 {
		for _, row := range i.database(t) {
			if strings.HasPrefix(row, "proposal: ") && !strings.Contains(row, "asked_at=<nil>") && !strings.Contains(row, "told_at=<nil>") {
				return tokens
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("the mails are not recorded as sent")
	return nil
}

// rejectedOperation imports a file of which a row is rejected.
func rejectedOperation(t *testing.T, i *installation, a account) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "kunden.csv")
	if err := os.WriteFile(file, []byte("Kundennr;Geburtsdatum\nK-1;nie\nK-2;1.1.1970\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(i.file, append([]string{"import", file, "--json", "--company", a.CompanyID}, i.storage()...)...).Output()
	var op struct {
		OperationID string
		Rejected    int
	}
	if err := errors.Join(err, json.Unmarshal(out, &op)); err != nil || op.Rejected != 1 {
		t.Fatalf("imported %s, %v", out, err)
	}
	return op.OperationID
}

// previewToken drafts a Brand and is let to see it.
func previewToken(t *testing.T, i *installation, key string) string {
	t.Helper()
	var got struct {
		BrandPreview struct {
			PageURL string
			Mail    struct{ HTML string }
		}
	}
	i.call(key, `mutation { brandUpdate(input: {publish: false, colors: {primary: "#7a1fa2"}}) { brand { version } } }`, nil, &struct{}{})
	i.call(key, `{ brandPreview(locale: "fr") { pageUrl mail { html } } }`, nil, &got)
	_, token, found := strings.Cut(got.BrandPreview.PageURL, "/preview/")
	if !found || !strings.Contains(got.BrandPreview.Mail.HTML, "#7a1fa2") {
		t.Fatalf("got %+v", got)
	}
	answer, err := http.Get(i.URL + "/preview/" + token + "/brand.css")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if css, err := io.ReadAll(answer.Body); err != nil || !strings.Contains(string(css), "#7a1fa2") {
		t.Fatalf("the draft's stylesheet is %s, %v", css, err)
	}
	return token
}

// walk lists the addresses to visit, with each of the tokens.
func walk(tokens, proposals []string, company, operation, preview string) []string {
	var paths []string
	for _, group := range publicPages {
		for _, path := range group {
			path = strings.NewReplacer("COMPANY", company, "OPERATION", operation, "PREVIEW", preview).Replace(path)
			if strings.Contains(path, "PROPOSAL") {
				for _, token := range proposals {
					paths = append(paths, strings.ReplaceAll(path, "PROPOSAL", token))
				}
				continue
			}
			if !strings.Contains(path, "TOKEN") {
				paths = append(paths, path)
				continue
			}
			for _, token := range tokens {
				paths = append(paths, strings.ReplaceAll(path, "TOKEN", token))
			}
		}
	}
	return paths
}

func visit(t *testing.T, method, address, key string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(address, "/graphql") || strings.Contains(address, "/export/") || strings.Contains(address, "/operations/") {
		r.Header.Set("Authorization", "Bearer "+key)
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, answer.Body)
	if answer.StatusCode >= 500 {
		t.Errorf("%s %s answers %s", method, address, answer.Status)
	}
	if answer.Header.Get("Request-Id") == "" {
		t.Errorf("%s %s answers without Request-Id", method, address)
	}
}

func post(t *testing.T, address, body string, want ...int) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if !slices.Contains(want, answer.StatusCode) {
		t.Fatalf("POST %s answers %s, want %v", address, answer.Status, want)
	}
}

var tokenInLink = regexp.MustCompile(`/u/([a-z2-7]{26})$`)

func tokensOf(t *testing.T, i *installation, key string) []string {
	t.Helper()
	var got struct {
		Requests struct{ Nodes []struct{ Link string } }
	}
	i.call(key, `{ requests(first: 100) { nodes { link } } }`, nil, &got)
	var tokens []string
	for _, r := range got.Requests.Nodes {
		tokens = append(tokens, tokenInLink.FindStringSubmatch(r.Link)[1])
	}
	return tokens
}

// database is every row of the database as text, but for River's own tables,
// and those that its jobs bring up to date, which tick by themselves.
func (i *installation) database(t *testing.T) []string {
	t.Helper()
	settings := map[string]string{}
	for n := 0; n+1 < len(i.settings); n += 2 {
		settings[i.settings[n]] = i.settings[n+1]
	}
	driver, source := "sqlite", filepath.Join(settings["--data"], "complero.db")
	list := "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
	if settings["--database"] != "" {
		driver, source = "pgx", settings["--database"]
		list = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var all []string
	for _, row := range texts(t, db, list) {
		table := strings.TrimSuffix(strings.SplitN(row, "=", 2)[1], " ")
		if strings.HasPrefix(table, "river_") || slices.Contains([]string{"report_sum", "report_mark", "report_coverage"}, table) {
			continue
		}
		for _, row := range texts(t, db, "SELECT * FROM "+table) {
			all = append(all, table+": "+row)
		}
	}
	slices.Sort(all)
	return all
}

func texts(t *testing.T, db *sql.DB, query string) []string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for rows.Next() {
		values := make([]any, len(columns))
		for n := range values {
			values[n] = new(any)
		}
		if err := rows.Scan(values...); err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		for n, v := range values {
			value := *v.(*any)
			if raw, ok := value.([]byte); ok {
				value = string(raw)
			}
			fmt.Fprintf(&b, "%s=%v ", columns[n], value)
		}
		all = append(all, b.String())
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// pattern is how a route stands in the sources.
var pattern = regexp.MustCompile(`^(?:GET )?(/(?:[a-z{][a-z{}$/]*)?)$`)

func TestEveryPublicPageIsWalked(t *testing.T) {
	for _, glob := range []string{"*.go", "../frontend/*/*.go"} {
		files, err := filepath.Glob(glob)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") || strings.HasSuffix(file, "_templ.go") {
				continue
			}
			for _, path := range patterns(t, file) {
				if publicPages[path] == nil {
					t.Errorf("%s serves %s, which TestAGETChangesNothing does not visit: add it to publicPages", file, path)
				}
			}
		}
	}
}

// patterns finds the routes in those functions of a file that fill a ServeMux.
func patterns(t *testing.T, file string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, d := range parsed.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Body == nil {
			continue
		}
		var here []string
		mux := false
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BasicLit:
				if s, err := strconv.Unquote(n.Value); err == nil {
					if m := pattern.FindStringSubmatch(s); m != nil {
						here = append(here, m[1])
					}
				}
			case *ast.Ident:
				mux = mux || n.Name == "mux" || n.Name == "Routes"
			}
			return true
		})
		if mux {
			found = append(found, here...)
		}
	}
	return found
}
