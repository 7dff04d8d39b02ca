package intake

import (
	"cmp"
	"slices"
	"strconv"
)

// entry is which of several entries of a list a heading speaks of.
type entry struct {
	use, group string
	ordinal    int
}

func (m *meaning) entry() entry { return entry{m.use, m.group, m.ordinal} }

// points numbers the e-mails or phones in the order of their headings' numbers
// and of the columns, and gives labels to their entries.
func (g *guess) points(concept string, k kind) {
	var values, labels []*claim
	next := 0
	for _, c := range g.claims {
		switch {
		case c.mapped && c.field.kind == k:
			next = max(next, c.field.nth+1)
		case c.concept != concept || c.mapped:
		case c.meaning.label:
			labels = append(labels, c)
		default:
			values = append(values, c)
		}
	}
	slices.SortStableFunc(values, func(a, b *claim) int {
		return cmp.Compare(max(1, a.meaning.ordinal), max(1, b.meaning.ordinal))
	})
	entries := map[string]int{}
	for _, c := range values {
		if next == mostEntries {
			c.concept = ""
			continue
		}
		c.settle(field{kind: k, nth: next, part: pointValue}, c.col.Confidence)
		c.col.Use, c.col.Kind = c.meaning.use, c.meaning.kind
		entries[labelOf(c.meaning.entry())] = next
		next++
	}
	for _, c := range labels {
		c.concept = ""
		if nth, found := entries[labelOf(c.meaning.entry())]; found && !g.claimed(field{kind: k, nth: nth, part: pointLabel}) {
			c.settle(field{kind: k, nth: nth, part: pointLabel}, c.col.Confidence)
		}
	}
}

// labelOf makes entries of one number one, whether it stood within or behind.
func labelOf(e entry) string {
	if e.ordinal == 0 && e.group == "" {
		return e.use + "#1"
	}
	if e.ordinal == 0 {
		return e.use + e.group
	}
	return e.use + "#" + strconv.Itoa(e.ordinal)
}

func (g *guess) claimed(f field) bool {
	return slices.ContainsFunc(g.claims, func(c *claim) bool { return c.mapped && c.field == f })
}

// An addressGroup are the columns of one address.
type addressGroup struct {
	name   string
	use    string
	claims []*claim
}

func (a *addressGroup) has(concepts ...string) bool {
	return slices.ContainsFunc(a.claims, func(c *claim) bool { return slices.Contains(concepts, c.concept) })
}

// addresses puts the columns of addresses together: those of one use, one
// word such as Mailing, one number.
func (g *guess) addresses() {
	groups := g.addressGroups()
	groups = mergeGroups(groups)
	full := 0
	for _, a := range groups {
		if a.located() {
			full++
		}
	}
	next := 0
	for _, c := range g.claims {
		if c.mapped && c.field.kind == address {
			next = max(next, c.field.nth+1)
		}
	}
	for _, a := range groups {
		if next == mostEntries || (full > 0 && !a.located()) {
			for _, c := range a.claims {
				c.concept = "" // Outlook's "Ort" is where somebody sits
			}
			continue
		}
		g.settleAddress(a, next)
		next++
	}
}

// located reports whether an address has more than a city or country.
func (a *addressGroup) located() bool {
	return a.has("street", "streetAndNumber", "address", "whole", "poBox") || a.has("postalCode", "postalCodeAndCity")
}

