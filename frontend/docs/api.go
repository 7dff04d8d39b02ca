package docs

import (
	"cmp"
	"html"
	"path"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

const (
	apiPath        = "/docs/api"
	apiTitle       = "API reference"
	apiDescription = "How the API is called, and all that it has: queries, mutations, subscriptions and their types, as the schema describes them."
)

// An api is the reference, in parts by noun.
type api struct {
	// HTML is what holds for all calls.
	HTML  string
	nouns []*noun
	text  string
}

// A noun is a part of the API: a file of the schema.
type noun struct {
	Name, Title, Description string
	Calls                    []*group[*call]
	Types                    []*group[*typeEntry]
}

// A group is what stands below one heading.
type group[T any] struct {
	ID, Title string
	Members   []T
}

// A call is a query, mutation or subscription.
type call struct {
	ID, Name, HTML string
	Arguments      []*fieldEntry
	Type           reference
	Examples       []example
	text           string
}

// A typeEntry is a type, input, enum or scalar.
type typeEntry struct {
	ID, Name, HTML string
	Fields         []*fieldEntry
	text           string
}

// A fieldEntry is a field, an argument or a value.
type fieldEntry struct {
	ID, Name, HTML string
	Arguments      []*fieldEntry
	// Type is empty of an enum's value.
	Type    reference
	Default string
	// Deprecated says what to use instead; "" for what is not.
	Deprecated string
}

// A reference is how a type is written, around its name.
type reference struct{ Before, Name, After, URL string }

// HTML writes it with a link to where it is explained.
func (t reference) HTML() string {
	name := html.EscapeString(t.Name)
	if t.URL != "" {
		name = `<a href="` + html.EscapeString(t.URL) + `">` + name + "</a>"
	}
	return html.EscapeString(t.Before) + name + html.EscapeString(t.After)
}

func (n *noun) path() string { return apiPath + "/" + n.Name }

// titles are what parts are called; others by the name of their file.
var titles = map[string]string{
	"base": "Basics", "company": "Companies", "contact": "Contacts", "consent": "Consents", "employee": "Employees", "event": "Events",
	"field": "Fields and policies", "font": "Fonts", "import": "Imports", "merge": "Merges", "operation": "Operations", "report": "Reports",
	"request": "Requests", "source": "Sources and API keys", "team": "Users, roles and audit log", "text": "Texts",
}

// nounOf tells of which part something is, by its file: brand_warning belongs to brand.
func nounOf(at *ast.Position) string {
	if at == nil || at.Src == nil {
		return "base"
	}
	name, _, _ := strings.Cut(strings.TrimSuffix(path.Base(at.Src.Name), ".graphqls"), "_")
	return name
}

func subscriptionID(name string) string { return "subscription-" + name }

// roots are the types whose fields are calls.
func roots(schema *ast.Schema) []*ast.Definition {
	return slices.DeleteFunc([]*ast.Definition{schema.Query, schema.Mutation, schema.Subscription}, func(d *ast.Definition) bool { return d == nil })
}

// namesOf is where the reference explains what.
func namesOf(schema *ast.Schema) map[string]string {
	names := map[string]string{}
	at := func(p *ast.Position, id string) string { return apiPath + "/" + nounOf(p) + "#" + id }
	for _, def := range schema.Types {
		if def.BuiltIn {
			continue
		}
		names[def.Name] = at(def.Position, def.Name)
		for _, f := range def.Fields {
			names[def.Name+"."+f.Name] = at(def.Position, def.Name+"."+f.Name) // also where another file adds it
		}
	}
	for _, root := range roots(schema) {
		delete(names, root.Name)
		for _, f := range root.Fields {
			delete(names, root.Name+"."+f.Name)
			id := f.Name
			if root == schema.Subscription {
				id = subscriptionID(f.Name)
			}
			if names[f.Name] == "" || root == schema.Query {
				names[f.Name] = at(f.Position, id)
			}
		}
	}
	return names
}

// newAPI makes the reference, with the guides' examples.
func newAPI(p *printer, guides []*guide) (*api, error) {
	m := &maker{printer: p, nouns: map[string]*noun{}, examples: examplesOf(guides)}
	schema := p.facts.Schema
	for _, root := range roots(schema) {
		for _, f := range root.Fields {
			if !strings.HasPrefix(f.Name, "__") {
				m.addCall(root, f)
			}
		}
	}
	for _, def := range sortedTypes(schema) {
		m.addType(def)
	}
	a := &api{HTML: m.html(schema.Description), text: schema.Description}
	for _, n := range m.nouns {
		n.describe()
		a.nouns = append(a.nouns, n)
	}
	slices.SortFunc(a.nouns, func(x, y *noun) int {
		return cmp.Or(cmp.Compare(order(x), order(y)), cmp.Compare(x.Title, y.Title))
	})
	return a, m.failed
}

// order puts what all others stand on last.
func order(n *noun) int {
	if n.Name == "base" {
		return 1
	}
	return 0
}

// sortedTypes are all types that are not calls, as they stand in the schema.
func sortedTypes(schema *ast.Schema) []*ast.Definition {
	var defs []*ast.Definition
	for _, def := range schema.Types {
		if !def.BuiltIn && !slices.Contains(roots(schema), def) {
			defs = append(defs, def)
		}
	}
	slices.SortFunc(defs, func(x, y *ast.Definition) int {
		return cmp.Or(cmp.Compare(nounOf(x.Position), nounOf(y.Position)), cmp.Compare(x.Name, y.Name))
	})
	return defs
}

// describe says in a sentence what the part has.
func (n *noun) describe() {
	var names []string
	for _, g := range n.Calls {
		for _, c := range g.Members {
			if !slices.Contains(names, c.Name) {
				names = append(names, c.Name)
			}
		}
	}
	if len(names) == 0 {
		for _, g := range n.Types {
			for _, t := range g.Members {
				names = append(names, t.Name)
			}
		}
	}
	if len(names) > 8 {
		names = append(names[:8], "more")
	}
	n.Description = strings.Join(names, ", ") + "."
}

func (n *noun) contents() []heading {
	var all []heading
	for _, g := range n.Calls {
		all = append(all, heading{g.ID, g.Title, 2})
		for _, c := range g.Members {
			all = append(all, heading{c.ID, c.Name, 3})
		}
	}
	for _, g := range n.Types {
		all = append(all, heading{g.ID, g.Title, 2})
		for _, t := range g.Members {
			all = append(all, heading{t.ID, t.Name, 3})
		}
	}
	return all
}

func (a *api) contents() []heading {
	return []heading{{"calling", "Calling", 2}, {"parts", "Its parts", 2}, {"explorer", "Trying it out", 2}}
}

// sections are what is searched of the reference.
func (a *api) sections() []section {
	calling := section{Path: apiPath + "#calling", Title: "Calling", Page: apiTitle}
	calling.say(a.text)
	all := []section{calling}
	add := func(n *noun, id, name, text string) {
		s := section{Path: n.path() + "#" + id, Title: name, Page: n.Title, reference: true}
		s.say(text)
		all = append(all, s)
	}
	for _, n := range a.nouns {
		for _, g := range n.Calls {
			for _, c := range g.Members {
				add(n, c.ID, c.Name, c.text)
			}
		}
		for _, g := range n.Types {
			for _, t := range g.Members {
				add(n, t.ID, t.Name, t.text)
			}
		}
	}
	return all
}
