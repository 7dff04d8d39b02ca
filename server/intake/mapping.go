package intake

import "strings"

// A Mapping says which column of a file is which field. It is kept as JSON, by
// name, with its Source.
type Mapping struct {
	// Columns are those of the file that are spoken of, in any order. Without any,
	// Survey.Complete recognises them.
	Columns []Column `json:"columns"`
	// Unmapped is what becomes of the file's other columns; "" is IGNORE.
	Unmapped Unmapped `json:"unmapped,omitempty"`
	// EmptyCells is what an empty cell says; "" is NONE.
	EmptyCells EmptyCells `json:"emptyCells,omitempty"`
	// Key names the column that also is the externalId, for files that have none:
	// by its heading, "E-Mail", or its field, "emails[0].address". "" where a
	// column is externalId.
	Key string `json:"key,omitempty"`
	// Exact takes cells as they stand, as those of our own exports are to be: no
	// text stands for nothing, nothing is taken apart, no letter is taken off.
	Exact bool `json:"exact,omitempty"`
}

// A Column says what the cells of one column are.
type Column struct {
	// Title is the column's heading, as the file has it; case, accents and
	// punctuation do not matter. Position, from 1, is needed only where the
	// heading is empty; with several of one heading, the first Column is the first.
	Title    string `json:"title"`
	Position int    `json:"position,omitempty"`
	// Field is where the cells go: externalId, givenName, emails[0].address,
	// phones[1].number, addresses[0].street, customFields.vehicle, metadata.id, metadata for
	// all of it as a JSON object; ""
	// ignores the column. Cells that hold more than one field are fullName,
	// addresses[0].streetAndNumber, .postalCodeAndCity, .poBox and .whole; parts of
	// a name are middleName, familyNamePrefix and secondFamilyName; words that
	// tell the use and kind of an entry are its .label.
	Field string `json:"field"`
	// Use and Kind of the e-mail, phone or address in the column: PRIVATE or
	// BUSINESS; MOBILE, LANDLINE, FAX or OTHER. "" says nothing.
	Use  string `json:"use,omitempty"`
	Kind string `json:"kind,omitempty"`
	// DateOrder is how dates are written where a cell leaves it open.
	DateOrder DateOrder `json:"dateOrder,omitempty"`
	// NameOrder is how a fullName without a comma is written; "" is GIVEN_FIRST.
	NameOrder NameOrder `json:"nameOrder,omitempty"`
	// Separator stands between several e-mails or phones in one cell. "" finds
	// line ends, semicolons, commas and slashes, where each part is one.
	Separator string `json:"separator,omitempty"`
	// Type of a custom field: TEXT, NUMBER, DATE, BOOLEAN, CHOICE, or JSON for a
	// text in quotes, a number, true or false; "" is TEXT.
	// A CustomField known to NewReader goes before it.
	Type string `json:"type,omitempty"`
	// Decimal is "," or "." in the column's numbers where a cell leaves it open.
	Decimal string `json:"decimal,omitempty"`
	// Values are the cells that stand for something else, by their folded
	// spelling: {"m": "Herr", "w": "Frau"}. What is not in it stays as it is.
	Values map[string]string `json:"values,omitempty"`
	// NullIsName keeps NULL, None and the like in a column of names: there are
	// people called Null. Elsewhere it is how databases write an empty cell.
	NullIsName bool `json:"nullIsName,omitempty"`
	// Confidence is how sure the Survey is, from 0 to 1: 1 our own name, .95
	// heading and values agree, .85 the heading alone, .6 the values alone.
	Confidence float64 `json:"confidence,omitempty"`
}

// Unmapped says what becomes of columns that a Mapping does not speak of.
type Unmapped string

// The values of Unmapped.
const (
	UnmappedCustom Unmapped = "CUSTOM" // a custom field each, by a key made from the heading
	UnmappedIgnore Unmapped = "IGNORE"
)

// EmptyCells says what an empty cell says.
type EmptyCells string

// The values of EmptyCells.
const (
	EmptyNone   EmptyCells = "NONE"   // the Source has none
	EmptyAbsent EmptyCells = "ABSENT" // nothing is said
)

// DateOrder is the order of day, month and year.
type DateOrder string

// The values of DateOrder. SERIAL counts days as Excel does, from 1900-01-01
// with a 29 February 1900 that never was; SERIAL_1904 from 1904-01-01, as Excel
// for the Macintosh did.
const (
	DMY        DateOrder = "DMY"
	MDY        DateOrder = "MDY"
	YMD        DateOrder = "YMD"
	Serial     DateOrder = "SERIAL"
	Serial1904 DateOrder = "SERIAL_1904"
)

// NameOrder is the order of given and family name.
type NameOrder string

// The values of NameOrder.
const (
	GivenFirst  NameOrder = "GIVEN_FIRST"
	FamilyFirst NameOrder = "FAMILY_FIRST"
)

// Absent is the cell that is not there at all: nothing is said.
const Absent = "\x00"

// A CustomField is one that the Company has defined.
type CustomField struct {
	Key     string
	Labels  []string // in any language: headings that mean it
	Type    string   // text, number, date, boolean or choice, in either case
	Choices []string // the values of a choice
}

// locate finds the file's column, from 0, that each of the Mapping's Columns
// speaks of; -1 where there is none.
func (m *Mapping) locate(columns []string) []int {
	at := make([]int, len(m.Columns))
	taken := make(map[int]bool, len(at))
	take := func(i, column int) {
		at[i] = column
		taken[column] = true
	}
	exact, folded := byTitle(columns, strings.TrimSpace), byTitle(columns, key)
	next := func(titles []int) int {
		for _, column := range titles {
			if !taken[column] {
				return column
			}
		}
		return -1
	}
	for i := range m.Columns {
		at[i] = -1
		c := &m.Columns[i]
		if p := c.Position - 1; p >= 0 && p < len(columns) && !taken[p] && key(columns[p]) == key(c.Title) {
			take(i, p)
		}
	}
	for i := range m.Columns {
		if c := &m.Columns[i]; at[i] < 0 && c.Title != "" {
			if column := next(exact[strings.TrimSpace(c.Title)]); column >= 0 {
				take(i, column)
			}
		}
	}
	for i := range m.Columns {
		if name := key(m.Columns[i].Title); at[i] < 0 && name != "" {
			if column := next(folded[name]); column >= 0 {
				take(i, column)
			}
		}
	}
	return at
}

func byTitle(columns []string, fold func(string) string) map[string][]int {
	by := make(map[string][]int, len(columns))
	for i, title := range columns {
		name := fold(title)
		by[name] = append(by[name], i)
	}
	return by
}
