package db

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"complero/theme"
	"complero/theme/font"
)

// A Font is one font file of a Company's own. Files of one family, such as a
// regular and a bold one, are chosen together, by the family's name.
type Font struct {
	// ID is the SHA-256 of the file as it is served whole, in hex.
	ID        string
	CreatedAt time.Time
	document  fontDocument
}

// fontDocument is what is kept of a font beside its files.
type fontDocument struct {
	Family    string          `json:"family"`
	Serif     bool            `json:"serif,omitempty"`
	Italic    bool            `json:"italic,omitempty"`
	Weights   [2]int          `json:"weights"`
	Metrics   font.Metrics    `json:"metrics"`
	Coverage  []font.Coverage `json:"coverage"`
	Faces     []font.Face     `json:"faces"`
	Copyright string          `json:"copyright,omitempty"`
	Stated    string          `json:"stated,omitempty"` // the licence as the file states it
	Licence   string          `json:"licence"`          // as the Company says that it has it
}

// Family is the name by which a Brand chooses it.
func (f *Font) Family() string { return f.document.Family }

// Serif reports whether a fallback should have serifs.
func (f *Font) Serif() bool { return f.document.Serif }

// Italic reports whether it is the family's italic.
func (f *Font) Italic() bool { return f.document.Italic }

// Lightest is the lightest weight that it can be set in, 1 to 1000.
func (f *Font) Lightest() int { return f.document.Weights[0] }

// Boldest is the boldest weight that it can be set in.
func (f *Font) Boldest() int { return f.document.Weights[1] }

// Coverage is how many of each writing system's characters it has.
func (f *Font) Coverage() []font.Coverage { return f.document.Coverage }

// Bytes are what a page in German or English takes to load.
func (f *Font) Bytes() int { return f.document.Faces[0].Bytes }

// Licence is under what the Company says that it may serve it.
func (f *Font) Licence() string { return f.document.Licence }

// StatedLicence is what the file says; nil if nothing.
func (f *Font) StatedLicence() *string { return orNil(f.document.Stated) }

// Copyright is whose the file says that it is; nil if nobody's.
func (f *Font) Copyright() *string { return orNil(f.document.Copyright) }

// URL is the address on this installation of the file that most pages load.
func (f *Font) URL() *string { return ptr(assetURL(f.document.Faces[0].Hash, "woff2")) }

func orNil(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// Fonts lists the fonts that the Company has uploaded, by family, the lightest first.
func (t *Tenant) Fonts(ctx context.Context) ([]*Font, error) {
	if err := t.check(CompanyRead); err != nil {
		return nil, err
	}
	return t.fonts(ctx, t.store.read.DB, "")
}

// fonts reads the Company's fonts, of one family unless that is "".
func (t *Tenant) fonts(ctx context.Context, q querier, family string) ([]*Font, error) {
	rows, err := q.QueryContext(ctx, `SELECT hash, document, created_at FROM font WHERE company_id = $1 AND ($2 = '' OR family = $2)
		ORDER BY family, hash`, t.store.engine.args([]any{t.Company.Key, fontKey(family)})...)
	var fonts []*Font
	err = scanRows(rows, err, func(r rowScanner) error {
		f := new(Font)
		var document []byte
		if err := r.Scan(&f.ID, &document, &f.CreatedAt); err != nil {
			return err
		}
		fonts = append(fonts, f)
		return json.Unmarshal(document, &f.document)
	})
	if err != nil {
		return nil, fmt.Errorf("read fonts: %w", err)
	}
	sortFonts(fonts)
	return fonts, nil
}

// fontKey is by what a family is found, whatever the case of its name.
func fontKey(family string) string { return strings.ToLower(strings.TrimSpace(family)) }

// bringFonts puts the Company's own fonts that a Brand names into it, with what
// its stylesheet has to know of them.
func (t *Tenant) bringFonts(ctx context.Context, q querier, b *theme.Brand) error {
	var err error
	if b.BodyUpload, err = t.uploadedFont(ctx, q, b.BodyFont); err == nil {
		b.HeadingUpload, err = t.uploadedFont(ctx, q, b.HeadingFont)
	}
	return err
}

func (t *Tenant) uploadedFont(ctx context.Context, q querier, family string) (*theme.UploadedFont, error) {
	if fontKey(family) == "" {
		return nil, nil
	}
	files, err := t.fonts(ctx, q, family)
	if err != nil || len(files) == 0 {
		return nil, err
	}
	regular := files[0].document
	for _, f := range files {
		if d := f.document; !d.Italic && (regular.Italic || d.Weights[0] <= 400 && 400 <= d.Weights[1]) {
			regular = d
		}
	}
	own := &theme.UploadedFont{Family: regular.Family, Serif: regular.Serif, Metrics: regular.Metrics}
	for _, f := range files {
		own.Faces = append(own.Faces, f.document.Faces...)
	}
	return own, nil
}
