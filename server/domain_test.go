package main_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"complero/db/dbtest"
	"complero/server/deliver/smtptest"
)

const setDomains = `mutation($domains: [String!]) { companyUpdate(input: {domains: $domains}) { company { domains } userErrors { code path message } } }`

// domains gives a Company host names.
func (i *installation) domains(key string, domains ...string) {
	i.t.Helper()
	var got struct {
		CompanyUpdate struct {
			Company    *struct{ Domains []string }
			UserErrors []userError
		}
	}
	i.call(key, setDomains, map[string]any{"domains": domains}, &got)
	if len(got.CompanyUpdate.UserErrors) > 0 || strings.Join(got.CompanyUpdate.Company.Domains, " ") != strings.Join(domains, " ") {
		i.t.Fatalf("%+v", got)
	}
}

// on asks for a page by another host's name, and follows no redirect.
func (i *installation) on(host, path string, headers ...string) (*http.Response, string) {
	i.t.Helper()
	r, err := http.NewRequestWithContext(i.t.Context(), http.MethodGet, i.URL+path, nil)
	if err != nil {
		i.t.Fatal(err)
	}
	r.Host = host
	for n := 0; n+1 < len(headers); n += 2 {
		r.Header.Set(headers[n], headers[n+1])
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		i.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		i.t.Fatal(err)
	}
	return answer, string(body)
}

func TestLinksAndPagesUseTheCompanysHost(t *testing.T) {
	onEach(t, func(t *testing.T, engine dbtest.Engine) {
		sink := smtptest.Start(t, smtptest.Behaviour{})
		i := install(t, engine, "--smtp", sink.URL(), "--trusted-proxies", "127.0.0.1")
		a, b := i.setup("Nordlicht"), i.setup("Brightside")
		i.start()
		i.domains(a.LiveKey, "daten.nordlicht.example", "data.nordlicht.example")
		i.domains(b.LiveKey, "check.brightside.example")
		uploadFiles(t, i, a.LiveKey)
		askOne(t, i, a.LiveKey, "K-100000")
		token := tokensOf(t, i, a.LiveKey)[0]
		own := strings.Replace(i.URL, "127.0.0.1", "daten.nordlicht.example", 1)
		message := arrived(t, sink, "juliane.kettenis@mail.example.net")
		if !strings.Contains(message.Text, own+"/u/"+token) || strings.Contains(message.Text, i.URL) ||
			!strings.Contains(message.GetHeader("List-Unsubscribe"), own+"/u/"+token+"/stop") {
			t.Errorf("the mail does not lead to %s: %s\n%s", own, message.GetHeader("List-Unsubscribe"), message.Text)
		}
		if answer, body := i.on("daten.nordlicht.example", "/u/"+token); answer.StatusCode != http.StatusOK || !strings.Contains(body, "Kettenis") {
			t.Errorf("the Company's host answers %s", answer.Status)
		}
		if answer, _ := i.on("elsewhere.example", "/u/"+token, "X-Forwarded-Host", "data.nordlicht.example"); answer.StatusCode != http.StatusOK {
			t.Errorf("behind a proxy it answers %s", answer.Status)
		}
		for _, host := range []string{"check.brightside.example", "nobody.example"} {
			for _, path := range walk([]string{token}, nil, a.CompanyID, "none", "none") {
				if (path == "/" || strings.HasPrefix(path, "/check")) && host != "nobody.example" {
					continue // pages of the other Company's own
				}
				answer, body := i.on(host, path, "Authorization", "Bearer "+a.LiveKey)
				shown := strings.Contains(body, "Nordlicht") || strings.Contains(body, "Kettenis")
				served := answer.StatusCode == http.StatusOK && path != "/healthz" && path != "/readyz"
				if shown || served {
					t.Errorf("%s%s answers %s:\n%s", host, path, answer.Status, body)
				}
			}
		}
		i.stop()
	})
}
