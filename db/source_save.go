package db

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"
)

// maxSources is how many Sources a Company can have.
const maxSources = 100

// sourceKeys have this shape. A key never changes: externalIds and words hang on it.
var sourceKeys = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,39}$`)

// SourceSave makes a Source, or changes the one with that key. What is nil
// stays as it is.
type SourceSave struct {
	Key  string
	Name *string
	// Rank is the place among the Sources, 0 being the highest; the others move
	// up or down. Nil puts a new one last.
	Rank *int
	// Identity is SUGGEST for a new one.
	Identity *IdentityPolicy
}

// SaveSource makes or changes a Source. Ranks that change count from the next
// upload on. There is no way to take a Source away: its externalIds and its
// words stand in the Contacts.
func (t *Tenant) SaveSource(ctx context.Context, save SourceSave) (*Source, error) {
	if err := errors.Join(t.check(CompanyWrite), t.whole("changing Sources")); err != nil {
		return nil, err
	}
	if err := t.liveOnly("Sources"); err != nil {
		return nil, err
	}
	if errs := save.problems(); len(errs) > 0 {
		return nil, errs
	}
	var saved *Source
	err := t.write(ctx, CompanyWrite, func(x *tx) error {
		before, err := x.lockSources(ctx)
		if err != nil {
			return err
		}
		after, s, err := save.apply(before, x.company, x.now)
		if err != nil {
			return err
		}
		saved = s
		if err := x.writeSources(ctx, after); err != nil {
			return err
		}
		return x.startMatching(ctx, before, after)
	})
	return saved, err
}

func (save SourceSave) problems() Errors {
	var errs Errors
	add := func(code Code, field, message string) {
		errs = append(errs, &Error{Code: code, Path: []string{field}, Message: message})
	}
	if !sourceKeys.MatchString(save.Key) {
		add(Invalid, "key", "a Source's key has 1 to 40 characters a–z, 0–9, hyphens and underscores, such as agency-north")
	}
	if save.Name != nil {
		if _, err := line("name", 100)(*save.Name); err != nil {
			errs = append(errs, ErrorsOf(err)...)
		}
	}
	if save.Rank != nil && *save.Rank < 0 {
		add(Invalid, "rank", "a rank is 0, the highest, or more")
	}
	if p := save.Identity; p != nil && *p != SuggestMerges && *p != AutomaticMerges && *p != NoMerges {
		add(Invalid, "identity", "identity is SUGGEST, AUTOMATIC or OFF")
	}
	return errs
}

// lockSources reads the Company's Sources for a change, the highest rank
// first. Whoever changes them locks the central CRM's row, which always exists.
func (x *tx) lockSources(ctx context.Context) ([]*Source, error) {
	var key string
	err := x.row(ctx, "SELECT key FROM source WHERE company_id = $1 AND key = $2"+x.engine.locking(), x.company, crm).Scan(&key)
	if err != nil {
		return nil, fmt.Errorf("lock Sources: %w", err)
	}
	return x.tenant.sources(ctx, x.Tx.Tx)
}

// apply returns the Sources, in the order of their ranks, with the change.
func (save SourceSave) apply(before []*Source, company int64, now time.Time) (after []*Source, s *Source, err error) {
	after = make([]*Source, 0, len(before)+1)
	place := len(before)
	for i, b := range before {
		if b.Key == save.Key {
			s, place = ptr(*b), i
			continue
		}
		after = append(after, ptr(*b))
	}
	if s == nil {
		if save.Name == nil {
			return nil, nil, fail(Required, "name", "a new Source needs a name")
		}
		if len(before) >= maxSources {
			return nil, nil, fail(ConflictCode, "key", "a Company can have %d Sources", maxSources)
		}
		s = &Source{CompanyID: company, Key: save.Key, Identity: SuggestMerges, CreatedAt: now}
	}
	if save.Name != nil {
		s.Name, _ = line("name", 100)(*save.Name)
	}
	if save.Identity != nil {
		s.Identity = *save.Identity
	}
	if save.Rank != nil {
		place = *save.Rank
	}
	after = slices.Insert(after, min(place, len(after)), s)
	for rank := range after {
		after[rank].Rank = rank
	}
	return after, s, nil
}

func (x *tx) writeSources(ctx context.Context, sources []*Source) error {
	for _, s := range sources {
		_, err := x.exec(ctx, `INSERT INTO source (company_id, key, name, rank, identity, created_at) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (company_id, key) DO UPDATE SET name = excluded.name, rank = excluded.rank, identity = excluded.identity`,
			x.company, s.Key, s.Name, s.Rank, string(s.Identity), s.CreatedAt)
		if err != nil {
			return fmt.Errorf("save Source %s: %w", s.Key, err)
		}
	}
	return nil
}
