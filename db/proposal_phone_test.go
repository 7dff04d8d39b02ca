package db_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"complero/db"
	"complero/db/profile"
	"complero/db/verification"
)

// Numbers of Kettenis': a mobile one, a landline, and ones that are new.
const (
	mobileOnFile   = "+491604905728"
	landlineOnFile = "+4930901820"
	newMobile      = "+4915112345678"
	newLandline    = "+4943154321"
)

// withNumbers runs a test with numbers on file of K-1, and a way for SMS.
func withNumbers(t *testing.T, run func(a *asker)) {
	withAsker(t, func(a *asker) {
		for _, tenant := range []*db.Tenant{a.live, a.test} {
			upload(a.T, a.store, tenant, `{"externalId": "K-1", "phones": [{"number": "0160 4905728"}, {"number": "030 901820", "use": "BUSINESS"}]}`)
		}
		run(a)
	}, func(c *db.Config) { c.SMSRoute = true })
}

// dials is an answer with these numbers in place of those on file.
func (a *asker) dials(l *db.Link, numbers ...string) db.Answer {
	data := &profile.Input{Phones: []profile.PhoneInput{}}
	for n, number := range numbers {
		row := profile.PhoneInput{Number: profile.Say(number)}
		if n < len(l.Contact.Profile.Phones) {
			row.ID, row.Use = l.Contact.Profile.Phones[n].ID, profile.Say(string(l.Contact.Profile.Phones[n].Use))
		}
		data.Phones = append(data.Phones, row)
	}
	return db.Answer{Locale: "de", Data: data}
}

func (a *asker) phones(tenant *db.Tenant) string {
	a.Helper()
	var list []string
	for _, n := range contact(a.T, tenant, "K-1").Phones() {
		list = append(list, fmt.Sprint(n.Number, " ", n.Kind))
	}
	return strings.Join(list, ", ")
}

func TestNewMobileNumberWaitsUntilItIsConfirmed(t *testing.T) {
	withNumbers(t, func(a *asker) {
		for _, tenant := range []*db.Tenant{a.live, a.test} {
			r := a.ask(tenant, "K-1")[0]
			before := a.count(tenant)
			l := a.open(tenant, r)
			answer := a.dials(l, newMobile, newLandline)
			if p, err := l.Preview(a.Context(), answer); err != nil || proposedPlaces(p.Proposed) != newMobile || p.Proposed[0].Kind != db.ProposalPhone {
				a.Errorf("preview %+v, %v", p, err)
			}
			out := a.answer(tenant, r, answer)
			if out.Kind != db.UpdateEvent || len(out.Changes) != 1 || out.Changes[0].Field != "phones[1].number" {
				a.Errorf("%+v", out)
			}
			a.wantSince(tenant, before, "REQUEST_DELIVERED", "UPDATE", "UPDATE_PROPOSED")
			if got := a.phones(tenant); got != mobileOnFile+" MOBILE, "+newLandline+" LANDLINE" {
				a.Errorf("on file is %s", got)
			}
			l = a.open(tenant, r)
			if len(l.Waiting) != 1 || l.Waiting[0].Address != newMobile || l.Waiting[0].Kind != db.ProposalPhone {
				a.Fatalf("waiting %+v", l.Waiting)
			}
			ask, tell := a.proposalMails(tenant, l)
			if ask.To != newMobile || ask.Channel != db.SMS || tell.To != mobileOnFile || tell.Channel != db.SMS || tell.Address != "…678" {
				a.Errorf("messages %+v, %+v", ask, tell)
			}
			page := a.openProposal(ask)
			if !page.Open || page.Address != newMobile || page.Kind != db.ProposalPhone {
				a.Errorf("%+v", page)
			}
			before = a.count(tenant)
			for range 2 {
				a.must(page.Confirm(a.Context()))
			}
			if got := a.phones(tenant); got != newMobile+" MOBILE, "+newLandline+" LANDLINE" {
				a.Errorf("confirmed, on file is %s", got)
			}
			if c := contact(a.T, tenant, "K-1"); c.Phones()[0].Health != profile.HealthReached || c.Phones()[0].Use != profile.UsePrivate {
				a.Errorf("%+v", c.Phones())
			}
			if page = a.openProposal(tell); !page.Open || page.Address != "…678" {
				a.Errorf("at the old place %+v", page)
			}
			a.must(page.TakeBack(a.Context()))
			a.wantSince(tenant, before, "UPDATE", "UPDATE")
			if got := a.phones(tenant); got != mobileOnFile+" MOBILE, "+newLandline+" LANDLINE" {
				a.Errorf("undone, on file is %s", got)
			}
		}
	})
}

func TestWhoHearsOfANewNumber(t *testing.T) {
	withNumbers(t, func(a *asker) {
		r := a.ask(a.live, "K-1")[0]
		tests := []struct {
			name    string
			numbers []string
			to      string
			channel db.Channel
		}{
			{"in place of a landline", []string{mobileOnFile, newMobile}, "juliane@example.net", db.Email},
			{"a further one", []string{mobileOnFile, landlineOnFile, newMobile}, "juliane@example.net", db.Email},
			{"in place of a mobile one", []string{newMobile, landlineOnFile}, mobileOnFile, db.SMS},
		}
		for _, tt := range tests {
			a.answer(a.live, r, a.dials(a.open(a.live, r), tt.numbers...))
			l := a.open(a.live, r)
			if _, tell := a.proposalMails(a.live, l); tell == nil || tell.To != tt.to || tell.Channel != tt.channel || tell.Kind != db.ProposalPhone {
				a.Errorf("%s: told is %+v", tt.name, tell)
			}
			if got := a.phones(a.live); got != mobileOnFile+" MOBILE, "+landlineOnFile+" LANDLINE" {
				a.Errorf("%s: on file is %s", tt.name, got)
			}
			a.must(l.WithdrawProposal(a.Context(), l.Waiting[0].ID))
		}
		// The only ones gone, and a mobile one in their place: they stay until there is another.
		a.answer(a.live, r, db.Answer{Data: a.says(`{"phones": [{"number": "0151 12345678", "use": "BUSINESS"}]}`)})
		if l := a.open(a.live, r); len(l.Waiting) != 1 || len(l.Contact.Profile.Phones) == 0 {
			a.Errorf("on file is %s, and %d wait", a.phones(a.live), len(l.Waiting))
		}
	})
}

