package theme

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// A tokenTree is a file of tokens being read.
type tokenTree struct {
	root  *jsonNode
	steps int // taken, of maxTokenSteps
}

// errTooMuch ends the reading of a file that unfolds to more than any design
// system holds.
var errTooMuch = errors.New("the file unfolds to more than a million parts; extend fewer groups, and refer to fewer references")

func (t *tokenTree) step() error {
	if t.steps++; t.steps > maxTokenSteps {
		return errTooMuch
	}
	return nil
}

// A tokenGroup is a group as it stands in the file, with the groups that it
// extends behind it: what stands further in front wins, name by name.
type tokenGroup struct {
	layers []*tokenLayer
	kind   string // the $type of what says none itself
}

// A tokenLayer is one of the objects that make up a group.
type tokenLayer struct {
	node *jsonNode
	from *tokenLayer // which it stands in, or which extends it
}

// within reports whether the layer is that object, or came to be by way of it.
func (l *tokenLayer) within(n *jsonNode) bool {
	for ; l != nil; l = l.from {
		if l.node == n {
			return true
		}
	}
	return false
}

// A foundToken is a token with the type that it says or inherits; "" for none.
type foundToken struct {
	path []string
	node *jsonNode
	kind string
}

// A badGroup is a group that cannot be read as one.
type badGroup struct {
	path   []string
	reason string
}

// isToken reports whether an object is a token: one with a value, or with a
// reference in its place. Beside other names a $ref extends a group.
func isToken(n *jsonNode) bool {
	if n.member("$value") != nil {
		return true
	}
	return n.member("$ref") != nil && !slices.ContainsFunc(n.names, func(name string) bool { return !strings.HasPrefix(name, "$") })
}

// group makes a group of layers. bad tells why it has to do without one that
// it wants to extend.
func (t *tokenTree) group(layers []*tokenLayer, kind string) (g tokenGroup, bad string, err error) {
	g = tokenGroup{kind: kind}
	for len(layers) > 0 {
		if err := t.step(); err != nil {
			return g, bad, err
		}
		layer := layers[0]
		layers = layers[1:]
		g.layers = append(g.layers, layer)
		extends := layer.node.member("$extends")
		if extends == nil {
			extends = layer.node.member("$ref")
		}
		if extends == nil {
			continue
		}
		target, reason := t.extended(extends)
		if reason == "" && layer.within(target) {
			reason = "the group extends itself in the end, or one that it stands in"
		}
		if reason != "" {
			bad = reason
			continue
		}
		layers = append([]*tokenLayer{{target, layer}}, layers...)
	}
	for _, layer := range slices.Backward(g.layers) {
		if own := layer.node.member("$type"); own != nil && own.kind == jsonString {
			g.kind = own.text
		}
	}
	return g, bad, nil
}

// top is the group of all.
func (t *tokenTree) top() (tokenGroup, string, error) {
	return t.group([]*tokenLayer{{node: t.root}}, "")
}

// extended finds the group that an $extends names.
func (t *tokenTree) extended(by *jsonNode) (*jsonNode, string) {
	if ref := by.member("$ref"); ref != nil {
		by = ref
	}
	path, ok := bracePath(by)
	if !ok {
		if path, ok = pointerPath(by); !ok {
			return nil, "$extends names no group; write it as {group} or as #/group"
		}
	}
	n := t.root
	for _, name := range path {
		n = n.member(name)
	}
	switch {
	case n == nil || n.kind != jsonObject:
		return nil, fmt.Sprintf("the group %s that it extends is not there", shorten(by.text, 80))
	case isToken(n):
		return nil, fmt.Sprintf("%s, which it extends, is a token and not a group", shorten(by.text, 80))
	}
	return n, ""
}

// names are those of a group's tokens and groups, in the order of the file.
func (g tokenGroup) names() []string {
	var names []string
	known := map[string]bool{}
	for _, layer := range g.layers {
		for _, name := range layer.node.names {
			if known[name] || strings.HasPrefix(name, "$") && name != "$root" {
				continue
			}
			known[name] = true
			names = append(names, name)
		}
	}
	return names
}

// child is what a group has by a name: a token as the foremost layer has it, or
// the layers of a group.
func (g tokenGroup) child(name string) (token *jsonNode, layers []*tokenLayer) {
	for _, layer := range g.layers {
		n := layer.node.member(name)
		switch {
		case n == nil:
		case len(layers) == 0 && (n.kind != jsonObject || isToken(n)):
			return n, nil
		case n.kind == jsonObject && !isToken(n):
			layers = append(layers, &tokenLayer{n, layer})
		}
	}
	return nil, layers
}

// tokens lists all tokens, in the order of the file, and the groups that
// cannot be read.
func (t *tokenTree) tokens() ([]foundToken, []badGroup, error) {
	var found []foundToken
	var bad []badGroup
	var walk func(path []string, g tokenGroup) error
	walk = func(path []string, g tokenGroup) error {
		for _, name := range g.names() {
			if err := t.step(); err != nil {
				return err
			}
			at := append(slices.Clip(path), name)
			token, layers := g.child(name)
			if token != nil {
				found = append(found, foundToken{at, token, g.kind})
				continue
			}
			inner, reason, err := t.group(layers, g.kind)
			if err != nil {
				return err
			}
			if reason != "" {
				bad = append(bad, badGroup{at, reason})
			}
			if len(at) > maxTokenDepth {
				return errTooMuch
			}
			if err := walk(at, inner); err != nil {
				return err
			}
		}
		return nil
	}
	top, reason, err := t.top()
	if reason != "" {
		bad = append(bad, badGroup{nil, reason})
	}
	if err == nil {
		err = walk(nil, top)
	}
	return found, bad, err
}

// find is the token at a path, with the groups extended that lead to it; false
// where there is none.
func (t *tokenTree) find(path []string) (foundToken, bool, error) {
	g, _, err := t.top()
	for i, name := range path {
		if err != nil {
			return foundToken{}, false, err
		}
		token, layers := g.child(name)
		if token != nil || len(layers) == 0 {
			return foundToken{path, token, g.kind}, token != nil && i == len(path)-1, nil
		}
		g, _, err = t.group(layers, g.kind)
	}
	return foundToken{}, false, err
}
