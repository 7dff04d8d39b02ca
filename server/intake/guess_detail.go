package intake

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// details settles how the mapped columns are read: orders, signs, NULL.
func (g *guess) details() {
	var all dateEvidence
	nulls := 0
	for _, c := range g.claims {
		e := &c.c.evidence
		if e.dated || 2*e.dates > e.sampled {
			all.dayFirst += e.date.dayFirst
			all.monthFirst += e.date.monthFirst
		}
		if !c.personal() {
			nulls += e.null
		}
	}
	for _, c := range g.claims {
		e := &c.c.evidence
		if !c.mapped {
			continue
		}
		if c.dates() && e.seen > 0 && c.col.DateOrder == "" {
			order, certain := e.date.order(&all, g.s.country)
			if hint := c.meaning.order; hint != "" && !certain {
				order, certain = hint, true
			}
			c.col.DateOrder = order
			g.dateFindings(c, &e.date, order, certain)
		}
		if c.field.kind == custom {
			switch {
			case c.col.Decimal != "":
			case e.decimalComma > e.decimalDot:
				c.col.Decimal = ","
			case e.decimalDot > e.decimalComma:
				c.col.Decimal = "."
			}
		}
		if c.personal() && e.null > 0 && nulls == 0 && 20*e.null < e.seen {
			c.col.NullIsName = true
		}
		if c.field.kind == scalar && c.field.part == fullName && c.col.NameOrder == "" && e.givenLast > e.givenFirst {
			c.col.NameOrder = FamilyFirst
		}
		g.cellFindings(c)
	}
}

// dates reports whether a claim's cells are read as dates.
func (c *claim) dates() bool {
	return (c.field.kind == scalar && c.field.part == birthDate) || (c.field.kind == custom && (c.col.Type == "date" || c.col.Type == typeDate))
}

// personal reports whether a claim's cells are names, or parts of names.
func (c *claim) personal() bool {
	return c.field.kind == scalar && c.mapped &&
		(c.field.part == givenName || c.field.part == familyName || c.field.part == fullName || c.field.part == secondFamilyName)
}

// cellFindings tells what is wrong with a column as a whole.
func (g *guess) cellFindings(c *claim) {
	e := &c.c.evidence
	f := c.field
	if e.lost > 0 && f.kind != custom {
		g.find(LevelWarning, LostCharacters, c, "in %q %s of letters that the file's encoding does not have; they are stored as they are, export the file as UTF-8 to keep them",
			c.name(), counted(e.lost, "cell has a ? in place", "cells have a ? in place"))
	}
	number := f.kind == phone || (f.kind == address && f.part == postalCode) || (f.kind == scalar && (f.part == externalID || f.part == employee))
	if e.sci > 0 && number {
		g.find(LevelWarning, LostDigits, c, "in %q %s last digits to a spreadsheet, like 4,9E+11; format the column as text and export it again",
			c.name(), counted(e.sci, "number has lost its", "numbers have lost their"))
	}
	if f.part == pointValue && (f.kind == email && e.sampled > e.email || f.kind == phone && e.words > 0) {
		n := e.words
		if f.kind == email {
			n = e.sampled - e.email
		}
		g.find(LevelNote, NotAnAddress, c, "in %q %s, such as %s; leave such cells empty, the rows are named", c.name(),
			counted(n, "cell holds none", "cells hold none"), quote(e.other))
	}
	if w, known := postalWidths[g.s.country]; known && w.width == 5 && f.kind == address && f.part == postalCode && e.short > 0 && !g.claimed(field{kind: address, nth: f.nth, part: countryCode}) {
		g.find(LevelNote, SwallowedZeros, c, "in %q %s 4 digits; where the country's have 5, the 0 that a spreadsheet took is put back",
			c.name(), counted(e.short, "postal code has", "postal codes have"))
	}
}

// wholeFile tells what the file lacks.
func (g *guess) wholeFile() {
	if len(g.s.titles) > len(g.s.columns) {
		g.find(LevelWarning, TooManyColumns, nil, "the file has %d columns; those after the first %d are not looked at, leave out what is not needed", len(g.s.titles), maxColumns)
	}
	for _, c := range g.claims {
		if !c.mapped || c.field != (field{kind: scalar, part: externalID}) {
			continue
		}
		if e := &c.c.evidence; e.same > 0 {
			g.find(LevelWarning, DuplicateKeys, c, "in %q %s as another row's, such as in rows %d and %d; give each Contact one row and a key of its own",
				c.name(), counted(e.same, "row has the same key", "rows have the same key"), e.twins[0], e.twins[1])
		}
		const few = 5
		if e := &c.c.evidence; e.sampled >= few && e.ascend*10 >= e.sampled*9 {
			g.find(LevelWarning, RunningNumbers, c, "%q only counts the rows: another export may give the same number to another Contact; map a column to externalId that stays with the Contact", c.name())
		}
		return
	}
	example, mail, filled := "", "", []string{}
	for _, c := range g.claims {
		if c.c.evidence.seen == 0 {
			continue
		}
		filled = append(filled, c.c.title)
		if example = cmp.Or(example, c.c.title); c.mapped && c.field.kind == email && c.field.part == pointValue {
			mail = cmp.Or(mail, c.c.title)
		}
	}
	g.find(LevelError, NoKey, nil, "no column looks like the key by which the Source knows a Contact, such as a customer number; "+
		"name a column that is different for every Contact by the mapping {\"key\": %s}, or export the file with the records' ids; the columns with data are %s",
		strconv.Quote(cmp.Or(mail, example, "E-Mail")), listed(filled))
}

// listed names columns, as many as can be read.
func listed(titles []string) string {
	titles = slicesWithout(titles, "")
	const most = 40
	if n := len(titles); n > most {
		return strings.Join(titles[:most], ", ") + fmt.Sprintf(" and %d more", n-most)
	}
	return strings.Join(titles, ", ")
}

// What profile.Normalize takes of custom fields: so many of so many characters.
const (
	mostCustom  = 100
	longestText = 2_000
)

// unmapped is what becomes of the columns that are not understood: they are
// kept, unless every row would be refused for them.
func (g *guess) unmapped() Unmapped {
	fields := 0
	for _, c := range g.claims {
		e := &c.c.evidence
		switch {
		case c.mapped && c.field.kind == custom:
			fields++
		case c.mapped || e.seen == 0 || c.concept == "nothing":
		case e.longest > longestText:
			g.find(LevelWarning, LongTexts, c, "%q holds texts of more than %d characters, which no custom field takes; it is ignored", c.name(), longestText)
		default:
			fields++
		}
	}
	if fields <= mostCustom {
		return UnmappedCustom
	}
	g.find(LevelWarning, TooManyColumns, nil, "%d columns are not understood, and a Contact has at most %d custom fields; they are ignored, map those that matter", fields, mostCustom)
	return UnmappedIgnore
}

// where is the Company's country by its English name.
func (g *guess) where() string {
	region, err := language.ParseRegion(g.s.country)
	if err != nil {
		return "most countries"
	}
	return display.English.Regions().Name(region)
}
