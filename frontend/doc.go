// Package frontend holds what all server-rendered pages share: how a page is
// sent, and under which security headers.
//
// The pages live in folders by who reads them: webapp (the Contact), outbox
// (developers who try out an integration), docs (whoever wants to know how it
// works). Texts live in locales, the
// stylesheet in static. Rules live in db; a page shows what db returns and
// passes on what was typed. No page needs JavaScript, and none is shipped.
package frontend
