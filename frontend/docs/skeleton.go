package docs

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// mostPlain is how many plain fields of a type a skeleton has.
const mostPlain = 8

// skeleton is a document that makes a call with what it needs, for calls that no
// guide shows.
func skeleton(schema *ast.Schema, kind ast.Operation, f *ast.FieldDefinition) string {
	var variables, arguments []string
	for _, a := range f.Arguments {
		if a.Type.NonNull && a.DefaultValue == nil {
			variables = append(variables, fmt.Sprintf("$%s: %s", a.Name, a.Type))
			arguments = append(arguments, fmt.Sprintf("%s: $%s", a.Name, a.Name))
		}
	}
	var b strings.Builder
	b.WriteString(string(kind))
	if len(variables) > 0 {
		b.WriteString(" (" + strings.Join(variables, ", ") + ")")
	}
	b.WriteString(" {\n  " + f.Name)
	if len(arguments) > 0 {
		b.WriteString("(" + strings.Join(arguments, ", ") + ")")
	}
	b.WriteString(selection(schema, schema.Types[f.Type.Name()], "  ", true) + "\n}")
	return b.String()
}

// selection chooses of an object what is plain, and of pages and payloads what they hold.
func selection(schema *ast.Schema, def *ast.Definition, indent string, deep bool) string {
	if def == nil || !def.IsCompositeType() {
		return ""
	}
	inner := indent + "  "
	var lines []string
	for _, f := range def.Fields {
		needs := slices.ContainsFunc(f.Arguments, func(a *ast.ArgumentDefinition) bool { return a.Type.NonNull && a.DefaultValue == nil })
		if needs || strings.HasPrefix(f.Name, "__") || f.Name == "edges" || f.Directives.ForName("deprecated") != nil {
			continue
		}
		of := schema.Types[f.Type.Name()]
		if !of.IsCompositeType() {
			if len(lines) < mostPlain {
				lines = append(lines, inner+f.Name)
			}
			continue
		}
		holds := strings.HasSuffix(def.Name, "Payload") || strings.HasSuffix(def.Name, "Connection") || f.Name == "userErrors"
		if deep && (holds || len(def.Fields) <= 3) {
			lines = append(lines, inner+f.Name+selection(schema, of, inner, strings.HasSuffix(of.Name, "Connection")))
		}
	}
	if len(lines) == 0 {
		lines = append(lines, inner+"__typename")
	}
	return " {\n" + strings.Join(lines, "\n") + "\n" + indent + "}"
}
