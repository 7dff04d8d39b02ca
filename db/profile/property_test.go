package profile

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// drawInput draws what somebody says of few fields with few values, so that
// statements meet.
func drawInput(t *rapid.T) *Input {
	in := &Input{ExternalID: Say("K-1")}
	texts := rapid.SampledFrom([]string{"", "A", "B", "C"})
	for _, text := range []*Text{&in.Title, &in.FamilyName} {
		if rapid.Bool().Draw(t, "said") {
			*text = Say(texts.Draw(t, "text"))
		}
	}
	uses := rapid.SampledFrom([]string{"", "PRIVATE", "BUSINESS"})
	if rapid.Bool().Draw(t, "emails said") {
		in.Emails = []EmailInput{}
		for _, a := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"a@x.de", "b@x.de", "c@x.de"}), 0, 3, rapid.ID).Draw(t, "emails") {
			in.Emails = append(in.Emails, EmailInput{Address: Say(a), Use: Text{Value: uses.Draw(t, "use"), Said: true}})
		}
	}
	if rapid.Bool().Draw(t, "addresses said") {
		in.Addresses = []AddressInput{}
		for _, street := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"Weg 1", "Ring 2"}), 0, 2, rapid.ID).Draw(t, "streets") {
			in.Addresses = append(in.Addresses, AddressInput{Street: Say(street), City: Say(texts.Draw(t, "city")), Use: Say("PRIVATE")})
		}
	}
	if rapid.Bool().Draw(t, "custom said") {
		in.CustomFields.Values = map[string]any{}
		for _, key := range []string{"x", "y"} {
			if rapid.Bool().Draw(t, "key said") {
				in.CustomFields.Values[key] = rapid.SampledFrom([]any{nil, "1", 2.0}).Draw(t, "value")
			}
		}
	}
	return in
}

// drawStatement draws one of the Contact's or a Source's statements.
func drawStatement(t *rapid.T) Statement {
	at := answered.Add(time.Duration(rapid.IntRange(0, 9).Draw(t, "at")) * time.Minute)
	d := Defaults{Country: "DE", Now: at}
	if rapid.Bool().Draw(t, "contact") {
		s, _ := drawInput(t).NormalizeAnswer(d)
		return s
	}
	s, _ := drawInput(t).Normalize(d)
	s.By = Source(rapid.SampledFrom([]string{"crm", "agency"}).Draw(t, "source"))
	if s.By != Source("crm") {
		s.Rank = 1
	}
	if rapid.Bool().Draw(t, "observed") {
		s.Observed = answered.Add(time.Duration(rapid.IntRange(0, 9).Draw(t, "observed at")) * time.Minute)
	}
	if rapid.Bool().Draw(t, "acked") {
		s.AckedThrough = answered.Add(time.Duration(rapid.IntRange(0, 9).Draw(t, "acked through")) * time.Minute)
	}
	return s
}

func document(t rapid.TB, m Merged) string {
	t.Helper()
	data, err := json.Marshal([]any{m.Profile, m.Provenance})
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// stored is m as it comes back from the database.
func stored(t rapid.TB, m Merged) Merged {
	t.Helper()
	var back Merged
	if err := json.Unmarshal([]byte(document(t, m)), &[]any{&back.Profile, &back.Provenance}); err != nil {
		t.Fatal(err)
	}
	return back
}

func TestMergeHoldsWhateverIsSaid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var file Merged
		ids := counter()
		for _, s := range rapid.SliceOfN(rapid.Custom(drawStatement), 1, 8).Draw(t, "said") {
			before := document(t, file)
			next := Merge(file.Profile, file.Provenance, s, ids)
			if document(t, file) != before {
				t.Fatalf("an argument was changed: %s to %s", before, document(t, file))
			}
			if again := Merge(next.Profile, next.Provenance, s, ids); len(again.Changes) > 0 || again.ProvenanceChanged {
				t.Fatalf("said twice, it changes again: %s%s to %s", lines(again.Changes), document(t, next), document(t, again))
			}
			checkSound(t, file, next)
			file = stored(t, next)
			if document(t, file) != document(t, next) {
				t.Fatalf("stored as %s, it comes back as %s", document(t, next), document(t, file))
			}
		}
	})
}

// checkSound checks ids, identities and reports of one Merge.
func checkSound(t *rapid.T, file, next Merged) {
	seen := map[string]bool{}
	for _, l := range []*list{&emailList, &phoneList, &addressList} {
		for _, e := range l.entries(&next.Profile) {
			if e.id == "" || seen[e.id] || seen[l.identity(&e)] {
				t.Fatalf("%s: an id or identity stands twice: %+v", l.name, next.Profile)
			}
			seen[e.id], seen[l.identity(&e)] = true, true
			for _, was := range l.entries(&file.Profile) {
				if l.identity(&was) == l.identity(&e) && was.id != e.id && byID(l.entries(&next.Profile), was.id) == nil {
					t.Fatalf("%s: %s lost its id %s", l.name, e.leaves[0], was.id)
				}
			}
		}
	}
	for id := range next.Provenance.Entries {
		if !seen[id] {
			t.Fatalf("a word for %s, which is not on file", id)
		}
	}
	if len(next.Changes) == 0 && !reflect.DeepEqual(file.Profile, next.Profile) && document(t, Merged{Profile: file.Profile}) != document(t, Merged{Profile: next.Profile}) {
		t.Fatalf("a change is not reported: %+v to %+v", file.Profile, next.Profile)
	}
	if !next.ProvenanceChanged && document(t, Merged{Provenance: file.Provenance}) != document(t, Merged{Provenance: next.Provenance}) {
		t.Fatalf("a change of provenance is not reported")
	}
	for _, c := range append(slices.Clone(next.Changes), next.Kept...) {
		if string(c.Before) == string(c.After) {
			t.Fatalf("%s: a change without a difference", c.Field)
		}
	}
}

