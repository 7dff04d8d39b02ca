package intake

import "strings"

// A person is a full name taken apart.
type person struct{ salutation, title, given, family string }

// splitName takes "Herr Dr. Hans Peter Müller" or "Müller, Hans" apart. order
// tells what stands first where no comma does.
func splitName(cell string, order NameOrder) person {
	var p person
	if head, rest, found := strings.Cut(cell, ","); found && !academicTail(rest) {
		p.family = trim(head)
		p.given = trim(rest)
		p.family = p.leading(p.family)
		p.given = p.leading(p.given)
		return p
	} else if found {
		p.title, cell = trim(rest), trim(head)
	}
	rest := p.leading(cell)
	words := strings.Fields(rest)
	switch len(words) {
	case 0:
		return p
	case 1:
		p.family = words[0]
		return p
	}
	if order == FamilyFirst {
		at := 1
		for at < len(words)-1 && particle(words[at-1]) {
			at++
		}
		p.family, p.given = strings.Join(words[:at], " "), strings.Join(words[at:], " ")
		return p
	}
	at := len(words) - 1
	for i := 1; i < len(words)-1; i++ {
		if particle(words[i]) {
			at = i
			break
		}
	}
	p.given, p.family = strings.Join(words[:at], " "), strings.Join(words[at:], " ")
	return p
}

// leading takes salutation and title off the front.
func (p *person) leading(name string) string {
	for {
		word, rest, more := strings.Cut(name, " ")
		rest = strings.TrimLeft(rest, " ")
		folded := strings.Trim(word, ".")
		switch {
		case !more || rest == "":
			return name
		case p.salutation == "" && wordIn(salutationWords, folded) && !nameToo(word):
			p.salutation = word
		case wordIn(academicWords, folded) && (strings.HasSuffix(word, ".") || len(folded) < 5 && folded != "Ma" && folded != "Lic" && folded != "Rer" || strings.EqualFold(folded, "Professor")):
			p.title = strings.TrimLeft(p.title+" "+word, " ")
		default:
			return name
		}
		name = rest
	}
}

// nameToo are salutations that also are names, or parts of them, where no dot
// follows: Don, Pan, M, Fr.
func nameToo(word string) bool {
	switch word {
	case "Don", "Pan", "Pani", "M", "Fr", "Hr", "Sig", "Firma", "Familie", "Miss", "Sir", "Divers":
		return word != "Pan" && word != "Pani" && word != "Hr" && word != "Fr" && word != "Firma" && word != "Familie"
	}
	return false
}

// academicTail reports degrees behind a comma: "Hans Müller, MBA".
func academicTail(rest string) bool {
	words := strings.Fields(rest)
	for _, word := range words {
		if !wordIn(academicWords, strings.Trim(word, ".,")) {
			return false
		}
	}
	return len(words) > 0
}

// particle reports words that begin a family name of several words.
func particle(word string) bool {
	switch word {
	case "von", "van", "zu", "zum", "zur", "de", "der", "den", "del", "della", "di", "da", "dos", "du", "ten", "ter", "te", "la", "le", "het",
		"op", "vom", "y", "d'", "von und zu", "'t", "Van", "De", "Di", "Del", "Della", "Da", "Von", "Le", "La", "af", "av", "bin", "ibn", "el", "al":
		return true
	}
	return false
}
