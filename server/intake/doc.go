// Package intake recognises what the columns of an export mean and turns its
// rows into a Contact's data.
//
// A Survey sees every row of a file once and answers with a Mapping: which
// column is which field, how sure that is, and in which order its dates are
// written, decided over the whole column. A Reader then makes a profile.Input of
// each row, with Problems for what cannot be read. A Mapping is plain JSON, so
// that people can correct it and use it again for the next export.
//
// It knows cells, which are texts, and nothing of files: taking CSV, XLSX and
// vCard apart is the package table's. Nothing is stored here, and whether a
// value is a valid e-mail address, phone number or postal code is for
// profile.Normalize to say; what intake does is to get it out of its cell.
package intake
