package deliver

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"complero/db"
	"complero/frontend/locales"
	"complero/server/deliver/email"
	"complero/theme"
)

type letterheadKey struct {
	company int64
	outbox  bool
}

// A letterhead is all of a Company that its messages share, compiled once for
// each state of its settings and its Brand.
type letterhead struct {
	company  db.Company
	version  int // of the Brand
	outbox   bool
	consents bool // the Company asks for some

	formality theme.Formality
	name      string // of the Company as a sender
	from      string // the sender's address
	zone      *time.Location
	logo      *email.Image
	logoURL   string
	brand     theme.Brand
	checkAt   string // where check codes are entered, as people type it: example.com/check

	builtIn map[Language]*wording
	own     ownTexts // the Company's, in use
	custom  map[string]*db.CustomField
	single  singleTexts

	// Layouts are made when first wanted: most Companies speak one or two languages.
	mu   sync.Mutex
	made map[layoutKey]*theme.Layout
}

// layoutKey names a text in a language: the built-in one of Requests, that of
// another kind of message, or one of the Company's own.
type layoutKey struct {
	language Language
	kind     string // "" for Requests
	own      db.TextKey
}

// maxLetterheads bounds the memory of a Sender with very many Companies.
const maxLetterheads = 1000

// maxLayouts bounds that of one letterhead, where a Company has very many texts.
const maxLayouts = 100

// letterhead returns the Company's, anew if its settings or Brand have changed.
func (s *Sender) letterhead(ctx context.Context, t *db.Tenant) (*letterhead, error) {
	brand, err := brandOf(ctx, t)
	if err != nil {
		return nil, err
	}
	consents, err := asksForConsents(ctx, t)
	if err != nil {
		return nil, err
	}
	key := letterheadKey{t.Company.Key, s.toOutbox(t)}
	s.mu.Lock()
	head := s.letterheads[key]
	s.mu.Unlock()
	if head != nil && head.version == brand.Version && head.company.UpdatedAt.Equal(t.Company.UpdatedAt) && head.consents == consents {
		return head, nil
	}
	if head, err = s.newLetterhead(ctx, t.Company, brand, key.outbox); err != nil {
		return nil, fmt.Errorf("letterhead of Company %s: %w", t.Company.ID, err)
	}
	head.consents = consents
	if head.own, head.custom, err = textsOf(ctx, t); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.letterheads) >= maxLetterheads {
		clear(s.letterheads)
	}
	s.letterheads[key] = head
	return head, nil
}

// brandOf is the Company's published Brand.
func brandOf(ctx context.Context, t *db.Tenant) (*db.Brand, error) {
	brand, err := t.Brand(ctx)
	if err == nil && brand == nil {
		err = fmt.Errorf("the Company %s has no Brand", t.Company.ID)
	}
	return brand, err
}

func asksForConsents(ctx context.Context, t *db.Tenant) (bool, error) {
	definitions, err := t.ConsentDefinitions(ctx)
	return slices.ContainsFunc(definitions, func(d *db.ConsentDefinition) bool { return d.Active }), err
}

func (s *Sender) newLetterhead(ctx context.Context, c *db.Company, brand *db.Brand, outbox bool) (*letterhead, error) {
	h := &letterhead{
		company: *c, version: brand.Version, outbox: outbox,
		formality: brand.Theme.Formality, name: brand.Theme.Name, zone: c.Location(),
		brand: brand.Theme, builtIn: s.request, single: s.single, made: map[layoutKey]*theme.Layout{},
	}
	_, address, _ := strings.Cut(s.home(c), "://")
	h.checkAt = address + "/check"
	if c.SenderName != nil {
		h.name = *c.SenderName
	}
	switch {
	case c.SenderAddress != nil:
		h.from = *c.SenderAddress
	case outbox:
		h.from = "sender@complero.invalid" // RFC 2606: nobody's
	default:
		return nil, fmt.Errorf("it has no sender address; set senderAddress by companyUpdate")
	}
	var err error
	if h.logoURL, err = s.logo(ctx, h, brand); err != nil {
		return nil, err
	}
	// A Brand that no message can be made in shows here, not at the first one.
	_, err = h.requestLayout(nil, languageOf(h.formality, c.Locale))
	return h, err
}

// requestLayout is a Company's text of Requests, or the built-in one for nil,
// as it is sent.
func (h *letterhead) requestLayout(text *db.Text, l Language) (*theme.Layout, error) {
	key := layoutKey{language: l}
	var template *theme.Template
	if text != nil {
		key.own, template = text.TextKey, &text.Template
	}
	return h.layout(key, func() (*theme.Layout, error) { return h.layOut(template, key.own.Locale, l) })
}

// layOut makes a layout of a text of Requests. locale is the text's language,
// "" for that of the built-in ones.
func (h *letterhead) layOut(template *theme.Template, locale string, l Language) (*theme.Layout, error) {
	w, err := h.wording(template, l)
	if err != nil {
		return nil, err
	}
	frame := h.frame(l)
	if locale != "" {
		frame.Locale, frame.Dir = locale, locales.Direction(locale)
	}
	frame.StopLabel, frame.SMSStop = l.Say("mail.stop"), l.Say("sms.stop")
	frame.CheckLabel = l.Say("mail.check", "Company", h.name, "Address", h.checkAt)
	frame.SMSCheck = l.Say("sms.check", "Address", h.checkAt)
	return w.For(h.brand, frame)
}

// layout returns what was made for a key, or makes it.
func (h *letterhead) layout(key layoutKey, layOut func() (*theme.Layout, error)) (*theme.Layout, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if made := h.made[key]; made != nil {
		return made, nil
	}
	made, err := layOut()
	if err != nil {
		return nil, err
	}
	if len(h.made) >= maxLayouts {
		clear(h.made)
	}
	h.made[key] = made
	return made, nil
}

// logo returns the address by which messages show the Brand's logo, "" without
// one. Mail carries it: a remote picture is blocked by many programs, and
// would tell when it is opened. The outbox shows the installation's own.
func (s *Sender) logo(ctx context.Context, h *letterhead, brand *db.Brand) (string, error) {
	address := brand.LogoURL()
	if address == nil {
		return "", nil
	}
	if h.outbox {
		return s.store.BaseURL() + *address, nil
	}
	asset, err := s.store.Asset(ctx, brand.Theme.Logo)
	if err != nil || asset == nil {
		return "", err
	}
	picture, err := theme.LogoPicture(asset.ContentType, asset.Data)
	if err != nil {
		return "", err
	}
	h.logo = email.NewImage("logo@complero", picture)
	return "cid:" + h.logo.ID, nil
}

// frame is what stands around the Company's messages in a language.
func (h *letterhead) frame(l Language) theme.Frame {
	return theme.Frame{
		Locale: l.Tag, Dir: l.Dir, LogoURL: h.logoURL,
		Imprint: deref(h.company.Imprint), PrivacyURL: deref(h.company.PrivacyURL),
		Support:      l.upright(deref(h.company.SupportContact)),
		SupportLabel: l.Say("page.support"), PrivacyLabel: l.Say("mail.privacy"),
	}
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
