package db

import (
	"context"
	"fmt"
)

// CustomerReport is the report on all of a Customer's Companies that the Viewer
// may have reports on, together and side by side.
type CustomerReport struct {
	Total     *Report
	Companies []*CompanyReport
}

// CompanyReport is one Company's part.
type CompanyReport struct {
	Company *Company
	Report  *Report
}

// CustomerReport reads them. Days are each Company's own. An API key is one
// Company's and sees that one.
func (t *Tenant) CustomerReport(ctx context.Context, f ReportFilter) (*CustomerReport, error) {
	if err := t.check(ReportRead); err != nil {
		return nil, err
	}
	of, err := t.siblings(ctx, ReportRead)
	if err != nil {
		return nil, err
	}
	c := &CustomerReport{Companies: []*CompanyReport{}}
	for _, each := range of {
		r, err := each.Report(ctx, f)
		if err != nil {
			return nil, err
		}
		c.Companies = append(c.Companies, &CompanyReport{each.Company, r})
	}
	c.Total, err = reportOf(ctx, of, f)
	return c, err
}

// siblings are the Companies of the Tenant's Customer in which its Viewer has a
// right, by name, in the same mode.
func (t *Tenant) siblings(ctx context.Context, right Right) ([]*Tenant, error) {
	if t.Viewer.UserID == "" {
		return []*Tenant{t}, nil
	}
	u, err := t.store.user(ctx, t.Viewer.UserID)
	if err != nil {
		return nil, err
	}
	if u == nil {
		return nil, fail(Unauthenticated, "", "the User is no longer there")
	}
	in := &SignedIn{store: t.store, User: u}
	companies, err := in.Companies(ctx)
	if err != nil {
		return nil, err
	}
	var all []*Tenant
	for _, c := range companies {
		each, err := in.Tenant(ctx, c.ID, t.Mode)
		if err != nil {
			return nil, fmt.Errorf("open the Company %s: %w", c.ID, err)
		}
		if each.Viewer.May(right) {
			all = append(all, each)
		}
	}
	return all, nil
}
