package deliver

import (
	"strings"
	"unicode"

	"complero/db/profile"
)

// gender is what a salutation on file tells about how to address somebody.
type gender int

const (
	unknown gender = iota
	female
	male
	couple
	family
)

// genders are the salutations that Companies keep, folded, in the languages
// of Europe and in Arabic. fr, m and sr are ambiguous only between languages.
var genders = map[string]gender{
	"frau": female, "fr": female, "ms": female, "mrs": female, "miss": female, "madam": female, "lady": female,
	"madame": female, "mme": female, "mademoiselle": female, "mlle": female, "signora": female, "sigra": female,
	"senora": female, "sra": female, "mevrouw": female, "mw": female, "pani": female, "fru": female, "dame": female,
	"herr": male, "herrn": male, "hr": male, "mr": male, "mister": male, "sir": male, "monsieur": male, "m": male,
	"signor": male, "signore": male, "sig": male, "senor": male, "sr": male, "meneer": male, "dhr": male, "pan": male,
	"mevr": female, "signorina": female, "senorita": female, "heer": male, "السيدة": female, "سيدة": female, "الانسة": female, "انسة": female,
	"السيد": male, "سيد": male,
	"familie": family, "family": family, "famille": family, "famiglia": family, "familia": family, "rodzina": family, "عايلة": family,
	"eheleute": couple, "ehepaar": couple, "panstwo": couple,
}

// genderOf reads a salutation such as Frau, Mr. or Herr und Frau.
func genderOf(salutation string) gender {
	found := unknown
	for _, word := range words(strings.ReplaceAll(salutation, ".", "")) { // Sig.ra is one word
		g := genders[word]
		switch {
		case g == unknown || g == found:
		case found == unknown:
			found = g
		case g == family || found == family:
			found = family
		default:
			found = couple
		}
	}
	return found
}

func words(s string) []string {
	return strings.FieldsFunc(profile.FoldName(s), func(r rune) bool { return !unicode.IsLetter(r) })
}

// greeting begins a message to a Contact: formal or not, down to a greeting
// without a name where nothing else is known. It ends as the language's
// greetings do, most in a comma.
func greeting(l Language, p *profile.Profile) string {
	switch {
	case l.Tag == "de" && l.informal:
		return germanInformal(p)
	case l.Tag == "de":
		return germanFormal(p)
	case manners[l.Tag] != nil:
		return manners[l.Tag].greeting(p, l.informal)
	}
	return english(p, l.informal)
}

// germanFormal is the greeting of DIN 5008. Without a salutation or a family
// name it is Guten Tag, which suits anybody.
func germanFormal(p *profile.Profile) string {
	name := joined(germanTitle(p.Title), p.FamilyName)
	if p.FamilyName != "" {
		switch genderOf(p.Salutation) {
		case female:
			return "Sehr geehrte Frau " + name + ","
		case male:
			return "Sehr geehrter Herr " + name + ","
		case couple:
			return "Sehr geehrte Frau " + p.FamilyName + ", sehr geehrter Herr " + p.FamilyName + ","
		case family:
			return "Sehr geehrte Familie " + p.FamilyName + ","
		}
	}
	if name := joined(germanTitle(p.Title), p.GivenName, p.FamilyName); p.GivenName != "" || p.FamilyName != "" {
		return "Guten Tag " + name + ","
	}
	if p.Organisation != "" {
		return "Sehr geehrte Damen und Herren,"
	}
	return "Guten Tag,"
}

func germanInformal(p *profile.Profile) string {
	if p.GivenName != "" {
		return "Hallo " + p.GivenName + ","
	}
	if p.FamilyName != "" {
		switch genderOf(p.Salutation) {
		case female:
			return "Hallo Frau " + p.FamilyName + ","
		case male:
			return "Hallo Herr " + p.FamilyName + ","
		case family:
			return "Hallo Familie " + p.FamilyName + ","
		}
		return "Hallo " + p.FamilyName + ","
	}
	return "Hallo,"
}

func english(p *profile.Profile, informal bool) string {
	if informal && p.GivenName != "" {
		return "Hello " + p.GivenName + ","
	}
	if p.FamilyName == "" {
		if p.GivenName == "" {
			return "Hello,"
		}
		return "Dear " + p.GivenName + ","
	}
	g := genderOf(p.Salutation)
	switch {
	case g == family:
		return "Dear " + p.FamilyName + " family,"
	case g == couple:
		return "Dear Mr and Mrs " + p.FamilyName + ","
	case englishTitle(p.Title) != "":
		return "Dear " + englishTitle(p.Title) + " " + p.FamilyName + ","
	case g == female:
		return "Dear " + englishLady(p.Salutation) + " " + p.FamilyName + ","
	case g == male:
		return "Dear Mr " + p.FamilyName + ","
	}
	return "Dear " + joined(p.GivenName, p.FamilyName) + ","
}

// englishLady keeps Mrs or Miss for her who goes by it.
func englishLady(salutation string) string {
	for _, word := range words(salutation) {
		switch word {
		case "mrs":
			return "Mrs"
		case "miss":
			return "Miss"
		}
	}
	return "Ms"
}

// englishTitle is the one that takes the place of Mr and Ms.
func englishTitle(title string) string {
	switch degree(title) {
	case professor:
		return "Professor"
	case doctor:
		return "Dr"
	}
	return ""
}

// A rank is what of a title takes the place of Mr and Ms in many languages.
type rank int

const (
	none rank = iota
	doctor
	professor
)

// degree is the highest rank in a title.
func degree(title string) rank {
	found := none
	for _, word := range words(title) {
		switch {
		case strings.HasPrefix(word, "prof"):
			return professor
		case word == "dr" || word == "doktor" || word == "doctor":
			found = doctor
		}
	}
	return found
}

// degrees stand on file after a title, and on envelopes, but not in a greeting.
var degrees = map[string]bool{
	"med": true, "dent": true, "vet": true, "phil": true, "rer": true, "nat": true, "pol": true, "oec": true, "jur": true, "iur": true,
	"ing": true, "h": true, "c": true, "hc": true, "habil": true, "mult": true, "univ": true, "fh": true, "theol": true, "publ": true,
	"ba": true, "ma": true, "bsc": true, "msc": true, "mba": true, "llm": true, "llb": true, "phd": true, "bachelor": true, "master": true,
}

// germanTitle is what of a title belongs into a greeting: Dr. med. is Dr.,
// Dipl.-Ing. is nothing.
func germanTitle(title string) string {
	var kept []string
	for _, word := range strings.Fields(title) {
		folded := strings.Join(words(word), "")
		switch {
		case strings.HasPrefix(folded, "dipl"), degrees[folded], folded == "":
		case folded == "dring":
			kept = append(kept, "Dr.")
		default:
			kept = append(kept, word)
		}
	}
	return strings.Join(kept, " ")
}

// joined puts the parts that are there together.
func joined(parts ...string) string {
	var there []string
	for _, part := range parts {
		if part != "" {
			there = append(there, part)
		}
	}
	return strings.Join(there, " ")
}
