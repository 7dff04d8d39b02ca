package profile

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestNormalizeWritesEverythingTheOneWay(t *testing.T) {
	m := merged(sync(t, `{"locale":"de_at","salutation":" Frau ","givenName":"Jürgen  Karl","familyName":"O\u0301 Brien\u202e",
		"birthDate":"2003-11-13","organisation":"A\tB","emails":[{"address":" Juliane.Kettenis@MÜLLER.example "},{"address":"juliane.kettenis@müller.example"},{"address":" "}],
		"phones":[{"number":"0664 1234567","use":"BUSINESS"},{"number":null},{"number":"030 1234567","kind":"FAX"}],
		"addresses":[{"countryCode":"Österreich","postalCode":"A-1010","city":"Wien"},{"countryCode":"DE"}],
		"customFields":{"note":" a\r\nb ","n":12.50,"yes":true}}`, now))
	got, err := json.MarshalIndent(m.Profile, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	want(t, "profile", string(got), `{
 "locale": "de-AT",
 "salutation": "Frau",
 "givenName": "Jürgen Karl",
 "familyName": "Ó Brien",
 "birthDate": "2003-11-13",
 "organisation": "A B",
 "emails": [
  {
   "id": "email_1",
   "address": "juliane.kettenis@xn--mller-kva.example",
   "use": "PRIVATE"
  }
 ],
 "phones": [
  {
   "id": "phone_2",
   "number": "+436641234567",
   "kind": "MOBILE",
   "use": "BUSINESS"
  },
  {
   "id": "phone_3",
   "number": "+43301234567",
   "kind": "FAX",
   "use": "PRIVATE"
  }
 ],
 "addresses": [
  {
   "id": "address_4",
   "postalCode": "1010",
   "city": "Wien",
   "countryCode": "AT",
   "use": "PRIVATE"
  }
 ],
 "customFields": {
  "n": 12.5,
  "note": "a\nb",
  "yes": true
 }
}`)
}

func TestNormalizeReportsAllProblems(t *testing.T) {
	long := strings.Repeat("ä", 300)
	rows := "[" + strings.Repeat(`{"address":"a@x.de"},`, 20) + `{"address":"a@x.de"}]`
	tests := []struct{ name, item, want string }{
		{"nothing", `{}`, "externalId REQUIRED: externalId is missing; write the key by which the Source knows the Contact"},
		{"blank externalId", `{"externalId":" \u200b"}`, "externalId REQUIRED: externalId is missing; write the key by which the Source knows the Contact"},
		{"long name", `{"externalId":"1","familyName":"` + long + `"}`, `familyName TOO_LONG: familyName "` + strings.Repeat("ä", 40) + `…" has 300 characters; at most 100 fit, shorten it`},
		{"NUL", `{"externalId":"1","familyName":"a\u0000b"}`, `familyName INVALID: familyName "a\x00b" holds the character U+0000 at place 2, which no text may hold; remove it`},
		{"half a surrogate pair", `{"externalId":"1","familyName":"a\ud800b"}`, `familyName INVALID: familyName "a�b" holds the character U+FFFD at place 2, which no text may hold; remove it`},
		{
			"each field for itself", `{"externalId":"1","birthDate":"0001-01-01","locale":"english","emails":[{"address":"a@b.de"},{"address":"foo@"}],
			"phones":[{"number":"12","kind":"PAGER"}],"addresses":[{"postalCode":"1067","countryCode":"DE","use":"HOME"},{"street":"X","countryCode":"Atlantis"}],
			"customFields":{"b":{"x":1},"a b":1,"c":12345678901234567890},"observedAt":"yesterday"}`,
			`observedAt INVALID: observedAt "yesterday" is no moment; write it as RFC 3339, such as 2026-03-31T14:05:00Z
locale INVALID_LOCALE: locale "english" is no language tag; write it by BCP 47, such as de, de-AT or en
birthDate INVALID_DATE: birthDate "0001-01-01" is before 1900; write a birth date from 1900-01-01 on, or leave it out
addresses.0.postalCode INVALID_POSTAL_CODE: addresses[0].postalCode "1067" is no postal code of DE; write it like 10115
addresses.0.use INVALID: addresses[0].use "HOME" is no use; write PRIVATE or BUSINESS
addresses.1.countryCode INVALID_COUNTRY: addresses[1].countryCode "Atlantis" is no country; write its ISO 3166-1 code of two letters, such as DE, AT or CH
emails.1.address INVALID_EMAIL: emails[1].address "foo@" is no e-mail address: it has nothing after the @; write it like name@example.com
phones.0.number INVALID_PHONE: phones[0].number "12" is no phone number in DE: it has no area code; write it like +49 30 1234567
customFields.a b INVALID: customFields.a b is no key; write only letters, digits, and _ . -
customFields.b INVALID: customFields.b holds a list or an object; only texts, numbers and booleans fit, give each part a key of its own
customFields.c INVALID: customFields.c holds a number of more than 15 digits, which JSON cannot keep exactly; send it as a text`,
		},
		{"too many rows", `{"externalId":"1","emails":` + rows + `}`, "emails TOO_MANY_ITEMS: emails has 21 entries; at most 20 fit, leave some out"},
		{"a clock ahead", `{"externalId":"1","observedAt":"2026-11-21T12:05:01Z"}`, `observedAt INVALID: observedAt "2026-11-21T12:05:01Z" is more than 5 minutes ahead; set the Source's clock right, or leave it out`},
		{"a clock a little ahead", `{"externalId":"1","observedAt":"2026-11-21T12:05:00Z"}`, ""},
		{"an unknown kind", `{"externalId":"1","phones":[{"number":"030 1234567","kind":"PAGER"}]}`, `phones.0.kind INVALID: phones[0].kind "PAGER" is no kind of phone; write MOBILE, LANDLINE, FAX or OTHER`},
		{"emoji and right-to-left names", `{"externalId":"1","givenName":"👩‍👩‍👧","familyName":"שלום"}`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, problems := input(t, tt.item).Normalize(defaults)
			var got []string
			for _, p := range problems {
				got = append(got, strings.Join(p.Path, ".")+" "+p.Code+": "+p.Message)
			}
			want(t, "problems", strings.Join(got, "\n"), tt.want)
		})
	}
}

