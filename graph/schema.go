package graph

import (
	"github.com/vektah/gqlparser/v2/ast"

	"complero/graph/exec"
)

// Schema is the API's schema, with the descriptions and where in schema/ everything
// stands. It is shared and never changed.
func Schema() *ast.Schema {
	return exec.NewExecutableSchema(exec.Config{Resolvers: resolver{}}).Schema()
}
