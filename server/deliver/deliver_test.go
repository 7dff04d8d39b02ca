package deliver_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"complero/db"
	"complero/db/profile"
	"complero/server/deliver"
	"complero/server/deliver/smtptest"
)

func TestDeliverSendsEachRequestOnce(t *testing.T) {
	withHouse(t, 130, func(h *house) {
		server := smtptest.Start(h, smtptest.Behaviour{})
		requests := h.ask(h.live, 130)
		h.deliver(h.sender(server), h.live)
		h.oncePerPerson(server, 130)
		if got := h.statuses(h.live); got != "130 SENT" {
			h.Errorf("Requests are %s", got)
		}
		first := server.Mails()[0]
		if first.From != "kontakt@nordlicht.example" || !bytes.Contains(first.Data, []byte("Defne Kupfer (Nordlicht)")) || !bytes.Contains(first.Data, []byte("Reply-To: Defne Kupfer <defne@nordlicht.example>")) {
			h.Errorf("the message is\n%s", first.Data)
		}
		link := h.live.RequestLink(requests[0])
		found := slices.ContainsFunc(server.Mails(), func(m smtptest.Mail) bool {
			return bytes.Contains(bytes.ReplaceAll(m.Data, []byte("=\r\n"), nil), []byte(*link))
		})
		if !found {
			h.Error("no message holds the first Request's link")
		}
	})
}

func TestDeliverKeepsTestModeToTheOutbox(t *testing.T) {
	withHouse(t, 3, func(h *house) {
		server := smtptest.Start(h, smtptest.Behaviour{})
		h.ask(h.test, 3)
		h.deliver(h.sender(server), h.test)
		if server.Connections() != 0 {
			h.Error("test mode reached the mail server")
		}
		outbox, err := h.test.Outbox(h.Context(), db.Page{})
		h.must(err)
		if len(outbox.Nodes) != 3 || h.statuses(h.test) != "3 SENT" {
			h.Fatalf("the outbox holds %d, Requests are %s", len(outbox.Nodes), h.statuses(h.test))
		}
		m := outbox.Nodes[0]
		if m.From != "Defne Kupfer (Nordlicht) <kontakt@nordlicht.example>" || m.RequestID == "" || m.EmployeeID == "" || m.ContactID == "" ||
			!strings.Contains(m.Text, "/u/") || m.Headers["List-Unsubscribe-Post"] == "" {
			h.Errorf("the outbox holds %+v", m)
		}
	})
}

func TestDeliverPutsAllIntoTheOutboxOfADemo(t *testing.T) {
	withHouse(t, 3, func(h *house) {
		h.ask(h.live, 3)
		h.deliver(h.sender(nil, func(s *deliver.Settings) { s.Outbox = true }), h.live)
		if got := h.statuses(h.live); got != "3 SENT" {
			h.Errorf("Requests are %s", got)
		}
	})
}

func TestDeliverRecordsWhatTheServerRefuses(t *testing.T) {
	withHouse(t, 6, func(h *house) {
		server := smtptest.Start(h, smtptest.Behaviour{
			Rcpt: func(to string) error {
				switch to {
				case "c1@example.net":
					return smtptest.Refuse("550 5.1.1 <c1@example.net> unknown")
				case "c2@example.net":
					return smtptest.Refuse("451 4.7.1 come back later")
				}
				return nil
			},
			Data: func(m smtptest.Mail) error {
				if m.To == "c3@example.net" {
					return smtptest.Refuse("554 5.7.1 spam")
				}
				return nil
			},
		})
		requests := h.ask(h.live, 6)
		retry := h.deliver(h.sender(server), h.live)
		if got := h.statuses(h.live); got != "1 FAILED/BOUNCED, 1 FAILED/REFUSED, 1 PENDING, 3 SENT" {
			h.Errorf("Requests are %s", got)
		}
		if wait := time.Until(retry); wait < 30*time.Second || wait > 2*time.Minute {
			h.Errorf("the next try is in %s", wait)
		}
		var ids []string
		for _, r := range requests {
			ids = append(ids, r.ID)
		}
		deliveries, err := h.live.DeliveriesOf(h.Context(), ids)
		h.must(err)
		if d := deliveries[requests[1].ID][0]; d.Detail == nil || *d.Detail != "550 5.1.1 <…@…> unknown" {
			h.Errorf("the refused Delivery says %v", d.Detail)
		}
		c, err := h.live.ContactsByID(h.Context(), []string{requests[1].ContactID, requests[3].ContactID})
		h.must(err)
		if c[requests[1].ContactID].Profile.Emails[0].Health != profile.HealthFailed || c[requests[3].ContactID].Profile.Emails[0].Health == profile.HealthFailed {
			h.Error("the wrong address counts as failing")
		}
		// The one that was put off goes out later, with the same Message-ID.
		h.later.Store(int64(2 * time.Minute))
		h.deliver(h.sender(smtptest.Start(h, smtptest.Behaviour{})), h.live)
		if got := h.statuses(h.live); got != "1 FAILED/BOUNCED, 1 FAILED/REFUSED, 4 SENT" {
			h.Errorf("then Requests are %s", got)
		}
	})
}

