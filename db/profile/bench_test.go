package profile

import (
	"encoding/json"
	"testing"
)

const typicalItem = `{"externalId":"K-100000","employee":"V-11","salutation":"Frau","title":"Prof. Dr.","givenName":"Juliane",
"familyName":"Kettenis","birthDate":"2003-11-13","emails":[{"address":"Juliane.Kettenis@mail.example.net"}],
"phones":[{"number":"0049 160/4905728"}],"addresses":[{"street":"Alkenrather Str.","houseNumber":"317","postalCode":"83310",
"city":"Krullland","countryCode":"DE"}],"customFields":{"licencePlate":"SP59ZIG"}}`

func BenchmarkInput(b *testing.B) {
	data := []byte(typicalItem)
	b.ReportAllocs()
	for b.Loop() {
		var in Input
		if err := json.Unmarshal(data, &in); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNormalize(b *testing.B) {
	in := input(b, typicalItem)
	b.ReportAllocs()
	for b.Loop() {
		if _, problems := in.Normalize(defaults); len(problems) > 0 {
			b.Fatal(problems)
		}
	}
}

func BenchmarkMergeNew(b *testing.B) {
	s := sync(b, typicalItem, now)
	id := func(kind string) string { return kind }
	b.ReportAllocs()
	for b.Loop() {
		Merge(Profile{}, Provenance{}, s, id)
	}
}

func BenchmarkMergeUnchanged(b *testing.B) {
	m := merged(sync(b, typicalItem, uploaded))
	s := sync(b, typicalItem, now)
	b.ReportAllocs()
	for b.Loop() {
		if m := Merge(m.Profile, m.Provenance, s, nil); m.ProvenanceChanged {
			b.Fatal("changed")
		}
	}
}

func BenchmarkMergeOneField(b *testing.B) {
	m := merged(sync(b, typicalItem, uploaded))
	s := sync(b, `{"familyName":"Neu"}`, now)
	b.ReportAllocs()
	for b.Loop() {
		Merge(m.Profile, m.Provenance, s, nil)
	}
}

func BenchmarkProfileJSON(b *testing.B) {
	m := merged(sync(b, typicalItem, uploaded))
	b.ReportAllocs()
	for b.Loop() {
		data, err := json.Marshal(m.Profile)
		if err != nil {
			b.Fatal(err)
		}
		var p Profile
		if err := json.Unmarshal(data, &p); err != nil {
			b.Fatal(err)
		}
	}
}
