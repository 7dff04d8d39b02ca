package dashboard

import (
	"net/http"

	"complero/db"
	"complero/frontend/dashboard/query"
)

// A memberPage shows a User, and lets their name and roles be changed.
type memberPage struct {
	deskFrame
	memberRow
	Form   *form
	Inputs []input
	// Stay are roles that whoever looks cannot take away.
	Stay []string
	// Changes tells that whoever looks may change anything of the User, Rules
	// that they may let them in or remove them, too.
	Changes, Rules bool
}

func (a *App) showMember(w http.ResponseWriter, r *http.Request, d *desk) error {
	u, data, err := d.member(r)
	if err != nil {
		return err
	}
	f := filled("name", u.Name)
	for _, g := range u.Roles {
		f.Add("roles", string(g.Role))
		if g.Source != nil {
			f.Set("source", *g.Source)
		}
		if g.EmployeeId == nil {
			continue
		}
		named, err := query.EmployeeNamed(r.Context(), d.api, *g.EmployeeId)
		if err != nil {
			return err
		}
		if named.Employee != nil {
			f.Set("employee", named.Employee.ExternalId)
		}
	}
	return d.memberPage(w, r, f, u, data)
}

func (d *desk) memberPage(w http.ResponseWriter, r *http.Request, f *form, u *query.TeamUser, data *query.TeamResponse) error {
	p := &memberPage{
		deskFrame: d.frame("team", u.Name), memberRow: d.memberRow(u), Form: f, Changes: d.mayManage(db.TeamWrite),
		Stay: d.roleNames(d.staying(u)), Rules: len(d.staying(u)) == 0,
	}
	p.Inputs = append([]input{{Name: "name", Label: d.voice.Say("team.name"), Required: true, Max: 100}}, d.roleInputs(data)...)
	return send(w, r, f.status(), memberView(p))
}

// staying are a User's roles that whoever looks may not take away.
func (d *desk) staying(u *query.TeamUser) (stay []query.UserRole) {
	for _, g := range u.Roles {
		if !d.mayGive(g.Role) {
			stay = append(stay, g)
		}
	}
	return stay
}

func (a *App) changeMember(w http.ResponseWriter, r *http.Request, d *desk) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	u, data, err := d.member(r)
	if err != nil {
		return err
	}
	roles, err := d.grantsOf(r, f, d.staying(u))
	if err != nil {
		return err
	}
	if len(f.Problems) > 0 {
		return d.memberPage(w, r, f, u, data)
	}
	name := f.Get("name")
	answer, err := query.UserUpdate(r.Context(), d.api, u.Id, &name, roles)
	if err != nil {
		return err
	}
	if d.refuse(f, answer.UserUpdate.UserErrors, teamFields); len(f.Problems) > 0 {
		d.sayWhoIsLeft(f)
		return d.memberPage(w, r, f, u, data)
	}
	return done(w, r, d.root+"/team", "user.changed")
}

// sayWhoIsLeft says of a conflict what it is about: only the last administrator causes one.
func (d *desk) sayWhoIsLeft(f *form) {
	for i, p := range f.Problems {
		if p.Text == d.voice.Say("problem.CONFLICT") && p.Field == "roles" {
			f.Problems[i] = problem{"roles", d.voice.Say("team.last"), ""}
		}
	}
}

func (a *App) showNewLink(w http.ResponseWriter, r *http.Request, d *desk) error {
	u, _, err := d.member(r)
	if err != nil {
		return err
	}
	return d.askNewLink(w, r, u, "")
}

func (d *desk) askNewLink(w http.ResponseWriter, r *http.Request, u *query.TeamUser, refused string) error {
	if !d.mayManage(db.TeamWrite) {
		return d.missing()
	}
	here := d.root + "/team/" + u.Id
	return d.confirm(w, r, &confirmation{
		deskFrame: d.frame("team", d.voice.Say("team.link.title", "Name", u.Name)),
		Consequences: []string{
			d.voice.Say("team.link.lead", "Email", u.Email), d.voice.Say("team.link.before"),
			d.voice.Count("team.link.passkeys", u.Passkeys),
		},
		Do: d.voice.Say("team.link.do"), Action: here + "/link", Back: here, Problem: refused,
	})
}

// newLink gives a User a way in beside their passkeys, as when they lost them.
func (a *App) newLink(w http.ResponseWriter, r *http.Request, d *desk) error {
	u, _, err := d.member(r)
	if err != nil {
		return err
	}
	answer, err := query.UserSignInLink(r.Context(), d.api, u.Id)
	if err != nil {
		return err
	}
	if wrong := answer.UserSignInLink.UserErrors; len(wrong) > 0 {
		return d.askNewLink(w, r, u, d.voice.Say("problem."+string(wrong[0].Code)))
	}
	return d.linkPage(w, r, answer.UserSignInLink)
}

func (a *App) showRemoveMember(w http.ResponseWriter, r *http.Request, d *desk) error {
	u, _, err := d.member(r)
	if err != nil {
		return err
	}
	return d.askRemoveMember(w, r, u, "")
}

func (d *desk) askRemoveMember(w http.ResponseWriter, r *http.Request, u *query.TeamUser, refused string) error {
	if !d.mayManage(db.TeamWrite) {
		return d.missing()
	}
	here := d.root + "/team/" + u.Id
	return d.confirm(w, r, &confirmation{
		deskFrame: d.frame("team", d.voice.Say("team.remove.title", "Name", u.Name)),
		Consequences: []string{
			d.voice.Say("team.remove.lead", "Company", d.tenant.Company.Name),
			d.voice.Count("team.remove.passkeys", u.Passkeys), d.voice.Say("team.remove.log"),
		},
		Do: d.voice.Say("team.remove.do"), Action: here + "/remove", Back: here, Problem: refused,
	})
}

func (a *App) removeMember(w http.ResponseWriter, r *http.Request, d *desk) error {
	u, _, err := d.member(r)
	if err != nil {
		return err
	}
	answer, err := query.UserRemove(r.Context(), d.api, u.Id)
	if err != nil {
		return err
	}
	if wrong := answer.UserRemove.UserErrors; len(wrong) > 0 {
		why := d.voice.Say("problem." + string(wrong[0].Code))
		if wrong[0].Code == query.ErrorCodeConflict {
			why = d.voice.Say("team.last")
		}
		if u.Id == d.who.User.ID {
			why = d.voice.Say("team.self")
		}
		return d.askRemoveMember(w, r, u, why)
	}
	return done(w, r, d.root+"/team", "user.removed")
}
