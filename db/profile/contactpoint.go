package profile

import (
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// NormalizeEmail is how an e-mail address is kept, for those that belong to
// no profile. The Problem, if any, has no path.
func NormalizeEmail(s string) (string, *Problem) {
	address, f := cleanEmail(s)
	return address, f.alone(s)
}

// NormalizePhone is how a number as people write it in a country (ISO 3166-1
// alpha-2) is kept, E.164, for those that belong to no profile.
func NormalizePhone(s, country string) (string, *Problem) {
	number, _, f := cleanPhone(s, country)
	return number, f.alone(s)
}

// alone makes a Problem of a fault in a value without a field.
func (f fault) alone(value string) *Problem {
	if !f.bad() {
		return nil
	}
	p := newProblem(f, value, nil)
	return &p
}

// VeilEmail shows of an address just enough for whoever knows it to tell it
// from others: n•••@example.org.
func VeilEmail(address string) string {
	local, domain, found := strings.Cut(DisplayEmail(address), "@")
	if !found || local == "" {
		return "•••"
	}
	return local[:1] + "•••@" + domain
}

// VeilPhone does so for a number in E.164 form, by its last digits: …678.
// An SMS can hold these signs.
func VeilPhone(number string) string {
	if len(number) < 8 {
		return "…"
	}
	return "…" + number[len(number)-3:]
}

// TakesSMS reports whether a number in E.164 form is a mobile one, or, in the
// countries whose numbers do not tell (such as the United States), may be.
func TakesSMS(number string) bool {
	if _, kind, ok := commonNumber(number, ""); ok {
		return kind == PhoneMobile
	}
	n, err := phonenumbers.Parse(number, "")
	if err != nil {
		return false
	}
	kind := phonenumbers.GetNumberType(n)
	return kind == phonenumbers.MOBILE || kind == phonenumbers.FIXED_LINE_OR_MOBILE
}
