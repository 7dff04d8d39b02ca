package db

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// The kinds of tokens that lead to a Proposal.
const (
	confirmToken = "confirm"
	undoToken    = "undo"
)

// proposalGeneration is part of the links; nothing has to revoke them yet but
// the end of what they lead to.
const proposalGeneration = 1

// propose has what an answer held back wait for its confirmation. The same
// again is no other Proposal; one for the same entry takes the former's place.
func (x *tx) propose(ctx context.Context, c *Contact, r *Request, a Answer, held []proposed) error {
	if len(held) == 0 {
		return nil
	}
	waiting, err := x.tenant.waiting(ctx, x.query, c.ID)
	if err != nil {
		return err
	}
	var lately int
	err = x.row(ctx, "SELECT count(*) FROM proposal WHERE company_id = $1 AND mode = $2 AND contact_id = $3 AND created_at > $4",
		x.company, x.mode, c.ID, x.now.Add(-24*time.Hour)).Scan(&lately)
	if err != nil {
		return fmt.Errorf("count proposals: %w", err)
	}
	for _, fresh := range held {
		same := slices.IndexFunc(waiting, func(p *Proposal) bool {
			return p.Kind == fresh.kind && p.value.Address == fresh.Address && p.value.Item == fresh.Item
		})
		if same >= 0 && x.now.Before(waiting[same].ExpiresAt) {
			if err := x.askAgain(ctx, waiting[same]); err != nil {
				return err
			}
			continue
		}
		if lately++; lately > mostProposals {
			return &Error{TryLater, []string{"data", fresh.kind.list()}, "too many new addresses and numbers were given within a day; confirm one of them, or try again tomorrow"}
		}
		for _, former := range waiting {
			if former.value.Item == fresh.Item && fresh.Item != "" {
				if err := x.endProposal(ctx, c, former, ProposalReplaced); err != nil {
					return err
				}
			}
		}
		if err := x.insertProposal(ctx, c, r, a, fresh); err != nil {
			return err
		}
		x.record(c.answerEvent(UpdateProposedEvent, r))
	}
	return nil
}

func (x *tx) insertProposal(ctx context.Context, c *Contact, r *Request, a Answer, fresh proposed) error {
	fresh.Locale, fresh.Told = a.Locale, x.tenant.told(c, &fresh)
	id := newID("proposal")
	_, err := x.exec(ctx, `INSERT INTO proposal (company_id, mode, id, contact_id, request_id, kind, status, value, confirm_hash, undo_hash,
			generation, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, 'WAITING', $7, $8, $9, $10, $11, $12)`,
		x.company, x.mode, id, c.ID, r.ID, string(fresh.kind), jsonOf(fresh),
		tokenHash(x.store.token(confirmToken, id, proposalGeneration)), tokenHash(x.store.token(undoToken, id, proposalGeneration)),
		proposalGeneration, x.now, x.now.Add(proposalPeriod))
	if err != nil {
		return fmt.Errorf("keep a proposal: %w", err)
	}
	x.enqueue(SendProposal{TenantRef: x.tenant.ref(), ProposalID: id}, time.Time{})
	return nil
}

// askAgain has the new place written to again, where the first message
// may have been lost.
func (x *tx) askAgain(ctx context.Context, p *Proposal) error {
	if p.askedAt == nil || x.now.Sub(*p.askedAt) < askAgainAfter || p.value.Asks >= mostAsks-1 {
		return nil
	}
	p.value.Asks++
	_, err := x.exec(ctx, "UPDATE proposal SET asked_at = NULL, created_at = $4, expires_at = $5, value = $6 WHERE company_id = $1 AND mode = $2 AND id = $3",
		x.company, x.mode, p.ID, x.now, x.now.Add(proposalPeriod), jsonOf(p.value))
	if err != nil {
		return fmt.Errorf("ask about a proposal again: %w", err)
	}
	x.enqueue(SendProposal{TenantRef: x.tenant.ref(), ProposalID: p.ID}, time.Time{})
	return nil
}

// endProposal ends a locked Proposal that waits, or that was confirmed and is
// undone. What it holds goes, unless it may still be undone.
func (x *tx) endProposal(ctx context.Context, c *Contact, p *Proposal, status ProposalStatus) error {
	var value *string
	if status == ProposalConfirmed {
		value = ptr(jsonOf(p.value))
	}
	_, err := x.exec(ctx, "UPDATE proposal SET status = $4, value = $5, ended_at = $6 WHERE company_id = $1 AND mode = $2 AND id = $3",
		x.company, x.mode, p.ID, string(status), value, x.now)
	if err == nil && p.RequestID != "" {
		_, err = x.exec(ctx, `UPDATE request SET reason = NULL WHERE company_id = $1 AND mode = $2 AND id = $3 AND reason = 'UNCONFIRMED'
			AND NOT EXISTS (SELECT 1 FROM proposal AS p WHERE p.company_id = $1 AND p.mode = $2 AND p.request_id = $3 AND p.status = 'WAITING')`,
			x.company, x.mode, p.RequestID)
	}
	if err != nil {
		return fmt.Errorf("end a proposal: %w", err)
	}
	if p.Status == ProposalWaiting && status != ProposalConfirmed {
		e := c.event(UpdateRefusedEvent)
		e.RequestID, e.Reason = p.RequestID, ptr(string(status))
		x.record(e)
	}
	p.Status = status
	return nil
}

// WithdrawProposal ends a Proposal of this link's Contact that waits: the
// address was not meant after all. One that has ended is left as it is.
func (l *Link) WithdrawProposal(ctx context.Context, id string) error {
	return l.change(ctx, func(x *tx, c *Contact, r *Request) error {
		if err := answerable(c, r, x.now); err != nil {
			return err
		}
		waiting, err := x.tenant.waiting(ctx, x.query, c.ID)
		for _, p := range waiting {
			if p.ID == id {
				err = x.endProposal(ctx, c, p, ProposalWithdrawn)
			}
		}
		return err
	})
}
