package dashboard

import (
	"net/http"
	"slices"

	"complero/db"
	"complero/frontend/dashboard/query"
)

func (a *App) teamRoutes() map[string]deskHandler {
	return map[string]deskHandler{
		"GET /app/{company}/team":              a.showTeam,
		"GET /app/{company}/team/invite":       a.showInvite,
		"POST /app/{company}/team/invite":      a.invite,
		"GET /app/{company}/team/{id}":         a.showMember,
		"POST /app/{company}/team/{id}":        a.changeMember,
		"GET /app/{company}/team/{id}/link":    a.showNewLink,
		"POST /app/{company}/team/{id}/link":   a.newLink,
		"GET /app/{company}/team/{id}/remove":  a.showRemoveMember,
		"POST /app/{company}/team/{id}/remove": a.removeMember,
	}
}

// A teamPage lists who may sign in.
type teamPage struct {
	deskFrame
	Members []memberRow
	Rights  rightsTable
	// Changes tells that whoever looks may change the team.
	Changes bool
}

// A memberRow is a User in the list.
type memberRow struct {
	URL, Name, Email string
	Roles            []string
	Seen, Passkeys   string
	// New has never signed in; Self is whoever looks.
	New, Self bool
}

// mayManage reports whether whoever looks may change what live and test mode share.
func (d *desk) mayManage(right db.Right) bool { return d.may(right) && d.tenant.Mode == db.Live }

func (a *App) showTeam(w http.ResponseWriter, r *http.Request, d *desk) error {
	data, err := query.Team(r.Context(), d.api)
	if err != nil {
		return err
	}
	p := &teamPage{
		deskFrame: d.frame("team", d.voice.Say("team.title")), Rights: d.rightsTable(data.Roles), Changes: d.mayManage(db.TeamWrite),
	}
	for i := range data.Users {
		p.Members = append(p.Members, d.memberRow(&data.Users[i]))
	}
	return send(w, r, http.StatusOK, teamView(p))
}

func (d *desk) memberRow(u *query.TeamUser) memberRow {
	row := memberRow{
		URL: d.root + "/team/" + u.Id, Name: u.Name, Email: u.Email, New: u.SignedInAt == nil, Self: u.Id == d.who.User.ID,
		Passkeys: d.number(u.Passkeys), Roles: d.roleNames(u.Roles), Seen: d.lastSeen(u),
	}
	return row
}

func (d *desk) roleNames(roles []query.UserRole) (names []string) {
	for _, g := range roles {
		name := d.voice.Say("role." + string(g.Role))
		if g.Source != nil {
			name += " (" + *g.Source + ")"
		}
		names = append(names, name)
	}
	return names
}

// lastSeen is when a User was last here; "" for never.
func (d *desk) lastSeen(u *query.TeamUser) string {
	at := u.SeenAt
	if at == nil || u.SignedInAt != nil && u.SignedInAt.After(*at) {
		at = u.SignedInAt
	}
	if at == nil {
		return ""
	}
	return d.moment(*at)
}

// An invitePage asks who is to work here.
type invitePage struct {
	deskFrame
	Form   *form
	Inputs []input
}

func (a *App) showInvite(w http.ResponseWriter, r *http.Request, d *desk) error {
	data, err := query.Team(r.Context(), d.api)
	if err != nil {
		return err
	}
	return d.invitePage(w, r, filled(), data)
}

func (d *desk) invitePage(w http.ResponseWriter, r *http.Request, f *form, data *query.TeamResponse) error {
	if !d.mayManage(db.TeamWrite) {
		return d.missing()
	}
	p := &invitePage{deskFrame: d.frame("team", d.voice.Say("team.invite.title")), Form: f}
	p.Inputs = append([]input{
		{Name: "name", Label: d.voice.Say("team.name"), Required: true, Max: 100},
		{Name: "email", Label: d.voice.Say("team.email"), Hint: d.voice.Say("team.email.hint"), Type: "email", Required: true, Max: 254},
		{Name: "locale", Label: d.voice.Say("team.locale"), Type: "select", Required: true, Choices: []pick{
			{"", d.voice.Say("team.locale.browser"), ""}, {"de", "Deutsch", ""}, {"en", "English", ""},
		}},
	}, d.roleInputs(data)...)
	return send(w, r, f.status(), inviteView(p))
}

// invite makes a User, and shows their link this once.
func (a *App) invite(w http.ResponseWriter, r *http.Request, d *desk) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	data, err := query.Team(r.Context(), d.api)
	if err != nil {
		return err
	}
	roles, err := d.grantsOf(r, f, nil)
	if err != nil {
		return err
	}
	if len(f.Problems) > 0 {
		return d.invitePage(w, r, f, data)
	}
	answer, err := query.UserInvite(r.Context(), d.api, query.UserInviteInput{
		Email: f.Get("email"), Name: f.Get("name"), Locale: f.optional("locale"), Roles: roles,
	})
	if err != nil {
		return err
	}
	if d.refuse(f, answer.UserInvite.UserErrors, teamFields); len(f.Problems) > 0 {
		return d.invitePage(w, r, f, data)
	}
	return d.linkPage(w, r, answer.UserInvite)
}

// teamFields are the fields of the forms by the API's paths.
var teamFields = map[string]string{"roles": "roles", "email": "email", "name": "name", "locale": "locale", "id": ""}

// A newLinkPage shows a sign-in link, this once.
type newLinkPage struct {
	deskFrame
	Lead, Link, Until string
}

func (d *desk) linkPage(w http.ResponseWriter, r *http.Request, made query.SignInLink) error {
	if made.User == nil || made.SignInLink == nil {
		return d.missing()
	}
	p := &newLinkPage{
		deskFrame: d.frame("team", d.voice.Say("team.link.made.title", "Name", made.User.Name)),
		Lead:      d.voice.Say("team.link.made", "Email", made.User.Email), Link: *made.SignInLink,
	}
	if made.ExpiresAt != nil {
		p.Until = d.voice.Say("team.link.until", "Date", d.moment(*made.ExpiresAt))
	}
	return send(w, r, http.StatusOK, newLinkView(p))
}

// member finds one of the team by the page's address.
func (d *desk) member(r *http.Request) (*query.TeamUser, *query.TeamResponse, error) {
	data, err := query.Team(r.Context(), d.api)
	if err != nil {
		return nil, nil, err
	}
	at := slices.IndexFunc(data.Users, func(u query.TeamUser) bool { return u.Id == r.PathValue("id") })
	if at < 0 {
		return nil, nil, d.missing()
	}
	return &data.Users[at], data, nil
}
