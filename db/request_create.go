package db

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"complero/db/profile"
)

// How long a Request can be answered.
const (
	defaultExpiry  = 90 * 24 * time.Hour
	maxExpiryYears = 1
)

// manyRequests is how many Requests of one call may change how PostgreSQL
// should look up the next.
const manyRequests = 100

// RequestsCreate says whom to ask, for what, and by which Channels.
type RequestsCreate struct {
	ContactExternalIDs []string
	Source             *string
	// Whom asks everybody of an audience, in the place of ContactExternalIDs.
	Whom *RequestAudience `json:",omitempty"`
	// Channels are those that may carry the Requests, best first; empty means
	// EMAIL, without which nothing can be sent today.
	Channels []Channel
	// Ask narrows what is asked about; empty means all.
	Ask []Ask
	// ExpiresAt is until when the links can be answered; nil means 90 days.
	ExpiresAt *time.Time
	// Text names the Company's own text to go by; nil means its DefaultText.
	Text *string `json:",omitempty"`
	// Note is the sender's own line for the message.
	Note           *string `json:",omitempty"`
	IdempotencyKey *string
}

// RequestsCreated is what became of a call: an item for each externalId, in
// the call's order, and the Requests that were made.
type RequestsCreated struct {
	Requests []*Request
	Items    []*RequestItem
	// Operation makes the Requests, where an audience is asked.
	Operation *Operation
}

// RequestItem is what became of one externalId: a Request or the reason why not.
type RequestItem struct {
	ExternalID string
	Request    *Request
	Errors     Errors
}

// errNoneMade rolls back a call that made no Request, so that its idempotency
// key is not kept.
var errNoneMade = errors.New("no Request was made")

// CreateRequests makes a Request for each Contact and has them sent. A Contact
// who said stop, or has no address that works, gets a SUPPRESSED one, so that
// it can be seen why nothing went out. Wrong items do not hold up the others.
//
// An audience is asked by an Operation, in the background; whoever of it is not
// to be asked or cannot be reached is left out there, and gets none.
func (t *Tenant) CreateRequests(ctx context.Context, in RequestsCreate) (*RequestsCreated, error) {
	if err := errors.Join(t.check(RequestsWrite), t.mayAsk()); err != nil {
		return nil, err
	}
	if in.Whom != nil {
		op, err := t.planRequests(ctx, in)
		if err != nil {
			return nil, err
		}
		return &RequestsCreated{Requests: []*Request{}, Items: []*RequestItem{}, Operation: op}, nil
	}
	var made map[string]*Request
	var kept struct{ IDs []string } // for each externalId of the call, "" where there is none
	err := t.write(ctx, RequestsWrite, func(x *tx) error {
		made = nil
		_, err := x.once(ctx, "requestsCreate", in.IdempotencyKey, in, &kept, func() error {
			template, err := x.requestTemplate(ctx, in)
			if err != nil {
				return err
			}
			if made, err = x.createRequests(ctx, in, template); err != nil {
				return err
			}
			if len(made) == 0 {
				return errNoneMade
			}
			kept.IDs = in.idsOf(made)
			return nil
		})
		return err
	})
	if err != nil && !errors.Is(err, errNoneMade) {
		return nil, err
	}
	if len(made) >= manyRequests {
		t.store.learn(ctx, "contact", "request", "delivery")
	}
	if made == nil {
		if made, err = t.requestsKept(ctx, in.ContactExternalIDs, kept.IDs); err != nil {
			return nil, err
		}
	}
	return in.created(made), nil
}

// requestTemplate checks the call and makes the Request that all are copies of.
func (x *tx) requestTemplate(ctx context.Context, in RequestsCreate) (Request, error) {
	errs := in.problems(x.now)
	note, err := checkNote(in.Note)
	errs = append(errs, ErrorsOf(err)...)
	if len(errs) == 0 && x.mode == Live {
		errs = x.tenant.routeProblems()
	}
	if len(errs) > 0 {
		return Request{}, errs
	}
	r := Request{
		CompanyID: x.company, Mode: x.mode, Source: ManualRequest, Status: RequestPending, Generation: 1,
		Channels: []Channel{Email}, Ask: []Ask{}, ExpiresAt: x.now.Add(defaultExpiry), Note: note,
	}
	if len(in.Channels) > 0 {
		r.Channels = firsts(in.Channels)
	}
	r.Ask = append(r.Ask, firsts(in.Ask)...)
	if in.ExpiresAt != nil {
		r.ExpiresAt = in.ExpiresAt.UTC().Truncate(time.Microsecond)
	}
	if in.Text != nil && *in.Text != DefaultText {
		r.TextName = in.Text
		return r, x.tenant.hasText(ctx, x.query, *in.Text)
	}
	return r, nil
}

