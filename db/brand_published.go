package db

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
)

// PublishedBrand reads one version of a Company's Brand for the stylesheet
// that its pages link to; both are nil if there is none or it is a draft. What
// is published is public.
func (s *Store) PublishedBrand(ctx context.Context, companyID string, version int) (*Company, *Brand, error) {
	c, b := &Company{ID: companyID}, &Brand{Version: version}
	var document []byte
	err := s.read.DB.QueryRowContext(ctx, `SELECT o.id, b.document, b.published_at FROM company AS o
		JOIN brand AS b ON b.company_id = o.id AND b.version = $2 AND b.published_at IS NOT NULL
		WHERE o.public_id = $1`, s.engine.args([]any{companyID, version})...).Scan(&c.Key, &document, &b.PublishedAt)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("read Brand %d of %s: %w", version, companyID, err)
	}
	if err := json.Unmarshal(document, &b.Theme); err != nil {
		return nil, nil, fmt.Errorf("read Brand %d of %s: %w", version, companyID, err)
	}
	b.CompanyID = c.Key
	return c, b, nil
}
