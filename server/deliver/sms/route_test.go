package sms

import (
	"strings"
	"testing"
)

const (
	account = "AC0123456789abcdef0123456789abcdef"
	service = "MG0123456789abcdef0123456789abcdef"
	secret  = "s3cr3t"
)

func TestParseURLKnowsTheProviders(t *testing.T) {
	tests := []struct{ text, want string }{
		{"twilio://" + account + ":" + secret + "@/?from=+4915112345678", "Twilio at https://api.twilio.com"},
		{"twilio://" + account + ":" + secret + "@/?from=%2B4915112345678", "Twilio at https://api.twilio.com"},
		{"twilio://" + account + ":" + secret + "@api.dublin.ie1.twilio.com?messagingService=" + service, "Twilio at https://api.dublin.ie1.twilio.com"},
		{"seven://" + secret + "@/?from=Nordlicht", "seven.io at https://gateway.seven.io"},
		{" seven://" + secret + "@127.0.0.1:8025/?from=Nordlicht&tls=none ", "seven.io at http://127.0.0.1:8025"},
	}
	for _, tt := range tests {
		r, err := ParseURL(tt.text)
		if err != nil {
			t.Errorf("%s: %v", tt.text, err)
			continue
		}
		if r.String() != tt.want {
			t.Errorf("%s is %s, not %s", tt.text, r, tt.want)
		}
	}
	r, err := ParseURL(tests[0].text)
	if err != nil || r.provider.(*twilio).from != "+4915112345678" {
		t.Errorf("a + is a blank: %+v, %v", r, err)
	}
}

func TestParseURLRefusesWithTheCureAndWithoutTheKey(t *testing.T) {
	tests := []struct{ text, says string }{
		{"", "must begin with"},
		{"smtp://a:" + secret + "@example.com", "must begin with"},
		{"twilio://" + secret + ":x y@/?from=1", "percent-encoded"},
		{"twilio://" + account + ":" + secret + "/x@/?from=+4915112345678", "percent-encoded"},
		{"twilio://" + account + "@/?from=+4915112345678", "lacks the auth token"},
		{"twilio://" + secret + ":" + secret + "@/?from=+4915112345678", "account SID"},
		{"twilio://" + account + ":" + secret + "@/", "either from"},
		{"twilio://" + account + ":" + secret + "@/?from=+4915112345678&messagingService=" + service, "either from"},
		{"twilio://" + account + ":" + secret + "@/?messagingService=x", "MG and 32"},
		{"twilio://" + account + ":" + secret + "@/?from=" + strings.Repeat("x", 12), "at most 11 letters"},
		{"twilio://" + account + ":" + secret + "@/?from=+4915112345678&x=" + secret, "from, messagingService, tls"},
		{"twilio://" + account + ":" + secret + "@/?from=1234&from=1235", "each once"},
		{"seven://@/?from=Nordlicht", "API key alone"},
		{"seven://a:" + secret + "@/?from=Nordlicht", "API key alone"},
		{"seven://" + secret + "@/", "must say from"},
		{"seven://" + secret + "@/?from=Nord%20licht&tls=implicit", "tls"},
		{"seven://" + secret + "@/?from=Nord%zz", "broken"},
		{"seven://" + secret + "@/?from=Nord#licht", "percent-encoded"},
	}
	for _, tt := range tests {
		_, err := ParseURL(tt.text)
		if err == nil || !strings.Contains(err.Error(), tt.says) || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: %v", tt.text, err)
		}
	}
}

func FuzzParseURL(f *testing.F) {
	for _, seed := range []string{"", "twilio://", "seven://a@/?from=b", "seven://%@", "twilio://" + account + ":x@[::1]:99999/?from=+1", "seven://a@\x00/?from=b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := ParseURL(text)
		if (r == nil) == (err == nil) {
			t.Fatalf("%q: %v, %v", text, r, err)
		}
		if err == nil {
			_, _ = r.provider.request(t.Context(), r.base, Message{To: "+4915112345678", Text: "?"}) // it does not panic
		}
	})
}

func FuzzAnswer(f *testing.F) {
	for _, seed := range []string{"", "100", `"900"`, `{"success":"100","messages":[{"id":"1"}]}`, `{"success":{}}`, `{"sid":"SM1"}`, `{"code":21211}`, "<html>", "null"} {
		f.Add(200, seed)
		f.Add(400, seed)
	}
	f.Fuzz(func(t *testing.T, status int, body string) {
		for _, p := range []provider{&twilio{}, &seven{}} {
			id, failure := p.answer(status, []byte(body))
			if failure != nil && (id != "" || failure.Detail == "") || failure == nil && (status < 200 || status > 299) {
				t.Errorf("%s, %d %q: %q, %+v", p.name(), status, body, id, failure)
			}
		}
	})
}
