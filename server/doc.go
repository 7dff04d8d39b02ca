// Command server is Complero: `go run ./server` serves everything, `setup`
// makes the first account, `demo` serves a believable demo.
//
// This package holds the settings, the routes with what surrounds every
// request, and the workers that follow up on what was stored. It wires the
// other folders together and decides nothing about their nouns: rules live in
// package db, the API in graph, pages in frontend, Channels in deliver.
package main
