package db

import (
	"context"
	"net/mail"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/biter777/countries"
	"golang.org/x/text/language"
)

// line checks a text of one line.
func line(field string, limit int) func(string) (string, error) {
	return func(s string) (string, error) {
		s = strings.Join(strings.Fields(s), " ")
		if s == "" {
			return "", fail(Required, field, "%s must not be empty", field)
		}
		return paragraph(field, limit)(s)
	}
}

// paragraph checks a text of several lines.
func paragraph(field string, limit int) func(string) (string, error) {
	return func(s string) (string, error) {
		s = strings.TrimSpace(s)
		if len([]rune(s)) > limit {
			return "", fail(TooLong, field, "%s has more than %d characters; shorten it", field, limit)
		}
		if at := strings.IndexFunc(s, func(r rune) bool { return r < ' ' && r != '\n' && r != '\r' && r != '\t' || r == '\uFFFD' }); at >= 0 {
			return "", fail(Invalid, field, "%s holds a character that cannot be shown, at byte %d; remove it", field, at)
		}
		return s, nil
	}
}

func checkLocale(s string) (string, error) {
	tag, err := language.Parse(strings.TrimSpace(s))
	if err != nil || tag == language.Und {
		return "", fail(Code("INVALID_LOCALE"), "locale", "locale %q is none; write it as de, en or de-AT", s)
	}
	return tag.String(), nil
}

func checkTimezone(s string) (string, error) {
	if _, err := time.LoadLocation(s); err != nil || s == "" || s == "Local" {
		return "", fail(Invalid, "timezone", "timezone %q is not known; write it as Europe/Berlin", s)
	}
	return s, nil
}

func checkSender(s string) (string, error) {
	a, err := mail.ParseAddress(strings.TrimSpace(s))
	if err != nil || a.Name != "" {
		return "", fail(Code("INVALID_EMAIL"), "senderAddress", "senderAddress %q is no e-mail address; write it as kontakt@example.com", s)
	}
	return a.Address, nil
}

func checkURL(s string) (string, error) {
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return "", fail(Invalid, "privacyUrl", "privacyUrl %q is no web address; write it as https://example.com/privacy", s)
	}
	return u.String(), nil
}

// slugs are names in addresses of pages: a point would begin test mode's mark.
var slugs = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

func checkSlug(s string) (string, error) {
	s = strings.ToLower(strings.TrimSpace(s))
	if len(s) > 100 || !slugs.MatchString(s) {
		return "", fail(Invalid, "slug", "slug %.100q is none; write 1 to 100 of a-z, 0-9 and hyphens between them, such as nordlicht", s)
	}
	return s, nil
}

// checkSlug fails with TAKEN where another Company goes by the slug.
func (x *tx) checkSlug(ctx context.Context, c *Company) error {
	var n int
	if err := x.row(ctx, "SELECT count(*) FROM company WHERE slug = $1 AND id <> $2", c.Slug, c.Key).Scan(&n); err != nil {
		return err
	}
	if n > 0 {
		return fail(Taken, "slug", "%s is another Company's; choose another one", c.Slug)
	}
	return nil
}

func checkCountry(s string) (string, error) {
	s = strings.TrimSpace(s)
	country := countries.ByName(s)
	if country == countries.Unknown || len(s) != 2 {
		return "", fail(Code("INVALID_COUNTRY"), "countryCode", "countryCode %.20q is no country; write its two letters, such as DE", s)
	}
	return country.Alpha2(), nil
}
