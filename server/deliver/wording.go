package deliver

import (
	"context"
	"embed"
	"fmt"
	"slices"
	"strings"

	"complero/db"
	"complero/frontend/locales"
	"complero/theme"
)

//go:embed texts/*.md
var texts embed.FS

// A wording is a text for every Channel, ready to be laid out.
type wording struct {
	*theme.Message
	template theme.Template
}

// readRequests reads the built-in texts of Requests, which may name what the
// Companies' own may.
func readRequests() (map[Language]*wording, error) {
	all := map[Language]*wording{}
	for _, language := range languages() {
		file := "texts/request." + language.String() + ".md"
		source, err := texts.ReadFile(file)
		if err != nil {
			return nil, err
		}
		w := new(wording)
		if w.template, err = theme.ReadTemplate(string(source)); err == nil {
			w.Message, err = theme.ParseTemplate(w.template, db.SavedTextVocabulary())
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		all[language] = w
	}
	return all, nil
}

// BuiltInTexts lists the built-in texts of Requests, which Companies begin
// theirs from.
func (s *Sender) BuiltInTexts() []*db.Text {
	var list []*db.Text
	for _, language := range languages() {
		key := db.TextKey{Name: db.DefaultText, Locale: language.Tag}
		switch {
		case language.String() != language.Tag && language.informal:
			key.Formality = theme.Informal
		case language.String() != language.Tag:
			key.Formality = theme.Formal
		case language.informal:
			continue // it is the same
		}
		list = append(list, &db.Text{TextKey: key, Template: s.request[language].template})
	}
	return list
}

// ownTexts are a Company's, by what they are found by.
type ownTexts map[db.TextKey]*db.Text

// textsOf reads them, with the Company's own fields, which they may name.
func textsOf(ctx context.Context, t *db.Tenant) (ownTexts, map[string]*db.CustomField, error) {
	list, err := t.Texts(ctx, db.TextFilter{})
	if err != nil || len(list) == 0 {
		return nil, nil, err
	}
	custom, err := customFields(ctx, t)
	own := ownTexts{}
	for _, text := range list {
		key := text.TextKey
		key.Locale = strings.ToLower(key.Locale)
		own[key] = text
	}
	return own, custom, err
}

func customFields(ctx context.Context, t *db.Tenant) (map[string]*db.CustomField, error) {
	fields, err := t.CustomFields(ctx)
	custom := make(map[string]*db.CustomField, len(fields))
	for _, f := range fields {
		custom[f.Key] = f
	}
	return custom, err
}

// find is the Company's text of a name in a language, in exactly that way of
// address or for both; nil where there is none.
func (own ownTexts) find(name, locale string, f theme.Formality) *db.Text {
	for _, formality := range []theme.Formality{f, ""} {
		if text := own[db.TextKey{Name: name, Locale: locale, Formality: formality}]; text != nil {
			return text
		}
	}
	return nil
}

// choose is the Company's text for a Request: in the first wanted language
// that there is a text in, built-in ones included. It is nil where that is
// built in.
func (own ownTexts) choose(name string, f theme.Formality, wanted ...string) *db.Text {
	if len(own) == 0 {
		return nil
	}
	for _, locale := range append(wanted, "en") {
		locale = strings.ToLower(locale)
		base, _, _ := strings.Cut(locale, "-")
		for _, tag := range []string{locale, base} {
			for _, name := range []string{name, db.DefaultText} {
				if text := own.find(name, tag, f); text != nil {
					return text
				}
			}
		}
		if slices.Contains(locales.Languages(), base) {
			return nil
		}
	}
	return nil
}

// ownLine shows the sender's own line, as the built-in texts do.
const ownLine = "\n\n{% if " + db.NoteField + " %}\n> {{ " + db.NoteField + " }}\n{% endif %}\n"

// wording is the one that a template stands for; nil is the built-in one of
// the language. What a template leaves out is taken from that.
func (h *letterhead) wording(t *theme.Template, l Language) (*wording, error) {
	builtIn := h.builtIn[l]
	if t == nil {
		return builtIn, nil
	}
	whole := *t
	if whole.Button == "" {
		whole.Button = builtIn.template.Button
	}
	if whole.SMS == "" {
		whole.SMS = builtIn.template.SMS
	}
	m, err := theme.ParseTemplate(whole, db.SavedTextVocabulary())
	if err == nil && !slices.ContainsFunc(m.Uses(), func(u theme.Use) bool { return u.Field == db.NoteField }) {
		// Whoever wrote a line of their own is heard, whatever the text says.
		noted := whole
		noted.Body += ownLine
		if with, err := theme.ParseTemplate(noted, db.SavedTextVocabulary()); err == nil {
			return &wording{Message: with, template: noted}, nil
		}
	}
	return &wording{Message: m, template: whole}, err
}
