package profile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"unicode/utf8"
)

const (
	metadataName = "metadata"
	// maxMetadata is in bytes, without white space between values.
	maxMetadata = 8 << 10
	maxNesting  = 32
)

// cleanMetadata takes a JSON object that passes through as it is, but for white
// space between its values; null removes what there was.
func cleanMetadata(raw json.RawMessage) (json.RawMessage, fault) {
	if len(raw) == 0 {
		return nil, fault{}
	}
	var b bytes.Buffer
	if len(raw) > 16*maxMetadata {
		return nil, tooMuch(len(raw))
	}
	if !utf8.Valid(raw) || json.Compact(&b, raw) != nil {
		return nil, fault{codeInvalid, "is no JSON in UTF-8; send one JSON object"}
	}
	switch compact := b.Bytes(); {
	case string(compact) == "null":
		return null, fault{}
	case compact[0] != '{':
		return nil, fault{codeInvalid, "is no JSON object; send an object, or null to remove it"}
	case len(compact) > maxMetadata:
		return nil, tooMuch(len(compact))
	case nesting(compact) > maxNesting:
		return nil, fault{codeInvalid, fmt.Sprintf("is nested more than %d deep; make it flatter", maxNesting)}
	default:
		return compact, fault{}
	}
}

func tooMuch(n int) fault {
	return fault{codeTooLong, fmt.Sprintf("has %d bytes; at most %d fit, leave some out", n, maxMetadata)}
}

// nesting is how deep JSON goes.
func nesting(data []byte) int {
	depth, deepest, quoted := 0, 0, false
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case c == '\\':
			i++ // only inside of strings
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			depth++
			deepest = max(deepest, depth)
		case c == '}' || c == ']':
			depth--
		}
	}
	return deepest
}
