package profile

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestMergeMatchesListsByIdentity(t *testing.T) {
	const one = `{"emails":[{"address":"a@x.de"},{"address":"b@x.de","use":"BUSINESS"}]}`
	tests := []struct {
		name          string
		said          []Statement
		emails        string
		changes, kept string
	}{
		{
			"order says nothing",
			[]Statement{sync(t, one, uploaded), sync(t, `{"emails":[{"address":"B@X.de","use":"BUSINESS"},{"address":"a@x.de"}]}`, now)},
			"email_1=a@x.de email_2=b@x.de", "", "",
		},
		{
			"one of the same use is an edit and keeps the id",
			[]Statement{sync(t, one, uploaded), sync(t, `{"emails":[{"address":"b@x.de"},{"address":"c@x.de"}]}`, now)},
			"email_1=c@x.de email_2=b@x.de", `emails[0].address email_1: "a@x.de" -> "c@x.de"`, "",
		},
		{
			"another use is another entry",
			[]Statement{sync(t, one, uploaded), sync(t, `{"emails":[{"address":"a@x.de"},{"address":"c@x.de"}]}`, now)},
			"email_1=a@x.de email_3=c@x.de",
			"emails[1] email_3: null -> {\"address\":\"c@x.de\",\"use\":\"PRIVATE\"}\n" +
				"emails[1] email_2: {\"address\":\"b@x.de\",\"use\":\"BUSINESS\"} -> null", "",
		},
		{"none", []Statement{sync(t, `{"emails":[{"address":"a@x.de"}]}`, uploaded), sync(t, `{"emails":[]}`, now)}, "", `emails[0] email_1: {"address":"a@x.de","use":"PRIVATE"} -> null`, ""},
		{
			"what the Contact added stays, without a word: the Source never listed it",
			[]Statement{
				sync(t, `{"emails":[{"address":"a@x.de"}]}`, uploaded),
				answer(t, `{"emails":[{"address":"a@x.de"},{"address":"own@x.de"}]}`, answered),
				sync(t, `{"emails":[{"address":"a@x.de"}]}`, now),
			},
			"email_1=a@x.de email_2=own@x.de", "", "",
		},
		{
			"what the Contact added does not hold up the Source's own",
			[]Statement{
				answer(t, `{"emails":[{"address":"own@x.de"}]}`, answered),
				sync(t, `{"emails":[{"address":"a@x.de"}]}`, now),
			},
			"email_1=own@x.de email_2=a@x.de", `emails[1] email_2: null -> {"address":"a@x.de","use":"PRIVATE"}`, "",
		},
		{
			"what the Contact removed does not come back",
			[]Statement{sync(t, one, uploaded), answer(t, `{"emails":[{"address":"a@x.de"}]}`, answered), sync(t, one, now)},
			"email_1=a@x.de", "", `emails[1] email_2: null -> {"address":"b@x.de","use":"BUSINESS"}`,
		},
		{
			"what the Contact replaced does not come back",
			[]Statement{
				sync(t, one, uploaded), answer(t, `{"emails":[{"id":"email_1","address":"new@x.de"},{"address":"b@x.de","use":"BUSINESS"}]}`, answered),
				sync(t, one, now),
			},
			"email_1=new@x.de email_2=b@x.de", "", `emails[0].address email_1: "new@x.de" -> "a@x.de"`,
		},
		{
			"nor is it replaced by a third",
			[]Statement{
				sync(t, one, uploaded), answer(t, `{"emails":[{"id":"email_1","address":"new@x.de"},{"address":"b@x.de","use":"BUSINESS"}]}`, answered),
				sync(t, `{"emails":[{"address":"third@x.de"},{"address":"b@x.de"}]}`, now),
				sync(t, `{"emails":[{"address":"third@x.de"},{"address":"b@x.de"}]}`, now),
			},
			"email_1=new@x.de email_2=b@x.de", "", `emails[0].address email_1: "new@x.de" -> "third@x.de"`,
		},
		{
			"a Source that stopped listing may list again",
			[]Statement{sync(t, one, uploaded), answer(t, `{"emails":[]}`, answered), sync(t, `{"emails":[]}`, now), sync(t, one, now)},
			"email_3=a@x.de email_4=b@x.de", lines(merged(sync(t, one, now)).Changes), "",
		},
		{
			"a use that is not said stays",
			[]Statement{sync(t, one, uploaded), sync(t, `{"emails":[{"address":"b@x.de"},{"address":"a@x.de"}]}`, now)},
			"email_1=a@x.de email_2=b@x.de", "", "",
		},
		{
			"the Contact's use is not changed back",
			[]Statement{
				sync(t, one, uploaded),
				answer(t, `{"emails":[{"id":"email_1","address":"a@x.de","use":"BUSINESS"},{"id":"email_2","address":"b@x.de","use":"BUSINESS"}]}`, answered),
				sync(t, `{"emails":[{"address":"a@x.de","use":"PRIVATE"},{"address":"b@x.de"}]}`, now),
			},
			"email_1=a@x.de email_2=b@x.de", "", `emails[0].use email_1: "BUSINESS" -> "PRIVATE"`,
		},
		{
			"what the Contact changed and the Source dropped stays, and is reported",
			[]Statement{
				sync(t, `{"emails":[{"address":"a@x.de"}]}`, uploaded), answer(t, `{"emails":[{"address":"a@x.de","use":"BUSINESS"}]}`, answered),
				sync(t, `{"emails":null}`, now), sync(t, `{"emails":[]}`, now),
			},
			"email_1=a@x.de", "", "",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := merged(tt.said...)
			want(t, "emails", emails(m.Profile), tt.emails)
			if !strings.HasPrefix(tt.name, "a Source that stopped") {
				want(t, "changes", lines(m.Changes), tt.changes)
			}
			want(t, "kept", lines(m.Kept), tt.kept)
		})
	}
}

