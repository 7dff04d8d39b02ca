package profile

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var agency = Source("agency")

// said is what a Source says at a time, of unknown age.
func said(t testing.TB, by Speaker, rank int, item string, at time.Time) Statement {
	t.Helper()
	s := sync(t, item, at)
	s.By, s.Rank = by, rank
	return s
}

// viewOf is what comes of statements.
func viewOf(statements ...Statement) View {
	m := merged(statements...)
	return View{m.Profile, m.Provenance}
}

// origins lists a View's fields as "field=value by".
func origins(v View) string {
	var all []string
	for _, o := range v.Origins() {
		all = append(all, fmt.Sprintf("%s=%s %s", o.Field, o.Value, strings.TrimPrefix(string(o.Word.By), "source:")))
	}
	return strings.Join(all, "\n")
}

func TestRankIsThatOfNow(t *testing.T) {
	m := merged(said(t, Source("crm"), 0, `{"title":"A"}`, uploaded))
	again := said(t, agency, 0, `{"title":"B"}`, now)
	again.Ranks = map[Speaker]int{agency: 0, Source("crm"): 1}
	again.Rank = again.Ranks[agency]
	want(t, "the Source that is the highest now", Merge(m.Profile, m.Provenance, again, counter()).Profile.Title, "B")
	again.Ranks = map[Speaker]int{agency: 1, Source("crm"): 0}
	again.Rank = again.Ranks[agency]
	want(t, "one that ranks lower", Merge(m.Profile, m.Provenance, again, counter()).Profile.Title, "A")
}

func TestOriginsTellWhoseWordEachFieldIs(t *testing.T) {
	v := viewOf(said(t, Source("crm"), 0, `{"givenName":"Eva","title":"Dr.","emails":[{"address":"a@x.de"}],"customFields":{"n":1}}`, uploaded),
		answer(t, `{"title":null,"familyName":"Neu"}`, answered))
	want(t, "origins", origins(v), `title=null contact
givenName="Eva" crm
familyName="Neu" contact
emails[0]={"address":"a@x.de","use":"PRIVATE"} crm
customFields.n=1 crm`)
	want(t, "of the Source", origins(v.Of(Source("crm"))), `givenName="Eva" crm
emails[0]={"address":"a@x.de","use":"PRIVATE"} crm
customFields.n=1 crm`)
	want(t, "without it", origins(v.Without(Source("crm"))), "title=null contact\nfamilyName=\"Neu\" contact")
}

func TestJoinDecidesFieldByField(t *testing.T) {
	ranks := map[Speaker]int{Source("crm"): 0, agency: 1}
	early, late := now.Add(-3*time.Hour), now.Add(-2*time.Hour)
	seen := func(s Statement, at time.Time) Statement { s.Observed = at; return s }
	crm := func(item string) Statement { return said(t, Source("crm"), 0, item, uploaded) }
	agent := func(item string) Statement { return said(t, agency, 1, item, uploaded) }
	tests := []struct {
		name        string
		kept, other View
		want        string
	}{
		{"the higher Source's, and what it does not have", viewOf(crm(`{"givenName":"Eva","title":"A"}`)), viewOf(agent(`{"title":"B","familyName":"Neu"}`)), "A Eva Neu"},
		{"the higher Source's from the other side", viewOf(agent(`{"title":"B"}`)), viewOf(crm(`{"title":"A"}`)), "A  "},
		{"the lower's, observed later", viewOf(seen(crm(`{"title":"A"}`), early)), viewOf(seen(agent(`{"title":"B"}`), late)), "B  "},
		{"the Contact's", viewOf(crm(`{"title":"A"}`)), viewOf(agent(`{"title":"B"}`), answer(t, `{"title":"C"}`, answered)), "C  "},
		{"unless a Source observed it since", viewOf(seen(crm(`{"title":"A"}`), now)), viewOf(answer(t, `{"title":"C"}`, answered)), "A  "},
		{"the Contact's newest", viewOf(answer(t, `{"title":"C"}`, answered)), viewOf(answer(t, `{"title":"D"}`, now)), "D  "},
		{"whichever side it is on", viewOf(answer(t, `{"title":"D"}`, now)), viewOf(answer(t, `{"title":"C"}`, answered)), "D  "},
		{"none of the Contact's", viewOf(crm(`{"title":"A"}`)), viewOf(agent(`{"title":"B"}`), answer(t, `{"title":null}`, answered)), "  "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before := origins(tt.kept) + origins(tt.other)
			p := tt.kept.Join(tt.other, ranks).Profile
			if got := p.Title + " " + p.GivenName + " " + p.FamilyName; got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if after := origins(tt.kept) + origins(tt.other); after != before {
				t.Errorf("an argument changed:\n%s\n%s", before, after)
			}
		})
	}
}

