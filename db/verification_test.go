package db_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"complero/db"
	"complero/db/dbtest"
	"complero/db/verification"
)

// asks sets what a Company asks for.
func (a *asker) asks(kinds ...verification.Kind) {
	a.Helper()
	if _, err := a.live.UpdateCompany(a.Context(), db.CompanyChange{Verification: &kinds}); err != nil {
		a.Fatal(err)
	}
}

// verify tries once on a Request's link.
func (a *asker) verify(r *db.Request, said verification.Said) *db.VerificationTry {
	a.Helper()
	v, err := a.open(a.live, r).Verify(a.Context(), said)
	if err != nil {
		a.Fatal(err)
	}
	return v
}

// zip says a postal code.
func zip(code string) verification.Said { return verification.Said{verification.PostalCode: code} }

func TestVerificationIsSetAndRefused(t *testing.T) {
	withAsker(t, func(a *asker) {
		tests := []struct {
			name  string
			kinds []verification.Kind
			want  db.Code
		}{
			{"two", []verification.Kind{verification.BirthDate, verification.EmailCode}, ""},
			{"three", []verification.Kind{verification.BirthDate, verification.PostalCode, verification.EmailCode}, db.TooManyItems},
			{"one twice", []verification.Kind{verification.BirthDate, verification.BirthDate}, db.Invalid},
			{"no kind", []verification.Kind{"SHOE_SIZE"}, db.Invalid},
			{"without its Channel", []verification.Kind{verification.SMSCode}, db.Invalid},
		}
		for _, tt := range tests {
			_, err := a.live.UpdateCompany(a.Context(), db.CompanyChange{Verification: &tt.kinds})
			if db.CodeOf(err) != tt.want || err != nil && db.ErrorsOf(err)[0].Path[0] != "verification" {
				a.Errorf("%s: %v", tt.name, err)
			}
		}
		company, err := a.live.CompanyByID(nil)
		if err != nil || fmt.Sprint(company.Verification()) != "[BIRTH_DATE EMAIL_CODE]" {
			a.Errorf("asks %v, %v", company.Verification(), err)
		}
	})
}

func TestAnUnverifiedLinkHoldsNothing(t *testing.T) {
	withAsker(t, func(a *asker) {
		r := a.ask(a.live, "K-1")[0]
		a.asks(verification.PostalCode)
		l := a.open(a.live, r)
		if l.State != db.LinkUnverified || !l.Withheld() || l.Employee != nil || l.Consents != nil {
			a.Fatalf("%+v", l)
		}
		if all := fmt.Sprintf("%+v", *l.Contact); strings.Contains(all, "Kettenis") || strings.Contains(all, "juliane") || strings.Contains(all, "K-1") {
			a.Errorf("the link holds %s", all)
		}
		before := a.count(a.live)
		says := db.Answer{Data: a.says(`{"familyName": "Frohn"}`)}
		if _, err := l.Answer(a.Context(), says); db.CodeOf(err) != db.Forbidden {
			a.Errorf("answering: %v", err)
		}
		if _, err := l.Preview(a.Context(), says); db.CodeOf(err) != db.Forbidden {
			a.Errorf("looking: %v", err)
		}
		if err := l.Stop(a.Context(), db.Evidence{}); err != nil {
			a.Errorf("stopping: %v", err)
		}
		if err := l.Resume(a.Context()); db.CodeOf(err) != db.Forbidden {
			a.Errorf("undoing that: %v", err)
		}
		a.wantSince(a.live, before, "REQUEST_DELIVERED", "STOP")
		if _, err := l.Answer(a.Context(), db.Answer{NotMe: true}); err != nil {
			a.Errorf("not me: %v", err)
		}
	})
}

