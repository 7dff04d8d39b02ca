package db

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"complero/theme"
	"complero/theme/font"
)

// maxFonts is how many font files a Company can have.
const maxFonts = 40

// A FontUpload is a font file with the right to serve it.
type FontUpload struct {
	File io.Reader // WOFF2, TTF or OTF
	// Licence says in the Company's words why it may be served on web pages.
	Licence string
	// Serif says whether a fallback should have serifs, where the file does not tell.
	Serif *bool
}

// UploadFont checks a font file and keeps it. The same file again takes over
// the new licence note.
func (t *Tenant) UploadFont(ctx context.Context, up FontUpload) (*Font, error) {
	if err := errors.Join(t.check(CompanyWrite), t.whole("uploading fonts")); err != nil {
		return nil, err
	}
	if err := t.liveOnly("a Company's fonts"); err != nil {
		return nil, err
	}
	licence, err := line("licence", 500)(up.Licence)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(up.File, font.MaxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read the font: %w", err)
	}
	file, err := font.Read(data)
	if err != nil {
		return nil, fail(Invalid, "file", "the font %s", err)
	}
	pieces, err := file.Pieces()
	if err != nil {
		return nil, fmt.Errorf("cut the font: %w", err)
	}
	f := &Font{ID: file.Hash, document: fontDocument{
		Family: file.Family, Serif: file.Serif, Italic: file.Italic, Weights: file.Weights, Metrics: file.Metrics,
		Coverage: file.Coverage, Copyright: file.Copyright, Stated: file.Licence, Licence: licence,
	}}
	if up.Serif != nil {
		f.document.Serif = *up.Serif
	}
	for _, p := range pieces {
		f.document.Faces = append(f.document.Faces, p.Face)
	}
	if err := t.write(ctx, CompanyWrite, func(x *tx) error { return x.insertFont(ctx, f, pieces) }); err != nil {
		return nil, err
	}
	return f, nil
}

func (x *tx) insertFont(ctx context.Context, f *Font, pieces []font.Piece) error {
	// The Company's row is the lock that keeps the number of fonts.
	if err := x.changeSettings(ctx); err != nil {
		return err
	}
	known, err := x.tenant.fonts(ctx, x.Tx.Tx, "")
	if err != nil {
		return err
	}
	f.CreatedAt = x.now
	if i := slices.IndexFunc(known, func(k *Font) bool { return k.ID == f.ID }); i >= 0 {
		f.CreatedAt = known[i].CreatedAt
	} else if len(known) >= maxFonts {
		return fail(ConflictCode, "file", "a Company can have %d fonts; delete one that no Brand uses", maxFonts)
	}
	for _, p := range pieces {
		if err := x.insertAsset(ctx, "font/woff2", p.Face.Hash, p.WOFF2); err != nil {
			return err
		}
	}
	_, err = x.exec(ctx, `INSERT INTO font (company_id, hash, family, document, created_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (company_id, hash) DO UPDATE SET document = excluded.document`,
		x.company, f.ID, fontKey(f.document.Family), jsonOf(f.document), f.CreatedAt)
	if err != nil {
		return fmt.Errorf("keep font: %w", err)
	}
	return nil
}

// DeleteFont deletes a font and its files. One that a version of the Brand
// uses stays: the version could be rolled back to.
func (t *Tenant) DeleteFont(ctx context.Context, id string) (*Font, error) {
	if err := errors.Join(t.check(CompanyWrite), t.whole("deleting fonts")); err != nil {
		return nil, err
	}
	if err := t.liveOnly("a Company's fonts"); err != nil {
		return nil, err
	}
	var deleted *Font
	err := t.write(ctx, CompanyWrite, func(x *tx) error {
		if err := x.changeSettings(ctx); err != nil {
			return err
		}
		known, err := x.tenant.fonts(ctx, x.Tx.Tx, "")
		if err != nil {
			return err
		}
		i := slices.IndexFunc(known, func(k *Font) bool { return k.ID == id })
		if i < 0 {
			return NotFound("id", "there is no such font")
		}
		deleted = known[i]
		return x.deleteFont(ctx, deleted, slices.Delete(known, i, i+1))
	})
	if err != nil {
		return nil, err
	}
	return deleted, nil
}

// deleteFont deletes a font with the files that none of the others has too, as
// the same typeface in another format may.
func (x *tx) deleteFont(ctx context.Context, f *Font, others []*Font) error {
	hashes := make([]string, 0, len(f.document.Faces))
	for _, face := range f.document.Faces {
		if !slices.ContainsFunc(others, func(o *Font) bool { return slices.Contains(o.document.Faces, face) }) {
			hashes = append(hashes, face.Hash)
		}
	}
	versions, err := x.brandsWith(ctx, hashes)
	if err != nil {
		return err
	}
	if len(versions) > 0 {
		return fail(ConflictCode, "id", "the Brand uses this font in version %s; a font stays as long as any version uses it", strings.Join(versions, ", "))
	}
	for _, hash := range hashes {
		if _, err := x.exec(ctx, "DELETE FROM asset WHERE company_id = $1 AND hash = $2", x.company, hash); err != nil {
			return fmt.Errorf("delete font: %w", err)
		}
	}
	if _, err := x.exec(ctx, "DELETE FROM font WHERE company_id = $1 AND hash = $2", x.company, f.ID); err != nil {
		return fmt.Errorf("delete font: %w", err)
	}
	return nil
}

// brandsWith lists the versions of the Brand that use any of these files.
func (x *tx) brandsWith(ctx context.Context, hashes []string) ([]string, error) {
	rows, err := x.query(ctx, "SELECT version, document FROM brand WHERE company_id = $1 ORDER BY version", x.company)
	var versions []string
	err = scanRows(rows, err, func(r rowScanner) error {
		var version int
		var document []byte
		var b theme.Brand
		if err := r.Scan(&version, &document); err != nil {
			return err
		}
		if err := json.Unmarshal(document, &b); err != nil {
			return err
		}
		for _, own := range []*theme.UploadedFont{b.BodyUpload, b.HeadingUpload} {
			if own != nil && slices.ContainsFunc(own.Faces, func(f font.Face) bool { return slices.Contains(hashes, f.Hash) }) {
				versions = append(versions, strconv.Itoa(version))
				break
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read who uses a font: %w", err)
	}
	return versions, nil
}

// sortFonts puts families in order, and in each the upright before the italic
// and the light before the bold.
func sortFonts(fonts []*Font) {
	slices.SortFunc(fonts, func(a, b *Font) int {
		slant := func(f *Font) int {
			if f.document.Italic {
				return 1
			}
			return 0
		}
		return cmp.Or(cmp.Compare(fontKey(a.Family()), fontKey(b.Family())), cmp.Compare(slant(a), slant(b)),
			cmp.Compare(a.Lightest(), b.Lightest()), cmp.Compare(a.ID, b.ID))
	})
}
