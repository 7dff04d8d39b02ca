package email

import (
	"errors"
	"net/textproto"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// Fault says what a Failure is about.
type Fault int

// What can be at fault. A route fails whatever the message; an address fails
// whatever the message and the route; the rest is about this one message.
const (
	MessageFault Fault = iota
	AddressFault
	RouteFault
)

// A Failure is why a message did not go out.
type Failure struct {
	// Final tells that trying again is useless: the server said 5xx.
	Final bool
	Fault Fault
	// Detail is the server's answer, at most 200 characters, with e-mail
	// addresses masked.
	Detail string
}

func (f *Failure) Error() string { return f.Detail }

// FailureOf returns the Failure that err is; nil for none. An error that is no
// Failure, such as a lost connection, counts as the route's and as temporary.
func FailureOf(err error) *Failure {
	if err == nil {
		return nil
	}
	var f *Failure
	if errors.As(err, &f) {
		return f
	}
	return &Failure{Fault: RouteFault, Detail: shorten(err.Error())}
}

// reply makes a Failure of the server's answer to a step of the transaction.
// It is nil where err is none of the server's answers.
func reply(err error, fault Fault) *Failure {
	var answer *textproto.Error
	if !errors.As(err, &answer) {
		return nil
	}
	f := &Failure{Final: answer.Code >= 500, Fault: fault, Detail: shorten(strconv.Itoa(answer.Code) + " " + answer.Msg)}
	if fault == AddressFault && !addressAtFault(answer) {
		f.Fault = MessageFault
	}
	if answer.Code == 421 {
		f.Fault = RouteFault // RFC 5321, 3.8: the server is going away
	}
	return f
}

// addressAtFault tells an address that does not exist from a server that does
// not want the message, by the enhanced code (RFC 3463: x.1.x is the address,
// x.2.1 a mailbox that is closed), and without one by the plain code.
func addressAtFault(answer *textproto.Error) bool {
	if answer.Code < 500 {
		return false
	}
	code, _, _ := strings.Cut(answer.Msg, " ")
	if parts := strings.Split(code, "."); len(parts) == 3 && parts[0] == "5" {
		return parts[1] == "1" && parts[2] != "7" && parts[2] != "8" || parts[1] == "2" && parts[2] == "1"
	}
	switch answer.Code {
	case 550, 551, 553, 556:
		return true
	}
	return false
}

var addressInText = regexp.MustCompile(`[^\s<>"'(),;:]+@[^\s<>"'(),;:]+`)

// shorten makes a server's words fit to be kept: one line, no addresses, at
// most 200 characters.
func shorten(s string) string {
	s = addressInText.ReplaceAllString(s, "…@…")
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r)
	}), " ")
	if runes := []rune(s); len(runes) > 200 {
		return string(runes[:199]) + "…"
	}
	return s
}
