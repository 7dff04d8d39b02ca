package db

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"complero/theme"
)

// The bounds of a text; lengths in characters. Markdown's parser takes time by
// the square of what is written to slow it down: a body of this length keeps it
// within some hundredths of a second.
const (
	maxTextSubject   = 250
	maxTextPreheader = 250
	maxTextBody      = 10_000
	maxTextButton    = 60
	maxTextSMS       = 1000
	// maxTexts is how many a Company may have, and maxTextVersions how many
	// versions of each are kept.
	maxTexts        = 200
	maxTextVersions = 100
)

// clippedMail is the size of HTML, in bytes, from which Gmail shows no more.
const clippedMail = 102 << 10

var textNames = regexp.MustCompile(`^[a-z0-9][a-z0-9_.-]{0,63}$`)

// TextSave says how a text is to be worded.
type TextSave struct {
	TextKey
	theme.Template
}

// SaveText makes a new version of a text, which is in use from then on. What is
// wrong with a template is told by part, line and column. The same wording
// again makes no new version. Rolling back is saving an older version's wording.
func (t *Tenant) SaveText(ctx context.Context, save TextSave) (*Text, error) {
	if err := t.mayChangeTexts(); err != nil {
		return nil, err
	}
	errs := save.TextKey.clean()
	template, err := t.CheckTemplate(ctx, save.Template)
	if err != nil && ErrorsOf(err) == nil {
		return nil, err
	}
	if errs = append(errs, ErrorsOf(err)...); len(errs) > 0 {
		return nil, errs
	}
	return t.changeText(ctx, save.TextKey, func(latest *Text) (*Text, error) {
		if latest != nil && !latest.Deleted && latest.Template == template {
			return latest, nil
		}
		return &Text{TextKey: save.TextKey, Template: template}, nil
	})
}

// DeleteText has the built-in text used again, and returns the text as it was.
// The versions stay; saving makes the next one.
func (t *Tenant) DeleteText(ctx context.Context, key TextKey) (*Text, error) {
	if err := t.mayChangeTexts(); err != nil {
		return nil, err
	}
	if errs := key.clean(); len(errs) > 0 {
		return nil, errs
	}
	return t.changeText(ctx, key, func(latest *Text) (*Text, error) {
		if latest == nil || latest.Deleted {
			return nil, NotFound("name", "the Company has no text %q of its own in %s; texts lists those that there are", key.Name, key.Locale)
		}
		return &Text{TextKey: key, Template: latest.Template, Deleted: true}, nil
	})
}

func (t *Tenant) mayChangeTexts() error {
	if err := t.check(t.textsRight()); err != nil {
		return err
	}
	if err := t.whole("changing its texts"); err != nil {
		return err
	}
	return t.liveOnly("a Company's texts")
}

// textsRight is the right by which the Viewer changes texts.
func (t *Tenant) textsRight() Right {
	if t.Viewer.May(TextsWrite) {
		return TextsWrite
	}
	return CompanyWrite
}

// changeText adds the version that next makes of the latest one, which is nil
// where there is none yet.
func (t *Tenant) changeText(ctx context.Context, key TextKey, next func(latest *Text) (*Text, error)) (*Text, error) {
	var saved *Text
	company := *t.Company
	err := t.write(ctx, t.textsRight(), func(x *tx) error {
		// The Company's row is the lock that keeps versions in order.
		if err := x.changeSettings(ctx); err != nil {
			return err
		}
		company.UpdatedAt = x.now
		found, err := t.texts(ctx, x.query, " AND t.name = $2 AND t.locale = $3 AND t.formality = $4 ORDER BY t.version DESC LIMIT 1",
			x.company, key.Name, key.Locale, string(key.Formality))
		if err != nil {
			return err
		}
		var latest *Text
		if len(found) > 0 {
			latest = found[0]
		}
		if saved, err = next(latest); err != nil || saved == latest {
			return err
		}
		saved.Version, saved.SavedAt, saved.SavedBy = 1, &x.now, nullable(t.Viewer.KeyID)
		if latest != nil {
			saved.Version += latest.Version
		}
		return x.insertText(ctx, saved)
	})
	if err != nil {
		if ErrorsOf(err) != nil {
			return nil, err
		}
		return nil, fmt.Errorf("save a text: %w", err)
	}
	// Whoever knows the Company by the time of its last change reads it anew.
	t.Company = &company
	return saved, nil
}

