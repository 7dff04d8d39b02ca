// Package exec is the executable schema, generated from graph/schema by
// gqlgen: it calls package graph's resolvers field by field. Nothing in it is
// written by hand but this comment.
package exec
