package db

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"
)

// SuggestionStatus says what became of a MergeSuggestion.
type SuggestionStatus string

// The states of a MergeSuggestion. AUTOMATIC ones are about to be merged.
const (
	SuggestionOpen      SuggestionStatus = "OPEN"
	SuggestionAutomatic SuggestionStatus = "AUTOMATIC"
	SuggestionMerged    SuggestionStatus = "MERGED"
	SuggestionDismissed SuggestionStatus = "DISMISSED"
)

// A MergeMark is a rule by which two Contacts seem to be one person.
type MergeMark string

// The rules. Names are compared without case, accents and ways of writing umlauts.
const (
	// EmailMark: one e-mail address and family name.
	EmailMark MergeMark = "EMAIL"
	// PhoneMark: one telephone number and family name.
	PhoneMark MergeMark = "PHONE"
	// BirthMark: one given name, family name, date of birth and postal code.
	BirthMark MergeMark = "BIRTH"
)

// A MergeSuggestion says that two Contacts of different Sources seem to be one
// person, for somebody to confirm or dismiss.
type MergeSuggestion struct {
	bun.BaseModel `bun:"table:merge_suggestion,alias:merge_suggestion"`

	CompanyID int64  `bun:",pk"`
	Mode      Mode   `bun:",pk"`
	ID        string `bun:",pk"`
	// ContactID is the one that was on file first.
	ContactID string
	OtherID   string
	Marks     []MergeMark `bun:"type:json"`
	Status    SuggestionStatus
	CreatedAt time.Time
	DecidedAt *time.Time
}

// MergeSuggestions lists what is to be decided, newest first.
func (t *Tenant) MergeSuggestions(ctx context.Context, page Page) (*Connection[*MergeSuggestion], error) {
	if err := errors.Join(t.check(ContactsRead), t.whole("seeing who seems to be whom")); err != nil {
		return nil, err
	}
	w, err := page.window("suggestions", 1)
	if err != nil {
		return nil, err
	}
	open := func(model any) *bun.SelectQuery { return t.rows(model).Where("status IN ('OPEN', 'AUTOMATIC')") }
	var rows []*MergeSuggestion
	q, err := order{columns: []string{"id"}, desc: true}.apply(open(&rows), w)
	if err != nil {
		return nil, err
	}
	if err := q.Scan(ctx); err != nil {
		return nil, fmt.Errorf("read merge suggestions: %w", err)
	}
	c := connect(rows, w, func(s *MergeSuggestion) []string { return []string{s.ID} })
	c.count = func(ctx context.Context) (*int, error) {
		return countUpTo(ctx, t.store, open((*MergeSuggestion)(nil)).ColumnExpr("1"))
	}
	return c, nil
}

// MergeConfirm says that a MergeSuggestion is right.
type MergeConfirm struct {
	ID string
	// Keep is the one of both that stays; nil leaves it to the Sources' ranks.
	Keep           *string
	IdempotencyKey *string
}

// ConfirmMerge merges the Contacts of a MergeSuggestion.
func (t *Tenant) ConfirmMerge(ctx context.Context, in MergeConfirm) (*ContactMerge, error) {
	return t.mergeOnce(ctx, "mergeConfirm", in.IdempotencyKey, in, func(x *tx) (*ContactMerge, error) {
		s, err := x.openSuggestion(ctx, in.ID)
		if err != nil {
			return nil, err
		}
		if in.Keep != nil && *in.Keep != s.ContactID && *in.Keep != s.OtherID {
			return nil, fail(Invalid, "keep", "keep is none of the two Contacts")
		}
		return x.mergeSuggested(ctx, s, deref(in.Keep), false)
	})
}

// DismissMerge says that the Contacts of a MergeSuggestion are two people:
// they are not suggested again. Dismissing twice is no error.
func (t *Tenant) DismissMerge(ctx context.Context, id string) (*MergeSuggestion, error) {
	if err := t.whole("deciding who is who"); err != nil {
		return nil, err
	}
	var dismissed *MergeSuggestion
	err := t.write(ctx, ContactsWrite, func(x *tx) error {
		x.touch(id)
		s, err := x.suggestion(ctx, id)
		if err != nil {
			return err
		}
		if s.Status == SuggestionMerged {
			return Conflict("id", "these Contacts have been merged; undo that by contactUnmerge")
		}
		if s.Status != SuggestionDismissed {
			s.Status, s.DecidedAt = SuggestionDismissed, &x.now
		}
		dismissed = s
		return x.decide(ctx, s)
	})
	return dismissed, err
}