func TestNormalizeReadsWhoseItemItIs(t *testing.T) {
	s, problems := input(t, `{"externalId":" K-1 ","employee":"V-1","observedAt":"2026-11-20T13:00:00+01:00","title":null}`).Normalize(defaults)
	if len(problems) > 0 || s.ExternalID != "K-1" || s.Employee != Say("V-1") || s.Says() != FieldTitle || !s.At.Equal(now) ||
		!s.Observed.Equal(time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)) || s.By != "" {
		t.Errorf("got %+v, %v", s, problems)
	}
	s, problems = input(t, `{"employee":"V-1","title":"Dr."}`).NormalizeAnswer(defaults)
	if len(problems) > 0 || s.By != Contact || s.Employee.Said || !s.Says().Has(FieldTitle) {
		t.Errorf("got %+v, %v", s, problems)
	}
}

func TestPhonesAreReadByTheContactsCountry(t *testing.T) {
	tests := []struct{ name, item, onFile, want string }{
		{"the first address's", `{"addresses":[{"city":"Genf","countryCode":"CH"}],"phones":[{"number":"079 126 20 17"}]}`, "AT", "+41791262017"},
		{"else that on file", `{"phones":[{"number":"079 126 20 17"}]}`, "CH", "+41791262017"},
		{"else the Company's", `{"phones":[{"number":"0160 4905728"}]}`, "", "+491604905728"},
		{"even of an address that says no more", `{"addresses":[{"countryCode":"FR"}],"phones":[{"number":"06 19 58 02 77"}]}`, "", "+33619580277"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, problems := input(t, tt.item).NormalizeAnswer(Defaults{Country: "DE", ContactCountry: tt.onFile, Now: now})
			if len(problems) > 0 || s.phones[0].leaves[0] != tt.want {
				t.Errorf("got %+v, %v", s.phones, problems)
			}
		})
	}
}

