package deliver

import (
	"strings"
	"testing"

	"complero/db"
)

func TestNewAddressesSpeakEachLanguage(t *testing.T) {
	for _, language := range languages() {
		if language.informal && language.String() == language.Tag {
			continue // it is the same
		}
		for kind, p := range map[string]db.ProposalMail{
			"confirm": {To: "neu@example.org", Link: "https://complero.example/address/abcdefghijklmnopqrstuvwxyz"},
			"number":  {To: "juliane@example.net", Address: "…678", Undo: true, Kind: db.ProposalPhone, Link: "https://complero.example/address/zyxwvutsrqponmlkjihgfedcba"},
			"changed": {To: "juliane@example.net", Address: "n•••@example.org", Undo: true, Link: "https://complero.example/address/zyxwvutsrqponmlkjihgfedcba"},
		} {
			p.Channel = db.Email
			p.Contact, p.Locale, p.ExpiresAt, p.MessageID = sampleOutgoing().Contact, language.Tag, now.AddDate(0, 0, 7), kind+"@nordlicht.example"
			head := newHead(t, sampleCompany(), formalityOf(language))
			m, err := head.singleMail(head.proposal(&p), now)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, kind+"."+language.String()+".txt", "From: "+m.From.String()+"\nTo: "+m.To.String()+"\nSubject: "+m.Subject+"\n\n"+m.Text)
			if inHTML[language.Tag] {
				golden(t, kind+"."+language.String()+".html", m.HTML)
			}
			if kind == "confirm" && strings.Contains(m.Text+m.HTML+m.To.String(), "Kettenis") {
				t.Errorf("%s tells a stranger the Contact's name", language)
			}
		}
	}
}
