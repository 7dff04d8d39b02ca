// Package locales holds what the pages say, in every language and way of
// address, and how that language writes dates and countries.
//
// A [Voice] speaks one language in one way: English, German with Sie, German
// with du. Texts are messages of go-i18n in active.*.json; a file of an
// informal voice holds only what it says differently. A language is added by
// its files, its line in language.go and its messages in server/deliver/texts. Everything is prepared
// when it is first needed, so that a page costs a look-up for each text.
//
// Texts of a Company (its imprint, the wordings of Consents) and whole mails do
// not live here; the words that mails are filled with do.
package locales
