package dashboard

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// number writes a whole number in groups of three, as the language does.
func (v *visit) number(n int) string {
	digits := strconv.Itoa(n)
	group := v.voice.Say("number.group")
	for at := len(digits) - 3; at > 0 && digits[at-1] != '-'; at -= 3 {
		digits = digits[:at] + group + digits[at:]
	}
	return digits
}

// compareFold orders texts as people look them up, whatever their case.
func compareFold(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) }

// share writes a part of one in whole percent; a dash where nothing is known.
func (v *visit) share(part *float64) string {
	if part == nil {
		return "–"
	}
	return v.voice.Say("number.percent", "N", strconv.Itoa(int(math.Round(*part*100))))
}

// moment writes a time of a Company's zone: with the hour.
func (d *desk) moment(t time.Time) string {
	t = t.In(d.tenant.Company.Location())
	return d.voice.Say("date.moment", "Date", d.voice.Date(t), "Time", t.Format("15:04"))
}

// day writes the day of a time in a Company's zone; "" for none.
func (d *desk) day(t *time.Time) string {
	if t == nil {
		return ""
	}
	return d.voice.Date(t.In(d.tenant.Company.Location()))
}

// now is the moment that a page is of.
func (d *desk) now() time.Time { return d.tenant.Now() }
