package db_test

import (
	"strings"
	"testing"
	"time"

	"complero/db"
)

func TestEnquiryIsKeptUntilItIsSent(t *testing.T) {
	withAsker(t, func(a *asker) {
		r := a.ask(a.test, "K-1")[0]
		l, before := a.open(a.test, r), a.count(a.test)
		if !l.TakesEnquiries() {
			a.Fatal("the link takes no enquiries")
		}
		if err := l.Enquire(a.Context(), db.Enquiry{Words: "  Zählt das\r\nalte Konto noch? ", ReplyTo: " 0431  123"}); err != nil {
			a.Fatal(err)
		}
		a.wantSince(a.test, before) // no event: nothing of the Contact has changed
		if unsent, err := a.store.UnsentEnquiries(a.Context()); err != nil || len(unsent) != 0 {
			a.Errorf("looked for at once: %v, %v", unsent, err)
		}
		a.pass(2 * time.Minute)
		unsent, err := a.store.UnsentEnquiries(a.Context())
		if err != nil || len(unsent) != 1 {
			a.Fatalf("unsent %v, %v", unsent, err)
		}
		system := a.system(a.test)
		m, err := system.EnquiryMail(a.Context(), unsent[0].EnquiryID)
		if err != nil || m.Words != "Zählt das\nalte Konto noch?" || m.ReplyTo != "0431 123" || m.To != "defne@example.com" || m.Contact.ExternalID() != "K-1" {
			a.Fatalf("%+v, %v", m, err)
		}
		message := &db.OutboxMessage{To: m.To, Subject: "Frage", Text: m.Words}
		for range 2 {
			if err := system.RecordEnquiry(a.Context(), m, message); err != nil {
				a.Fatal(err)
			}
		}
		if again, err := system.EnquiryMail(a.Context(), m.ID); again != nil || err != nil {
			a.Errorf("sent again: %+v, %v", again, err)
		}
		if report, err := a.test.Report(a.Context(), db.ReportFilter{}); err != nil || report.Enquiries != 1 {
			a.Errorf("%+v, %v", report, err)
		}
		box, err := a.test.Outbox(a.Context(), db.Page{})
		if err != nil || len(box.Nodes) != 1 || box.Nodes[0].Subject != "Frage" {
			a.Errorf("outbox %v, %v", box, err)
		}
	})
}

func TestEnquiryRefusesWhatIsWrong(t *testing.T) {
	withAsker(t, func(a *asker) {
		l := a.open(a.live, a.ask(a.live, "K-1")[0])
		for _, test := range []struct {
			enquiry db.Enquiry
			want    string
		}{
			{db.Enquiry{Words: " \n "}, "REQUIRED [words]"},
			{db.Enquiry{Words: strings.Repeat("ä", 4001)}, "TOO_LONG [words]"},
			{db.Enquiry{Words: "a\x00b", ReplyTo: strings.Repeat("1", 201)}, "INVALID [words], TOO_LONG [replyTo]"},
		} {
			if got := codes(l.Enquire(a.Context(), test.enquiry)); got != test.want {
				a.Errorf("%q: %s, want %s", test.enquiry.Words[:3], got, test.want)
			}
		}
		for range 5 {
			if err := l.Enquire(a.Context(), db.Enquiry{Words: "Warum?"}); err != nil {
				a.Fatal(err)
			}
		}
		if got := codes(l.Enquire(a.Context(), db.Enquiry{Words: "Warum?"})); got != "TOO_MANY_ITEMS [words]" {
			a.Errorf("the sixth in a day: %s", got)
		}
		a.pass(25 * time.Hour)
		if err := l.Enquire(a.Context(), db.Enquiry{Words: "Warum?"}); err != nil {
			a.Errorf("a day later: %v", err)
		}
	})
}

