package db_test

import (
	"fmt"
	"strings"
	"testing"

	"complero/db"
	"complero/db/profile"
)

// policies sets what Contacts may do, given as field and policy in turn.
func policies(t *testing.T, tenant *db.Tenant, pairs ...string) {
	t.Helper()
	var save []db.FieldPolicy
	for i := 0; i < len(pairs); i += 2 {
		save = append(save, db.FieldPolicy{Field: pairs[i], Policy: db.Policy(pairs[i+1])})
	}
	if _, err := tenant.SaveFieldPolicies(t.Context(), save); err != nil {
		t.Fatal(err)
	}
}

func TestPoliciesAreTheUsualOnesUnlessSaid(t *testing.T) {
	each(t, func(t *testing.T, store *db.Store) {
		live, test := account(t, store, "Nordlicht")
		list := func(all []*db.FieldPolicy, err error) string {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
			var b strings.Builder
			for _, p := range all {
				fmt.Fprint(&b, p.Field, " ", p.Policy, "\n")
			}
			return b.String()
		}
		usual := "locale HIDDEN\nsalutation EDITABLE\ntitle EDITABLE\ngivenName EDITABLE\nfamilyName EDITABLE\nbirthDate EDITABLE\n" +
			"organisation EDITABLE\nemails EDITABLE\nphones EDITABLE\naddresses EDITABLE\ncustomFields EDITABLE\n"
		if got := list(live.FieldPolicies(t.Context())); got != usual {
			t.Errorf("got %s", got)
		}
		define(t, live, "km", profile.TypeNumber, withPolicy(db.FieldShown))
		got := list(live.SaveFieldPolicies(t.Context(), []db.FieldPolicy{
			{Field: "birthDate", Policy: db.FieldHidden}, {Field: "emails", Policy: db.FieldRequired}, {Field: "customFields.km", Policy: db.FieldHidden},
		}))
		want := strings.NewReplacer("birthDate EDITABLE", "birthDate HIDDEN", "emails EDITABLE", "emails REQUIRED").Replace(usual) + "customFields.km HIDDEN\n"
		if got != want || list(test.FieldPolicies(t.Context())) != want {
			t.Errorf("got %s", got)
		}
		policies(t, live, "birthDate", "EDITABLE", "emails", "EDITABLE")
		if got := list(test.FieldPolicies(t.Context())); got != usual+"customFields.km HIDDEN\n" {
			t.Errorf("got %s", got)
		}
		for _, tt := range []struct {
			tenant *db.Tenant
			save   []db.FieldPolicy
			want   string
		}{
			{live, []db.FieldPolicy{{"title", db.FieldHidden}, {"shoeSize", db.FieldHidden}, {"customFields.x", db.FieldHidden}}, "NOT_FOUND 1.field, NOT_FOUND 2.field"},
			{live, []db.FieldPolicy{{"title", db.FieldHidden}, {"title", db.FieldShown}}, "INVALID 1.field"},
			{live, []db.FieldPolicy{{"title", "OPEN"}, {"customFields", db.FieldRequired}}, "INVALID 0.policy, INVALID 1.policy"},
			{test, []db.FieldPolicy{{"title", db.FieldHidden}}, "LIVE_ONLY"},
		} {
			if _, err := tt.tenant.SaveFieldPolicies(t.Context(), tt.save); wrong(err) != tt.want {
				t.Errorf("%v: %s", tt.save, wrong(err))
			}
		}
		if got := list(test.FieldPolicies(t.Context())); got != usual+"customFields.km HIDDEN\n" {
			t.Errorf("something was saved: %s", got)
		}
	})
}

func TestAnswersRespectThePolicies(t *testing.T) {
	withAsker(t, func(a *asker) {
		upload(a.T, a.store, a.live, `{"externalId":"K-1","birthDate":"1970-01-02","customFields":{"km":5,"secret":"x","old":1,"plain":"p"}}`)
		define(a.T, a.live, "km", profile.TypeNumber)
		define(a.T, a.live, "secret", profile.TypeText, withPolicy(db.FieldHidden))
		define(a.T, a.live, "fixed", profile.TypeText, withPolicy(db.FieldShown))
		define(a.T, a.live, "old", profile.TypeNumber)
		if _, err := a.live.DeleteCustomField(a.Context(), "old"); err != nil {
			a.Fatal(err)
		}
		policies(a.T, a.live, "birthDate", "HIDDEN", "familyName", "SHOWN", "phones", "SHOWN", "addresses", "REQUIRED", "customFields", "SHOWN")
		r := a.ask(a.live, "K-1")[0]
		tests := []struct{ data, want string }{
			{`{"birthDate":"1970-01-02"}`, "INVALID data.birthDate"},
			{`{"familyName":"Kettenis","phones":[]}`, "INVALID data.familyName, INVALID data.phones"},
			{`{"locale":"de"}`, "INVALID data.locale"},
			{
				`{"customFields":{"secret":"x","fixed":"y","old":2,"plain":"q","new":true}}`,
				"INVALID data.customFields.fixed, INVALID data.customFields.new, INVALID data.customFields.old, INVALID data.customFields.plain, INVALID data.customFields.secret",
			},
			{`{"customFields":null}`, "INVALID data.customFields"},
			{`{"customFields":{"km":"many"}}`, "INVALID data.customFields.km"},
			{`{"addresses":[],"emails":[{"address":"x"}]}`, "INVALID_EMAIL data.emails.0.address, REQUIRED data.addresses"},
			{`{"addresses":[{"postalCode":"1","city":"Kiel"}]}`, "INVALID_POSTAL_CODE data.addresses.0.postalCode"},
			{`{"addresses":[]}`, "REQUIRED data.addresses"},
			{`{"addresses":null,"givenName":"X"}`, "REQUIRED data.addresses"},
			{`{"givenName":"Jule","customFields":{"km":"7,5"}}`, ""},
		}
		before := a.count(a.live)
		for _, tt := range tests {
			l := a.open(a.live, r)
			if l.Contact.Profile.BirthDate != "" || l.Contact.Profile.CustomFields["secret"] != nil || l.Contact.Profile.CustomFields["old"] != nil ||
				l.Contact.Profile.CustomFields["plain"] != "p" || l.Contact.Profile.FamilyName != "Kettenis" {
				a.Fatalf("the link shows %+v", l.Contact.Profile)
			}
			p, err := l.Preview(a.Context(), db.Answer{Data: a.says(tt.data)})
			if wrong(err) != tt.want {
				a.Errorf("preview of %s: %s", tt.data, wrong(err))
			}
			if p != nil && (p.Profile.BirthDate != "" || len(p.Changes) != 2) {
				a.Errorf("preview of %s: %+v", tt.data, p)
			}
			if _, err = l.Answer(a.Context(), db.Answer{Data: a.says(tt.data)}); wrong(err) != tt.want {
				a.Errorf("answer %s: %s", tt.data, wrong(err))
			}
		}
		a.wantSince(a.live, before, "REQUEST_DELIVERED", "UPDATE")
		if got := fmt.Sprint(contact(a.T, a.live, "K-1").CustomFields()); got != "map[km:7.5 old:1 plain:p secret:x]" {
			a.Errorf("keeps %s", got)
		}
		if b := contact(a.T, a.live, "K-1").BirthDate(); b == nil || *b != "1970-01-02" {
			a.Errorf("the birth date is %v", b)
		}
	})
}

