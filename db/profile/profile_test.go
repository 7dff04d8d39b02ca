package profile

import (
	"strings"
	"testing"
)

func TestIdentityKeysKnowThePersonAgain(t *testing.T) {
	first := merged(sync(t, `{"givenName":"Änne","familyName":"Müller","birthDate":"1970-01-02","emails":[{"address":"A@x.de"}],
		"phones":[{"number":"0160 4905728"}],"addresses":[{"postalCode":"10115","city":"Berlin"},{"postalCode":"10115","city":"Bonn"}]}`, now)).Profile
	again := merged(sync(t, `{"givenName":"AENNE","familyName":"MUELLER","birthDate":"1970-01-02","emails":[{"address":"a@X.de"}],
		"phones":[{"number":"+49 160 4905728"}],"addresses":[{"postalCode":"D-10115","city":"Berlin"}]}`, now)).Profile
	keys := strings.Join(first.IdentityKeys(), "\n")
	want(t, "keys", keys, "email:a@x.de|muller\nphone:+491604905728|muller\nbirth:anne|muller|1970-01-02|10115")
	want(t, "the same person's keys", strings.Join(again.IdentityKeys(), "\n"), keys)
	if keys := new(Profile).IdentityKeys(); len(keys) > 0 {
		t.Errorf("nobody has the keys %v", keys)
	}
}

func TestDisplayName(t *testing.T) {
	for _, tt := range []struct {
		p    Profile
		want string
	}{
		{Profile{GivenName: "Eva", FamilyName: "Meier", Organisation: "X"}, "Eva Meier"},
		{Profile{FamilyName: "Meier"}, "Meier"},
		{Profile{Organisation: "X"}, "X"},
		{Profile{}, ""},
	} {
		want(t, "name", tt.p.DisplayName(), tt.want)
	}
}

func TestEnumsSpeakGraphQL(t *testing.T) {
	var b strings.Builder
	UseBusiness.MarshalGQL(&b)
	PhoneFax.MarshalGQL(&b)
	Health("").MarshalGQL(&b)
	want(t, "written", b.String(), `"BUSINESS""FAX""UNKNOWN"`)
	var (
		u Use
		k PhoneKind
		h Health
	)
	if u.UnmarshalGQL("PRIVATE") != nil || k.UnmarshalGQL("OTHER") != nil || h.UnmarshalGQL("FAILED") != nil || u != UsePrivate || k != PhoneOther || h != HealthFailed {
		t.Errorf("read %s %s %s", u, k, h)
	}
	for _, v := range []any{"HOME", 5, nil} {
		if u.UnmarshalGQL(v) == nil || k.UnmarshalGQL(v) == nil || h.UnmarshalGQL(v) == nil {
			t.Errorf("%v was read", v)
		}
	}
}

func TestDiffLeavesOutWhatNobodySays(t *testing.T) {
	before := Profile{FamilyName: `A"<b>`, Emails: []Email{{ID: "e", Address: "a@x.de", Use: UsePrivate}}, CustomFields: map[string]any{"a": 1.0, "b": "x"}}
	after := before
	after.FamilyName = ""
	after.Emails = []Email{{ID: "e", Address: "a@x.de", Use: UsePrivate, Health: HealthReached}}
	after.CustomFields = map[string]any{"b": "y", "c": true}
	want(t, "changes", lines(Diff(before, after)), `
familyName: "A\"\u003cb\u003e" -> null
customFields.a: 1 -> null
customFields.b: "x" -> "y"
customFields.c: null -> true`)
	if changes := Diff(after, after); changes != nil {
		t.Errorf("got %v", changes)
	}
}
