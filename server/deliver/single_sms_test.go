package deliver

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"complero/db"
	"complero/theme"
)

// TestShortMessagesSpeakEachLanguage holds them to what they cost: one segment
// with a Company's name of usual length, two where UCS-2 has to hold a link.
func TestShortMessagesSpeakEachLanguage(t *testing.T) {
	var all strings.Builder
	for _, language := range languages() {
		if language.informal && language.String() == language.Tag {
			continue // it is the same
		}
		head := newHead(t, sampleCompany(), formalityOf(language))
		contact := *sampleOutgoing().Contact
		contact.Profile.Locale = language.Tag
		proposal := db.ProposalMail{
			Contact: &contact, Kind: db.ProposalPhone, Channel: db.SMS, Locale: language.Tag, ExpiresAt: now.AddDate(0, 0, 7), MessageID: "1@nordlicht.example",
			To: "+4915112345678", Address: "+4915112345678", Link: "https://complero.example/address/abcdefghijklmnopqrstuvwxyz",
		}
		undo := proposal
		undo.Undo, undo.To, undo.Address = true, "+491604905728", "…678"
		for _, m := range []single{
			head.code(&db.VerificationCode{Contact: &contact, Channel: db.SMS, To: "+4915112345678", Code: "012345", MessageID: "2@nordlicht.example"}),
			head.proposal(&proposal), head.proposal(&undo),
		} {
			short, err := head.singleSMS(m)
			if err != nil {
				t.Fatal(err)
			}
			measured := theme.NewSMS(short.Text)
			most := 1
			if measured.Encoding == theme.UCS2 && m.kind != codeKind {
				most = 2
			}
			if measured.Segments > most || !strings.HasPrefix(strings.ReplaceAll(short.Text, "\u200e", ""), "Nordlicht Versicherung") || strings.Contains(short.Text, "Kettenis") {
				t.Errorf("%s, %s: %d segments: %s", m.kind, language, measured.Segments, short.Text)
			}
			if m.kind == codeKind && (strings.Contains(short.Text, "://") || short.ValidFor != 10*time.Minute) {
				t.Errorf("%s: a code for %s: %s", language, short.ValidFor, short.Text)
			}
			fmt.Fprintf(&all, "%s %s, %s %d, to %s\n%s\n\n", m.kind, language, measured.Encoding, measured.Length, short.To, short.Text)
		}
	}
	golden(t, "sms.txt", all.String())
}
