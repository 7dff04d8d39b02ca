package db_test

import (
	"context"
	"path"
	"slices"
	"sync"
	"testing"
	"time"

	"complero/db"
	"complero/db/dbtest"
)

// A team is a Company with an administrator of its Customer.
type team struct {
	*testing.T
	store *db.Store
	live  *db.Tenant // as the Customer's administrator
	admin *db.User
	other *db.Company // of the same Customer
}

func withTeam(t *testing.T, run func(m *team)) {
	t.Helper()
	each(t, func(t *testing.T, store *db.Store) {
		m := &team{T: t, store: store}
		live, _ := account(t, store, "Nordlicht")
		other, _ := account(t, store, "Südlicht")
		m.live, m.other = live, other.Company
		system, err := store.WorkOn(t.Context(), live.Company.ID, db.Live)
		if err != nil {
			t.Fatal(err)
		}
		admin, link, err := system.InviteUser(t.Context(), db.UserInvite{Email: "Ada@Example.com", Name: "Ada", Roles: []db.Grant{{Role: db.CustomerAdmin}}})
		if err != nil {
			t.Fatal(err)
		}
		m.admin = admin
		m.live = m.tenant(m.signIn(link), live.Company.ID)
		run(m)
	})
}

// signIn uses a sign-in link and returns who is signed in by it.
func (m *team) signIn(link *db.SignIn) *db.SignedIn {
	m.Helper()
	session, err := m.store.UseSignIn(m.Context(), m.token(link), db.Place{Address: "192.0.2.1", Agent: "Test"})
	if err != nil {
		m.Fatal(err)
	}
	return m.in(session)
}

// token is what a sign-in link ends in.
func (m *team) token(link *db.SignIn) string {
	return path.Base(m.live.SignInURL(link))
}

// in is who is signed in in a session; nil for nobody.
func (m *team) in(session string) *db.SignedIn {
	m.Helper()
	v, err := m.store.Session(m.Context(), session)
	if err != nil {
		m.Fatal(err)
	}
	who, err := m.store.SignedIn(m.Context(), v)
	if err != nil {
		m.Fatal(err)
	}
	return who
}

func (m *team) tenant(who *db.SignedIn, company string) *db.Tenant {
	m.Helper()
	t, err := who.Tenant(m.Context(), company, db.Live)
	if err != nil {
		m.Fatal(err)
	}
	return t
}

// invite makes a User with a role in the Company and signs them in.
func (m *team) invite(email string, roles ...db.Grant) (*db.User, *db.SignedIn) {
	m.Helper()
	u, link, err := m.live.InviteUser(m.Context(), db.UserInvite{Email: email, Name: email, Roles: roles})
	if err != nil {
		m.Fatal(err)
	}
	return u, m.signIn(link)
}

func (m *team) here(role db.Role) db.Grant {
	return db.Grant{Role: role, CompanyID: m.live.Company.ID}
}

func TestASignInLinkWorksOnceAlsoForTwoAtOnce(t *testing.T) {
	withTeam(t, func(m *team) {
		_, link, err := m.live.SignInLink(m.Context(), m.admin.ID)
		if err != nil {
			m.Fatal(err)
		}
		token := m.token(link)
		if u, err := m.store.SignInUser(m.Context(), token); err != nil || u == nil || u.ID != m.admin.ID {
			m.Fatalf("the link is %v's, %v", u, err)
		}
		var wg sync.WaitGroup
		var mu sync.Mutex
		var sessions []string
		for range 8 {
			wg.Go(func() {
				s, err := m.store.UseSignIn(context.Background(), token, db.Place{})
				if err != nil && db.CodeOf(err) != db.Unauthenticated {
					m.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					sessions = append(sessions, s)
				}
			})
		}
		wg.Wait()
		if len(sessions) != 1 {
			m.Fatalf("%d signed in by one link", len(sessions))
		}
		if u, err := m.store.SignInUser(m.Context(), token); err != nil || u != nil {
			m.Errorf("a used link is %v's, %v", u, err)
		}
	})
}

func TestOnlyTheLatestSignInLinkWorksAndNotForEver(t *testing.T) {
	withTeam(t, func(m *team) {
		_, first, err := m.live.SignInLink(m.Context(), m.admin.ID)
		if err != nil {
			m.Fatal(err)
		}
		_, second, err := m.live.SignInLink(m.Context(), m.admin.ID)
		if err != nil {
			m.Fatal(err)
		}
		for _, token := range []string{m.token(first), "", "x", m.token(second)[1:]} {
			if _, err := m.store.UseSignIn(m.Context(), token, db.Place{}); db.CodeOf(err) != db.Unauthenticated {
				m.Errorf("%q signs in: %v", token, err)
			}
		}
		m.signIn(second)
	})
}

