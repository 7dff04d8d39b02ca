package intake

// byValues takes columns whose headings say nothing for what their cells are,
// and a column of e-mail addresses under any heading, if there is no other.
func (g *guess) byValues() {
	for _, c := range g.claims {
		if c.concept != "" || c.mapped || c.c.evidence.sampled == 0 {
			continue
		}
		e := &c.c.evidence
		if c.c.generic {
			c.concept = g.conceptOf(e)
		} else if e.share(e.email) >= 0.9 && !g.has("email") && !ofOthers(c.c.title) {
			c.concept = "email"
		}
		c.byValue = c.concept != ""
	}
	g.neighbours()
}

// ofOthers reports headings that speak of somebody else's data.
func ofOthers(title string) bool {
	for _, word := range headingWords(title) {
		if otherPeople[word] {
			return true
		}
	}
	return false
}

// conceptOf is what a column is by its cells alone.
func (g *guess) conceptOf(e *evidence) string {
	const most = 0.8
	free := func(concept string, more ...string) bool { return !g.has(append(more, concept)...) }
	switch {
	case e.share(e.email) >= most:
		return "email"
	case e.share(e.dates) >= most && free("birthDate") && e.postal == 0:
		return "birthDate"
	case e.share(e.phone) >= most:
		return "phone"
	case e.ofWords(e.salutation) >= most && free("salutation"):
		return "salutation"
	case e.ofWords(e.country) >= most && free("countryCode"):
		return "countryCode"
	case e.wholes() >= 0.6 && free("whole", "street", "streetAndNumber"):
		return "whole"
	case e.share(e.postalCity) >= most && free("postalCodeAndCity", "postalCode"):
		return "postalCodeAndCity"
	case e.share(e.endDigit) >= 0.6 && free("streetAndNumber", "street"):
		return "streetAndNumber"
	case e.share(e.code) >= most && e.unique() >= 0.95 && e.share(e.postal) < 0.5 && free("externalId"):
		return "externalId"
	case e.share(e.postal) >= most && free("postalCode", "postalCodeAndCity"):
		return "postalCode"
	case e.share(e.code) >= most && e.unique() >= 0.99 && free("externalId"):
		return "externalId"
	case e.ofWords(e.givenFirst+e.givenLast+e.comma) >= 0.4 && free("fullName", "familyName", "name"):
		return "fullName"
	case e.ofWords(e.givenOnly) >= 0.4 && free("givenName", "fullName"):
		return "givenName"
	}
	return ""
}

// neighbours finds what only its place tells: a family name beside the given
// name, a city behind the postal code.
func (g *guess) neighbours() {
	words := func(i int) *claim {
		if i < 0 || i >= len(g.claims) {
			return nil
		}
		c := g.claims[i]
		e := &c.c.evidence
		if c.concept != "" || c.mapped || !c.c.generic || e.share(e.words) < 0.8 {
			return nil
		}
		return c
	}
	for i, c := range g.claims {
		switch {
		case c.concept == "givenName" && !g.has("familyName"):
			if next := words(i + 1); next != nil {
				next.concept, next.byValue = "familyName", true
			} else if next := words(i - 1); next != nil {
				next.concept, next.byValue = "familyName", true
			}
		case c.concept == "postalCode" && !g.has("city"):
			if next := words(i + 1); next != nil {
				next.concept, next.byValue = "city", true
			}
		}
	}
}
