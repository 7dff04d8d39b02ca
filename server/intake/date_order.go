package intake

import "fmt"

// dateEvidence is what a whole column shows of how its dates are written.
type dateEvidence struct {
	dates      int // that can be read in one order or another
	dayFirst   int // only day before month fits
	monthFirst int
	yearFirst  int // the year stands first
	open       int // day and month could change places
	dots       int // of open: written with dots
	short      int // written with two digits of the year
	serials    int
	early      int // day numbers below 1, which only the 1904 count has
	compact    int // 19701231
	noYear     int
	none       int    // 00.00.0000 and the like
	rows       [2]int // the first rows that only dayFirst, only monthFirst fits
}

// add takes in one cell and reports whether it is a date.
func (e *dateEvidence) add(cell string, row int) bool {
	if !dateStart(cell) {
		return false
	}
	t, ok := scanDate(cell)
	if !ok {
		return false
	}
	if t.zero() && t.width[0] >= 1 && (t.count == 3 || t.width[0] == 8) {
		e.none++
		return true
	}
	switch t.count {
	case 1:
		return e.addNumber(&t)
	case 2:
		switch {
		case t.dayAndMonth():
			e.noYear++
		case t.serial():
			e.serials++
		default:
			return false
		}
		return true
	}
	return e.addParts(&t, row)
}

func dateStart(cell string) bool {
	c := cell[0]
	return digit(c) || letter(c) || c == '-'
}

func (e *dateEvidence) addNumber(t *dateText) bool {
	switch {
	case t.width[0] == 8:
		d, state := t.read("", day{9999, 12, 31}, false)
		if state == dateNone {
			e.none++
			return true
		}
		if state != dateRead || d.year < 1800 || d.year > 2200 {
			return false
		}
		e.compact++
		e.dates++
		return true
	case t.serial() || (t.minus && t.width[0] >= 1):
		e.serials++
		if t.minus || t.n[0] < 1 {
			e.early++
		}
		return t.width[0] == 5
	}
	return false
}

func (e *dateEvidence) addParts(t *dateText, row int) bool {
	a, b, c := t.n[0], t.n[1], t.n[2]
	switch {
	case t.width[0] > 2:
		if t.width[0] != 4 || t.month == 0 || b > 12 || c > 31 {
			return false
		}
		e.yearFirst++
	case t.width[2] != 4 && t.width[2] > 2, t.month == 2:
		return false
	case t.month >= 0:
	case a > 31:
		if b > 12 || c > 31 || t.width[2] == 4 {
			return false
		}
		e.yearFirst++
	case a > 12 && b > 12, a > 31 || b > 31:
		return false
	case a > 12:
		if e.dayFirst++; e.rows[0] == 0 {
			e.rows[0] = row
		}
	case b > 12:
		if e.monthFirst++; e.rows[1] == 0 {
			e.rows[1] = row
		}
	case a != b:
		e.open++
		if t.sep == '.' {
			e.dots++
		}
	}
	if t.width[2] <= 2 && t.width[0] <= 2 {
		e.short++
	}
	e.dates++
	return true
}

// order decides how the column is read. others is what the file's other
// columns show; certain is false where the Company's country had to decide.
func (e *dateEvidence) order(others *dateEvidence, country string) (order DateOrder, certain bool) {
	switch {
	case e.dates == e.compact && e.serials > e.dates:
		if e.early > 0 {
			return Serial1904, true
		}
		return Serial, true
	case e.dayFirst > e.monthFirst:
		return DMY, true
	case e.monthFirst > e.dayFirst:
		return MDY, true
	case e.yearFirst > 0 && e.short > e.yearFirst/2 && e.dayFirst == 0:
		return YMD, true
	case e.open == 0:
		if e.yearFirst > 0 || e.compact > 0 {
			return YMD, true
		}
		return countryOrder(country), true
	case 2*e.dots > e.open:
		return DMY, true // no one who writes dots writes the month first
	case others.dayFirst > 0 && others.monthFirst == 0:
		return DMY, true
	case others.monthFirst > 0 && others.dayFirst == 0:
		return MDY, true
	}
	return countryOrder(country), false
}

// countryOrder is how most people write short dates in a country.
func countryOrder(country string) DateOrder {
	switch country {
	case "US", "PH", "PR", "GU", "FM", "PW", "VI", "AS", "MP":
		return MDY
	case "CN", "JP", "KR", "TW", "HU", "LT", "MN", "SE", "ZA", "IR":
		return YMD
	}
	return DMY
}

// words says an order as people do.
func (o DateOrder) words() string {
	switch o {
	case MDY:
		return "month, day, year"
	case YMD:
		return "year, month, day"
	case Serial:
		return "Excel's day numbers from 1900"
	case Serial1904:
		return "Excel's day numbers from 1904"
	}
	return "day, month, year"
}

// dateFindings reports how a column's dates were understood.
func (g *guess) dateFindings(c *claim, e *dateEvidence, order DateOrder, certain bool) {
	if !certain && e.open > 0 {
		g.find(LevelWarning, AmbiguousDates, c, "in %q no date tells day from month; they are read as %s, which is usual in %s; set the column's dateOrder to DMY or MDY if that is wrong",
			c.name(), order.words(), g.where())
	}
	if e.dayFirst > 0 && e.monthFirst > 0 {
		few, row := e.monthFirst, e.rows[1]
		if order == MDY {
			few, row = e.dayFirst, e.rows[0]
		}
		g.find(LevelWarning, MixedDates, c, "in %q the dates are read as %s, which %s, such as that of row %d; check how the file was made, since other dates may have day and month exchanged",
			c.name(), order.words(), counted(few, "date does not fit", "dates do not fit"), row)
	}
	if order == Serial || order == Serial1904 {
		g.find(LevelNote, SerialDates, c, "%q holds %s; set the column's dateOrder to SERIAL or SERIAL_1904 if the days are 4 years off", c.name(), order.words())
	}
	if e.noYear > 0 && c.field.kind == scalar {
		g.find(LevelNote, DatesWithNoYear, c, "%q has %s; nothing is said of them", c.name(), counted(e.noYear, "date without a year", "dates without a year"))
	}
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
