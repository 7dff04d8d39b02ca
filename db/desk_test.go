package db_test

import (
	"path"
	"slices"
	"testing"
	"time"

	"complero/db"
)

// atDoor asks for a link at the Employees' door, has it opened, and returns what
// the job would mail; nil where nothing is.
func (a *asker) atDoor(email string) *db.Invitation {
	a.Helper()
	if err := a.store.AskDoor(a.Context(), email, db.Place{Address: "192.0.2.7"}); err != nil {
		a.Fatal(err)
	}
	if err := a.store.OpenDoor(a.Context(), db.OpenDoor{AskID: a.store.LastAsk(a.Context())}); err != nil {
		a.Fatal(err)
	}
	system := a.system(a.live)
	id := a.store.LastSignIn(a.Context())
	in, err := system.Invitation(a.Context(), db.MailSignIn{SignInID: id})
	if err != nil {
		a.Fatal(err)
	}
	return in
}

// rows counts a table's rows.
func (a *asker) rows(table string) int {
	a.Helper()
	n, err := a.store.Count(a.Context(), table)
	if err != nil {
		a.Fatal(err)
	}
	return n
}

// inside is who is signed in by a link, in the live Company.
func (a *asker) inside(in *db.Invitation) *db.Tenant {
	a.Helper()
	token, err := a.store.UseSignIn(a.Context(), path.Base(in.Link), db.Place{Address: "192.0.2.7"})
	if err != nil {
		a.Fatal(err)
	}
	session, err := a.store.Session(a.Context(), token)
	if err != nil {
		a.Fatal(err)
	}
	who, err := a.store.SignedIn(a.Context(), session)
	if err != nil {
		a.Fatal(err)
	}
	t, err := who.Tenant(a.Context(), a.live.Company.ID, db.Live)
	if err != nil {
		a.Fatal(err)
	}
	return t
}

func TestAnEmployeeComesInByMailAndOnlyByPost(t *testing.T) {
	withAsker(t, func(a *asker) {
		if in := a.atDoor("nobody@example.com"); in != nil {
			a.Fatalf("a stranger gets %+v", in)
		}
		in := a.atDoor("Defne@Example.com")
		if in == nil || !in.Employee || in.User.Email != "defne@example.com" || len(in.User.Roles) != 0 {
			a.Fatalf("the Employee gets %+v", in)
		}
		if users, err := a.system(a.live).Users(a.Context()); err != nil || len(users) != 0 {
			a.Errorf("before the link is used there are %d Users, %v", len(users), err)
		}
		own := a.inside(in)
		if own.Viewer.Kind != db.EmployeeViewer || own.Viewer.EmployeeID == "" {
			a.Errorf("the Employee is %+v", own.Viewer)
		}
		if _, err := a.store.UseSignIn(a.Context(), path.Base(in.Link), db.Place{}); db.CodeOf(err) != db.Unauthenticated {
			a.Errorf("the link works twice: %v", err)
		}
		again := a.atDoor("defne@example.com")
		a.pass(61 * time.Minute)
		if _, err := a.store.UseSignIn(a.Context(), path.Base(again.Link), db.Place{}); db.CodeOf(err) != db.Unauthenticated {
			a.Errorf("the link works after its hour: %v", err)
		}
	})
}

func TestTheDoorIsShutWhereTheCompanyWantsIt(t *testing.T) {
	withAsker(t, func(a *asker) {
		in := a.atDoor("defne@example.com")
		no := false
		if _, err := a.live.UpdateCompany(a.Context(), db.CompanyChange{EmployeePages: &no}); err != nil {
			a.Fatal(err)
		}
		token, err := a.store.UseSignIn(a.Context(), path.Base(in.Link), db.Place{})
		if err != nil {
			a.Fatal(err)
		}
		session, err := a.store.Session(a.Context(), token)
		if err != nil {
			a.Fatal(err)
		}
		who, err := a.store.SignedIn(a.Context(), session)
		if err != nil {
			a.Fatal(err)
		}
		if _, err := who.Tenant(a.Context(), a.live.Company.ID, db.Live); db.CodeOf(err) != db.NotFoundCode {
			a.Errorf("pages that are shut open: %v", err)
		}
		before := a.store.LastSignIn(a.Context())
		if a.atDoor("defne@example.com"); a.store.LastSignIn(a.Context()) != before {
			a.Error("a link is mailed to shut pages")
		}
	})
}

