package deliver

import (
	"context"
	"strings"

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

// sampleToken is as long as that of a Contact's link, and opens nothing.
const sampleToken = "samplesamplesamplesamplesa"

// Preview writes to a preview's Contact as a Request in that Brand would. What
// of the Brand people could not read comes in the nearest colour. The mail's
// link leads to the preview; where it is printed, it is as long as a Contact's.
// Nothing is sent.
func (s *Sender) Preview(ctx context.Context, t *db.Tenant, p *db.BrandPreview) (*Preview, error) {
	brand := *p.Brand
	brand.Theme = brand.Theme.Readable()
	o := previewed(p, *t.AddressOf(&p.Path))
	head, err := s.previewHead(ctx, t, *t.Company, &brand)
	if err != nil {
		return nil, err
	}
	mail, err := head.requestMail(o, s.clock())
	if err != nil {
		return nil, err
	}
	shown := &Preview{
		Language: languageOf(head.formality, o.Contact.Profile.Locale, t.Company.Locale).Tag,
		From:     mail.From.String(), Subject: mail.Subject, HTML: mail.HTML, Text: mail.Text,
	}
	o.Link = s.store.BaseURL() + "/u/" + sampleToken
	shown.SMS = mail.Subject + " " + o.Link
	shown.Letter, err = s.previewLetter(ctx, t, &brand, o)
	return shown, err
}

// previewed is a Request on its way to a preview's Contact.
func previewed(p *db.BrandPreview, link string) *db.Outgoing {
	o := &db.Outgoing{
		Request: p.Request, RequestID: p.Request.ID, Contact: p.Contact, ContactID: p.Contact.ID, Employee: p.Employee,
		Link: link, StopLink: link, MessageID: "preview@complero.invalid",
	}
	if list := p.Contact.Profile.Emails; len(list) > 0 {
		o.To = list[0]
	}
	return o
}

func (s *Sender) previewHead(ctx context.Context, t *db.Tenant, c db.Company, brand *db.Brand) (*letterhead, error) {
	head, err := s.newLetterhead(ctx, &c, brand, true)
	if err == nil && t.Viewer.May(db.ConsentsRead) {
		head.consents, err = asksForConsents(ctx, t)
	}
	return head, err
}

// previewLetter is the text without what belongs to mail: it does not invite
// people to answer by it, and the frame is that of a letter.
func (s *Sender) previewLetter(ctx context.Context, t *db.Tenant, brand *db.Brand, o *db.Outgoing) (string, error) {
	c := *t.Company
	c.SupportContact = nil
	letter := *o
	if o.Employee != nil {
		e := *o.Employee
		e.Email = nil
		letter.Employee = &e
	}
	head, err := s.previewHead(ctx, t, c, brand)
	if err != nil {
		return "", err
	}
	mail, err := head.requestMail(&letter, s.clock())
	if err != nil {
		return "", err
	}
	body, _, _ := strings.Cut(mail.Text, "\n-- \n")
	return strings.TrimSpace(body) + "\n", nil
}
