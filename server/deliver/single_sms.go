package deliver

import (
	"context"
	"errors"
	"fmt"

	"complero/db"
	"complero/server/deliver/sms"
)

// singleSMS is a single message as an SMS, to its number.
func (h *letterhead) singleSMS(s single) (sms.Message, error) {
	layout, err := h.singleLayout(s.kind, s.language)
	if err != nil {
		return sms.Message{}, err
	}
	text, err := layout.SMS(s.values)
	return sms.Message{To: s.number, Text: text.Text, ValidFor: s.validFor}, err
}

// outboxSMS is an SMS as the outbox keeps it. Who sends it is the provider's
// setting, which the outbox does not need.
func (h *letterhead) outboxSMS(m sms.Message, id string) *db.OutboxMessage {
	return &db.OutboxMessage{Channel: db.SMS, MessageID: id, From: h.name, To: m.To, Text: m.Text}
}

// errNoSMS makes an SMS wait for a provider.
var errNoSMS = errors.New("no SMS provider is set; set --sms")

// sendSMS sends a single message of live mode as sendOne does a mail.
func (s *Sender) sendSMS(ctx context.Context, m sms.Message) (refused string, err error) {
	if s.sms == nil {
		return "", errNoSMS
	}
	if until := s.smsOutage.until(); !until.IsZero() {
		return "", fmt.Errorf("the SMS provider fails, and is not tried before %s", until.UTC().Format("15:04:05"))
	}
	id, err := s.sms.Send(ctx, m)
	switch failure := sms.FailureOf(err); {
	case failure == nil:
		s.smsOutage.ended()
		s.log.Debug("the SMS provider took a message", "id", id)
		return "", nil
	case failure.Fault == sms.RouteFault:
		s.log.Warn("the SMS provider fails; messages wait", "error", failure.Detail, "pause", s.smsOutage.failed())
		return "", failure
	case failure.Final:
		return failure.Detail, nil
	default:
		return "", failure
	}
}
