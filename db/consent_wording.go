package db

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/uptrace/bun"
)

// The bounds of a definition's texts; lengths in characters.
const (
	maxWordings      = 100
	maxWordingTitle  = 200
	maxWordingLength = 20_000
	maxWordingLocale = 35 // RFC 5646, 4.4.1: the longest tag that must be handled
)

// ConsentWording is a definition's text in one language; Wording is Markdown.
type ConsentWording struct {
	Locale  string `json:"locale"`
	Title   string `json:"title"`
	Wording string `json:"wording"`
}

// hash is the SHA-256, in hex, of what the Contact saw.
func (w *ConsentWording) hash() string {
	sum := sha256.Sum256([]byte(w.Title + "\n" + w.Wording))
	return hex.EncodeToString(sum[:])
}

// A consentVersion is a definition's text in all its languages. Once saved it
// never changes, so whatever a Contact saw can be shown again.
type consentVersion struct {
	bun.BaseModel `bun:"table:consent_version"`

	CompanyID    int64             `bun:",pk"`
	DefinitionID string            `bun:",pk"`
	Version      int               `bun:",pk"`
	Wordings     []*ConsentWording `bun:"type:json"`
	CreatedAt    time.Time
}

// A ConsentVersion is a definition's text as it was asked from a moment on.
type ConsentVersion struct {
	Version   int
	CreatedAt time.Time
	Wordings  []*ConsentWording
}

// ConsentVersions reads all versions of some definitions' texts, by the
// definition's id, the newest first.
func (t *Tenant) ConsentVersions(ctx context.Context, definitionIDs []string) (map[string][]*ConsentVersion, error) {
	if err := t.check(ConsentsRead); err != nil {
		return nil, err
	}
	found := make(map[string][]*ConsentVersion, len(definitionIDs))
	if len(definitionIDs) == 0 {
		return found, nil
	}
	var rows []*consentVersion
	q := t.store.read.NewSelect().Model(&rows).Where("company_id = ?", t.Company.Key).Where("definition_id IN ?", bun.Tuple(definitionIDs)).Order("version DESC")
	if err := q.Scan(ctx); err != nil {
		return nil, fmt.Errorf("read the versions of ConsentDefinitions: %w", err)
	}
	for _, v := range rows {
		found[v.DefinitionID] = append(found[v.DefinitionID], &ConsentVersion{v.Version, v.CreatedAt.UTC(), v.Wordings})
	}
	return found, nil
}

// wordingIn chooses the text for a reader of the first of locales that there
// is one for: in exactly that language, else in its base language, else in
// another variant of it. Without any it is the first text; nil if there is none.
func wordingIn(wordings []*ConsentWording, locales ...string) *ConsentWording {
	for _, locale := range locales {
		base := baseLanguage(locale)
		if base == "" {
			continue
		}
		for _, fits := range []func(*ConsentWording) bool{
			func(w *ConsentWording) bool { return strings.EqualFold(w.Locale, locale) },
			func(w *ConsentWording) bool { return strings.EqualFold(w.Locale, base) },
			func(w *ConsentWording) bool { return baseLanguage(w.Locale) == base },
		} {
			if i := slices.IndexFunc(wordings, fits); i >= 0 {
				return wordings[i]
			}
		}
	}
	if len(wordings) == 0 {
		return nil
	}
	return wordings[0]
}

func baseLanguage(locale string) string {
	base, _, _ := strings.Cut(locale, "-")
	return strings.ToLower(base)
}

// sameWordings reports whether two versions say the same, in whatever order.
func sameWordings(a, b []*ConsentWording) bool {
	if len(a) != len(b) {
		return false
	}
	for _, w := range a {
		if !slices.ContainsFunc(b, func(other *ConsentWording) bool { return *other == *w }) {
			return false
		}
	}
	return true
}

