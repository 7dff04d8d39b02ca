package profile

import (
	"strings"
	"time"
)

// cleanBirthDate takes a day as YYYY-MM-DD, from 1900 to today.
func cleanBirthDate(s string, now time.Time) (string, fault) {
	s = strings.TrimSpace(s)
	if s == "" {
		return "", fault{}
	}
	if len(s) != len(time.DateOnly) {
		return "", fault{codeInvalidDate, "is no date; write it as YYYY-MM-DD"}
	}
	day, err := time.Parse(time.DateOnly, s)
	switch {
	case err != nil:
		return "", fault{codeInvalidDate, "is no date of the calendar; write it as YYYY-MM-DD"}
	case day.Year() < 1900:
		return "", fault{codeInvalidDate, "is before 1900; write a birth date from 1900-01-01 on, or leave it out"}
	case day.After(now):
		return "", fault{codeInvalidDate, "lies in the future; write a birth date up to today, or leave it out"}
	}
	return s, fault{}
}

// skew is how far ahead a Source's clock may be.
const skew = 5 * time.Minute

// cleanObserved takes a moment as RFC 3339; "" is the zero time, unknown.
func cleanObserved(s string, now time.Time) (time.Time, fault) {
	s = strings.TrimSpace(s)
	if s == "" {
		return time.Time{}, fault{}
	}
	at, err := time.Parse(time.RFC3339, s)
	switch {
	case err != nil:
		return time.Time{}, fault{codeInvalid, "is no moment; write it as RFC 3339, such as 2026-03-31T14:05:00Z"}
	case at.Year() < 1970:
		return time.Time{}, fault{codeInvalid, "is before 1970; write when the Source last knew this, or leave it out"}
	case at.After(now.Add(skew)):
		return time.Time{}, fault{codeInvalid, "is more than 5 minutes ahead; set the Source's clock right, or leave it out"}
	}
	return at.UTC(), fault{}
}

// cleanDay takes a day as YYYY-MM-DD, YYYY/MM/DD, D.M.YYYY or the beginning of
// an RFC 3339 moment. Days with slashes that end in the year are refused: half
// the world begins them with the month.
func cleanDay(s string) (string, fault) {
	s = strings.TrimSpace(s)
	if s == "" {
		return "", fault{}
	}
	layout := "2.1.2006"
	switch {
	case len(s) > len(time.DateOnly) && s[len(time.DateOnly)] == 'T':
		layout = time.RFC3339
	case strings.Count(s, "/") == 2 && strings.Index(s, "/") == 4:
		layout = "2006/01/02"
	case strings.Contains(s, "-"):
		layout = time.DateOnly
	}
	day, err := time.Parse(layout, s)
	switch {
	case err != nil && strings.Contains(err.Error(), "out of range"):
		return "", fault{codeInvalidDate, "is no date of the calendar; write it as YYYY-MM-DD"}
	case err != nil:
		return "", fault{codeInvalidDate, "is no date; write it as YYYY-MM-DD"}
	case day.Year() < 1000 || day.Year() > 9999:
		return "", fault{codeInvalidDate, "is in no year of four digits; write it as YYYY-MM-DD"}
	}
	return day.Format(time.DateOnly), fault{}
}
