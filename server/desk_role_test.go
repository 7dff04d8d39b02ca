package main

import (
	"net/http"
	"strings"
	"testing"

	"complero/db"
)

// ask gets or posts a page as somebody who is signed in.
func (r *running) ask(t *testing.T, cookie *http.Cookie, method, path, form string) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, r.URL()+path, strings.NewReader(form))
	if err != nil {
		t.Fatal(err)
	}
	request.AddCookie(cookie)
	if form != "" {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	answer, text := do(t, request)
	return answer.StatusCode, text
}

func TestConsentAndBrandPagesKeepToTheRoles(t *testing.T) {
	s := settings(t)
	s.Only = onlyWeb
	r := start(t, s)
	own := account(t, s, "Holding", "Nord")
	const (
		define = "key=x&locale.0=de&title.0=X&text.0=Ja"
		brand  = "do=save&name=Neu&headingFont=System&bodyFont=System&cornerRadius=NONE&formality=FORMAL&colors.primary=%23123456&colors.accent=%23123456&colors.background=%23fff&colors.text=%23000"
	)
	for _, test := range []struct {
		role                                 db.Role
		consents, define, export, look, save int
	}{
		{db.CompanyAdmin, 200, 303, 200, 200, 303},
		{db.DataProtection, 200, 422, 200, 200, 404}, // the key is taken by then
		{db.Editor, 200, 404, 403, 200, 404},
		{db.Support, 200, 404, 403, 200, 404},
		{db.CustomerReader, 200, 404, 403, 200, 404},
	} {
		cookie := r.cookie(t, own.CompanyID, test.role)
		for _, ask := range []struct {
			method, path, form string
			want               int
		}{
			{"GET", "/app/nord/consents", "", test.consents},
			{"POST", "/app/nord/consents/definitions/new", define, test.define},
			{"GET", "/app/nord/export/consents.csv", "", test.export},
			{"GET", "/app/nord/brand", "", test.look},
			{"POST", "/app/nord/brand", brand, test.save},
			{"POST", "/app/nord/brand/discard", "", map[bool]int{true: 303, false: 404}[test.save == 303]},
		} {
			if status, body := r.ask(t, cookie, ask.method, ask.path, ask.form); status != ask.want {
				t.Errorf("%s: %s %s is %d, want %d\n%.400s", test.role, ask.method, ask.path, status, ask.want, body)
			}
		}
		if _, body := r.ask(t, cookie, "GET", "/app/nord/brand", ""); strings.Contains(body, `value="save"`) != (test.save == 303) {
			t.Errorf("%s is offered to save what they may not, or not what they may", test.role)
		}
	}
}
