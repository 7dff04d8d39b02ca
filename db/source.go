package db

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"complero/db/profile"
)

// crm is the key of the Source that every Company has: its central CRM.
const crm = "crm"

// IdentityPolicy says what becomes of a Contact that a Source uploads and that
// seems to be one whom a Source of higher rank knows already.
type IdentityPolicy string

// The policies. With Automatic, whoever uploads to the Source comes to see
// what is on file about those whom they name rightly.
const (
	SuggestMerges   IdentityPolicy = "SUGGEST"
	AutomaticMerges IdentityPolicy = "AUTOMATIC"
	NoMerges        IdentityPolicy = "OFF"
)

// A Source is where uploaded data comes from, with an externalId space of its own.
type Source struct {
	bun.BaseModel `bun:"table:source"`

	CompanyID int64  `bun:",pk"`
	Key       string `bun:",pk"`
	Name      string
	// Rank decides between Sources: 0 is the highest. A Company's Sources have
	// the ranks 0, 1, 2 … without gaps.
	Rank int
	// Identity is the policy for those whom it knows and a higher one does too.
	Identity  IdentityPolicy
	CreatedAt time.Time
}

// Sources lists the Company's Sources, the highest rank first. A key that is
// bound to a Source sees that one.
func (t *Tenant) Sources(ctx context.Context) ([]*Source, error) {
	if err := t.check(CompanyRead); err != nil {
		return nil, err
	}
	sources, err := t.sources(ctx, t.store.read.DB)
	if own := t.bound().source; own != "" {
		for _, s := range sources {
			if s.Key == own {
				return []*Source{s}, err
			}
		}
	}
	return sources, err
}

// sources reads all, the highest rank first.
func (t *Tenant) sources(ctx context.Context, q querier) ([]*Source, error) {
	rows, err := q.QueryContext(ctx, "SELECT key, name, rank, identity, created_at FROM source WHERE company_id = $1 ORDER BY rank, key",
		t.store.engine.args([]any{t.Company.Key})...)
	var sources []*Source
	err = scanRows(rows, err, func(r rowScanner) error {
		s := &Source{CompanyID: t.Company.Key}
		sources = append(sources, s)
		return r.Scan(&s.Key, &s.Name, &s.Rank, &s.Identity, &s.CreatedAt)
	})
	if err != nil {
		return nil, fmt.Errorf("read Sources: %w", err)
	}
	return sources, nil
}

// ranks are the Sources' ranks by whose word theirs is.
func ranks(sources []*Source) map[profile.Speaker]int {
	all := make(map[profile.Speaker]int, len(sources))
	for _, s := range sources {
		all[profile.Source(s.Key)] = s.Rank
	}
	return all
}
