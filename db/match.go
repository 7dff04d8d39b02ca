package db

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"complero/db/profile"
)

// Contacts of different Sources who seem to be one person are found by hashes
// of their marks. A follow-up job writes these and looks for others with the
// same: first for all who were on file when the Company got its second Source,
// then along the events, which miss nothing. Uploads pay nothing for it, and a
// Company with one Source has none.

const (
	// matchSlice is how many Contacts or events one transaction deals with.
	matchSlice = 500
	// maxAlike is how many Contacts can share a mark that still tells a person.
	maxAlike = 5
)

// MatchContacts asks for Contacts who seem to be one person to be looked for.
type MatchContacts struct{ TenantRef }

// Kind names the job for River.
func (MatchContacts) Kind() string { return "match-contacts" }

// startMatching has a Company's Contacts matched once it has a second Source,
// and anew once a Source wants it that did not before.
func (x *tx) startMatching(ctx context.Context, before, after []*Source) error {
	was := map[string]IdentityPolicy{}
	for _, s := range before {
		was[s.Key] = s.Identity
	}
	start := len(before) < 2 && len(after) > 1
	for _, s := range after {
		start = start || len(after) > 1 && was[s.Key] == NoMerges && s.Identity != NoMerges
	}
	if !start {
		return nil
	}
	for _, mode := range []Mode{Live, Test} {
		// What commits later has a higher number.
		_, err := x.exec(ctx, `INSERT INTO match_mark (company_id, mode, number, contact_id)
			VALUES ($1, $2, coalesce((SELECT last_number FROM event_counter WHERE company_id = $1 AND mode = $2), 0), '')
			ON CONFLICT (company_id, mode) DO UPDATE SET contact_id = excluded.contact_id`, x.company, mode)
		if err != nil {
			return fmt.Errorf("begin to match Contacts: %w", err)
		}
		x.enqueue(MatchContacts{TenantRef{CompanyID: x.tenant.Company.ID, Mode: mode}}, time.Time{})
	}
	return nil
}

// MatchContacts looks for Contacts who seem to be one person, and merges those
// whose Source has it done by itself. It works for some seconds at most; more
// tells that it is to be called again.
func (t *Tenant) MatchContacts(ctx context.Context) (more bool, err error) {
	if err := t.check(workRight); err != nil {
		return false, err
	}
	for until := time.Now().Add(workTime); time.Now().Before(until); {
		more, err := t.matchSlice(ctx)
		if err != nil {
			return false, fmt.Errorf("match Contacts: %w", err)
		}
		merged, err := t.mergeAutomatically(ctx)
		if err != nil {
			return false, fmt.Errorf("merge Contacts that match: %w", err)
		}
		if !more && !merged {
			return false, nil
		}
	}
	return true, ctx.Err()
}

// matchSlice deals with the next Contacts. Where another worker is at it,
// there is nothing to do.
func (t *Tenant) matchSlice(ctx context.Context) (more bool, err error) {
	err = t.write(ctx, workRight, func(x *tx) error {
		more = false
		var number int64
		var after *string
		rows, err := x.query(ctx, "SELECT number, contact_id FROM match_mark WHERE company_id = $1 AND mode = $2"+x.engine.lockingFree(), x.company, x.mode)
		found := false
		err = scanRows(rows, err, func(r rowScanner) error {
			found = true
			return r.Scan(&number, &after)
		})
		if err != nil || !found {
			return err
		}
		m := matching{x: x, created: map[string]bool{}}
		if after != nil {
			more, err = m.backfill(ctx, after)
			if !more {
				after, more = nil, true
			}
		} else {
			more, err = m.follow(ctx, &number)
		}
		if err != nil {
			return err
		}
		if err := m.run(ctx); err != nil {
			return err
		}
		_, err = x.exec(ctx, "UPDATE match_mark SET number = $3, contact_id = $4 WHERE company_id = $1 AND mode = $2", x.company, x.mode, number, after)
		return err
	})
	return more, err
}

// A matching is the work on one slice.
type matching struct {
	x        *tx
	contacts []*Contact
	// created are those whom an upload has made, or who were there before: only
	// these are merged without anybody's asking.
	created map[string]bool
	all     bool
	sources []*Source
}

// backfill takes the next Contacts in the order of their ids.
func (m *matching) backfill(ctx context.Context, after *string) (more bool, err error) {
	m.all = true
	rows, err := m.x.query(ctx, "SELECT "+contactColumns+fmt.Sprintf(" FROM contact WHERE company_id = $1 AND mode = $2 AND id > $3 ORDER BY id LIMIT %d", matchSlice),
		m.x.company, m.x.mode, *after)
	if err := m.scan(rows, err); err != nil {
		return false, err
	}
	if n := len(m.contacts); n > 0 {
		*after = m.contacts[n-1].ID
	}
	return len(m.contacts) == matchSlice, nil
}

