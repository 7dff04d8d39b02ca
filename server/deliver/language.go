package deliver

import (
	"strings"

	"complero/db"
	"complero/frontend/locales"
	"complero/theme"
)

// A Language is how a message speaks: a Voice, and whether the Brand says du,
// which a greeting can tell even where the language has one way of address.
type Language struct {
	*locales.Voice
	informal bool
}

// languageOf is the first of the wanted languages that messages are written
// in, such as the Contact's and then the Company's, else English.
func languageOf(f theme.Formality, wanted ...string) Language {
	return Language{locales.For(f, wanted...), f == theme.Informal}
}

// languages are all that messages are written in.
func languages() []Language {
	var all []Language
	for _, tag := range locales.Languages() {
		all = append(all, languageOf(theme.Formal, tag), languageOf(theme.Informal, tag))
	}
	return all
}

// String names the language as its texts are named: de-formal, de-informal,
// and en where both are the same.
func (l Language) String() string {
	switch {
	case locales.For(theme.Formal, l.Tag) == locales.For(theme.Informal, l.Tag):
		return l.Tag
	case l.informal:
		return l.Tag + "-informal"
	}
	return l.Tag + "-formal"
}

// asked says what a Request asks about, by name and no more: as the object of
// a sentence such as "please check …".
func (l Language) asked(asks []db.Ask) string {
	var things []string
	for _, a := range asks {
		switch a {
		case db.AskPerson:
			things = append(things, l.Say("ask.PERSON"))
		case db.AskAddress:
			things = append(things, l.Say("ask.ADDRESS"))
		case db.AskDigital:
			things = append(things, l.Say("ask.EMAILS"), l.Say("ask.PHONES"))
		case db.AskCustom:
			things = append(things, l.Say("ask.CUSTOM"))
		case db.AskConsents:
			things = append(things, l.Say("ask.CONSENTS"))
		}
	}
	return l.List(things)
}

// upright keeps a telephone number or a code the right way round where writing runs from
// right to left. Unicode's mark for that (UAX #9, LRM) shows nothing.
func (l Language) upright(text string) string {
	if l.Dir == "rtl" && text != "" && (text[0] == '+' || strings.HasPrefix(text, "…") || text[0] >= '0' && text[0] <= '9') {
		return "\u200e" + text
	}
	return text
}
