package locales

import "golang.org/x/text/language"

// spoken are the languages of pages and messages, in the order in which they
// are offered. Those that have two ways of address say Sie in active.de.json
// and du in active.de-informal.json; English has one, and Arabic is written so
// that one suits all.
var spoken = []struct {
	tag  string
	both bool
}{
	{"de", true},
	{"en", false},
	{"fr", true},
	{"it", true},
	{"es", true},
	{"nl", true},
	{"pl", true},
	{"ar", false},
}

// Languages are the tags of all languages that are spoken here.
func Languages() []string {
	tags := make([]string, 0, len(spoken))
	for _, s := range spoken {
		tags = append(tags, s.tag)
	}
	return tags
}

// rightToLeft are the scripts in use that run so (ISO 15924).
var rightToLeft = map[string]bool{"Arab": true, "Hebr": true, "Thaa": true, "Syrc": true, "Nkoo": true, "Adlm": true}

// Direction is the attribute dir for a language, BCP 47, spoken here or not.
func Direction(tag string) string { return direction(language.Make(tag)) }

// direction is the attribute dir for a language.
func direction(tag language.Tag) string {
	if script, _ := tag.Script(); rightToLeft[script.String()] {
		return "rtl"
	}
	return "ltr"
}
