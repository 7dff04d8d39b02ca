package deliver

import (
	"context"
	"embed"
	"fmt"
	"sync"
	"time"

	"complero/db"
	"complero/server/deliver/email"
	"complero/theme"
)

//go:embed texts/*.md
var texts embed.FS

// The fields that the texts may name.
var (
	requestFields = []string{"greeting", "person", "team", "name", "jobTitle", "company", "ask", "link", "expires", "replies"}
	noticeFields  = []string{"employee", "contact", "company"}
)

// changesField is the table in a notice.
const changesField = "changes"

func parseTexts(kind string, fields []string, tables ...string) (map[Language]*theme.Message, error) {
	parsed := map[Language]*theme.Message{}
	for _, language := range languages() {
		file := "texts/" + kind + "." + language.String() + ".md"
		source, err := texts.ReadFile(file)
		if err != nil {
			return nil, err
		}
		if parsed[language], err = theme.ParseMessage(string(source), fields, tables...); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
	}
	return parsed, nil
}

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

	// Layouts are made when first wanted: most Companies speak one or two languages.
	mu       sync.Mutex
	requests layouts
	notices  layouts
}

// layouts are the texts of one kind of message in a Brand.
type layouts struct {
	texts  map[Language]*theme.Message
	made   map[Language]*theme.Layout
	wayOut bool // below them stands how to stop them
}

// maxLetterheads bounds the memory of a Sender with very many Companies.
const maxLetterheads = 1000

// letterhead returns the Company's, anew if its settings or Brand have changed.
func (s *Sender) letterhead(ctx context.Context, t *db.Tenant) (*letterhead, error) {
	brand, err := t.Brand(ctx)
	if err != nil {
		return nil, err
	}
	if brand == nil {
		return nil, fmt.Errorf("the Company %s has no Brand", t.Company.ID)
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
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.letterheads) >= maxLetterheads {
		clear(s.letterheads)
	}
	s.letterheads[key] = head
	return head, nil
}

func asksForConsents(ctx context.Context, t *db.Tenant) (bool, error) {
	definitions, err := t.ConsentDefinitions(ctx)
	for _, d := range definitions {
		if d.Active {
			return true, err
		}
	}
	return false, err
}

func (s *Sender) newLetterhead(ctx context.Context, c *db.Company, brand *db.Brand, outbox bool) (*letterhead, error) {
	h := &letterhead{
		company: *c, version: brand.Version, outbox: outbox,
		formality: brand.Theme.Formality, name: brand.Theme.Name, zone: c.Location(),
		brand:    brand.Theme,
		requests: layouts{texts: s.request, made: map[Language]*theme.Layout{}, wayOut: true},
		notices:  layouts{texts: s.notice, made: map[Language]*theme.Layout{}},
	}
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
	_, err = h.layout(&h.requests, languageOf(h.formality, c.Locale))
	return h, err
}

// layout is the text of one kind of message in a language.
func (h *letterhead) layout(kind *layouts, l Language) (*theme.Layout, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if made := kind.made[l]; made != nil {
		return made, nil
	}
	frame := h.frame(l)
	if kind.wayOut {
		frame.StopLabel = l.Say("mail.stop")
	}
	made, err := kind.texts[l].For(h.brand, frame)
	if err != nil {
		return nil, err
	}
	kind.made[l] = made
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
