package email_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"complero/server/deliver/email"
	"complero/server/deliver/smtptest"
)

func route(t testing.TB, server *smtptest.Server, trust *tls.Config) *email.Route {
	t.Helper()
	r, err := email.ParseURL(server.URL())
	if err != nil {
		t.Fatal(err)
	}
	r.TLS = trust
	return r
}

func envelopes(to ...string) []email.Envelope {
	var list []email.Envelope
	for i, address := range to {
		list = append(list, email.Envelope{From: "kontakt@nordlicht.example", To: address, Data: fmt.Appendf(nil, "Subject: %d\r\n\r\ntext %d\r\n", i, i)})
	}
	return list
}

func always() bool { return true }

// words tells outcomes as words, for tables.
func words(outcomes []error) string {
	var list []string
	for _, err := range outcomes {
		f := email.FailureOf(err)
		word := "sent"
		switch {
		case email.PutOff(err):
			word = "later"
		case f != nil:
			word = []string{"message", "address", "route"}[f.Fault]
			if f.Final {
				word += "!"
			}
		}
		list = append(list, word)
	}
	return strings.Join(list, " ")
}

func recipients(server *smtptest.Server) string {
	var list []string
	for _, m := range server.Mails() {
		name, _, _ := strings.Cut(m.To, "@")
		list = append(list, name)
	}
	return strings.Join(list, " ")
}

func TestSendTellsWhatBecameOfEach(t *testing.T) {
	answers := map[string]string{
		"unknown": "550 5.1.1 <unknown@example.net> no such user", "plain": "550 no such user", "closed": "550 5.2.1 closed", "full": "452 4.2.2 full", "policy": "550 5.7.1 policy",
		"grey": "451 4.7.1 come back", "spam": "554 5.7.1 spam", "busy": "451 busy",
	}
	to := []string{"a", "unknown", "b", "plain", "full", "policy", "c", "spam", "d", "busy", "grey", "closed", "e"}
	want := "sent address! sent address! message message! sent message! sent message message address! sent"
	for _, pipelining := range []bool{true, false} {
		t.Run(fmt.Sprintf("pipelining %v", pipelining), func(t *testing.T) {
			server := smtptest.Start(t, smtptest.Behaviour{
				Rcpt: func(to string) error {
					name, _, _ := strings.Cut(to, "@")
					if answer := answers[name]; answer != "" && name != "spam" && name != "busy" {
						return smtptest.Refuse(answer)
					}
					return nil
				},
				Data: func(m smtptest.Mail) error {
					name, _, _ := strings.Cut(m.To, "@")
					if answer := answers[name]; answer != "" {
						return smtptest.Refuse(answer)
					}
					return nil
				},
			})
			r := route(t, server, nil)
			if !pipelining {
				r = behindLockstep(t, server)
			}
			line := r.NewLine()
			defer line.Close()
			var list []string
			for _, name := range to {
				list = append(list, name+"@example.net")
			}
			outcomes := line.Send(t.Context(), envelopes(list...), always)
			if got := words(outcomes); got != want {
				t.Errorf("outcomes are %s\nwant         %s", got, want)
			}
			if got := recipients(server); got != "a b c d e" {
				t.Errorf("the server took %s", got)
			}
			if detail := outcomes[1].Error(); detail != "550 5.1.1 <…@…> no such user" {
				t.Errorf("detail is %q", detail)
			}
		})
	}
}

