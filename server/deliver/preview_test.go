package deliver_test

import (
	"strings"
	"testing"

	"complero/db"
	"complero/server/deliver"
)

func TestABrandIsShownAsARequestWould(t *testing.T) {
	withHouse(t, 1, func(h *house) {
		name, pale, externalID := "Nordlicht Neu", "#bbbbbb", "C-0"
		_, err := h.live.UpdateBrand(h.Context(), db.BrandChange{Draft: true, Name: &name, Text: &pale})
		h.must(err)
		s := h.sender(nil)
		look := func(of db.PreviewOf) *deliver.Composed {
			h.Helper()
			p, err := h.live.PreviewBrand(h.Context(), of)
			h.must(err)
			shown, err := s.Compose(h.Context(), h.live, deliver.Draft{Outgoing: p.Outgoing, Brand: p.Brand})
			h.must(err)
			return shown
		}
		for _, test := range []struct{ locale, subject, letter string }{
			{"de", "Stimmen", "Mit freundlichen Grüßen"}, {"en-GB", "Are your", "Kind regards"}, {"ar", "", ""}, {"tr", "Stimmen", ""},
		} {
			shown := look(db.PreviewOf{Locale: &test.locale})
			letter := shown.Letter.Text()
			if !strings.HasPrefix(shown.Mail.Subject, test.subject) || !strings.Contains(letter, test.letter) {
				h.Errorf("%s: subject %q, letter\n%s", test.locale, shown.Mail.Subject, letter)
			}
			for what, text := range map[string]string{"HTML": shown.Mail.HTML, "text": shown.Mail.Text, "SMS": shown.SMS.Text, "letter": letter} {
				if !strings.Contains(text, h.store.BaseURL()+"/u/samplesamplesamplesamplesa") || strings.Contains(text, pale) {
					h.Errorf("%s: the %s is\n%s", test.locale, what, text)
				}
			}
			if strings.Contains(letter, "-- \n") || strings.Contains(letter, "E-Mail.") {
				h.Errorf("%s: the letter is a mail:\n%s", test.locale, letter)
			}
			if !strings.Contains(shown.SMS.Text, "00000-00000") || !strings.Contains(shown.From, "(Nordlicht)") {
				h.Errorf("%s: SMS %q from %q", test.locale, shown.SMS.Text, shown.From)
			}
		}
		contact, err := h.live.Contact(h.Context(), db.ContactRef{ExternalID: &externalID})
		h.must(err)
		if shown := look(db.PreviewOf{ContactID: &contact.ID}); !strings.Contains(shown.Mail.Text, "Frau Kettenis0") || !strings.Contains(shown.Mail.Text, "Defne Kupfer") {
			h.Errorf("it says\n%s", shown.Mail.Text)
		}
	})
}
