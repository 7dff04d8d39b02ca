package graph

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// A shape is a type as variables and fields have it: null or not, a list or not.
type shape struct {
	name    string // as in the schema: [EmailInput!]
	nonNull bool
	elem    *shape // of a list
	// kept lists are handed on as they were sent.
	kept bool
	// input is the named type, where the shape is no list.
	input *inputType
}

// An inputType is a named type of the schema, made ready for checking JSON
// against it without decoding. One of fields, enum and scalar is set.
type inputType struct {
	name     string
	fields   map[string]*shape
	required []string // of the fields
	enum     map[string]bool
	scalar   bool
}

// inputTypes are all those of a schema, by name.
type inputTypes map[string]*inputType

// keptItems are the types whose lists reach resolvers as they were sent.
var keptItems = map[string]bool{"ContactInput": true, "EmployeeInput": true}

func newInputTypes(schema *ast.Schema) inputTypes {
	types := inputTypes{}
	for name, def := range schema.Types {
		if def.IsInputType() {
			types[name] = &inputType{name: name, scalar: def.Kind == ast.Scalar}
		}
	}
	for name, t := range types {
		t.define(types, schema.Types[name])
	}
	return types
}

func (t *inputType) define(types inputTypes, def *ast.Definition) {
	switch def.Kind {
	case ast.Enum:
		t.enum = map[string]bool{}
		for _, v := range def.EnumValues {
			t.enum[v.Name] = true
		}
	case ast.InputObject:
		t.fields = map[string]*shape{}
		for _, f := range def.Fields {
			t.fields[f.Name] = types.shape(f.Type)
			if f.Type.NonNull && f.DefaultValue == nil {
				t.required = append(t.required, f.Name)
			}
		}
	}
}

// shape is that of a type; nil where values of that type are no inputs.
func (types inputTypes) shape(t *ast.Type) *shape {
	s := &shape{name: t.String(), nonNull: t.NonNull}
	if t.Elem == nil {
		if s.input = types[t.NamedType]; s.input == nil {
			return nil
		}
		return s
	}
	if s.elem = types.shape(t.Elem); s.elem == nil {
		return nil
	}
	s.kept = keptItems[t.Elem.NamedType]
	return s
}

// upload is the type of files.
const upload = "Upload"

// A misfit says where a value does not fit its type, and why. Its path grows
// from the inside while it travels outwards.
type misfit struct {
	path []string
	why  string
}

func (m *misfit) Error() string { return strings.Join(m.path, ".") + ": " + m.why }

func misfitf(format string, args ...any) error { return &misfit{why: fmt.Sprintf(format, args...)} }

// below adds an outer step to the way to a misfit.
func below(err error, step string) error {
	var m *misfit
	if errors.As(err, &m) {
		m.path = slices.Insert(m.path, 0, step)
	}
	return err
}

// keptList is where a list that is handed on as it was sent stands.
type keptList struct {
	field      string // of the variable's object; "" for the variable itself
	start, end int
	count      int
	single     bool // one item in place of a list of one
}

// checker walks JSON and checks it against shapes.
type checker struct {
	walker
	kept []keptList
	// files tells that the call brings some, which take the place of a null.
	files bool
}

// check passes a value and fails with a *misfit where it is not of the shape.
func (c *checker) check(s *shape) error {
	b := c.next()
	switch {
	case b == 'n' && s.nonNull && !c.filled(s):
		return misfitf("null is not allowed here; a %s is wanted", s.name)
	case b == 'n':
		return c.word("null")
	case s.kept:
		return c.keep(s)
	case s.elem != nil && b == '[':
		return c.array(func(i int) error { return c.element(s.elem, i) })
	case s.elem != nil:
		return c.check(s.elem) // GraphQL takes one value for a list of one
	case s.input.fields != nil:
		return c.fields(s.input, b)
	case s.input.enum != nil:
		return c.enumValue(s.input, b)
	}
	return c.scalar(s.input.name, b)
}

// filled reports whether a file may take the place of a null of that shape.
func (c *checker) filled(s *shape) bool {
	return c.files && s.input != nil && s.input.name == upload
}

// keep checks a list and notes where it stands.
func (c *checker) keep(s *shape) error {
	k := keptList{start: c.pos, count: 1, single: c.next() != '['}
	var err error
	if k.single {
		err = c.check(s.elem)
	} else {
		k.count = 0
		err = c.array(func(i int) error {
			k.count++
			return c.element(s.elem, i)
		})
	}
	k.end = c.pos
	c.kept = append(c.kept, k)
	return err
}

func (c *checker) element(elem *shape, i int) error {
	if err := c.check(elem); err != nil {
		return below(err, strconv.Itoa(i))
	}
	return nil
}

func (c *checker) fields(t *inputType, b byte) error {
	if b != '{' {
		return misfitf("an object is wanted here, a %s", t.name)
	}
	var seen uint64
	err := c.object(func(key []byte) error {
		field := t.fields[string(key)]
		if field == nil {
			return below(misfitf("%s has no such field", t.name), string(key))
		}
		for i, name := range t.required {
			if name == string(key) {
				seen |= 1 << i
			}
		}
		before := len(c.kept)
		if err := c.check(field); err != nil {
			return below(err, string(key))
		}
		for i := range c.kept[before:] {
			c.kept[before+i].field = string(key)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i, name := range t.required {
		if seen&(1<<i) == 0 {
			return below(misfitf("%s needs this field", t.name), name)
		}
	}
	return nil
}

func (c *checker) enumValue(t *inputType, b byte) error {
	if b != '"' {
		return misfitf("a value of %s is wanted here, as a string", t.name)
	}
	value, err := c.key()
	if err == nil && !t.enum[string(value)] {
		err = misfitf("%.50q is no value of %s", value, t.name)
	}
	return err
}

func (c *checker) scalar(name string, b byte) error {
	number := b == '-' || b >= '0' && b <= '9'
	fits, wanted := true, ""
	switch name {
	case "JSON":
	case upload:
		fits, wanted = false, "a file, sent as multipart/form-data with null in its place,"
	case "Boolean":
		fits, wanted = b == 't' || b == 'f', "true or false"
	case "Float":
		fits, wanted = number, "a number"
	case "Int", "BigInt":
		return c.whole(name, number)
	case "ID":
		fits, wanted = b == '"' || number, "an id, as a string,"
	default:
		fits, wanted = b == '"', "a string"
	}
	if !fits {
		return misfitf("%s is wanted here", wanted)
	}
	return c.value()
}

func (c *checker) whole(name string, number bool) error {
	bits := 32
	if name == "BigInt" {
		bits = 54
	}
	start := c.pos
	if number {
		if err := c.number(); err != nil {
			return err
		}
		if _, err := strconv.ParseInt(string(c.data[start:c.pos]), 10, bits); err == nil {
			return nil
		}
	}
	return misfitf("a whole number is wanted here")
}