func TestSessionsOpenOnlyWhatTheyWereMadeFor(t *testing.T) {
	withAsker(t, func(a *asker) {
		first := a.ask(a.live, "K-1", "K-2")
		own, other := first[0], first[1]
		a.asks(verification.PostalCode)
		session := a.verify(own, zip("24 103")).Session
		if session == "" {
			a.Fatal("the right postal code opens nothing")
		}
		admits := func(r *db.Request, session string) bool {
			a.Helper()
			l := a.open(a.live, r)
			ok, err := l.Admit(a.Context(), session)
			if err != nil || ok == l.Withheld() {
				a.Fatalf("admitted %t, withheld %t, %v", ok, l.Withheld(), err)
			}
			return ok
		}
		for range 2 {
			if !admits(own, session) {
				a.Error("the session does not open its own link")
			}
		}
		if l := a.open(a.live, own); l.State == db.LinkOpen {
			a.Error("the link opens without the session")
		}
		again := a.ask(a.live, "K-1")[0]
		for name, r := range map[string]*db.Request{"another Contact's": other, "another Request's": again} {
			if admits(r, session) {
				a.Errorf("the session opens %s link", name)
			}
		}
		at := strings.LastIndex(session, ".")
		for _, forged := range []string{"", ".", session + "x", session[:at], "9" + session, "99999999999" + session[at:], "x" + session[at:]} {
			if admits(own, forged) {
				a.Errorf("%q opens the link", forged)
			}
		}
		a.asks(verification.PostalCode)
		if admits(own, session) {
			a.Error("the session outlives the setting")
		}
		session = a.verify(own, zip("24103")).Session
		a.pass(verification.SessionTime - time.Second)
		if !admits(own, session) {
			a.Error("the session ends too soon")
		}
		a.pass(2 * time.Second)
		if admits(own, session) {
			a.Error("the session does not end")
		}
		a.asks()
		if l := a.open(a.live, own); l.State != db.LinkOpen || l.Contact.Profile.FamilyName != "Kettenis" {
			a.Error("the link stays closed when nothing is asked any more")
		}
	})
}

func TestWrongTriesLockOverAllLinks(t *testing.T) {
	withAsker(t, func(a *asker) {
		one, two := a.ask(a.live, "K-1")[0], a.ask(a.live, "K-1")[0]
		a.asks(verification.PostalCode)
		before := a.count(a.live)
		for i := range 5 {
			v := a.verify([]*db.Request{one, two}[i%2], zip("99999"))
			if v.Passed || v.LockedFor > 0 != (i == 4) {
				a.Fatalf("try %d: %+v", i, v)
			}
		}
		a.wantSince(a.live, before, "VERIFICATION_LOCKED HOUR")
		if v := a.verify(two, zip("24103")); v.Passed || v.LockedFor != time.Hour {
			a.Errorf("what is right opens a locked Contact: %+v", v)
		}
		a.pass(time.Hour)
		for range 5 {
			a.verify(one, zip("99999"))
		}
		a.wantSince(a.live, before, "VERIFICATION_LOCKED HOUR", "VERIFICATION_LOCKED DAY")
		a.pass(23 * time.Hour)
		if v := a.verify(one, zip("24103")); v.Passed {
			a.Error("the second lock ends too soon")
		}
		a.pass(time.Hour)
		if v := a.verify(one, zip("24103")); !v.Passed || v.LockedFor > 0 {
			a.Errorf("nothing opens after the lock: %+v", v)
		}
		for range 4 {
			a.verify(one, zip("99999"))
		}
		if v := a.verify(one, zip("24103")); !v.Passed {
			a.Error("tries from before a success still count")
		}
		events, err := a.live.Events(a.Context(), db.Page{First: ptr(1000)}, db.EventFilter{Kinds: []db.EventKind{db.VerificationLockedEvent}})
		if err != nil || len(events.Nodes) != 2 {
			a.Fatal(events, err)
		}
		if e := events.Nodes[0]; e.EmployeeID == "" || e.RequestID != one.ID || *e.ContactExternalID != "K-1" {
			a.Errorf("the event says %+v", e)
		}
		a.pass(verification.Memory + time.Hour)
		if err := a.store.Purge(a.Context()); err != nil || len(a.store.Dump(a.Context(), "verification")) > 0 {
			a.Error("tries are kept for good", err)
		}
	})
}

