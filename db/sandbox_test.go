package db_test

import (
	"fmt"
	"slices"
	"testing"

	"complero/db"
)

func TestSandboxAnswersAsTheWebApp(t *testing.T) {
	withAsker(t, func(a *asker) {
		if _, err := a.live.SaveConsentDefinition(a.Context(), db.ConsentDefinitionSave{
			Key: "news", Wordings: []db.ConsentWording{{Locale: "de", Title: "Neues", Wording: "Ich will Neues."}},
		}); err != nil {
			a.Fatal(err)
		}
		old, newest := a.ask(a.test, "K-1")[0], a.ask(a.test, "K-1")[0]
		respond := func(in db.SandboxRespond) []string {
			a.Helper()
			if in.ContactExternalID == "" {
				in.ContactExternalID = "K-1"
			}
			events, err := a.test.Respond(a.Context(), in)
			if err != nil {
				a.Fatal(err)
			}
			list := []string{}
			for _, e := range events {
				about := "none"
				switch e.RequestID {
				case old.ID:
					about = "old"
				case newest.ID:
					about = "newest"
				}
				if again, err := a.test.EventByID(a.Context(), e.ID); err != nil || again == nil || again.Kind != e.Kind {
					a.Errorf("event %s reads %+v, %v", e.ID, again, err)
				}
				list = append(list, fmt.Sprint(e.Kind, " ", about))
			}
			return list
		}
		steps := []struct {
			in   db.SandboxRespond
			want []string
		}{
			{db.SandboxRespond{Data: a.says(`{"givenName": "Julia"}`), Consents: []db.ConsentDecision{{Key: "news", Granted: true}}}, []string{"UPDATE newest", "CONSENT_GRANTED newest"}},
			{db.SandboxRespond{Data: a.says(`{"givenName": "Julia"}`)}, []string{"CONFIRM newest"}},
			{db.SandboxRespond{Confirm: true, RequestID: &old.ID}, []string{"CONFIRM old"}},
			{db.SandboxRespond{NotMe: true}, []string{"NOT_ME newest"}},
			{db.SandboxRespond{Stop: true}, []string{"STOP old"}},
			{db.SandboxRespond{ContactExternalID: "K-2", Data: a.says(`{"emails": [{"address": "frohn@example.net"}]}`)}, []string{"UPDATE none"}},
		}
		for i, step := range steps {
			if got := respond(step.in); !slices.Equal(got, step.want) {
				a.Errorf("step %d: %q, want %q", i, got, step.want)
			}
		}
		wrong := []struct {
			tenant *db.Tenant
			in     db.SandboxRespond
			want   string
		}{
			{a.live, db.SandboxRespond{ContactExternalID: "K-1", Confirm: true}, "TEST_ONLY []"},
			{a.test, db.SandboxRespond{ContactExternalID: "K-404", Confirm: true}, "NOT_FOUND [contactExternalId]"},
			{a.test, db.SandboxRespond{ContactExternalID: "\x00", Confirm: true}, "NOT_FOUND [contactExternalId]"},
			{a.test, db.SandboxRespond{ContactExternalID: "K-1", Source: ptr("agency"), Confirm: true}, "NOT_FOUND [source]"},
			{a.test, db.SandboxRespond{ContactExternalID: "K-2", RequestID: &old.ID, Confirm: true}, "NOT_FOUND [requestId]"},
			{a.test, db.SandboxRespond{ContactExternalID: "K-1", RequestID: &newest.ID, Confirm: true}, "CONFLICT [requestId]"},
			{a.test, db.SandboxRespond{ContactExternalID: "K-1"}, "REQUIRED [data]"},
			{a.test, db.SandboxRespond{ContactExternalID: "K-1", Consents: []db.ConsentDecision{{Key: "nothing"}}}, "NOT_FOUND [consents 0 key]"},
		}
		for i, w := range wrong {
			_, err := w.tenant.Respond(a.Context(), w.in)
			if got := codes(err); got != w.want {
				a.Errorf("wrong %d: %s, want %s (%v)", i, got, w.want, err)
			}
		}
	})
}

func TestSandboxRespondsOnceForAKey(t *testing.T) {
	withAsker(t, func(a *asker) {
		in := db.SandboxRespond{ContactExternalID: "K-1", Data: a.says(`{"givenName": "Julia"}`), IdempotencyKey: ptr("one")}
		var ids []string
		for range 2 {
			events, err := a.test.Respond(a.Context(), in)
			if err != nil || len(events) != 1 || events[0].Kind != db.UpdateEvent {
				a.Fatalf("%+v, %v", events, err)
			}
			ids = append(ids, events[0].ID)
		}
		if ids[0] != ids[1] {
			a.Errorf("two events %q", ids)
		}
		in.Data = a.says(`{"givenName": "Julie"}`)
		if _, err := a.test.Respond(a.Context(), in); db.CodeOf(err) != db.IdempotencyConflict {
			a.Errorf("another input: %v", err)
		}
	})
}
