package webapp

import (
	"hash/fnv"
	"io"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/nyaruka/phonenumbers"
)

// twoDigitCodes begin country codes of two digits; 1 and 7 stand alone, and
// all others have three (ITU-T E.164, list of assigned codes).
const twoDigitCodes = "20 27 28 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 83 84 86 89 90 91 92 93 94 95 98"

// showPhone writes a number in E.164 form as people write it: +49 171 2345678.
// Taking the number apart here costs a tenth of parsing it, on a page where
// it would cost more than the rest.
func showPhone(number string) string {
	digits := callingDigits(number)
	if digits == 0 {
		return number
	}
	rest := number[1+digits:]
	code, err := strconv.ParseInt(number[1:1+digits], 10, 32)
	national, errNational := strconv.ParseUint(rest, 10, 64)
	if err != nil || errNational != nil {
		return number
	}
	parts := &phonenumbers.PhoneNumber{}
	country := int32(code)
	parts.CountryCode, parts.NationalNumber = &country, &national
	// Italian numbers keep their zeros behind the country code.
	if zeros := int32(len(rest) - len(strings.TrimLeft(rest, "0"))); zeros > 0 {
		leading := true
		parts.ItalianLeadingZero, parts.NumberOfLeadingZeros = &leading, &zeros
	}
	return phonenumbers.Format(parts, phonenumbers.INTERNATIONAL)
}

// callingDigits is how many digits of a number in E.164 form are its country's
// code; 0 where it is no such number.
func callingDigits(number string) int {
	switch {
	case len(number) < 8 || number[0] != '+':
		return 0
	case number[1] == '1' || number[1] == '7':
		return 1
	case strings.Contains(twoDigitCodes, number[1:3]):
		return 2
	}
	return 3
}

// shownPhones are numbers that were shown lately, as people write them. A visit
// shows the same ones on each of its pages, and writing one takes longer than
// most of the rest of a page. A number has one place in it, which it shares.
type shownPhones [8192]atomic.Pointer[shownPhone]

type shownPhone struct{ number, text string }

// of is showPhone.
func (s *shownPhones) of(number string) string {
	h := fnv.New32a()
	_, _ = io.WriteString(h, number) // it never fails
	place := &s[h.Sum32()%uint32(len(s))]
	if known := place.Load(); known != nil && known.number == number {
		return known.text
	}
	text := showPhone(number)
	place.Store(&shownPhone{number, text})
	return text
}

// phoneDigits is a number without what people put between its digits.
func phoneDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, s)
}