// behindLockstep puts a relay before the server that hides PIPELINING.
func behindLockstep(t *testing.T, server *smtptest.Server) *email.Route {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go relay(listener, server.Addr(), func(answer []byte) []byte {
		return []byte(strings.Replace(string(answer), "PIPELINING", "X-LOCKSTEP", 1))
	})
	r, err := email.ParseURL("smtp://" + listener.Addr().String() + "?tls=none")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func relay(listener net.Listener, to string, change func([]byte) []byte) {
	copyAll := func(dst, src net.Conn, change func([]byte) []byte) {
		defer func() { _ = dst.Close() }()
		buffer := make([]byte, 64<<10)
		for {
			n, err := src.Read(buffer)
			if err != nil {
				return
			}
			if _, err := dst.Write(change(buffer[:n])); err != nil {
				return
			}
		}
	}
	for {
		client, err := listener.Accept()
		if err != nil {
			return
		}
		upstream, err := net.Dial("tcp", to)
		if err != nil {
			_ = client.Close()
			return
		}
		go copyAll(client, upstream, change)
		go copyAll(upstream, client, func(b []byte) []byte { return b })
	}
}

func TestSendGoesOnWhereTheServerEndsConnections(t *testing.T) {
	server := smtptest.Start(t, smtptest.Behaviour{HangUpAfter: 2})
	line := route(t, server, nil).NewLine()
	defer line.Close()
	outcomes := line.Send(t.Context(), envelopes("a@x.de", "b@x.de", "c@x.de", "d@x.de", "e@x.de"), always)
	if got := words(outcomes); got != "sent sent sent sent sent" {
		t.Errorf("outcomes are %s", got)
	}
	if got := recipients(server); got != "a b c d e" || server.Connections() != 3 {
		t.Errorf("the server took %s on %d connections", got, server.Connections())
	}
}

func TestSendStopsWhereTheRouteFails(t *testing.T) {
	tests := []struct {
		name      string
		behaviour smtptest.Behaviour
		want      string
	}{
		{"sender refused", smtptest.Behaviour{Mail: func(string) error { return smtptest.Refuse("550 5.7.1 sender not allowed") }}, "route! later later"},
		{"storage full", smtptest.Behaviour{Mail: func(string) error { return smtptest.Refuse("452 4.3.1 no room") }}, "route later later"},
		{"going away", smtptest.Behaviour{Data: func(smtptest.Mail) error { return smtptest.Refuse("421 4.3.2 going away") }}, "route later later"},
		{"hangs up at once", smtptest.Behaviour{Mail: func(string) error { return smtptest.ErrHangUp }}, "route later later"},
		{"hangs up over the message", smtptest.Behaviour{Data: func(smtptest.Mail) error { return smtptest.ErrHangUp }}, "route later later"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			server := smtptest.Start(t, test.behaviour)
			line := route(t, server, nil).NewLine()
			defer line.Close()
			outcomes := line.Send(t.Context(), envelopes("a@x.de", "b@x.de", "c@x.de"), always)
			if got := words(outcomes); got != test.want {
				t.Errorf("outcomes are %s, want %s (%v)", got, test.want, outcomes)
			}
		})
	}
}

func TestSendGivesUpOnAServerThatStalls(t *testing.T) {
	stall := make(chan struct{})
	server := smtptest.Start(t, smtptest.Behaviour{Rcpt: func(to string) error {
		if to == "b@x.de" {
			<-stall
		}
		return nil
	}})
	defer close(stall)
	r := route(t, server, nil)
	r.Timeout = 300 * time.Millisecond
	line := r.NewLine()
	defer line.Close()
	// What was not begun is left for later, and is no attempt.
	if got := words(line.Send(t.Context(), envelopes("a@x.de", "b@x.de", "c@x.de"), always)); got != "sent route later" {
		t.Errorf("outcomes are %s", got)
	}
}

func TestSendFinishesWhatItBeganWhenToldToStop(t *testing.T) {
	var taken atomic.Int32
	server := smtptest.Start(t, smtptest.Behaviour{Data: func(smtptest.Mail) error { taken.Add(1); return nil }})
	line := route(t, server, nil).NewLine()
	defer line.Close()
	outcomes := line.Send(t.Context(), envelopes("a@x.de", "b@x.de", "c@x.de", "d@x.de"), func() bool { return taken.Load() < 1 })
	sent := strings.Count(words(outcomes), "sent")
	if got := words(outcomes); !strings.HasPrefix(got, "sent sent later") || sent != int(taken.Load()) {
		t.Errorf("outcomes are %s, the server took %d", got, taken.Load())
	}
	again := line.Send(t.Context(), envelopes("c@x.de", "d@x.de"), always)
	if got := words(again); got != "sent sent" || recipients(server) != "a b c d" {
		t.Errorf("then outcomes are %s, the server took %s", got, recipients(server))
	}
}

