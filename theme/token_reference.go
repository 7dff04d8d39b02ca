package theme

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// bracePath reads {group.token}.
func bracePath(n *jsonNode) ([]string, bool) {
	if n == nil || n.kind != jsonString || len(n.text) < 3 || n.text[0] != '{' || n.text[len(n.text)-1] != '}' {
		return nil, false
	}
	return strings.Split(n.text[1:len(n.text)-1], "."), true
}

// unescapePointer follows RFC 6901, section 4.
var unescapePointer = strings.NewReplacer("~1", "/", "~0", "~")

// pointerPath reads #/group/token/$value, a JSON Pointer within the file.
func pointerPath(n *jsonNode) ([]string, bool) {
	if n == nil || n.kind != jsonString {
		return nil, false
	}
	pointer, ok := strings.CutPrefix(n.text, "#/")
	if !ok {
		return nil, false
	}
	path := strings.Split(pointer, "/")
	for i, name := range path {
		path[i] = unescapePointer.Replace(name)
	}
	return path, true
}

// A badReference is a reference that leads nowhere.
type badReference struct{ reason string }

func (b badReference) Error() string { return b.reason }

// value resolves a token: its value without any reference in it, and its type.
// through are the references on the way here.
func (t *tokenTree) value(f foundToken, through []string) (*jsonNode, string, error) {
	if f.node.kind != jsonObject {
		return nil, "", badReference{"it is neither a token nor a group; a token is an object with $type and $value"}
	}
	for _, name := range f.node.names {
		if !strings.HasPrefix(name, "$") {
			return nil, "", badReference{fmt.Sprintf("it has a $value and holds %q as well: it is a token or a group, not both", shorten(name, 80))}
		}
	}
	if f.node.member("$value") != nil && f.node.member("$ref") != nil {
		return nil, "", badReference{"it has a $value and a $ref; leave one out"}
	}
	raw := f.node.member("$value")
	if raw == nil {
		raw = &jsonNode{kind: jsonObject, names: []string{"$ref"}, members: map[string]*jsonNode{"$ref": f.node.member("$ref")}}
	}
	value, kind, err := t.resolve(raw, through)
	if err != nil {
		return nil, "", err
	}
	// What the token says itself comes first, then what it refers to, then its
	// groups.
	switch own := f.node.member("$type"); {
	case own != nil && own.kind != jsonString:
		return nil, "", badReference{"its $type is no text"}
	case own != nil:
		kind = own.text
	case kind == "":
		kind = f.kind
	}
	return value, kind, nil
}

// resolve follows references, also those inside of a value. kind is the type of
// what a reference leads to.
func (t *tokenTree) resolve(n *jsonNode, through []string) (value *jsonNode, kind string, err error) {
	if err := t.step(); err != nil {
		return nil, "", err
	}
	if path, is := bracePath(n); is {
		if through, err = onward(through, "{"+strings.Join(path, ".")+"}"); err != nil {
			return nil, "", err
		}
		found, ok, err := t.find(path)
		if err != nil {
			return nil, "", err
		}
		if !ok {
			return nil, "", badReference{fmt.Sprintf("it refers to %s, and there is no such token", shorten(n.text, 80))}
		}
		return t.value(found, through)
	}
	if ref := n.member("$ref"); ref != nil {
		return t.pointed(ref, through)
	}
	switch n.kind {
	case jsonArray:
		copied := &jsonNode{kind: jsonArray}
		for _, item := range n.items {
			v, _, err := t.resolve(item, through)
			if err != nil {
				return nil, "", err
			}
			copied.items = append(copied.items, v)
		}
		return copied, "", nil
	case jsonObject:
		copied := &jsonNode{kind: jsonObject, names: n.names, members: map[string]*jsonNode{}}
		for _, name := range n.names {
			v, _, err := t.resolve(n.members[name], through)
			if err != nil {
				return nil, "", err
			}
			copied.members[name] = v
		}
		return copied, "", nil
	}
	return n, "", nil
}

// pointed resolves a JSON Pointer: to a token, its value or a part of that.
func (t *tokenTree) pointed(ref *jsonNode, through []string) (*jsonNode, string, error) {
	path, ok := pointerPath(ref)
	if !ok {
		return nil, "", badReference{fmt.Sprintf("its $ref %q leads out of the file; write it as #/group/token/$value", shorten(ref.text, 80))}
	}
	through, err := onward(through, "#/"+strings.Join(path, "/"))
	if err != nil {
		return nil, "", err
	}
	// A pointer that goes by a token's name means its value, and so does one to
	// $value, also of a token that a group has from another.
	names := path
	if path[len(path)-1] == "$value" {
		names = path[:len(path)-1]
	}
	found, ok, err := t.find(names)
	if err != nil {
		return nil, "", err
	}
	if ok {
		return t.value(found, through)
	}
	n := t.root
	for _, name := range path {
		if n.kind == jsonArray {
			if n = item(n, name); n == nil {
				break
			}
			continue
		}
		// On the way down, a value may itself be a reference.
		if reference := n.member("$ref"); reference != nil || n.kind == jsonString {
			if n, _, err = t.resolve(n, through); err != nil {
				return nil, "", err
			}
		}
		if n = n.member(name); n == nil {
			break
		}
	}
	if n == nil {
		return nil, "", badReference{fmt.Sprintf("it refers to %s, and there is nothing", shorten(ref.text, 80))}
	}
	value, kind, err := t.resolve(n, through)
	return value, kind, err
}

// item is an array's item by its place from 0.
func item(n *jsonNode, place string) *jsonNode {
	i, err := strconv.Atoi(place)
	if err != nil || i < 0 || i >= len(n.items) {
		return nil
	}
	return n.items[i]
}

// onward adds a reference to those on the way, if it is none of them.
func onward(through []string, reference string) ([]string, error) {
	if slices.Contains(through, reference) {
		return nil, badReference{fmt.Sprintf("%s refers to itself in the end", shorten(reference, 80))}
	}
	if len(through) >= maxTokenDepth {
		return nil, badReference{fmt.Sprintf("it takes more than %d references to reach a value", maxTokenDepth)}
	}
	return append(slices.Clip(through), reference), nil
}
