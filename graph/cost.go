package graph

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// What a call may cost. A field costs 1; what is asked of a list's rows counts
// for as many rows as are asked for. A thousand Contacts with all their plain
// fields cost about 70,000.
const (
	maxCost = 100_000
	// maxStreamCost is that of a subscription, which is answered again and again.
	maxStreamCost = 10_000
	// rootCost is that of a field of Query or Mutation beside what it selects:
	// it stands for at least one statement.
	rootCost = 500
	// schemaCost is that of a question about the whole schema.
	schemaCost = 5_000
	// largestPage is how many rows a page has at most; a larger one is
	// BAD_PAGE_SIZE, which tells more than what it would cost.
	largestPage = 1000
	// unpagedRows is how many rows a list without pages is taken to have.
	unpagedRows = 3
	// pageRows is how many rows a page has if nothing is said.
	pageRows = 50
)

// costing adds up what an operation costs.
type costing struct {
	vars      map[string]any
	fragments map[string]int
}

// checkCost refuses an operation that would read too much.
func checkCost(op *ast.OperationDefinition, vars map[string]any) *problem {
	c := costing{vars: vars, fragments: map[string]int{}}
	cost := plus(c.set(op.SelectionSet), rootCost*roots(op.SelectionSet, map[string]bool{}))
	most := maxCost
	if op.Operation == ast.Subscription {
		most = maxStreamCost
	}
	if cost <= most {
		return nil
	}
	return misasked(codeTooComplex, fmt.Sprintf(
		"the call asks for about %d fields, counting each row of each list; at most %d are possible, so ask for smaller pages or fewer fields", cost, most))
}

// roots counts the operation's own fields, with those of its fragments.
func roots(set ast.SelectionSet, seen map[string]bool) int {
	n := 0
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			n++
		case *ast.InlineFragment:
			n += roots(s.SelectionSet, seen)
		case *ast.FragmentSpread:
			if !seen[s.Name] && s.Definition != nil {
				seen[s.Name] = true
				n += roots(s.Definition.SelectionSet, seen)
			}
		}
	}
	return n
}

// plus adds without overflowing: a cost beyond the limit need not be exact.
func plus(a, b int) int { return min(a+b, 1<<40) }

func times(n, cost int) int { return min(n*cost, 1<<40) }

func (c costing) field(f *ast.Field) int {
	switch {
	case f.Name == "__schema":
		return schemaCost
	case f.Definition == nil:
		return 1
	case f.Definition.Type.Name() == "OperationItemConnection":
		return plus(rootCost, c.page(f.SelectionSet, c.rows(f))) // see operationResolver.Items
	case strings.HasSuffix(f.Definition.Type.Name(), "Connection"):
		return plus(1, c.page(f.SelectionSet, c.rows(f)))
	case f.Definition.Type.Elem != nil:
		return plus(1, times(unpagedRows, c.set(f.SelectionSet)))
	}
	return plus(1, c.set(f.SelectionSet))
}

func (c costing) set(set ast.SelectionSet) int {
	cost := 0
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			cost = plus(cost, c.field(s))
		case *ast.InlineFragment:
			cost = plus(cost, c.set(s.SelectionSet))
		case *ast.FragmentSpread:
			cost = plus(cost, c.fragment(s, s.Name, c.set))
		}
	}
	return cost
}

// page is what a connection's own fields cost: nodes and edges once for each row.
func (c costing) page(set ast.SelectionSet, rows int) int {
	cost := 0
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			if s.Name == "nodes" || s.Name == "edges" {
				cost = plus(cost, times(rows, plus(1, c.set(s.SelectionSet))))
			} else {
				cost = plus(cost, c.field(s))
			}
		case *ast.InlineFragment:
			cost = plus(cost, c.page(s.SelectionSet, rows))
		case *ast.FragmentSpread:
			name := fmt.Sprintf("%s of %d", s.Name, rows)
			cost = plus(cost, c.fragment(s, name, func(set ast.SelectionSet) int { return c.page(set, rows) }))
		}
	}
	return cost
}

// fragment adds a fragment up once, however often it is spread.
func (c costing) fragment(s *ast.FragmentSpread, name string, sum func(ast.SelectionSet) int) int {
	if s.Definition == nil {
		return 0
	}
	cost, known := c.fragments[name]
	if !known {
		cost = sum(s.Definition.SelectionSet)
		c.fragments[name] = cost
	}
	return cost
}

// rows is how many rows a page will have at most.
func (c costing) rows(f *ast.Field) int {
	for _, name := range []string{"first", "last"} {
		if a := f.Arguments.ForName(name); a != nil {
			if value, err := a.Value.Value(c.vars); err == nil && value != nil {
				return min(max(1, wholeOf(value)), largestPage)
			}
		}
	}
	return pageRows
}

func wholeOf(v any) int {
	switch n := v.(type) {
	case int64:
		return int(n)
	case int:
		return n
	case json.Number:
		whole, _ := n.Int64()
		return int(whole)
	}
	return pageRows
}
