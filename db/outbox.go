package db

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"
)

// An OutboxMessage is a message that went into the built-in outbox instead of
// a real Channel. An SMS has neither Subject nor HTML, and in To a number.
type OutboxMessage struct {
	ID        string            `json:"-"`
	MessageID string            `json:"messageId"`
	Channel   Channel           `json:"channel,omitempty"` // "" is EMAIL
	From      string            `json:"from"`
	ReplyTo   string            `json:"replyTo,omitempty"`
	To        string            `json:"to"`
	Subject   string            `json:"subject"`
	HTML      string            `json:"html"`
	Text      string            `json:"text"`
	Headers   map[string]string `json:"headers,omitempty"`
	// Generation is that of the Request's link in it; RecordDeliveries sets it.
	Generation int `json:"generation,omitempty"`
	// ProposalID is that of the Proposal whose links are in it; RecordProposalMail sets it.
	ProposalID string `json:"proposalId,omitempty"`
	// RequestID, ContactID and EmployeeID tell what it is about; "" is none.
	RequestID  string    `json:"-"`
	ContactID  string    `json:"-"`
	EmployeeID string    `json:"-"`
	CreatedAt  time.Time `json:"-"`
}

// These stand in stored messages where a Request's or Proposal's token was, since a
// link's token is stored nowhere, and where this installation's address was,
// or the Company's own, which may be others by the time the message is read.
const (
	tokenPlaceholder   = "complero-link-token"
	confirmPlaceholder = "complero-confirm-token"
	undoPlaceholder    = "complero-undo-token"
	basePlaceholder    = "complero-base-url/"
	ownPlaceholder     = "complero-own-url/"
)

var insertOutbox = insertBulk("outbox",
	column{"id", texts}, column{"message_id", texts}, column{"request_id", texts}, column{"contact_id", texts}, column{"employee_id", texts},
	column{"recipient", texts}, column{"subject", texts}, column{"message", blobs}, column{"created_at", times},
).suffix("ON CONFLICT (company_id, mode, message_id) DO NOTHING")

// keepMessages stores messages; one that is kept already stays as it is.
func (x *tx) keepMessages(ctx context.Context, messages []*OutboxMessage) error {
	rows := make([][]any, len(messages))
	for i, m := range messages {
		data := strings.ReplaceAll(jsonOf(m), x.store.baseURL+"/", basePlaceholder)
		if own := x.store.BaseOf(x.tenant.Company); own != x.store.baseURL {
			data = strings.ReplaceAll(data, own+"/", ownPlaceholder)
		}
		if m.RequestID != "" {
			data = strings.ReplaceAll(data, x.store.token("request", m.RequestID, m.Generation), tokenPlaceholder)
		}
		if m.ProposalID != "" {
			data = strings.NewReplacer(x.store.token(confirmToken, m.ProposalID, proposalGeneration), confirmPlaceholder,
				x.store.token(undoToken, m.ProposalID, proposalGeneration), undoPlaceholder).Replace(data)
		}
		rows[i] = []any{
			newID("message"), m.MessageID, nullable(m.RequestID), nullable(m.ContactID), nullable(m.EmployeeID),
			m.To, m.Subject, []byte(data), x.now,
		}
	}
	if err := x.writeAll(ctx, insertOutbox, rows); err != nil {
		return fmt.Errorf("keep messages in the outbox: %w", err)
	}
	return nil
}

// outboxRow is a message as it is stored.
type outboxRow struct {
	bun.BaseModel `bun:"table:outbox,alias:outbox"`

	CompanyID  int64  `bun:",pk"`
	Mode       Mode   `bun:",pk"`
	ID         string `bun:",pk"`
	RequestID  *string
	ContactID  *string
	EmployeeID *string
	Message    []byte
	CreatedAt  time.Time
}

