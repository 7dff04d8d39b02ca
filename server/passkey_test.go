package main_test

import (
	"encoding/json"
	"net/http"
	"os/exec"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"

	"complero/db/dbtest"
	"complero/server/browsertest"
)

// TestAPasskeyOpensTheDashboard signs in as the first administrator does: by
// the link that setup prints, then by a passkey.
func TestAPasskeyOpensTheDashboard(t *testing.T) {
	i := install(t, dbtest.SQLite)
	i.named()
	link, _ := i.signInLink()
	i.start()
	var log browsertest.Log
	ctx := browsertest.New(t, browsertest.Record(&log))
	if _, err := chromedp.Call(ctx, webauthn.Enable, webauthn.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	authenticator := webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
		Protocol: "ctap2", Transport: "internal", HasResidentKey: true, HasUserVerification: true,
		IsUserVerified: true, AutomaticPresenceSimulation: true,
	}}
	if _, err := chromedp.Call(ctx, webauthn.AddVirtualAuthenticator, authenticator); err != nil {
		t.Fatal(err)
	}
	for n, step := range []chromedp.Action[chromedp.Void]{
		chromedp.Navigate(link),
		chromedp.Click(chromedp.CSS("form .button")),
		chromedp.WaitVisible(chromedp.CSS("#name")),
		chromedp.SendKeys(chromedp.CSS("#name"), "Laptop"),
		chromedp.Click(chromedp.CSS(`form[data-passkey="create"] .button`)),
		chromedp.WaitVisible(chromedp.CSS("ul.rows strong")),
		chromedp.Click(chromedp.CSS(`form[action="/sign-out"] button`)),
		chromedp.WaitVisible(chromedp.CSS(".done")),
		chromedp.Navigate(i.URL + "/account"),
		chromedp.Click(chromedp.CSS(`form[data-passkey="get"] .button`)),
		chromedp.WaitVisible(chromedp.CSS("#name")),
	} {
		if err := chromedp.Do(ctx, step); err != nil {
			t.Fatalf("step %d: %v", n, err)
		}
	}
	if errs := log.Errors(); len(errs) > 0 {
		t.Errorf("the pages complain: %q", errs)
	}
	if hosts := log.Hosts(); len(hosts) != 1 {
		t.Errorf("the pages asked %v", hosts)
	}
	again, err := http.Post(link, "application/x-www-form-urlencoded", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Body.Close()
	if again.StatusCode != http.StatusGone {
		t.Errorf("a used link answers %s", again.Status)
	}
}

// named has the installation answer as localhost: passkeys need a name.
func (i *installation) named() {
	i.URL = strings.Replace(i.URL, "127.0.0.1", "localhost", 1)
	i.settings = append(i.settings, "--base-url", i.URL)
}

// signInLink sets a Company up, with its administrator's first link.
func (i *installation) signInLink() (link, companyID string) {
	i.t.Helper()
	args := append([]string{
		"setup", "--customer", "Nordlicht Gruppe", "--company", "Nordlicht", "--country", "DE", "--locale", "de",
		"--admin", "ada@nordlicht.example.com", "--base-url", i.URL,
	}, i.storage()...)
	out, err := exec.Command(i.file, args...).Output()
	if err != nil {
		i.t.Fatal(err)
	}
	var made struct{ SignIn, CompanyID string }
	if err := json.Unmarshal(out, &made); err != nil {
		i.t.Fatal(err)
	}
	return made.SignIn, made.CompanyID
}