func TestEnquiryReachesTheCompanyWhereNoEmployeeDoes(t *testing.T) {
	withAsker(t, func(a *asker) {
		for _, tt := range []struct{ support, want string }{
			{"hilfe@example.com", "hilfe@example.com"}, {"0431 12345", "kontakt@example.com"}, {"Frag Hilfe@Example.com", "kontakt@example.com"},
		} {
			if _, err := a.live.UpdateCompany(a.Context(), db.CompanyChange{SupportContact: ptr(&tt.support), WithEmployees: ptr(false)}); err != nil {
				a.Fatal(err)
			}
			if err := a.open(a.live, a.ask(a.live, "K-1")[0]).Enquire(a.Context(), db.Enquiry{Words: "Warum?"}); err != nil {
				a.Fatal(err)
			}
			a.pass(2 * time.Minute)
			unsent, err := a.store.UnsentEnquiries(a.Context())
			if err != nil {
				a.Fatal(err)
			}
			m, err := a.system(a.live).EnquiryMail(a.Context(), unsent[len(unsent)-1].EnquiryID)
			if err != nil || m.To != tt.want || m.Employee != nil {
				a.Errorf("with %s it goes to %+v, %v", tt.support, m, err)
			}
		}
	})
}

func TestErasingTakesEnquiriesAlong(t *testing.T) {
	withAsker(t, func(a *asker) {
		const marker = "zwiebelfisch"
		if err := a.open(a.test, a.ask(a.test, "K-1")[0]).Enquire(a.Context(), db.Enquiry{Words: marker, ReplyTo: marker}); err != nil {
			a.Fatal(err)
		}
		op, err := a.test.DeleteContacts(a.Context(), db.ContactsDelete{ExternalIDs: []string{"K-1"}})
		if err != nil {
			a.Fatal(err)
		}
		work(a.T, a.store, a.test, op)
		if places := a.store.Find(a.Context(), marker); len(places) > 0 {
			a.Errorf("the enquiry stands in %v", places)
		}
	})
}

func TestDeathClosesTheLinkUntilItIsTakenBack(t *testing.T) {
	withAsker(t, func(a *asker) {
		r, other := a.ask(a.live, "K-1")[0], a.ask(a.live, "K-1")[0]
		before := a.count(a.live)
		for range 2 {
			a.answer(a.live, r, db.Answer{Deceased: true})
		}
		a.wantSince(a.live, before, "REQUEST_DELIVERED", "DECEASED", "REQUEST_SUPPRESSED STOPPED")
		if got := a.request(a.live, r); got.Status != db.RequestDeclined || *got.Reason != db.ReasonDeceased {
			a.Errorf("the Request is %s", got.Status)
		}
		if got := a.request(a.live, other); got.Status != db.RequestSuppressed {
			a.Errorf("the other Request is %s", got.Status)
		}
		l := a.open(a.live, r)
		if l.State != db.LinkDeceased || l.Contact.FamilyName() != nil {
			a.Errorf("the link is %s and shows %v", l.State, l.Contact.FamilyName())
		}
		if _, err := l.Answer(a.Context(), db.Answer{Confirm: true}); db.CodeOf(err) != db.ConflictCode {
			a.Errorf("answering for the dead: %v", err)
		}
		if got := a.ask(a.live, "K-1")[0].Status; got != db.RequestSuppressed {
			a.Errorf("a new Request is %s", got)
		}
		if _, err := a.live.ResumeContact(a.Context(), db.ContactStop{ExternalID: "K-1"}); err != nil {
			a.Fatal(err)
		}
		if l := a.open(a.live, r); l.State != db.LinkOpen {
			a.Errorf("the link is %s once it was taken back", l.State)
		}
		a.answer(a.live, r, db.Answer{Confirm: true})
		if _, err := a.open(a.live, r).Answer(a.Context(), db.Answer{Deceased: true, Confirm: true}); codes(err) != "INVALID [deceased]" {
			a.Errorf("both at once: %v", err)
		}
	})
}