// content is a Profile without what depends on the order of arrival: ids and
// places in lists.
func content(p Profile) string {
	var all []string
	for i := range scalars {
		all = append(all, scalars[i].name+"="+*p.scalar(scalars[i].field))
	}
	for _, l := range []*list{&emailList, &phoneList, &addressList} {
		var entries []string
		for _, e := range l.entries(&p) {
			entries = append(entries, fmt.Sprint(e.leaves))
		}
		slices.Sort(entries)
		all = append(all, l.name+"="+strings.Join(entries, " "))
	}
	for _, key := range slices.Sorted(maps.Keys(p.CustomFields)) {
		all = append(all, fmt.Sprint(key, "=", p.CustomFields[key]))
	}
	return strings.Join(all, "\n")
}

// One Source that knows when it observed what it says, and the Contact: in
// whatever order their statements arrive, if only a Source's that is newer than
// an answer does not arrive before that answer was given, and answers arrive as
// they are given, the same is on file.
func TestMergeDoesNotDependOnTheOrderWhereTimesDiffer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 6).Draw(t, "statements")
		said := make([]Statement, n)
		for i := range said {
			at := answered.Add(time.Duration(i) * time.Minute)
			in := sayEverything(drawInput(t))
			if rapid.Bool().Draw(t, "contact") {
				said[i], _ = in.NormalizeAnswer(Defaults{Country: "DE", Now: at})
				continue
			}
			said[i], _ = in.Normalize(Defaults{Country: "DE", Now: now})
			said[i].By, said[i].Observed = Source("crm"), at
		}
		inOrder := content(merged(said...).Profile)
		arrived := arrive(t, said)
		if got := content(merged(arrived...).Profile); got != inOrder {
			t.Fatalf("in order:\n%s\nas arrived:\n%s", inOrder, got)
		}
		for i := n - 1; i >= 0; i-- {
			if said[i].By == Contact {
				keepsTheLastAnswer(t, said[i], arrived, said[i+1:])
				break
			}
		}
	})
}

// sayEverything says a use for each row: what is not said is filled in from
// what was there before, which does depend on the order.
func sayEverything(in *Input) *Input {
	for i := range in.Emails {
		if in.Emails[i].Use.Value == "" {
			in.Emails[i].Use = Say("PRIVATE")
		}
	}
	return in
}

// arrive lets each Source's statement be overtaken by any that came after it.
func arrive(t *rapid.T, said []Statement) []Statement {
	var arrived, held []Statement
	for _, s := range said {
		arrived = append(arrived, s)
		if s.By != Contact && rapid.Bool().Draw(t, "held up") {
			arrived = arrived[:len(arrived)-1]
			held = append(held, s)
		}
		if len(held) > 0 && rapid.Bool().Draw(t, "let go") {
			i := rapid.IntRange(0, len(held)-1).Draw(t, "which")
			arrived = append(arrived, held[i])
			held = slices.Delete(held, i, i+1)
		}
	}
	slices.Reverse(held)
	return append(arrived, held...)
}

// keepsTheLastAnswer checks that what the Contact said last stands unless a
// Source observed that field later.
func keepsTheLastAnswer(t *rapid.T, last Statement, arrived, after []Statement) {
	file := merged(arrived...).Profile
	for i := range scalars {
		f := scalars[i].field
		overtaken := slices.ContainsFunc(after, func(s Statement) bool { return s.says.Has(f) })
		if last.says.Has(f) && !overtaken && *file.scalar(f) != *last.scalars.scalar(f) {
			t.Fatalf("%s: the Contact said %q, %q is on file", scalars[i].name, *last.scalars.scalar(f), *file.scalar(f))
		}
	}
}

// Sources of unknown age, that acknowledge nothing, never change what the
// Contact said last.
func TestMergeNeverLosesTheContactsWord(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		file := merged(rapid.SliceOfN(rapid.Custom(drawStatement), 0, 4).Draw(t, "before")...)
		last, _ := drawInput(t).NormalizeAnswer(Defaults{Country: "DE", Now: now})
		ids := counter()
		said := Merge(file.Profile, file.Provenance, last, func(kind string) string { return "own_" + ids(kind) })
		m := said
		for range rapid.IntRange(1, 4).Draw(t, "uploads") {
			s := drawStatement(t)
			if s.By == Contact {
				s.By = Source("crm")
			}
			s.Observed, s.AckedThrough = time.Time{}, time.Time{}
			m = Merge(m.Profile, m.Provenance, s, func(kind string) string { return "new_" + ids(kind) })
		}
		for _, c := range said.Changes {
			for _, later := range Diff(said.Profile, m.Profile) {
				if later.Field == c.Field && later.Item == c.Item && string(c.After) == string(later.Before) {
					t.Fatalf("the Contact said %+v; on file is %s", c, later.After)
				}
			}
		}
	})
}
