package db

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/uptrace/bun"
)

// A ConsentDefinition is an opt-in that a Company asks for. It exists once,
// for live and test mode.
//
// Its wording is versioned, and a version never changes. The other settings
// have no versions and say what is asked from now on: a Channel that is added
// begins undecided, and one that is left out, or a definition that is no
// longer active, takes no Consent away that was given, which only the Contact
// can do. Advertising governs what a Permission counts and how long the proof
// of later decisions is kept.
type ConsentDefinition struct {
	bun.BaseModel `bun:"table:consent_definition,alias:consent_definition"`

	CompanyID int64  `bun:",pk"`
	ID        string `bun:",pk"`
	Key       string
	// Advertising tells those that the law on advertising governs.
	Advertising bool
	// Channels are decided one by one; without any the Consent is about none.
	Channels []ConsentChannel `bun:"type:json"`
	// Version is that of the current wording, from 1.
	Version int
	// Active tells those that Contacts are asked for.
	Active    bool
	CreatedAt time.Time
	UpdatedAt time.Time

	// Wordings are those of the current version.
	Wordings []*ConsentWording `bun:"-"`
	// companyLocale is the language for those who read none of the Wordings'.
	companyLocale string
}

// WordingFor returns the text to show to a reader of a locale, BCP 47: in
// that language, else its base language, else the Company's language, else
// the first there is.
func (d *ConsentDefinition) WordingFor(locale string) *ConsentWording {
	return wordingIn(d.Wordings, locale, d.companyLocale)
}

// ConsentDefinitionSave says what an opt-in is to be.
type ConsentDefinitionSave struct {
	// Key names it for good: 1 to 64 of a-z, 0-9, dot, underscore and hyphen,
	// beginning with a letter or digit.
	Key string
	// Advertising, Channels and Active stay as they are where nil. A new
	// definition then is active, about no Channel and no advertising: what
	// nobody declared to be advertising never permits any.
	Advertising *bool
	Channels    []ConsentChannel
	Active      *bool
	// Wordings are all languages of the text, one each.
	Wordings       []ConsentWording
	IdempotencyKey *string
}

var (
	consentKeys          = regexp.MustCompile(`^[a-z0-9][a-z0-9_.-]{0,63}$`)
	consentDefinitionIDs = regexp.MustCompile(`^consentdefinition_[0-9a-z]{26}$`)
)

