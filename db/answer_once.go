package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/uptrace/bun"
)

// answerAtOnce answers on PostgreSQL by one statement, which is a transaction
// of its own: nearly every answer finds the Contact and the Request as the
// link has just read them. It returns nil where that is not so, and for
// answers that concern more than these two; then nothing was written.
func (l *Link) answerAtOnce(ctx context.Context, a Answer) (*Answered, error) {
	s := l.tenant.store
	if s.engine != onPostgres || a.Stop || a.NotMe || a.Deceased || len(a.Consents) > 0 || l.Contact == nil || l.Contact.StoppedAt != nil {
		return nil, nil
	}
	if len(l.Contact.keys) > 1 && l.Contact.keys[crm] == "" {
		return nil, nil // which Source names the Contact takes another statement to tell
	}
	x := &tx{store: s, tenant: l.tenant, engine: s.engine, company: l.tenant.Company.Key, mode: l.tenant.Mode, now: s.now()}
	if err := answerable(l.Contact, l.Request, x.now); err != nil {
		return nil, nil //nolint:nilerr // the careful way says so, if it is still so
	}
	c, r := *l.Contact, *l.Request
	c.Profile, x.rules = l.file, l.Fields
	if err := l.readProvenance(&c); err != nil {
		return nil, err
	}
	out, proved, err := x.decideAnswer(&c, &r, a, true)
	if err != nil {
		return nil, err
	}
	if out.Kind == "" || len(out.held) > 0 || proved == unrecorded || !x.answerRequest(&r, a, out) || len(x.events) > fewEvents {
		return nil, nil
	}
	c.UpdatedAt = x.now
	if written, err := x.writeAnswer(ctx, l, &c, &r, out.Kind == UpdateEvent); !written {
		return nil, err
	}
	return out, nil
}

// writeAnswer writes an answered Request and its Contact, and all that the
// transaction has collected; false where they are no longer as the link has
// read them.
func (x *tx) writeAnswer(ctx context.Context, l *Link, c *Contact, r *Request, updates bool) (written bool, err error) {
	keep := "" // the Source whose view an UPDATE keeps
	if updates {
		keep = c.onlySource()
	}
	f := x.few(answerMarks)
	statement := x.store.answerStatements.of(f.shape, answerStatement)
	document, provenance := c.documents()
	args := append(f.args, x.now, c.sortName(), c.searchText(), document, provenance, c.ConfirmedAt,
		c.ID, l.contactVersion, string(r.Status), r.Reason, r.SentAt, r.DeliveredAt, r.AnsweredAt, r.ID, l.requestVersion, keep)
	var before int64
	if len(x.jobs) == 0 {
		err = x.store.rowHot(ctx, statement, args, &before, new(int))
	} else {
		err = x.store.write.RunInTx(ctx, nil, func(ctx context.Context, b bun.Tx) error {
			x.Tx = b
			if err := x.insertJobs(ctx); err != nil {
				return err
			}
			return x.row(ctx, statement, args...).Scan(&before, new(int))
		})
	}
	var pg *pgconn.PgError
	if errors.Is(err, sql.ErrNoRows) || mayRetry(err) || errors.As(err, &pg) && pg.Code == divisionByZero {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("save the answer to Request %s: %w", r.ID, err)
	}
	x.numberFew(before)
	return true, nil
}

// divisionByZero is how answerStatement fails where the Contact is as it was
// read and the Request is not, so that neither is written.
const divisionByZero = "22012"

// answerMarks is how many arguments answerStatement has behind those of few.
const answerMarks = 16

// answerStatement takes the rows in the order of locks: Contact, Request,
// counter and what follows. xmin is a row's version on PostgreSQL. It gives no
// row where the Contact is no longer as it was read: then nothing is written.
func answerStatement(s fewShape) string {
	answer := `saved AS (UPDATE contact SET updated_at = $a, sort_name = $b, search = $c, profile = $d::text::json,
			provenance = $e::text::json, confirmed_at = $f,
			views = CASE WHEN $p::text = '' THEN views ELSE ` + onPostgres.keepView("$p") + ` END
			WHERE company_id = $1::integer AND mode = $2::smallint AND id = $g AND xmin = $h::xid RETURNING 1),
		answered AS (UPDATE request SET status = $i, reason = $j, sent_at = $k, delivered_at = $l, answered_at = $m FROM saved
			WHERE company_id = $1::integer AND mode = $2::smallint AND id = $n AND xmin = $o::xid RETURNING 1)`
	parts, next := s.parts("answered")
	var marks []string
	for i := range answerMarks {
		marks = append(marks, fmt.Sprintf("$%c", 'a'+i), fmt.Sprintf("$%d", next+i))
	}
	return "WITH " + strings.NewReplacer(marks...).Replace(answer) + ", " + parts +
		" SELECT last, 1 / (last IS NOT NULL)::integer FROM saved LEFT JOIN counter ON true"
}
