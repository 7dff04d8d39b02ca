package profile

import (
	"encoding/json"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

func TestRestatedProfileComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var file Merged
		for _, s := range rapid.SliceOfN(rapid.Custom(drawStatement), 1, 4).Draw(t, "said") {
			file = Merge(file.Profile, file.Provenance, s, counter())
		}
		if file.Profile.empty() {
			return
		}
		in := file.Profile.Restate()
		in.ExternalID = Say("K-1")
		s, problems := in.Normalize(Defaults{Now: answered})
		if len(problems) > 0 {
			t.Fatalf("%v", problems)
		}
		s.By = Source("crm")
		again := Merge(Profile{}, Provenance{}, s, counter()).Profile
		if got, want := again.Restate(), file.Profile.Restate(); !reflect.DeepEqual(got, want) {
			t.Fatalf("%+v comes back as %+v", want, got)
		}
	})
}

func TestInputIsReadFromWhatItIsWrittenAs(t *testing.T) {
	inputs := []Input{
		{},
		{ExternalID: Say("K-1"), Employee: Say(""), Metadata: json.RawMessage(`{"a":[1,{"b":null}]}`)},
		{Emails: []EmailInput{}, Phones: []PhoneInput{}, Addresses: []AddressInput{}, CustomFields: CustomInput{None: true}},
		{
			FamilyName: Say("O'\"<&>\u2028\\ Ünver"), ObservedAt: Say("2026-01-01T00:00:00Z"),
			Emails:    []EmailInput{{ID: "email_1", Address: Say("a@b.de"), Use: Say("PRIVATE")}, {Address: Say("")}},
			Phones:    []PhoneInput{{Number: Say("+49301"), Kind: Say("FAX"), Use: Say("BUSINESS")}},
			Addresses: []AddressInput{{Street: Say("=Weg"), Region: Say(""), CountryCode: Say("DE")}},
			CustomFields: CustomInput{Values: map[string]any{
				"b": "two\nlines\t", "a": json.Number("1.25"), "c": true, "d": nil,
			}},
		},
	}
	for _, in := range inputs {
		data := in.AppendJSON(nil)
		var got, wanted Input
		if err := got.UnmarshalJSON(data); err != nil || !reflect.DeepEqual(got, in) {
			t.Errorf("%s is read as %+v, %v", data, got, err)
		}
		plain, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		if err := wanted.UnmarshalJSON(plain); err != nil || !reflect.DeepEqual(wanted, got) {
			t.Errorf("written as %s, encoding/json writes %s", data, plain)
		}
	}
}
