package dashboard

import (
	"net/http"
	"slices"

	"complero/db"
	"complero/frontend/dashboard/query"
)

// administersAll reports whether whoever looks administers all of the Customer's Companies.
func (v *visit) administersAll() bool {
	return slices.ContainsFunc(v.who.User.Roles, func(g db.Grant) bool { return g.Role == db.CustomerAdmin })
}

// mayGive reports whether whoever looks may give a role and take it away:
// nobody gives a right that they lack.
func (d *desk) mayGive(role query.Role) bool {
	r := db.Role(role)
	if r.Everywhere() && !d.administersAll() {
		return false
	}
	return !slices.ContainsFunc(r.Rights(), func(right db.Right) bool { return !d.may(right) })
}

// roleInputs are the fields in which roles are chosen: the roles themselves,
// whose Source an agency is and which Employee somebody is.
func (d *desk) roleInputs(data *query.TeamResponse) []input {
	roles := input{Name: "roles", Label: d.voice.Say("team.roles"), Hint: d.voice.Say("team.roles.hint"), Type: "checkbox", Required: true}
	agencies := slices.ContainsFunc(data.Sources, func(s query.TeamSource) bool { return s.Key != "crm" })
	for _, r := range data.Roles {
		if d.mayGive(r.Role) && (agencies || db.Role(r.Role) != db.AgencyRole) {
			roles.Choices = append(roles.Choices, pick{string(r.Role), d.voice.Say("role." + string(r.Role)), d.voice.Say("role." + string(r.Role) + ".hint")})
		}
	}
	inputs := []input{roles}
	source := input{Name: "source", Label: d.voice.Say("team.source"), Hint: d.voice.Say("team.source.hint"), Type: "select", Choices: []pick{{"", "–", ""}}}
	for _, s := range data.Sources {
		if s.Key != "crm" {
			source.Choices = append(source.Choices, pick{s.Key, s.Name, ""})
		}
	}
	if agencies {
		inputs = append(inputs, source)
	}
	return append(inputs, input{Name: "employee", Label: d.voice.Say("team.employee"), Hint: d.voice.Say("team.employee.hint"), Max: 200})
}

// grantsOf are the roles that a form gives, beside those that stay whatever it
// says. What is wrong with them is noted in the form.
func (d *desk) grantsOf(r *http.Request, f *form, stay []query.UserRole) ([]query.RoleGrantInput, error) {
	roles := []query.RoleGrantInput{}
	for _, s := range stay {
		roles = append(roles, query.RoleGrantInput{Role: s.Role, Source: s.Source, EmployeeId: s.EmployeeId})
	}
	for _, value := range f.Values["roles"] {
		g := query.RoleGrantInput{Role: query.Role(value)}
		if !slices.Contains(db.Roles(), db.Role(value)) {
			f.Problems = append(f.Problems, problem{"roles", d.voice.Say("problem.INVALID"), ""})
			continue
		}
		switch db.Role(value) {
		case db.AgencyRole:
			if g.Source = f.optional("source"); g.Source == nil {
				f.Problems = append(f.Problems, problem{"source", d.voice.Say("team.source.missing"), ""})
			}
		case db.EmployeeRole:
			var err error
			if g.EmployeeId, err = d.employeeNumbered(r, f); err != nil {
				return nil, err
			}
		}
		roles = append(roles, g)
	}
	return roles, nil
}

// employeeNumbered is the Employee whose number a form holds.
func (d *desk) employeeNumbered(r *http.Request, f *form) (*string, error) {
	number := f.optional("employee")
	if number == nil {
		f.Problems = append(f.Problems, problem{"employee", d.voice.Say("team.employee.missing"), ""})
		return nil, nil
	}
	data, err := query.EmployeeNumbered(r.Context(), d.api, *number)
	if err != nil {
		return nil, err
	}
	if data.Employee == nil {
		f.Problems = append(f.Problems, problem{"employee", d.voice.Say("team.employee.unknown"), ""})
		return nil, nil
	}
	return &data.Employee.Id, nil
}

// A rightsTable is what every role may do.
type rightsTable struct {
	Roles []string
	Rows  []rightsRow
}

type rightsRow struct {
	Right string
	Holds []bool // by role
}

func (d *desk) rightsTable(roles []query.RoleRights) rightsTable {
	var t rightsTable
	for _, r := range roles {
		t.Roles = append(t.Roles, d.voice.Say("role."+string(r.Role)))
	}
	for _, right := range db.AllScopes() {
		row := rightsRow{Right: d.rightName(string(right))}
		for _, r := range roles {
			row.Holds = append(row.Holds, slices.Contains(r.Rights, string(right)))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// rightName is what people call a right.
func (d *desk) rightName(right string) string { return d.voice.Say("right." + right) }