func TestWhatIsRequiredHasToBeFilledIn(t *testing.T) {
	withAsker(t, func(a *asker) {
		define(a.T, a.live, "consented", profile.TypeBoolean, withPolicy(db.FieldRequired))
		policies(a.T, a.live, "title", "REQUIRED")
		for _, tenant := range []*db.Tenant{a.live, a.test} {
			upload(a.T, a.store, tenant, `{"externalId":"K-1","title":null}`) // Sources need not
		}
		r := a.ask(a.live, "K-1")[0]
		for _, tt := range []struct {
			answer db.Answer
			want   string
		}{
			{db.Answer{Confirm: true}, "REQUIRED data.title, REQUIRED data.customFields.consented"},
			{db.Answer{Data: a.says(`{"title":"Dr."}`)}, "REQUIRED data.customFields.consented"},
			{db.Answer{Data: a.says(`{"title":"Dr.","customFields":{"consented":false}}`)}, ""},
			{db.Answer{Confirm: true}, ""},
			{db.Answer{Data: a.says(`{"title":null,"customFields":{"consented":null}}`)}, "REQUIRED data.title, REQUIRED data.customFields.consented"},
			{db.Answer{Stop: true}, ""},
		} {
			if _, err := a.open(a.live, r).Answer(a.Context(), tt.answer); wrong(err) != tt.want {
				a.Errorf("%+v: %s", tt.answer, wrong(err))
			}
		}
		// The sandbox has the same rules, with and without a Request.
		_, err := a.test.Respond(a.Context(), db.SandboxRespond{ContactExternalID: "K-1", Data: a.says(`{"givenName":"X"}`)})
		if wrong(err) != "REQUIRED data.title, REQUIRED data.customFields.consented" {
			a.Error(err)
		}
		made, err := a.test.CreateRequests(a.Context(), db.RequestsCreate{ContactExternalIDs: []string{"K-1"}, Ask: []db.Ask{db.AskAddress}})
		if err != nil || len(made.Requests) != 1 {
			a.Fatal(made, err)
		}
		if _, err := a.test.Respond(a.Context(), db.SandboxRespond{ContactExternalID: "K-1", Confirm: true}); err != nil {
			a.Errorf("what is not asked about is required: %v", err)
		}
	})
}

func TestMessagesShowNothingHidden(t *testing.T) {
	withAsker(t, func(a *asker) {
		policies(a.T, a.live, "familyName", "HIDDEN", "emails", "HIDDEN")
		a.ask(a.live, "K-1")
		sent := a.claim(a.live)
		if len(sent) != 1 || sent[0].To.Address != "juliane@example.net" || sent[0].Contact.Profile.FamilyName != "" || sent[0].Contact.Profile.GivenName != "Juliane" {
			a.Errorf("claims %+v", sent[0])
		}
	})
}

// TestPhonesAreReadAlikeThoughTheAddressIsHidden: a number without a country
// code is one of the country that the Contact lives in, at the review as when
// it is saved.
func TestPhonesAreReadAlikeThoughTheAddressIsHidden(t *testing.T) {
	withAsker(t, func(a *asker) {
		upload(a.T, a.store, a.live, `{"externalId":"K-1","addresses":[{"street":"Ring","houseNumber":"1","postalCode":"1010","city":"Wien","countryCode":"AT"}]}`)
		policies(a.T, a.live, "addresses", "HIDDEN")
		l := a.open(a.live, a.ask(a.live, "K-1")[0])
		answer := db.Answer{Data: a.says(`{"phones":[{"number":"0664 1234567"}]}`)}
		p, err := l.Preview(a.Context(), answer)
		if err != nil || len(l.Contact.Profile.Addresses) > 0 || p.Profile.Phones[0].Number != "+436641234567" {
			a.Fatalf("%+v, %v", p, err)
		}
		if _, err := l.Answer(a.Context(), answer); err != nil {
			a.Fatal(err)
		}
		if got := contact(a.T, a.live, "K-1"); got.Phones()[0].Number != "+436641234567" || len(got.Addresses()) != 1 {
			a.Errorf("keeps %+v", got.Profile)
		}
	})
}
