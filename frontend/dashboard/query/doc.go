// Package query holds the GraphQL documents of the dashboard's pages and the
// typed calls that are generated from them. What a page needs of a Company is
// asked here and nowhere else; rules live behind the API.
package query
