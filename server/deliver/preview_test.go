package deliver_test

import (
	"strings"
	"testing"

	"complero/db"
)

func TestPreviewWritesAsARequestWould(t *testing.T) {
	withHouse(t, 1, func(h *house) {
		name, pale, externalID := "Nordlicht Neu", "#bbbbbb", "C-0"
		_, err := h.live.UpdateBrand(h.Context(), db.BrandChange{Draft: true, Name: &name, Text: &pale})
		h.must(err)
		s := h.sender(nil)
		for _, test := range []struct{ locale, subject, letter string }{
			{"de", "Stimmen", "Mit freundlichen Grüßen"}, {"en-GB", "Are your", "Kind regards"}, {"ar", "", ""}, {"tr", "Stimmen", ""},
		} {
			p, err := h.live.PreviewBrand(h.Context(), db.PreviewOf{Locale: &test.locale})
			h.must(err)
			shown, err := s.Preview(h.Context(), h.live, p)
			h.must(err)
			link := h.store.BaseURL() + p.Path
			if !strings.HasPrefix(shown.Subject, test.subject) || !strings.Contains(shown.Letter, test.letter) {
				h.Errorf("%s: subject %q, letter\n%s", test.locale, shown.Subject, shown.Letter)
			}
			short := h.store.BaseURL() + "/u/samplesamplesamplesamplesa"
			for _, part := range []struct{ what, text, link string }{
				{"HTML", shown.HTML, link}, {"text", shown.Text, link}, {"SMS", shown.SMS, short}, {"letter", shown.Letter, short},
			} {
				if !strings.Contains(part.text, part.link) || strings.Contains(part.text, pale) {
					h.Errorf("%s: the %s is\n%s", test.locale, part.what, part.text)
				}
			}
			if strings.Contains(shown.Letter, "-- \n") || strings.Contains(shown.Letter, "E-Mail.") {
				h.Errorf("%s: the letter is a mail:\n%s", test.locale, shown.Letter)
			}
			if !strings.Contains(shown.SMS, "00000-00000") || shown.From == "" {
				h.Errorf("%s: SMS %q from %q", test.locale, shown.SMS, shown.From)
			}
		}
		contact, err := h.live.Contact(h.Context(), db.ContactRef{ExternalID: &externalID})
		h.must(err)
		p, err := h.live.PreviewBrand(h.Context(), db.PreviewOf{ContactID: &contact.ID})
		h.must(err)
		shown, err := s.Preview(h.Context(), h.live, p)
		h.must(err)
		if !strings.Contains(shown.Text, "Frau Kettenis0") || !strings.Contains(shown.Text, "Defne Kupfer") {
			h.Errorf("it says\n%s", shown.Text)
		}
	})
}
