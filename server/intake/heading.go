package intake

import (
	_ "embed"
	"strconv"
	"strings"
	"unicode"
)

// A meaning is what a heading says its column is.
type meaning struct {
	concept string // a scalar's or address part's name, email, phone, or a doubtful one such as name
	rank    int    // 0 to 9
	use     string
	kind    string // of a phone
	group   string // word or number that tells one entry of a list from the next
	ordinal int    // a trailing number, 0 for none
	label   bool   // the words for another column's entry, such as "Phone 1 - Type"
	own     bool   // one of our own names
	order   DateOrder
	typ     string // of a custom field, where an export tells it
}

//go:embed vocabulary.txt
var vocabularyText string

// vocabulary holds the meanings of folded headings.
var vocabulary = readVocabulary(vocabularyText)

func readVocabulary(text string) map[string]meaning {
	words := make(map[string]meaning, 2500)
	for line := range strings.Lines(text) {
		head, headings, found := strings.Cut(strings.TrimSpace(line), ":")
		if !found || strings.HasPrefix(head, "#") {
			continue
		}
		m := meaning{rank: 5}
		for i, word := range strings.Fields(head) {
			rank, err := strconv.Atoi(word)
			switch {
			case i == 0:
				m.concept = word
			case err == nil:
				m.rank = rank
			case word == "PRIVATE" || word == "BUSINESS":
				m.use = word
			default:
				m.kind = word
			}
		}
		for heading := range strings.SplitSeq(headings, ",") {
			if name := key(heading); words[name].concept == "" {
				words[name] = m
			}
		}
	}
	return words
}

// ownNames are the short names that our own files and documents use.
var ownNames = map[string]meaning{
	"email":    {concept: "email"},
	"phone":    {concept: "phone"},
	"mobile":   {concept: "phone", kind: "MOBILE"},
	"landline": {concept: "phone", kind: "LANDLINE"},
	"fax":      {concept: "phone", kind: "FAX"},
}

// Words that tell which of several e-mails, phones or addresses is meant.
var (
	privateWords  = wordSet("privateWords")
	businessWords = wordSet("businessWords")
	mobileWords   = wordSet("mobileWords")
	landlineWords = wordSet("landlineWords")
	faxWords      = wordSet("faxWords")
	groupWords    = wordSet("groupWords")
	labelWords    = wordSet("labelWords")
	// People other than the Contact: what is theirs is none of the Contact's data.
	otherPeople = wordSet("otherPeople")
	// Words that add nothing, such as whose name it is.
	fillers = wordSet("fillers")
	// The two parts of a heading such as "Kunden-Nr.".
	numberWords = wordSet("numberWords")
	partyWords  = wordSet("partyWords")
	// Steps of a path that hold a record.
	wrapperWords = wordSet("wrapperWords")
)

// readHeading finds out what a heading means; concept "" is unknown.
func readHeading(title string) meaning {
	if m, own := ownHeading(title); own {
		return m
	}
	title, locked := withoutLock(title)
	order := orderHint(title)
	m := wordsMeaning(title)
	if inner := withoutWrapper(title); m.concept == "" && inner != title {
		title = inner
		m = wordsMeaning(title)
	}
	if part, is := namePart(title); is && (m.concept == "fullName" || m.concept == "") {
		m = part
	}
	if locked && m.concept == "party" {
		m.concept, m.rank = "externalId", 9 // Dynamics: "(Do Not Modify) Contact"
	}
	if locked && m.concept == "" {
		m.concept = "nothing"
	}
	m.order = order
	return m
}

// ownHeading reads the names of the API and its documents, exactly as written.
func ownHeading(title string) (meaning, bool) {
	title = strings.TrimSpace(title)
	if m, own := ownNames[title]; own {
		m.own, m.rank = true, 9
		return m, true
	}
	if part := indexOf(addressNames[:addressUse], title); part >= 0 {
		return meaning{concept: title, own: true, rank: 9}, true
	}
	if title == ErrorColumn {
		return meaning{concept: "nothing", own: true, rank: 9}, true
	}
	path, typ := cutType(title)
	f, err := parseField(path)
	if err != nil || f.kind == ignored || f == (field{kind: metadata}) {
		return meaning{}, false // people's own files have a column "metadata" of any kind
	}
	return meaning{concept: path, own: true, rank: 9, typ: typ}, true
}

