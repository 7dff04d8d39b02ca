package db

import (
	"context"
	"fmt"
	"slices"
)

// UserChange says what to change of a User. What is nil stays.
type UserChange struct {
	ID    string
	Name  *string
	Roles []Grant
}

// UpdateUser changes a User's name or roles. Roles in other Companies stay as
// they are unless the change names some there. When roles change, the User's
// sessions end, so that no page goes on with what was taken away.
func (t *Tenant) UpdateUser(ctx context.Context, change UserChange) (*User, error) {
	if err := t.mayManageTeam(); err != nil {
		return nil, err
	}
	if change.Roles != nil {
		if err := checkGrants(change.Roles); err != nil {
			return nil, err
		}
	}
	var u *User
	err := t.write(ctx, TeamWrite, func(x *tx) error {
		var err error
		if u, err = x.lockUser(ctx, "id", change.ID); err != nil {
			return err
		}
		if err := x.knowsUser(ctx, u); err != nil {
			return err
		}
		x.touch(u.ID)
		if change.Name != nil {
			if u.Name, err = line("name", 100)(*change.Name); err != nil {
				return err
			}
			if _, err := x.exec(ctx, "UPDATE app_user SET name = $2 WHERE id = $1", u.ID, u.Name); err != nil {
				return fmt.Errorf("rename a User: %w", err)
			}
		}
		if change.Roles == nil {
			return nil
		}
		return x.changeRoles(ctx, u, withElsewhere(t.Company.ID, u.Roles, change.Roles))
	})
	return u, err
}

// withElsewhere are roles that are to be, with those that a User has in other
// Companies than the one that they were seen in, unless others are named there.
func withElsewhere(companyID string, before, named []Grant) []Grant {
	roles := slices.Clone(named)
	for _, g := range before {
		if !g.holdsIn(companyID) && !slices.ContainsFunc(named, func(n Grant) bool { return n.CompanyID == g.CompanyID }) {
			roles = append(roles, g)
		}
	}
	return roles
}

// RemoveUser takes a User's roles in the Tenant's Company away, and the User
// itself where none is left. Their sessions end at once. Removing twice is NOT_FOUND.
func (t *Tenant) RemoveUser(ctx context.Context, id string) (*User, error) {
	if err := t.mayManageTeam(); err != nil {
		return nil, err
	}
	if id == t.Viewer.UserID {
		return nil, Conflict("id", "nobody removes themselves; ask another administrator")
	}
	var u *User
	err := t.write(ctx, TeamWrite, func(x *tx) error {
		var err error
		if u, err = x.lockUser(ctx, "id", id); err != nil {
			return err
		}
		if err := x.knowsUser(ctx, u); err != nil {
			return err
		}
		x.touch(u.ID)
		kept := slices.DeleteFunc(slices.Clone(u.Roles), func(g Grant) bool { return g.holdsIn(t.Company.ID) })
		if err := x.changeRoles(ctx, u, kept); err != nil || len(kept) > 0 {
			return err
		}
		return x.forgetUser(ctx, u)
	})
	return u, err
}

// knowsUser fails with NOT_FOUND for a User who works in other Companies only,
// unless the Viewer administers them all.
func (x *tx) knowsUser(ctx context.Context, u *User) error {
	if u.in(x.tenant.Company.ID) {
		return nil
	}
	everywhere, err := x.isCustomerAdmin(ctx)
	if err == nil && !everywhere {
		err = NotFound("id", "there is no User %.100q", u.ID)
	}
	return err
}

// changeRoles gives a User other roles, ends their sessions, and sees that
// somebody is left who can manage the team.
func (x *tx) changeRoles(ctx context.Context, u *User, roles []Grant) error {
	if len(differing(u.Roles, roles)) == 0 {
		return nil
	}
	if err := x.giveRoles(ctx, u, roles); err != nil {
		return err
	}
	if err := x.endUserSessions(ctx, u.ID); err != nil {
		return err
	}
	all, err := x.tenant.users(ctx, x.Tx)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(all, func(u *User) bool {
		return slices.Contains(viewerIn(u.ID, x.tenant.Company.ID, u.Roles).Rights, TeamWrite)
	}) {
		return Conflict("roles", "nobody would be left who can manage the team; make somebody else an administrator first")
	}
	return nil
}

// forgetUser marks a User without roles as removed and takes away how they signed in.
func (x *tx) forgetUser(ctx context.Context, u *User) error {
	for _, statement := range []string{
		"DELETE FROM passkey WHERE user_id = $1",
		"DELETE FROM sign_in WHERE user_id = $1",
	} {
		if _, err := x.exec(ctx, statement, u.ID); err != nil {
			return fmt.Errorf("take a User's keys: %w", err)
		}
	}
	u.RemovedAt = &x.now
	if _, err := x.exec(ctx, "UPDATE app_user SET removed_at = $2 WHERE id = $1", u.ID, x.now); err != nil {
		return fmt.Errorf("remove a User: %w", err)
	}
	return nil
}
