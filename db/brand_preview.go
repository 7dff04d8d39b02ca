package db

import (
	"context"
	"crypto/hmac"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// previewTime is how long the address of a preview opens it.
const previewTime = 30 * time.Minute

// previewPath begins the address of a preview.
const previewPath = "/preview/"

// A BrandPreview is a look at a Brand by somebody who may: with a Contact to
// write to, and where its pages can be seen for a while. Nothing about a person
// is in the address, or on those pages.
type BrandPreview struct {
	Brand *Brand
	// Locale is that of the Contact, and of what is to be shown.
	Locale string
	// Path is where the pages are, on this installation.
	Path      string
	ExpiresAt time.Time
	// Outgoing is a message to the Contact, who is a sample unless one was
	// named. Its links lead nowhere.
	Outgoing *Outgoing
}

// PreviewOf says what a preview is to show.
type PreviewOf struct {
	// Version is the one to show; nil for the draft, or else the one in use.
	Version *int
	// Locale is the language, by BCP 47; nil for the Contact's or the Company's.
	Locale *string
	// ContactID is of the Contact to write to; nil for a sample.
	ContactID *string
}

// PreviewBrand prepares a look at a version of the Company's Brand. It gives
// nil for a version or a Contact that is not there.
func (t *Tenant) PreviewBrand(ctx context.Context, of PreviewOf) (*BrandPreview, error) {
	if err := t.check(CompanyRead); err != nil {
		return nil, err
	}
	var contact *Contact
	var err error
	if of.ContactID != nil {
		if contact, err = t.Contact(ctx, ContactRef{ID: of.ContactID}); err != nil || contact == nil {
			return nil, err
		}
	}
	p := &BrandPreview{Brand: new(Brand), ExpiresAt: t.store.now().Add(previewTime).Truncate(time.Second)}
	if p.Outgoing, err = t.sampleTo(ctx, contact, of.Locale); err != nil {
		return nil, err
	}
	p.Locale = p.Outgoing.Contact.Profile.Locale
	q := t.store.read.NewSelect().Model(p.Brand).Where("company_id = ?", t.Company.Key).Order("version DESC")
	if of.Version != nil {
		q = q.Where("version = ?", *of.Version)
	}
	found, err := one(ctx, q)
	if err != nil || !found {
		return nil, err
	}
	p.Path = previewPath + t.store.previewToken(t.Company.ID, p.Brand.Version, p.Locale, p.ExpiresAt)
	return p, nil
}

// previewToken names what a preview shows and until when, and is signed: it is
// stored nowhere, and holds nothing that is secret.
func (s *Store) previewToken(company string, version int, locale string, expires time.Time) string {
	text := strings.Join([]string{company, strconv.Itoa(version), locale, strconv.FormatInt(expires.Unix(), 36)}, ".")
	return text + "." + s.token("preview", text, 0)
}

// OpenPreview reads what the token of a preview opens: a Link to a sample of a
// Contact in the Brand as it is at this moment. What of that people could not
// read is shown in the nearest colour. An unknown token, or one whose time is
// over, is NOT_FOUND.
func (s *Store) OpenPreview(ctx context.Context, token string) (*Link, error) {
	unknown := NotFound("token", "this preview is not known, or its time is over; ask for a new one")
	parts := strings.Split(token, ".")
	if len(parts) != 5 || !hmac.Equal([]byte(parts[4]), []byte(s.token("preview", strings.Join(parts[:4], "."), 0))) {
		return nil, unknown
	}
	version, errVersion := strconv.Atoi(parts[1])
	expires, errExpires := strconv.ParseInt(parts[3], 36, 64)
	if errVersion != nil || errExpires != nil || s.now().Unix() >= expires {
		return nil, unknown
	}
	c, err := s.company(ctx, parts[0])
	if err != nil {
		return nil, err
	}
	if c == nil {
		return nil, unknown
	}
	b := new(Brand)
	found, err := one(ctx, s.read.NewSelect().Model(b).Where("company_id = ?", c.Key).Where("version = ?", version))
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, unknown
	}
	b.Theme = b.Theme.Readable()
	return s.sampleLink(ctx, c, b, parts[2], time.Unix(expires, 0).UTC().Add(-previewTime))
}

// sampleLink is a Link as that of a Contact would be, to the sample person of a
// language.
func (s *Store) sampleLink(ctx context.Context, c *Company, b *Brand, locale string, made time.Time) (*Link, error) {
	set, err := s.settings(ctx, c.Key, c.Version)
	if err != nil {
		return nil, err
	}
	person := sampleOf(locale)
	contact := person.contact(locale)
	l := &Link{
		State: LinkOpen, Company: c, Brand: b, Contact: contact, Request: sampleRequest(c, Test, contact.ID, made), Definitions: set.definitions,
		provenance: []byte("{}"),
		// The Viewer may do nothing.
		tenant: &Tenant{store: s, Company: c, Mode: Test, Viewer: Viewer{Kind: ContactViewer}, settings: set},
	}
	if c.WithEmployees {
		l.Employee = person.asker()
	}
	if err := l.hide(ctx); err != nil {
		return nil, fmt.Errorf("open a preview: %w", err)
	}
	return l, nil
}
