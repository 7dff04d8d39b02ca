package db

import (
	"context"
	"crypto/hmac"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"
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
	// Problems are what makes no sense of the changes that are tried out, and is
	// shown as it was.
	Problems Errors
	// Locale is that of the Contact, and of what is to be shown.
	Locale string
	// Path is where the pages are, on this installation.
	Path      string
	ExpiresAt time.Time
	// Contact is a sample who is nobody, unless one was named.
	Contact *Contact
	// Employee is the one who asks; nil where the Brand itself does.
	Employee *Employee
	Request  *Request
}

// PreviewOf says what a preview is to show.
type PreviewOf struct {
	// Version is the one to show; nil for the draft, or else the one in use.
	Version *int
	// Locale is the language, by BCP 47; nil for the Contact's or the Company's.
	Locale *string
	// ContactID is of the Contact to write to; nil for a sample.
	ContactID *string
	// Change is tried out on that version; nothing of it is kept, and pictures
	// that come with it are left aside.
	Change *BrandChange
}

// PreviewBrand prepares a look at a version of the Company's Brand. It gives
// nil for a version or a Contact that is not there.
func (t *Tenant) PreviewBrand(ctx context.Context, of PreviewOf) (*BrandPreview, error) {
	if err := t.check(CompanyRead); err != nil {
		return nil, err
	}
	contact, employee, err := t.previewContact(ctx, of.ContactID)
	if err != nil || contact == nil && of.ContactID != nil {
		return nil, err
	}
	p := &BrandPreview{Brand: new(Brand), Locale: t.Company.Locale, ExpiresAt: t.store.now().Add(previewTime).Truncate(time.Second)}
	if contact != nil && contact.Profile.Locale != "" {
		p.Locale = contact.Profile.Locale
	}
	if of.Locale != nil {
		if p.Locale, err = checkLocale(*of.Locale); err != nil {
			return nil, err
		}
	}
	q := t.store.read.NewSelect().Model(p.Brand).Where("company_id = ?", t.Company.Key).Order("version DESC")
	if of.Version != nil {
		q = q.Where("version = ?", *of.Version)
	}
	found, err := one(ctx, q)
	if err != nil || !found {
		return nil, err
	}
	tried := ""
	if of.Change != nil {
		if tried, err = p.tryBrand(ctx, t, *of.Change); err != nil {
			return nil, err
		}
	}
	p.Path = previewPath + t.store.previewToken(t.Company.ID, p.Brand.Version, p.Locale, p.ExpiresAt, tried)
	p.addSample(t.Company)
	if contact != nil {
		contact.Profile.Locale = p.Locale
		p.Contact, p.Employee = contact, employee
	}
	return p, nil
}

// previewContact is a Contact as messages know them, with the Employee in whose
// name they would be asked; nil where none is named, or there is none.
func (t *Tenant) previewContact(ctx context.Context, id *string) (*Contact, *Employee, error) {
	if id == nil {
		return nil, nil, nil
	}
	c, err := t.Contact(ctx, ContactRef{ID: id})
	if err != nil || c == nil {
		return nil, nil, err
	}
	rules, err := t.currentFieldRules(ctx)
	if err != nil {
		return nil, nil, err
	}
	c.Profile = rules.visible(c.Profile)
	if c.EmployeeID == "" || !t.Company.WithEmployees {
		return c, nil, nil
	}
	e, err := t.Employee(ctx, &c.EmployeeID, nil)
	return c, e, err
}

// previewToken names what a preview shows and until when, and is signed: it is
// stored nowhere, and holds nothing that is secret.
func (s *Store) previewToken(company string, version int, locale string, expires time.Time, tried string) string {
	parts := []string{company, strconv.Itoa(version), locale, strconv.FormatInt(expires.Unix(), 36)}
	if tried != "" {
		parts = append(parts, tried)
	}
	text := strings.Join(parts, ".")
	return text + "." + s.token("preview", text, 0)
}

// OpenPreview reads what the token of a preview opens: a Link to a sample of a
// Contact in the Brand as it is at this moment. What of that people could not
// read is shown in the nearest colour. An unknown token, or one whose time is
// over, is NOT_FOUND.
func (s *Store) OpenPreview(ctx context.Context, token string) (*Link, error) {
	unknown := NotFound("token", "this preview is not known, or its time is over; ask for a new one")
	parts := strings.Split(token, ".")
	last := len(parts) - 1
	if last < 4 || last > 5 || !hmac.Equal([]byte(parts[last]), []byte(s.token("preview", strings.Join(parts[:last], "."), 0))) {
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
	if last == 5 {
		if err := s.openTried(ctx, c, b, parts[4]); err != nil {
			return nil, err
		}
	}
	b.Theme = b.Theme.Readable()
	p := &BrandPreview{Brand: b, Locale: parts[2], ExpiresAt: time.Unix(expires, 0).UTC()}
	p.addSample(c)
	return s.sampleLink(ctx, c, p)
}

// sampleLink is a Link as that of a Contact would be.
func (s *Store) sampleLink(ctx context.Context, c *Company, p *BrandPreview) (*Link, error) {
	set, err := s.settings(ctx, c.Key, c.Version)
	if err != nil {
		return nil, err
	}
	l := &Link{
		State: LinkOpen, Company: c, Brand: p.Brand, Request: p.Request, Contact: p.Contact, Employee: p.Employee, Definitions: set.definitions,
		provenance: []byte("{}"),
		// The Viewer may do nothing.
		tenant: &Tenant{store: s, Company: c, Mode: Test, Viewer: Viewer{Kind: ContactViewer}, settings: set},
	}
	if err := l.hide(ctx); err != nil {
		return nil, fmt.Errorf("open a preview: %w", err)
	}
	return l, nil
}

// sampleOf is the sample person who speaks a language, else English.
func sampleOf(locale string) samplePerson {
	base, _ := language.Make(locale).Base()
	if p, found := samplePeople[base.String()]; found {
		return p
	}
	return samplePeople["en"]
}