// cleanWordings checks the texts of a version, one for each language.
func cleanWordings(given []ConsentWording) ([]*ConsentWording, Errors) {
	if len(given) == 0 {
		return nil, Errors{{Required, []string{"wordings"}, "give the wording in one language at least"}}
	}
	if len(given) > maxWordings {
		return nil, Errors{{TooManyItems, []string{"wordings"}, fmt.Sprintf("a definition has at most %d languages", maxWordings)}}
	}
	var errs Errors
	seen := map[string]bool{}
	wordings := make([]*ConsentWording, len(given))
	for i, w := range given {
		clean, wrong := w.clean()
		if clean.Locale != "" && seen[clean.Locale] {
			wrong = append(wrong, ErrorsOf(fail(Invalid, "locale", "there are two wordings in %s; give one for each language", clean.Locale))...)
		}
		seen[clean.Locale] = true
		for _, e := range wrong {
			e.Path = append([]string{"wordings", strconv.Itoa(i)}, e.Path...)
		}
		errs = append(errs, wrong...)
		wordings[i] = clean
	}
	return wordings, errs
}

func (w ConsentWording) clean() (*ConsentWording, Errors) {
	var errs Errors
	text := func(s string, check func(string) (string, error)) string {
		value, err := check(strings.ReplaceAll(s, "\r\n", "\n"))
		errs = append(errs, ErrorsOf(err)...)
		return value
	}
	return &ConsentWording{
		Locale:  text(w.Locale, checkWordingLocale),
		Title:   text(w.Title, line("title", maxWordingTitle)),
		Wording: text(w.Wording, checkWording),
	}, errs
}

func checkWordingLocale(s string) (string, error) {
	if len(s) > maxWordingLocale {
		return "", fail(Code("INVALID_LOCALE"), "locale", "the locale is too long to be one; write it as de, en or de-AT")
	}
	return checkLocale(s)
}

func checkWording(s string) (string, error) {
	if strings.TrimSpace(s) == "" {
		return "", fail(Required, "wording", "the wording must not be empty")
	}
	return paragraph("wording", maxWordingLength)(s)
}

// shown names a version of a definition that a Contact saw.
type shown struct {
	definition string
	version    int
}

// wordings reads the texts of versions.
func (t *Tenant) wordings(ctx context.Context, q querier, versions []shown) (map[shown][]*ConsentWording, error) {
	found := map[shown][]*ConsentWording{}
	if len(versions) == 0 {
		return found, nil
	}
	var definitions, numbers []string
	for _, v := range versions {
		definitions, numbers = append(definitions, v.definition), append(numbers, strconv.Itoa(v.version))
	}
	slices.Sort(numbers)
	in, args := t.store.engine.oneOf("definition_id", 2, definitions)
	query := "SELECT definition_id, version, wordings FROM consent_version WHERE company_id = $1 AND " + in +
		" AND version IN (" + strings.Join(slices.Compact(numbers), ", ") + ")"
	rows, err := q.QueryContext(ctx, query, t.store.engine.args(append([]any{t.Company.Key}, args...))...)
	err = scanRows(rows, err, func(r rowScanner) error {
		var v shown
		var data []byte
		if err := r.Scan(&v.definition, &v.version, &data); err != nil {
			return err
		}
		var list []*ConsentWording
		err := json.Unmarshal(data, &list)
		found[v] = list
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read wordings: %w", err)
	}
	return found, nil
}

// ConsentWordings reads, by the Consents' ids, the wording that each Contact
// saw, in Markdown: of that version and in that language.
func (t *Tenant) ConsentWordings(ctx context.Context, consents []*Consent) (map[string]string, error) {
	if err := t.check(ConsentsRead); err != nil {
		return nil, err
	}
	versions := make([]shown, len(consents))
	for i, c := range consents {
		versions[i] = shown{c.DefinitionID, c.Version}
	}
	found, err := t.wordings(ctx, t.store.read.DB, versions)
	if err != nil {
		return nil, err
	}
	texts := make(map[string]string, len(consents))
	for i, c := range consents {
		if w := wordingIn(found[versions[i]], c.Locale); w != nil {
			texts[c.ID] = w.Wording
		}
	}
	return texts, nil
}
