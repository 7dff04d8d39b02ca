package model

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"complero/db"
	"complero/db/profile"
)

// A BadValue is a value that does not fit its type.
type BadValue struct {
	Message string
	// Path is the way from the value to what is wrong within it.
	Path []string
}

func (b *BadValue) Error() string { return b.Message }

func badValue(format string, args ...any) error {
	return &BadValue{Message: fmt.Sprintf(format, args...)}
}

// MarshalString writes a text.
func MarshalString(s string) graphql.Marshaler { return graphql.MarshalString(s) }

// UnmarshalString reads a text. PostgreSQL's texts cannot hold the character
// NUL, and none means anything to a reader.
func UnmarshalString(v any) (string, error) {
	s, err := graphql.UnmarshalString(v)
	if err != nil {
		return "", badValue("a text is wanted here")
	}
	if strings.ContainsRune(s, 0) {
		return "", badValue("a text cannot hold the character NUL")
	}
	return s, nil
}

// MarshalID writes an id.
func MarshalID(id string) graphql.Marshaler { return graphql.MarshalString(id) }

// UnmarshalID reads an id, which may also be written as a number.
func UnmarshalID(v any) (string, error) {
	id, err := graphql.UnmarshalID(v)
	if err != nil || strings.ContainsRune(id, 0) {
		return "", badValue("this is no id")
	}
	return id, nil
}

// MarshalDate writes a day.
func MarshalDate(d db.Date) graphql.Marshaler { return d }

// UnmarshalDate reads a day as YYYY-MM-DD.
func UnmarshalDate(v any) (db.Date, error) {
	var d db.Date
	if err := d.UnmarshalGQL(v); err != nil {
		return "", badValue("%s", err)
	}
	return d, nil
}

// MarshalDateTime writes a moment as RFC 3339 in UTC.
func MarshalDateTime(t time.Time) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) {
		_, _ = io.WriteString(w, strconv.Quote(t.UTC().Format(time.RFC3339Nano)))
	})
}

// UnmarshalDateTime reads a moment as RFC 3339 with whatever offset, and
// returns it in UTC.
func UnmarshalDateTime(v any) (time.Time, error) {
	text, ok := v.(string)
	if !ok {
		return time.Time{}, badValue("a DateTime is a string such as %q", "2026-03-29T01:15:00Z")
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, badValue("%q is no DateTime; write it as %q", text, "2026-03-29T01:15:00Z")
	}
	return t.UTC(), nil
}

// MarshalJSON writes a JSON value as it stands; an empty one is null.
func MarshalJSON(v json.RawMessage) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) {
		if len(v) == 0 {
			v = json.RawMessage("null")
		}
		_, _ = w.Write(v)
	})
}

// UnmarshalJSON takes any JSON value.
func UnmarshalJSON(v any) (json.RawMessage, error) { return json.Marshal(v) }

// MarshalFields writes a Company's own fields.
func MarshalFields(v map[string]any) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) {
		b, err := json.Marshal(v)
		if err != nil {
			b = []byte("null") // what is stored came from JSON
		}
		_, _ = w.Write(b)
	})
}

// UnmarshalFields takes a JSON object.
func UnmarshalFields(v any) (map[string]any, error) {
	fields, ok := v.(map[string]any)
	if !ok {
		return nil, badValue("an object is wanted here")
	}
	return fields, nil
}

// Items is the list of an upload. It is not decoded on its way to the store:
// decoding 1,000 items by the schema costs far more than the rest of the
// call, and would lose the difference between null and absent.
type Items struct {
	// JSON is the list, a JSON array.
	JSON json.RawMessage
	// Count is how many items it has.
	Count int
}

// MarshalGQL writes the list.
func (i Items) MarshalGQL(w io.Writer) { _, _ = w.Write(i.JSON) }

// UnmarshalGQL takes the list as it was sent, if the handler kept that, else
// as it was decoded. A single item stands for a list of one, as GraphQL has it.
func (i *Items) UnmarshalGQL(v any) error {
	if sent, ok := v.(Items); ok {
		*i = sent
		return nil
	}
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	b, err := json.Marshal(list)
	if err != nil {
		return fmt.Errorf("read items: %w", err)
	}
	*i = Items{JSON: b, Count: len(list)}
	return nil
}

// Answer is what a Contact fills in, with absent, null and value kept apart.
type Answer struct{ profile.Input }

// MarshalGQL writes the answer.
func (a Answer) MarshalGQL(w io.Writer) { _ = json.NewEncoder(w).Encode(a.Input) }

// UnmarshalGQL reads the answer from the object that gqlgen decoded.
func (a *Answer) UnmarshalGQL(v any) error {
	object, ok := v.(map[string]any)
	if !ok {
		return badValue("an object is wanted here")
	}
	in, err := profile.InputFromMap(object)
	var shape *profile.ShapeError
	if errors.As(err, &shape) {
		return &BadValue{Message: shape.What, Path: shape.Path}
	}
	a.Input = in
	return err
}

// MarshalUpload has nothing to write: files only come in.
func MarshalUpload(graphql.Upload) graphql.Marshaler { return graphql.Null }

// UnmarshalUpload takes the file that came with the call.
func UnmarshalUpload(v any) (graphql.Upload, error) {
	file, ok := v.(graphql.Upload)
	if !ok {
		return graphql.Upload{}, badValue("a file is wanted here; send it by the GraphQL multipart request convention")
	}
	return file, nil
}