func TestAMailboxIsNoWayIntoOtherRoles(t *testing.T) {
	withAsker(t, func(a *asker) {
		_, _, err := a.system(a.live).InviteUser(a.Context(), db.UserInvite{
			Email: "defne@example.com", Name: "Defne", Roles: []db.Grant{{Role: db.CustomerAdmin}}, Unmailed: true,
		})
		if err != nil {
			a.Fatal(err)
		}
		if in := a.atDoor("defne@example.com"); in != nil && in.Employee {
			a.Errorf("an administrator gets a link by asking: %+v", in)
		}
	})
}

func TestTheDoorIsNoWayToFillMailboxes(t *testing.T) {
	withAsker(t, func(a *asker) {
		for range 5 {
			if err := a.store.AskDoor(a.Context(), "defne@example.com", db.Place{Address: "192.0.2.8"}); err != nil {
				a.Fatal(err)
			}
		}
		if n := a.rows("sign_in_ask"); n != 3 {
			a.Errorf("%d links are mailed to one address within a quarter of an hour", n)
		}
		var last error
		for n := range 20 {
			last = a.store.AskDoor(a.Context(), string(rune('a'+n))+"@example.com", db.Place{Address: "192.0.2.8"})
		}
		if db.CodeOf(last) != db.TryLater {
			a.Errorf("one client may ask for ever: %v", last)
		}
		if err := a.store.AskDoor(a.Context(), "nothing", db.Place{}); db.CodeOf(err) == "" {
			a.Error("what is no address is taken")
		}
		a.pass(25 * time.Hour)
		if err := a.store.Purge(a.Context()); err != nil {
			a.Fatal(err)
		}
		if n := a.rows("sign_in_ask"); n != 0 {
			a.Errorf("%d asks are kept", n)
		}
	})
}

func TestAnEmployeeMarksTheirOwnChangesAsSeen(t *testing.T) {
	withAsker(t, func(a *asker) {
		own := a.inside(a.atDoor("defne@example.com"))
		for _, name := range []string{"Eins", "Zwei", "Drei"} {
			a.pass(25 * time.Hour)
			a.answer(a.live, a.ask(a.live, "K-1")[0], db.Answer{Data: a.says(`{"familyName": "` + name + `"}`)})
		}
		unseen := func(want bool) []*db.Event {
			c, err := own.Events(a.Context(), db.Page{}, db.EventFilter{Kinds: db.TellingKinds(), Unseen: &want})
			if err != nil {
				a.Fatal(err)
			}
			return c.Nodes
		}
		all := unseen(true)
		if len(all) != 3 {
			a.Fatalf("%d changes are new", len(all))
		}
		for range 2 {
			if d, err := own.MarkSeen(a.Context(), db.Seen{IDs: []string{all[1].ID}}); err != nil || d.Unseen != 2 {
				a.Fatalf("got %+v, %v", d, err)
			}
		}
		if got := unseen(false); len(got) != 1 || got[0].ID != all[1].ID {
			a.Errorf("seen are %d", len(got))
		}
		if d, err := own.MarkSeen(a.Context(), db.Seen{Through: &all[2].ID}); err != nil || d.Unseen != 0 || a.rows("employee_seen") != 0 {
			a.Errorf("got %+v, %v", d, err)
		}
		others, err := a.live.Events(a.Context(), db.Page{}, db.EventFilter{Kinds: []db.EventKind{db.CreateEvent}})
		if err != nil {
			a.Fatal(err)
		}
		frohn := slices.IndexFunc(others.Nodes, func(e *db.Event) bool { return *e.ContactExternalID == "K-2" })
		if _, err := own.MarkSeen(a.Context(), db.Seen{IDs: []string{others.Nodes[frohn].ID}}); db.CodeOf(err) != db.NotFoundCode {
			a.Errorf("another's event is marked: %v", err)
		}
		if _, err := a.live.MarkSeen(a.Context(), db.Seen{}); db.CodeOf(err) != db.Forbidden {
			a.Errorf("a key marks: %v", err)
		}
	})
}

