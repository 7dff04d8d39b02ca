package profile

import (
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"
)

const (
	maxDigits = 15 // E.164, 6.1, country code and all
	maxPhone  = 60 // far more, with any punctuation
)

// cleanPhone takes a number as people write it in the country, and returns it
// in E.164 form with what answers there; "" for none. A number need only be
// possible, not assigned: the lists of assigned ranges age.
func cleanPhone(s, country string) (string, PhoneKind, fault) {
	if number, kind, ok := commonNumber(s, country); ok {
		return number, kind, fault{}
	}
	s = strings.TrimSpace(s)
	if len(s) > 4 && strings.EqualFold(s[:4], "tel:") {
		s = s[4:]
	}
	if s == "" {
		return "", "", fault{}
	}
	if len(s) > 4*maxPhone {
		return "", "", badPhone("is too long to be one", country)
	}
	digits := strings.Map(dialled, s)
	if strings.ContainsFunc(digits, unlike) {
		return "", "", badPhone("holds what is not dialled; leave out words, and write an extension's own number", country)
	}
	n, err := phonenumbers.Parse(digits, country)
	if err != nil {
		return "", "", badPhone("cannot be read", country)
	}
	switch phonenumbers.IsPossibleNumberWithReason(n) {
	case phonenumbers.IS_POSSIBLE:
	case phonenumbers.IS_POSSIBLE_LOCAL_ONLY:
		return "", "", badPhone("has no area code", country)
	case phonenumbers.TOO_SHORT:
		return "", "", badPhone("is too short", country)
	default:
		return "", "", badPhone("is too long", country)
	}
	if n.GetExtension() != "" {
		return "", "", badPhone("has an extension; write the extension's own number", country)
	}
	number := phonenumbers.Format(n, phonenumbers.E164)
	if len(number) > len("+")+maxDigits {
		return "", "", badPhone("is too long", country)
	}
	if n.GetItalianLeadingZero() {
		// Where a country's numbers begin with 0 this reads as the same again;
		// elsewhere it was one 0 too many.
		if again, err := phonenumbers.Parse(number, country); err != nil || phonenumbers.Format(again, phonenumbers.E164) != number {
			return "", "", badPhone("begins with too many zeros", country)
		}
	}
	if _, kind, ok := commonNumber(number, country); ok {
		return number, kind, fault{} // one number is of one kind, however it was written
	}
	return number, kindOf(phonenumbers.GetNumberType(n)), fault{}
}

func badPhone(what, country string) fault {
	where := ""
	if country != "" {
		where = " in " + country
	}
	return fault{codeInvalidPhone, "is no phone number" + where + ": it " + what + "; write it like +49 30 1234567"}
}

// dialled drops what copying brings along unseen.
func dialled(r rune) rune {
	if unicode.Is(unicode.Cf, r) {
		return -1
	}
	return r
}

// unlike reports what no number holds. Parsing would dial letters as on a
// keypad, cut an extension off, and pass over broken characters.
func unlike(r rune) bool {
	return unicode.IsLetter(r) || (forbidden(r) && !unicode.IsSpace(r))
}

func kindOf(t phonenumbers.PhoneNumberType) PhoneKind {
	switch t {
	case phonenumbers.MOBILE:
		return PhoneMobile
	case phonenumbers.FIXED_LINE:
		return PhoneLandline
	}
	return PhoneOther
}
