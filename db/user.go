package db

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"complero/db/profile"
)

// A User is a person who works in the dashboard, or an Employee who follows
// their own Contacts. Users belong to a Customer and sign in by passkey.
type User struct {
	bun.BaseModel `bun:"table:app_user"`

	ID         string `bun:",pk"`
	CustomerID string
	// Email is normalised; it is where sign-in links go.
	Email string
	Name  string
	// Locale is the language of the pages, de or en; "" means the browser's.
	Locale    string
	Roles     []Grant `bun:"type:json"`
	CreatedAt time.Time
	// SignedInAt is when they last came in; nil for never.
	SignedInAt *time.Time
	RemovedAt  *time.Time
}

// UserInvite says who is to work here.
type UserInvite struct {
	Email, Name string
	Locale      string
	Roles       []Grant
	// Unmailed has no mail sent: whoever invites hands the link over.
	Unmailed bool
}

// Users lists who may sign in to the Tenant's Company, by name. Whoever may
// do so in other Companies only is not shown.
func (t *Tenant) Users(ctx context.Context) ([]*User, error) {
	if err := errors.Join(t.check(TeamRead), t.whole("seeing its team")); err != nil {
		return nil, err
	}
	all, err := t.users(ctx, t.store.read)
	return slices.DeleteFunc(all, func(u *User) bool { return !u.in(t.Company.ID) }), err
}

// in reports whether the User has a role in a Company of their Customer.
func (u *User) in(companyID string) bool {
	return slices.ContainsFunc(u.Roles, func(g Grant) bool { return g.holdsIn(companyID) })
}

// RolesSeen are those of a User's roles that are spoken of in the Tenant's
// Company: those there, and those everywhere.
func (t *Tenant) RolesSeen(u *User) []Grant {
	return slices.DeleteFunc(slices.Clone(u.Roles), func(g Grant) bool { return !g.holdsIn(t.Company.ID) })
}

// OwnUser is the User who is signed in; nil for an API key.
func (t *Tenant) OwnUser(ctx context.Context) (*User, error) {
	if t.Viewer.UserID == "" {
		return nil, nil
	}
	return t.store.user(ctx, t.Viewer.UserID)
}

func (t *Tenant) users(ctx context.Context, q bun.IDB) ([]*User, error) {
	var all []*User
	err := q.NewSelect().Model(&all).Where("customer_id = ?", t.Company.CustomerID).Where("removed_at IS NULL").Order("name", "id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read Users: %w", err)
	}
	return all, nil
}

// InviteUser makes a User, or gives one that exists the roles beside their
// own, and mails a sign-in link. Nobody gives a right that they do not have.
func (t *Tenant) InviteUser(ctx context.Context, in UserInvite) (*User, *SignIn, error) {
	if err := t.mayManageTeam(); err != nil {
		return nil, nil, err
	}
	if err := in.check(); err != nil {
		return nil, nil, err
	}
	var u *User
	var link *SignIn
	err := t.write(ctx, TeamWrite, func(x *tx) error {
		var err error
		if u, err = x.userNamed(ctx, in); err != nil {
			return err
		}
		if err := x.giveRoles(ctx, u, firsts(append(u.Roles, in.Roles...))); err != nil {
			return err
		}
		x.touch(u.ID)
		link, err = x.newSignIn(ctx, u.ID, !in.Unmailed)
		return err
	})
	return u, link, err
}

func (t *Tenant) mayManageTeam() error {
	if err := errors.Join(t.check(TeamWrite), t.whole("changing its team")); err != nil {
		return err
	}
	return t.liveOnly("a Company's team")
}

// check normalises an invitation.
func (in *UserInvite) check() error {
	address, problem := profile.NormalizeEmail(in.Email)
	var errs Errors
	if problem != nil {
		errs = append(errs, problemErrors([]string{"email"}, []profile.Problem{*problem})...)
	}
	name, err := line("name", 100)(in.Name)
	if err != nil {
		errs = append(errs, ErrorsOf(err)...)
	}
	if in.Locale != "" && in.Locale != "de" && in.Locale != "en" {
		errs = append(errs, &Error{Code: Invalid, Path: []string{"locale"}, Message: "the dashboard speaks de and en; leave locale out for the browser's language"})
	}
	if err := checkGrants(in.Roles); err != nil {
		errs = append(errs, ErrorsOf(err)...)
	}
	if in.Email, in.Name = address, name; len(errs) > 0 {
		return errs
	}
	return nil
}

// userNamed reads the Customer's User of an e-mail address, locked, or makes one without roles.
func (x *tx) userNamed(ctx context.Context, in UserInvite) (*User, error) {
	u := &User{
		ID: newID("user"), CustomerID: x.tenant.Company.CustomerID, Email: in.Email, Name: in.Name, Locale: in.Locale,
		Roles: []Grant{}, CreatedAt: x.now,
	}
	_, err := x.exec(ctx, `INSERT INTO app_user (id, customer_id, email, name, locale, roles, created_at) VALUES ($1, $2, $3, $4, $5, '[]', $6)
		ON CONFLICT (customer_id, email) WHERE removed_at IS NULL DO NOTHING`, u.ID, u.CustomerID, u.Email, u.Name, u.Locale, u.CreatedAt)
	if err != nil {
		return nil, fmt.Errorf("make User: %w", err)
	}
	return x.lockUser(ctx, "email", in.Email)
}