func TestInputKeepsAbsentNullAndValueApart(t *testing.T) {
	const item = `{"externalId":"1","title":null,"givenName":"a\"b","emails":[{"id":"e","address":"a@x.de"}],"phones":null,"addresses":[],"customFields":{"a":null,"b":1}}`
	in := input(t, item)
	if in.Locale.Said || in.Title != Say("") || in.GivenName != Say(`a"b`) || in.Emails[0].ID != "e" || in.Phones == nil || in.Addresses == nil {
		t.Errorf("got %+v", in)
	}
	back, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "written", string(back), strings.Replace(item, `"phones":null`, `"phones":[]`, 1))
	if in = input(t, `{"customFields":null}`); !in.CustomFields.None {
		t.Errorf("got %+v", in)
	}
	if in = input(t, `{}`); in.Phones != nil || !in.CustomFields.IsZero() {
		t.Errorf("got %+v", in)
	}
	if in = input(t, "null"); in.Title.Said {
		t.Errorf("got %+v", in)
	}
}

func TestInputTellsWhereItsShapeIsWrong(t *testing.T) {
	tests := []struct{ item, want string }{
		{`{"name":"x"}`, "name is no field of it"},
		{`{"title":5}`, "title is of the wrong type; a text is wanted"},
		{`{"emails":{}}`, "emails is of the wrong type; a list is wanted"},
		{`{"emails":[{"address":"a@x.de"},7]}`, "emails[1] is of the wrong type; an object is wanted"},
		{`{"emails":[{"address":["a"]}]}`, "emails[0].address is of the wrong type; a text is wanted"},
		{`{"phones":[{"mail":"a"}]}`, "phones[0].mail is no field of it"},
		{`{"customFields":[1]}`, "customFields is of the wrong type; an object is wanted"},
		{`7`, "is of the wrong type; an object is wanted"},
	}
	for _, tt := range tests {
		t.Run(tt.item, func(t *testing.T) {
			err := json.Unmarshal([]byte(tt.item), new(Input))
			var shape *ShapeError
			if !errors.As(err, &shape) || err.Error() != tt.want {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
	for _, broken := range []string{``, `{`, `{"a`, `{"title"`, `{"title":`, `{"title":"x"`, `{"title":"x\`, `{"emails":[`, `{"customFields":{"a":[[}`, `{"customFields":{"a":tru}}`, `{} {}`} {
		if err := new(Input).UnmarshalJSON([]byte(broken)); err == nil {
			t.Errorf("%s was read", broken)
		}
	}
}

func TestInputReadsAGraphQLVariable(t *testing.T) {
	in, err := InputFromMap(map[string]any{
		"externalId": "K-1", "title": nil, "emails": []any{map[string]any{"address": "a@x.de"}},
		"customFields": map[string]any{"n": json.Number("5"), "m": int64(7)},
	})
	if err != nil || in.ExternalID != Say("K-1") || !in.Title.Said || in.Emails[0].Address != Say("a@x.de") || in.CustomFields.Values["n"] != json.Number("5") {
		t.Errorf("got %+v, %v", in, err)
	}
	if _, err = InputFromMap(map[string]any{"emails": []any{map[string]any{"adress": "x"}}}); err == nil || err.Error() != "emails[0].adress is no field of it" {
		t.Errorf("got %v", err)
	}
}

func TestCustomFieldsTakeWhatGoHolds(t *testing.T) {
	tests := []struct {
		in   any
		want string
	}{
		{5, "5"},
		{int64(6), "6"},
		{1.5, "1.5"},
		{json.Number("-0"), "0"},
		{json.Number("1e400"), "INVALID"},
		{1 << 60, "INVALID"},
		{[]any{1}, "INVALID"},
		{"", "<nil>"},
		{nil, "<nil>"},
		{false, "false"},
		{strings.Repeat("x", 2001), "TOO_LONG"},
		{"a\x00", "INVALID"},
	}
	for _, tt := range tests {
		got, f := cleanCustom(tt.in)
		if shown := fmt.Sprint(got); (f.bad() && f.code != tt.want) || (!f.bad() && shown != tt.want) {
			t.Errorf("%v: got %v, %v", tt.in, got, f)
		}
	}
	many := CustomInput{Values: map[string]any{}}
	for i := range 101 {
		many.Values[fmt.Sprint("k", i)] = i
	}
	if _, problems := (&Input{ExternalID: Say("1"), CustomFields: many}).Normalize(defaults); len(problems) != 1 || problems[0].Code != "TOO_MANY_ITEMS" {
		t.Errorf("got %v", problems)
	}
}
