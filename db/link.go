package db

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5/pgtype"

	"complero/db/profile"
)

// LinkState says what a Contact's link still opens.
type LinkState string

// The states of a link. Stopping and withdrawing work in all but LinkGone.
const (
	// LinkOpen: the Contact may see what is on file, answer, and answer again.
	LinkOpen LinkState = "OPEN"
	// LinkUnverified: the Company asks who it is first; see Verify and Admit.
	LinkUnverified LinkState = "UNVERIFIED"
	// LinkExpired: the time to answer is over.
	LinkExpired LinkState = "EXPIRED"
	// LinkCancelled: the Company took the Request back, or never sent it, or is archived.
	LinkCancelled LinkState = "CANCELLED"
	// LinkDisowned: whoever has the link said that they are not this person.
	LinkDisowned LinkState = "DISOWNED"
	// LinkDeceased: whoever has the link said that the Contact has died. Resume
	// takes that back.
	LinkDeceased LinkState = "DECEASED"
	// LinkGone: the Contact is no longer on file.
	LinkGone LinkState = "GONE"
)

// A Link is what a Contact's token opens: all that the Web App needs to know.
// Unless it is open, nothing of the Contact's profile but the language is in
// it, so that no page can show any of it. Where the Company asks for a
// Verification, nothing else of the Contact is in it either, whatever the
// state, until Admit lets somebody in.
type Link struct {
	State   LinkState
	Company *Company
	Brand   *Brand
	// Request and Contact are without what only sending and the API need: the
	// way of the link, when they were made.
	Request *Request
	// Contact is nil once the link is gone.
	Contact *Contact
	// Employee is the one in whose name the Request was made, if any.
	Employee *Employee
	// Definitions are all of the Company's, by key, with their wordings; the
	// active ones are to be asked for, if the Request asks about Consents.
	Definitions []*ConsentDefinition
	// Consents are the Contact's latest decisions, newest first.
	Consents []*Consent
	// Fields are what the Contact may see and change. What is hidden is not in
	// Contact's profile.
	Fields *FieldRules
	// Waiting are new addresses that have yet to be confirmed at the new place.
	Waiting []*Proposal

	file       profile.Profile             // the Contact's, with what is hidden
	older      map[shown][]*ConsentWording // versions of Consents that are not the definition's last
	provenance []byte                      // of the Contact, as stored
	// The versions of the rows as read; NULL where the engine has no such.
	contactVersion, requestVersion pgtype.Uint32
	tenant                         *Tenant
	// withheld is what Admit puts back; nil where nothing is.
	withheld *withheld
}

// tokenLength is that of 128 bits in base32.
const tokenLength = 26

// OpenLink reads what a token opens, and changes nothing. Unknown and
// malformed tokens are NOT_FOUND.
func (s *Store) OpenLink(ctx context.Context, token string) (*Link, error) {
	if len(token) != tokenLength {
		return nil, unknownLink()
	}
	if _, err := tokenCoding.DecodeString(token); err != nil {
		return nil, unknownLink()
	}
	l, err := s.readLink(ctx, tokenHash(token))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, unknownLink()
	}
	if err != nil {
		return nil, fmt.Errorf("open a link: %w", err)
	}
	l.State = l.stateAt(s.now())
	if l.State != LinkOpen && l.Contact != nil {
		l.Contact.Profile = profile.Profile{Locale: l.Contact.Profile.Locale}
		l.provenance = []byte("{}")
	}
	if err := l.hide(ctx); err != nil {
		return nil, fmt.Errorf("open a link: %w", err)
	}
	if l.Company.Verifies != "" {
		l.withhold()
		return l, nil
	}
	if l.Contact != nil && len(l.Definitions) > 0 {
		err = l.readConsents(ctx)
	}
	return l, errors.Join(err, l.readWaiting(ctx))
}

func unknownLink() error {
	return NotFound("token", "this link is not known; open it as it stands in the message")
}

// goneLink is all that is said of a Proposal's link of an archived Company.
func goneLink() error {
	return fail(Gone, "token", "this link opens nothing at present")
}

// hide takes out of sight what the Company does not show its Contacts.
func (l *Link) hide(ctx context.Context) (err error) {
	l.Fields, err = l.tenant.fieldRules(ctx)
	if l.Contact != nil {
		l.file = l.Contact.Profile
		l.Contact.Profile = l.Fields.visible(l.file)
	}
	return err
}