// follow takes the Contacts whom the next events are about, leaving out those
// who have not changed.
func (m *matching) follow(ctx context.Context, number *int64) (more bool, err error) {
	x := m.x
	rows, err := x.query(ctx, fmt.Sprintf(`SELECT number, kind, contact_id, occurred_at FROM event
		WHERE company_id = $1 AND mode = $2 AND number > $3 ORDER BY number LIMIT %d`, matchSlice), x.company, x.mode, *number)
	var ids []string
	var since time.Time
	n := 0
	err = scanRows(rows, err, func(r rowScanner) error {
		var kind EventKind
		var contact *string
		var at time.Time
		n++
		if err := r.Scan(number, &kind, &contact, &at); err != nil || contact == nil {
			return err
		}
		switch kind {
		case CreateEvent:
			m.created[*contact] = true
		case SyncEvent, UpdateEvent, MergeEvent, UnmergeEvent:
		default:
			return nil
		}
		if since.IsZero() || at.Before(since) {
			since = at
		}
		ids = append(ids, *contact)
		return nil
	})
	if err != nil || len(ids) == 0 {
		return n == matchSlice, err
	}
	query := x.engine.lookup(contactColumns, "contact", "company_id = $1 AND mode = $2 AND updated_at >= $3", "id", 4, "")
	contacts, err := x.query(ctx, query, x.company, x.mode, since.UTC(), x.engine.list(firsts(ids)))
	return n == matchSlice, m.scan(contacts, err)
}

// MatchesDue names whose Contacts are to be matched, for the sweep that starts
// what lost its job.
func (s *Store) MatchesDue(ctx context.Context) ([]TenantRef, error) {
	return s.tenantRefs(ctx, `SELECT o.public_id, m.mode FROM match_mark AS m JOIN company AS o ON o.id = m.company_id
		LEFT JOIN event_counter AS e ON e.company_id = m.company_id AND e.mode = m.mode
		WHERE m.contact_id IS NOT NULL OR m.number < e.last_number
			OR EXISTS (SELECT 1 FROM merge_suggestion AS g WHERE g.company_id = m.company_id AND g.mode = m.mode AND g.status = 'AUTOMATIC')`)
}

// markOf is the rule that a mark of profile.IdentityKeys belongs to, or "" for
// one that takes a family name to tell a person and has none.
func markOf(identity string) MergeMark {
	kind, rest, _ := strings.Cut(identity, ":")
	if strings.HasSuffix(rest, "|") {
		return ""
	}
	switch kind {
	case "email":
		return EmailMark
	case "phone":
		return PhoneMark
	case "birth":
		return BirthMark
	}
	return ""
}

// contradict reports whether two people with a mark in common differ in what
// one person has only one of: who shares an address and a name may be a couple.
func contradict(a, b *profile.Profile) bool {
	differ := func(x, y string) bool { return x != "" && y != "" && x != y }
	return differ(profile.FoldName(a.GivenName), profile.FoldName(b.GivenName)) || differ(a.BirthDate, b.BirthDate)
}

// mergeAutomatically does what suggestions say whose Source wants it so, each
// in a transaction of its own. One that cannot be done is left to somebody.
func (t *Tenant) mergeAutomatically(ctx context.Context) (some bool, err error) {
	rows, err := t.read(ctx, "SELECT id FROM merge_suggestion WHERE company_id = $1 AND mode = $2 AND status = 'AUTOMATIC' ORDER BY id LIMIT 50",
		t.Company.Key, t.Mode)
	ids, err := scanIDs(rows, err)
	for _, id := range ids {
		if err == nil {
			err = t.mergeByPolicy(ctx, id)
		}
	}
	return len(ids) > 0, err
}

func (t *Tenant) mergeByPolicy(ctx context.Context, id string) error {
	err := t.write(ctx, workRight, func(x *tx) error {
		s, err := x.suggestion(ctx, id)
		if err != nil || s.Status != SuggestionAutomatic {
			return err
		}
		_, err = x.mergeSuggested(ctx, s, "", true)
		return err
	})
	if CodeOf(err) == "" {
		return err
	}
	return t.write(ctx, workRight, func(x *tx) error {
		_, err := x.exec(ctx, "UPDATE merge_suggestion SET status = 'OPEN' WHERE company_id = $1 AND mode = $2 AND id = $3 AND status = 'AUTOMATIC'",
			x.company, x.mode, id)
		return err
	})
}

// alike are those with whom a Contact has marks in common, and which.
type alike map[string][]MergeMark

func (a alike) add(id string, mark MergeMark) {
	if !slices.Contains(a[id], mark) {
		a[id] = append(a[id], mark)
	}
}
