package db

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"complero/db/profile"
)

// What a masked Viewer, such as SUPPORT, sees of a person is decided here and
// nowhere else: enough to know whom they speak with, name, city and the ends of
// addresses and numbers, and nothing to take along (Art. 5 (1) (c) GDPR). Rows
// pass these functions where they leave the database for a Viewer; the lists and
// searches before that work on what is stored.

// hidden stands for what is not shown.
const hidden = "•••"

// shown is a Contact as the Viewer may see it. It changes the Contact, which is
// not to be saved afterwards.
func (t *Tenant) shown(c *Contact) *Contact {
	if !t.Viewer.Masked || c == nil {
		return c
	}
	p := &c.Profile
	c.keys = maps.Clone(c.keys)
	for source, id := range c.keys {
		c.keys[source] = maskID(id, p.Phones)
	}
	p.Emails, p.Phones, p.Addresses = slices.Clone(p.Emails), slices.Clone(p.Phones), slices.Clone(p.Addresses)
	for i := range p.Emails {
		p.Emails[i].Address = maskEmail(p.Emails[i].Address)
	}
	for i := range p.Phones {
		p.Phones[i].Number = maskNumber(p.Phones[i].Number)
	}
	for i := range p.Addresses {
		a := &p.Addresses[i]
		a.Street, a.HouseNumber, a.Addition = maskEnd(a.Street), maskAll(a.HouseNumber), maskAll(a.Addition)
	}
	p.BirthDate, p.CustomFields, c.metadata = "", nil, nil
	c.provenance, c.views = profile.Provenance{}, nil
	return c
}

// shownWords takes what Sources say out of who says what.
func (t *Tenant) shownWords(words *ContactWords, phones []profile.Phone) *ContactWords {
	if t.Viewer.Masked {
		for _, s := range words.Sources {
			s.ExternalID, s.Values = maskID(s.ExternalID, phones), []*SourceValue{}
		}
	}
	return words
}

// shownEvent hides what an event quotes.
func (t *Tenant) shownEvent(e *Event) *Event {
	if t.Viewer.Masked {
		e.ContactExternalID, e.Reason = maskQuote(e.ContactExternalID), maskQuote(e.Reason)
	}
	return e
}

// openFields are those whose values a masked Viewer sees in events as well.
var openFields = []string{"salutation", "title", "givenName", "familyName", "organisation", "locale", "employee"}

// shownValues tells a masked Viewer which fields changed, not from what to what.
func (t *Tenant) shownValues(values map[int64]*EventValues) {
	if !t.Viewer.Masked {
		return
	}
	for _, v := range values {
		v.Metadata = nil
		for i := range v.Changes {
			if c := &v.Changes[i]; !slices.Contains(openFields, c.Field) {
				c.Before, c.After = maskJSON(c.Before), maskJSON(c.After)
			}
		}
	}
}

// shownDelivery hides the address that a mail server repeated.
func (t *Tenant) shownDelivery(d *Delivery) {
	if t.Viewer.Masked {
		d.Detail = maskQuote(d.Detail)
	}
}

// shownMessage leaves of a message to whom and when it went.
func (t *Tenant) shownMessage(m *OutboxMessage) {
	if t.Viewer.Masked {
		m.To, m.Subject, m.HTML, m.Text, m.Headers = maskText(m.To), hidden, "", hidden, map[string]string{}
	}
}

// shownItem hides what an Operation's item says of a person.
func (t *Tenant) shownItem(i *OperationItem) {
	if t.Viewer.Masked {
		i.ExternalID = maskQuote(i.ExternalID)
		for _, e := range i.Errors {
			e.Message = maskText(e.Message)
		}
	}
}

// mayTake fails unless the Viewer may take whole files of data along.
func (t *Tenant) mayTake() error {
	if err := t.check(DataExport); err != nil {
		return err
	}
	return t.unmasked("files")
}

// unmasked fails for a masked Viewer: what holds people's data as they were
// written down is not shown in part.
func (t *Tenant) unmasked(what string) error {
	if t.Viewer.Masked {
		return fail(Forbidden, "", "the caller sees addresses and numbers in part only, and so no %s", what)
	}
	return nil
}

// maskEmail leaves the first letter and the domain: j•••@example.org.
func maskEmail(address string) string {
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return maskAll(address)
	}
	local := address[:at]
	if utf8.RuneCountInString(local) < 3 {
		return hidden + address[at:]
	}
	return maskEnd(local) + address[at:]
}

// maskNumber leaves the last three digits: •••• 728. Of what is too short for
// that to hide the rest it leaves nothing.
func maskNumber(number string) string {
	var digits []rune
	for _, r := range number {
		if unicode.IsDigit(r) {
			digits = append(digits, r)
		}
	}
	if len(digits) < 7 {
		return "••••"
	}
	return "•••• " + string(digits[len(digits)-3:])
}

// maskEnd leaves the first letter of a text.
func maskEnd(s string) string {
	if s == "" {
		return ""
	}
	_, size := utf8.DecodeRuneInString(s)
	return s[:size] + hidden
}

// maskAll leaves only that there is something.
func maskAll(s string) string {
	if s == "" {
		return ""
	}
	return hidden
}

// maskID masks an externalId that is itself an address or a number.
func maskID(id string, phones []profile.Phone) string {
	isNumber := func(p profile.Phone) bool {
		return p.Number != "" && strings.HasSuffix(p.Number, strings.TrimLeft(id, "+0 "))
	}
	if len(id) >= 7 && slices.ContainsFunc(phones, isNumber) {
		return maskNumber(id)
	}
	if strings.ContainsRune(id, '@') {
		return maskText(id)
	}
	return id
}

func maskJSON(value json.RawMessage) json.RawMessage {
	if len(value) == 0 || string(value) == "null" {
		return value
	}
	return json.RawMessage(`"` + hidden + `"`)
}

func maskQuote(s *string) *string {
	if s == nil {
		return nil
	}
	return ptr(maskText(*s))
}

var (
	addressInText = regexp.MustCompile(`[^\s<>"'(),;:]+@[^\s<>"'(),;:]+`)
	numberInText  = regexp.MustCompile(`\+?[0-9][0-9 /().-]{5,}[0-9]`)
)

// maskText masks the e-mail addresses and telephone numbers in a text.
func maskText(s string) string {
	s = addressInText.ReplaceAllStringFunc(s, maskEmail)
	return numberInText.ReplaceAllStringFunc(s, func(number string) string {
		if masked := maskNumber(number); masked != "••••" {
			return masked
		}
		return number // such as the status code of a mail server
	})
}
