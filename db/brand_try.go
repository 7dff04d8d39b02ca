package db

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"

	"complero/theme"
)

// tryBrand makes a change to a Brand that is kept nowhere but in the address of
// its preview, and returns it as it stands there.
func (t *Tenant) tryBrand(ctx context.Context, b *Brand, change BrandChange) (string, error) {
	change.Logo, change.LogoDark, change.Icon = nil, nil, nil
	edit, err := change.read()
	if err != nil {
		return "", err
	}
	b.Theme = edit.apply(b.Theme)
	b.Theme.HeadingUpload, b.Theme.BodyUpload = nil, nil
	document, err := json.Marshal(b.Theme)
	if err != nil {
		return "", fmt.Errorf("write a Brand to try out: %w", err)
	}
	if len(document) > maxTried {
		return "", fail(TooLong, "change", "the change is longer than any Brand; shorten its name and fonts")
	}
	return base64.RawURLEncoding.EncodeToString(document), t.bringFonts(ctx, t.store.read.DB, &b.Theme)
}

// maxTried is the longest Brand that fits an address, in bytes: a name of 120
// characters, of two fonts as well, and the rest.
const maxTried = 4000

// openTried reads what tryBrand wrote, whose signature has been checked.
func (s *Store) openTried(ctx context.Context, c *Company, b *Brand, tried string) error {
	document, err := base64.RawURLEncoding.DecodeString(tried)
	if err == nil {
		b.Theme = theme.Brand{}
		err = json.Unmarshal(document, &b.Theme)
	}
	if err != nil {
		return fmt.Errorf("read a Brand to try out: %w", err)
	}
	t := &Tenant{store: s, Company: c}
	return t.bringFonts(ctx, s.read.DB, &b.Theme)
}