func TestNumbersAndAddressesWaitTogether(t *testing.T) {
	withNumbers(t, func(a *asker) {
		r := a.ask(a.test, "K-1")[0]
		l := a.open(a.test, r)
		answer := a.dials(l, newMobile, landlineOnFile)
		answer.Data.Emails = a.moves(l, "neu@example.org").Data.Emails
		before := a.count(a.test)
		if out := a.answer(a.test, r, answer); out.Kind != "" || proposedPlaces(out.Proposed) != "neu@example.org "+newMobile {
			a.Errorf("%+v", out)
		}
		a.wantSince(a.test, before, "REQUEST_DELIVERED", "UPDATE_PROPOSED", "UPDATE_PROPOSED")
		_, tell := a.proposalMails(a.test, a.open(a.test, r))
		a.must(a.openProposal(tell).TakeBack(a.Context()))
		if l = a.open(a.test, r); len(l.Waiting) != 1 || l.Waiting[0].Kind != db.ProposalEmail {
			a.Errorf("waiting %+v", l.Waiting)
		}
		// A message that the number does not take ends the Proposal.
		a.pass(time.Hour)
		a.answer(a.test, r, a.dials(l, newMobile, landlineOnFile))
		ask, _ := a.proposalMails(a.test, a.open(a.test, r))
		a.must(a.system(a.test).RecordProposalMail(a.Context(), ask, nil, true))
		if l = a.open(a.test, r); len(l.Waiting) != 1 {
			a.Errorf("waiting %+v", l.Waiting)
		}
		if places := a.store.Find(a.Context(), newMobile[1:]); len(places) > 0 {
			a.Errorf("the number stands in %v", places)
		}
	})
}

func TestNewNumbersGoInAtOnceWhereNoSMSGoes(t *testing.T) {
	withAsker(t, func(a *asker) {
		for tenant, want := range map[*db.Tenant]string{a.live: newMobile + " MOBILE", a.test: ""} { // the outbox takes all
			r := a.ask(tenant, "K-1")[0]
			a.answer(tenant, r, a.dials(a.open(tenant, r), newMobile))
			if got := a.phones(tenant); got != want {
				a.Errorf("on file is %q, not %q", got, want)
			}
		}
	})
}

func TestANumberIsNotWrittenToWithoutEnd(t *testing.T) {
	withNumbers(t, func(a *asker) {
		r := a.ask(a.live, "K-1")[0]
		sent := 0
		for range 8 {
			a.answer(a.live, r, a.dials(a.open(a.live, r), newMobile, landlineOnFile))
			if ask, _ := a.proposalMails(a.live, a.open(a.live, r)); ask != nil {
				sent++
				a.must(a.system(a.live).RecordProposalMail(a.Context(), ask, nil, false))
			}
			a.pass(3 * time.Minute)
		}
		if sent != 3 {
			a.Errorf("the number got %d messages", sent)
		}
		for n := range 5 {
			_, err := a.open(a.live, r).Answer(a.Context(), a.dials(a.open(a.live, r), fmt.Sprintf("+491511234568%d", n), landlineOnFile))
			if got := codes(err); (n < 4) != (got == "") || n == 4 && got != "TRY_LATER [data phones]" {
				a.Errorf("%d: %s", n, got)
			}
		}
	})
}

func TestCodeBySMSGoesToTheFirstMobileNumber(t *testing.T) {
	withNumbers(t, func(a *asker) {
		two := []verification.Kind{verification.EmailCode, verification.SMSCode}
		if _, err := a.live.UpdateCompany(a.Context(), db.CompanyChange{Verification: &two}); db.CodeOf(err) != db.Invalid {
			a.Errorf("one code by two ways: %v", err)
		}
		upload(a.T, a.store, a.live, `{"externalId": "K-2", "emails": [{"address": "frohn@example.net"}], "phones": [{"number": "030 901820"}]}`)
		both := a.ask(a.live, "K-1", "K-2")
		a.asks(verification.SMSCode)
		system := a.system(a.live)
		for n, want := range []string{mobileOnFile, ""} {
			l := a.open(a.live, both[n])
			v, err := l.SendCode(a.Context())
			if err != nil || !v.HasCode {
				a.Errorf("asked for a code: %+v, %v", v, err)
			}
			code, err := system.VerificationCode(a.Context(), db.SendVerificationCode{ContactID: both[n].ContactID})
			a.must(err)
			if want == "" {
				if code != nil {
					a.Errorf("without a number, it goes to %s", code.To)
				}
				if v = a.verify(both[n], verification.Said{verification.SMSCode: "123456"}); v.Passed {
					a.Error("any code opens the link")
				}
				continue
			}
			if code == nil || code.To != want || code.Channel != db.SMS {
				a.Fatalf("it goes to %+v", code)
			}
			if v = a.verify(both[n], verification.Said{verification.EmailCode: code.Code}); v.Passed {
				a.Error("the code passes for one by e-mail")
			}
			if v = a.verify(both[n], verification.Said{verification.SMSCode: code.Code}); !v.Passed || v.Session == "" {
				a.Error("the code opens nothing")
			}
		}
	})
}