// suggestion locks one.
func (x *tx) suggestion(ctx context.Context, id string) (*MergeSuggestion, error) {
	missing := NotFound("id", "there is no merge suggestion %.100q", id)
	if !isID(id, "suggestion") {
		return nil, missing
	}
	rows, err := x.query(ctx, `SELECT id, contact_id, other_id, marks, status, created_at, decided_at FROM merge_suggestion
		WHERE company_id = $1 AND mode = $2 AND id = $3`, x.company, x.mode, id)
	var found *MergeSuggestion
	err = scanRows(rows, err, func(r rowScanner) error {
		found = &MergeSuggestion{CompanyID: x.company, Mode: x.mode}
		var marks []byte
		if err := r.Scan(&found.ID, &found.ContactID, &found.OtherID, &marks, &found.Status, &found.CreatedAt, &found.DecidedAt); err != nil {
			return err
		}
		return json.Unmarshal(marks, &found.Marks)
	})
	if err != nil {
		return nil, fmt.Errorf("read merge suggestion: %w", err)
	}
	if found == nil {
		return nil, missing
	}
	return found, nil
}

func (x *tx) openSuggestion(ctx context.Context, id string) (*MergeSuggestion, error) {
	s, err := x.suggestion(ctx, id)
	if err != nil {
		return nil, err
	}
	if s.Status != SuggestionOpen && s.Status != SuggestionAutomatic {
		return nil, Conflict("id", "this suggestion was decided already: %s", s.Status)
	}
	return s, nil
}

// mergeSuggested merges the Contacts of a suggestion. Unless it is said which
// one, the one that the Source of highest rank knows is kept.
func (x *tx) mergeSuggested(ctx context.Context, s *MergeSuggestion, keep string, automatic bool) (*ContactMerge, error) {
	locked, err := x.lockContacts(ctx, []string{s.ContactID, s.OtherID})
	if err != nil {
		return nil, err
	}
	c, other := locked[s.ContactID], locked[s.OtherID]
	if c == nil || other == nil {
		return nil, Conflict("id", "one of the two Contacts is no longer on file")
	}
	if keep == "" {
		sources, err := x.tenant.sources(ctx, x.Tx.Tx)
		if err != nil {
			return nil, err
		}
		if keep = c.ID; other.bestRank(sources) < c.bestRank(sources) {
			keep = other.ID
		}
	}
	gone := s.OtherID
	if keep == s.OtherID {
		gone = s.ContactID
	}
	s.Status, s.DecidedAt = SuggestionMerged, &x.now
	if err := x.decide(ctx, s); err != nil {
		return nil, err
	}
	return x.mergeContacts(ctx, keep, gone, automatic)
}

// bestRank is that of the Source of highest rank that knows the Contact.
func (c *Contact) bestRank(sources []*Source) int {
	best := len(sources)
	for _, s := range sources {
		if c.keys[s.Key] != "" {
			best = min(best, s.Rank)
		}
	}
	return best
}

// decide writes what became of a suggestion.
func (x *tx) decide(ctx context.Context, s *MergeSuggestion) error {
	_, err := x.exec(ctx, "UPDATE merge_suggestion SET status = $4, decided_at = $5 WHERE company_id = $1 AND mode = $2 AND id = $3",
		x.company, x.mode, s.ID, string(s.Status), s.DecidedAt)
	if err != nil {
		return fmt.Errorf("decide on a merge suggestion: %w", err)
	}
	return nil
}

var insertSuggestions = insertBulk("merge_suggestion", column{"id", texts}, column{"contact_id", texts}, column{"other_id", texts},
	column{"marks", jsons}, column{"status", texts}, column{"created_at", times}, column{"decided_at", times})

// dismissPair has two Contacts, who turned out to be two, not suggested again.
func (x *tx) dismissPair(ctx context.Context, a, b string) error {
	pair := []string{a, b}
	slices.Sort(pair)
	row := []any{newID("suggestion"), pair[0], pair[1], "[]", string(SuggestionDismissed), x.now, x.now}
	err := x.writeAll(ctx, insertSuggestions.suffix(`ON CONFLICT (company_id, mode, contact_id, other_id) DO UPDATE
		SET status = excluded.status, decided_at = excluded.decided_at`), [][]any{row})
	if err != nil {
		return fmt.Errorf("keep two Contacts apart: %w", err)
	}
	return nil
}
