package main

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"complero/db"
	"complero/server/browsertest"
)

// TestPagesFollowWhatIsTyped has a browser choose and type, and looks whether
// the parts beside it follow, without a word on the console.
func TestPagesFollowWhatIsTyped(t *testing.T) {
	s := settings(t)
	r := start(t, s)
	own := account(t, s, "Holding", "Nord")
	r.people(t, own)
	system, err := r.store.WorkOn(t.Context(), own.CompanyID, db.Live)
	if err != nil {
		t.Fatal(err)
	}
	_, link, err := system.InviteUser(t.Context(), db.UserInvite{Email: "ada@example.com", Name: "Ada", Roles: []db.Grant{{Role: db.CompanyAdmin, CompanyID: own.CompanyID}}})
	if err != nil {
		t.Fatal(err)
	}
	var log browsertest.Log
	ctx := browsertest.New(t, browsertest.Record(&log), browsertest.Viewport(1440, 900))
	for n, step := range []chromedp.Action[chromedp.Void]{
		chromedp.Navigate(system.SignInURL(link)),
		chromedp.Click(chromedp.CSS("form .button")),
		chromedp.WaitVisible(chromedp.CSS("#name")),
		chromedp.Navigate(r.URL() + "/app/nord.test/requests/new"),
		chromedp.WaitVisible(chromedp.CSS("#count .big")),
		chromedp.SendKeys(chromedp.CSS("#search"), "adler"),
		chromedp.WaitVisible(chromedp.CSS("#count .big + .muted")), // nobody is left out any more
		chromedp.Navigate(r.URL() + "/app/nord/texts/edit?name=default&locale=en"),
		chromedp.WaitVisible(chromedp.CSS("#preview iframe.mail")),
		chromedp.SendKeys(chromedp.CSS("#body"), "{{ nothing }}"),
		chromedp.WaitVisible(chromedp.CSS(`#preview .problems a[href="#body"]`)),
	} {
		if err := chromedp.Do(ctx, step); err != nil {
			t.Fatalf("step %d: %v\n%q", n, err, log.Errors())
		}
	}
	if errors := log.Errors(); len(errors) > 0 {
		t.Errorf("the console says %s", strings.Join(errors, "\n"))
	}
	if hosts := log.Hosts(); len(hosts) != 1 {
		t.Errorf("the pages ask %v", hosts)
	}
}
