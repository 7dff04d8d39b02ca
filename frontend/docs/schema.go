package docs

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

// A maker makes the reference of the schema.
type maker struct {
	*printer
	nouns    map[string]*noun
	examples map[string][]example
	// failed is the first error; what is made after it is not shown.
	failed error
}

func (m *maker) noun(at *ast.Position) *noun {
	name := nounOf(at)
	if m.nouns[name] == nil {
		title := titles[name]
		if title == "" {
			title = strings.ToUpper(name[:1]) + name[1:]
		}
		m.nouns[name] = &noun{Name: name, Title: title}
	}
	return m.nouns[name]
}

func (m *maker) html(description string) string {
	html, err := m.text(description)
	if err != nil && m.failed == nil {
		m.failed = err
	}
	return html
}

// within is the group of that title, made if it is missing.
func within[T any](groups *[]*group[T], title string) *group[T] {
	for _, g := range *groups {
		if g.Title == title {
			return g
		}
	}
	g := &group[T]{ID: strings.ReplaceAll(strings.ToLower(title), " ", "-"), Title: title}
	*groups = append(*groups, g)
	return g
}

// callTitles are the headings of calls.
var callTitles = map[ast.Operation]string{ast.Query: "Queries", ast.Mutation: "Mutations", ast.Subscription: "Subscriptions"}

func (m *maker) addCall(root *ast.Definition, f *ast.FieldDefinition) {
	kind, id := ast.Query, f.Name
	switch root {
	case m.facts.Schema.Mutation:
		kind = ast.Mutation
	case m.facts.Schema.Subscription:
		kind, id = ast.Subscription, subscriptionID(f.Name)
	}
	c := &call{ID: id, Name: f.Name, HTML: m.html(f.Description), Type: m.refer(f.Type), text: f.Description}
	for _, a := range f.Arguments {
		c.Arguments = append(c.Arguments, m.argument(id, a))
		c.text += " " + a.Name + ": " + a.Description
	}
	c.Examples = m.examples[string(kind)+" "+f.Name]
	if len(c.Examples) == 0 {
		c.Examples = []example{{Code: skeleton(m.facts.Schema, kind, f)}}
	}
	g := within(&m.noun(f.Position).Calls, callTitles[kind])
	g.Members = append(g.Members, c)
}

// typeTitles are the headings of types.
var typeTitles = map[ast.DefinitionKind]string{
	ast.Object: "Types", ast.Interface: "Types", ast.Union: "Types", ast.InputObject: "Inputs", ast.Enum: "Enums", ast.Scalar: "Scalars",
}

func (m *maker) addType(def *ast.Definition) {
	t := &typeEntry{ID: def.Name, Name: def.Name, HTML: m.html(def.Description), text: def.Description}
	for _, f := range def.Fields {
		entry := &fieldEntry{
			ID: def.Name + "." + f.Name, Name: f.Name, HTML: m.html(f.Description), Type: m.refer(f.Type),
			Default: valueOf(f.DefaultValue), Deprecated: deprecated(f.Directives),
		}
		for _, a := range f.Arguments {
			entry.Arguments = append(entry.Arguments, m.argument(entry.ID, a))
		}
		t.Fields = append(t.Fields, entry)
		t.text += " " + f.Name + ": " + f.Description
	}
	for _, v := range def.EnumValues {
		t.Fields = append(t.Fields, &fieldEntry{ID: def.Name + "." + v.Name, Name: v.Name, HTML: m.html(v.Description), Deprecated: deprecated(v.Directives)})
		t.text += " " + v.Name + ": " + v.Description
	}
	g := within(&m.noun(def.Position).Types, typeTitles[def.Kind])
	g.Members = append(g.Members, t)
}

func (m *maker) argument(of string, a *ast.ArgumentDefinition) *fieldEntry {
	return &fieldEntry{ID: of + "." + a.Name, Name: a.Name, HTML: m.html(a.Description), Type: m.refer(a.Type), Default: valueOf(a.DefaultValue)}
}

// refer writes a type with a link to where it is explained.
func (m *maker) refer(t *ast.Type) reference {
	name := t.Name()
	before, after, _ := strings.Cut(t.String(), name)
	return reference{before, name, after, m.names[name]}
}

func valueOf(v *ast.Value) string {
	if v == nil {
		return ""
	}
	return v.String()
}

func deprecated(directives ast.DirectiveList) string {
	d := directives.ForName("deprecated")
	if d == nil {
		return ""
	}
	if why := d.Arguments.ForName("reason"); why != nil {
		return why.Value.Raw
	}
	return "It will go."
}

// mostExamples are shown of one call.
const mostExamples = 2

// examplesOf finds the calls in the guides' examples, by kind and name.
func examplesOf(guides []*guide) map[string][]example {
	all := map[string][]example{}
	for _, g := range guides {
		for _, e := range g.examples {
			doc, err := parser.ParseQuery(&ast.Source{Input: e.Code})
			if err != nil {
				continue // a test says so
			}
			for _, op := range doc.Operations {
				for _, s := range op.SelectionSet {
					if f, ok := s.(*ast.Field); ok && len(all[string(op.Operation)+" "+f.Name]) < mostExamples {
						key := string(op.Operation) + " " + f.Name
						all[key] = append(all[key], e)
					}
				}
			}
		}
	}
	return all
}
