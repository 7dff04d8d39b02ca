package intake

import "strings"

// has reports whether a column with any cells, or with none if the file shows
// none at all, claims the concept.
func (g *guess) has(concepts ...string) bool {
	for _, c := range g.claims {
		for _, concept := range concepts {
			if c.concept == concept && (c.c.evidence.seen > 0 || g.s.rows == 0) {
				return true
			}
		}
	}
	return false
}

// definite decides what the headings leave open by the other columns and by
// the cells: "Name" is the family name beside "Vorname", else the whole name.
func (g *guess) definite() {
	for i, c := range g.claims {
		e := &c.c.evidence
		switch c.concept {
		case "externalId":
			g.numberOf(i)
		case "organisation":
			if !g.has("familyName", "givenName", "givenOrFull", "fullName", "name", "name1", "party") && e.ofWords(e.firm) < 0.5 && e.ofWords(e.givenFirst+e.givenLast+e.comma) >= 0.3 {
				c.concept = "fullName" // firms and people in one column
			}
		case "name":
			c.concept = g.nameOf(e)
		case "givenOrFull":
			if c.concept = "fullName"; g.has("familyName") {
				c.concept = "givenName"
			}
		case "titleOrSalutation", "title":
			c.concept = g.titleOf(c)
		case "gender":
			c.concept = ""
			if !g.has("salutation") && g.genderValues(c) {
				c.concept = "salutation"
			}
		case "salutation":
			g.genderValues(c)
		case "partner":
			if c.concept = ""; e.share(e.code) >= 0.8 && e.unique() >= 0.5 || strings.ToUpper(c.c.title) == c.c.title {
				c.concept = "externalId"
			}
		case "personnel": // an export of people by their personnel number
			if c.concept = "employee"; !g.has("externalId", "partner") && e.unique() >= 0.95 {
				c.concept = "externalId"
			}
		case "party":
			c.concept = g.partyOf(e)
		}
	}
	g.sapNames()
}

// numberOf tells a house number from a key under "Nr.", and a postal code under
// "Kod", by the column beside it.
func (g *guess) numberOf(i int) {
	c := g.claims[i]
	beside := func(at int, concept string) bool {
		return at >= 0 && at < len(g.claims) && g.claims[at].concept == concept
	}
	e := &c.c.evidence
	switch {
	case c.meaning.rank != 6 || c.meaning.own:
	case beside(i-1, "street") && !g.has("houseNumber") && (e.sampled == 0 || e.share(e.startDigit) >= 0.8):
		c.concept = "houseNumber"
	case (beside(i-1, "city") || beside(i+1, "city")) && !g.has("postalCode", "postalCodeAndCity") && e.sampled > 0 && e.share(e.postal) >= 0.8:
		c.concept = "postalCode"
	}
}

// nameOf is what a column "Name" is.
func (g *guess) nameOf(e *evidence) string {
	firms := e.ofWords(e.firm) >= 0.5
	switch {
	case firms && g.has("organisation"):
		return ""
	case firms:
		return "organisation"
	case g.has("familyName"):
		if g.has("givenName", "givenOrFull") && !g.has("organisation") && e.ofWords(e.firm) > 0.2 {
			return "organisation"
		}
		return "fullName"
	case g.has("givenName", "givenOrFull"):
		return "familyName"
	}
	return "fullName"
}

// partyOf is what a column "Kunde" or "Contact" is: a key or a name.
func (g *guess) partyOf(e *evidence) string {
	switch {
	case e.sampled == 0:
		return ""
	case e.share(e.code) >= 0.8 && e.unique() >= 0.9:
		return "externalId"
	case e.ofWords(e.firm) >= 0.5:
		return "organisation"
	case e.share(e.words) >= 0.8 && e.oneWord*2 < e.looked && !g.has("familyName", "name", "fullName"):
		return "fullName"
	}
	return ""
}

