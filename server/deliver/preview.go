package deliver

import (
	"context"

	"complero/db"
)

// A Preview is what a Request would say over each Channel.
type Preview struct {
	Language            string // BCP 47, as the texts have it
	From                string
	Subject, HTML, Text string // of the mail
	SMS                 string
	Letter              string // the body, as plain text
}

// What stands in messages that nobody gets where a Request's own would: as
// long as it, and of no use.
const (
	sampleToken = "samplesamplesamplesamplesa"
	sampleCode  = "00000-00000"
)

// Preview writes to a preview's Contact as a Request in that Brand would. What
// of the Brand people could not read comes in the nearest colour. The mail's
// link leads to the preview; where it is printed, it is as long as a Contact's.
// Nothing is sent.
func (s *Sender) Preview(ctx context.Context, t *db.Tenant, p *db.BrandPreview) (*Preview, error) {
	brand := *p.Brand
	brand.Theme = brand.Theme.Readable()
	draft := Draft{Outgoing: previewed(p, *t.AddressOf(&p.Path)), Brand: &brand}
	mail, err := s.Compose(ctx, t, draft)
	if err != nil {
		return nil, err
	}
	draft.Outgoing.Link = s.store.BaseURL() + "/u/" + sampleToken
	draft.Outgoing.StopLink = draft.Outgoing.Link + "/stop"
	printed, err := s.Compose(ctx, t, draft)
	if err != nil {
		return nil, err
	}
	return &Preview{
		Language: mail.Locale, From: mail.From, Subject: mail.Mail.Subject, HTML: mail.Mail.HTML, Text: mail.Mail.Text,
		SMS: printed.SMS.Text, Letter: printed.Letter.Text(),
	}, nil
}

// previewed is a Request on its way to a preview's Contact.
func previewed(p *db.BrandPreview, link string) *db.Outgoing {
	o := &db.Outgoing{
		Request: p.Request, RequestID: p.Request.ID, Contact: p.Contact, ContactID: p.Contact.ID, Employee: p.Employee,
		Link: link, StopLink: link, CheckCode: sampleCode, MessageID: "preview@complero.invalid",
	}
	if list := p.Contact.Profile.Emails; len(list) > 0 {
		o.To = list[0]
	}
	return o
}