func (x *tx) insertText(ctx context.Context, v *Text) error {
	if v.Version == 1 {
		var n int
		err := x.row(ctx, "SELECT count(*) FROM company_text WHERE company_id = $1 AND version = $2", x.company, 1).Scan(&n)
		if err != nil {
			return err
		}
		if n >= maxTexts {
			return fail(TooManyItems, "name", "there are %d texts already, those that were deleted among them; word one of them anew", maxTexts)
		}
	}
	_, err := x.exec(ctx, `INSERT INTO company_text (company_id, name, locale, formality, version, document, deleted, saved_by, saved_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		x.company, v.Name, v.Locale, string(v.Formality), v.Version, jsonOf(v.Template), v.Deleted, v.SavedBy, v.SavedAt)
	if err != nil {
		return err
	}
	// The first one stays: texts are counted by it.
	_, err = x.exec(ctx, "DELETE FROM company_text WHERE company_id = $1 AND name = $2 AND locale = $3 AND formality = $4 AND version <= $5 AND version > 1",
		x.company, v.Name, v.Locale, string(v.Formality), v.Version-maxTextVersions)
	return err
}

// clean checks a key and writes it in one way.
func (k *TextKey) clean() Errors {
	var errs Errors
	if k.Name == "" {
		k.Name = DefaultText
	}
	if !textNames.MatchString(k.Name) {
		errs = append(errs, &Error{Invalid, []string{"name"}, fmt.Sprintf(
			"the name %.100q is not of 1 to 64 of a-z, 0-9, dot, underscore and hyphen, beginning with a letter or digit", k.Name)})
	}
	locale, err := checkLocale(k.Locale)
	errs = append(errs, ErrorsOf(err)...)
	k.Locale = locale
	if k.Formality != "" && k.Formality != theme.Formal && k.Formality != theme.Informal {
		errs = append(errs, &Error{Invalid, []string{"formality"}, fmt.Sprintf("%.20q is no formality; write FORMAL or INFORMAL, or leave it out", k.Formality)})
	}
	return errs
}

// CheckTemplate cleans a text that is to be saved or looked at. It fails with
// all that is wrong with it, by the fields of a Template.
func (t *Tenant) CheckTemplate(ctx context.Context, template theme.Template) (theme.Template, error) {
	if err := t.check(CompanyRead); err != nil {
		return template, err
	}
	rules, err := t.currentFieldRules(ctx)
	if err != nil {
		return template, err
	}
	clean, errs := checkTemplate(template, rules)
	if len(errs) > 0 {
		return clean, errs
	}
	return clean, nil
}

// checkTemplate checks by rules that say which fields of the Company's own
// there are.
func checkTemplate(t theme.Template, rules *FieldRules) (theme.Template, Errors) {
	var errs Errors
	for _, part := range []struct {
		name  string
		text  *string
		limit int
		need  bool
		lines bool // of several
	}{
		{"subject", &t.Subject, maxTextSubject, true, false},
		{"preheader", &t.Preheader, maxTextPreheader, false, false},
		{"body", &t.Body, maxTextBody, true, true},
		{"button", &t.Button, maxTextButton, false, false},
		{"sms", &t.SMS, maxTextSMS, false, true},
	} {
		// What stands before it stays: places of errors count from there.
		text := strings.TrimRight(strings.ReplaceAll(*part.text, "\r\n", "\n"), " \t\n")
		if !part.lines {
			text = strings.Join(strings.Fields(text), " ")
		}
		_, err := paragraph(part.name, part.limit)("." + text)
		switch {
		case utf8.RuneCountInString(text) > part.limit:
			errs = append(errs, ErrorsOf(fail(TooLong, part.name, "%s has more than %d characters; shorten it", part.name, part.limit))...)
		case strings.TrimSpace(text) == "" && part.need:
			errs = append(errs, &Error{Required, []string{part.name}, part.name + " must not be empty"})
		case CodeOf(err) == Invalid:
			errs = append(errs, ErrorsOf(err)...)
		}
		*part.text = text
	}
	if len(errs) > 0 {
		return t, errs
	}
	whole := t
	if whole.Button == "" {
		whole.Button = "…"
	}
	m, err := theme.ParseTemplate(whole, textVocabulary(rules.checkCustom))
	if err != nil {
		return t, templateErrors(err)
	}
	return t, sizeErrors(m)
}

// templateErrors turns what theme says into errors of the text's parts.
func templateErrors(err error) Errors {
	problems, ok := err.(theme.TemplateErrors) //nolint:errorlint // ParseTemplate returns it as it is
	if !ok {
		return Errors{{Invalid, []string{"body"}, err.Error()}}
	}
	var errs Errors
	for _, p := range problems {
		errs = append(errs, &Error{Invalid, []string{p.Part}, p.Error()})
	}
	return errs
}

// sizeErrors tries a text with values as long as they ever are.
func sizeErrors(m *theme.Message) Errors {
	const long = "xxxxxxxxx xxxxxxxxx xxxxxxxxx xxxxxxxxx xxxxxxxxx xxxxxxxxx xxxxxxxxx xxxxxxxxx xxxxxxxxx xxxxxxxxx"
	values := map[string]string{}
	for _, u := range m.Uses() {
		values[u.Key] = long
		if isLinkField(u.Field) {
			values[u.Key] = "https://example.com/" + strings.ReplaceAll(long, " ", "-")
		}
	}
	layout, err := m.For(theme.DefaultBrand("Complero"), theme.Frame{})
	if err != nil {
		return Errors{{Invalid, []string{"body"}, err.Error()}}
	}
	mail, err := layout.Render(values)
	if err != nil || len(mail.HTML) > clippedMail-maxFrame {
		return Errors{{TooLong, []string{"body"}, fmt.Sprintf(
			"with long names and links the mail would be larger than %d kB, beyond which Gmail clips it; shorten the text or name fewer fields", clippedMail>>10)}}
	}
	for _, u := range m.Uses() {
		if !isLinkField(u.Field) {
			values[u.Key] = long[:usualValue]
		}
	}
	if _, err := layout.SMS(values); err != nil {
		return Errors{{TooLong, []string{"sms"}, fmt.Sprintf("with usual names this is too long: %s; shorten it", err)}}
	}
	return nil
}

// usualValue is how long a usual value is.
const usualValue = 30

// maxFrame is what logo, imprint and the rest of the footer may take of a mail.
const maxFrame = 12 << 10