// problems are what is wrong with the call as a whole.
func (in RequestsCreate) problems(now time.Time) Errors {
	var errs Errors
	add := func(code Code, field, format string, args ...any) {
		errs = append(errs, &Error{Code: code, Path: []string{field}, Message: fmt.Sprintf(format, args...)})
	}
	switch n := len(in.ContactExternalIDs); {
	case in.Whom != nil && n > 0:
		add(Invalid, "contactExternalIds", "Contacts are named by contactExternalIds or by whom, not by both; leave one of them out")
	case in.Whom != nil && in.Source != nil:
		add(Invalid, "source", "source says whose contactExternalIds are meant; with whom, narrow by whom.source")
	case in.Whom != nil:
	case n == 0:
		add(Required, "contactExternalIds", "contactExternalIds is empty; name 1 to %d Contacts, or say by whom who is to be asked", maxItems)
	case n > maxItems:
		add(TooManyItems, "contactExternalIds", "contactExternalIds has %d items; send at most %d in one call", n, maxItems)
	}
	known := []Channel{Email, SMS, WhatsApp, Letter}
	if i := slices.IndexFunc(in.Channels, func(c Channel) bool { return !slices.Contains(known, c) }); i >= 0 {
		add(Invalid, "channels", "%q is no Channel; EMAIL can be used", in.Channels[i])
	} else if len(in.Channels) > 0 && !slices.Contains(in.Channels, Email) {
		add(Invalid, "channels", "Requests can go out by EMAIL only for now; add EMAIL to channels, or leave channels out")
	}
	asks := []Ask{AskPerson, AskAddress, AskDigital, AskCustom, AskConsents}
	if i := slices.IndexFunc(in.Ask, func(a Ask) bool { return !slices.Contains(asks, a) }); i >= 0 {
		add(Invalid, "ask", "%q cannot be asked about; choose from PERSON, ADDRESS, DIGITAL, CUSTOM and CONSENTS", in.Ask[i])
	}
	if in.ExpiresAt != nil {
		latest := now.AddDate(maxExpiryYears, 0, 0)
		if !in.ExpiresAt.After(now) || in.ExpiresAt.After(latest) {
			add(Invalid, "expiresAt", "expiresAt %s must be in the future and at most a year ahead, by %s",
				in.ExpiresAt.UTC().Format(time.RFC3339), latest.Format(time.RFC3339))
		}
	}
	return errs
}

// routeProblems are what live Requests lack to be sent, each with its cure.
func (t *Tenant) routeProblems() Errors {
	var errs Errors
	add := func(missing bool, format string, args ...any) {
		if missing {
			errs = append(errs, &Error{Code: ConflictCode, Path: []string{}, Message: fmt.Sprintf(format, args...)})
		}
	}
	add(!t.store.mailRoute, "there is no mail route; start the server with --smtp smtp://USER:PASSWORD@HOST:PORT, or use a test key, whose mail goes to the outbox")
	add(deref(t.Company.SenderAddress) == "", "%s has no sender address; set senderAddress by companyUpdate", t.Company.Name)
	add(deref(t.Company.Imprint) == "", "%s has no imprint, which every message has to show; set imprint by companyUpdate", t.Company.Name)
	return errs
}

// createRequests makes the Requests, by externalId.
func (x *tx) createRequests(ctx context.Context, in RequestsCreate, template Request) (map[string]*Request, error) {
	contacts, err := x.contactsNamed(ctx, in.Source, in.ContactExternalIDs)
	if err != nil {
		return nil, err
	}
	if err := x.notAskedLately(ctx, contacts); err != nil {
		return nil, err
	}
	made := make(map[string]*Request, len(contacts))
	var asked []askedContact
	for _, external := range in.ContactExternalIDs {
		if c := contacts[external]; c != nil && made[external] == nil {
			made[external] = x.newRequest(template, c)
			asked = append(asked, askedContact{made[external], c})
		}
	}
	return made, x.insertAsked(ctx, asked)
}

