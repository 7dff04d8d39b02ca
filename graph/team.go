package graph

import (
	"context"
	"time"

	"complero/db"
	"complero/graph/model"
)

func (queryResolver) Users(ctx context.Context) ([]*db.User, error) {
	users, err := tenant(ctx).Users(ctx)
	rowsOf(ctx).users.add(users)
	return orNone(users), err
}

func (queryResolver) Roles(context.Context) ([]*model.RoleRights, error) {
	var all []*model.RoleRights
	for _, role := range db.Roles() {
		all = append(all, &model.RoleRights{Role: role, Rights: words(role.Rights()), Everywhere: role.Everywhere()})
	}
	return all, nil
}

func (queryResolver) AuditLog(ctx context.Context, first *int, after *string, last *int, before *string, filter *db.AuditFilter) (*db.AuditConnection, error) {
	c, err := tenant(ctx).Audit(ctx, page(first, after, last, before), orZero(filter))
	return noted(c, err, &rowsOf(ctx).audit)
}

func (auditEntryResolver) ViewerName(ctx context.Context, e *db.AuditEntry) (*string, error) {
	return rowsOf(ctx).auditName(ctx, e, e.ViewerID)
}

func (auditEntryResolver) TargetNames(ctx context.Context, e *db.AuditEntry) ([]*string, error) {
	names := make([]*string, len(e.Targets))
	for i, id := range e.Targets {
		var err error
		if names[i], err = rowsOf(ctx).auditName(ctx, e, id); err != nil {
			return nil, err
		}
	}
	return names, nil
}

// auditName is what an id in an entry is called; those of the whole page are read at once.
func (r *rows) auditName(ctx context.Context, e *db.AuditEntry, id string) (*string, error) {
	name, err := r.auditNames.get(ctx, id, func() (all []string) {
		for _, beside := range r.audit.of(e) {
			all = append(append(all, beside.ViewerID), beside.Targets...)
		}
		return all
	})
	if name == "" {
		return nil, err
	}
	return &name, err
}

func (auditEntryResolver) Test(_ context.Context, e *db.AuditEntry) (bool, error) {
	return e.Mode == db.Test, nil
}

func (userResolver) Roles(ctx context.Context, u *db.User) ([]*db.Grant, error) {
	roles := []*db.Grant{}
	for _, g := range tenant(ctx).RolesSeen(u) {
		roles = append(roles, &g)
	}
	return roles, nil
}

func (userResolver) SeenAt(ctx context.Context, u *db.User) (*time.Time, error) {
	trace, err := rowsOf(ctx).userTrace(ctx, u)
	if trace == nil {
		return nil, err
	}
	return trace.SeenAt, err
}

func (userResolver) Passkeys(ctx context.Context, u *db.User) (int, error) {
	trace, err := rowsOf(ctx).userTrace(ctx, u)
	if trace == nil {
		return 0, err
	}
	return trace.Passkeys, err
}

func (r *rows) userTrace(ctx context.Context, u *db.User) (*db.UserTrace, error) {
	return r.traceOf.get(ctx, u.ID, func() []string {
		return keysOf(r.users.of(u), func(u *db.User) string { return u.ID })
	})
}

func (viewerResolver) User(ctx context.Context, t *db.Tenant) (*db.User, error) {
	return t.OwnUser(ctx)
}

func (mutationResolver) UserInvite(ctx context.Context, in model.UserInviteInput) (*model.UserLinkPayload, error) {
	t := tenant(ctx)
	u, link, err := t.InviteUser(ctx, db.UserInvite{Email: in.Email, Name: in.Name, Locale: orZero(in.Locale), Roles: grants(t, in.Roles)})
	return userLink(t, u, link, err)
}

func (mutationResolver) UserSignInLink(ctx context.Context, in model.UserSignInLinkInput) (*model.UserLinkPayload, error) {
	t := tenant(ctx)
	u, link, err := t.SignInLink(ctx, in.ID)
	return userLink(t, u, link, err)
}

func userLink(t *db.Tenant, u *db.User, link *db.SignIn, err error) (*model.UserLinkPayload, error) {
	errs, err := userErrors(err)
	payload := &model.UserLinkPayload{User: u, UserErrors: errs}
	if link != nil {
		url := t.SignInURL(link)
		payload.SignInLink, payload.ExpiresAt = &url, &link.ExpiresAt
	}
	return payload, err
}

func (mutationResolver) UserUpdate(ctx context.Context, in model.UserUpdateInput) (*model.UserPayload, error) {
	t := tenant(ctx)
	change := db.UserChange{ID: in.ID, Name: in.Name}
	if in.Roles != nil {
		change.Roles = grants(t, in.Roles)
	}
	u, err := t.UpdateUser(ctx, change)
	errs, err := userErrors(err)
	return &model.UserPayload{User: u, UserErrors: errs}, err
}

func (mutationResolver) UserRemove(ctx context.Context, in model.UserRemoveInput) (*model.UserPayload, error) {
	u, err := tenant(ctx).RemoveUser(ctx, in.ID)
	errs, err := userErrors(err)
	return &model.UserPayload{User: u, UserErrors: errs}, err
}

// grants are roles to give; where no Company is named, in the Tenant's own.
func grants(t *db.Tenant, in []*model.RoleGrantInput) []db.Grant {
	roles := []db.Grant{}
	for _, r := range in {
		g := db.Grant{Role: r.Role, CompanyID: orZero(r.CompanyID), Source: orZero(r.Source), EmployeeID: orZero(r.EmployeeID)}
		if g.CompanyID == "" && !g.Role.Everywhere() {
			g.CompanyID = t.Company.ID
		}
		roles = append(roles, g)
	}
	return roles
}
