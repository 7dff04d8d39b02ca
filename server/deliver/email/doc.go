// Package email is the e-mail Channel: it writes a message as MIME and hands
// it to an SMTP server, many on one connection, pipelined where the server
// allows it.
//
// It knows nothing of Requests, Contacts or templates, and keeps nothing: what
// a message says is made in the package deliver, and what became of it is for
// the caller to record. A message is written without anything that tells the
// sender whether it was opened.
package email
