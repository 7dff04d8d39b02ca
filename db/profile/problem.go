package profile

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// A Problem is one reason why an item cannot be taken, made for whoever sent it.
type Problem struct {
	Path    []string // relative to the item: emails, 0, address
	Code    string   // an ErrorCode of the API: REQUIRED, TOO_LONG, INVALID_EMAIL …
	Message string   // names the field, what is wrong and the cure
}

// The codes of Problems, as the API's ErrorCode names them.
const (
	codeRequired          = "REQUIRED"
	codeInvalid           = "INVALID"
	codeTooLong           = "TOO_LONG"
	codeTooMany           = "TOO_MANY_ITEMS"
	codeInvalidEmail      = "INVALID_EMAIL"
	codeInvalidPhone      = "INVALID_PHONE"
	codeInvalidPostalCode = "INVALID_POSTAL_CODE"
	codeInvalidCountry    = "INVALID_COUNTRY"
	codeInvalidDate       = "INVALID_DATE"
	codeInvalidLocale     = "INVALID_LOCALE"
)

// A fault is what one value suffers from; the zero fault is none. what goes on
// after the field's name and value: `is no date; write it as YYYY-MM-DD`.
type fault struct{ code, what string }

func (f fault) bad() bool { return f.code != "" }

func newProblem(f fault, value string, path []string) Problem {
	var b strings.Builder
	writePath(&b, path)
	if value != "" {
		b.WriteString(" " + quoteShort(value))
	}
	b.WriteString(" " + f.what)
	return Problem{Path: path, Code: f.code, Message: strings.TrimPrefix(b.String(), " ")}
}

// writePath writes emails, 0, address as emails[0].address.
func writePath(b *strings.Builder, path []string) {
	for i, step := range path {
		_, err := strconv.Atoi(step)
		switch {
		case i == 0:
			b.WriteString(step)
		case err == nil && path[0] != customName:
			b.WriteString("[" + step + "]")
		default:
			b.WriteString("." + step)
		}
	}
}

// quoteShort quotes at most 40 characters of what was sent, with everything
// that cannot be printed escaped.
func quoteShort(value string) string {
	const most = 40
	end, n := 0, 0
	for end < len(value) && n < most {
		_, size := utf8.DecodeRuneInString(value[end:])
		end += size
		n++
	}
	if end < len(value) {
		return strconv.Quote(value[:end] + "…")
	}
	return strconv.Quote(value)
}
