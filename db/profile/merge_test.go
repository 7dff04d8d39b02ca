package profile

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

var (
	now      = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	uploaded = now.Add(-48 * time.Hour)
	answered = now.Add(-24 * time.Hour)
	defaults = Defaults{Country: "DE", Now: now}
)

// counter makes ids that tell their order.
func counter() func(string) string {
	n := 0
	return func(kind string) string {
		n++
		return fmt.Sprintf("%s_%d", kind, n)
	}
}

func input(t testing.TB, item string) *Input {
	t.Helper()
	var in Input
	if err := json.Unmarshal([]byte(item), &in); err != nil {
		t.Fatalf("read %s: %v", item, err)
	}
	return &in
}

// sync is what the central CRM says at a time, of unknown age.
func sync(t testing.TB, item string, at time.Time) Statement {
	t.Helper()
	in := input(t, item)
	in.ExternalID = Say("K-1")
	s, problems := in.Normalize(Defaults{Country: "DE", Now: at})
	if len(problems) > 0 {
		t.Fatalf("normalize %s: %v", item, problems)
	}
	s.By = Source("crm")
	return s
}

func answer(t testing.TB, item string, at time.Time) Statement {
	t.Helper()
	s, problems := input(t, item).NormalizeAnswer(Defaults{Country: "DE", Now: at})
	if len(problems) > 0 {
		t.Fatalf("normalize %s: %v", item, problems)
	}
	return s
}

// merged applies statements one after the other and returns the last Merged.
func merged(said ...Statement) Merged {
	var m Merged
	id := counter()
	for _, s := range said {
		m = Merge(m.Profile, m.Provenance, s, id)
	}
	return m
}

func lines(changes []Change) string {
	var b strings.Builder
	for _, c := range changes {
		fmt.Fprintf(&b, "%s %s: %s -> %s\n", c.Field, c.Item, c.Before, c.After)
	}
	return strings.ReplaceAll(b.String(), " :", ":")
}

func want(t *testing.T, what, got, want string) {
	t.Helper()
	if strings.TrimSpace(got) != strings.TrimSpace(want) {
		t.Errorf("%s:\n got %s\nwant %s", what, got, want)
	}
}

func emails(p Profile) string {
	var all []string
	for _, e := range p.Emails {
		all = append(all, e.ID+"="+e.Address)
	}
	return strings.Join(all, " ")
}

