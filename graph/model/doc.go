// Package model holds what the API says and hears beside the domain's own
// types: inputs and payloads, generated from the schema, and the scalars.
//
// What a client sees of a noun is the noun's type in package db; a type
// belongs here only where the domain has no use for it.
package model