func TestSendRefusesAddressesThatAreCommands(t *testing.T) {
	server := smtptest.Start(t, smtptest.Behaviour{})
	line := route(t, server, nil).NewLine()
	defer line.Close()
	outcomes := line.Send(t.Context(), envelopes("a@x.de", "b@x.de>\r\nRCPT TO:<c@x.de", "d@x.de", "müller@x.de", "e@bücher.example"), always)
	if got := words(outcomes); got != "sent address! sent message! sent" {
		t.Errorf("outcomes are %s", got)
	}
	mails := server.Mails()
	if len(mails) != 3 || mails[2].To != "e@xn--bcher-kva.example" {
		t.Errorf("the server took %v", mails)
	}
}

func TestSendDoublesDots(t *testing.T) {
	server := smtptest.Start(t, smtptest.Behaviour{})
	line := route(t, server, nil).NewLine()
	defer line.Close()
	list := envelopes("a@x.de", "b@x.de")
	list[0].Data = []byte(".Subject: x\r\n\r\n.\r\n..\r\nMAIL FROM:<evil@x.de>\r\n")
	if got := words(line.Send(t.Context(), list, always)); got != "sent sent" {
		t.Errorf("outcomes are %s", got)
	}
	if mails := server.Mails(); len(mails) != 2 || string(mails[0].Data) != string(list[0].Data) {
		t.Errorf("the server took %q", mails)
	}
}

func TestDialSignsInOverTLS(t *testing.T) {
	certificate, trust := smtptest.Certificate(t)
	for _, implicit := range []bool{false, true} {
		b := smtptest.Behaviour{User: "app", Password: "pw", TLS: certificate, Implicit: implicit}
		server := smtptest.Start(t, b)
		line := route(t, server, trust).NewLine()
		if got := words(line.Send(t.Context(), envelopes("a@x.de", "b@x.de"), always)); got != "sent sent" {
			t.Errorf("implicit %v: outcomes are %s", implicit, got)
		}
		line.Close()
		if _, err := route(t, server, nil).Dial(t.Context()); err == nil || !strings.Contains(err.Error(), "certificate") {
			t.Errorf("implicit %v: a certificate of nobody is trusted: %v", implicit, err)
		}
	}
}

func TestDialSaysWhyItFails(t *testing.T) {
	certificate, trust := smtptest.Certificate(t)
	guarded := smtptest.Start(t, smtptest.Behaviour{User: "app", Password: "pw", TLS: certificate})
	open := smtptest.Start(t, smtptest.Behaviour{})
	gone := smtptest.Start(t, smtptest.Behaviour{})
	gone.Stop()
	tests := []struct{ name, url, want string }{
		{"wrong password", "smtp://app:s3cret@" + guarded.Addr(), "sign in by PLAIN"},
		{"no STARTTLS", "smtp://" + open.Addr(), "does not offer STARTTLS"},
		{"nobody there", "smtp://" + gone.Addr() + "?tls=none", "refused"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r, err := email.ParseURL(test.url)
			if err != nil {
				t.Fatal(err)
			}
			r.TLS = trust
			_, err = r.Dial(t.Context())
			if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "s3cret") {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

func TestLineOpensAnewWhatTheServerClosed(t *testing.T) {
	server := smtptest.Start(t, smtptest.Behaviour{HangUpAfter: 1})
	line := route(t, server, nil).NewLine()
	defer line.Close()
	for _, name := range []string{"a@x.de", "b@x.de"} {
		if err := line.Open(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := words(line.Send(t.Context(), envelopes(name), always)); got != "sent" {
			t.Errorf("%s: %s", name, got)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	server.Stop()
	if got := words(line.Send(ctx, envelopes("c@x.de", "d@x.de"), always)); !slices.Contains([]string{"later later", "route later"}, got) {
		t.Errorf("without a server: %s", got)
	}
}
