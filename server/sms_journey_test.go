package main_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"complero/db/dbtest"
	"complero/server/deliver/smtptest"
)

// A Contact gives a mobile number: the number is asked by SMS, the e-mail address
// told, since there was no number before.
func TestANewNumberIsConfirmedBySMS(t *testing.T) {
	onEach(t, func(t *testing.T, engine dbtest.Engine) {
		texts := make(chan url.Values, 10)
		provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_ = r.ParseForm()
			texts <- r.PostForm
			w.WriteHeader(http.StatusCreated)
			fmt.Fprint(w, `{"sid": "SM0123456789abcdef0123456789abcdef", "status": "queued", "error_code": null}`)
		}))
		t.Cleanup(provider.Close)
		sink := smtptest.Start(t, smtptest.Behaviour{})
		i := install(t, engine, "--smtp", sink.URL(), "--sms",
			"twilio://AC0123456789abcdef0123456789abcdef:topsecret@"+strings.TrimPrefix(provider.URL, "http://")+"/?from=+4930111&tls=none")
		a := i.setup("Nordlicht")
		i.start()
		id, err := i.upload(a.LiveKey, manyContacts(0, 1))
		if err != nil {
			t.Fatal(err)
		}
		i.finish(a.LiveKey, id)
		askMany(t, i, a.LiveKey, 0, 1)
		allSent(t, i, a.LiveKey, 1)
		token := tokensOf(t, i, a.LiveKey)[0]
		post(t, i.URL+"/u/"+token, "do=save&phones=shown&phones.0.number=%2B49+1511+2345678&phones.0.use=PRIVATE", http.StatusSeeOther, http.StatusOK)
		var sent url.Values
		select {
		case sent = <-texts:
		case <-time.After(30 * time.Second):
			t.Fatal("no SMS is sent")
		}
		if sent.Get("To") != "+4915112345678" || sent.Get("From") != "+4930111" {
			t.Errorf("sent %v", sent)
		}
		link := regexp.MustCompile(regexp.QuoteMeta(i.URL) + `/address/[a-z2-7]{26}\b`).FindString(sent.Get("Body"))
		post(t, link, "do=confirm", http.StatusSeeOther, http.StatusOK)
		all := kinds(i.events(a.LiveKey))
		if all["UPDATE_PROPOSED"] != 1 || all["UPDATE"] != 1 {
			t.Errorf("events %v", all)
		}
		i.stop()
	})
}
