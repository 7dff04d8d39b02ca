package db

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"complero/theme"
)

// BrandChange says what to change of a Brand; what is nil stays as it is.
type BrandChange struct {
	// Draft has the draft changed, which is made if need be, and nothing else.
	// Without it the change is published at once, and made in the draft as well.
	Draft bool

	Name                              *string
	Primary, Accent, Background, Text *string
	// The colours for dark mode; one that is "" is derived.
	DarkPrimary, DarkAccent, DarkBackground, DarkText *string
	HeadingFont, BodyFont                             *string
	CornerRadius                                      *theme.CornerRadius
	Formality                                         *theme.Formality
	// Logo is an SVG, PNG, JPEG or WebP; NoLogo removes the one there is. So it is with the others.
	Logo, LogoDark, Icon       io.Reader
	NoLogo, NoLogoDark, NoIcon bool
}

// pictures are those that the change brings or takes away.
func (ch BrandChange) pictures() []pictureChange {
	return []pictureChange{
		{"logo", ch.Logo, ch.NoLogo, func(b *theme.Brand) *string { return &b.Logo }},
		{"logoDark", ch.LogoDark, ch.NoLogoDark, func(b *theme.Brand) *string { return &b.LogoDark }},
		{"icon", ch.Icon, ch.NoIcon, func(b *theme.Brand) *string { return &b.Icon }},
	}
}

// A pictureChange is what becomes of one of a Brand's pictures.
type pictureChange struct {
	field  string
	data   io.Reader
	remove bool
	of     func(*theme.Brand) *string
}

// A brandPicture is a picture that came along, safe to serve.
type brandPicture struct {
	hash, contentType string
	data              []byte
}

// A brandEdit is a change with its pictures read.
type brandEdit struct {
	draft    bool
	pictures []brandPicture
	apply    func(theme.Brand) theme.Brand
}

// read reads the pictures and makes the change ready to be applied, more than
// once if need be.
func (ch BrandChange) read() (brandEdit, error) {
	e := brandEdit{draft: ch.Draft}
	hashes := map[string]string{}
	for _, p := range ch.pictures() {
		if p.data == nil {
			continue
		}
		decoded, err := theme.DecodeLogo(p.data)
		if err != nil {
			var problem theme.Problem
			if errors.As(err, &problem) {
				return e, fail(Invalid, p.field, "%s", problem.Message)
			}
			return e, fmt.Errorf("read the %s: %w", p.field, err)
		}
		hashes[p.field] = decoded.Hash
		e.pictures = append(e.pictures, brandPicture{decoded.Hash, decoded.ContentType, decoded.Data})
	}
	e.apply = func(b theme.Brand) theme.Brand { return ch.apply(b, hashes) }
	return e, nil
}

// apply returns b with the change; hashes are those of the pictures, by field.
func (ch BrandChange) apply(b theme.Brand, hashes map[string]string) theme.Brand {
	for _, f := range []struct{ to, from *string }{
		{&b.Name, ch.Name},
		{&b.Colors.Primary, ch.Primary},
		{&b.Colors.Accent, ch.Accent},
		{&b.Colors.Background, ch.Background},
		{&b.Colors.Text, ch.Text},
		{&b.Dark.Primary, ch.DarkPrimary},
		{&b.Dark.Accent, ch.DarkAccent},
		{&b.Dark.Background, ch.DarkBackground},
		{&b.Dark.Text, ch.DarkText},
		{&b.HeadingFont, ch.HeadingFont},
		{&b.BodyFont, ch.BodyFont},
	} {
		if f.from != nil {
			*f.to = *f.from
		}
	}
	if ch.CornerRadius != nil {
		b.CornerRadius = *ch.CornerRadius
	}
	if ch.Formality != nil {
		b.Formality = *ch.Formality
	}
	for _, p := range ch.pictures() {
		if hash, came := hashes[p.field]; came {
			*p.of(&b) = hash
		} else if p.remove {
			*p.of(&b) = ""
		}
	}
	return b.Normalized()
}

// UpdateBrand changes the Company's Brand, and gives the version that came of
// it: all of the change or nothing. A change that changes nothing makes no version.
func (t *Tenant) UpdateBrand(ctx context.Context, change BrandChange) (*Brand, error) {
	if err := t.mayChangeBrand(); err != nil {
		return nil, err
	}
	edit, err := change.read()
	if err != nil {
		return nil, err
	}
	return t.editBrand(ctx, edit)
}

// mayChangeBrand fails for those who may not.
func (t *Tenant) mayChangeBrand() error {
	if err := t.check(CompanyWrite); err != nil {
		return err
	}
	if err := t.whole("changing its Brand"); err != nil {
		return err
	}
	return t.liveOnly("a Company's Brand")
}

func (t *Tenant) editBrand(ctx context.Context, edit brandEdit) (*Brand, error) {
	var changed *Brand
	err := t.write(ctx, CompanyWrite, func(x *tx) error {
		published, draft, err := x.lockBrand(ctx)
		if err != nil {
			return err
		}
		for _, p := range edit.pictures {
			if err := x.insertAsset(ctx, p.contentType, p.hash, p.data); err != nil {
				return err
			}
		}
		if edit.draft {
			base := published
			if draft != nil {
				base = draft
			}
			next, err := x.edited(ctx, edit, base.Theme)
			if err != nil {
				return err
			}
			changed, err = x.saveDraft(ctx, published, draft, next)
			return err
		}
		next, err := x.edited(ctx, edit, published.Theme)
		if err != nil {
			return err
		}
		if changed, err = x.publishBrand(ctx, published, draft, next, nil); err != nil || draft == nil {
			return err
		}
		// Or else publishing the draft would take the change back.
		if next, err = x.edited(ctx, edit, draft.Theme); err != nil {
			return err
		}
		_, err = x.saveDraft(ctx, changed, draft, next)
		return err
	})
	if err != nil {
		return nil, err
	}
	return changed, nil
}

// edited is a Brand with a change, and with the Company's own fonts that it names.
func (x *tx) edited(ctx context.Context, edit brandEdit, b theme.Brand) (theme.Brand, error) {
	b = edit.apply(b)
	err := x.tenant.bringFonts(ctx, x.Tx.Tx, &b)
	return b.Normalized(), err
}

// brandErrors tells of problems as errors of the input that set them.
func brandErrors(b theme.Brand, problems []theme.Problem) Errors {
	errs := Errors{}
	for _, p := range problems {
		code := Invalid
		switch {
		case !slices.Equal(p.Path, []string{"name"}):
		case strings.TrimSpace(b.Name) == "":
			code = Required
		case utf8.RuneCountInString(b.Name) > theme.MaxBrandName:
			code = TooLong
		}
		errs = append(errs, &Error{Code: code, Path: p.Path, Message: p.Message})
	}
	return errs
}
