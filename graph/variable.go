package graph

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"complero/graph/model"
)

// variables are a call's, checked against the types of its operation.
// gqlgen decodes them through maps, which is slow and forgets what null and
// absent mean, so the lists of uploads are taken out of what it decodes, and
// put back as they were sent.
type variables struct {
	values map[string]any
	kept   []keptItem
}

// A keptItem is the list of an upload: a variable, or one's field.
type keptItem struct {
	variable, field string
	items           model.Items
}

// variables checks a call's variables. It fails with the first place at which
// one is not of its type.
func (types inputTypes) variables(op *ast.OperationDefinition, c *call) (*variables, *problem) {
	v := &variables{values: map[string]any{}}
	if c.variables == nil {
		return v, v.attach(c.files)
	}
	check := checker{walker: walker{data: c.variables}, files: len(c.files) > 0}
	small := append(make([]byte, 0, 1<<10), '{')
	err := check.object(func(key []byte) error {
		name := string(key)
		def := op.VariableDefinitions.ForName(name)
		if def == nil {
			return check.value() // one that the operation does not use
		}
		s := types.shape(def.Type)
		if s == nil {
			return check.value() // validation refuses the document
		}
		check.next()
		start := check.pos
		check.kept = check.kept[:0]
		if err := check.check(s); err != nil {
			return below(err, name)
		}
		small = append(small, '"')
		small = append(append(small, name...), `":`...) // a GraphQL name needs no escapes
		small = append(v.keep(small, &check, start, name), ',')
		return nil
	})
	var m *misfit
	if errors.As(err, &m) {
		p := misasked(codeBadVariable, m.Error())
		p.path = m.path
		return nil, p
	}
	if err == nil {
		err = v.decode(append(bytes.TrimSuffix(small, []byte(",")), '}'))
	}
	if err != nil {
		return nil, refused(http.StatusBadRequest, codeBadRequest, "variables must be a JSON object")
	}
	return v, v.attach(c.files)
}

// decode reads what gqlgen is to see.
func (v *variables) decode(data []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	return decoder.Decode(&v.values)
}

// keep copies a variable's value without the items of uploads, which it keeps.
func (v *variables) keep(small []byte, c *checker, start int, variable string) []byte {
	v.kept = slices.DeleteFunc(v.kept, func(k keptItem) bool { return k.variable == variable }) // the variable occurs twice
	for _, k := range c.kept {
		small = append(append(small, c.data[start:k.start]...), "[]"...)
		start = k.end
		item := keptItem{variable: variable, field: k.field, items: model.Items{JSON: c.data[k.start:k.end], Count: k.count}}
		if k.single {
			item.items.JSON = slices.Concat([]byte("["), item.items.JSON, []byte("]"))
		}
		v.kept = append(v.kept, item)
	}
	return append(small, c.data[start:c.pos]...)
}

// attach puts the call's files where they belong.
func (v *variables) attach(files []file) *problem {
	for _, f := range files {
		if !f.put(v.values) {
			return misasked(codeBadVariable, "the part map names "+f.path+", where the variables have no null to put a file in")
		}
	}
	return nil
}

// restore puts the kept items back, once gqlgen has checked the rest.
func (v *variables) restore(checked map[string]any) {
	for _, k := range v.kept {
		if k.field == "" {
			checked[k.variable] = k.items
		} else if input, ok := checked[k.variable].(map[string]any); ok {
			input[k.field] = k.items
		}
	}
}
