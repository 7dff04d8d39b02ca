package intake

import (
	"strconv"
	"strings"
)

// A day is a date of the calendar, or what may be one.
type day struct{ year, month, day int }

// valid reports whether the calendar (Gregorian, from year 1) has the day.
func (d day) valid() bool {
	if d.year < 1 || d.year > 9999 || d.month < 1 || d.month > 12 || d.day < 1 {
		return false
	}
	return d.day <= daysIn(d.year, d.month)
}

func daysIn(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// String writes the day as YYYY-MM-DD.
func (d day) String() string {
	return string([]byte{
		byte('0' + d.year/1000%10), byte('0' + d.year/100%10), byte('0' + d.year/10%10), byte('0' + d.year%10), '-',
		byte('0' + d.month/10), byte('0' + d.month%10), '-', byte('0' + d.day/10), byte('0' + d.day%10),
	})
}

// none reports the days that programs write where there is none: SAP's and
// Oracle's zeros and nines, Outlook's year 4501, .NET's, Navision's and Excel's
// first day. No living person was born on any of them.
func (d day) none() bool {
	switch {
	case d == day{} || d.year == 4501 || d.year == 9999 || d == day{1, 1, 1} || d == day{1753, 1, 1}:
		return true
	case d == day{1900, 1, 1} || d == day{1900, 1, 0} || d == day{1899, 12, 30} || d == day{1899, 12, 31}:
		return true
	}
	return d.month == 0 && d.day == 0 && d.year <= 1900
}

// A dateText is a date taken apart, before it is known which part is which.
type dateText struct {
	n      [3]int
	width  [3]uint8 // digits as written; 0 for a month by name
	count  int
	month  int // which part is a month by name; -1 for none
	sep    byte
	minus  bool // begins with a minus: a day number before 1904
	noYear bool // "--05-17", as Google writes a birthday
}

// scanDate takes a text apart; ok is false for what is no date at all.
func scanDate(s string) (t dateText, ok bool) {
	t.month = -1
	if len(s) > 60 {
		return t, false
	}
	i := 0
	if strings.HasPrefix(s, "--") {
		t.noYear, i = true, 2
	} else if strings.HasPrefix(s, "-") {
		t.minus, i = true, 1
	}
	for i < len(s) && t.count < 3 {
		c := s[i]
		switch {
		case digit(c):
			start, n := i, 0
			for i < len(s) && digit(s[i]) {
				if i-start < 9 {
					n = n*10 + int(s[i]-'0')
				}
				i++
			}
			if i-start > 8 {
				return t, false
			}
			t.n[t.count], t.width[t.count] = n, uint8(i-start)
			t.count++
		case letter(c):
			start := i
			for i < len(s) && letter(s[i]) {
				i++
			}
			if !t.word(s[start:i]) {
				return t, false
			}
		case c == '.' || c == '/' || c == '-' || c == ',' || c == ' ' || c == '\'':
			if t.sep == 0 || t.sep == ' ' {
				t.sep = c
			}
			i++
		case c == ':' && t.count == 2:
			return t, false // a time
		default:
			return t, false
		}
	}
	return t, t.count > 0 && timeOnly(s[i:])
}

// word takes a word within a date: a month's name, or one that says nothing.
func (t *dateText) word(s string) bool {
	var buf [48]byte
	if len(s) > 20 {
		return false
	}
	folded := appendKey(buf[:0], s)
	if m := months[string(folded)]; m > 0 {
		if t.month >= 0 {
			return false
		}
		t.n[t.count], t.month = m, t.count
		t.count++
		return true
	}
	return dateWords[string(folded)]
}

// timeOnly reports whether what follows a date is a time of day, a word such as
// the Polish r., or nothing. More numbers make it something else, a phone say.
func timeOnly(s string) bool {
	rest := strings.TrimLeft(s, " \t.,")
	if rest == "" || rest == s && rest[0] != 'T' && rest[0] != 'r' {
		return rest == ""
	}
	if rest[0] == 'T' {
		rest = rest[1:]
	}
	n := 0
	for n < len(rest) && digit(rest[n]) {
		n++
	}
	if n == 0 {
		return wordIn(dateWords, rest)
	}
	return n <= 2 && n < len(rest) && (rest[n] == ':' || rest[n] == '.' || rest[n] == 'h' || strings.HasPrefix(rest[n:], " Uhr")) && len(rest) <= 30
}

// dateWords may stand in a date and say nothing.
var dateWords = wordSet("dateWords")

// months are the months' names and their abbreviations in the seven languages.
var months = func() map[string]int {
	names := map[string]int{}
	for n := 1; n <= 12; n++ {
		for name := range wordSet("month-" + strconv.Itoa(n)) {
			if _, taken := names[name]; !taken {
				names[name] = n
			}
		}
	}
	return names
}()
