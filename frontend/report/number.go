package report

import (
	"math"
	"strconv"
	"strings"
	"time"

	"complero/frontend/locales"
)

// Number writes a whole number in groups of three, as the language does.
func Number(v *locales.Voice, n int) string {
	digits := strconv.Itoa(n)
	group := v.Say("number.group")
	for at := len(digits) - 3; at > 0 && digits[at-1] != '-'; at -= 3 {
		digits = digits[:at] + group + digits[at:]
	}
	return digits
}

// decimal writes a number with some places behind the language's point.
func decimal(v *locales.Voice, x float64, places int) string {
	whole, rest, _ := strings.Cut(strconv.FormatFloat(x, 'f', places, 64), ".")
	n, err := strconv.Atoi(whole)
	if err != nil {
		return strconv.FormatFloat(x, 'g', 4, 64)
	}
	text := Number(v, n)
	if n == 0 && x < 0 {
		text = "-" + text
	}
	if rest != "" {
		text += v.Say("number.point") + rest
	}
	return text
}

// none is a value that there is not.
var none = Cell{Text: "–"}

func count(v *locales.Voice, n int) Cell { return Cell{Number(v, n), strconv.Itoa(n)} }

func countIf(v *locales.Voice, n *int) Cell {
	if n == nil {
		return none
	}
	return count(v, *n)
}

// share is a part of one, in percent.
func share(v *locales.Voice, part *float64) Cell {
	if part == nil {
		return none
	}
	places := 0
	if p := *part * 100; p > 0 && p < 10 && p != math.Round(p) {
		places = 1
	}
	return Cell{v.Say("number.percent", "N", decimal(v, *part*100, places)), strconv.FormatFloat(math.Round(*part*1e4)/1e4, 'f', -1, 64)}
}

// hours is a length of time.
func hours(v *locales.Voice, h *float64) Cell {
	if h == nil {
		return none
	}
	raw := strconv.FormatFloat(math.Round(*h*100)/100, 'f', -1, 64)
	switch {
	case *h < 1:
		return Cell{v.Say("time.minutes", "N", decimal(v, *h*60, 0)), raw}
	case *h < 48:
		return Cell{v.Say("time.hours", "N", decimal(v, *h, 1)), raw}
	}
	return Cell{v.Say("time.days", "N", decimal(v, *h/24, 1)), raw}
}

// money is an amount of a currency.
func money(v *locales.Voice, amount float64, currency string) Cell {
	places := 2
	if math.Abs(amount*100-math.Round(amount*100)) > 1e-6 {
		places = 3
	}
	return Cell{decimal(v, amount, places) + " " + currency, strconv.FormatFloat(amount, 'f', -1, 64)}
}

// day writes a date.
func day(v *locales.Voice, date string) string {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return date
	}
	return v.Date(t)
}
