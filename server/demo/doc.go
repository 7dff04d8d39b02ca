// Package demo makes a believable installation by code: one Customer with two
// Companies that differ in brand, country and language, their Employees,
// Contacts and Consents, and two months of Requests and answers.
//
// Everything goes through the methods that the API, the Web App and the
// workers use, at a clock of its own, from word lists and a fixed seed: the
// same demo each time, counted back from today. All addresses end in domains
// and telephone numbers come from ranges that are kept free for such uses.
// Starting and serving it is package main's.
package demo
