package db

import (
	"net/mail"
	"net/url"
	"strings"
	"time"

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