// message reads a stored message back, with its link.
func (r *outboxRow) message(t *Tenant) (*OutboxMessage, error) {
	m := &OutboxMessage{
		ID: r.ID, RequestID: deref(r.RequestID), ContactID: deref(r.ContactID), EmployeeID: deref(r.EmployeeID), CreatedAt: r.CreatedAt,
	}
	if err := json.Unmarshal(r.Message, m); err != nil {
		return nil, fmt.Errorf("read message %s: %w", r.ID, err)
	}
	token := hidden
	linked := t.Viewer.May(RequestsLink) && !t.Viewer.Masked
	if m.RequestID != "" && linked {
		token = t.store.token("request", m.RequestID, m.Generation)
	}
	fill := []string{tokenPlaceholder, token, basePlaceholder, t.store.baseURL + "/", ownPlaceholder, t.store.BaseOf(t.Company) + "/"}
	switch {
	case m.ProposalID != "" && !linked:
		fill = append(fill, confirmPlaceholder, hidden, undoPlaceholder, hidden)
	case m.ProposalID != "":
		fill = append(fill, confirmPlaceholder, t.store.token(confirmToken, m.ProposalID, proposalGeneration),
			undoPlaceholder, t.store.token(undoToken, m.ProposalID, proposalGeneration))
	}
	m.fillIn(strings.NewReplacer(fill...))
	t.shownMessage(m)
	return m, nil
}

// fillIn puts back what the placeholders stand for.
func (m *OutboxMessage) fillIn(r *strings.Replacer) {
	for _, part := range []*string{&m.HTML, &m.Text} {
		*part = r.Replace(*part)
	}
	for name, value := range m.Headers {
		m.Headers[name] = r.Replace(value)
	}
}

// mayReadOutbox fails unless the Viewer may see the Contacts' links, and the
// outbox is open: in test mode and in the demo.
func (t *Tenant) mayReadOutbox() error {
	if err := t.check(RequestsLink); err != nil {
		return err
	}
	if t.Mode != Test && !t.store.demo {
		return fail(TestOnly, "", "only the outbox of test mode can be read; use a test key")
	}
	return nil
}

// Outbox lists the messages in the outbox, newest first.
func (t *Tenant) Outbox(ctx context.Context, page Page) (*Connection[*OutboxMessage], error) {
	if err := t.mayReadOutbox(); err != nil {
		return nil, err
	}
	w, err := page.window("outbox", 1)
	if err != nil {
		return nil, err
	}
	var rows []*outboxRow
	q, err := order{columns: []string{"id"}, desc: true}.apply(t.onlyMine(t.rows(&rows), "contact_id"), w)
	if err != nil {
		return nil, err
	}
	if err := q.Scan(ctx); err != nil {
		return nil, fmt.Errorf("read the outbox: %w", err)
	}
	messages := make([]*OutboxMessage, len(rows))
	for i, r := range rows {
		if messages[i], err = r.message(t); err != nil {
			return nil, err
		}
	}
	c := connect(messages, w, func(m *OutboxMessage) []string { return []string{m.ID} })
	c.count = func(ctx context.Context) (*int, error) {
		return countUpTo(ctx, t.store, t.onlyMine(t.rows((*outboxRow)(nil)), "contact_id").ColumnExpr("1"))
	}
	return c, nil
}

// OutboxMessage returns one message; nil if there is none.
func (t *Tenant) OutboxMessage(ctx context.Context, id string) (*OutboxMessage, error) {
	if err := t.mayReadOutbox(); err != nil {
		return nil, err
	}
	if !isID(id, "message") {
		return nil, nil
	}
	row := new(outboxRow)
	found, err := one(ctx, t.onlyMine(t.rows(row), "contact_id").Where("id = ?", id))
	if err != nil || !found {
		return nil, err
	}
	return row.message(t)
}

// errNoDemo refuses what only a demo shows.
var errNoDemo = errors.New("only the demo opens every Company's outbox")

// DemoTenants gives a Tenant for each Company, live and test, that can read
// the outbox: the demo shows all of it to whoever looks. Elsewhere it fails.
func (s *Store) DemoTenants(ctx context.Context) ([]*Tenant, error) {
	if !s.demo {
		return nil, errNoDemo
	}
	var companies []*Company
	if err := s.read.NewSelect().Model(&companies).Order("id").Scan(ctx); err != nil {
		return nil, fmt.Errorf("read Companies: %w", err)
	}
	var tenants []*Tenant
	for _, c := range companies {
		for _, mode := range []Mode{Live, Test} {
			viewer := Viewer{Kind: SystemViewer, Rights: []Right{CompanyRead, RequestsLink}}
			tenants = append(tenants, &Tenant{store: s, Company: c, Mode: mode, Viewer: viewer})
		}
	}
	return tenants, nil
}
