package intake

import (
	"slices"
	"strconv"
	"strings"
)

// compose understands a heading by its parts: which entry, whose, what kind of
// phone, and what remains.
func compose(words []string) meaning {
	var found meaning
	words = slices.Clone(words)
	words = slices.DeleteFunc(words, func(word string) bool { return word == "" })
	if n := len(words); n > 1 && labelWords[words[n-1]] {
		found.label = true
		words = words[:n-1]
	}
	if m := recordMeaning(words); m.concept != "" {
		return m
	}
	words = found.groupNumber(words)
	rest := words[:0:0]
	for i, word := range words {
		switch {
		case otherPeople[word] && len(words) > 1:
			return meaning{}
		case privateWords[word]:
			found.use = "PRIVATE"
		case businessWords[word]:
			found.use = "BUSINESS"
		case mobileWords[word]:
			found.kind = "MOBILE"
		case landlineWords[word]:
			found.kind = "LANDLINE"
		case faxWords[word]:
			found.kind = "FAX"
		case groupWords[word]:
			found.group += word
		default:
			rest = append(rest, words[i])
		}
	}
	m, known := found.remaining(rest)
	if !known {
		return meaning{}
	}
	return m.with(&found)
}

// remaining understands what is left when use, kind and group are known.
func (m *meaning) remaining(words []string) (meaning, bool) {
	bare := withoutFillers(words)
	if len(bare) == 0 && m.kind != "" {
		return meaning{concept: "phone", rank: 5}, true
	}
	if found, known := lookUp(words); known {
		return found, true
	}
	if found, known := lookUp(bare); known {
		return found, true
	}
	if len(bare) > 1 && vocabulary[bare[0]].concept == "address" { // "Default Address Zip"
		found, known := lookUp(bare[1:])
		return found, known && (addressConcept(found.concept) || found.concept == "phone")
	}
	return meaning{}, false
}

// recordMeaning understands headings that name the record and what is said of
// it: "Person - Owner", "Mitglieds-Nr.".
func recordMeaning(words []string) meaning {
	if m, known := lookUp(withoutFillers(words)); known && m.concept == "employee" {
		return m
	}
	number, party := false, false
	for _, word := range words {
		switch {
		case numberWords[word]:
			number = true
		case partyWords[word]:
			party = true
		default:
			return meaning{}
		}
	}
	if number && party {
		return meaning{concept: "externalId", rank: 8}
	}
	return meaning{}
}

func withoutFillers(words []string) []string {
	return slices.DeleteFunc(slices.Clone(words), func(word string) bool { return fillers[word] })
}

// with adds what the words beside the concept said, where they can be said of it.
func (m meaning) with(found *meaning) meaning {
	listed := m.concept == "email" || m.concept == "phone" || addressConcept(m.concept)
	switch {
	case found.use == "BUSINESS" && m.concept == "fullName":
		return meaning{} // "Office Name", "Company Contact"
	case found.label && !listed, found.kind != "" && m.concept != "phone":
		return meaning{}
	case !listed && (found.use != "" || found.group != ""):
		// "Home Date", "Other Name": known words that mean nothing together, but
		// "Personal ID" and "Primary Language" do.
		if m.concept != "externalId" && m.concept != "locale" {
			return meaning{}
		}
		return m
	}
	m.label = found.label
	m.group = found.group
	if found.use != "" {
		m.use = found.use
	}
	if found.kind != "" {
		m.kind = found.kind
	}
	if found.ordinal != 0 {
		m.group += "#" + strconv.Itoa(found.ordinal)
	}
	return m
}

// groupNumber takes the number of an entry out of the middle of the words:
// "E-mail 1 - Value", "Address 2: City", address1_line1.
func (m *meaning) groupNumber(words []string) []string {
	for i := 1; i < len(words); i++ {
		n, err := strconv.Atoi(words[i])
		last := i == len(words)-1
		if err != nil || n < 1 || n > mostEntries || (last && !m.label) {
			continue
		}
		head := strings.Join(words[:i], "")
		before, known := vocabulary[head]
		if !known {
			before, known = lookUp(withoutFillers(words[:i]))
		}
		if !known || (before.concept != "email" && before.concept != "phone" && !addressConcept(before.concept)) {
			continue
		}
		m.ordinal = n
		rest := slices.Clone(words[i+1:])
		if !m.label && before.concept == "address" && len(withoutFillers(rest)) > 0 {
			return rest // "Address 1 - Street" is a street
		}
		return append(slices.Clone(words[:i]), rest...)
	}
	return words
}
