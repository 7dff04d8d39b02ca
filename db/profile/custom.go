package profile

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
)

const (
	customName      = "customFields"
	maxCustomKeys   = 100
	maxCustomKey    = 64
	maxCustomText   = 2000
	maxWhole        = 1 << 53 // beyond, JSON numbers lose their last digits
	customKeyLetter = "letters, digits, and _ . -"
)

// normalizeCustom takes the Company's own fields: texts, numbers and booleans,
// by keys that need no quoting anywhere. nil removes a key.
func (n *normalizer) normalizeCustom(in CustomInput) map[string]any {
	if len(in.Values) > maxCustomKeys {
		n.refuse(fault{codeTooMany, fmt.Sprintf("has %d keys; at most %d fit, leave some out", len(in.Values), maxCustomKeys)}, "", customName)
		return nil
	}
	if len(in.Values) == 0 {
		return nil
	}
	before := len(n.problems)
	values := make(map[string]any, len(in.Values))
	for key, raw := range in.Values {
		if f := checkCustomKey(key); f.bad() {
			n.refuse(f, "", customName, shorten(key))
			continue
		}
		value, f := cleanCustom(raw)
		if d := n.d.Custom[key]; d != nil && value != nil && !f.bad() {
			value, f = d.clean(raw, value)
		}
		if f.bad() {
			shown, _ := raw.(string)
			n.refuse(f, shown, customName, key)
			continue
		}
		values[key] = value
	}
	// A map has no order; a report has one.
	slices.SortFunc(n.problems[before:], func(a, b Problem) int { return cmp.Compare(a.Path[1], b.Path[1]) })
	return values
}

func checkCustomKey(key string) fault {
	if key == "" || len(key) > maxCustomKey {
		return fault{codeInvalid, fmt.Sprintf("is no key; write 1 to %d %s", maxCustomKey, customKeyLetter)}
	}
	for i := 0; i < len(key); i++ {
		if c := key[i]; !letter(c) && !digit(c) && c != '_' && c != '.' && c != '-' {
			return fault{codeInvalid, "is no key; write only " + customKeyLetter}
		}
	}
	return fault{}
}

// shorten makes a key that cannot be one fit for a path.
func shorten(key string) string {
	quoted := quoteShort(key)
	return quoted[1 : len(quoted)-1]
}

// cleanCustom returns a string, a float64, a bool, or nil for none.
func cleanCustom(raw any) (any, fault) {
	switch v := raw.(type) {
	case nil, bool:
		return v, fault{}
	case string:
		s, f := cleanText(v, maxCustomText)
		if f.bad() || s == "" {
			return nil, f
		}
		if s == v {
			return raw, fault{} // spares boxing it again
		}
		return s, fault{}
	case json.Number:
		return cleanNumber(v.String())
	case float64:
		return cleanNumber(strconv.FormatFloat(v, 'g', -1, 64))
	case int:
		return cleanNumber(strconv.Itoa(v))
	case int64:
		return cleanNumber(strconv.FormatInt(v, 10))
	}
	return nil, fault{codeInvalid, "holds a list or an object; only texts, numbers and booleans fit, give each part a key of its own"}
}

func cleanNumber(s string) (any, fault) {
	f, err := strconv.ParseFloat(s, 64)
	switch {
	case err != nil || math.IsNaN(f) || math.IsInf(f, 0):
		return nil, fault{codeInvalid, "holds a number out of range; send it as a text"}
	case math.Abs(f) > maxWhole:
		return nil, fault{codeInvalid, "holds a number of more than 15 digits, which JSON cannot keep exactly; send it as a text"}
	case f == 0:
		f = 0 // not -0, which JSON writes as something else
	}
	return f, fault{}
}

// sortedKeys are the keys of m in order, so that reports come in one order.
func sortedKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