func TestASessionEndsByIdlenessAndInAll(t *testing.T) {
	clock := time.Date(2026, 5, 4, 10, 0, 0, 0, time.UTC)
	now := clock
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		now = clock
		live, _ := account(t, store, "Nordlicht")
		system, err := store.WorkOn(t.Context(), live.Company.ID, db.Live)
		if err != nil {
			t.Fatal(err)
		}
		_, link, err := system.InviteUser(t.Context(), db.UserInvite{Email: "ada@example.com", Name: "Ada", Roles: []db.Grant{{Role: db.CustomerAdmin}}})
		if err != nil {
			t.Fatal(err)
		}
		session, err := store.UseSignIn(t.Context(), path.Base(live.SignInURL(link)), db.Place{})
		if err != nil {
			t.Fatal(err)
		}
		open := func() bool {
			v, err := store.Session(t.Context(), session)
			if err != nil {
				t.Fatal(err)
			}
			return v != nil
		}
		for range 15 { // 7 days but 2 hours, never idle for 12 hours
			now = now.Add(11 * time.Hour)
			if !open() {
				t.Fatalf("the session has ended after %v", now.Sub(clock))
			}
		}
		if now = now.Add(4 * time.Hour); open() {
			t.Error("the session lasts longer than 7 days")
		}
		now = clock
		if _, link, err = system.InviteUser(t.Context(), db.UserInvite{Email: "ada@example.com", Name: "Ada", Roles: []db.Grant{{Role: db.CustomerAdmin}}}); err != nil {
			t.Fatal(err)
		}
		if session, err = store.UseSignIn(t.Context(), path.Base(live.SignInURL(link)), db.Place{}); err != nil {
			t.Fatal(err)
		}
		if now = now.Add(12 * time.Hour); open() {
			t.Error("the session outlives 12 idle hours")
		}
	}, func(c *db.Config) { c.OneConnection = true; c.Clock = func() time.Time { return now } })
}

func TestAPasskeySignsInWithANewSession(t *testing.T) {
	withTeam(t, func(m *team) {
		_, who := m.invite("bo@example.com", m.here(db.Editor))
		k, err := who.AddPasskey(m.Context(), "Telefon", []byte{1, 2, 3}, []byte(`{"signCount":0}`))
		if err != nil {
			m.Fatal(err)
		}
		if err := who.RemovePasskey(m.Context(), k.ID); db.CodeOf(err) != db.ConflictCode {
			m.Errorf("the last passkey is removed: %v", err)
		}
		asked, err := m.store.BeginSession(m.Context(), []byte("challenge"), db.Place{})
		if err != nil {
			m.Fatal(err)
		}
		if m.in(asked) != nil {
			m.Fatal("who only asks is signed in")
		}
		before, err := m.store.Session(m.Context(), asked)
		if err != nil {
			m.Fatal(err)
		}
		session, err := m.store.UsePasskey(m.Context(), k, []byte(`{"signCount":1}`), before, db.Place{})
		if err != nil {
			m.Fatal(err)
		}
		if now := m.in(session); now == nil || now.User.Email != "bo@example.com" || session == asked {
			m.Errorf("signed in is %+v", now)
		}
		if m.in(asked) != nil {
			m.Error("the session before has a part in it")
		}
		if _, err := m.store.UsePasskey(m.Context(), k, []byte(`{}`), before, db.Place{}); db.CodeOf(err) != db.Unauthenticated {
			m.Errorf("one answer signs in twice: %v", err)
		}
		if _, keys, err := m.store.PasskeysOf(m.Context(), who.User.ID); err != nil || len(keys) != 1 || string(keys[0].Data) != `{"signCount":1}` || keys[0].UsedAt == nil {
			m.Errorf("%+v, %v", keys, err)
		}
	})
}

func TestWhoeverLosesARoleIsSignedOut(t *testing.T) {
	withTeam(t, func(m *team) {
		u, who := m.invite("bo@example.com", m.here(db.Editor))
		if open, err := who.Sessions(m.Context()); err != nil || len(open) != 1 {
			m.Fatalf("%v, %v", open, err)
		}
		if _, err := m.live.UpdateUser(m.Context(), db.UserChange{ID: u.ID, Roles: []db.Grant{m.here(db.Support)}}); err != nil {
			m.Fatal(err)
		}
		if open, err := who.Sessions(m.Context()); err != nil || len(open) != 0 {
			m.Errorf("%d sessions go on, %v", len(open), err)
		}
		if _, err := m.live.RemoveUser(m.Context(), u.ID); err != nil {
			m.Fatal(err)
		}
		if _, _, err := m.live.SignInLink(m.Context(), u.ID); db.CodeOf(err) != db.NotFoundCode {
			m.Errorf("somebody removed gets a link: %v", err)
		}
		if left, err := m.live.Users(m.Context()); err != nil || len(left) != 1 {
			m.Errorf("%d are left, %v", len(left), err)
		}
	})
}

