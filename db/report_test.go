package db_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"complero/db"
	"complero/db/profile"
)

// rollUp has everything counted and measured.
func (a *asker) rollUp(tenant *db.Tenant) {
	a.Helper()
	for _, do := range []func(context.Context) (bool, error){a.system(tenant).RollUpReport, a.system(tenant).MeasureCoverage} {
		for more := true; more; {
			var err error
			more, err = do(a.Context())
			a.must(err)
		}
	}
}

// TestReportTellsWhatTheEventsTell lets things happen by chance over three
// months, and counts them again, one by one, for periods by chance.
func TestReportTellsWhatTheEventsTell(t *testing.T) {
	withAsker(t, func(a *asker) {
		chance := rand.New(rand.NewPCG(7, 11))
		var items, ids []string
		for i := range 12 {
			ids = append(ids, fmt.Sprintf("R-%d", i))
			items = append(items, fmt.Sprintf(`{"externalId": "R-%d", "employee": "V-1", "familyName": "F%d", "emails": [{"address": "r%d@example.net"}],
				"addresses": [{"street": "Weg", "houseNumber": "%d", "postalCode": "24103", "city": "Kiel"}]}`, i, i, i, i))
		}
		upload(a.T, a.store, a.live, items...)
		if _, err := a.live.SaveConsentDefinition(a.Context(), db.ConsentDefinitionSave{
			Key: "news", Channels: []db.ConsentChannel{db.ConsentEmail}, Wordings: []db.ConsentWording{{Locale: "de", Title: "Neues", Wording: "Ja, gern."}},
		}); err != nil {
			t.Fatal(err)
		}
		var open []*db.Request
		for range 90 {
			a.pass(time.Duration(1+chance.IntN(48)) * time.Hour)
			switch chance.IntN(6) {
			case 0, 1:
				open = append(open, a.ask(a.live, append([]string{"K-2"}, ids[chance.IntN(12)], ids[chance.IntN(12)])...)...)
			case 2:
				a.sendAll(a.live)
			case 3:
				for _, o := range a.claim(a.live) {
					a.record(a.live, db.DeliveryOutcome{DeliveryID: o.DeliveryID, RequestID: o.RequestID, Status: db.DeliveryFailed, Reason: db.ReasonUnreachable})
					break
				}
			default:
				if len(open) > 0 {
					a.answerByChance(open[chance.IntN(len(open))], chance)
				}
			}
			if chance.IntN(4) == 0 {
				a.rollUp(a.live)
			}
		}
		a.rollUp(a.live)
		a.rollUp(a.live) // counts nothing twice
		for range 25 {
			from := askedAt.AddDate(0, 0, chance.IntN(100)-5)
			f := db.ReportFilter{Since: ptr(db.Date(from.Format(time.DateOnly))), Until: ptr(db.Date(from.AddDate(0, 0, chance.IntN(100)).Format(time.DateOnly)))}
			if chance.IntN(5) == 0 {
				f.Since = nil
			}
			if chance.IntN(5) == 0 {
				f.Until = nil
			}
			if got, want := a.told(f), a.recount(f); got != want {
				t.Errorf("%v to %v:\n%s, want\n%s", f.Since, f.Until, got, want)
			}
		}
	})
}

// answerByChance answers a Request that can be answered.
func (a *asker) answerByChance(r *db.Request, chance *rand.Rand) {
	a.Helper()
	answer := db.Answer{Evidence: db.Evidence{Manner: "web-app"}}
	switch chance.IntN(5) {
	case 0:
		answer.Confirm = true
	case 1:
		answer.Confirm = true
		answer.Consents = []db.ConsentDecision{{Key: "news", Granted: chance.IntN(2) == 0}}
	case 2:
		answer.Data = a.says(fmt.Sprintf(`{"givenName": "G%d"}`, chance.IntN(1000)))
	case 3:
		answer.Data = a.says(fmt.Sprintf(`{"addresses": [{"street": "Neu", "houseNumber": "%d", "postalCode": "24103", "city": "Kiel"}]}`, chance.IntN(1000)))
	case 4:
		answer.NotMe = true
	}
	link, err := a.store.OpenLink(a.Context(), a.token(a.live, r))
	if err == nil {
		_, err = link.Answer(a.Context(), answer)
	}
	if err != nil && db.CodeOf(err) == "" {
		a.Fatal(err)
	}
}

