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
	if own := t.boundTo(); own != "" {
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

// boundTo is the key of the Source that the Viewer is bound to, such as an
// agency's; "" for one that sees all of the Company, as the central CRM does.
func (t *Tenant) boundTo() string {
	if t.Viewer.Source == crm {
		return ""
	}
	return t.Viewer.Source
}

// whole fails with FORBIDDEN for a Viewer that is bound to a Source: what
// concerns the whole Company is none of an agency's matters.
func (t *Tenant) whole(what string) error {
	if own := t.boundTo(); own != "" {
		return fail(Forbidden, "", "this key is bound to the Source %q; %s takes a key of the whole Company", own, what)
	}
	return nil
}

// mine narrows a list to Contacts that the Viewer's Source knows; column holds
// a Contact's id, and the arguments count from a number. It is "" for a Viewer
// who is bound to no Source.
func (t *Tenant) mine(column string, from int) (string, []any) {
	own := t.boundTo()
	if own == "" {
		return "", nil
	}
	return fmt.Sprintf("%s IN (SELECT contact_id FROM contact_key WHERE company_id = $%d AND mode = $%d AND source = $%d)",
		column, from, from+1, from+2), []any{t.Company.Key, t.Mode, own}
}

// onlyMine is mine for a query that bun builds.
func (t *Tenant) onlyMine(q *bun.SelectQuery, column string) *bun.SelectQuery {
	own := t.boundTo()
	if own == "" {
		return q
	}
	return q.Where("? IN (SELECT contact_id FROM contact_key WHERE company_id = ? AND mode = ? AND source = ?)",
		bun.Ident(column), t.Company.Key, t.Mode, own)
}

// knows reports whether the Viewer may see a Contact.
func (t *Tenant) knows(c *Contact) bool {
	own := t.boundTo()
	return own == "" || c.keys[own] != ""
}

// apart is a name that a Viewer chose, such as an idempotencyKey or a
// consumer's, as it is stored: those of a bound Viewer are no others'.
func (t *Tenant) apart(name string) string {
	if own := t.boundTo(); own != "" {
		return own + "\x1f" + name
	}
	return name
}