// contactsNamed locks the Contacts that a Source knows, by externalId.
func (x *tx) contactsNamed(ctx context.Context, named *string, externalIDs []string) (map[string]*Contact, error) {
	source, err := x.tenant.source(ctx, x.Tx.Tx, named)
	if err != nil {
		return nil, err
	}
	return x.lockKnownBy(ctx, source, externalIDs, x.lockAsked)
}

// lockAsked is lockContacts without the provenance, which is long and which no
// Request needs.
func (x *tx) lockAsked(ctx context.Context, ids []string) (map[string]*Contact, error) {
	slices.Sort(ids)
	query := x.engine.lookup(contactColumns, "contact", "company_id = $1 AND mode = $2", "id", 3, x.engine.locking())
	rows, err := x.query(ctx, query, x.company, x.mode, x.engine.list(slices.Compact(ids)))
	locked := make(map[string]*Contact, len(ids))
	err = scanRows(rows, err, func(r rowScanner) error {
		c, err := x.tenant.scanContact(r)
		if err == nil {
			locked[c.ID] = c
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("lock Contacts: %w", err)
	}
	return locked, x.tenant.nameByRank(ctx, x.Tx.Tx, maps.Values(locked))
}

// newRequest makes one Contact's copy of the template.
func (x *tx) newRequest(template Request, c *Contact) *Request {
	r := template
	r.ID, r.ContactID, r.CreatedAt = newID("request"), c.ID, x.now
	x.touch(r.ID)
	r.TokenHash = tokenHash(x.store.requestToken(&r))
	if x.tenant.Company.WithEmployees {
		r.EmployeeID = nullable(c.EmployeeID)
	}
	switch {
	case c.StoppedAt != nil:
		r.Status, r.Reason = RequestSuppressed, ptr(ReasonStopped)
	case mailAddress(&c.Profile) == nil:
		r.Status, r.Reason = RequestSuppressed, ptr(ReasonNoAddress)
	}
	return &r
}

// mailAddress is where mail for a Contact goes: the first address that is not
// known to fail; nil if there is none.
func mailAddress(p *profile.Profile) *profile.Email {
	for i := range p.Emails {
		if p.Emails[i].Health != profile.HealthFailed {
			return &p.Emails[i]
		}
	}
	return nil
}

// idsOf are the Requests' ids in the order of the call.
func (in RequestsCreate) idsOf(made map[string]*Request) []string {
	ids := make([]string, len(in.ContactExternalIDs))
	for i, external := range in.ContactExternalIDs {
		if r := made[external]; r != nil {
			ids[i] = r.ID
		}
	}
	return ids
}

// requestsKept reads what an earlier call with the same idempotency key made.
func (t *Tenant) requestsKept(ctx context.Context, externalIDs, ids []string) (map[string]*Request, error) {
	found, err := t.requestsByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	made := make(map[string]*Request, len(ids))
	for i, id := range ids {
		if r := found[id]; r != nil {
			made[externalIDs[i]] = r
		}
	}
	return made, nil
}

// created answers each externalId of the call.
func (in RequestsCreate) created(made map[string]*Request) *RequestsCreated {
	out := &RequestsCreated{Requests: []*Request{}, Items: make([]*RequestItem, len(in.ContactExternalIDs))}
	first := make(map[string]int, len(in.ContactExternalIDs))
	for i, external := range in.ContactExternalIDs {
		item := &RequestItem{ExternalID: external}
		out.Items[i] = item
		fault := func(code Code, format string, args ...any) {
			item.Errors = Errors{{Code: code, Path: []string{"contactExternalIds", strconv.Itoa(i)}, Message: fmt.Sprintf(format, args...)}}
		}
		if at, twice := first[external]; twice {
			fault(Taken, "externalId %q stands in this call already, at %d; a Contact is asked once", external, at)
			continue
		}
		first[external] = i
		if item.Request = made[external]; item.Request == nil {
			fault(NotFoundCode, "there is no Contact %q in this Source; upload the Contact first", external)
			continue
		}
		out.Requests = append(out.Requests, item.Request)
	}
	return out
}

// firsts leaves out what stands in a list already.
func firsts[T comparable](list []T) []T {
	var kept []T
	for _, v := range list {
		if !slices.Contains(kept, v) {
			kept = append(kept, v)
		}
	}
	return kept
}
