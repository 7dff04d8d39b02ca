// Package smtptest runs a real SMTP server inside a test: it keeps what it
// takes, and refuses, stalls or hangs up where the test wants it to. Only
// tests import it.
package smtptest