func TestMergeReleasesListsToo(t *testing.T) {
	const one = `{"emails":[{"address":"a@x.de"},{"address":"b@x.de","use":"BUSINESS"}]}`
	tests := []struct {
		name, answer, emails string
	}{
		{"removed", `{"emails":[{"address":"a@x.de"}]}`, "email_1=a@x.de email_3=b@x.de"},
		{"replaced", `{"emails":[{"id":"email_1","address":"new@x.de"},{"id":"email_2","address":"b@x.de"}]}`, "email_1=a@x.de email_2=b@x.de"},
		{"added", `{"emails":[{"address":"a@x.de"},{"address":"b@x.de"},{"address":"c@x.de"}]}`, "email_1=a@x.de email_2=b@x.de"},
	}
	for _, tt := range tests {
		for _, how := range []string{"acknowledged", "observed later"} {
			t.Run(tt.name+" "+how, func(t *testing.T) {
				again := sync(t, one, now)
				if how == "acknowledged" {
					again.AckedThrough = answered
				} else {
					again.Observed = answered.Add(time.Minute)
				}
				m := merged(sync(t, one, uploaded), answer(t, tt.answer, answered), again)
				want(t, "emails", emails(m.Profile), tt.emails)
				want(t, "kept", lines(m.Kept), "")
				if len(m.Provenance.Gone) > 0 {
					t.Errorf("tombstones stay: %+v", m.Provenance.Gone)
				}
			})
		}
	}
}

func TestMergeAddresses(t *testing.T) {
	const home = `{"addresses":[{"street":"Hauptstr.","houseNumber":"5 a","postalCode":"10115","city":"Berlin"}]}`
	file := merged(sync(t, home, uploaded))
	t.Run("sees one place in two spellings", func(t *testing.T) {
		m := Merge(file.Profile, file.Provenance, sync(t, `{"addresses":[{"street":"HAUPTSTRASSE 5A","houseNumber":null,"postalCode":"10115","city":"Berlin"}]}`, now), counter())
		want(t, "changes", lines(m.Changes), "addresses[0].street address_1: \"Hauptstr.\" -> \"HAUPTSTRASSE 5A\"\naddresses[0].houseNumber address_1: \"5 a\" -> null")
	})
	t.Run("takes street and number as one where a Source writes them in one", func(t *testing.T) {
		m := Merge(file.Profile, file.Provenance, sync(t, `{"addresses":[{"street":"Hauptstr. 5 a","postalCode":"10115","city":"Berlin"}]}`, now), counter())
		want(t, "changes", lines(m.Changes), "addresses[0].street address_1: \"Hauptstr.\" -> \"Hauptstr. 5 a\"\naddresses[0].houseNumber address_1: \"5 a\" -> null")
		again := Merge(m.Profile, m.Provenance, sync(t, `{"addresses":[{"street":"Hauptstr. 5 a","postalCode":"10115","city":"Berlin"}]}`, now), counter())
		want(t, "changes of the same again", lines(again.Changes), "")
	})
	t.Run("reports a move leaf by leaf", func(t *testing.T) {
		m := Merge(file.Profile, file.Provenance, answer(t, `{"addresses":[{"id":"address_1","street":"Ring","houseNumber":"5 a","postalCode":"8001","city":"Zürich","countryCode":"CH"}]}`, now), counter())
		want(t, "changes", lines(m.Changes), `
addresses[0].street address_1: "Hauptstr." -> "Ring"
addresses[0].postalCode address_1: "10115" -> "8001"
addresses[0].city address_1: "Berlin" -> "Zürich"
addresses[0].countryCode address_1: "DE" -> "CH"`)
		again := Merge(m.Profile, m.Provenance, sync(t, home, now), counter())
		want(t, "kept", lines(again.Kept), `
addresses[0].street address_1: "Ring" -> "Hauptstr."
addresses[0].postalCode address_1: "8001" -> "10115"
addresses[0].city address_1: "Zürich" -> "Berlin"
addresses[0].countryCode address_1: "CH" -> "DE"`)
	})
	t.Run("holds spelling against nobody", func(t *testing.T) {
		m := Merge(file.Profile, file.Provenance, answer(t, `{"addresses":[{"id":"address_1","street":"Hauptstraße","houseNumber":"5a","postalCode":"10115","city":"Berlin"}]}`, answered), counter())
		again := Merge(m.Profile, m.Provenance, sync(t, home, now), counter())
		want(t, "kept", lines(again.Kept), "")
		want(t, "street", again.Profile.Addresses[0].Street, "Hauptstraße")
	})
	t.Run("leaves what is not said", func(t *testing.T) {
		m := Merge(file.Profile, file.Provenance, sync(t, `{"addresses":[{"street":"Hauptstr. 5a","postalCode":"10115"}]}`, now), counter())
		want(t, "city", m.Profile.Addresses[0].City, "Berlin")
	})
}

func TestMergeResetsTheHealthOfWhatIsReplaced(t *testing.T) {
	m := merged(sync(t, `{"emails":[{"address":"a@x.de"},{"address":"b@x.de","use":"BUSINESS"}]}`, uploaded))
	file := m.Profile
	file.Emails = slices.Clone(file.Emails)
	file.Emails[0].Health, file.Emails[1].Health = HealthFailed, HealthReached
	m = Merge(file, m.Provenance, sync(t, `{"emails":[{"address":"c@x.de"},{"address":"b@x.de","use":"BUSINESS"}]}`, now), counter())
	if got := m.Profile.Emails; got[0].Health != "" || got[1].Health != HealthReached {
		t.Errorf("got %+v", got)
	}
}
