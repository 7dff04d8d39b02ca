package model

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"
)

func TestDateTimeIsWrittenInUTC(t *testing.T) {
	berlin := time.FixedZone("CEST", 2*60*60)
	var b bytes.Buffer
	MarshalDateTime(time.Date(2026, 3, 29, 3, 15, 0, 0, berlin)).MarshalGQL(&b)
	if got, want := b.String(), `"2026-03-29T01:15:00Z"`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestDateTimeIsReadWithAnyOffset(t *testing.T) {
	tests := []struct {
		in   any
		want string // "" where it is refused
	}{
		{"2026-03-29T01:15:00Z", "2026-03-29T01:15:00Z"},
		{"2026-03-29T03:15:00.5+02:00", "2026-03-29T01:15:00.5Z"},
		{"2026-03-29", ""},
		{"2026-03-29 01:15:00", ""},
		{"", ""},
		{json.Number("1774746900"), ""},
	}
	for _, tt := range tests {
		got, err := UnmarshalDateTime(tt.in)
		if (err == nil) != (tt.want != "") {
			t.Errorf("%v: error %v", tt.in, err)
		}
		if err == nil && got.Format(time.RFC3339Nano) != tt.want {
			t.Errorf("%v: got %s, want %s", tt.in, got.Format(time.RFC3339Nano), tt.want)
		}
	}
}

func TestJSONIsNullWhereThereIsNone(t *testing.T) {
	for in, want := range map[string]string{"": "null", `{"a":1}`: `{"a":1}`} {
		var b bytes.Buffer
		MarshalJSON(json.RawMessage(in)).MarshalGQL(&b)
		if b.String() != want {
			t.Errorf("%q: got %s, want %s", in, b.String(), want)
		}
	}
}

func TestItemsKeepWhatWasSent(t *testing.T) {
	sent := Items{JSON: []byte(`[ {"externalId": "a"} ]`), Count: 1}
	tests := []struct {
		name string
		in   any
		want Items
	}{
		{"as sent", sent, sent},
		{"decoded", []any{map[string]any{"emails": nil, "n": json.Number("1.50")}, map[string]any{}}, Items{[]byte(`[{"emails":null,"n":1.50},{}]`), 2}},
		{"one for a list", map[string]any{"externalId": "a"}, Items{[]byte(`[{"externalId":"a"}]`), 1}},
	}
	for _, tt := range tests {
		var got Items
		if err := got.UnmarshalGQL(tt.in); err != nil || string(got.JSON) != string(tt.want.JSON) || got.Count != tt.want.Count {
			t.Errorf("%s: got %s, %d, %v; want %s", tt.name, got.JSON, got.Count, err, tt.want.JSON)
		}
	}
}

func TestAnswerKeepsNullAndAbsentApart(t *testing.T) {
	var a Answer
	if err := a.UnmarshalGQL(map[string]any{"title": nil, "givenName": "Anna", "emails": []any{}}); err != nil {
		t.Fatal(err)
	}
	if !a.Title.Said || a.Title.Value != "" {
		t.Errorf("title: null was read as %+v", a.Title)
	}
	if a.Salutation.Said {
		t.Errorf("salutation: absent was read as %+v", a.Salutation)
	}
	if a.GivenName.Value != "Anna" {
		t.Errorf("givenName: got %+v", a.GivenName)
	}
	if a.Emails == nil || a.Phones != nil {
		t.Errorf("emails %v, phones %v: an empty list and an absent one were not kept apart", a.Emails, a.Phones)
	}
}