func wordsMeaning(title string) meaning {
	words := headingWords(title)
	if m, known := lookUp(words); known {
		return m
	}
	return compose(words)
}

// withoutWrapper takes off the steps of a path in a document that only hold
// what is said of the record: attributes.first_name, properties.email.
func withoutWrapper(title string) string {
	for {
		head, rest, found := strings.Cut(title, ".")
		if !found || rest == "" || strings.ContainsAny(title, " ,/") || !wrapperWords[key(head)] {
			return title
		}
		title = rest
	}
}

// namePart understands the path of a part of a name in a document, as in
// name.vorname, which is no whole name as "Name, Vorname" is.
func namePart(title string) (meaning, bool) {
	at := strings.LastIndexByte(title, '.')
	if at < 1 || strings.ContainsAny(title, " ,/") {
		return meaning{}, false
	}
	whose, _ := lookUp(headingWords(title[:at]))
	part, _ := lookUp(headingWords(title[at+1:]))
	return part, (whose.concept == "name" || whose.concept == "fullName" || whose.concept == "party") &&
		(part.concept == "givenName" || part.concept == "familyName")
}

// withoutLock takes off Dynamics' mark of columns that only it may write.
func withoutLock(title string) (string, bool) {
	title = strings.TrimSpace(title)
	if strings.HasPrefix(title, "(") {
		mark, rest, found := strings.Cut(title[1:], ")")
		switch key(mark) {
		case key("do not modify"), key("nicht ändern"), key("nicht bearbeiten"), key("ne pas modifier"), key("non modificare"),
			key("no modificar"), key("niet wijzigen"), key("nie modyfikuj"), key("nie modyfikować"):
			return strings.TrimSpace(rest), found
		}
	}
	return title, false
}

// headingWords takes a heading apart at spaces and punctuation, between words
// written together LikeThis, and between letters and digits. The words are folded.
func headingWords(title string) []string {
	var words []string
	start, before := 0, ' '
	cut := func(end int) {
		if word := key(title[start:end]); word != "" {
			words = append(words, word)
		}
		start = end
	}
	for i, r := range title {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r):
			cut(i)
		case unicode.IsUpper(r) && unicode.IsLower(before), unicode.IsDigit(r) != unicode.IsDigit(before):
			cut(i)
		}
		before = r
		if len(words) == maxHeadingWords {
			return words
		}
	}
	cut(len(title))
	return words
}

// maxHeadingWords are far more than any heading has; a longer one is a text.
const maxHeadingWords = 24

// lookUp looks for the words as one entry, the number at their end left off or not.
func lookUp(words []string) (meaning, bool) {
	if len(words) == 0 {
		return meaning{}, false
	}
	// Folded once more, since an ae, oe, ue where two words meet is one as well
	// in the vocabulary: "correo electrónico".
	m, known := vocabulary[key(strings.Join(words, ""))]
	if known {
		return m, true
	}
	last := len(words) - 1
	if n, err := strconv.Atoi(words[last]); err == nil && n > 0 && n <= mostEntries && last > 0 {
		if m, known = vocabulary[key(strings.Join(words[:last], ""))]; known {
			m.ordinal = n
			return m, true
		}
	}
	return meaning{}, false
}

// addressConcept reports whether a concept is a part of an address, or all of it.
func addressConcept(concept string) bool {
	return concept == "address" || concept == "line2" || indexOf(addressNames[:], concept) >= 0
}

// orderHint reads the order of a date from a heading such as "born (TT.MM.JJJJ)".
func orderHint(title string) DateOrder {
	letters := strings.Map(func(r rune) rune {
		switch r := unicode.ToUpper(r); {
		case strings.ContainsRune("TDJG", r):
			return 'D'
		case r == 'M':
			return 'M'
		case strings.ContainsRune("YAR", r):
			return 'Y'
		case unicode.IsLetter(r):
			return 'x'
		}
		return ' '
	}, title)
	for _, word := range []struct {
		mark  string
		order DateOrder
	}{{"DD MM", DMY}, {"MM DD", MDY}, {"YYYY MM", YMD}, {"DDMMYYYY", DMY}, {"MMDDYYYY", MDY}, {"DDDD MM", YMD}} {
		if strings.Contains(" "+letters+" ", " "+word.mark) {
			return word.order
		}
	}
	return ""
}
