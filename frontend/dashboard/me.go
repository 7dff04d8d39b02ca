package dashboard

import (
	"net/http"
	"strconv"
	"strings"

	"complero/db"
	"complero/frontend/dashboard/query"
)

// meRoutes are the Employees' own pages.
func (a *App) meRoutes() map[string]deskHandler {
	return map[string]deskHandler{
		"GET /me/{company}/{$}":                    a.showMyChanges,
		"POST /me/{company}/seen":                  a.markSeen,
		"GET /me/{company}/contacts":               a.showMyContacts,
		"GET /me/{company}/contacts/{id}":          a.showMyContact,
		"GET /me/{company}/contacts/{id}/card.vcf": a.sendCard,
		"GET /me/{company}/contacts/{id}/ask":      a.showMyAsk,
		"POST /me/{company}/contacts/{id}/ask":     a.askNow,
		"GET /me/{company}/contacts/{id}/message":  a.showMyMessage,
		"GET /me/{company}/settings":               a.showMySettings,
		"POST /me/{company}/settings":              a.saveMySettings,
	}
}

// meAt is at for the pages of an Employee: there are none for anybody else.
func (a *App) meAt(h deskHandler) handler {
	return a.signedIn(func(w http.ResponseWriter, r *http.Request, v *visit) error {
		t, err := companyOf(r, v.who)
		if err != nil {
			return err
		}
		if t.Viewer.EmployeeID == "" {
			return v.missing()
		}
		d := a.desk(r, v, t)
		d.root = meRoot(t.Company, t.Mode)
		return h(w, r, d)
	})
}

func meRoot(c *db.Company, mode db.Mode) string {
	return "/me/" + strings.TrimPrefix(deskRoot(c, mode), "/app/")
}

// homeIn is where a User works in a Company: as an Employee on their own pages.
func homeIn(u *db.User, c *db.Company) string {
	for _, g := range u.Roles {
		if g.Role == db.EmployeeRole && g.CompanyID == c.ID {
			return meRoot(c, db.Live) + "/"
		}
	}
	return deskRoot(c, db.Live) + "/"
}

// showMe leads an Employee to their Company, or lets them choose.
func (a *App) showMe(w http.ResponseWriter, r *http.Request, v *visit) error {
	companies, err := v.who.Companies(r.Context())
	if err != nil {
		return err
	}
	p := &choicePage{frame: v.frame(v.voice.Say("choice.title"))}
	for _, c := range companies {
		if home := homeIn(v.who.User, c); strings.HasPrefix(home, "/me/") {
			p.Companies = append(p.Companies, choice{c.Name, home})
		}
	}
	if len(p.Companies) == 1 {
		http.Redirect(w, r, p.Companies[0].URL, http.StatusSeeOther)
		return nil
	}
	return send(w, r, http.StatusOK, choiceView(p))
}

// A choicePage lets an Employee choose among their Companies.
type choicePage struct {
	frame
	Companies []choice
}

type choice struct{ Name, URL string }

// A meFrame is what stands around an Employee's pages.
type meFrame struct {
	frame
	Company, Root, Here string
	Test                bool
	// Unseen is how many changes they have not seen, as it is shown; "" for none.
	Unseen string
	Done   string
}

func (d *desk) meFrame(here, title string, me *query.MeDesk) (meFrame, error) {
	f := meFrame{
		frame: d.visit.frame(title), Company: d.tenant.Company.Name, Root: d.root, Here: here,
		Test: d.tenant.Mode == db.Test, Done: d.done,
	}
	if me == nil || me.Desk == nil {
		return f, d.missing() // the Employee is no longer on file
	}
	f.Name = me.Desk.Employee.DisplayName
	switch n := me.Desk.Unseen; {
	case n >= db.MostUnseen:
		f.Unseen = strconv.Itoa(db.MostUnseen-1) + "+"
	case n > 0:
		f.Unseen = strconv.Itoa(n)
	}
	return f, nil
}
