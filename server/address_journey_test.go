package main_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"complero/db/dbtest"
	"complero/server/browsertest"
	"complero/server/deliver/smtptest"
)

// A Contact gives another e-mail address and writes a question, on a phone
// without JavaScript: the new address is asked, the former one told, and the
// question reaches the Employee.
func TestANewAddressIsConfirmedAndUndone(t *testing.T) {
	onEach(t, func(t *testing.T, engine dbtest.Engine) {
		const former, fresh = "juliane.kettenis@mail.example.net", "juliane.neu@example.org"
		sink := smtptest.Start(t, smtptest.Behaviour{})
		i := install(t, engine, "--smtp", sink.URL())
		a := i.setup("Nordlicht")
		i.start()
		uploadFiles(t, i, a.LiveKey)
		askOne(t, i, a.LiveKey, "K-100000")
		link := regexp.MustCompile(regexp.QuoteMeta(i.URL) + `/u/[a-z2-7]{26}\b`).FindString(arrived(t, sink, former).Text)

		readdressInBrowser(t, link, fresh)
		all := kinds(i.events(a.LiveKey))
		if all["UPDATE_PROPOSED"] != 1 || all["UPDATE"] != 0 || all["CONFIRM"] != 0 {
			t.Errorf("events %v", all)
		}
		page := regexp.MustCompile(regexp.QuoteMeta(i.URL) + `/address/[a-z2-7]{26}\b`)
		confirm, undo := page.FindString(arrived(t, sink, fresh).Text), ""
		for _, m := range sink.Mails() {
			if found := page.Find(m.Data); m.To == former && found != nil {
				undo = string(found)
			}
			if m.To == former && strings.Contains(string(m.Data), fresh) {
				t.Error("the former address is told all of the new one")
			}
		}
		if confirm == "" || undo == "" {
			t.Fatalf("confirm by %q, undo by %q", confirm, undo)
		}
		press(t, confirm, `button[value="confirm"]`)
		if got := emailOf(i, a.LiveKey); got != fresh {
			t.Errorf("confirmed, on file is %s", got)
		}
		press(t, undo, `button[value="undo"]`)
		if got := emailOf(i, a.LiveKey); got != former {
			t.Errorf("undone, on file is %s", got)
		}
		all = kinds(i.events(a.LiveKey))
		if all["UPDATE_PROPOSED"] != 1 || all["UPDATE"] != 2 || all["UPDATE_REFUSED"] != 0 {
			t.Errorf("events %v", all)
		}

		writeInBrowser(t, link, "Gilt das alte Konto noch?")
		if mail := questionTo(t, sink, employeeOf("K-100000")); !strings.Contains(mail, "Gilt das alte Konto noch?") {
			t.Errorf("the Employee gets\n%s", mail)
		}
		var got struct{ Report struct{ Enquiries int } }
		i.call(a.LiveKey, `{ report { enquiries } }`, nil, &got)
		if got.Report.Enquiries != 1 {
			t.Errorf("%d enquiries are counted", got.Report.Enquiries)
		}
		i.stop()
	})
}

func emailOf(i *installation, key string) string {
	var got struct {
		Contact struct{ Emails []struct{ Address string } }
	}
	i.call(key, `{ contact(externalId: "K-100000") { emails { address } } }`, nil, &got)
	return got.Contact.Emails[0].Address
}

// walkInBrowser does what a Contact does on a phone without JavaScript.
func walkInBrowser(t *testing.T, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	var log browsertest.Log
	ctx := browsertest.New(t, browsertest.WithoutJavaScript(), browsertest.Record(&log))
	for n, step := range steps {
		if err := chromedp.Do(ctx, step); err != nil {
			t.Fatalf("step %d: %v", n, err)
		}
	}
	if errs := log.Errors(); len(errs) > 0 {
		t.Errorf("the pages complain: %q", errs)
	}
}

func readdressInBrowser(t *testing.T, link, address string) {
	t.Helper()
	email := chromedp.CSS(`input[name="emails.0.address"]`)
	walkInBrowser(t, chromedp.Navigate(link+"/form"), chromedp.WaitVisible(email), chromedp.Clear(email), chromedp.SendKeys(email, address),
		chromedp.Click(chromedp.CSS(`button.button[value="review"]`)),
		chromedp.WaitVisible(chromedp.CSS(`button[value="save"]`)), chromedp.Click(chromedp.CSS(`button[value="save"]`)),
		chromedp.WaitVisible(chromedp.CSS(`.waits button[value="keep"]`)))
}

// press presses a button on a page, after which there is none any more.
func press(t *testing.T, page, button string) {
	t.Helper()
	walkInBrowser(t, chromedp.Navigate(page), chromedp.Click(chromedp.CSS(button)), chromedp.WaitVisible(chromedp.CSS(`main > div:only-child h1`)))
}

func writeInBrowser(t *testing.T, link, question string) {
	t.Helper()
	words := chromedp.CSS(`textarea[name="words"]`)
	walkInBrowser(t, chromedp.Navigate(link), chromedp.Click(chromedp.CSS(`.foot a[href$="/question"]`)), chromedp.WaitVisible(words),
		chromedp.SendKeys(words, question), chromedp.Click(chromedp.CSS(`main form button`)), chromedp.WaitVisible(chromedp.CSS(`main > div + p.acts`)))
}

// questionTo waits for the mail with the question among an Employee's others.
func questionTo(t *testing.T, sink *smtptest.Server, employee string) string {
	t.Helper()
	for range 600 {
		for _, m := range sink.Mails() {
			if strings.EqualFold(m.To, employee) && strings.Contains(string(m.Data), "Subject: Frage von") {
				return string(m.Data)
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("no question arrives")
	return ""
}