func (l *Link) stateAt(now time.Time) LinkState {
	switch {
	case l.Contact == nil:
		return LinkGone
	case l.Request.disowned():
		return LinkDisowned
	case l.Request.bereaved(l.Contact):
		return LinkDeceased
	case l.Company.ArchivedAt != nil, l.Request.Status == RequestCancelled, l.Request.Status == RequestSuppressed:
		return LinkCancelled
	case !l.Request.Open(now):
		return LinkExpired
	default:
		return LinkOpen
	}
}

// selectLink reads a link by one statement, on which the Web App's speed rests.
// It leaves out what neither a page nor an answer needs: each column takes time
// on both sides. xmin is a row's version on PostgreSQL.
var selectLink = map[engine]string{
	onSQLite:   linkQuery("NULL, NULL"),
	onPostgres: linkQuery("c.xmin, r.xmin"),
}

func linkQuery(rowVersions string) string {
	return `SELECT r.company_id, r.mode, o.version, ` + rowVersions + `,
		r.id, r.generation, r.contact_id, r.employee_id, r.status, r.reason, r.channel, r.ask, r.sent_at, r.delivered_at, r.answered_at, r.expires_at,
		c.employee_id, c.external_ids, c.profile, c.provenance, c.updated_at, c.stopped_at, c.metadata
	FROM request AS r
	JOIN company AS o ON o.id = r.company_id
	LEFT JOIN contact AS c ON c.company_id = r.company_id AND c.mode = r.mode AND c.id = r.contact_id
	WHERE r.token_hash = $1`
}

// A linkRow is what selectLink reads. What may be NULL goes where PostgreSQL's
// driver puts it without reflection.
type linkRow struct {
	company, version               int64
	mode                           int16
	generation                     int32
	contactVersion, requestVersion pgtype.Uint32

	request, contact, status, ask              string
	requestEmployee, reason, channel           pgtype.Text
	sentAt, deliveredAt, answeredAt, expiresAt pgtype.Timestamptz
	employee                                   pgtype.Text
	keys, document, provenance, metadata       []byte
	updatedAt, stoppedAt                       pgtype.Timestamptz
}

func (f *linkRow) into() []any {
	return []any{
		&f.company, &f.mode, &f.version, &f.contactVersion, &f.requestVersion,
		&f.request, &f.generation, &f.contact, &f.requestEmployee, &f.status, &f.reason, &f.channel, &f.ask,
		&f.sentAt, &f.deliveredAt, &f.answeredAt, &f.expiresAt,
		&f.employee, &f.keys, &f.document, &f.provenance, &f.updatedAt, &f.stoppedAt, &f.metadata,
	}
}

// linkRequest is the Request, without what only its sending is about.
func (f *linkRow) linkRequest() (*Request, error) {
	r := &Request{
		CompanyID: f.company, Mode: Mode(f.mode), ID: f.request, Generation: int(f.generation), ContactID: f.contact, EmployeeID: textOrNil(&f.requestEmployee),
		Status: RequestStatus(f.status), Reason: textOrNil(&f.reason), Channel: (*Channel)(textOrNil(&f.channel)),
		SentAt: timeOrNil(&f.sentAt), DeliveredAt: timeOrNil(&f.deliveredAt), AnsweredAt: timeOrNil(&f.answeredAt), ExpiresAt: f.expiresAt.Time,
	}
	if f.ask == "[]" {
		return r, nil // as most are
	}
	if err := json.Unmarshal([]byte(f.ask), &r.Ask); err != nil {
		return nil, fmt.Errorf("read Request %s: %w", r.ID, err)
	}
	return r, nil
}

// linkContact is the Contact, without the provenance; nil where there is none
// any more.
func (f *linkRow) linkContact() (*Contact, error) {
	if f.document == nil {
		return nil, nil
	}
	c := &Contact{ID: f.contact, EmployeeID: f.employee.String, UpdatedAt: f.updatedAt.Time, StoppedAt: timeOrNil(&f.stoppedAt)}
	var err error
	c.keys, err = profile.ReadTexts(f.keys)
	if err == nil {
		err = c.Profile.ReadJSON(f.document)
	}
	if err == nil && f.metadata != nil {
		err = json.Unmarshal(f.metadata, &c.metadata)
	}
	if err != nil {
		return nil, fmt.Errorf("read Contact %s: %w", c.ID, err)
	}
	return c, nil
}

func textOrNil(t *pgtype.Text) *string {
	if !t.Valid {
		return nil
	}
	return &t.String
}

func timeOrNil(t *pgtype.Timestamptz) *time.Time {
	if !t.Valid {
		return nil
	}
	return &t.Time
}

// contactRights are those of whoever has a link.
var contactRights = []Right{answerRight}

