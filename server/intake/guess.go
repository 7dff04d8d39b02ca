package intake

import (
	"cmp"
	"slices"
	"strconv"
)

// A guess is on its way from a Survey to a Mapping.
type guess struct {
	s        *Survey
	known    []CustomField
	claims   []*claim
	findings []Finding
}

// A claim is what one column is taken for.
type claim struct {
	at      int // column of the file, from 0
	c       *surveyed
	meaning meaning
	concept string // as meaning.concept, made definite; "" for none
	field   field
	col     Column
	fit     float64 // how many of its cells are what it claims
	score   float64 // of two claims to one field the higher wins
	mapped  bool
	byValue bool // only the cells tell
}

func (c *claim) name() string {
	if c.c.title == "" {
		return "column " + strconv.Itoa(c.at+1)
	}
	return c.c.title
}

// Mapping is what the Survey makes of the file so far: the columns it
// understood, how sure it is, and what a person should know. Findings quote
// cells, so they are for the sender of the file and not for a log. Columns that
// are not understood are left to Unmapped, which is CUSTOM, or IGNORE where they
// are more than a Contact can have fields; those without any cell are ignored. known are the custom fields that the Company has defined.
func (s *Survey) Mapping(known []CustomField) (Mapping, []Finding) {
	if m := exported(s.titles); m != nil {
		return *m, []Finding{{Level: LevelNote, Code: OwnExport, Message: "the columns are those of an export of ours; cells are taken exactly as they stand"}}
	}
	g := &guess{s: s, known: known}
	for i := range s.columns {
		c := &s.columns[i]
		g.claims = append(g.claims, &claim{at: i, c: c, meaning: c.meaning, concept: c.meaning.concept})
	}
	g.own()
	g.definite()
	g.byValues()
	g.weigh()
	g.singles()
	g.points("email", email)
	g.points("phone", phone)
	g.addresses()
	g.details()
	g.wholeFile()
	m := Mapping{Columns: []Column{}, Unmapped: g.unmapped(), EmptyCells: EmptyNone}
	titles := byTitle(s.titles, key)
	for _, c := range g.claims {
		if !c.mapped && c.c.evidence.seen > 0 && c.concept != "nothing" && c.c.evidence.longest <= longestText {
			continue
		}
		col := c.col
		col.Title, col.Field = s.titles[c.at], c.field.String()
		if !c.mapped {
			col.Field, col.Confidence = "", 0.85
		}
		if c.c.title == "" || len(titles[key(c.c.title)]) > 1 {
			col.Position = c.at + 1
		}
		m.Columns = append(m.Columns, col)
	}
	return m, g.findings
}

// own settles the headings that are fields as written, and custom fields that
// the Company has defined.
func (g *guess) own() {
	taken := map[string]bool{}
	for _, c := range g.claims {
		if k := knownAs(c.c.title, g.known); k != nil && !c.meaning.own {
			c.settle(field{kind: custom, key: k.Key}, 1)
			c.col.Type = k.Type
		} else if f, err := parseField(c.concept); c.meaning.own && err == nil && f.kind != scalar && f.kind != ignored {
			c.settle(f, 1)
			c.col.Type = c.meaning.typ
		}
		if path := c.field.String(); c.mapped && taken[path] {
			c.mapped, c.concept = false, ""
			g.find(LevelWarning, SameField, c, "%q stands for %s a second time; it is taken for an unknown column", c.name(), path)
		} else if c.mapped {
			taken[path] = true
		}
	}
}

// settle maps a claim.
func (c *claim) settle(f field, confidence float64) {
	c.field, c.mapped, c.concept = f, true, ""
	c.col.Confidence = confidence
}

