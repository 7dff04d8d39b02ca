package db_test

import (
	"fmt"
	"path"
	"testing"
	"time"

	"complero/db"
)

// colleague signs a User with a role in to the live Company.
func (a *asker) colleague(tenant *db.Tenant, g db.Grant) *db.Tenant {
	a.Helper()
	if !g.Role.Everywhere() {
		g.CompanyID = tenant.Company.ID
	}
	system := a.system(a.live)
	_, link, err := system.InviteUser(a.Context(), db.UserInvite{Email: string(g.Role) + "@example.com", Name: string(g.Role), Roles: []db.Grant{g}})
	a.must(err)
	token, err := a.store.UseSignIn(a.Context(), path.Base(system.SignInURL(link)), db.Place{})
	a.must(err)
	session, err := a.store.Session(a.Context(), token)
	a.must(err)
	who, err := a.store.SignedIn(a.Context(), session)
	a.must(err)
	as, err := who.Tenant(a.Context(), tenant.Company.ID, tenant.Mode)
	a.must(err)
	return as
}

// due has the reports planned whose morning has come, and reads their mails.
func (a *asker) due(tenant *db.Tenant) []*db.ReportMail {
	a.Helper()
	a.must(a.store.PlanReports(a.Context()))
	a.pass(2 * time.Minute) // as for what was lost
	jobs, err := a.store.UnsentReports(a.Context())
	a.must(err)
	var mails []*db.ReportMail
	for _, job := range jobs {
		m, err := a.system(tenant).ReportMail(a.Context(), job)
		a.must(err)
		if m != nil {
			mails = append(mails, m)
		}
	}
	return mails
}

// TestAReportIsMailedOnceOnItsMorning plans one on Monday at noon, and waits.
func TestAReportIsMailedOnceOnItsMorning(t *testing.T) {
	withAsker(t, func(a *asker) {
		admin, reader := a.colleague(a.live, db.Grant{Role: db.CompanyAdmin}), a.colleague(a.live, db.Grant{Role: db.CustomerReader})
		s, err := admin.SaveReportSchedule(a.Context(), db.ReportScheduleSave{
			Every: db.Weekly, Format: db.ReportPDF, Recipients: []string{admin.Viewer.UserID, reader.Viewer.UserID},
		})
		a.must(err)
		if want := time.Date(2026, 5, 11, 5, 0, 0, 0, time.UTC); !s.NextAt.Equal(want) { // seven in Berlin
			t.Errorf("next at %s, want %s", s.NextAt, want)
		}
		if mails := a.due(a.live); len(mails) != 0 {
			t.Errorf("%d mails before their morning", len(mails))
		}
		a.pass(s.NextAt.Sub(a.now()))
		mails := a.due(a.live)
		if len(mails) != 2 || mails[0].Since != "2026-05-04" || mails[0].Until != "2026-05-10" || mails[0].MessageID == mails[1].MessageID {
			t.Fatalf("%d mails: %+v", len(mails), mails)
		}
		if again := a.due(a.live); len(again) != 2 || again[0].MessageID != mails[0].MessageID { // as after a crash
			t.Errorf("%d mails again", len(again))
		}
		for _, m := range mails {
			a.must(a.system(a.live).RecordReportMail(a.Context(), m, nil))
		}
		if again := a.due(a.live); len(again) != 0 {
			t.Errorf("%d mails after they were sent", len(again))
		}
		a.pass(17 * 24 * time.Hour) // two Mondays are slept through
		mails = a.due(a.live)
		if len(mails) != 2 || mails[0].Since != "2026-05-18" {
			t.Fatalf("%d mails after a sleep", len(mails))
		}
		// Whoever loses their role gets nothing, and whoever planned it without the right plans nothing.
		_, err = a.system(a.live).RemoveUser(a.Context(), reader.Viewer.UserID)
		a.must(err)
		if mails = a.due(a.live); len(mails) != 1 || mails[0].User.ID != admin.Viewer.UserID {
			t.Errorf("%d mails after one was removed", len(mails))
		}
		a.colleague(a.live, db.Grant{Role: db.CustomerAdmin})
		_, err = a.system(a.live).UpdateUser(a.Context(), db.UserChange{ID: admin.Viewer.UserID, Roles: []db.Grant{{Role: db.AgencyRole, CompanyID: a.live.Company.ID, Source: a.agency()}}})
		a.must(err)
		if mails = a.due(a.live); len(mails) != 0 {
			t.Errorf("%d mails without the owner's right", len(mails))
		}
	})
}

func (a *asker) agency() string {
	a.Helper()
	_, err := a.live.SaveSource(a.Context(), db.SourceSave{Key: "agency", Name: ptr("Agentur")})
	a.must(err)
	return "agency"
}

func TestASchedulesWordsAreChecked(t *testing.T) {
	withAsker(t, func(a *asker) {
		editor, support := a.colleague(a.live, db.Grant{Role: db.Editor}), a.colleague(a.live, db.Grant{Role: db.Support})
		good := db.ReportScheduleSave{Every: db.Monthly, Format: db.ReportCSV, Recipients: []string{editor.Viewer.UserID}}
		s, err := editor.SaveReportSchedule(a.Context(), good)
		a.must(err)
		if want := time.Date(2026, 6, 1, 5, 0, 0, 0, time.UTC); !s.NextAt.Equal(want) {
			t.Errorf("next at %s, want %s", s.NextAt, want)
		}
		for want, in := range map[string]db.ReportScheduleSave{
			"INVALID [every]":          {Every: "DAILY", Format: db.ReportCSV, Recipients: good.Recipients},
			"INVALID [format]":         {Every: db.Weekly, Format: "DOC", Recipients: good.Recipients},
			"INVALID [recipients]":     {Every: db.Weekly, Format: db.ReportCSV},
			"FORBIDDEN [recipients 0]": {Every: db.Weekly, Format: db.ReportCSV, Recipients: []string{support.Viewer.UserID}},
			"NOT_FOUND [id]":           {ID: ptr("reportschedule_x"), Every: db.Weekly, Format: db.ReportCSV, Recipients: good.Recipients},
		} {
			_, err := editor.SaveReportSchedule(a.Context(), in)
			errs := db.ErrorsOf(err)
			if len(errs) == 0 || fmt.Sprint(errs[0].Code, " ", errs[0].Path) != want {
				t.Errorf("%v, want %s", errs, want)
			}
		}
		if _, err := support.DeleteReportSchedule(a.Context(), s.ID); db.CodeOf(err) != db.Forbidden {
			t.Errorf("another's is deleted: %v", err)
		}
		_, err = editor.DeleteReportSchedule(a.Context(), s.ID)
		a.must(err)
		if left, err := editor.ReportSchedules(a.Context()); err != nil || len(left) != 0 {
			t.Errorf("%v %v", left, err)
		}
	})
}
