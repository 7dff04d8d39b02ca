package graph

import (
	"context"
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"complero/db"
	"complero/graph/model"
)

func (queryResolver) CustomReports(ctx context.Context) ([]*db.CustomReport, error) {
	return tenant(ctx).CustomReports(ctx)
}

func (queryResolver) CustomReport(ctx context.Context, id string) (*db.CustomReport, error) {
	return tenant(ctx).CustomReport(ctx, id)
}

func (mutationResolver) CustomReportSave(ctx context.Context, input db.CustomReportSave) (*model.CustomReportPayload, error) {
	t := tenant(ctx)
	var saved *db.CustomReport
	err := t.MayCompose()
	if err == nil {
		err = handler(ctx).checkCustomReport(ctx, input)
	}
	if err == nil {
		saved, err = t.SaveCustomReport(ctx, input)
	}
	errs, err := userErrors(err)
	return &model.CustomReportPayload{CustomReport: saved, UserErrors: errs}, err
}

func (mutationResolver) CustomReportDelete(ctx context.Context, input model.CustomReportDeleteInput) (*model.CustomReportPayload, error) {
	errs, err := userErrors(tenant(ctx).DeleteCustomReport(ctx, input.ID))
	return &model.CustomReportPayload{UserErrors: errs}, err
}

// periodVariables are those that whoever runs a custom report fills in.
var periodVariables = map[string]any{"since": "2026-01-01", "until": "2026-12-31"}

// checkCustomReport refuses a document that would not be answered, or whose
// answer does not have what is to be shown.
func (h *Handler) checkCustomReport(ctx context.Context, in db.CustomReportSave) error {
	wrong := func(field, format string, args ...any) error {
		return &db.Error{Code: db.Invalid, Path: []string{field}, Message: fmt.Sprintf(format, args...)}
	}
	doc, p := h.documents.read(ctx, in.Document)
	if p != nil {
		return wrong("document", "%s", p.message)
	}
	if len(doc.Operations) != 1 || doc.Operations[0].Operation != ast.Query {
		return wrong("document", "a report is one query; a mutation, a subscription or several queries are none")
	}
	op := doc.Operations[0]
	for _, v := range op.VariableDefinitions {
		_, filled := periodVariables[v.Variable]
		if filled && v.Type.Name() != "Date" || !filled && v.Type.NonNull && v.DefaultValue == nil {
			return wrong("document", "nobody fills in $%s; a report has $since: Date and $until: Date, and others with a default", v.Variable)
		}
	}
	if p := checkCost(op, periodVariables); p != nil {
		return wrong("document", "%s", p.message)
	}
	rows := fieldAt(op.SelectionSet, in.Rows)
	if rows == nil || rows.Definition.Type.Elem == nil || len(rows.SelectionSet) == 0 {
		return wrong("rows", "%.100q leads to no list of the answer; write the way by the names in the answer, as report.byDay", in.Rows)
	}
	for i, way := range append([]string{in.Label}, in.Values...) {
		if f := fieldAt(rows.SelectionSet, way); f == nil || len(f.SelectionSet) > 0 || f.Definition.Type.Elem != nil {
			field := "values"
			if i == 0 {
				field = "label"
			}
			return wrong(field, "%.100q leads to no single value of a row; write the way from the row by the names in the answer", way)
		}
	}
	return nil
}

// fieldAt is the field at the end of a way through an answer; nil where it leads
// nowhere, or through a list.
func fieldAt(set ast.SelectionSet, way string) *ast.Field {
	name, rest, further := strings.Cut(way, ".")
	f := selected(set, name)
	if f == nil || !further {
		return f
	}
	if f.Definition.Type.Elem != nil {
		return nil
	}
	return fieldAt(f.SelectionSet, rest)
}

// selected is the field that has a name in the answer.
func selected(set ast.SelectionSet, name string) *ast.Field {
	for _, s := range set {
		var found *ast.Field
		switch s := s.(type) {
		case *ast.Field:
			if s.Alias == name && s.Definition != nil {
				found = s
			}
		case *ast.InlineFragment:
			found = selected(s.SelectionSet, name)
		case *ast.FragmentSpread:
			if s.Definition != nil {
				found = selected(s.Definition.SelectionSet, name)
			}
		}
		if found != nil {
			return found
		}
	}
	return nil
}
