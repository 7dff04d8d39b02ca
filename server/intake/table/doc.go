// Package table takes any CRM's export file apart into rows of text cells, in
// bounded memory however long the file is, and writes such files.
//
// Open recognises what a file is: CSV of any dialect and encoding, NDJSON or a
// JSON list, an XLSX workbook, vCards; plain, or packed with gzip or zip. Next
// then hands over row by row. One broken row is a *RowError with its place and
// cure, and the next call goes on behind it; what ends the file as a whole is a
// *FileError.
//
// What a column means, which text is a date and what a Contact may hold is
// decided in the package above; nothing here knows SQL or Companies. Two kinds
// bring the meaning with them and come as documents in the form of the API's
// ContactInput: vCards, and JSON that has that form already.
package table