func (g *guess) addressGroups() []*addressGroup {
	// "Straße 2" is the second line of the street, unless there is a "PLZ 2" too.
	second := map[string]bool{}
	base := func(m *meaning) string { return m.use + "|" + m.group }
	for _, c := range g.claims {
		if c.mapped || !addressConcept(c.concept) {
			continue
		}
		if c.concept == "postalCode" || c.concept == "city" || c.concept == "postalCodeAndCity" {
			second[base(&c.meaning)+"#"+strconv.Itoa(c.meaning.ordinal)] = true
		}
	}
	byName := map[string]*addressGroup{}
	var groups []*addressGroup
	for _, c := range g.claims {
		if c.mapped || c.concept == "" || !addressConcept(c.concept) {
			continue
		}
		name := base(&c.meaning)
		switch n := c.meaning.ordinal; {
		case n > 1 && second[name+"#"+strconv.Itoa(n)]:
			name += "#" + strconv.Itoa(n)
		case n > 1 && !c.meaning.label:
			c.concept = "addition"
		case c.concept == "line2":
			if second[name+"#2"] {
				name, c.concept = name+"#2", "address"
			} else {
				c.concept = "addition"
			}
		}
		if c.meaning.label {
			c.concept = "label"
		}
		a := byName[name]
		if a == nil {
			a = &addressGroup{name: name, use: c.meaning.use}
			byName[name] = a
			groups = append(groups, a)
		}
		a.claims = append(a.claims, c)
	}
	return groups
}

// mergeGroups joins the unqualified columns to the only address that lacks
// them: "Straße privat", "PLZ", "Ort".
func mergeGroups(groups []*addressGroup) []*addressGroup {
	plain := slices.IndexFunc(groups, func(a *addressGroup) bool { return a.name == "|" })
	if plain < 0 || len(groups) != 2 {
		return groups
	}
	a, b := groups[plain], groups[1-plain]
	for _, c := range a.claims {
		if b.has(c.concept) {
			return groups
		}
	}
	if a.located() && b.located() && a.has("street", "streetAndNumber", "address", "whole") && b.has("street", "streetAndNumber", "address", "whole") {
		return groups
	}
	b.claims = append(b.claims, a.claims...)
	return []*addressGroup{b}
}

// settleAddress maps the columns of one address.
func (g *guess) settleAddress(a *addressGroup, nth int) {
	for _, c := range a.claims {
		c.concept = a.part(c)
		if c.concept != c.meaning.concept && !c.meaning.label && !c.byValue && c.col.Confidence > 0.9 && c.concept != "streetAndNumber" {
			c.col.Confidence = 0.9
		}
	}
	parted := a.parted()
	slices.SortStableFunc(a.claims, func(x, y *claim) int { return cmp.Compare(y.score, x.score) })
	for _, c := range a.claims {
		f := field{kind: address, nth: nth, part: indexOf(addressNames[:], c.concept)}
		if f.part == whole && parted >= 0 {
			c.concept = ""
			if parted >= c.c.evidence.seen {
				c.concept = "nothing" // Google's "Formatted" says the same once more
			}
			continue
		}
		if f.part < 0 {
			c.concept = ""
			continue
		}
		if g.claimed(f) {
			c.concept = ""
			if c.c.evidence.seen > 0 {
				g.find(LevelNote, SameField, c, "%q is a second %s of one address; it is taken for an unknown column", c.name(), f)
			}
			continue
		}
		c.settle(f, c.col.Confidence)
		c.col.Use = a.use
	}
}

// parted is how many cells have the street in a column of its own; -1 without one.
func (a *addressGroup) parted() int {
	n := -1
	for _, c := range a.claims {
		if c.concept == "street" || c.concept == "streetAndNumber" {
			n = max(n, c.c.evidence.seen)
		}
	}
	return n
}

// part makes an address's concept definite.
func (a *addressGroup) part(c *claim) string {
	e := &c.c.evidence
	cities := a.has("postalCode", "city", "postalCodeAndCity")
	switch c.concept {
	case "address", "street":
		switch {
		case a.has("houseNumber"):
			return "street"
		case !cities && e.wholes() >= 0.5:
			return "whole"
		case c.concept == "address" && a.has("street", "streetAndNumber"):
			if cities {
				return "addition"
			}
			return ""
		}
		return "streetAndNumber"
	case "streetAndNumber":
		if !cities && e.wholes() >= 0.5 {
			return "whole"
		}
	case "city":
		if !a.has("postalCode") && e.share(e.postalCity) >= 0.5 {
			return "postalCodeAndCity"
		}
	case "postalCode":
		if !a.has("city") && e.share(e.postalCity) >= 0.5 {
			return "postalCodeAndCity"
		}
	}
	return c.concept
}