func TestJoinUnitesLists(t *testing.T) {
	ranks := map[Speaker]int{Source("crm"): 0, agency: 1}
	list := func(by Speaker, addresses string, at time.Time) Statement {
		var items []string
		for _, a := range strings.Fields(addresses) {
			items = append(items, `{"address":"`+a+`@x.de"}`)
		}
		return said(t, by, ranks[by], `{"emails":[`+strings.Join(items, ",")+`]}`, at)
	}
	removed := func(kept string) Statement { return answer(t, `{"emails":[{"address":"`+kept+`@x.de"}]}`, answered) }
	tests := []struct {
		name        string
		kept, other View
		want        string
	}{
		{"both", viewOf(list(Source("crm"), "a b", uploaded)), viewOf(list(agency, "b c", uploaded)), "a b c"},
		{"without what the Contact removed there", viewOf(list(Source("crm"), "a b", uploaded)), viewOf(list(agency, "b c", uploaded), removed("c")), "a c"},
		{"or here", viewOf(list(Source("crm"), "a b", uploaded), removed("a")), viewOf(list(agency, "b c", uploaded)), "a c"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			// Ids made on either side differ; the counter of a test does not know that.
			other := renamed(t, tt.other)
			var got []string
			joined := tt.kept.Join(other, ranks)
			for _, e := range joined.Profile.Emails {
				got = append(got, strings.TrimSuffix(e.Address, "@x.de"))
			}
			want(t, "emails", strings.Join(got, " "), tt.want)
			for _, e := range joined.Profile.Emails {
				if joined.Provenance.Entry(e.ID).By == "" {
					t.Errorf("nobody said %s", e.Address)
				}
			}
		})
	}
}

// renamed gives a View's entries other ids.
func renamed(t testing.TB, v View) View {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var out View
	if err := json.Unmarshal([]byte(strings.ReplaceAll(string(data), "_", "_other")), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestWhatAViewSaidMakesItAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var first, v View
		id := counter()
		for i := range rapid.IntRange(1, 6).Draw(t, "statements") {
			s := drawStatement(t)
			if s.By == Contact {
				continue
			}
			s.By, s.Rank = agency, 1
			v = v.Say(s, id)
			if i < 3 {
				first = v
			}
		}
		ranks := map[Speaker]int{agency: 1}
		for what, from := range map[string]View{"nothing": {}, "an earlier View": first} {
			again := from
			for _, s := range v.Said(from, agency, ranks, now.Add(time.Hour)) {
				// What it says of when it was observed may forbid to say it again.
				s.Observed = time.Time{}
				again = again.Say(s, id)
			}
			if got, want := plain(t, again.Profile), plain(t, v.Profile); got != want {
				t.Fatalf("from %s: got %s, want %s", what, got, want)
			}
		}
	})
}

// plain is a Profile without ids, which differ, its lists in one order.
func plain(t rapid.TB, p Profile) string {
	t.Helper()
	var all []string
	for _, o := range (View{Profile: p}).Origins() {
		field, _, _ := strings.Cut(o.Field, "[")
		all = append(all, field+string(o.Value))
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

func TestJoiningLosesNobodysField(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var a, b View
		id := counter()
		for range rapid.IntRange(0, 4).Draw(t, "here") {
			a = a.Say(drawStatement(t), id)
		}
		for range rapid.IntRange(0, 4).Draw(t, "there") {
			b = b.Say(drawStatement(t), id)
		}
		joined := a.Join(b, map[Speaker]int{agency: 1})
		said := map[string]bool{}
		for _, o := range append(a.Origins(), b.Origins()...) {
			if !strings.Contains(o.Field, "[") && string(o.Value) != "null" {
				said[o.Field] = true
			}
		}
		for _, o := range joined.Origins() {
			delete(said, o.Field)
		}
		if len(said) > 0 {
			t.Fatalf("lost %v\n%+v\n%+v\n%+v", said, a, b, joined)
		}
	})
}

func TestReplaySaysAgainWhatTheContactSaid(t *testing.T) {
	ours := viewOf(said(t, Source("crm"), 0, `{"title":"A","emails":[{"address":"a@x.de"},{"address":"b@x.de"}],"customFields":{"n":1}}`, uploaded))
	both := ours.Join(renamed(t, viewOf(said(t, agency, 1, `{"emails":[{"address":"z@x.de"}]}`, uploaded))), nil)
	s := answer(t, `{"title":null,"familyName":"Neu","customFields":{"n":2}}`, answered)
	s.says |= FieldEmails
	for _, row := range []struct{ id, address string }{{"email_1", "a2@x.de"}, {"email_other1", "z2@x.de"}, {"", "c@x.de"}} {
		e := entry{id: row.id, leaves: [8]string{row.address, "PRIVATE"}, said: 3}
		e.key = emailList.identity(&e)
		s.emails = append(s.emails, e)
	}
	changes := Merge(both.Profile, both.Provenance, s, counter()).Changes
	got := ours.Replay(changes, answered, func(c Change) bool { return c.Field != "familyName" })
	want(t, "what is on file", origins(got), `title=null contact
emails[0]={"address":"a2@x.de","use":"PRIVATE"} contact
emails[1]={"address":"c@x.de","use":"PRIVATE"} contact
customFields.n=2 contact`)
	again := Merge(got.Profile, got.Provenance, said(t, Source("crm"), 0, `{"title":"A","emails":[{"address":"a@x.de"},{"address":"b@x.de"}],"customFields":{"n":1}}`, now), counter())
	want(t, "after another upload of the same", origins(View{again.Profile, again.Provenance}), origins(got))
}