// SaveConsentDefinition makes or changes the definition of a key. A text that
// differs in any language makes a new version; the same texts make none.
func (t *Tenant) SaveConsentDefinition(ctx context.Context, save ConsentDefinitionSave) (*ConsentDefinition, error) {
	if err := t.check(ConsentsWrite); err != nil {
		return nil, err
	}
	if err := t.whole("changing what Contacts are asked to agree to"); err != nil {
		return nil, err
	}
	if err := t.liveOnly("a ConsentDefinition"); err != nil {
		return nil, err
	}
	wordings, errs := cleanWordings(save.Wordings)
	if errs = append(save.check(), errs...); len(errs) > 0 {
		return nil, errs
	}
	var kept struct{ ID string }
	err := t.write(ctx, ConsentsWrite, func(x *tx) error {
		_, err := x.once(ctx, "consentDefinitionSave", save.IdempotencyKey, save, &kept, func() error {
			d, err := x.lockConsentDefinition(ctx, save.Key)
			if err != nil {
				return err
			}
			kept.ID = d.ID
			x.touch(d.ID)
			return x.changeConsentDefinition(ctx, d, save, wordings)
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	// Whoever may save a definition sees what became of it.
	saved, err := t.consentDefinitions(ctx, t.store.read.DB, "d.id = $2", kept.ID)
	if err != nil || len(saved) == 0 {
		return nil, err
	}
	return saved[0], nil
}

// check checks all but the wordings.
func (s ConsentDefinitionSave) check() Errors {
	var errs Errors
	switch {
	case s.Key == "":
		errs = append(errs, &Error{Required, []string{"key"}, "the key must not be empty; name it such as newsletter"})
	case !consentKeys.MatchString(s.Key):
		errs = append(errs, &Error{Invalid, []string{"key"}, fmt.Sprintf(
			"the key %.100q is not of 1 to 64 of a-z, 0-9, dot, underscore and hyphen, beginning with a letter or digit", s.Key)})
	}
	for i, c := range s.Channels {
		path := []string{"channels", strconv.Itoa(i)}
		if !c.known() {
			errs = append(errs, &Error{Invalid, path, fmt.Sprintf("%.20q is no Channel", c)})
		} else if slices.Contains(s.Channels[:i], c) {
			errs = append(errs, &Error{Invalid, path, fmt.Sprintf("the Channel %s stands here twice", c)})
		}
	}
	return errs
}

// lockConsentDefinition locks the definition of a key. One that it has to
// make has version 0 until its first wording is saved.
func (x *tx) lockConsentDefinition(ctx context.Context, key string) (*ConsentDefinition, error) {
	fresh := &ConsentDefinition{
		CompanyID: x.company, ID: newID("consentdefinition"), Key: key, Channels: []ConsentChannel{},
		Active: true, CreatedAt: x.now, UpdatedAt: x.now,
	}
	if _, err := x.NewInsert().Model(fresh).On("CONFLICT (company_id, key) DO NOTHING").Exec(ctx); err != nil {
		return nil, fmt.Errorf("insert ConsentDefinition: %w", err)
	}
	var id string
	err := x.row(ctx, "SELECT id FROM consent_definition WHERE company_id = $1 AND key = $2"+x.engine.locking(), x.company, key).Scan(&id)
	if err != nil {
		return nil, fmt.Errorf("lock ConsentDefinition: %w", err)
	}
	found, err := x.tenant.consentDefinitions(ctx, x.Tx.Tx, "d.id = $2", id)
	if err != nil {
		return nil, err
	}
	return found[0], nil
}

func (x *tx) changeConsentDefinition(ctx context.Context, d *ConsentDefinition, save ConsentDefinitionSave, wordings []*ConsentWording) error {
	if save.Advertising != nil {
		d.Advertising = *save.Advertising
	}
	if save.Channels != nil {
		d.Channels = save.Channels
	}
	if save.Active != nil {
		d.Active = *save.Active
	}
	d.UpdatedAt = x.now
	if err := x.changeSettings(ctx); err != nil {
		return err
	}
	if !sameWordings(d.Wordings, wordings) {
		d.Version++
		v := &consentVersion{CompanyID: x.company, DefinitionID: d.ID, Version: d.Version, Wordings: wordings, CreatedAt: x.now}
		if _, err := x.NewInsert().Model(v).Exec(ctx); err != nil {
			return fmt.Errorf("insert version %d of ConsentDefinition %s: %w", d.Version, d.ID, err)
		}
	}
	if _, err := x.NewUpdate().Model(d).WherePK().Exec(ctx); err != nil {
		return fmt.Errorf("save ConsentDefinition %s: %w", d.ID, err)
	}
	return nil
}

// ConsentDefinitions lists the Company's definitions, with their current
// wordings, by key.
func (t *Tenant) ConsentDefinitions(ctx context.Context) ([]*ConsentDefinition, error) {
	if err := t.check(ConsentsRead); err != nil {
		return nil, err
	}
	return t.consentDefinitions(ctx, t.store.read.DB, "true")
}

// ConsentDefinitionByID returns one definition; nil if there is none of this id.
func (t *Tenant) ConsentDefinitionByID(ctx context.Context, id string) (*ConsentDefinition, error) {
	found, err := t.ConsentDefinitionsByID(ctx, []string{id})
	return found[id], err
}

// ConsentDefinitionsByID reads definitions by id, for those who have many to show at once.
func (t *Tenant) ConsentDefinitionsByID(ctx context.Context, ids []string) (map[string]*ConsentDefinition, error) {
	if err := t.check(ConsentsRead); err != nil {
		return nil, err
	}
	found := make(map[string]*ConsentDefinition, len(ids))
	ids = slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !consentDefinitionIDs.MatchString(id) })
	if len(ids) == 0 {
		return found, nil
	}
	in, args := t.store.engine.oneOf("d.id", 2, ids)
	list, err := t.consentDefinitions(ctx, t.store.read.DB, in, args...)
	for _, d := range list {
		found[d.ID] = d
	}
	return found, err
}

// consentDefinitionsKeyed reads definitions by key.
func (t *Tenant) consentDefinitionsKeyed(ctx context.Context, q querier, keys ...string) (map[string]*ConsentDefinition, error) {
	found := make(map[string]*ConsentDefinition, len(keys))
	keys = slices.DeleteFunc(slices.Clone(keys), func(key string) bool { return !consentKeys.MatchString(key) })
	if len(keys) == 0 {
		return found, nil
	}
	in, args := t.store.engine.oneOf("d.key", 2, keys)
	list, err := t.consentDefinitions(ctx, q, in, args...)
	for _, d := range list {
		found[d.Key] = d
	}
	return found, err
}

// consentDefinitionNamed reads the definition of a key; NOT_FOUND if there is none.
func (t *Tenant) consentDefinitionNamed(ctx context.Context, q querier, key string) (*ConsentDefinition, error) {
	found, err := t.consentDefinitionsKeyed(ctx, q, key)
	if err == nil && found[key] == nil {
		err = NotFound("key", "there is no ConsentDefinition %.100q", key)
	}
	return found[key], err
}

// consentDefinitions reads definitions with their current wordings, by key;
// condition narrows them, its arguments count from $2.
func (t *Tenant) consentDefinitions(ctx context.Context, q querier, condition string, args ...any) ([]*ConsentDefinition, error) {
	const query = `SELECT d.id, d.key, d.advertising, d.channels, d.version, d.active, d.created_at, d.updated_at, v.wordings
		FROM consent_definition AS d LEFT JOIN consent_version AS v
			ON v.company_id = d.company_id AND v.definition_id = d.id AND v.version = d.version
		WHERE d.company_id = $1 AND `
	args = append([]any{t.Company.Key}, args...)
	rows, err := q.QueryContext(ctx, query+condition+" ORDER BY d.key", t.store.engine.args(args)...)
	var list []*ConsentDefinition
	err = scanRows(rows, err, func(r rowScanner) error {
		d := &ConsentDefinition{CompanyID: t.Company.Key, companyLocale: t.Company.Locale}
		var channels, wordings []byte
		err := r.Scan(&d.ID, &d.Key, &d.Advertising, &channels, &d.Version, &d.Active, &d.CreatedAt, &d.UpdatedAt, &wordings)
		if err != nil {
			return err
		}
		list = append(list, d)
		if err := json.Unmarshal(channels, &d.Channels); err != nil || wordings == nil {
			return err
		}
		return json.Unmarshal(wordings, &d.Wordings)
	})
	if err != nil {
		return nil, fmt.Errorf("read ConsentDefinitions: %w", err)
	}
	return list, nil
}
