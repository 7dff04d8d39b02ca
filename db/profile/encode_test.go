package profile

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// drawDocument draws a Profile and a Provenance with texts of any kind.
func drawDocument(t *rapid.T) (p Profile, v Provenance) {
	texts := rapid.OneOf(rapid.SampledFrom([]string{"", "a", "DE", `"`, "\\n", "Ä\u2028<&>", "\x01\n"}), rapid.String())
	text := func(name string) string { return texts.Draw(t, name) }
	few := rapid.IntRange(0, 2)
	for i := range scalars {
		*p.scalar(scalars[i].field) = text("scalar")
	}
	for range few.Draw(t, "emails") {
		p.Emails = append(p.Emails, Email{text("id"), text("address"), Use(text("use")), Health(text("health"))})
	}
	for range few.Draw(t, "phones") {
		p.Phones = append(p.Phones, Phone{text("id"), text("number"), PhoneKind(text("kind")), Use(text("use")), Health(text("health"))})
	}
	for range few.Draw(t, "addresses") {
		p.Addresses = append(p.Addresses, Address{
			text("id"), text("street"), text("house number"), text("addition"), text("postal code"), text("city"),
			text("region"), text("country"), Use(text("use")), Health(text("health")),
		})
	}
	for range few.Draw(t, "custom") {
		if p.CustomFields == nil {
			p.CustomFields = map[string]any{}
		}
		value := rapid.OneOf(rapid.Just[any](true), rapid.Map(rapid.Float64(), func(f float64) any { return f }), rapid.Map(texts, func(s string) any { return s }))
		p.CustomFields[text("key")] = value.Draw(t, "value")
	}
	word := func() Word {
		at := func(name string) time.Time {
			return rapid.SampledFrom([]time.Time{{}, now, now.Add(time.Nanosecond), now.Add(123456 * time.Microsecond)}).Draw(t, name)
		}
		return Word{Speaker(text("by")), rapid.IntRange(-1, 3).Draw(t, "rank"), at("at"), at("observed"), at("confirmed")}
	}
	v.Base = word()
	for range few.Draw(t, "fields") {
		if v.Fields == nil {
			v.Fields, v.Entries, v.Lists = map[string]Word{}, map[string][]Word{}, map[string][]Word{}
		}
		v.Fields[text("field")] = word()
		v.Entries[text("entry")] = []Word{word(), word()}
		v.Lists[text("list")] = []Word{word()}
	}
	for range few.Draw(t, "gone") {
		v.Gone = append(v.Gone, Tombstone{text("list"), text("key"), text("entry"), now, []Speaker{Speaker(text("by"))}})
	}
	return p, v
}

// TestDocumentsReadAsEncodingJSONReadsThem holds our own writing and reading
// against the standard library's, both ways.
func TestDocumentsReadAsEncodingJSONReadsThem(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, v := drawDocument(t)
		var standard, own Profile
		checkDocument(t, p.AppendJSON(nil), p, &standard, &own, own.ReadJSON)
		// Our own writing numbers what repeats; documents of old are spelled out.
		var standardV, ownV Provenance
		theirs, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		checkDocument(t, theirs, v, &standardV, &ownV, ownV.ReadJSON)
		if written := v.AppendJSON(nil); ownV.ReadJSON(written) != nil || !reflect.DeepEqual(standardV, ownV) {
			t.Fatalf("%s\nreads as %+v\nwant %+v", written, ownV, standardV)
		}
	})
}

func TestAWordThatRepeatsIsItsNumber(t *testing.T) {
	source, contact := Word{By: Source("crm"), At: now}, Word{By: Contact, At: now}
	v := Provenance{
		Base:    source,
		Fields:  map[string]Word{"familyName": contact, "title": source},
		Entries: map[string][]Word{"email_1": {contact, source}},
		Lists:   map[string][]Word{"emails": {contact}},
	}
	at := now.Format(time.RFC3339Nano)
	want := `{"base":{"by":"source:crm","at":"` + at + `"},"fields":{"familyName":{"by":"contact","at":"` + at + `"},"title":0},` +
		`"entries":{"email_1":[1,0]},"lists":{"emails":[1]}}`
	if got := string(v.AppendJSON(nil)); got != want {
		t.Errorf("wrote %s\nwant %s", got, want)
	}
	for _, broken := range []string{`{"base":0}`, `{"base":{},"fields":{"title":1}}`, `{"base":{},"fields":{"title":99999999999999999999}}`} {
		if err := new(Provenance).ReadJSON([]byte(broken)); err == nil {
			t.Errorf("%s is read", broken)
		}
	}
}

// checkDocument reads what we have written, and what encoding/json has, by
// encoding/json and by read, which fills own.
func checkDocument(t *rapid.T, written []byte, of, standard, own any, read func([]byte) error) {
	t.Helper()
	if err := json.Unmarshal(written, standard); err != nil {
		t.Fatalf("%v: %s", err, written)
	}
	theirs, err := json.Marshal(of)
	if err != nil {
		t.Fatal(err)
	}
	for _, document := range [][]byte{written, theirs} {
		if err := read(document); err != nil {
			t.Fatalf("%v: %s", err, document)
		}
		if !reflect.DeepEqual(standard, own) {
			t.Fatalf("%s\nreads as %+v\nwant %+v", document, own, standard)
		}
	}
}

func TestChangesAreWrittenAsEncodingJSONWritesThem(t *testing.T) {
	changes := []Change{
		{Field: "familyName", Before: textJSON("Kettenis"), After: textJSON(`Frohn "Ä"`)},
		{Field: "emails[0]", Item: "email_1", After: json.RawMessage(`{"address":"a@example.com"}`)},
	}
	want, err := json.Marshal(changes)
	if err != nil {
		t.Fatal(err)
	}
	if got := string(AppendChanges(nil, changes)); got != string(want) {
		t.Errorf("wrote %s, want %s", got, want)
	}
	if got := string(AppendChanges(nil, nil)); got != "[]" {
		t.Errorf("no changes are %s", got)
	}
}

func TestStoredDocumentsOfALaterVersionAreRead(t *testing.T) {
	var p Profile
	if err := p.ReadJSON([]byte(`{"familyName":"Frohn","nickname":"Fro","emails":[{"address":"a@example.com","seen":{"by":[1]}}],"more":[{}]}`)); err != nil {
		t.Fatal(err)
	}
	if p.FamilyName != "Frohn" || len(p.Emails) != 1 || p.Emails[0].Address != "a@example.com" {
		t.Errorf("read %+v", p)
	}
}

func BenchmarkDocument(b *testing.B) {
	p := Merge(Profile{}, Provenance{}, sync(b, typicalItem, now), func(kind string) string { return kind + "_01h455vb4pex5vsknk084sn02q" })
	b.Run("write", func(b *testing.B) {
		b.ReportAllocs()
		var to []byte
		for b.Loop() {
			to = p.Provenance.AppendJSON(p.Profile.AppendJSON(to[:0]))
		}
	})
	b.Run("write-by-reflection", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			for _, v := range []any{p.Profile, p.Provenance} {
				if _, err := json.Marshal(v); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
	profile, provenance := p.Profile.AppendJSON(nil), p.Provenance.AppendJSON(nil)
	b.Run("read", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var read Merged
			if read.Profile.ReadJSON(profile) != nil || read.Provenance.ReadJSON(provenance) != nil {
				b.Fatal("unread")
			}
		}
	})
	b.Run("read-by-reflection", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var read Merged
			if json.Unmarshal(profile, &read.Profile) != nil || json.Unmarshal(provenance, &read.Provenance) != nil {
				b.Fatal("unread")
			}
		}
	})
}
