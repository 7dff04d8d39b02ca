package graph

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzWalkerAcceptsWhatIsJSON compares with encoding/json.
func FuzzWalkerAcceptsWhatIsJSON(f *testing.F) {
	for _, seed := range []string{
		`{"a": [1, -0.5e+7, "x\u00e9\n", true, false, null, {}]}`, `[]`, ` "\ud800" `, `{"a":1,}`, `01`, `1.`, `-`, `"\x"`, "\"\t\"", `nul`, `{"a" 1}`, `[1 2]`,
		`"\u12"`, `{"":{"":[[[]]]}}`, `1e5 `, `tru`, "\"\xff\"", `"\`, `{"a":"b"}}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		w := walker{data: []byte(text)}
		err := w.value()
		if err == nil {
			err = w.end()
		}
		valid := json.Valid([]byte(text))
		if err == nil && !valid {
			t.Errorf("%q was accepted", text)
		}
		if err != nil && valid && nesting(text) < maxNesting {
			t.Errorf("%q was refused", text)
		}
		fields, err := members([]byte(text))
		var want map[string]json.RawMessage
		if err == nil && utf8.ValidString(text) {
			if json.Unmarshal([]byte(text), &want) != nil || len(want) != len(fields) {
				t.Errorf("%q: got %d members, want %d", text, len(fields), len(want))
			}
			for key, value := range want {
				if strings.TrimSpace(string(value)) != strings.TrimSpace(string(fields[key])) {
					t.Errorf("%q: %q is %s, want %s", text, key, fields[key], value)
				}
			}
		}
	})
}

// nesting is how deep a text may nest at most.
func nesting(text string) int { return strings.Count(text, "[") + strings.Count(text, "{") }
