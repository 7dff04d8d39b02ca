// Package report makes of the figures that the API gives a document in
// somebody's language: titles, tables and what there is to draw. Pages show it,
// files and mails carry it, and so all of them say the same.
//
// How a document becomes a page is the matter of package dashboard, how it
// becomes a file that of the server's export. What the figures are, and who may
// see them, is decided in db.
package report
