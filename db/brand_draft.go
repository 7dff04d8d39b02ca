package db

import (
	"context"
	"fmt"
	"slices"

	"complero/theme"
)

// PublishBrand puts the draft into use, if its text can be read. It fails with
// Conflict where there is no draft.
func (t *Tenant) PublishBrand(ctx context.Context) (*Brand, error) {
	if err := t.mayChangeBrand(); err != nil {
		return nil, err
	}
	var result *Brand
	err := t.write(ctx, CompanyWrite, func(x *tx) error {
		published, draft, err := x.lockBrand(ctx)
		if err != nil {
			return err
		}
		if draft == nil {
			return Conflict("", "there is no draft to publish; change the Brand with publish: false first")
		}
		if err := x.deleteDraft(ctx); err != nil {
			return err
		}
		result, err = x.publishBrand(ctx, published, nil, draft.Theme, nil)
		return err
	})
	if err != nil {
		return nil, err
	}
	return result, nil
}

// DiscardBrandDraft gives the draft up and returns the Brand that is in use.
// It fails with Conflict where there is no draft.
func (t *Tenant) DiscardBrandDraft(ctx context.Context) (*Brand, error) {
	if err := t.mayChangeBrand(); err != nil {
		return nil, err
	}
	var result *Brand
	err := t.write(ctx, CompanyWrite, func(x *tx) error {
		published, draft, err := x.lockBrand(ctx)
		if err != nil {
			return err
		}
		if draft == nil {
			return Conflict("", "there is no draft to discard")
		}
		result = published
		return x.deleteDraft(ctx)
	})
	if err != nil {
		return nil, err
	}
	return result, nil
}

// RollbackBrand publishes an older version once more, as a new one. A draft
// stays as it is. It fails with NotFound for a version that never was.
func (t *Tenant) RollbackBrand(ctx context.Context, version int) (*Brand, error) {
	if err := t.mayChangeBrand(); err != nil {
		return nil, err
	}
	var result *Brand
	err := t.write(ctx, CompanyWrite, func(x *tx) error {
		published, draft, err := x.lockBrand(ctx)
		if err != nil {
			return err
		}
		old := new(Brand)
		q := x.NewSelect().Model(old).Where("company_id = ?", x.company).Where("version = ?", version).Where("published_at IS NOT NULL")
		found, err := one(ctx, q)
		if err != nil {
			return err
		}
		if !found {
			return NotFound("version", "the Brand has no published version %d; the latest is %d", version, published.Version)
		}
		result, err = x.publishBrand(ctx, published, draft, old.Theme, &old.Version)
		return err
	})
	if err != nil {
		return nil, err
	}
	return result, nil
}

// lockBrand reads the version in use and the draft, nil if there is none. The
// Company's row is the lock that keeps versions in order.
func (x *tx) lockBrand(ctx context.Context) (published, draft *Brand, err error) {
	var id int64
	if err := x.row(ctx, "SELECT id FROM company WHERE id = $1"+x.engine.locking(), x.company).Scan(&id); err != nil {
		return nil, nil, fmt.Errorf("lock the Company: %w", err)
	}
	var last []*Brand
	if err := x.NewSelect().Model(&last).Where("company_id = ?", x.company).Order("version DESC").Limit(2).Scan(ctx); err != nil {
		return nil, nil, fmt.Errorf("read Brand: %w", err)
	}
	if len(last) > 0 && last[0].PublishedAt == nil {
		draft, last = last[0], last[1:]
	}
	if len(last) == 0 {
		return nil, nil, fmt.Errorf("the Company %d has no Brand", x.company)
	}
	return last[0], draft, nil
}

// publishBrand puts a Brand into use, unless it is already; the draft, if there
// is one, makes room.
func (x *tx) publishBrand(ctx context.Context, published, draft *Brand, next theme.Brand, restored *int) (*Brand, error) {
	if next == published.Theme {
		return published, nil
	}
	if problems := next.Problems(); len(problems) > 0 {
		return nil, brandErrors(next, problems)
	}
	if err := x.changeSettings(ctx); err != nil {
		return nil, err
	}
	if draft != nil {
		draft.Version++
		_, err := x.exec(ctx, "UPDATE brand SET version = version + 1 WHERE company_id = $1 AND published_at IS NULL", x.company)
		if err != nil {
			return nil, fmt.Errorf("make room for a version: %w", err)
		}
	}
	b := &Brand{CompanyID: x.company, Version: published.Version + 1, Theme: next, PublishedAt: &x.now, RestoredFrom: restored}
	return b, insertBrand(ctx, x.Tx, b)
}

// saveDraft keeps a Brand as the draft, or none where it is as the one in use,
// which it returns then. What people could not read may be tried out; what
// makes no sense may not.
func (x *tx) saveDraft(ctx context.Context, published, draft *Brand, next theme.Brand) (*Brand, error) {
	senseless := slices.DeleteFunc(next.Problems(), func(p theme.Problem) bool { return p.Contrast })
	if len(senseless) > 0 {
		return nil, brandErrors(next, senseless)
	}
	if next == published.Theme {
		if draft == nil {
			return published, nil
		}
		return published, x.deleteDraft(ctx)
	}
	if draft == nil {
		draft = &Brand{CompanyID: x.company, Version: published.Version + 1, Theme: next}
		return draft, insertBrand(ctx, x.Tx, draft)
	}
	draft.Theme = next
	if _, err := x.NewUpdate().Model(draft).Column("document").WherePK().Exec(ctx); err != nil {
		return nil, fmt.Errorf("keep the Brand's draft: %w", err)
	}
	return draft, nil
}

func (x *tx) deleteDraft(ctx context.Context) error {
	if _, err := x.exec(ctx, "DELETE FROM brand WHERE company_id = $1 AND published_at IS NULL", x.company); err != nil {
		return fmt.Errorf("give the Brand's draft up: %w", err)
	}
	return nil
}