func TestDeliverWaitsForAServerThatIsDown(t *testing.T) {
	withHouse(t, 60, func(h *house) {
		server := smtptest.Start(h, smtptest.Behaviour{})
		sender := h.sender(server)
		server.Stop()
		requests := h.ask(h.live, 60)
		more, retry, err := sender.Deliver(h.Context(), h.system(h.live))
		if wait := time.Until(retry); err != nil || more || wait < 5*time.Second || wait > time.Minute {
			h.Errorf("more %v, retry in %s, %v", more, wait, err)
		}
		deliveries, err := h.live.DeliveriesOf(h.Context(), []string{requests[0].ID})
		h.must(err)
		if d := deliveries[requests[0].ID][0]; d.Attempts != 0 || d.Status != db.DeliveryQueued {
			h.Errorf("a Delivery was tried: %+v", d)
		}
		if got := h.statuses(h.live); got != "60 PENDING" {
			h.Errorf("Requests are %s", got)
		}
	})
}

func TestDeliverStopsWhereTheSenderIsRefused(t *testing.T) {
	withHouse(t, 60, func(h *house) {
		var tried atomic.Int32
		server := smtptest.Start(h, smtptest.Behaviour{Mail: func(string) error { tried.Add(1); return smtptest.Refuse("550 5.7.1 not allowed") }})
		h.ask(h.live, 60)
		retry := h.deliver(h.sender(server), h.live)
		if tried.Load() > 2 || time.Until(retry) < 5*time.Second {
			h.Errorf("%d messages were tried, the next is in %s", tried.Load(), time.Until(retry))
		}
		if got := h.statuses(h.live); got != "60 PENDING" {
			h.Errorf("Requests are %s", got)
		}
	})
}

func TestDeliverSurvivesConnectionsThatEnd(t *testing.T) {
	withHouse(t, 60, func(h *house) {
		server := smtptest.Start(h, smtptest.Behaviour{HangUpAfter: 7})
		h.ask(h.live, 60)
		h.deliver(h.sender(server), h.live)
		h.oncePerPerson(server, 60)
		if got := h.statuses(h.live); got != "60 SENT" {
			h.Errorf("Requests are %s", got)
		}
	})
}

func TestDeliverSendsNothingTwiceAfterAGracefulStop(t *testing.T) {
	withHouse(t, 120, func(h *house) {
		ctx, stop := context.WithCancel(h.Context())
		defer stop()
		var taken atomic.Int32
		server := smtptest.Start(h, smtptest.Behaviour{Data: func(smtptest.Mail) error {
			if taken.Add(1) == 20 {
				stop()
			}
			return nil
		}})
		h.ask(h.live, 120)
		more, _, err := h.sender(server).Deliver(ctx, h.system(h.live))
		if err != nil || !more {
			h.Errorf("stopped: more %v, %v", more, err)
		}
		want := func(n int) string { return fmt.Sprintf("%d SENT, %d PENDING", n, 120-n) } // 20 or so
		if n := len(server.Mails()); n > 30 || h.statuses(h.live) != want(n) {
			h.Errorf("%d messages went out, Requests are %s", n, h.statuses(h.live))
		}
		h.deliver(h.sender(server), h.live)
		h.oncePerPerson(server, 120)
	})
}

func TestDeliverWaitsForAMailRoute(t *testing.T) {
	withHouse(t, 1, func(h *house) {
		h.ask(h.live, 1)
		if retry := h.deliver(h.sender(nil), h.live); time.Until(retry) < time.Minute {
			h.Errorf("the next try is in %s", time.Until(retry))
		}
		if got := h.statuses(h.live); got != "1 PENDING" {
			h.Errorf("Requests are %s", got)
		}
	})
}

func TestDeliverCarriesTheLogo(t *testing.T) {
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewRGBA(image.Rect(0, 0, 40, 20))); err != nil {
		t.Fatal(err)
	}
	withHouse(t, 1, func(h *house) {
		server := smtptest.Start(h, smtptest.Behaviour{})
		sender := h.sender(server)
		h.ask(h.live, 1)
		h.deliver(sender, h.live)
		_, err := h.live.UpdateBrand(h.Context(), db.BrandChange{Logo: bytes.NewReader(picture.Bytes())})
		h.must(err)
		h.ask(h.live, 1)
		h.deliver(sender, h.live)
		mails := server.Mails()
		if len(mails) != 2 || bytes.Contains(mails[0].Data, []byte("image/png")) {
			h.Fatalf("%d messages, or one with a logo too soon", len(mails))
		}
		data := bytes.ReplaceAll(mails[1].Data, []byte("=\r\n"), nil)
		if !bytes.Contains(data, []byte("Content-ID: <logo@complero>")) || !bytes.Contains(data, []byte(`src=3D"cid:logo@complero"`)) {
			h.Errorf("the message is\n%s", data)
		}
		h.ask(h.test, 1)
		h.deliver(sender, h.test)
		outbox, err := h.test.Outbox(h.Context(), db.Page{})
		h.must(err)
		if !strings.Contains(outbox.Nodes[0].HTML, h.store.BaseURL()+"/assets/") {
			h.Errorf("the outbox shows\n%s", outbox.Nodes[0].HTML)
		}
	})
}
