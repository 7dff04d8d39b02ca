package db

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/uptrace/bun"
)

// An ImportMapping is a mapping that is kept to be used again for a Source's files.
type ImportMapping struct {
	bun.BaseModel `bun:"table:import_mapping,alias:import_mapping"`

	CompanyID int64  `bun:",pk"`
	Source    string `bun:",pk"`
	// Name is 1 to 100 characters.
	Name      string          `bun:",pk"`
	Mapping   json.RawMessage `bun:"type:json"`
	CreatedAt time.Time
	UpdatedAt time.Time
}

const (
	maxMappingName = 100
	maxMapping     = 256 << 10
)

// ImportMappings lists the mappings that are kept, by Source and name. An
// agency sees its own.
func (t *Tenant) ImportMappings(ctx context.Context, source *string) ([]*ImportMapping, error) {
	if err := errors.Join(t.check(ContactsWrite), t.speaks("importing files")); err != nil {
		return nil, err
	}
	if own := t.bound().source; own != "" {
		if source != nil && *source != own {
			return []*ImportMapping{}, nil
		}
		source = &own
	}
	list := []*ImportMapping{}
	q := t.store.read.NewSelect().Model(&list).Where("company_id = ?", t.Company.Key).Order("source", "name")
	if source != nil {
		q = q.Where("source = ?", *source)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, fmt.Errorf("read mappings: %w", err)
	}
	return list, nil
}

// ImportMapping returns the mapping of a name for a Source's files; it fails
// with NOT_FOUND where none is kept.
func (t *Tenant) ImportMapping(ctx context.Context, source, name string) (*ImportMapping, error) {
	if err := errors.Join(t.check(ContactsWrite), t.speaks("importing files")); err != nil {
		return nil, err
	}
	m := new(ImportMapping)
	q := t.store.read.NewSelect().Model(m).Where("company_id = ?", t.Company.Key).Where("source = ?", source).Where("name = ?", name)
	found, err := one(ctx, q)
	if err == nil && !found {
		err = t.noMapping(ctx, source, name)
	}
	return m, err
}

// noMapping tells which mappings there are instead.
func (t *Tenant) noMapping(ctx context.Context, source, name string) error {
	kept, err := t.ImportMappings(ctx, &source)
	if err != nil {
		return err
	}
	const most = 20
	var names []string
	for _, m := range kept[:min(most, len(kept))] {
		names = append(names, strconv.Quote(m.Name))
	}
	cure := "keep one by importMappingSave, or leave it out to have the columns recognised"
	if len(names) > 0 {
		cure = "it has " + strings.Join(names, ", ")
	}
	return NotFound("mappingName", "the Source %q has no mapping %.100q; %s", source, name, cure)
}

// SaveImportMapping keeps a mapping under a name, in the place of the one that
// was kept so. Who calls has checked the mapping.
func (t *Tenant) SaveImportMapping(ctx context.Context, source *string, name string, mapping json.RawMessage) (*ImportMapping, error) {
	if err := errors.Join(t.check(ContactsWrite), t.speaks("importing files")); err != nil {
		return nil, err
	}
	if err := t.liveOnly("mappings"); err != nil {
		return nil, err
	}
	name = strings.TrimSpace(name)
	switch {
	case name == "":
		return nil, fail(Required, "name", "the mapping needs a name of 1 to %d characters", maxMappingName)
	case utf8.RuneCountInString(name) > maxMappingName:
		return nil, fail(TooLong, "name", "a mapping's name has at most %d characters", maxMappingName)
	case len(mapping) > maxMapping:
		return nil, fail(TooLong, "mapping", "a mapping has at most %d KB", maxMapping>>10)
	case len(storable([]string{name})) == 0:
		return nil, fail(Invalid, "name", "the name cannot be stored; write it in plain characters")
	}
	var m *ImportMapping
	err := t.write(ctx, ContactsWrite, func(x *tx) error {
		key, err := t.source(ctx, x.Tx.Tx, source)
		if err != nil {
			return err
		}
		m = &ImportMapping{CompanyID: x.company, Source: key, Name: name, Mapping: mapping, CreatedAt: x.now, UpdatedAt: x.now}
		_, err = x.NewInsert().Model(m).On("CONFLICT (company_id, source, name) DO UPDATE").
			Set("mapping = EXCLUDED.mapping, updated_at = EXCLUDED.updated_at").Returning("created_at").Exec(ctx)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("keep a mapping: %w", err)
	}
	return m, nil
}

// DeleteImportMapping forgets a mapping. It fails with NOT_FOUND where none is kept.
func (t *Tenant) DeleteImportMapping(ctx context.Context, source *string, name string) error {
	if err := errors.Join(t.check(ContactsWrite), t.speaks("importing files")); err != nil {
		return err
	}
	if err := t.liveOnly("mappings"); err != nil {
		return err
	}
	return t.write(ctx, ContactsWrite, func(x *tx) error {
		key, err := t.source(ctx, x.Tx.Tx, source)
		if err != nil {
			return err
		}
		done, err := x.exec(ctx, "DELETE FROM import_mapping WHERE company_id = $1 AND source = $2 AND name = $3", x.company, key, name)
		if err != nil {
			return fmt.Errorf("forget a mapping: %w", err)
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return NotFound("name", "the Source %q has no mapping %.100q", key, name)
		}
		return nil
	})
}
