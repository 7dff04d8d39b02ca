package locales

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"complero/theme"
)

//go:embed active.*.json
var files embed.FS

// A Voice speaks one language in one way of address.
type Voice struct {
	// Tag is the language, for the lang attribute: de, en.
	Tag string
	// Dir is where its writing runs, for the dir attribute: ltr or rtl.
	Dir string
	// Countries are all countries, by their names in this language.
	Countries []Country

	phrases   map[string]phrase
	localizer *i18n.Localizer
	months    []string
	country   map[string]string
}

// A phrase is a text cut at its arguments: texts at even places, names of
// arguments at odd ones.
type phrase []string

// voiceKey names a Voice: its language, and whether it says du.
type voiceKey struct {
	language string
	informal bool
}

// voices are all of them. A broken text file is a mistake of ours that no
// test lets through, so it ends the program.
var voices = sync.OnceValue(func() map[voiceKey]*Voice {
	all := map[voiceKey]*Voice{}
	for _, l := range spoken {
		files := []string{"active." + l.tag + ".json"}
		formal, err := load(l.tag, files)
		if err != nil {
			panic(err)
		}
		formal.Countries, formal.country = countriesIn(l.tag)
		all[voiceKey{l.tag, false}] = formal
		if !l.both {
			continue
		}
		informal, err := load(l.tag, append(files, "active."+l.tag+"-informal.json"))
		if err != nil {
			panic(err)
		}
		informal.Countries, informal.country = formal.Countries, formal.country
		all[voiceKey{l.tag, true}] = informal
	}
	return all
})

// For returns the Voice of the first wanted language that is spoken here, in
// the Brand's way of address where the language has more than one; English if
// none is. Languages are BCP 47; "" is passed over.
func For(f theme.Formality, wanted ...string) *Voice {
	all := voices()
	for _, tag := range wanted {
		base, _, _ := strings.Cut(tag, "-")
		base = strings.ToLower(base)
		if v := all[voiceKey{base, f == theme.Informal}]; v != nil {
			return v
		}
		if v := all[voiceKey{base, false}]; v != nil {
			return v
		}
	}
	return all[voiceKey{"en", false}]
}

// All returns every Voice.
func All() []*Voice { return slices.Collect(maps.Values(voices())) }

// ForBrowser returns the Voice for an Accept-Language header, for pages that
// know nobody.
func ForBrowser(header string) *Voice {
	tags, _, err := language.ParseAcceptLanguage(header)
	if err != nil {
		return For(theme.Formal)
	}
	wanted := make([]string, 0, len(tags))
	for _, tag := range tags {
		wanted = append(wanted, tag.String())
	}
	return For(theme.Formal, wanted...)
}

// Say returns a text. Arguments are pairs of a name and its value.
func (v *Voice) Say(key string, args ...string) string {
	p := v.phrases[key]
	switch len(p) {
	case 0:
		return key
	case 1:
		return p[0]
	}
	var s strings.Builder
	size := 0
	for _, text := range p {
		size += len(text)
	}
	for _, text := range args {
		size += len(text)
	}
	s.Grow(size)
	for i, part := range p {
		if i%2 == 0 {
			s.WriteString(part)
			continue
		}
		for n := 0; n+1 < len(args); n += 2 {
			if args[n] == part {
				s.WriteString(args[n+1])
			}
		}
	}
	return s.String()
}

// Count returns a text in the plural form of n.
func (v *Voice) Count(key string, n int) string {
	text, err := v.localizer.Localize(&i18n.LocalizeConfig{MessageID: key, PluralCount: n})
	if err != nil {
		return key
	}
	return text
}

// Date writes the day of t.
func (v *Voice) Date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	day := strconv.Itoa(t.Day())
	if t.Day() == 1 {
		day = v.Say("date.first") // le 1er mars
	}
	return v.Say("date.format", "Day", day, "Month", v.months[t.Month()-1], "Year", strconv.Itoa(t.Year()))
}

// Month is the name of a month, as it stands in dates.
func (v *Voice) Month(m time.Month) string { return v.months[m-1] }

// isolate keeps a foreign text in the order of its own first letter, left to
// right where it has none, by the characters that Unicode has for that (UAX
// #9, FSI and PDI): they stand in titles and plain text too, where HTML's bdi
// cannot. Languages that run from left to right need none.
func (v *Voice) isolate(text string) string {
	if v.Dir != "rtl" || text == "" {
		return text
	}
	return "\u2068" + text + "\u2069"
}

// List puts things together as a sentence does: a, b and c.
func (v *Voice) List(things []string) string {
	if len(things) < 2 {
		return strings.Join(things, "")
	}
	last := len(things) - 1
	return v.Say("list.and", "List", strings.Join(things[:last], v.Say("list.between")), "Last", things[last])
}

// Country is the name of the country of an ISO 3166-1 alpha-2 code.
func (v *Voice) Country(code string) string {
	if name := v.country[code]; name != "" {
		return name
	}
	return code
}

// load reads a Voice of the pages that Contacts see.
func load(tag string, names []string) (*Voice, error) { return Read(files, tag, names...) }

// Read reads a Voice from text files of go-i18n's JSON, each saying again what
// the ones before it said, or more. It names no countries.
func Read(files fs.FS, tag string, names ...string) (*Voice, error) {
	messages, err := read(files, names)
	if err != nil {
		return nil, err
	}
	lang := language.Make(tag)
	bundle := i18n.NewBundle(lang)
	for _, m := range messages {
		if err := bundle.AddMessages(lang, m); err != nil {
			return nil, fmt.Errorf("text %s in %s: %w", m.ID, tag, err)
		}
	}
	v := &Voice{Tag: tag, Dir: direction(lang), phrases: map[string]phrase{}, localizer: i18n.NewLocalizer(bundle, tag)}
	for id, m := range messages {
		if v.phrases[id], err = v.cut(m); err != nil {
			return nil, fmt.Errorf("text %s in %s: %w", id, tag, err)
		}
	}
	v.months = strings.Split(v.Say("date.months"), ",")
	if len(v.months) != 12 {
		return nil, fmt.Errorf("text date.months in %s: %d months", tag, len(v.months))
	}
	return v, nil
}

func read(files fs.FS, names []string) (map[string]*i18n.Message, error) {
	all := map[string]*i18n.Message{}
	for _, name := range names {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		file, err := i18n.ParseMessageFileBytes(data, name, nil)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for _, m := range file.Messages {
			all[m.ID] = m
		}
	}
	return all, nil
}

var argument = regexp.MustCompile(`\{\{\s*\.(\w+)\s*\}\}`)

// cut localises a message once, with marks for its arguments, and cuts it at
// the marks. Where writing runs from right to left, arguments are isolated: a
// telephone number or a Company's name must not turn round with it. Dates and
// lists are filled with the language's own words.
func (v *Voice) cut(m *i18n.Message) (phrase, error) {
	marks := map[string]string{}
	own := strings.HasPrefix(m.ID, "date.") || strings.HasPrefix(m.ID, "list.")
	for _, found := range argument.FindAllStringSubmatch(m.Other, -1) {
		marks[found[1]] = "\x00" + found[1] + "\x00"
		if !own {
			marks[found[1]] = v.isolate(marks[found[1]])
		}
	}
	text, err := v.localizer.Localize(&i18n.LocalizeConfig{MessageID: m.ID, TemplateData: maps.Clone(marks)})
	if err != nil {
		return nil, err
	}
	return strings.Split(text, "\x00"), nil
}
