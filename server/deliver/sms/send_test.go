package sms

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

const (
	number = "+4915112345678"
	words  = "Nordlicht: Ihr Code ist 123456. Größe & mehr"
)

// both gives a route of each provider to a server of this machine.
func both(t *testing.T, serve http.HandlerFunc) []*Route {
	t.Helper()
	server := httptest.NewServer(serve)
	t.Cleanup(server.Close)
	host := strings.TrimPrefix(server.URL, "http://")
	var routes []*Route
	for _, text := range []string{"twilio://" + account + ":" + secret + "@" + host + "/?from=+4930111&tls=none", "seven://" + secret + "@" + host + "/?from=Nordlicht&tls=none"} {
		r, err := ParseURL(text)
		if err != nil {
			t.Fatal(err)
		}
		routes = append(routes, r)
	}
	return routes
}

func TestSendSpeaksAsDocumented(t *testing.T) {
	routes := both(t, func(w http.ResponseWriter, r *http.Request) {
		wrong := func(format string, args ...any) { t.Errorf(r.URL.Path+": "+format, args...) }
		if r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" || r.URL.RawQuery != "" {
			wrong("%s %s %s", r.Method, r.URL, r.Header)
		}
		form := func(names ...string) (all string) {
			for _, name := range names {
				all += name + "=" + r.PostFormValue(name) + " "
			}
			if len(r.PostForm) != len(names) {
				wrong("says %v", r.PostForm)
			}
			return all
		}
		switch r.URL.Path {
		case "/2010-04-01/Accounts/" + account + "/Messages.json":
			if user, password, _ := r.BasicAuth(); user != account || password != secret {
				wrong("signs in as %s", user)
			}
			if got := form("To", "From", "Body", "ValidityPeriod"); got != "To="+number+" From=+4930111 Body="+words+" ValidityPeriod=600 " {
				wrong("says %s", got)
			}
			w.WriteHeader(http.StatusCreated)
			fmt.Fprint(w, `{"sid": "SM0123456789abcdef0123456789abcdef", "status": "queued", "error_code": null, "error_message": null, "to": "+4915112345678"}`)
		case "/api/sms":
			if r.Header.Get("X-Api-Key") != secret || r.Header.Get("Accept") != "application/json" {
				wrong("headers %v", r.Header)
			}
			if got := form("to", "from", "text", "ttl"); got != "to="+number+" from=Nordlicht text="+words+" ttl=10 " {
				wrong("says %s", got)
			}
			fmt.Fprint(w, `{"success": "100", "total_price": 0.075, "balance": 3.2, "debug": "false", "sms_type": "direct",
				"messages": [{"id": "77132156459", "sender": "Nordlicht", "recipient": "4915112345678", "encoding": "gsm", "parts": 1, "success": true, "error": null}]}`)
		default:
			wrong("asked for")
		}
	})
	for n, want := range []string{"SM0123456789abcdef0123456789abcdef", "77132156459"} {
		id, err := routes[n].Send(t.Context(), Message{To: number, Text: words, ValidFor: 10 * time.Minute})
		if err != nil || id != want {
			t.Errorf("%s: %q, %v", routes[n], id, err)
		}
	}
}

func TestSendTellsWhatFailed(t *testing.T) {
	type answer struct {
		status int
		body   string
	}
	twilio := func(status, code int) answer {
		return answer{status, fmt.Sprintf(`{"code": %d, "message": "The 'To' number %s is wrong: %s", "more_info": "https://www.twilio.com/docs/errors/%d", "status": %d}`, code, number, words, code, status)}
	}
	seven := func(code int) answer { return answer{200, fmt.Sprintf(`{"success": "%d", "messages": []}`, code)} }
	tests := []struct {
		name   string
		route  int
		answer answer
		want   string
	}{
		{"a number that is none", 0, twilio(400, 21211), "final number"},
		{"a landline", 0, twilio(400, 21614), "final number"},
		{"somebody who stopped", 0, twilio(400, 21610), "final number"},
		{"an unknown error of the message", 0, twilio(400, 29999), "final message"},
		{"wrong credentials", 0, twilio(401, 20003), "route"},
		{"an unknown account", 0, twilio(404, 20404), "route"},
		{"a sender that is none", 0, twilio(400, 21606), "route"},
		{"a country that is not allowed", 0, twilio(400, 21408), "route"},
		{"too many at once", 0, twilio(429, 20429), "route"},
		{"a failure of the service", 0, answer{503, "<html>"}, "route"},
		{"a redirect", 0, answer{302, ""}, "route"},
		{"another server", 0, answer{200, "<html>Welcome"}, "route"},
		{"a message that failed at once", 0, answer{201, `{"sid": "SM1", "status": "failed", "error_code": 21614}`}, "final number"},
		{"taken, with an answer cut short", 0, answer{201, `{"sid": `}, ""},
		{"seven: a number that is none", 1, seven(202), "final number"},
		{"seven: nobody reached", 1, seven(101), "final number"},
		{"seven: enough for a day", 1, seven(403), "number"},
		{"seven: a long text", 1, seven(401), "final message"},
		{"seven: no credit", 1, seven(500), "route"},
		{"seven: a wrong key", 1, seven(900), "route"},
		{"seven: a wrong key, in plain words", 1, answer{200, "900"}, "route"},
		{"seven: a wrong key, by status", 1, answer{401, ""}, "route"},
		{"seven: said before", 1, seven(402), ""},
		{"seven: another code", 1, seven(999), "route"},
		{"seven: another server", 1, answer{200, "<html>Welcome"}, "route"},
		{"seven: too many at once", 1, answer{429, ""}, "route"},
	}
	var now answer
	routes := both(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(now.status)
		fmt.Fprint(w, now.body)
	})
	for _, tt := range tests {
		now = tt.answer
		_, err := routes[tt.route].Send(t.Context(), Message{To: number, Text: words})
		if got := kindOf(err); got != tt.want {
			t.Errorf("%s: %s failure: %v", tt.name, got, err)
		}
		for _, personal := range []string{number[1:], "123456", secret, account} {
			if err != nil && strings.Contains(fmt.Sprintf("%v %+v", err, FailureOf(err)), personal) {
				t.Errorf("%s tells %s: %v", tt.name, personal, err)
			}
		}
	}
}

func kindOf(err error) string {
	f := FailureOf(err)
	if f == nil {
		return ""
	}
	word := [...]string{"message", "number", "route"}[f.Fault]
	if f.Final {
		return "final " + word
	}
	return word
}

func TestSendDoesNotWaitForEver(t *testing.T) {
	ended := make(chan struct{})
	routes := both(t, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusOK)
		_ = http.NewResponseController(w).Flush()
		select {
		case <-r.Context().Done():
		case <-ended:
		}
	})
	defer close(ended)
	for _, r := range routes {
		r.Timeout = 50 * time.Millisecond
		_, err := r.Send(t.Context(), Message{To: number, Text: words})
		if kindOf(err) != "route" || !strings.Contains(err.Error(), "in time") || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: %v", r, err)
		}
	}
	for _, address := range []string{"twilio://" + account + ":" + secret + "@127.0.0.1:1/?from=+4930111&tls=none", "seven://" + secret + "@127.0.0.1:1/?from=Nordlicht"} {
		r, err := ParseURL(address)
		if err != nil {
			t.Fatal(err)
		}
		_, err = r.Send(t.Context(), Message{To: number, Text: words})
		if kindOf(err) != "route" || strings.Contains(err.Error(), account) || strings.Contains(FailureOf(err).Unwrap().Error(), account) {
			t.Errorf("nobody there: %v", err)
		}
	}
}