// lockUser reads a User of the Tenant's Customer for a change; NOT_FOUND if there is none.
func (x *tx) lockUser(ctx context.Context, column, value string) (*User, error) {
	u := new(User)
	q := x.NewSelect().Model(u).Where("customer_id = ?", x.tenant.Company.CustomerID).
		Where("? = ?", bun.Ident(column), value).Where("removed_at IS NULL")
	if x.engine == onPostgres {
		q = q.For("UPDATE")
	}
	err := q.Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, NotFound("id", "there is no User %.100q", value)
	}
	if err != nil {
		return nil, fmt.Errorf("read User: %w", err)
	}
	return u, nil
}

// giveRoles changes a User's roles to others, as far as the Viewer may.
func (x *tx) giveRoles(ctx context.Context, u *User, roles []Grant) error {
	if err := checkGrants(roles); err != nil && len(roles) > 0 {
		return err
	}
	for _, g := range differing(u.Roles, roles) {
		if err := x.mayGrant(ctx, g); err != nil {
			return err
		}
	}
	u.Roles = roles
	data, err := json.Marshal(roles)
	if err != nil {
		return err
	}
	_, err = x.exec(ctx, "UPDATE app_user SET roles = $2 WHERE id = $1", u.ID, string(data))
	if err != nil {
		return fmt.Errorf("save a User's roles: %w", err)
	}
	return nil
}

// differing are the grants that stand on one side only.
func differing(a, b []Grant) (only []Grant) {
	for _, g := range a {
		if !slices.Contains(b, g) {
			only = append(only, g)
		}
	}
	for _, g := range b {
		if !slices.Contains(a, g) {
			only = append(only, g)
		}
	}
	return only
}

// mayGrant fails unless the Viewer may give or take a role: of the whole
// Customer only as its administrator, else in their own Company, with no right
// that they lack.
func (x *tx) mayGrant(ctx context.Context, g Grant) error {
	t := x.tenant
	if g.Role.Everywhere() || g.CompanyID != t.Company.ID {
		everywhere, err := x.isCustomerAdmin(ctx)
		if err != nil {
			return err
		}
		if !everywhere {
			return fail(Forbidden, "roles", "only a CUSTOMER_ADMIN gives or takes roles beyond the Company %s", t.Company.Name)
		}
	}
	for _, r := range g.Role.Rights() {
		if !t.Viewer.May(r) {
			return fail(Forbidden, "roles", "the role %s holds the right %s, which the caller does not have and so cannot give", g.Role, r)
		}
	}
	return x.checkPlace(ctx, g)
}

// checkPlace fails unless what a grant names is there.
func (x *tx) checkPlace(ctx context.Context, g Grant) error {
	if g.Role.Everywhere() {
		return nil
	}
	var company int64
	err := x.row(ctx, "SELECT id FROM company WHERE customer_id = $1 AND public_id = $2", x.tenant.Company.CustomerID, g.CompanyID).Scan(&company)
	if errors.Is(err, sql.ErrNoRows) {
		return NotFound("roles", "there is no Company %.100q", g.CompanyID)
	}
	if err != nil {
		return fmt.Errorf("find a role's Company: %w", err)
	}
	var query, named, value string
	switch g.Role {
	case AgencyRole:
		query, named, value = "SELECT 1 FROM source WHERE company_id = $1 AND key = $2", "Source", g.Source
	case EmployeeRole:
		query, named, value = "SELECT 1 FROM employee WHERE company_id = $1 AND id = $2 AND mode = 1", "Employee", g.EmployeeID
	default:
		return nil
	}
	var found int
	err = x.row(ctx, query, company, value).Scan(&found)
	if errors.Is(err, sql.ErrNoRows) {
		return NotFound("roles", "there is no %s %.100q", named, value)
	}
	return err
}

// isCustomerAdmin reports whether the Viewer administers the whole Customer: a
// User with that role, or whoever runs the installation.
func (x *tx) isCustomerAdmin(ctx context.Context) (bool, error) {
	v := x.tenant.Viewer
	if v.Kind == SystemViewer {
		return true, nil
	}
	if v.UserID == "" {
		return false, nil
	}
	u, err := x.lockUser(ctx, "id", v.UserID)
	if err != nil {
		return false, err
	}
	return u.administers(), nil
}

// administers reports whether the User administers all of their Customer's Companies.
func (u *User) administers() bool {
	return slices.ContainsFunc(u.Roles, func(g Grant) bool { return g.Role == CustomerAdmin })
}