// TestAttackersGetFiveTries guesses at full speed from everywhere at once.
func TestAttackersGetFiveTries(t *testing.T) {
	for _, engine := range []dbtest.Engine{dbtest.SQLite, dbtest.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			a := &asker{T: t, store: dbtest.Open(t, engine, func(c *db.Config) { c.MailRoute = true }), at: new(atomic.Int64)}
			a.live, _ = account(t, a.store, "Nordlicht")
			uploadEmployees(t, a.store, a.live, map[string]any{"externalId": "V-1", "displayName": "Defne Kupfer"})
			upload(t, a.store, a.live, kettenis)
			links := []*db.Request{a.ask(a.live, "K-1")[0], a.ask(a.live, "K-1")[0], a.ask(a.live, "K-1")[0]}
			a.asks(verification.PostalCode)
			before := a.count(a.live)
			opened := make([]*db.Link, 200)
			for i := range opened {
				opened[i] = a.open(a.live, links[i%len(links)])
			}
			var judged atomic.Int64
			var all sync.WaitGroup
			start := make(chan struct{})
			for i, l := range opened {
				all.Go(func() {
					<-start
					v, err := l.Verify(t.Context(), zip(fmt.Sprint(10000+i)))
					if err != nil || v.Passed {
						t.Errorf("%+v, %v", v, err)
					} else if v.LockedFor == 0 {
						judged.Add(1)
					}
				})
			}
			close(start)
			all.Wait()
			if n := judged.Load(); n != 4 {
				t.Errorf("%d tries were judged before the one that locked", n)
			}
			if v := a.verify(links[0], zip("24103")); v.Passed || v.LockedFor == 0 {
				t.Errorf("what is right opens a locked Contact: %+v", v)
			}
			a.wantSince(a.live, before, "VERIFICATION_LOCKED HOUR")
			if rows := a.store.Dump(t.Context(), "verification"); len(rows) != 1 {
				t.Errorf("%d rows are kept", len(rows))
			}
		})
	}
}

// TestMissingFactsTakeTheSameStatements counts on PostgreSQL, where each
// statement is a way over the network, what an outsider could measure.
func TestMissingFactsTakeTheSameStatements(t *testing.T) {
	var statements atomic.Int64
	a := &asker{T: t, at: new(atomic.Int64), store: dbtest.Open(t, dbtest.Postgres, func(c *db.Config) {
		c.MailRoute = true
		c.URL = counted(t, c.URL, &statements)
	})}
	a.live, _ = account(t, a.store, "Nordlicht")
	uploadEmployees(t, a.store, a.live, map[string]any{"externalId": "V-1", "displayName": "Defne Kupfer"})
	upload(t, a.store, a.live, kettenis, `{"externalId": "K-3", "familyName": "Lage", "emails": [{"address": "l@example.net"}]}`)
	wrong, missing := a.ask(a.live, "K-1")[0], a.ask(a.live, "K-3")[0]
	a.asks(verification.PostalCode, verification.BirthDate)
	try := func(r *db.Request, code string) (took int64, said string) {
		l := a.open(a.live, r)
		before := statements.Load()
		v, err := l.Verify(t.Context(), verification.Said{verification.PostalCode: code, verification.BirthDate: "1980-02-29"})
		if err != nil {
			t.Fatal(err)
		}
		return statements.Load() - before, fmt.Sprint(v.Passed, v.LockedFor.Round(time.Minute), v.HasCode)
	}
	try(wrong, "1") // prepares
	try(missing, "1")
	for range 3 {
		took, said := try(wrong, "10000")
		alsoTook, alsoSaid := try(missing, "24103")
		if took != alsoTook || said != alsoSaid {
			t.Errorf("what is wrong takes %d statements and says %s, what is missing %d and %s", took, said, alsoTook, alsoSaid)
		}
	}
}