// readLink reads all but the Consents.
func (s *Store) readLink(ctx context.Context, hash []byte) (*Link, error) {
	var f linkRow
	if err := s.rowHot(ctx, selectLink[s.engine], []any{hash}, f.into()...); err != nil {
		return nil, err
	}
	set, err := s.settings(ctx, f.company, f.version)
	if err != nil {
		return nil, err
	}
	l := &Link{
		Company: set.company, Brand: set.brand, Definitions: set.definitions,
		// Who looks at a page needs no provenance, and it takes long to decode.
		provenance: f.provenance, contactVersion: f.contactVersion, requestVersion: f.requestVersion,
		tenant: &Tenant{store: s, Company: set.company, Mode: Mode(f.mode), Viewer: Viewer{Kind: ContactViewer, Rights: contactRights}, settings: set},
	}
	if l.Request, err = f.linkRequest(); err != nil {
		return nil, err
	}
	if id := deref(l.Request.EmployeeID); id != "" {
		if l.Employee, err = l.tenant.knownEmployee(ctx, id); err != nil {
			return nil, err
		}
	}
	l.Contact, err = f.linkContact()
	return l, err
}

// readConsents reads the Contact's decisions.
func (l *Link) readConsents(ctx context.Context) error {
	q := l.tenant.store.hot()
	var err error
	if l.Consents, err = l.tenant.latestConsents(ctx, q, []string{l.Contact.ID}); err != nil {
		return err
	}
	var older []shown
	for _, c := range l.Consents {
		if d := l.definition(c); d != nil && d.Version != c.Version {
			older = append(older, shown{c.DefinitionID, c.Version})
		}
	}
	l.older, err = l.tenant.wordings(ctx, q, older)
	return err
}

func (l *Link) definition(c *Consent) *ConsentDefinition {
	at := slices.IndexFunc(l.Definitions, func(d *ConsentDefinition) bool { return d.ID == c.DefinitionID })
	if at < 0 {
		return nil
	}
	return l.Definitions[at]
}

// WordingOf is the text that the Contact saw with a decision, also where the
// definition has another one by now; nil for a Consent that is not this Contact's.
func (l *Link) WordingOf(c *Consent) *ConsentWording {
	wordings := l.older[shown{c.DefinitionID, c.Version}]
	if d := l.definition(c); d != nil && d.Version == c.Version {
		wordings = d.Wordings
	}
	return wordingIn(wordings, c.Locale)
}

// employeeFields are an Employee's columns in a join that may find none.
type employeeFields struct {
	id, externalID, displayName *string

	found Employee
}

func (f *employeeFields) into() []any {
	e := &f.found
	return []any{&f.id, &f.externalID, &f.displayName, &e.GivenName, &e.FamilyName, &e.Email, &e.Phone, &e.JobTitle, &e.PhotoURL}
}

func (f *employeeFields) employee(company int64, mode Mode) *Employee {
	if f.id == nil {
		return nil
	}
	e := f.found
	e.CompanyID, e.Mode, e.ID, e.ExternalID, e.DisplayName = company, mode, *f.id, deref(f.externalID), deref(f.displayName)
	return &e
}

// contactJoined are contactColumns of a table or alias named c.
const contactJoined = "c.id, c.employee_id, c.external_ids, c.profile, c.provenance, c.created_at, c.updated_at, c.confirmed_at, c.stopped_at, c.metadata"

// contactFields are contactJoined in a join that may find none.
type contactFields struct {
	id, employee               *string
	keys, document, provenance []byte
	createdAt, updatedAt       *time.Time
	confirmedAt, stoppedAt     *time.Time
	metadata                   metadata
}

func (f *contactFields) into() []any {
	return []any{
		&f.id, &f.employee, &f.keys, &f.document, &f.provenance,
		&f.createdAt, &f.updatedAt, &f.confirmedAt, &f.stoppedAt, &f.metadata,
	}
}

// contact decodes what was found; nil where there was none.
func (f *contactFields) contact(t *Tenant) (*Contact, error) {
	if f.id == nil {
		return nil, nil
	}
	c := &Contact{
		ID: *f.id, EmployeeID: deref(f.employee), source: t.Viewer.Source,
		CreatedAt: *f.createdAt, UpdatedAt: *f.updatedAt, ConfirmedAt: f.confirmedAt, StoppedAt: f.stoppedAt,
		metadata: f.metadata,
	}
	var err error
	c.keys, err = profile.ReadTexts(f.keys)
	if err == nil {
		err = c.Profile.ReadJSON(f.document)
	}
	if err == nil {
		err = c.provenance.ReadJSON(f.provenance)
	}
	if err != nil {
		return nil, fmt.Errorf("read Contact %s: %w", c.ID, err)
	}
	return c, nil
}
