package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// A ProposalMail is a message about a Proposal that is to be sent: to the new
// place, which is asked to confirm it, or to the old one, which is told.
type ProposalMail struct {
	ProposalID string
	Kind       ProposalKind
	// Channel is the one that it goes by: EMAIL or SMS.
	Channel Channel
	// Undo tells that it is the old place's.
	Undo    bool
	Company *Company
	Brand   *Brand
	Contact *Contact
	// To is the address or number that it goes to; Address the new one, veiled for
	// the old place.
	To, Address string
	// Locale is the language that the Contact read the page in.
	Locale string
	// Link opens the page to confirm or to undo; ExpiresAt is when that ends.
	Link      string
	ExpiresAt time.Time
	// MessageID is the message's own, without angle brackets, the same on every try.
	MessageID string
}

// ProposalMails reads the messages about a Proposal that have not been sent. There
// are none once it has ended, or the Contact is gone.
func (t *Tenant) ProposalMails(ctx context.Context, id string) ([]*ProposalMail, error) {
	if err := t.check(workRight); err != nil {
		return nil, err
	}
	p, err := scanProposal(t.store.read.DB.QueryRowContext(ctx, "SELECT "+proposalColumns+` FROM proposal AS p
		WHERE p.company_id = $1 AND p.mode = $2 AND p.id = $3`, t.store.engine.args([]any{t.Company.Key, t.Mode, id})...))
	if errors.Is(err, sql.ErrNoRows) || err == nil && p.Status != ProposalWaiting {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read a proposal: %w", err)
	}
	contacts, err := t.ContactsByID(ctx, []string{p.ContactID})
	if err != nil || contacts[p.ContactID] == nil {
		return nil, err
	}
	brand, err := t.store.brand(ctx, t.Company.Key)
	if err != nil {
		return nil, err
	}
	mail := ProposalMail{ProposalID: id, Kind: p.Kind, Company: t.Company, Brand: brand, Contact: contacts[p.ContactID], Locale: p.value.Locale, ExpiresAt: p.ExpiresAt}
	var mails []*ProposalMail
	if p.askedAt == nil {
		ask := mail
		ask.To, ask.Address, ask.Link = p.value.Address, p.value.Address, t.store.proposalLink(confirmToken, id)
		ask.Channel = channelOf(ask.To)
		// Asked again, it is another message.
		ask.MessageID = t.messageID(id + "." + strconv.FormatInt(p.createdAt.Unix(), 36))
		mails = append(mails, &ask)
	}
	if p.toldAt == nil && p.value.Told != "" {
		tell := mail
		tell.Undo, tell.To, tell.Address, tell.Link = true, p.value.Told, p.Kind.veiled(p.value.Address), t.store.proposalLink(undoToken, id)
		tell.Channel = channelOf(tell.To)
		tell.MessageID = t.messageID(id + ".old")
		mails = append(mails, &tell)
	}
	return mails, nil
}

// proposalLink is where a Proposal is confirmed or undone.
func (s *Store) proposalLink(kind, id string) string {
	return s.baseURL + "/address/" + s.token(kind, id, proposalGeneration)
}

// RecordProposalMail notes that a message about a Proposal has been sent. message
// goes to the outbox, where that was its way. refused tells that its address
// does not take messages: a new one is then none.
func (t *Tenant) RecordProposalMail(ctx context.Context, m *ProposalMail, message *OutboxMessage, refused bool) error {
	return t.write(ctx, workRight, func(x *tx) error {
		c, p, err := x.lockProposal(ctx, m.ProposalID)
		if CodeOf(err) == NotFoundCode {
			return nil
		}
		if err != nil {
			return err
		}
		if refused && !m.Undo && p.Status == ProposalWaiting {
			return x.endProposal(ctx, c, p, ProposalBounced)
		}
		column := "asked_at"
		if m.Undo {
			column = "told_at"
		}
		_, err = x.exec(ctx, "UPDATE proposal SET "+column+" = $4 WHERE company_id = $1 AND mode = $2 AND id = $3", x.company, x.mode, p.ID, x.now)
		if err != nil {
			return fmt.Errorf("note a proposal's mail as sent: %w", err)
		}
		if message == nil {
			return nil
		}
		kept := *message
		kept.MessageID, kept.RequestID, kept.ContactID, kept.ProposalID = m.MessageID, "", c.ID, p.ID
		return x.keepMessages(ctx, []*OutboxMessage{&kept})
	})
}

// UnsentProposals finds Proposals whose mails wait for longer than they
// should, so that their jobs can be inserted again should they have been lost.
func (s *Store) UnsentProposals(ctx context.Context) ([]SendProposal, error) {
	rows, err := s.read.DB.QueryContext(ctx, `SELECT o.public_id, p.mode, p.id FROM proposal AS p JOIN company AS o ON o.id = p.company_id
		WHERE p.status = 'WAITING' AND p.expires_at > $1 AND p.asked_at IS NULL AND p.created_at < $2 ORDER BY p.id LIMIT 1000`,
		s.engine.args([]any{s.now(), s.now().Add(-lostAfter)})...)
	var found []SendProposal
	err = scanRows(rows, err, func(r rowScanner) error {
		var job SendProposal
		err := r.Scan(&job.CompanyID, &job.Mode, &job.ProposalID)
		found = append(found, job)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("find unsent proposals: %w", err)
	}
	return found, nil
}

// expireProposals ends the Proposals of all Companies that nobody has
// confirmed in time, and tells how many there were.
func (s *Store) expireProposals(ctx context.Context) (int, error) {
	refs, err := s.tenantRefs(ctx, `SELECT DISTINCT o.public_id, p.mode FROM proposal AS p JOIN company AS o ON o.id = p.company_id
		WHERE p.status = 'WAITING' AND p.expires_at <= $1`, s.now())
	if err != nil {
		return 0, fmt.Errorf("find expired proposals: %w", err)
	}
	total := 0
	for _, ref := range refs {
		t, err := s.Work(ctx, ref)
		if err != nil {
			return total, err
		}
		var ids []string
		rows, err := t.read(ctx, `SELECT id FROM proposal WHERE company_id = $1 AND mode = $2 AND status = 'WAITING' AND expires_at <= $3
			ORDER BY id LIMIT 1000`, t.Company.Key, t.Mode, s.now())
		err = scanRows(rows, err, func(r rowScanner) error {
			var id string
			err := r.Scan(&id)
			ids = append(ids, id)
			return err
		})
		if err != nil {
			return total, fmt.Errorf("find expired proposals: %w", err)
		}
		for _, id := range ids {
			if err := t.expireProposal(ctx, id); err != nil {
				return total, err
			}
			total++
		}
	}
	return total, nil
}

func (t *Tenant) expireProposal(ctx context.Context, id string) error {
	err := t.write(ctx, workRight, func(x *tx) error {
		c, p, err := x.lockProposal(ctx, id)
		if err != nil || p.Status != ProposalWaiting || x.now.Before(p.ExpiresAt) {
			return err
		}
		return x.endProposal(ctx, c, p, ProposalExpired)
	})
	if CodeOf(err) == NotFoundCode {
		return nil // it went with its Contact
	}
	return err
}

// forgetProposals deletes what can neither be confirmed nor undone any more,
// once it no longer counts against its Contact.
func (s *Store) forgetProposals(ctx context.Context) error {
	_, err := s.write.DB.ExecContext(ctx, "DELETE FROM proposal WHERE status <> 'WAITING' AND ended_at < $1",
		s.engine.args([]any{s.now().Add(-proposalPeriod)})...)
	if err != nil {
		return fmt.Errorf("forget proposals: %w", err)
	}
	return nil
}
