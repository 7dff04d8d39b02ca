// Package graph is the GraphQL API over HTTP: the schema, split by noun in
// schema/, a Handler, and resolvers that are one call of a Tenant and one
// mapping each.
//
// The schema's text is what clients rely on; `go generate` makes package exec
// and the inputs of package model from it, as gqlgen.yml says. A call is read
// and checked against the schema here, strictly and with the way to what is
// wrong, then run by gqlgen; the items of uploads pass by without being
// decoded. What rows point to is loaded for all rows that were read together
// (see loader), wherever they stand in the answer. Limits on cost, size and
// rate are set here too. A subscription is answered with server-sent events
// for as long as its client listens: see stream.
//
// What may be done, and to whose data, is decided in package db, not here.
// Nothing here knows SQL, HTML or a Channel.
package graph

//go:generate go tool gqlgen generate
