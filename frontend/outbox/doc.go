// Package outbox shows the messages that went into the built-in outbox instead
// of a real Channel, to developers who try out an integration: those of test
// mode behind a test key, and in the demo all of them to everybody.
//
// What is kept there, and who may read it, is decided in db. Messages are
// shown as they would have gone out; nothing can be sent or changed here.
package outbox

//go:generate go tool templ generate -path .
