package main_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"complero/db/dbtest"
	"complero/server/deliver/smtptest"
)

// callers is how many connections ask at once.
const callers = 8

// BenchmarkWebAppGET opens links, and their forms, of 1,000 Contacts. The limit
// is net/http, answering as many bytes from memory.
func BenchmarkWebAppGET(b *testing.B) {
	for _, engine := range []dbtest.Engine{dbtest.Postgres, dbtest.SQLite} {
		i := benchInstall(b, engine, "--smtp", "smtp://"+smtptest.Sink(b)+"?tls=none")
		a := i.setup("Nordlicht")
		uploadFiles(b, i, a.LiveKey)
		events := i.lastNumber(a.LiveKey)
		links := askAll(b, i, a.LiveKey, withEmail(exampleContacts(b)))
		i.awaitNumber(a.LiveKey, events+len(links))
		i.analyze(b)
		for _, page := range []struct{ name, path, headers string }{
			{"link", "", ""}, {"form", "/form", ""}, {"link-gzip", "", "Accept-Encoding: gzip\r\n"},
		} {
			b.Run(string(engine)+"/"+page.name, func(b *testing.B) {
				const n = 4000
				requests := make([][]byte, len(links))
				for k, link := range links {
					requests[k] = getRequest(link+page.path, page.headers)
				}
				request := func(k int) []byte { return requests[k%len(requests)] }
				bare := bareServer(b, "page", bodyOf(b, i.address(), requests[0]))
				var did, limit figure
				for b.Loop() {
					did.add(n, drive(b, i.address(), callers, n, http.StatusOK, request))
					limit.add(4*n, drive(b, bare, callers, 4*n, http.StatusOK, request))
				}
				reportShare(b, "pages", did, limit)
				i.reportPeak(b)
			})
		}
		i.stop()
	}
}

func bodyOf(tb testing.TB, address string, request []byte) []byte {
	tb.Helper()
	c := newCaller(tb, address)
	defer c.conn.Close()
	status, err := c.ask(request)
	if err != nil || status != http.StatusOK {
		tb.Fatal(status, err)
	}
	return c.body
}

// What the Web App's first page may take, in bytes: with the system's font, and
// with fonts of the Brand's.
const (
	lightPage     = 15 << 10
	lightFontPage = 40 << 10
)

var (
	pageParts  = regexp.MustCompile(`<(?:link rel="(?:stylesheet|preload)" href|img[^>]* src)="(/[^"]+)"`)
	stylesheet = regexp.MustCompile(`<link rel="stylesheet"`)
)

func TestTheFirstPageIsLight(t *testing.T) {
	i := install(t, dbtest.SQLite, "--smtp", smtptest.Start(t, smtptest.Behaviour{}).URL())
	a := i.setup("Nordlicht")
	i.start()
	uploadFiles(t, i, a.LiveKey)
	defineConsent(t, i, a.LiveKey)
	var got struct {
		RequestsCreate struct{ Requests []struct{ Link string } }
	}
	i.call(a.LiveKey, `mutation { requestsCreate(input: {contactExternalIds: ["K-100000"]}) { requests { link } } }`, nil, &got)
	link := got.RequestsCreate.Requests[0].Link[len(i.URL):]
	for _, font := range []string{"", "Inter", "Lora", "Merriweather"} {
		most, fonts, pages := lightPage, "", []string{link, link + "/form"}
		if font != "" {
			// By the second page, the browser has the fonts.
			most, fonts, pages = lightFontPage, ", with "+font+" and Inter", pages[:1]
			i.call(a.LiveKey, `mutation($font: String!) { brandUpdate(input: {headingFont: $font, bodyFont: "Inter"}) { userErrors { message } } }`,
				map[string]any{"font": font}, &struct{}{})
		}
		for _, page := range pages {
			bytes, parts := overTheWire(t, i, page)
			t.Logf("%d bytes with %d further files%s", bytes, parts, fonts)
			if bytes > most || parts == 0 {
				t.Errorf("the page and its %d further files%s take %d bytes over the wire, want %d at most", parts, fonts, bytes, most)
			}
		}
	}
	i.stop()
}

// overTheWire counts the bytes, with headers, of a page and of what it asks
// for at once.
func overTheWire(t *testing.T, i *installation, page string) (bytes, parts int) {
	t.Helper()
	c := newCaller(t, i.address())
	defer c.conn.Close()
	ask := func(path, headers string) {
		t.Helper()
		if status, err := c.ask(getRequest(path, headers)); err != nil || status != http.StatusOK {
			t.Fatal(path, status, err)
		}
	}
	ask(page, "")
	if n := len(stylesheet.FindAll(c.body, -1)); n != 1 || strings.Contains(string(c.body), "<script") {
		t.Errorf("the page waits for %d stylesheets, or for a script", n)
	}
	files := pageParts.FindAllStringSubmatch(string(c.body), -1)
	c.bytes = 0
	ask(page, "Accept-Encoding: gzip\r\n")
	for _, file := range files {
		ask(file[1], "Accept-Encoding: gzip\r\n")
	}
	return c.bytes, len(files)
}
