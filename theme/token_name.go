package theme

import (
	"slices"
	"strings"
	"unicode"
)

// A tokenName is a setting that a token's path means, and how well: 0 for the
// name that Tokens writes, more for what is less plain.
type tokenName struct {
	setting string
	rank    int
}

// The words that say nothing about which setting a path means.
var (
	plainWords  = wordSet("semantic alias base core global globals sys system ref md mode modes default value values token tokens root main theme themes app web ui")
	schemeWords = wordSet("light dark")
	colorWords  = wordSet("color colors colour colours palette fill")
	fontWords   = wordSet("font fonts family families typeface typefaces typography type face style text")
	shapeWords  = wordSet("border corner corners shape size sizes dimension dimensions control button input component medium md m")
)

// What remains of a path, the plainest first.
var (
	colorNames = map[string][]string{
		"primary": {"primary", "brand", "action", "interactive", "action primary", "primary action", "interactive primary", "button", "button primary", "button background", "button primary background"},
		"accent":  {"accent", "secondary", "highlight"},
		"background": {
			"background", "bg", "page background", "background page", "body background", "background body", "page", "canvas", "background primary",
		},
		"text": {
			"text", "foreground", "fg", "on background", "text primary", "text body", "body text", "body", "content", "content primary", "foreground primary", "ink",
		},
	}
	fontNames = map[string][]string{
		"headingFont": {"heading", "headings", "headline", "display", "title", "h1"},
		"bodyFont":    {"body", "paragraph", "copy", "content", "primary", ""},
	}
	radiusNames = map[string][]string{"cornerRadius": {"radius", "radii", "rounding", "rounded"}}
)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(words) {
		set[word] = true
	}
	return set
}

// nameToken says which setting of a Brand a token of a type means by its path;
// false where none.
func nameToken(path []string, kind string, scheme TokenScheme) (tokenName, bool) {
	var words []string
	for _, name := range path[:len(path)-1] {
		words = append(words, nameWords(name)...)
	}
	// At the end of a path, light and dark are shades: primary.dark.
	dark := scheme == DarkTokens || slices.Contains(words, "dark")
	words = without(words, schemeWords)
	words = append(words, nameWords(path[len(path)-1])...)
	all := len(words)
	words = without(words, plainWords)
	var names map[string][]string
	switch kind {
	case "color":
		words, names = without(words, colorWords), colorNames
	case "fontFamily", "typography":
		words, names = without(words, fontWords), fontNames
	case "dimension":
		words, names = without(words, shapeWords), radiusNames
	default:
		return tokenName{}, false
	}
	if len(words) > 1 || kind != "color" {
		words = slices.DeleteFunc(words, func(w string) bool { return w == "brand" })
	}
	left := strings.Join(words, " ")
	for setting, known := range names {
		at := slices.Index(known, left)
		if at < 0 {
			continue
		}
		n := tokenName{setting, at*100 + all}
		if kind == "color" {
			n.setting = "colors." + setting
			if dark {
				n.setting = "dark." + setting
			}
		} else if dark {
			return tokenName{}, false // there is one radius, and one font, by day and night
		}
		if slices.Contains(ownPaths, strings.Join(path, ".")) {
			n.rank = 0
		}
		return n, true
	}
	return tokenName{}, false
}

// ownPaths are those that Tokens writes.
var ownPaths = []string{
	"color.primary", "color.accent", "color.background", "color.text",
	"dark.color.primary", "dark.color.accent", "dark.color.background", "dark.color.text",
	"font.heading", "font.body", "radius",
}

func without(words []string, plain map[string]bool) []string {
	return slices.DeleteFunc(words, func(w string) bool { return plain[w] })
}

// nameWords splits a name such as borderRadius-md into words in lower case.
func nameWords(name string) []string {
	var words []string
	var word strings.Builder
	end := func() {
		if word.Len() > 0 {
			words = append(words, strings.ToLower(word.String()))
			word.Reset()
		}
	}
	lower := false
	for _, r := range name {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			end()
		case unicode.IsUpper(r) && lower:
			end()
			word.WriteRune(r)
		default:
			word.WriteRune(r)
		}
		lower = unicode.IsLower(r)
	}
	end()
	return words
}
