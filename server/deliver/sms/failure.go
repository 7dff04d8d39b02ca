package sms

import "errors"

// Fault says what a Failure is about.
type Fault int

// What can be at fault: the message itself, the number that it goes to,
// whatever it says, or the route, whatever the message.
const (
	MessageFault Fault = iota
	NumberFault
	RouteFault
)

// A Failure is why a message did not go out.
type Failure struct {
	// Final tells that trying again is useless. A route's never is: somebody
	// fills up the account, or mends the settings.
	Final bool
	Fault Fault
	// Detail is what it means and the provider's code, without personal data.
	Detail string

	cause error
}

func (f *Failure) Error() string { return f.Detail }

// Unwrap gives what the network said, which may name the provider's host.
func (f *Failure) Unwrap() error { return f.cause }

// FailureOf returns the Failure that err is; nil for none. Any other error
// counts as the route's.
func FailureOf(err error) *Failure {
	if err == nil {
		return nil
	}
	var f *Failure
	if errors.As(err, &f) {
		return f
	}
	return &Failure{Fault: RouteFault, Detail: "the SMS was not sent", cause: err}
}
