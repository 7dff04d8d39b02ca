package deliver

import (
	"testing"

	"complero/db"
)

func TestEnquirySpeaksEachLanguage(t *testing.T) {
	for _, language := range languages() {
		if language.informal && language.String() == language.Tag {
			continue // it is the same
		}
		c := sampleCompany()
		c.Locale = language.Tag
		q := &db.EnquiryMail{
			Enquiry: db.Enquiry{Words: "Gilt das <b>alte</b> Konto noch?\nUnd *ab wann* nicht mehr?", ReplyTo: "0431 901820"},
			Contact: sampleOutgoing().Contact, Employee: sampleEmployee(), To: "d.kupfer@nordlicht.example", MessageID: "q@nordlicht.example",
		}
		m, err := newHead(t, c, formalityOf(language)).enquiryMail(q, now)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "enquiry."+language.String()+".txt", "From: "+m.From.String()+"\nReply-To: "+m.ReplyTo.String()+"\nTo: "+m.To.String()+"\nSubject: "+m.Subject+"\n\n"+m.Text)
		if inHTML[language.Tag] {
			golden(t, "enquiry."+language.String()+".html", m.HTML)
		}
	}
}

func TestEnquiryToTheCompanyNamesNobody(t *testing.T) {
	q := &db.EnquiryMail{
		Enquiry: db.Enquiry{Words: "Warum?", ReplyTo: "neu@example.net"}, Contact: sampleOutgoing().Contact, To: "hilfe@nordlicht.example", MessageID: "q@nordlicht.example",
	}
	m, err := newHead(t, sampleCompany(), formalityOf(languages()[0])).enquiryMail(q, now)
	if err != nil {
		t.Fatal(err)
	}
	if m.To.Address != "hilfe@nordlicht.example" || m.ReplyTo.Address != "neu@example.net" {
		t.Errorf("it goes to %s, answers to %s", m.To, m.ReplyTo)
	}
}