func TestMergeKeepsTheContactsWord(t *testing.T) {
	tests := []struct {
		name     string
		observed time.Time
		acked    time.Time
		wantName string
		wantKept string
	}{
		{"unknown age, not acknowledged", time.Time{}, time.Time{}, "Neu", `familyName: "Neu" -> "Alt"`},
		{"observed before the answer", answered.Add(-time.Hour), time.Time{}, "Neu", `familyName: "Neu" -> "Alt"`},
		{"observed at the answer", answered, time.Time{}, "Neu", `familyName: "Neu" -> "Alt"`},
		{"observed after the answer", answered.Add(time.Hour), time.Time{}, "Alt", ""},
		{"acknowledged", time.Time{}, answered, "Alt", ""},
		{"acknowledged something earlier", time.Time{}, answered.Add(-time.Second), "Neu", `familyName: "Neu" -> "Alt"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			again := sync(t, `{"familyName":"Alt"}`, now)
			again.Observed, again.AckedThrough = tt.observed, tt.acked
			m := merged(sync(t, `{"familyName":"Alt"}`, uploaded), answer(t, `{"familyName":"Neu"}`, answered), again)
			want(t, "name", m.Profile.FamilyName, tt.wantName)
			want(t, "kept", lines(m.Kept), tt.wantKept)
		})
	}
}

func TestMergeScalars(t *testing.T) {
	tests := []struct {
		name              string
		said              []Statement
		changes, kept     string
		provenanceChanged bool
	}{
		{
			"a new Contact",
			[]Statement{sync(t, `{"givenName":"Eva","title":null}`, now)},
			`givenName: null -> "Eva"`, "", true,
		},
		{"the same again", []Statement{sync(t, `{"givenName":"Eva"}`, uploaded), sync(t, `{"givenName":"Eva"}`, now)}, "", "", false},
		{"absent says nothing", []Statement{sync(t, `{"givenName":"Eva"}`, uploaded), sync(t, `{"title":"Dr."}`, now)}, `title: null -> "Dr."`, "", false},
		{"null takes away", []Statement{sync(t, `{"givenName":"Eva"}`, uploaded), sync(t, `{"givenName":null}`, now)}, `givenName: "Eva" -> null`, "", false},
		{
			"null does not take the Contact's away",
			[]Statement{answer(t, `{"givenName":"Eva"}`, answered), sync(t, `{"givenName":""}`, now)},
			"", `givenName: "Eva" -> null`, false,
		},
		{
			"nor bring back what the Contact took away",
			[]Statement{sync(t, `{"title":"Dr."}`, uploaded), answer(t, `{"title":null}`, answered), sync(t, `{"title":"Dr."}`, now)},
			"", `title: null -> "Dr."`, false,
		},
		{
			"what the Contact left as it was stays the Source's",
			[]Statement{
				sync(t, `{"title":"Dr.","givenName":"Eva"}`, uploaded), answer(t, `{"title":"Dr.","givenName":"Ewa"}`, answered),
				sync(t, `{"title":"Prof.","givenName":"Eva"}`, now),
			},
			`title: "Dr." -> "Prof."`, `givenName: "Ewa" -> "Eva"`, true,
		},
		{
			"custom fields go by key",
			[]Statement{
				sync(t, `{"customFields":{"a":"x","b":2,"c":true}}`, uploaded),
				sync(t, `{"customFields":{"b":null,"c":false,"d":"y"}}`, now),
			},
			"customFields.b: 2 -> null\ncustomFields.c: true -> false\ncustomFields.d: null -> \"y\"", "", true,
		},
		{
			"customFields null takes all away but the Contact's",
			[]Statement{
				sync(t, `{"customFields":{"a":"x","b":"y"}}`, uploaded), answer(t, `{"customFields":{"a":"z"}}`, answered),
				sync(t, `{"customFields":null}`, now),
			},
			`customFields.b: "y" -> null`, `customFields.a: "z" -> null`, false,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := merged(tt.said...)
			want(t, "changes", lines(m.Changes), tt.changes)
			want(t, "kept", lines(m.Kept), tt.kept)
			if m.ProvenanceChanged && !tt.provenanceChanged && len(m.Changes) == 0 {
				t.Errorf("provenance changed for nothing: %+v", m.Provenance)
			}
		})
	}
}

func TestMergeBetweenSources(t *testing.T) {
	from := func(key string, rank int, item string, observed time.Time) Statement {
		s := sync(t, item, now)
		s.By, s.Rank, s.Observed = Source(key), rank, observed
		return s
	}
	early, late := now.Add(-3*time.Hour), now.Add(-2*time.Hour)
	const a, b = `{"title":"A","emails":[{"address":"a@x.de"}]}`, `{"title":"B","emails":[{"address":"b@x.de"}]}`
	tests := []struct {
		name         string
		first, again Statement
		title        string
		emails       string
	}{
		{"lower does not overwrite higher", from("crm", 0, a, time.Time{}), from("agency", 1, b, time.Time{}), "A", "email_1=a@x.de email_2=b@x.de"},
		{"unless it is newer", from("crm", 0, a, early), from("agency", 1, b, late), "B", "email_1=a@x.de email_2=b@x.de"},
		{"higher overwrites lower", from("agency", 1, b, time.Time{}), from("crm", 0, a, time.Time{}), "A", "email_1=b@x.de email_2=a@x.de"},
		{"unless it is older", from("agency", 1, b, late), from("crm", 0, a, early), "B", "email_1=b@x.de email_2=a@x.de"},
		{"none does not gainsay another", from("agency", 1, b, late), from("crm", 0, `{"title":null,"emails":null}`, time.Time{}), "B", "email_1=b@x.de"},
		{"the same Source, older", from("crm", 0, a, late), from("crm", 0, b, early), "A", "email_1=a@x.de"},
		{"the same Source, unknown age", from("crm", 0, a, late), from("crm", 0, b, time.Time{}), "B", "email_1=b@x.de"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := merged(tt.first, tt.again)
			want(t, "title", m.Profile.Title, tt.title)
			want(t, "emails", emails(m.Profile), tt.emails)
		})
	}
	t.Run("an entry goes when nobody lists it", func(t *testing.T) {
		m := merged(from("crm", 0, a, time.Time{}), from("agency", 1, a, time.Time{}), from("crm", 0, `{"emails":[]}`, time.Time{}))
		want(t, "emails", emails(m.Profile), "email_1=a@x.de")
		m = Merge(m.Profile, m.Provenance, from("agency", 1, `{"emails":[]}`, time.Time{}), counter())
		want(t, "emails", emails(m.Profile), "")
	})
}

func TestMergeSaysWhoseWordItIs(t *testing.T) {
	m := merged(sync(t, `{"givenName":"Eva","familyName":"Alt","emails":[{"address":"a@x.de"}]}`, uploaded),
		answer(t, `{"familyName":"Neu","emails":[{"address":"a@x.de"},{"address":"b@x.de"}]}`, answered))
	for name, got := range map[string]Word{"givenName": m.Provenance.Field("givenName"), "email_1": m.Provenance.Entry("email_1")} {
		if got.By != Source("crm") || !got.At.Equal(uploaded) {
			t.Errorf("%s: %+v", name, got)
		}
	}
	for name, got := range map[string]Word{"familyName": m.Provenance.Field("familyName"), "email_2": m.Provenance.Entry("email_2")} {
		if got.By != Contact || !got.At.Equal(answered) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestProvenanceOfOneSourceIsOneWord(t *testing.T) {
	s := sync(t, typicalItem, uploaded)
	for range 2 {
		data, err := json.Marshal(merged(s).Provenance)
		if err != nil {
			t.Fatal(err)
		}
		if len(data) > 120 && s.Observed.IsZero() || len(data) > 480 {
			t.Errorf("%d bytes: %s", len(data), data)
		}
		s.Observed = now // the lists then need a word each
	}
}
