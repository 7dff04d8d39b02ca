package graph

import (
	"context"

	"complero/db"
	"complero/graph/model"
)

func (queryResolver) Users(ctx context.Context) ([]*db.User, error) {
	users, err := tenant(ctx).Users(ctx)
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
	return tenant(ctx).Audit(ctx, page(first, after, last, before), orZero(filter))
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
