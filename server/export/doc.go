// Package export writes Contacts, events, Consents and the rejected rows of
// imports as files: CSV, XLSX or NDJSON, of any length, in constant memory.
//
// It decides what the columns are and how a cell is written, so that intake
// takes Contacts back without loss; how cells become a file is the package
// table's business, and who may see what package db's. It reads and changes
// nothing by itself, and knows nothing of HTTP or the command line.
package export
