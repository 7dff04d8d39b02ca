package verification

import (
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Sizes of what is typed.
const (
	phoneDigits = 4
	codeDigits  = 6
	longest     = 200 // runes of anything
)

// Fold brings what was typed, or what is on file, into the form in which both
// are compared. It fails for what cannot be right whatever is on file: nothing,
// no day of the calendar, too few digits. A birth date is year-month-day, with
// or without leading zeros.
func Fold(k Kind, text string) (folded string, ok bool) {
	if len(text) > longest*4 {
		return "", false
	}
	switch k {
	case BirthDate:
		return foldDay(text)
	case PostalCode:
		folded = withoutCountry(plain(text))
	case CustomerNumber:
		folded = plain(text)
	case PhoneDigits:
		if folded = digits(text); len(folded) < phoneDigits {
			return "", false
		}
		folded = folded[len(folded)-phoneDigits:]
	case EmailCode, SMSCode:
		if folded = digits(text); len(folded) != codeDigits {
			return "", false
		}
	}
	return folded, folded != ""
}

// foldDay reads year-month-day.
func foldDay(text string) (string, bool) {
	parts := strings.Split(text, "-")
	if len(parts) != 3 {
		return "", false
	}
	var n [3]int
	for i, part := range parts {
		var err error
		if n[i], err = strconv.Atoi(digits(part)); err != nil || len(digits(part)) != len([]rune(strings.TrimSpace(part))) {
			return "", false
		}
	}
	day := time.Date(n[0], time.Month(n[1]), n[2], 0, 0, 0, 0, time.UTC)
	if n[0] < 1000 || n[0] > 9999 || day.Year() != n[0] || int(day.Month()) != n[1] || day.Day() != n[2] {
		return "", false
	}
	return day.Format(time.DateOnly), true
}

// plain keeps letters and digits, the letters large.
func plain(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case unicode.IsDigit(r):
			b.WriteByte(digit(r))
		case unicode.IsLetter(r):
			b.WriteRune(unicode.ToUpper(r))
		}
	}
	return b.String()
}

// withoutCountry takes the country off a postal code that is all digits, as in
// D-24103 or LV-1010.
func withoutCountry(code string) string {
	number := strings.TrimLeftFunc(code, unicode.IsLetter)
	if letters := len(code) - len(number); letters > 2 || number == "" || strings.ContainsFunc(number, unicode.IsLetter) {
		return code
	}
	return number
}

func digits(text string) string {
	var b strings.Builder
	for _, r := range text {
		if unicode.IsDigit(r) {
			b.WriteByte(digit(r))
		}
	}
	return b.String()
}

// digit is a digit of any script as one of ASCII: an Arabic keyboard types
// others. Unicode keeps each script's ten together, from zero on.
func digit(r rune) byte {
	if r <= unicode.MaxASCII {
		return byte(r)
	}
	for _, part := range unicode.Nd.R16 {
		if r >= rune(part.Lo) && r <= rune(part.Hi) {
			return '0' + byte((r-rune(part.Lo))%10)
		}
	}
	for _, part := range unicode.Nd.R32 {
		if r >= rune(part.Lo) && r <= rune(part.Hi) {
			return '0' + byte((r-rune(part.Lo))%10)
		}
	}
	return '0'
}
