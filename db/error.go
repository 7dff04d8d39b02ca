package db

import (
	"errors"
	"fmt"

	"complero/db/profile"
)

// Code is the stable word by which a client recognises an error. Codes are
// those of the API's ErrorCode, and grow.
type Code string

// The codes of errors that a caller can mend.
const (
	Required            Code = "REQUIRED"
	Invalid             Code = "INVALID"
	TooLong             Code = "TOO_LONG"
	NotFoundCode        Code = "NOT_FOUND"
	Taken               Code = "TAKEN"
	TooManyItems        Code = "TOO_MANY_ITEMS"
	Forbidden           Code = "FORBIDDEN"
	ConflictCode        Code = "CONFLICT"
	IdempotencyConflict Code = "IDEMPOTENCY_CONFLICT"
	LiveOnly            Code = "LIVE_ONLY"
	TestOnly            Code = "TEST_ONLY"
	BadPageSize         Code = "BAD_PAGE_SIZE"
	BadCursor           Code = "BAD_CURSOR"
	Unauthenticated     Code = "UNAUTHENTICATED"
	// Gone is what a Contact's link answers whose Company is archived. No call of
	// the API fails with it.
	Gone Code = "GONE"
)

// Error is an error that its caller may see and can mend. Path names the
// input field, from the input object inwards. Everything else that a method
// returns is a fault, whose text stays inside.
type Error struct {
	Code    Code     `json:"code"`
	Path    []string `json:"path"`
	Message string   `json:"message"`
}

func (e *Error) Error() string { return e.Message }

// Errors are several errors of one call, all of which its caller can mend.
type Errors []*Error

func (e Errors) Error() string {
	if len(e) == 0 {
		return "no error"
	}
	return e[0].Message
}

// ErrorsOf returns the errors inside err that its caller can mend, or nil if
// err is a fault.
func ErrorsOf(err error) Errors {
	var many Errors
	if errors.As(err, &many) {
		return many
	}
	var one *Error
	if errors.As(err, &one) {
		return Errors{one}
	}
	return nil
}

// CodeOf returns the code of an error that its caller can mend, or "".
func CodeOf(err error) Code {
	if errs := ErrorsOf(err); len(errs) > 0 {
		return errs[0].Code
	}
	return ""
}

// NotFound says that what a field names does not exist, or not for this Viewer.
func NotFound(field, format string, args ...any) error {
	return fail(NotFoundCode, field, format, args...)
}

// Conflict says that the state of things forbids what was asked.
func Conflict(field, format string, args ...any) error {
	return fail(ConflictCode, field, format, args...)
}

func fail(code Code, field, format string, args ...any) error {
	e := &Error{Code: code, Message: fmt.Sprintf(format, args...)}
	if field != "" {
		e.Path = []string{field}
	}
	return e
}

// problemErrors turns what is wrong with a profile into errors below a path.
func problemErrors(at []string, problems []profile.Problem) Errors {
	errs := make(Errors, 0, len(problems))
	for _, p := range problems {
		path := append(append([]string{}, at...), p.Path...)
		errs = append(errs, &Error{Code: Code(p.Code), Path: path, Message: p.Message})
	}
	return errs
}