// weigh holds the cells against what the headings say, and drops claims that
// the cells refute: a column "Mobil" of yes and no holds no numbers.
func (g *guess) weigh() {
	for _, c := range g.claims {
		if c.mapped || c.concept == "" || c.concept == "nothing" {
			continue
		}
		e := &c.c.evidence
		c.fit = e.fit(c.concept)
		if c.meaning.label || c.col.Values != nil {
			c.fit = 1
		}
		const few = 5 // too few cells refute nothing
		if e.sampled >= few && c.fit < 0.2 {
			if !c.byValue {
				g.find(LevelWarning, ValuesDisagree, c, "%q says %s, but its cells do not, such as %s; it is taken for an unknown column, map it by hand if it is", c.name(), c.concept, quote(e.other))
			}
			c.concept = ""
			continue
		}
		switch {
		case c.byValue:
			c.col.Confidence = 0.6
		case c.meaning.own:
			c.col.Confidence = 1
		case e.sampled == 0:
			c.col.Confidence = 0.85
		case c.fit >= 0.8:
			c.col.Confidence = 0.95
		case c.fit >= 0.5:
			c.col.Confidence = 0.8
		default:
			c.col.Confidence = 0.5
		}
		if c.concept != c.meaning.concept && !c.byValue {
			c.col.Confidence = min(c.col.Confidence, 0.9) // the heading alone left it open
		}
		c.score = 10*float64(c.meaning.rank) + 5*c.fit + 10*e.filled(g.s.rows)
		if c.meaning.own {
			c.score += 100
		}
		if c.byValue {
			c.score -= 50
		}
	}
}

// filled is the share of the file's rows that have the cell.
func (e *evidence) filled(rows int) float64 {
	if e.sampled == 0 {
		return 0
	}
	return min(1, float64(e.sampled)/float64(max(1, min(rows, sampleRows))))
}

// fit is the share of cells that are what a concept wants; 1 where it wants
// nothing that could be told.
func (e *evidence) fit(concept string) float64 {
	if e.sampled == 0 {
		return 1
	}
	switch concept {
	case "email":
		return e.share(e.email)
	case "phone":
		return e.share(e.phone + e.bare + e.sci + (e.postal+e.dates)/2)
	case "birthDate":
		return e.share(e.dates + e.date.none + e.date.noYear)
	case "postalCode":
		return e.share(e.postal + e.postalCity + e.sci)
	case "countryCode":
		return e.ofWords(e.country)
	case "houseNumber":
		return e.share(e.startDigit)
	case "givenName", "familyName", "fullName", "salutation", "title", "middleName", "city":
		return 1 - e.share(e.email+e.numeric+e.dates)
	case "street", "streetAndNumber":
		return 1 - e.share(e.email+e.numeric)
	case "organisation", "region":
		return 1 - e.share(e.email+e.dates)
	case "postalCodeAndCity":
		return e.share(e.postalCity)
	case "externalId":
		return e.unique()
	}
	return 1
}

// singles gives each field that a Contact has once to the best of its claims.
func (g *guess) singles() {
	for part, name := range scalarNames {
		var claims []*claim
		for _, c := range g.claims {
			if c.concept == name && !c.mapped {
				claims = append(claims, c)
			}
		}
		if len(claims) == 0 {
			continue
		}
		if part == externalID {
			claims = g.keys(claims)
		}
		slices.SortStableFunc(claims, func(a, b *claim) int { return cmp.Compare(b.score, a.score) })
		for i, c := range claims {
			if i == 0 {
				c.settle(field{kind: scalar, part: part}, c.col.Confidence)
				continue
			}
			c.concept = ""
			if c.byValue || c.c.evidence.seen == 0 {
				continue
			}
			c.field = field{kind: scalar, part: part}
			g.find(LevelNote, SameField, c, "%q and %q both look like %s; %q is taken, since it fits better, and the other is taken for an unknown column", claims[0].name(), c.name(), name, claims[0].name())
			c.field = field{}
		}
	}
}

// keys leaves the claims whose cells can tell Contacts apart.
func (g *guess) keys(claims []*claim) []*claim {
	return slices.DeleteFunc(claims, func(c *claim) bool {
		e := &c.c.evidence
		const few = 20
		if e.sampled < few || (e.unique() >= 0.5 && e.filled(g.s.rows) >= 0.5) {
			c.score += 40 * e.unique()
			return false
		}
		if !c.byValue {
			g.find(LevelWarning, ValuesDisagree, c, "%q cannot be the key of a Contact: many of its cells are equal or empty; it is taken for an unknown column", c.name())
		}
		c.concept = ""
		return true
	})
}
