package intake

import (
	_ "embed"
	"strings"
)

// Words by which the values of a column are known.
var (
	salutationWords = wordSet("salutationWords")
	academicWords   = wordSet("academicWords")
	firmWords       = wordSet("firmWords")
	trueWords       = wordSet("trueWords")
	falseWords      = wordSet("falseWords")
	totalWords      = wordSet("totalWords")
)

//go:embed words.txt
var wordsText string

// words are the sets of words.txt, by their names.
var words = readWords(wordsText)

func readWords(text string) map[string]map[string]bool {
	sets := map[string]map[string]bool{}
	var set map[string]bool
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		if name, rest, found := strings.Cut(line, ":"); found && line[0] != ' ' {
			set = map[string]bool{}
			sets[name], line = set, rest
		}
		for word := range strings.FieldsSeq(line) {
			if folded := key(word); folded != "" {
				set[folded] = true
			}
		}
	}
	return sets
}

// wordSet is the set of that name.
func wordSet(name string) map[string]bool { return words[name] }

func keySet(list string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(list) {
		set[key(word)] = true
	}
	return set
}

//go:embed givennames.txt
var givenNameText string

// givenNames are the more frequent given names of the countries whose headings
// are known, to tell "Hans Müller" from "Müller Hans" over a whole column.
var givenNames = keySet(givenNameText)

// firm reports whether a name is that of a firm rather than a person: one of
// its words is a legal form, or it says "& Co", "e.V.".
func firm(name string) bool {
	for word := range strings.FieldsSeq(name) {
		if n := len(word); n < 2 || n > 16 {
			continue
		}
		var buf [32]byte
		folded := appendKey(buf[:0], word)
		if firmWords[string(folded)] && !ambiguousFirm(word) {
			return true
		}
	}
	return strings.Contains(name, "z o.o") || strings.Contains(name, "z o. o") || strings.Contains(name, " e. V")
}

// ambiguousFirm reports words that are firms only as written in capitals: Co is
// a family name, CO none; "Sa", "Se" and "Ag" begin names.
func ambiguousFirm(word string) bool {
	switch word {
	case "Co", "Sa", "Se", "Sp", "Ma", "Sas", "Ag", "Eg", "Ug", "Cv", "Sl", "Nv", "Bank", "Partner", "Hotel", "Group":
		return true
	}
	return false
}

// wordIn looks a cell up in a set, without the space for it on the heap.
func wordIn(set map[string]bool, cell string) bool {
	if len(cell) > 24 {
		return false
	}
	var buf [48]byte
	return set[string(appendKey(buf[:0], cell))]
}