// told is what the report tells.
func (a *asker) told(f db.ReportFilter) string {
	a.Helper()
	r, err := a.live.Report(a.Context(), f)
	a.must(err)
	var told strings.Builder
	for _, by := range []func() ([]*db.ReportGroup, error){
		func() ([]*db.ReportGroup, error) { return r.BySource(a.Context()) },
		func() ([]*db.ReportGroup, error) { return r.ByChannel(a.Context()) },
		func() ([]*db.ReportGroup, error) { return r.ByEmployee(a.Context(), nil) },
	} {
		groups, err := by()
		a.must(err)
		for _, g := range groups {
			fmt.Fprintln(&told, g.Key, g.Sent, g.Delivered, g.Failed, g.Suppressed, g.Answered, g.Updated, g.Confirmed, g.Disowned)
		}
	}
	consents, err := r.Consents(a.Context())
	a.must(err)
	for _, c := range consents {
		fmt.Fprintln(&told, c.Key, c.Granted, c.Declined, c.Withdrawn, c.Net())
	}
	savings, err := r.Savings(a.Context(), &db.Price{Amount: 0.85, Currency: "EUR"})
	a.must(err)
	median, err := r.MedianHoursToAnswer(a.Context())
	a.must(err)
	fmt.Fprintf(&told, "%d %.2f median %s", savings.Letters, *savings.Amount, about(median))
	return told.String()
}

// about is a time as its power of two, so that what is within 5 % is the same.
func about(hours *float64) string {
	if hours == nil {
		return "-"
	}
	return fmt.Sprint(int(math.Log2(*hours*60+1) * 8))
}

// recount counts the events of a period one by one.
func (a *asker) recount(f db.ReportFilter) string {
	a.Helper()
	type row struct{ sent, delivered, failed, suppressed, answered, updated, confirmed, disowned int }
	groups := map[string]*row{"MANUAL": {}, "EMAIL": {}, "V-1": {}}
	answered, consents := map[string]bool{}, [3]int{}
	letters := 0
	var took []float64
	zone := a.live.Company.Location()
	within := func(at time.Time) bool {
		day := db.Date(at.In(zone).Format(time.DateOnly))
		return (f.Since == nil || day >= *f.Since) && (f.Until == nil || day <= *f.Until)
	}
	first := 1000
	page, err := a.live.Events(a.Context(), db.Page{First: &first}, db.EventFilter{})
	a.must(err)
	for _, e := range page.Nodes {
		in := within(e.OccurredAt)
		count := func(change func(*row)) {
			change(groups["MANUAL"])
			change(groups["EMAIL"])
			if e.EmployeeID != "" {
				change(groups["V-1"])
			}
		}
		for i, kind := range []db.EventKind{db.ConsentGrantedEvent, db.ConsentDeclinedEvent, db.ConsentWithdrawnEvent} {
			if in && e.Kind == kind {
				consents[i]++
			}
		}
		update := e.Kind == db.UpdateEvent
		if update && in {
			changes, err := a.live.EventChanges(a.Context(), []int64{e.Number})
			a.must(err)
			if slices.ContainsFunc(changes[e.Number], func(c profile.Change) bool {
				return strings.HasPrefix(c.Field, "addresses") && string(c.Before) != "null"
			}) {
				letters++
			}
		}
		if (update || e.Kind == db.ConfirmEvent) && e.RequestID != "" && !answered[e.RequestID] {
			answered[e.RequestID] = true
			r := a.request(a.live, &db.Request{ID: e.RequestID})
			if within(*r.SentAt) {
				count(func(r *row) { r.answered++ })
			}
			if in {
				took = append(took, e.OccurredAt.Sub(*r.SentAt).Hours())
				count(func(r *row) {
					if update {
						r.updated++
					} else {
						r.confirmed++
					}
				})
			}
		}
		if !in {
			continue
		}
		switch e.Kind {
		case db.RequestSentEvent:
			count(func(r *row) { r.sent++ })
		case db.RequestDeliveredEvent:
			count(func(r *row) { r.delivered++ })
		case db.RequestFailedEvent:
			count(func(r *row) { r.failed++ })
		case db.RequestSuppressedEvent:
			count(func(r *row) { r.suppressed++ })
		case db.NotMeEvent:
			count(func(r *row) { r.disowned++ })
		}
	}
	var told strings.Builder
	for _, key := range []string{"MANUAL", "EMAIL", "V-1"} {
		if g := groups[key]; *g != (row{}) {
			fmt.Fprintln(&told, key, g.sent, g.delivered, g.failed, g.suppressed, g.answered, g.updated, g.confirmed, g.disowned)
		}
	}
	fmt.Fprintln(&told, "news", consents[0], consents[1], consents[2], consents[0]-consents[2])
	var median *float64
	if slices.Sort(took); len(took) > 0 {
		median = &took[(len(took)-1)/2]
	}
	fmt.Fprintf(&told, "%d %.2f median %s", letters, float64(letters)*.85, about(median))
	return told.String()
}

