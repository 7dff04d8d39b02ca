// Package webapp is what a Contact sees: the branded pages behind a Request's
// link, from the question whether the data is still right to the thanks.
//
// A page is a struct that says what it shows, a templ component beside it and
// a handler that returns an error or nothing; one adapter turns errors into
// pages. A GET writes nothing. Everything typed travels in the form itself
// until it is saved, so no state is kept between posts and every step works
// without JavaScript.
//
// What an answer means, what the Contact may see and change, and whether a link
// still opens anything, is decided in db. Texts live in frontend/locales, the
// stylesheet in frontend/static.
package webapp

//go:generate go tool templ generate -path .
