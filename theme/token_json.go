package theme

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// The limits of a file of tokens. The largest design systems have some
// thousand tokens, five or six groups deep.
const (
	maxTokenBytes = 1 << 20
	maxTokenDepth = 32
	// maxTokenSteps bounds what groups that extend one another and references
	// that hold references can unfold to.
	maxTokenSteps = 1_000_000
	// maxUnknown is how many tokens that mean nothing are told one by one.
	maxUnknown = 1000
)

// A jsonKind is what a JSON value is.
type jsonKind int

const (
	jsonNull jsonKind = iota
	jsonBool
	jsonNumber
	jsonString
	jsonArray
	jsonObject
)

// A jsonNode is a JSON value in the order of its file.
type jsonNode struct {
	kind    jsonKind
	number  float64
	text    string
	items   []*jsonNode
	names   []string
	members map[string]*jsonNode
}

// member is the value by that name; nil where there is none.
func (n *jsonNode) member(name string) *jsonNode {
	if n == nil || n.kind != jsonObject {
		return nil
	}
	return n.members[name]
}

// readJSON reads one object, strictly: a name that stands twice would lose one
// of its values.
func readJSON(data []byte) (*jsonNode, error) {
	if len(data) > maxTokenBytes {
		return nil, errors.New("the file is larger than 1 MB; leave out what is not for a Brand")
	}
	d := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	root, err := readNode(d, 0)
	if err == nil {
		if _, more := d.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("something stands behind the object")
		}
	}
	if err == nil && root.kind != jsonObject {
		err = errors.New("it is no object")
	}
	if err != nil {
		return nil, fmt.Errorf("the file is no JSON of design tokens: %w; export it in the W3C format (DTCG 2025.10)", err)
	}
	return root, nil
}

func readNode(d *json.Decoder, depth int) (*jsonNode, error) {
	if depth > maxTokenDepth {
		return nil, fmt.Errorf("it nests more than %d deep", maxTokenDepth)
	}
	next, err := d.Token()
	if errors.Is(err, io.EOF) {
		return nil, io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, err
	}
	switch v := next.(type) {
	case json.Delim:
		if v == '[' {
			return readItems(d, depth)
		}
		return readMembers(d, depth)
	case string:
		return &jsonNode{kind: jsonString, text: v}, nil
	case float64:
		return &jsonNode{kind: jsonNumber, number: v}, nil
	case bool:
		return &jsonNode{kind: jsonBool}, nil
	}
	return &jsonNode{kind: jsonNull}, nil
}

func readItems(d *json.Decoder, depth int) (*jsonNode, error) {
	n := &jsonNode{kind: jsonArray}
	for d.More() {
		item, err := readNode(d, depth+1)
		if err != nil {
			return nil, err
		}
		n.items = append(n.items, item)
	}
	_, err := d.Token()
	return n, err
}

func readMembers(d *json.Decoder, depth int) (*jsonNode, error) {
	n := &jsonNode{kind: jsonObject, members: map[string]*jsonNode{}}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, err
		}
		text, _ := name.(string)
		if n.members[text] != nil {
			return nil, fmt.Errorf("the name %q stands twice in one object", shorten(text, 80))
		}
		value, err := readNode(d, depth+1)
		if err != nil {
			return nil, err
		}
		n.names = append(n.names, text)
		n.members[text] = value
	}
	_, err := d.Token()
	return n, err
}