func TestNobodyGivesARoleThatTheyCouldNotHave(t *testing.T) {
	withTeam(t, func(m *team) {
		_, who := m.invite("bo@example.com", m.here(db.CompanyAdmin))
		bo := m.tenant(who, m.live.Company.ID)
		for name, roles := range map[string][]db.Grant{
			"everywhere":        {{Role: db.CustomerAdmin}},
			"reading all":       {{Role: db.CustomerReader}},
			"in another":        {{Role: db.Editor, CompanyID: m.other.ID}},
			"in one of nobody":  {{Role: db.Editor, CompanyID: "company_x"}},
			"for no Source":     {{Role: db.AgencyRole, CompanyID: m.live.Company.ID, Source: "north"}},
			"for no Employee":   {{Role: db.EmployeeRole, CompanyID: m.live.Company.ID, EmployeeID: "employee_x"}},
			"agency and editor": {m.here(db.Editor), {Role: db.AgencyRole, CompanyID: m.live.Company.ID, Source: "crm"}},
			"none":              {},
			"unknown":           {m.here("OWNER")},
		} {
			if _, _, err := bo.InviteUser(m.Context(), db.UserInvite{Email: "cy@example.com", Name: "Cy", Roles: roles}); db.CodeOf(err) == "" {
				m.Errorf("%s: %v", name, err)
			}
		}
		// Nor by a link for somebody who can do more.
		if _, _, err := bo.SignInLink(m.Context(), m.admin.ID); db.CodeOf(err) != db.Forbidden {
			m.Errorf("a Company's administrator signs in as the Customer's: %v", err)
		}
		if _, err := bo.RemoveUser(m.Context(), m.admin.ID); db.CodeOf(err) != db.Forbidden {
			m.Errorf("a Company's administrator removes the Customer's: %v", err)
		}
		if _, err := who.Tenant(m.Context(), m.other.ID, db.Live); db.CodeOf(err) != db.NotFoundCode {
			m.Errorf("another Company opens: %v", err)
		}
	})
}

func TestSomebodyIsAlwaysLeftToManageTheTeam(t *testing.T) {
	withTeam(t, func(m *team) {
		_, err := m.live.UpdateUser(m.Context(), db.UserChange{ID: m.admin.ID, Roles: []db.Grant{m.here(db.Editor)}})
		if db.CodeOf(err) != db.ConflictCode {
			m.Fatalf("the last administrator steps down: %v", err)
		}
		m.invite("bo@example.com", m.here(db.CompanyAdmin))
		if _, err := m.live.UpdateUser(m.Context(), db.UserChange{ID: m.admin.ID, Roles: []db.Grant{m.here(db.Editor)}}); err != nil {
			m.Error(err)
		}
	})
}

func TestTheAuditLogTellsWhoDidWhatToWhomFromWhere(t *testing.T) {
	withTeam(t, func(m *team) {
		u, _ := m.invite("bo@example.com", m.here(db.Editor))
		ctx := db.WithCause(m.Context(), db.Cause{Action: "userRemove", Address: "192.0.2.7", RequestID: "abc"})
		if _, err := m.live.RemoveUser(ctx, u.ID); err != nil {
			m.Fatal(err)
		}
		log, err := m.live.Audit(m.Context(), db.Page{}, db.AuditFilter{Target: &u.ID})
		if err != nil || len(log.Nodes) != 2 {
			m.Fatalf("%+v, %v", log, err)
		}
		got := log.Nodes[0]
		if got.Action != "userRemove" || got.Address != "192.0.2.7" || got.RequestID != "abc" || got.ViewerID != m.admin.ID || !slices.Equal(got.Targets, []string{u.ID}) {
			m.Errorf("%+v", got)
		}
	})
}

func TestTheTableOfRights(t *testing.T) {
	for role, want := range map[db.Role][]db.Right{
		db.CustomerAdmin: db.AllScopes(),
		db.CompanyAdmin:  db.AllScopes(),
		db.Support:       {db.CompanyRead, db.ContactsRead, db.EmployeesRead, db.RequestsRead, db.ConsentsRead, db.ReportRead},
	} {
		if got := role.Rights(); !slices.Equal(got, want) {
			t.Errorf("%s: %v", role, got)
		}
	}
	for _, role := range db.Roles() {
		writes := slices.ContainsFunc(role.Rights(), func(r db.Right) bool { return r == db.TeamWrite || r == db.CompanyWrite })
		if writes != (role == db.CustomerAdmin || role == db.CompanyAdmin) {
			t.Errorf("%s administers: %v", role, writes)
		}
	}
}
