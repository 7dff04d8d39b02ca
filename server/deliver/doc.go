// Package deliver brings Requests to their Contacts over Channels, tells
// Employees what their Contacts changed and ask, and sends one-time codes and
// what is said of new addresses and numbers: it claims Deliveries, makes their
// messages in the Company's Brand and the Contact's language, hands them to a
// Channel or to the outbox, and records the outcome.
//
// The messages' texts are Markdown templates, those of the folder texts or a
// Company's own; what is only looked at goes the same way as what is sent. What a
// Request may be and when it is due is decided in db, how a message looks in
// theme; the Channels themselves are packages below this one. Nothing here
// tells whether a message was opened.
package deliver