// TestCoverageTellsWhatIsOnFile fills Contacts, of whom one confirms.
func TestCoverageTellsWhatIsOnFile(t *testing.T) {
	withAsker(t, func(a *asker) {
		r, err := a.live.Report(a.Context(), db.ReportFilter{})
		a.must(err)
		if c, err := r.Coverage(a.Context()); err != nil || c != nil {
			t.Errorf("unmeasured: %v %v", c, err)
		}
		a.rollUp(a.live)
		a.pass(400 * 24 * time.Hour)
		asked := a.ask(a.live, "K-1")[0]
		a.sendAll(a.live)
		a.answer(a.live, asked, db.Answer{Confirm: true})
		due, err := a.store.CoverageDue(a.Context())
		if err != nil || !slices.Contains(due, db.TenantRef{CompanyID: a.live.Company.ID, Mode: db.Live}) {
			t.Errorf("due: %v %v", due, err)
		}
		a.rollUp(a.live)
		r, err = a.live.Report(a.Context(), db.ReportFilter{})
		a.must(err)
		c, err := r.Coverage(a.Context())
		a.must(err)
		if got := fmt.Sprint(c.Contacts, c.Confirmed, c.Stopped, c.Mailable, c.Failing, c.AsOf.Equal(a.now())); got != "2 1 0 1 0 true" {
			t.Errorf("covered: %s", got)
		}
		for _, f := range c.Fields {
			got := fmt.Sprintf("%d %d %v %d %.1f", f.Filled, f.Confirmed, f.Bands, f.Unknown, *f.Share())
			want := map[string]string{
				"familyName": "2 1 [1 0 0 1 0] 0 1.0", "emails": "1 1 [1 0 0 0 0] 0 0.5", "birthDate": "0 0 [0 0 0 0 0] 0 0.0",
			}[f.Field]
			if want != "" && got != want {
				t.Errorf("%s: %s, want %s", f.Field, got, want)
			}
		}
	})
}

func TestReportComparesWithThePeriodBefore(t *testing.T) {
	withAsker(t, func(a *asker) {
		a.ask(a.live, "K-1")
		a.pass(10 * 24 * time.Hour)
		a.ask(a.live, "K-1", "K-2")
		r, err := a.live.Report(a.Context(), db.ReportFilter{Since: ptr(db.Date("2026-05-11")), Until: ptr(db.Date("2026-05-20"))})
		a.must(err)
		before, err := r.Previous(a.Context(), nil, nil)
		a.must(err)
		if got := fmt.Sprintln(r.Requests, *before.Since, *before.Until, before.Requests); got != "2 2026-05-01 2026-05-10 1\n" {
			t.Error(got)
		}
		given, err := r.Previous(a.Context(), ptr(db.Date("2026-05-14")), nil)
		if err != nil || given.Requests != 2 {
			t.Errorf("given: %v %v", given, err)
		}
		if _, err := a.live.SaveReportSettings(a.Context(), db.ReportSettings{LetterPrice: &db.Price{Amount: -1, Currency: "EUR"}}); fmt.Sprint(db.ErrorsOf(err)[0].Path) != "[letterPrice amount]" {
			t.Error(err)
		}
		if _, err := a.live.SaveReportSettings(a.Context(), db.ReportSettings{LetterPrice: &db.Price{Amount: 0.385, Currency: "EUR"}}); err != nil {
			t.Error(err)
		}
		if set, err := a.test.ReportSettings(a.Context()); err != nil || *set.LetterPrice != (db.Price{Amount: 0.385, Currency: "EUR"}) {
			t.Errorf("%v %v", set, err)
		}
	})
}
