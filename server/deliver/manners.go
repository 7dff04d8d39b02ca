package deliver

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"complero/db/profile"
)

// A manner is how a language greets, where it does so by one pattern for each
// kind of addressee. {} stands for the family name, or in named and informal
// for the name itself.
type manner struct {
	female, male, couple, family string
	// doctors and professors are for her and him; "" where titles are left out.
	doctors, professors [2]string
	// named is for somebody of unknown gender, firm for nobody in particular,
	// and plain for whom nothing is known of.
	named, firm, plain string
	// informal is by the given name, and informalPlain without it.
	informal, informalPlain string
	// whole puts the given name before the family name after a salutation.
	whole bool
	// capital writes the family name with one after a salutation: mevrouw Van Dijk.
	capital bool
}

// manners are those of the languages other than German and English, whose
// greetings have rules of their own. Spanish greets with a colon. Polish leaves the name
// out, which would need its vocative.
var manners = map[string]*manner{
	"fr": {
		female: "Bonjour Madame {},", male: "Bonjour Monsieur {},", couple: "Bonjour Madame et Monsieur {},", family: "Bonjour à la famille {},",
		named: "Bonjour {},", firm: "Madame, Monsieur,", plain: "Bonjour,", informal: "Bonjour {},", informalPlain: "Bonjour,",
	},
	"it": {
		female: "Gentile Signora {},", male: "Gentile Signor {},", couple: "Gentili Signora e Signor {},", family: "Gentile famiglia {},",
		doctors:    [2]string{"Gentile Dott.ssa {},", "Gentile Dott. {},"},
		professors: [2]string{"Gentile Prof.ssa {},", "Gentile Prof. {},"},
		named:      "Gentile {},", firm: "Gentili Signore e Signori,", plain: "Buongiorno,", informal: "Ciao {},", informalPlain: "Ciao,",
	},
	"es": {
		female: "Estimada señora {}:", male: "Estimado señor {}:", couple: "Estimados señores {}:", family: "Estimada familia {}:",
		doctors: [2]string{"Estimada Dra. {}:", "Estimado Dr. {}:"},
		named:   "Hola, {}:", firm: "Estimadas señoras y señores:", plain: "Hola:", informal: "Hola, {}:", informalPlain: "Hola:",
	},
	"nl": {
		female: "Geachte mevrouw {},", male: "Geachte heer {},", couple: "Geachte mevrouw en heer {},", family: "Geachte familie {},",
		named: "Beste {},", firm: "Geachte dames en heren,", plain: "Goedendag,", informal: "Hallo {},", informalPlain: "Hallo,", capital: true,
	},
	"pl": {
		female: "Szanowna Pani,", male: "Szanowny Panie,", couple: "Szanowni Państwo,", family: "Szanowni Państwo,",
		doctors:    [2]string{"Szanowna Pani Doktor,", "Szanowny Panie Doktorze,"},
		professors: [2]string{"Szanowna Pani Profesor,", "Szanowny Panie Profesorze,"}, //nolint:misspell // it is Polish
		named:      "Dzień dobry,", firm: "Szanowni Państwo,", plain: "Dzień dobry,", informal: "Cześć {},", informalPlain: "Cześć,",
	},
	"ar": {
		female: "السيدة {} المحترمة،", male: "السيد {} المحترم،", couple: "السيد والسيدة {} المحترمين،", family: "عائلة {} المحترمة،",
		doctors: [2]string{"الدكتورة {} المحترمة،", "الدكتور {} المحترم،"}, professors: [2]string{"الأستاذة الدكتورة {} المحترمة،", "الأستاذ الدكتور {} المحترم،"},
		named: "مرحبًا {}،", firm: "السادة المحترمون،", plain: "تحية طيبة،", informal: "مرحبًا {}،", informalPlain: "مرحبًا،", whole: true,
	},
}

func (m *manner) greeting(p *profile.Profile, informal bool) string {
	if informal && p.GivenName != "" {
		return with(m.informal, p.GivenName)
	}
	if p.FamilyName != "" {
		g := genderOf(p.Salutation)
		if pattern := m.salutation(g, p.Title); pattern != "" {
			return with(pattern, m.name(g, p))
		}
	}
	switch name := joined(p.GivenName, p.FamilyName); {
	case name != "":
		return with(m.named, name)
	case informal:
		return m.informalPlain
	case p.Organisation != "":
		return m.firm
	}
	return m.plain
}

// salutation is the pattern for what the Contact's gender and title tell;
// "" if they tell nothing.
func (m *manner) salutation(g gender, title string) string {
	switch g {
	case couple:
		return m.couple
	case family:
		return m.family
	case unknown:
		return ""
	}
	own := 0
	pattern := m.female
	if g == male {
		own, pattern = 1, m.male
	}
	switch titled := degree(title); {
	case titled == professor && m.professors[own] != "":
		return m.professors[own]
	case titled != none && m.doctors[own] != "":
		return m.doctors[own]
	}
	return pattern
}

// name is how the Contact is called after a salutation.
func (m *manner) name(g gender, p *profile.Profile) string {
	switch {
	case m.whole && (g == female || g == male):
		return joined(p.GivenName, p.FamilyName)
	case m.capital:
		first, size := utf8.DecodeRuneInString(p.FamilyName)
		return string(unicode.ToUpper(first)) + p.FamilyName[size:]
	}
	return p.FamilyName
}

func with(pattern, name string) string { return strings.Replace(pattern, "{}", name, 1) }
