package deliver_test

import (
	"bytes"
	"strings"
	"testing"

	"complero/db"
	"complero/server/deliver"
	"complero/server/deliver/smtptest"
	"complero/theme"
)

func (h *house) save(subject string) {
	h.Helper()
	_, err := h.live.SaveText(h.Context(), db.TextSave{
		TextKey:  db.TextKey{Locale: "de"},
		Template: theme.Template{Subject: subject, Body: "Guten Tag {{ contact }}, hier {{ employee }}.", SMS: "Hier {{ company }}"},
	})
	h.must(err)
}

func TestDeliverSendsTheTextThatIsInUse(t *testing.T) {
	withHouse(t, 1, func(h *house) {
		server := smtptest.Start(h, smtptest.Behaviour{})
		sender := h.sender(server)
		subjects := func(want string) {
			h.Helper()
			requests := h.ask(h.live, 1)
			h.deliver(sender, h.live)
			mails := server.Mails()
			last := bytes.ReplaceAll(mails[len(mails)-1].Data, []byte("=\r\n"), nil)
			if !bytes.Contains(last, []byte("Subject: "+want)) || !bytes.Contains(last, []byte(requests[0].CheckCode())) {
				h.Errorf("the mail is not %q with %s:\n%s", want, requests[0].CheckCode(), last)
			}
			w, err := h.store.Written(h.Context(), requests[0].CheckCode())
			if err != nil || w == nil || w.Name != "Nordlicht" {
				h.Errorf("the code tells %+v, %v", w, err)
			}
		}
		subjects("Stimmen Ihre Angaben")
		h.save("Eins")
		subjects("Eins")
		h.save("Zwei")
		subjects("Zwei")
		_, err := h.live.DeleteText(h.Context(), db.TextKey{Locale: "de"})
		h.must(err)
		subjects("Stimmen Ihre Angaben")
	})
}

func TestComposeShowsWhatWouldBeSent(t *testing.T) {
	withHouse(t, 1, func(h *house) {
		h.save("Im Einsatz")
		sender := h.sender(nil)
		compose := func(sample db.TextSample, d deliver.Draft) *deliver.Composed {
			h.Helper()
			o, err := h.live.SampleOutgoing(h.Context(), sample)
			h.must(err)
			d.Outgoing = o
			c, err := sender.Compose(h.Context(), h.live, d)
			h.must(err)
			return c
		}
		id := "C-0"
		c := compose(db.TextSample{ContactExternalID: &id}, deliver.Draft{})
		if c.Mail.Subject != "Im Einsatz" || !strings.Contains(c.Mail.Text, "Guten Tag Juliane Kettenis0, hier Defne Kupfer.") ||
			!strings.HasPrefix(c.SMS.Text, "Hier Nordlicht\n") || !strings.Contains(c.Letter.Text(), "hier Defne Kupfer") || c.Locale != "de" {
			h.Errorf("%+v", c)
		}
		// Nobody's link is in it, and nothing was made.
		if !strings.Contains(c.Mail.Text, "/u/samplesamplesamplesamplesa") || h.statuses(h.live) != "" {
			h.Errorf("the preview has somebody's link, or made %s:\n%s", h.statuses(h.live), c.Mail.Text)
		}
		fr := "fr"
		informal := theme.Informal
		if c := compose(db.TextSample{Locale: &fr}, deliver.Draft{Formality: &informal}); !strings.HasPrefix(c.Mail.Subject, "Tes coordonnées") && !strings.Contains(c.Mail.Text, "Bonjour Anna") {
			h.Errorf("in French: %s\n%s", c.Mail.Subject, c.Mail.Text)
		}
		c = compose(db.TextSample{}, deliver.Draft{Text: &theme.Template{Subject: "Entwurf", Body: "[x](https://example.com)"}})
		if c.Mail.Subject != "Entwurf" || !strings.Contains(c.Mail.HTML, "Angaben prüfen") || !strings.Contains(c.SMS.Text, "Stimmen Ihre Angaben") {
			h.Errorf("a draft: %+v", c)
		}
		brand := theme.DefaultBrand("Entwurf")
		brand.Colors.Primary = "#7c2d12"
		if c := compose(db.TextSample{}, deliver.Draft{Brand: &db.Brand{Theme: brand}}); !strings.Contains(c.Mail.HTML, "#7c2d12") {
			h.Error("a Brand's draft is not shown")
		}
		limited := *h.live
		limited.Viewer.Rights = []db.Right{db.CompanyRead}
		o, err := limited.SampleOutgoing(h.Context(), db.TextSample{})
		h.must(err)
		if _, err := sender.Compose(h.Context(), &limited, deliver.Draft{Outgoing: o}); err != nil {
			h.Errorf("with company:read alone: %v", err)
		}
		if _, err := limited.SampleOutgoing(h.Context(), db.TextSample{ContactExternalID: &id}); db.CodeOf(err) != db.Forbidden {
			h.Errorf("a Contact without contacts:read: %v", err)
		}
	})
}