func TestADigestComesOnceInTheMorningWithWhatIsNew(t *testing.T) {
	withAsker(t, func(a *asker) {
		own := a.inside(a.atDoor("defne@example.com"))
		if d, err := own.ChooseMails(a.Context(), db.MailsDaily); err != nil || d.Mails != db.MailsDaily {
			a.Fatalf("got %+v, %v", d, err)
		}
		a.answer(a.live, a.ask(a.live, "K-1")[0], db.Answer{Data: a.says(`{"familyName": "Neu"}`)})
		due := func() []db.SendDigest {
			jobs, err := a.store.DigestsDue(a.Context())
			if err != nil {
				a.Fatal(err)
			}
			return jobs
		}
		if jobs := due(); len(jobs) != 0 {
			a.Fatalf("%d digests are due at noon", len(jobs))
		}
		a.pass(19 * time.Hour) // to seven in Berlin
		jobs := due()
		if len(jobs) != 1 {
			a.Fatalf("%d digests are due in the morning", len(jobs))
		}
		system := a.system(a.live)
		d, err := system.Digest(a.Context(), jobs[0])
		if err != nil || len(d.Updates) != 1 || d.Updates[0].Contact.Profile.FamilyName != "Neu" || d.Link == "" {
			a.Fatalf("got %+v, %v", d, err)
		}
		for range 2 {
			kept := &db.OutboxMessage{To: "defne@example.com", Subject: "Neu", Text: "Neu", HTML: "Neu"}
			if err := system.RecordDigest(a.Context(), d, kept); err != nil {
				a.Fatal(err)
			}
		}
		if jobs := due(); len(jobs) != 0 || a.rows("outbox") != 1 {
			a.Errorf("%d digests are due after it was sent, %d are in the outbox", len(jobs), a.rows("outbox"))
		}
		op, err := a.live.DeleteContacts(a.Context(), db.ContactsDelete{ExternalIDs: []string{"K-2"}})
		if err != nil {
			a.Fatal(err)
		}
		if work(a.T, a.store, a.live, op); a.rows("outbox") != 0 {
			a.Error("a digest outlives those whom it may quote")
		}
		a.pass(24 * time.Hour)
		if d, err := system.Digest(a.Context(), due()[0]); err != nil || len(d.Updates) != 0 {
			a.Errorf("the next tells of %+v, %v", d, err)
		}
	})
}

func TestAnEmployeeAsksOnlyTheirOwnAndOnlyWhereTheyMay(t *testing.T) {
	withAsker(t, func(a *asker) {
		in := a.atDoor("defne@example.com")
		yes := true
		create := func(as *db.Tenant, note string, ids ...string) (*db.RequestsCreated, error) {
			return as.CreateRequests(a.Context(), db.RequestsCreate{ContactExternalIDs: ids, Note: &note})
		}
		imprint, sender := ptr("Nordlicht AG"), ptr("kontakt@nordlicht.example.com")
		if _, err := a.live.UpdateCompany(a.Context(), db.CompanyChange{EmployeeRequests: &yes, Imprint: &imprint, SenderAddress: &sender}); err != nil {
			a.Fatal(err)
		}
		own := a.inside(in)
		for _, note := range []string{"siehe www.example.com", "https://example.com", string(make([]byte, 10))} {
			if _, err := create(own, note, "K-1"); db.CodeOf(err) != db.Invalid {
				a.Errorf("the note %q is %v", note, err)
			}
		}
		made, err := create(own, "Wir haben gestern telefoniert.", "K-1")
		if err != nil || len(made.Requests) != 1 || *made.Requests[0].Note != "Wir haben gestern telefoniert." {
			a.Fatalf("got %+v, %v", made, err)
		}
		if _, err := create(own, "", "K-1"); db.CodeOf(err) != db.ConflictCode {
			a.Errorf("asked again at once: %v", err)
		}
		if made, err := create(own, "", "K-2"); err != nil || len(made.Requests) != 0 || made.Items[0].Errors[0].Code != db.NotFoundCode {
			a.Errorf("another's Contact: %+v, %v", made, err)
		}
		no := false
		if _, err := a.live.UpdateCompany(a.Context(), db.CompanyChange{EmployeeRequests: &no}); err != nil {
			a.Fatal(err)
		}
		own, err = own.Renew(a.Context())
		if err != nil {
			a.Fatal(err)
		}
		if _, err := create(own, "", "K-1"); db.CodeOf(err) != db.Forbidden {
			a.Errorf("asked where none may: %v", err)
		}
	})
}
