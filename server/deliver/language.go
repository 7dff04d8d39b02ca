package deliver

import (
	"fmt"
	"strings"
	"time"

	"complero/db"
	"complero/theme"
)

// A Language is how a message speaks: its tongue, and its formality where it
// can be heard.
type Language string

// The languages that messages are written in.
const (
	GermanFormal    Language = "de-formal"
	GermanInformal  Language = "de-informal"
	EnglishFormal   Language = "en-formal"
	EnglishInformal Language = "en-informal"
)

// languageOf is the first of the locales that messages are written in, such as
// the Contact's and then the Company's, else English.
func languageOf(f theme.Formality, locales ...string) Language {
	tongue := "en"
	for _, locale := range locales {
		base, _, _ := strings.Cut(strings.ToLower(locale), "-")
		if base == "de" || base == "en" {
			tongue = base
			break
		}
	}
	formality := "formal"
	if f == theme.Informal {
		formality = "informal"
	}
	return Language(tongue + "-" + formality)
}

func (l Language) german() bool { return l == GermanFormal || l == GermanInformal }

// locale is the message's for programs that read it aloud or translate it.
func (l Language) locale() string { return string(l[:2]) }

var germanMonths = [...]string{
	"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember",
}

// date writes a day as people do.
func (l Language) date(at time.Time) string {
	if l.german() {
		return fmt.Sprintf("%d. %s %d", at.Day(), germanMonths[at.Month()-1], at.Year())
	}
	return at.Format("2 January 2006")
}

// and lists things as a sentence does.
func (l Language) and(things []string) string {
	if len(things) < 2 {
		return strings.Join(things, "")
	}
	word := " and "
	if l.german() {
		word = " und "
	}
	return strings.Join(things[:len(things)-1], ", ") + word + things[len(things)-1]
}

// asked says what a Request asks about, by name and no more: as the object of
// a sentence such as "please check …".
func (l Language) asked(asks []db.Ask) string {
	var things []string
	for _, a := range asks {
		things = append(things, l.thing(a)...)
	}
	return l.and(things)
}

func (l Language) thing(a db.Ask) []string {
	switch l {
	case GermanFormal:
		return germanThings("Ihr", a)
	case GermanInformal:
		return germanThings("dein", a)
	}
	switch a {
	case db.AskPerson:
		return []string{"your name and personal details"}
	case db.AskAddress:
		return []string{"your postal address"}
	case db.AskDigital:
		return []string{"your e-mail addresses", "your phone numbers"}
	case db.AskCustom:
		return []string{"your further details with us"}
	case db.AskConsents:
		return []string{"your consents"}
	}
	return nil
}

// germanThings begin with Ihr or dein, in the accusative.
func germanThings(your string, a db.Ask) []string {
	switch a {
	case db.AskPerson:
		return []string{your + "e Angaben zur Person"}
	case db.AskAddress:
		return []string{your + "e Anschrift"}
	case db.AskDigital:
		return []string{your + "e E-Mail-Adressen", your + "e Telefonnummern"}
	case db.AskCustom:
		return []string{your + "e weiteren Angaben bei uns"}
	case db.AskConsents:
		return []string{your + "e Einwilligungen"}
	}
	return nil
}
