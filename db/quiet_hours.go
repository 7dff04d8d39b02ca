package db

import (
	"strings"
	"time"
)

// QuietHours are those of each day in which no Request is sent, by the
// Company's clock: from one time, as 22:00, up to another, perhaps of the next day.
type QuietHours struct{ From, Until string }

// clockTime is how they are written.
const clockTime = "15:04"

// QuietHours are the Company's; nil for none.
func (c *Company) QuietHours() *QuietHours {
	from, until, some := strings.Cut(c.Quiet, "-")
	if !some {
		return nil
	}
	return &QuietHours{from, until}
}

// stored checks them and writes them in one way.
func (h *QuietHours) stored() (string, Errors) {
	var errs Errors
	write := func(field, text string) string {
		at, err := time.Parse(clockTime, strings.TrimSpace(text))
		if err != nil {
			errs = append(errs, &Error{Invalid, []string{"quietHours", field}, field + " is no time of day; write it as 22:00"})
		}
		return at.Format(clockTime)
	}
	from, until := write("from", h.From), write("until", h.Until)
	if len(errs) == 0 && from == until {
		errs = append(errs, &Error{Invalid, []string{"quietHours", "until"}, "quiet hours that end when they begin are none, or all of them; leave them out, or archive the Company"})
	}
	return from + "-" + until, errs
}

// quietUntil is when the quiet hours end in which a moment lies; zero where it
// lies in none.
func (c *Company) quietUntil(at time.Time) time.Time {
	if c.Quiet == "" {
		return time.Time{}
	}
	h := c.QuietHours()
	if h == nil {
		return time.Time{}
	}
	local := at.In(c.Location())
	clock := local.Format(clockTime)
	ends, err := time.Parse(clockTime, h.Until)
	overnight := h.From > h.Until
	if err != nil || overnight && clock < h.From && clock >= h.Until || !overnight && (clock < h.From || clock >= h.Until) {
		return time.Time{}
	}
	day := local
	if overnight && clock >= h.From {
		day = local.AddDate(0, 0, 1)
	}
	return time.Date(day.Year(), day.Month(), day.Day(), ends.Hour(), ends.Minute(), 0, 0, local.Location())
}

// silentUntil is until when nothing of the Tenant's goes out; zero where it
// may now, and never where its Company is archived. Test mode sends nothing anyway.
func (t *Tenant) silentUntil(now time.Time) (until time.Time, forEver bool) {
	if t.Company.ArchivedAt != nil {
		return now, true
	}
	if t.Mode != Live {
		return time.Time{}, false
	}
	return t.Company.quietUntil(now), false
}
