package intake

import "time"

// A dateState is what came of reading a date.
type dateState uint8

const (
	dateRead   dateState = iota
	dateNone             // one of the ways to write that there is none
	dateNoYear           // a birthday of unknown year
	dateBad              // no date, or none of the calendar
)

// read makes a day of a dateText by its column's order. today is the last day
// that a birth date written with two digits of its year may be; past is true
// for a birth date.
func (t *dateText) read(order DateOrder, today day, past bool) (day, dateState) {
	if t.zero() {
		return day{}, dateNone
	}
	switch t.count {
	case 1:
		return t.readNumber(order, today, past)
	case 2:
		switch {
		case t.dayAndMonth():
			return day{}, dateNoYear
		case t.serial():
			return serialDay(t.n[0], order)
		}
		return day{}, dateBad
	}
	d, years := t.arrange(order)
	switch years {
	case 4:
	case 1, 2:
		d.year = century(d, today, past)
	default:
		if d.year != 0 {
			return day{}, dateBad
		}
	}
	switch {
	case d.none():
		return day{}, dateNone
	case !d.valid():
		return d, dateBad
	}
	return d, dateRead
}

// dayAndMonth reports whether two parts are a birthday of unknown year.
func (t *dateText) dayAndMonth() bool {
	switch {
	case t.noYear:
		return true
	case t.month >= 0:
		return t.width[1-t.month] <= 2
	}
	return t.width[0] <= 2 && t.width[1] <= 2 && t.sep != ',' && min(t.n[0], t.n[1]) <= 12 && min(t.n[0], t.n[1]) > 0 && max(t.n[0], t.n[1]) <= 31
}

// arrange puts three parts in their places; years is how many digits the year
// was written with.
func (t *dateText) arrange(order DateOrder) (d day, years uint8) {
	switch {
	case t.width[0] > 2 || (t.month < 0 && t.width[2] <= 2 && order == YMD):
		return day{t.n[0], t.n[1], t.n[2]}, t.width[0]
	case t.month == 0:
		return day{t.n[2], t.n[0], t.n[1]}, t.width[2]
	case t.month == 1:
		return day{t.n[2], t.n[1], t.n[0]}, t.width[2]
	case t.month == 2:
		return day{}, 3 // no one writes so
	case order == MDY:
		return day{t.n[2], t.n[0], t.n[1]}, t.width[2]
	}
	return day{t.n[2], t.n[1], t.n[0]}, t.width[2]
}

// century finds the year of one written with two digits: a birth date is the
// last such year that is not in the future, and any other date lies within the
// next 20 years or before.
func century(d, today day, past bool) int {
	limit := today
	if !past {
		limit.year += 20
	}
	year := d.year%100 + limit.year/100*100
	if year > limit.year || (year == limit.year && (d.month > limit.month || (d.month == limit.month && d.day > limit.day))) {
		year -= 100
	}
	return year
}

// readNumber reads a date written as one number: 19701231, 31121970, 311270, or
// Excel's number of the day.
func (t *dateText) readNumber(order DateOrder, today day, past bool) (day, dateState) {
	n := t.n[0]
	switch t.width[0] {
	case 8:
		d := day{n / 10000, n / 100 % 100, n % 100}
		if d.none() {
			return day{}, dateNone
		}
		if d.valid() && d.year >= 1000 {
			return d, dateRead
		}
		d = day{n % 10000, n / 10000 % 100, n / 1000000}
		if order == MDY {
			d.month, d.day = d.day, d.month
		}
		if d.valid() {
			return d, dateRead
		}
		return d, dateBad
	case 6:
		d := day{n % 100, n / 100 % 100, n / 10000}
		switch order {
		case DMY:
		case MDY:
			d.month, d.day = d.day, d.month
		case YMD:
			d.year, d.day = d.day, d.year
		default:
			return day{}, dateBad
		}
		d.year = century(d, today, past)
		if d.valid() {
			return d, dateRead
		}
		return d, dateBad
	}
	if !t.serial() {
		return day{}, dateBad
	}
	if t.minus {
		n = -n
	}
	return serialDay(n, order)
}

// serial reports whether the text may be Excel's number of a day, with a time
// of day after the point or not. Four digits from 1900 on are a year.
func (t *dateText) serial() bool {
	switch t.count {
	case 1:
	case 2:
		if t.sep != '.' && t.sep != ',' {
			return false
		}
	default:
		return false
	}
	if t.month >= 0 || t.width[0] > 5 {
		return false
	}
	return t.width[0] == 5 || (t.width[0] >= 3 && (t.n[0] < 1900 || t.n[0] > 2100))
}

// serialDay counts days from 1900-01-01, with the 29 February 1900 that Excel
// keeps for Lotus's sake, or from 1904-01-01.
func serialDay(n int, order DateOrder) (day, dateState) {
	first := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case order == Serial1904:
		first = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case n < 0:
		return day{}, dateBad
	case n < 60:
		first = first.AddDate(0, 0, 1)
	}
	at := first.AddDate(0, 0, n)
	return day{at.Year(), int(at.Month()), at.Day()}, dateRead
}

// zero reports whether all the numbers are 0, as in 00.00.0000.
func (t *dateText) zero() bool {
	return t.count > 0 && t.month < 0 && t.n == [3]int{}
}
