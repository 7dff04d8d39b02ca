package intake

import "fmt"

// A Level tells how grave a Finding is.
type Level string

// The values of Level.
const (
	LevelError   Level = "ERROR"   // the file cannot go in by this Mapping
	LevelWarning Level = "WARNING" // it can; a person should look at it
	LevelNote    Level = "NOTE"    // what was done, for the record
)

// The codes of Findings.
const (
	NoKey           = "NO_KEY"          // no column is the externalId
	DuplicateKeys   = "DUPLICATE_KEYS"  // rows with the same externalId, among the first 10,000
	RunningNumbers  = "RUNNING_NUMBERS" // the externalId only counts the rows
	SameField       = "SAME_FIELD"      // two columns claim one field
	ValuesDisagree  = "VALUES_DISAGREE" // the cells are not what the heading says
	AmbiguousDates  = "AMBIGUOUS_DATES" // the order of day and month had to be assumed
	MixedDates      = "MIXED_DATES"     // some dates only fit another order
	SerialDates     = "SERIAL_DATES"    // dates are Excel's day numbers
	DatesWithNoYear = "DATES_WITHOUT_YEAR"
	SwallowedZeros  = "SWALLOWED_ZEROS"  // postal codes without their leading zeros
	LostDigits      = "LOST_DIGITS"      // numbers that a spreadsheet wrote as 4,9E+11
	LostCharacters  = "LOST_CHARACTERS"  // a ? or � in the place of a letter
	NotAnAddress    = "NOT_AN_ADDRESS"   // e-mail or phone cells with words in them
	TooManyColumns  = "TOO_MANY_COLUMNS" // more than are looked at, or than a Contact can have fields
	LongTexts       = "LONG_TEXTS"       // a column of texts longer than a custom field
	OwnExport       = "OWN_EXPORT"       // the file is one of our own exports
)

// A Finding is what the Survey has to say about a file, made for whoever sent it.
type Finding struct {
	Level   Level  `json:"level"`
	Code    string `json:"code"`
	Column  string `json:"column,omitempty"` // its title
	Field   string `json:"field,omitempty"`  // what it was taken for
	Message string `json:"message"`          // what is so, and the cure
}

func (g *guess) find(level Level, code string, c *claim, format string, args ...any) {
	f := Finding{Level: level, Code: code, Message: fmt.Sprintf(format, args...)}
	if c != nil {
		f.Column, f.Field = c.name(), c.field.String()
	}
	g.findings = append(g.findings, f)
}
