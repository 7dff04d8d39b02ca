package db

import (
	"context"
	"fmt"
	"strings"

	"complero/theme"
)

// assetPath begins the address, on this installation, of a stored picture or font.
const assetPath = theme.AssetPath

func assetURL(hash, kind string) string { return assetPath + hash + "." + kind }

// An Asset is a picture that pages and messages show, or a font that they are set in, named by its content.
type Asset struct {
	ContentType string
	Data        []byte
}

func (x *tx) insertAsset(ctx context.Context, contentType, hash string, data []byte) error {
	_, err := x.exec(ctx, `INSERT INTO asset (company_id, hash, content_type, data, created_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT DO NOTHING`, x.company, hash, contentType, data, x.now)
	if err != nil {
		return fmt.Errorf("keep asset: %w", err)
	}
	return nil
}

// Asset reads a picture or font by its file name: its hash, the SHA-256 of its content in hex, which
// nobody can guess who has not seen it; nil if there is none. Assets are
// public: pages and messages have them.
func (s *Store) Asset(ctx context.Context, file string) (*Asset, error) {
	hash, _, _ := strings.Cut(file, ".")
	rows, err := s.read.DB.QueryContext(ctx, "SELECT content_type, data FROM asset WHERE hash = $1 LIMIT 1",
		s.engine.args([]any{hash})...)
	var asset *Asset
	err = scanRows(rows, err, func(r rowScanner) error {
		asset = new(Asset)
		return r.Scan(&asset.ContentType, &asset.Data)
	})
	return asset, err
}

// OwnsAsset fails with NOT_FOUND unless a picture is one of the Company's, by
// its file name.
func (s *Store) OwnsAsset(ctx context.Context, c *Company, file string) error {
	hash, _, _ := strings.Cut(file, ".")
	var owned bool
	err := s.read.DB.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM asset WHERE company_id = $1 AND hash = $2)",
		s.engine.args([]any{c.Key, hash})...).Scan(&owned)
	if err != nil {
		return fmt.Errorf("find picture: %w", err)
	}
	if !owned {
		return NotFound("file", "there is no such picture")
	}
	return nil
}
