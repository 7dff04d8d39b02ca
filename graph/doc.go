// Package graph is the GraphQL API: the schema, split by noun in schema/, and
// resolvers that are one call of a Tenant and one mapping each.
//
// The schema's text is what clients rely on; `go generate` makes the executable
// schema and the inputs of package model from it, as gqlgen.yml says. Lists are
// loaded in batches, and limits on cost and size are set here too.
//
// What may be done, and to whose data, is decided in package db, not here.
// Nothing here knows SQL, HTML or a Channel.
package graph

//go:generate go tool gqlgen generate
