package deliver

import (
	"context"
	"errors"
	"fmt"
	"time"

	"complero/db"
	"complero/server/deliver/email"
	"complero/theme"
)

// The kinds of single messages, as their files are called.
const (
	noticeKind  = "notice"
	codeKind    = "code"
	enquiryKind = "enquiry"
	confirmKind = "confirm"
	changedKind = "changed"
	numberKind  = "number"
	signInKind  = "signin"
	doorKind    = "door"
	digestKind  = "digest"
)

// changesField is the table in a notice.
const changesField = "changes"

// singleKinds are the kinds of messages that are sent one at a time, with what
// their texts may name.
var singleKinds = []struct {
	kind   string
	fields []string
	tables []string
}{
	{noticeKind, []string{"employee", "contact", "company", "link"}, []string{changesField}},
	{codeKind, []string{"greeting", "company", "code"}, nil},
	{enquiryKind, []string{"employee", "contact", "company", "words", "reply", "replies"}, nil},
	{confirmKind, []string{"company", "link", "expires"}, nil},                        // to the new place
	{changedKind, []string{"greeting", "company", "address", "link", "expires"}, nil}, // to the old one, of an e-mail address
	{numberKind, []string{"greeting", "company", "address", "link", "expires"}, nil},  // to the old one, of a mobile number
	{signInKind, []string{"name", "customer", "link", "until"}, nil},
	{reportKind, []string{"name", "title", "period", "link"}, nil},
	{doorKind, []string{"name", "company", "link", "until"}, nil}, // to an Employee who has asked for it
	{digestKind, []string{"employee", "company", "link"}, []string{changesField}},
}

// singleTexts are the texts of single messages, by kind.
type singleTexts map[string]map[Language]*theme.Message

func readSingle() (singleTexts, error) {
	all := singleTexts{}
	for _, k := range singleKinds {
		all[k.kind] = map[Language]*theme.Message{}
		for _, language := range languages() {
			file := "texts/" + k.kind + "." + language.String() + ".md"
			source, err := texts.ReadFile(file)
			if err != nil {
				return nil, err
			}
			if all[k.kind][language], err = theme.ParseMessage(string(source), k.fields, k.tables...); err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
		}
	}
	return all, nil
}

// A single is a message that is sent alone and is no Request: what it says, to
// whom. With a number it is an SMS, else a mail.
type single struct {
	kind     string
	language Language
	id       string // the Message-ID
	to       email.Mailbox
	number   string        // E.164
	validFor time.Duration // of an SMS; 0 is no matter
	values   map[string]string
	tables   []theme.Table
}

// bring brings a single message out by its Channel: kept is what goes into the
// outbox, where that is its way. refused tells why it is not taken for good; an
// error is worth trying again.
func (s *Sender) bring(ctx context.Context, head *letterhead, m single) (kept *db.OutboxMessage, refused string, err error) {
	if m.number != "" {
		short, err := head.singleSMS(m)
		if err != nil {
			return nil, "", err
		}
		if head.outbox {
			return head.outboxSMS(short, m.id), "", nil
		}
		refused, err = s.sendSMS(ctx, short)
		return nil, refused, err
	}
	mail, err := head.singleMail(m, s.clock())
	if err != nil {
		return nil, "", err
	}
	if head.outbox {
		return outboxMessage(mail), "", nil
	}
	refused, err = s.sendOne(ctx, mail)
	return nil, refused, err
}

// singleMail is a single message from the Brand itself.
func (h *letterhead) singleMail(s single, now time.Time) (*email.Message, error) {
	layout, err := h.singleLayout(s.kind, s.language)
	if err != nil {
		return nil, err
	}
	rendered, err := layout.Render(s.values, s.tables...)
	if err != nil {
		return nil, err
	}
	from, replyTo := h.sender(nil)
	return &email.Message{
		ID: s.id, Date: now.In(h.zone), From: from, ReplyTo: replyTo, To: s.to,
		Subject: rendered.Subject, Text: rendered.Text, HTML: rendered.HTML, Image: h.logo,
		// RFC 3834: so that no holiday notice comes back.
		Headers: []email.Header{{Name: "Auto-Submitted", Value: "auto-generated"}},
	}, nil
}

// singleLayout is the text of a kind of single message.
func (h *letterhead) singleLayout(kind string, l Language) (*theme.Layout, error) {
	return h.layout(layoutKey{language: l, kind: kind}, func() (*theme.Layout, error) { return h.single[kind][l].For(h.brand, h.frame(l)) })
}

// calls is how messages to an Employee address them.
func (l Language) calls(e *db.Employee) string {
	if l.informal && e.GivenName != nil {
		return *e.GivenName
	}
	return e.DisplayName
}

// errNoRoute makes a single message wait, like a Request, for a mail route.
var errNoRoute = errors.New("no mail route is set; set --smtp")

// sendOne sends a single message of live mode. refused tells why the server
// does not take it for good; an error is worth trying again.
func (s *Sender) sendOne(ctx context.Context, m *email.Message) (refused string, err error) {
	if s.route == nil {
		return "", errNoRoute
	}
	data, err := m.Append(nil)
	if err != nil {
		return err.Error(), nil // it can never be sent
	}
	line, err := s.line(ctx)
	if err != nil {
		return "", err
	}
	defer func() { s.lines <- line }()
	if err := line.Open(ctx); err != nil {
		return "", err
	}
	envelope := email.Envelope{From: m.From.Address, To: m.To.Address, Data: data}
	err = line.Send(ctx, []email.Envelope{envelope}, func() bool { return ctx.Err() == nil })[0]
	if failure := email.FailureOf(err); err != nil && !email.PutOff(err) && failure != nil && failure.Final && failure.Fault != email.RouteFault {
		return failure.Detail, nil
	}
	return "", err
}

// sendAlone sends a single message to whoever has the id. That a mailbox
// refuses it for good is logged.
func (s *Sender) sendAlone(ctx context.Context, m *email.Message, id string) error {
	refused, err := s.sendOne(ctx, m)
	if err != nil {
		return fmt.Errorf("message to %s: %w", id, err)
	}
	s.logRefused(id, refused)
	return nil
}

func (s *Sender) logRefused(id, why string) {
	if why != "" {
		s.log.Warn("a message cannot be sent", "to", id, "error", why)
	}
}
