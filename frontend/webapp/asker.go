package webapp

import (
	"strings"
	"unicode/utf8"

	"complero/db"
	"complero/theme"
)

// An asker is who asks: the Employee, or the Brand itself.
type asker struct {
	Name string
	// Role says what the person is, and where.
	Role string
	// Photo is a path on this installation; without one the Initials stand in its place.
	Photo    string
	Initials string
}

func (v *visit) asker() asker {
	e := v.link.Employee
	if e == nil {
		return asker{Name: v.company(), Initials: initials(v.company())}
	}
	a := asker{Name: e.DisplayName, Role: v.company(), Initials: initials(e.DisplayName), Photo: photo(e)}
	if title := textOf(e.JobTitle); title != "" {
		a.Role = title + ", " + v.company()
	}
	return a
}

// photo is the Employee's picture, if this installation serves it: a picture
// from elsewhere would tell its host who opens the page.
func photo(e *db.Employee) string {
	url := textOf(e.PhotoURL)
	if strings.HasPrefix(url, "/") && !strings.HasPrefix(url, "//") && !strings.ContainsAny(url, "\\\"'<> ") {
		return url
	}
	return ""
}

// initials are the first letters of the first and the last word of a name.
func initials(name string) string {
	words := strings.Fields(name)
	if len(words) == 0 {
		return ""
	}
	letters := firstLetter(words[0])
	if len(words) > 1 {
		letters += firstLetter(words[len(words)-1])
	}
	return strings.ToUpper(letters)
}

func firstLetter(word string) string {
	_, size := utf8.DecodeRuneInString(word)
	return word[:size]
}

// salutations are those that a greeting in a language can be made with, and
// how it says them. What else is on file ("Divers", "Sehr geehrte Frau") would
// make none. A Polish greeting would need the name in another case, and takes
// the whole name instead, as Arabic does.
var salutations = map[string]map[string]string{
	"de": {"Frau": "Frau", "Herr": "Herr", "Familie": "Familie"},
	"en": {"Mr": "Mr", "Mr.": "Mr.", "Mrs": "Mrs", "Mrs.": "Mrs.", "Ms": "Ms", "Ms.": "Ms.", "Miss": "Miss", "Mx": "Mx", "Mx.": "Mx."},
	"fr": {"Madame": "Madame", "Mme": "Madame", "Mme.": "Madame", "Monsieur": "Monsieur", "M.": "Monsieur", "M": "Monsieur"},
	"it": {"Signora": "Signora", "Sig.ra": "Signora", "Signor": "Signor", "Sig.": "Signor"},
	"es": {"Señora": "señora", "Sra.": "señora", "Señor": "señor", "Sr.": "señor"},
	"nl": {"Mevrouw": "mevrouw", "Mevr.": "mevrouw", "Mw.": "mevrouw", "mevrouw": "mevrouw", "Heer": "meneer", "Dhr.": "meneer", "De heer": "meneer", "Meneer": "meneer"},
}

// greeting addresses the Contact as the Brand does: by the given name where it
// says du, else by salutation, in German title, and family name.
func (v *visit) greeting() string {
	p := &v.link.Contact.Profile
	name := p.DisplayName()
	salutation := salutations[v.voice.Tag][p.Salutation]
	switch {
	case v.look.Formality == theme.Informal && p.GivenName != "":
		name = p.GivenName
	case v.look.Formality == theme.Informal || p.FamilyName == "" || salutation == "":
	case v.voice.Tag == "de":
		name = join(" ", salutation, p.Title, p.FamilyName)
	default:
		name = join(" ", salutation, p.FamilyName)
	}
	if name == "" {
		return v.voice.Say("greeting.plain")
	}
	return v.voice.Say("greeting.name", "Name", name)
}

// join joins what is not empty.
func join(between string, parts ...string) string {
	var s strings.Builder
	for _, part := range parts {
		if part == "" {
			continue
		}
		if s.Len() > 0 {
			s.WriteString(between)
		}
		s.WriteString(part)
	}
	return s.String()
}
