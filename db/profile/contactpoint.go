package profile

import "strings"

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
