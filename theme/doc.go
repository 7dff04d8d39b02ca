// Package theme turns a Brand, a handful of settings, into everything a
// Contact sees of it: an accessible palette for light and dark, CSS custom
// properties for the pages, a logo that is safe to serve, and messages (mail
// in HTML and plain text, SMS, letters) from one template. A Brand comes and
// goes as W3C design tokens, too.
//
// What a Brand may choose is small on purpose; the rest is derived so that it
// stays readable, and what cannot be made readable is refused. Layout and
// stylesheets of the pages live in frontend, the sending of messages in
// server/deliver, the storing of Brands in db. This package knows no Company,
// no database and no clock.
package theme
