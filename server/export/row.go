package export

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"complero/server/intake/table"
)

// A row can be written as cells; as it is, it is the document.
type row interface{ cells() []string }

func write(out *table.Writer, kind table.Kind, r row) error {
	if kind != table.KindNDJSON {
		return out.Write(r.cells())
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(r); err != nil {
		return fmt.Errorf("write a row: %w", err)
	}
	return out.WriteDocument(b.Bytes())
}

// optional is a cell for what may not be there.
func optional(s *string) string {
	if s == nil {
		return table.Absent
	}
	return *s
}

// ifAny is nil for what is empty.
func ifAny(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// moment is a cell for a time: RFC 3339, in UTC.
func moment(t *time.Time) string {
	if t == nil {
		return table.Absent
	}
	return t.UTC().Format(time.RFC3339Nano)
}

func inUTC(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	utc := t.UTC()
	return &utc
}
