package main

import (
	"net/http"
	"path"
	"strings"
	"testing"

	"complero/db"
)

// cookie signs an administrator in and returns the session's cookie.
func (r *running) cookie(t *testing.T, companyID string, role db.Role) *http.Cookie {
	t.Helper()
	system, err := r.store.WorkOn(t.Context(), companyID, db.Live)
	if err != nil {
		t.Fatal(err)
	}
	grant := db.Grant{Role: role}
	if !role.Everywhere() {
		grant.CompanyID = companyID
	}
	_, link, err := system.InviteUser(t.Context(), db.UserInvite{Email: strings.ToLower(string(role)) + "@example.com", Name: string(role), Roles: []db.Grant{grant}})
	if err != nil {
		t.Fatal(err)
	}
	token, err := r.store.UseSignIn(t.Context(), path.Base(system.SignInURL(link)), db.Place{})
	if err != nil {
		t.Fatal(err)
	}
	return &http.Cookie{Name: "complero", Value: token}
}

// post posts to the API as a browser with a cookie does.
func (r *running) post(t *testing.T, cookie *http.Cookie, kind, body string, header map[string]string) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.URL()+"/graphql", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.AddCookie(cookie)
	request.Header.Set("Content-Type", kind)
	for name, value := range header {
		request.Header.Set(name, value)
	}
	answer, text := do(t, request)
	return answer.StatusCode, text
}

func TestACookieCountsOnlyWithTheHeaderThatNamesTheCompany(t *testing.T) {
	for name, on := range engines {
		t.Run(name, func(t *testing.T) {
			s := settings(t)
			on(t, &s)
			s.Only = onlyWeb
			r := start(t, s)
			own, other := account(t, s, "Holding", "Nord"), account(t, s, "Andere", "Süd")
			cookie := r.cookie(t, own.CompanyID, db.CompanyAdmin)
			const whose = `{"query": "{viewer {test company {id} user {email}}}"}`
			tests := []struct {
				name   string
				cookie *http.Cookie
				header map[string]string
				status int
				says   string
			}{
				{"no header", cookie, nil, 401, "UNAUTHENTICATED"},
				{"the mode alone", cookie, map[string]string{"Complero-Mode": "live"}, 401, "UNAUTHENTICATED"},
				{"the Company", cookie, map[string]string{"Complero-Company": own.CompanyID}, 200, `"test":false`},
				{"the Company and test mode", cookie, map[string]string{"Complero-Company": own.CompanyID, "Complero-Mode": "test"}, 200, `"test":true`},
				{"a mode that there is not", cookie, map[string]string{"Complero-Company": own.CompanyID, "Complero-Mode": "prod"}, 403, "FORBIDDEN"},
				{"another Customer's Company", cookie, map[string]string{"Complero-Company": other.CompanyID}, 401, "UNAUTHENTICATED"},
				{"a Company that there is not", cookie, map[string]string{"Complero-Company": "company_x"}, 401, "UNAUTHENTICATED"},
				{"a cookie of nobody", &http.Cookie{Name: "complero", Value: "x"}, map[string]string{"Complero-Company": own.CompanyID}, 401, "UNAUTHENTICATED"},
				{"another cookie", &http.Cookie{Name: "session", Value: cookie.Value}, map[string]string{"Complero-Company": own.CompanyID}, 401, "UNAUTHENTICATED"},
				{"a wrong key besides", cookie, map[string]string{"Complero-Company": own.CompanyID, "Authorization": "Bearer ck_live_x"}, 401, "UNAUTHENTICATED"},
				{"another Company's key besides", cookie, map[string]string{"Complero-Company": own.CompanyID, "Authorization": "Bearer " + other.LiveKey}, 403, "FORBIDDEN"},
			}
			for _, tt := range tests {
				status, body := r.post(t, tt.cookie, "application/json", whose, tt.header)
				if status != tt.status || !strings.Contains(body, tt.says) || tt.status != 200 && strings.Contains(body, own.CompanyID) {
					t.Errorf("%s: %d %s", tt.name, status, body)
				}
			}
		})
	}
}

// A page of another site can have a browser post a form or a plain text, with
// the cookie if that browser is old, but not with headers of its choice: asked
// whether it may, the server says nothing of the kind (Fetch, CORS preflight).
func TestAFormOfAnotherSiteDoesNothing(t *testing.T) {
	s := settings(t)
	s.Only = onlyWeb
	r := start(t, s)
	own := account(t, s, "Holding", "Nord")
	cookie := r.cookie(t, own.CompanyID, db.CompanyAdmin)
	const rename = `mutation {companyUpdate(input: {name: \"Gekapert\"}) {userErrors {code}}}`
	bodies := map[string]string{
		"application/json":                           `{"query": "` + rename + `"}`,
		"text/plain":                                 `{"query": "` + rename + `"}`,
		"application/x-www-form-urlencoded":          "query=" + strings.ReplaceAll(rename, `\`, ""),
		"multipart/form-data; boundary=x":            "--x\r\nContent-Disposition: form-data; name=\"operations\"\r\n\r\n{\"query\": \"" + rename + "\"}\r\n--x\r\nContent-Disposition: form-data; name=\"map\"\r\n\r\n{}\r\n--x--\r\n",
		"application/graphql":                        strings.ReplaceAll(rename, `\`, ""),
		"text/plain; charset=utf-8;application/json": `{"query": "` + rename + `"}`,
	}
	for kind, body := range bodies {
		for _, site := range []map[string]string{
			{"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"},
			{"Origin": "null"},
			{},
		} {
			if status, text := r.post(t, cookie, kind, body, site); status < 400 || strings.Contains(text, `"data"`) {
				t.Errorf("%s from %v: %d %s", kind, site, status, text)
			}
		}
	}
	preflight, err := http.NewRequestWithContext(t.Context(), http.MethodOptions, r.URL()+"/graphql", nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{
		"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "complero-company,content-type",
	} {
		preflight.Header.Set(name, value)
	}
	answer, _ := do(t, preflight)
	for name := range answer.Header {
		if strings.HasPrefix(name, "Access-Control-") {
			t.Errorf("the preflight is answered with %s", name)
		}
	}
	for _, form := range []string{"/sign-out", "/account/session/end", "/account/passkey/remove"} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.URL()+form, strings.NewReader("id=x"))
		if err != nil {
			t.Fatal(err)
		}
		request.AddCookie(cookie)
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("Origin", "https://elsewhere.example")
		if answer, body := do(t, request); answer.StatusCode != http.StatusForbidden {
			t.Errorf("%s: %s %s", form, answer.Status, body)
		}
	}
	status, body := r.post(t, cookie, "application/json", `{"query": "{company {name}}"}`, map[string]string{"Complero-Company": own.CompanyID})
	if status != http.StatusOK || !strings.Contains(body, `"Nord"`) {
		t.Errorf("afterwards: %d %s", status, body)
	}
}