// titleOf tells degrees from salutations; "Title" may also be somebody's position.
func (g *guess) titleOf(c *claim) string {
	e := &c.c.evidence
	switch {
	case c.meaning.own:
		return "title"
	case e.sampled == 0 && c.concept == "title":
		return "title"
	case e.sampled == 0:
		return ""
	case e.ofWords(e.salutation) >= 0.5 && e.academic*2 < e.looked:
		if g.has("salutation") {
			return ""
		}
		return "salutation"
	case e.ofWords(e.academic) >= 0.5:
		return "title"
	case c.concept == "titleOrSalutation" && !g.has("salutation") && g.genderValues(c):
		return "salutation"
	case c.concept == "title":
		return "title"
	}
	return ""
}

// sapNames tells what NAME1 and NAME2 are: a firm and its department, family
// and given name, or a whole name.
func (g *guess) sapNames() {
	var first, second *claim
	for _, c := range g.claims {
		switch c.concept {
		case "name1":
			first = c
		case "name2":
			second = c
		}
	}
	if second != nil {
		second.concept = ""
	}
	if first == nil {
		return
	}
	e := &first.c.evidence
	firms := e.ofWords(e.firm) >= 0.5
	// Where some are firms and some people, NAME2 holds given names only.
	given := second != nil && second.c.evidence.sampled*5 > e.sampled && second.c.evidence.ofWords(second.c.evidence.givenOnly) >= 0.3
	switch {
	case g.has("familyName"), firms && !given:
		if first.concept = ""; !g.has("organisation") {
			first.concept = "organisation"
		}
	case g.has("givenName"):
		first.concept = "familyName"
	case given && (firms || second.c.evidence.sampled*2 > e.sampled):
		first.concept, second.concept = "familyName", "givenName"
	case second != nil && second.c.evidence.sampled*2 > e.sampled && e.ofWords(e.givenOnly) >= 0.3:
		first.concept, second.concept = "givenName", "familyName"
	default:
		first.concept = "fullName"
	}
}

// The words of the two genders, and the salutations that stand for them. M is a
// woman (mujer) where H is a man (hombre).
var (
	maleWords   = wordSet("maleWords")
	femaleWords = wordSet("femaleWords")
	otherWords  = wordSet("otherWords")
	salutations = map[string][2]string{
		"de": {"Herr", "Frau"}, "en": {"Mr", "Ms"}, "fr": {"M.", "Mme"}, "it": {"Sig.", "Sig.ra"},
		"es": {"Sr.", "Sra."}, "nl": {"Dhr.", "Mevr."}, "pl": {"Pan", "Pani"},
	}
)

// genderValues makes salutations of a column of codes, if every cell is one:
// M and F, or SAP's keys 0001 (Ms) and 0002 (Mr). A column of words that are
// salutations already stays as it is.
func (g *guess) genderValues(c *claim) bool {
	e := &c.c.evidence
	if len(e.values) == 0 || len(e.values) > mostValues {
		return false
	}
	language, _, _ := strings.Cut(g.s.locale, "-")
	words, known := salutations[language]
	if !known {
		words = salutations["en"]
	}
	codes := c.meaning.concept == "gender"
	spanish, male, female := hombre(e.values), 0, 0
	values := map[string]string{}
	for value := range e.values {
		folded := key(value)
		switch {
		case !codes && len(folded) == 4 && strings.HasPrefix(folded, "000"): // SAP's table TSAD3
			values[folded] = map[string]string{"0001": words[1], "0002": words[0]}[folded]
			male++
		case !codes && len(folded) > 1:
			return false
		case spanish && folded == "m", femaleWords[folded]:
			values[folded] = words[1]
			female++
		case maleWords[folded]:
			values[folded] = words[0]
			male++
		case otherWords[folded]:
			values[folded] = ""
		default:
			return false
		}
	}
	if male+female == 0 || (!codes && male == 0) {
		return false
	}
	c.col.Values = values
	return true
}

// hombre reports whether a column writes H and M, for hombre and mujer.
func hombre(values map[string]int) bool {
	h, m, f := false, false, false
	for value := range values {
		switch key(value) {
		case "h", "hombre":
			h = true
		case "m", "mujer":
			m = true
		case "f":
			f = true
		}
	}
	return h && m && !f
}
