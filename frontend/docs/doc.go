// Package docs serves the product's documentation, below /docs: guides written in
// Markdown, in pages/, and a reference of the API made from its schema, with a
// search over both. It is in English, and needs no script.
//
// What the program knows about itself is not written down a second time: the
// schema, the settings and the commands come in as Facts, roles and the fields of
// texts from package db, fonts from theme. A line such as [[roles]] in a guide
// stands for the table made of them.
//
// Examples that are marked with the word run behind their language are typed
// by a test in server, as they stand; all GraphQL is checked against the schema.
// How a thing works is decided elsewhere; this is only told here.
package docs

//go:generate go tool templ generate -path .
