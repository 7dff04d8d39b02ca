package graph

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// The limits of a document, and how many short ones are kept ready.
const (
	maxTokens     = 20_000
	maxSelections = 1_000 // validation compares fields in pairs
	maxDepth      = 15

	keptDocuments   = 256
	keptDocumentLen = 8 << 10
)

// documents parses and checks GraphQL documents and keeps short ones, since
// programs send the same few again and again.
type documents struct {
	schema *ast.Schema
	known  graphql.Cache[*ast.QueryDocument]
}

func newDocuments(schema *ast.Schema) *documents {
	return &documents{schema: schema, known: lru.New[*ast.QueryDocument](keptDocuments)}
}

// read returns the document of a query, ready to be executed.
func (d *documents) read(ctx context.Context, query string) (*ast.QueryDocument, *problem) {
	if doc, ok := d.known.Get(ctx, query); ok {
		return doc, nil
	}
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: query}, maxTokens)
	if err != nil {
		return nil, parseProblem(err)
	}
	if len(doc.Operations) == 0 {
		return nil, misasked(codeBadDocument, "the document has no operation")
	}
	if p := measure(doc); p != nil {
		return nil, p
	}
	if p := d.validate(doc); p != nil {
		return nil, p
	}
	if len(query) <= keptDocumentLen {
		d.known.Add(ctx, query, doc)
	}
	return doc, nil
}

func parseProblem(err error) *problem {
	p := misasked(codeBadDocument, "the document cannot be read: "+err.Error())
	var e *gqlerror.Error
	if errors.As(err, &e) {
		p.message, p.at = "the document cannot be read: "+e.Message, e.Locations
		if e.Message == fmt.Sprintf("exceeded token limit of %d", maxTokens) {
			p.code = codeQueryTooLarge
			p.message = fmt.Sprintf("the document has more than %d words and signs; send data as variables", maxTokens)
		}
	}
	return p
}

// validate checks the document against the schema. Of several errors the
// first is told, with the way to the value where it is about one.
func (d *documents) validate(doc *ast.QueryDocument) *problem {
	checks := rules.NewDefaultRules()
	checks.RemoveRule(rules.FieldsOnCorrectTypeRuleWithoutSuggestions.Name)
	checks.RemoveRule(rules.ValuesOfCorrectTypeRuleWithoutSuggestions.Name)
	errs := validator.ValidateWithRules(d.schema, doc, checks)
	if len(errs) == 0 {
		return nil
	}
	e := errs[0]
	p := misasked(codeBadDocument, e.Message)
	p.at = e.Locations
	if e.Rule == rules.ValuesOfCorrectTypeRule.Name && len(e.Locations) > 0 {
		p.code = codeBadVariable
		p.path = wayTo(doc, e.Locations[0])
	}
	return p
}

// wayTo is the way to the value at a place of the document: from the argument inwards.
func wayTo(doc *ast.QueryDocument, at gqlerror.Location) []string {
	var found []string
	var within func(path []string, v *ast.Value)
	here := func(p *ast.Position) bool { return p != nil && p.Line == at.Line && p.Column == at.Column }
	within = func(path []string, v *ast.Value) {
		if v == nil || found != nil {
			return
		}
		if here(v.Position) {
			found = path
			return
		}
		for i, child := range v.Children {
			step := child.Name
			if step == "" {
				step = strconv.Itoa(i)
			}
			way := append(path[:len(path):len(path)], step)
			if here(child.Position) {
				found = way
				return
			}
			within(way, child.Value)
		}
	}
	eachField(doc, func(f *ast.Field) {
		for _, a := range f.Arguments {
			within([]string{a.Name}, a.Value)
		}
	})
	return found
}

// eachField calls visit for every field of the document.
func eachField(doc *ast.QueryDocument, visit func(*ast.Field)) {
	var walk func(ast.SelectionSet)
	walk = func(set ast.SelectionSet) {
		for _, s := range set {
			switch s := s.(type) {
			case *ast.Field:
				visit(s)
				walk(s.SelectionSet)
			case *ast.InlineFragment:
				walk(s.SelectionSet)
			}
		}
	}
	for _, op := range doc.Operations {
		walk(op.SelectionSet)
	}
	for _, f := range doc.Fragments {
		walk(f.SelectionSet)
	}
}

// measure refuses documents that are too wide or too deep, before anything
// that takes more time than the document is long.
func measure(doc *ast.QueryDocument) *problem {
	m := measuring{fragments: map[string]int{}, doc: doc}
	deepest := 0
	for _, op := range doc.Operations {
		deepest = max(deepest, m.depth(op.SelectionSet))
	}
	for _, f := range doc.Fragments {
		deepest = max(deepest, m.fragment(f.Name))
	}
	if m.selections > maxSelections {
		return misasked(codeTooWide, fmt.Sprintf("the document selects %d fields; at most %d are possible, so ask in several calls", m.selections, maxSelections))
	}
	if deepest > maxDepth {
		return misasked(codeTooDeep, fmt.Sprintf("the document nests fields %d deep; at most %d are possible", deepest, maxDepth))
	}
	return nil
}

type measuring struct {
	doc        *ast.QueryDocument
	selections int
	fragments  map[string]int // depths; 0 while a fragment is being measured
}

// depth is how many fields stand inside each other. Questions about the
// schema itself do not count: validation has a rule for them.
func (m *measuring) depth(set ast.SelectionSet) int {
	deepest := 0
	for _, s := range set {
		m.selections++
		switch s := s.(type) {
		case *ast.Field:
			d := 1 + m.depth(s.SelectionSet)
			if s.Name != "__schema" && s.Name != "__type" {
				deepest = max(deepest, d)
			}
		case *ast.InlineFragment:
			deepest = max(deepest, m.depth(s.SelectionSet))
		case *ast.FragmentSpread:
			deepest = max(deepest, m.fragment(s.Name))
		}
	}
	return deepest
}

// fragment is the depth of a fragment, measured once. One that contains
// itself is refused by validation.
func (m *measuring) fragment(name string) int {
	if d, known := m.fragments[name]; known {
		return d
	}
	f := m.doc.Fragments.ForName(name)
	if f == nil {
		return 0
	}
	m.fragments[name] = 0
	d := m.depth(f.SelectionSet)
	m.fragments[name] = d
	return d
}
