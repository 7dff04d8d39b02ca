package deliver

import (
	"bytes"
	"testing"

	"github.com/jhillyerd/enmime/v2"

	"complero/db"
	"complero/server/deliver/email"
)

func TestReportSpeaksEachLanguage(t *testing.T) {
	for _, language := range languages() {
		if language.informal && language.String() == language.Tag {
			continue // it is the same
		}
		m := &db.ReportMail{
			User: &db.User{Name: "Ada Lund", Email: "ada@nordlicht.example", Locale: language.Tag},
			URL:  "https://complero.example/app/nordlicht/report?since=2026-05-04&until=2026-05-10", MessageID: "r@nordlicht.example",
		}
		mail, err := newHead(t, sampleCompany(), formalityOf(language)).reportMail(m, ReportFile{
			Title: "Nordlicht", Period: "2026", File: email.Attachment{Name: "nordlicht-report\"\r\nBcc: x.csv", Type: "text/csv; charset=utf-8", Data: []byte("Wert\r\n1\r\n")},
		}, now)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "report."+language.String()+".txt", "From: "+mail.From.String()+"\nTo: "+mail.To.String()+"\nSubject: "+mail.Subject+"\n\n"+mail.Text)
		data, err := mail.Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		read, err := enmime.ReadEnvelope(bytes.NewReader(data))
		if err != nil || len(read.Errors) > 0 || len(read.Attachments) != 1 || read.GetHeader("Bcc") != "" || read.Text == "" || read.HTML == "" {
			t.Fatalf("%v %v, %d attachments", err, read.Errors, len(read.Attachments))
		}
		if file := read.Attachments[0]; string(file.Content) != "Wert\r\n1\r\n" || file.FileName != "nordlicht-reportBcc:x.csv" || file.ContentType != "text/csv" {
			t.Errorf("the file is %q, %s: %q", file.FileName, file.ContentType, file.Content)
		}
	}
}