func TestCodesCountOnceAndNotForLong(t *testing.T) {
	withAsker(t, func(a *asker) {
		r := a.ask(a.live, "K-1")[0]
		a.asks(verification.EmailCode)
		job := db.SendVerificationCode{TenantRef: db.TenantRef{CompanyID: a.live.Company.ID, Mode: a.live.Mode}, ContactID: r.ContactID}
		send := func() *db.VerificationCode {
			a.Helper()
			v, err := a.open(a.live, r).SendCode(a.Context())
			if err != nil || !v.HasCode {
				a.Fatalf("%+v, %v", v, err)
			}
			code, err := a.system(a.live).VerificationCode(a.Context(), job)
			if err != nil || code == nil || code.To != "juliane@example.net" || len(code.Code) != 6 {
				a.Fatalf("%+v, %v", code, err)
			}
			return code
		}
		says := func(code string) bool { return a.verify(r, verification.Said{verification.EmailCode: code}).Passed }
		first := send()
		second := send()
		if first.Code == second.Code || first.MessageID == second.MessageID {
			a.Fatal("two codes are one")
		}
		for _, row := range a.store.Dump(a.Context(), "verification") {
			if strings.Contains(row, second.Code) {
				a.Errorf("the code is stored: %s", row)
			}
		}
		if says(first.Code) {
			a.Error("a code counts that was sent before another")
		}
		if !says(second.Code) || says(second.Code) {
			a.Error("a code does not count once")
		}
		late := send()
		a.pass(verification.CodeTime)
		if says(late.Code) {
			a.Error("a code counts after ten minutes")
		}
		if v, err := a.open(a.live, r).SendCode(a.Context()); err != nil || v.HasCode || v.MayHaveCode {
			a.Errorf("a fourth code within the hour: %+v, %v", v, err)
		}
		if code, err := a.system(a.live).VerificationCode(a.Context(), job); code != nil || err != nil {
			a.Errorf("a code is sent that does not count: %+v, %v", code, err)
		}
		a.pass(time.Hour)
		last := send()
		for range 5 {
			says("000000")
		}
		a.pass(time.Minute)
		if says(last.Code) {
			a.Error("a lock does not end the code")
		}
		if v, err := a.open(a.live, r).SendCode(a.Context()); err != nil || v.HasCode || v.LockedFor == 0 {
			a.Errorf("a locked Contact is sent a code: %+v, %v", v, err)
		}
	})
}

func TestCodesForNobodyLookTheSame(t *testing.T) {
	withAsker(t, func(a *asker) {
		upload(a.T, a.store, a.live, `{"externalId": "K-1", "familyName": "Kettenis", "emails": [{"address": "juliane@example.net"}]}`)
		r := a.ask(a.live, "K-1")[0]
		a.asks(verification.EmailCode)
		upload(a.T, a.store, a.live, `{"externalId": "K-1", "familyName": "Kettenis", "emails": []}`)
		v, err := a.open(a.live, r).SendCode(a.Context())
		if err != nil || !v.HasCode || !v.MayHaveCode {
			a.Errorf("%+v, %v", v, err)
		}
		code, err := a.system(a.live).VerificationCode(a.Context(), db.SendVerificationCode{ContactID: r.ContactID})
		if code != nil || err != nil {
			a.Errorf("a code goes to nobody: %+v, %v", code, err)
		}
	})
}

func TestWithdrawAllTakesNoVerification(t *testing.T) {
	withAsker(t, func(a *asker) {
		_, err := a.live.SaveConsentDefinition(a.Context(), db.ConsentDefinitionSave{
			Key: "news", Advertising: ptr(true), Channels: []db.ConsentChannel{db.ConsentEmail, db.ConsentPhone},
			Wordings: []db.ConsentWording{{Locale: "de", Title: "Neuigkeiten", Wording: "Ja."}},
		})
		if err != nil {
			a.Fatal(err)
		}
		r := a.ask(a.live, "K-1")[0]
		channels := []db.ConsentChannel{db.ConsentEmail, db.ConsentPhone}
		decisions := []db.ConsentDecision{{Key: "news", Channel: &channels[0], Granted: true, Version: 1}, {Key: "news", Channel: &channels[1], Version: 1}}
		a.answer(a.live, r, db.Answer{Consents: decisions, Locale: "de"})
		a.asks(verification.PostalCode)
		before := a.count(a.live)
		for range 2 {
			if err := a.open(a.live, r).WithdrawAll(a.Context(), db.Evidence{Manner: "web-app"}); err != nil {
				a.Fatal(err)
			}
		}
		a.wantSince(a.live, before, "CONSENT_WITHDRAWN")
	})
}

// TestSandboxNeedsNoVerification: integrators try out answers, not pages.
func TestSandboxNeedsNoVerification(t *testing.T) {
	withAsker(t, func(a *asker) {
		a.asks(verification.PostalCode, verification.BirthDate)
		events, err := a.test.Respond(a.Context(), db.SandboxRespond{ContactExternalID: "K-1", Confirm: true})
		if err != nil || !slices.ContainsFunc(events, func(e *db.Event) bool { return e.Kind == db.ConfirmEvent }) {
			a.Errorf("%v, %v", events, err)
		}
	})
}
