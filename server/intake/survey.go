package intake

import "strings"

// maxColumns are the columns that are looked at: far more than any export has.
const maxColumns = 2_000

// A Survey looks at a whole file, row by row, to find out what its columns
// mean. It keeps counts, not rows: its size does not grow with the file's.
type Survey struct {
	country string
	locale  string
	rows    int
	titles  []string // all the file's, also those not looked at
	columns []surveyed
	open    []int // the columns still looked at when the sample is full
}

// A surveyed column: its heading and what its cells look like.
type surveyed struct {
	title    string
	meaning  meaning
	generic  bool // the heading says nothing
	evidence evidence
}

// NewSurvey begins a Survey of a file with these headings. country (ISO 3166-1,
// two letters) and locale (BCP 47) are the Company's: they decide what the file
// leaves open, and the language of salutations that are made from gender codes.
func NewSurvey(columns []string, country, locale string) *Survey {
	s := &Survey{country: country, locale: locale, titles: columns}
	if len(columns) > maxColumns {
		columns = columns[:maxColumns]
	}
	s.columns = make([]surveyed, len(columns))
	tracked := 0
	for i, title := range columns {
		c := &s.columns[i]
		c.title = strings.TrimSpace(title)
		c.meaning, c.generic = readHeading(c.title), genericHeading(c.title)
		switch concept := c.meaning.concept; {
		case concept == "externalId" || concept == "partner" || concept == "personnel" || concept == "party" || c.generic:
			if tracked++; tracked <= 12 {
				c.evidence.rows = map[uint64]int{}
			}
		case concept == "gender" || concept == "salutation" || concept == "titleOrSalutation":
			c.evidence.values = map[string]int{}
		case concept == "birthDate":
			c.evidence.dated = true
		}
		s.open = append(s.open, i)
	}
	return s
}

// genericHeading reports headings that say nothing: "", "Column 3", "F1", "A".
func genericHeading(title string) bool {
	name := strings.TrimRight(key(title), "0123456789")
	if len(name) <= 1 {
		return true
	}
	switch name {
	case "column", "spalt", "spalte", "colonne", "colonna", "columna", "kolom", "kolumna", "field", "feld", "champ", "campo", "veld", "pole", "unnamed", "col":
		return true
	}
	return false
}

// Add takes in the next row of the file; number is its line or row there, to
// be named by. It keeps none of the cells.
func (s *Survey) Add(number int, cells []string) {
	s.rows++
	for _, i := range s.open {
		if i >= len(cells) {
			break // s.open ascends
		}
		if cells[i] == "" || cells[i] == Absent {
			continue
		}
		e := &s.columns[i].evidence
		cell := clean(cells[i])
		if cell == "" {
			if null(trim(cells[i])) {
				e.null++
			}
			continue
		}
		e.seen++
		switch {
		case s.rows <= sampleRows || e.sampled < leastSample:
			e.add(cell, number, s.rows, s.country)
		default:
			e.value(cell)
			if e.dated {
				e.date.add(cell, number)
			}
		}
	}
	if s.rows == sampleRows {
		s.narrow()
	}
}

// narrow leaves only those columns to be looked at of which more is to be
// learnt: dates, whose order one late row may tell, codes, of which a late one
// may be none, and those hardly filled yet.
func (s *Survey) narrow() {
	open := s.open[:0]
	for _, i := range s.open {
		e := &s.columns[i].evidence
		e.dated = e.dated || 2*e.dates > e.sampled
		codes := e.values != nil && len(e.values) <= mostValues
		if e.dated || codes || e.sampled < leastSample {
			open = append(open, i)
		}
	}
	s.open = open
}
