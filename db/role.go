package db

import (
	"fmt"
	"slices"
	"strings"
)

// Role is what a User is for, in one Company or in all of a Customer's.
type Role string

// The roles of Users. The first two are for all of a Customer's Companies, the
// others for one.
const (
	CustomerAdmin  Role = "CUSTOMER_ADMIN"
	CustomerReader Role = "CUSTOMER_READER"
	CompanyAdmin   Role = "ADMIN"
	Editor         Role = "EDITOR"
	Support        Role = "SUPPORT"
	DataProtection Role = "DATA_PROTECTION"
	AgencyRole     Role = "AGENCY"
	EmployeeRole   Role = "EMPLOYEE"
)

// roleRule is a row of the table of rights.
type roleRule struct {
	role Role
	// everywhere roles hold in all of the Customer's Companies.
	everywhere bool
	// masked roles see Contacts' addresses and numbers in part.
	masked bool
	// alone roles narrow what is seen in a Company, so none other stands beside them there.
	alone  bool
	rights []Right
}

// roleRules is the one table of what Users may do.
var roleRules = []roleRule{
	{role: CustomerAdmin, everywhere: true, rights: AllScopes()},
	{role: CustomerReader, everywhere: true, rights: []Right{
		CompanyRead, ContactsRead, EmployeesRead, RequestsRead, EventsRead, ConsentsRead, ReportRead, TeamRead,
	}},
	{role: CompanyAdmin, rights: AllScopes()},
	{role: Editor, rights: []Right{
		CompanyRead, ContactsRead, ContactsWrite, EmployeesRead, EmployeesWrite, RequestsRead, RequestsWrite,
		EventsRead, ConsentsRead, ReportRead, SandboxWrite, TextsWrite,
	}},
	{role: Support, masked: true, rights: []Right{
		CompanyRead, ContactsRead, EmployeesRead, RequestsRead, ConsentsRead, ReportRead,
	}},
	{role: DataProtection, rights: []Right{
		CompanyRead, ContactsRead, EmployeesRead, RequestsRead, EventsRead, ConsentsRead, ConsentsWrite, ReportRead, DataExport, AuditRead,
	}},
	{role: AgencyRole, alone: true, rights: []Right{
		CompanyRead, ContactsRead, ContactsWrite, EmployeesRead, EmployeesWrite, RequestsRead, RequestsWrite, EventsRead, ConsentsRead, ReportRead,
	}},
	{role: EmployeeRole, alone: true, rights: []Right{
		CompanyRead, ContactsRead, EmployeesRead, RequestsRead, RequestsWrite, EventsRead, ConsentsRead,
	}},
}

// rule is the role's row; nil for a word that is no role.
func (r Role) rule() *roleRule {
	at := slices.IndexFunc(roleRules, func(rule roleRule) bool { return rule.role == r })
	if at < 0 {
		return nil
	}
	return &roleRules[at]
}

// Roles lists all roles, those with more rights first.
func Roles() []Role {
	all := make([]Role, len(roleRules))
	for i, rule := range roleRules {
		all[i] = rule.role
	}
	return all
}

// Rights are what the role may do where it holds.
func (r Role) Rights() []Right {
	if rule := r.rule(); rule != nil {
		return slices.Clone(rule.rights)
	}
	return nil
}

// Everywhere reports whether the role holds in all of a Customer's Companies.
func (r Role) Everywhere() bool { return r.rule() != nil && r.rule().everywhere }

// A Grant gives a User a role.
type Grant struct {
	Role Role `json:"role"`
	// CompanyID is where it holds; "" for a role that holds everywhere.
	CompanyID string `json:"companyId,omitempty"`
	// Source is whose Contacts an AGENCY sees.
	Source string `json:"source,omitempty"`
	// EmployeeID is who an EMPLOYEE is.
	EmployeeID string `json:"employeeId,omitempty"`
}

// OptionalCompany is the Company in which it holds; nil for all.
func (g Grant) OptionalCompany() *string { return nullable(g.CompanyID) }

// OptionalSource is an AGENCY's Source.
func (g Grant) OptionalSource() *string { return nullable(g.Source) }

// OptionalEmployee is who an EMPLOYEE is.
func (g Grant) OptionalEmployee() *string { return nullable(g.EmployeeID) }

// holdsIn reports whether the grant counts in a Company of its Customer.
func (g Grant) holdsIn(companyID string) bool { return g.Role.Everywhere() || g.CompanyID == companyID }

// checkGrants refuses grants that contradict themselves or one another.
func checkGrants(grants []Grant) error {
	if len(grants) == 0 {
		return fail(Required, "roles", "a User needs a role; there are %s", roleList())
	}
	for i, g := range grants {
		rule := g.Role.rule()
		at := []string{"roles", fmt.Sprint(i)}
		wrong := func(field, message string) error {
			return &Error{Code: Invalid, Path: append(at, field), Message: message}
		}
		switch {
		case rule == nil:
			return wrong("role", fmt.Sprintf("%.40q is no role; there are %s", g.Role, roleList()))
		case rule.everywhere != (g.CompanyID == ""):
			return wrong("companyId", "a CUSTOMER_… role holds in all Companies and names none; any other names the one it holds in")
		case (g.Source != "") != (g.Role == AgencyRole):
			return wrong("source", "an AGENCY names its Source, and no other role does")
		case g.Source == crm:
			return wrong("source", "the central CRM's Source is the whole Company; give the role EDITOR instead, or name an agency's Source")
		case (g.EmployeeID != "") != (g.Role == EmployeeRole):
			return wrong("employeeId", "an EMPLOYEE names the Employee, and no other role does")
		}
		for j, other := range grants {
			if i == j || !other.holdsIn(g.CompanyID) && !g.Role.Everywhere() {
				continue
			}
			if rule.alone {
				return wrong("role", fmt.Sprintf("%s narrows what is seen in a Company, so no other role can stand beside it there", g.Role))
			}
			if j < i && g == other {
				return wrong("role", "this role is named twice")
			}
		}
	}
	return nil
}

func roleList() string {
	words := make([]string, len(roleRules))
	for i, rule := range roleRules {
		words[i] = string(rule.role)
	}
	return strings.Join(words, ", ")
}

// viewerIn is what the grants let a User be in a Company; its rights are empty
// where they give none.
func viewerIn(userID, companyID string, grants []Grant) Viewer {
	v := Viewer{Kind: UserViewer, UserID: userID, Masked: true}
	for _, g := range grants {
		if !g.holdsIn(companyID) {
			continue
		}
		rule := g.Role.rule()
		if rule == nil {
			continue
		}
		v.Masked = v.Masked && rule.masked
		v.Rights = firsts(append(v.Rights, rule.rights...))
		v.Source = g.Source
		if g.Role == EmployeeRole {
			v.Kind, v.EmployeeID = EmployeeViewer, g.EmployeeID
		}
	}
	return v
}
