package db

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/riverqueue/river"
	"github.com/uptrace/bun"

	"complero/db/profile"
)

const (
	// doorTime is how long the link works that an Employee asked for.
	doorTime = time.Hour
	// mostDoorAsks is how many links one address is sent in askSpan, and
	// mostClientAsks how many one client can ask for in clientSpan.
	mostDoorAsks   = 3
	askSpan        = 15 * time.Minute
	mostClientAsks = 20
	clientSpan     = time.Hour
)

// AskDoor notes that somebody asks for a sign-in link at the Employees' door.
// Whether the address is an Employee's is looked up later, by a job, so neither
// the answer nor its time tells. It fails with INVALID_EMAIL for what is no address,
// and with TRY_LATER for a client that asks too often; an address that was
// written to too often is silently left alone.
func (s *Store) AskDoor(ctx context.Context, email string, at Place) error {
	address, problem := profile.NormalizeEmail(email)
	if problem != nil {
		return problemErrors([]string{"email"}, []profile.Problem{*problem})
	}
	now := s.now()
	byEmail, byClient := tokenHash(s.token("ask-email", address, 0)), tokenHash(s.token("ask-client", at.Address, 0))
	return s.write.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		var clients, emails int
		err := tx.Tx.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM sign_in_ask WHERE client_hash = $1 AND created_at > $2),
			(SELECT count(*) FROM sign_in_ask WHERE email_hash = $3 AND created_at > $4)`,
			s.engine.args([]any{byClient, now.Add(-clientSpan), byEmail, now.Add(-askSpan)})...).Scan(&clients, &emails)
		if err != nil {
			return fmt.Errorf("count asks for a link: %w", err)
		}
		if clients >= mostClientAsks {
			return fail(TryLater, "", "too many links were asked for from here; try again in an hour")
		}
		if emails >= mostDoorAsks {
			return nil
		}
		id := newID("ask")
		_, err = tx.Tx.ExecContext(ctx, "INSERT INTO sign_in_ask (id, email, email_hash, client_hash, created_at) VALUES ($1, $2, $3, $4, $5)",
			s.engine.args([]any{id, address, byEmail, byClient, now})...)
		if err == nil {
			_, err = s.jobs.InsertManyFastTx(ctx, tx.Tx, []river.InsertManyParams{{Args: OpenDoor{AskID: id}}})
		}
		if err != nil {
			return fmt.Errorf("note that a link was asked for: %w", err)
		}
		return nil
	})
}

// A door is a Company that lets an Employee in.
type door struct {
	customer, company, employee, name string
}

// OpenDoor mails sign-in links to the Employees of the address that somebody
// gave: one for each Customer whose Companies let them in.
func (s *Store) OpenDoor(ctx context.Context, job OpenDoor) error {
	var email *string
	err := s.read.DB.QueryRowContext(ctx, "SELECT email FROM sign_in_ask WHERE id = $1", s.engine.args([]any{job.AskID})...).Scan(&email)
	if errors.Is(err, sql.ErrNoRows) || err == nil && email == nil {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read who asks for a link: %w", err)
	}
	doors, err := s.doors(ctx, *email)
	if err != nil {
		return err
	}
	for len(doors) > 0 {
		n := slices.IndexFunc(doors, func(d door) bool { return d.customer != doors[0].customer })
		if n < 0 {
			n = len(doors)
		}
		t, err := s.Work(ctx, TenantRef{CompanyID: doors[0].company, Mode: Live})
		if err == nil {
			err = t.openDoor(ctx, *email, doors[:n])
		}
		if err != nil && CodeOf(err) != NotFoundCode {
			return err
		}
		doors = doors[n:]
	}
	if _, err := s.write.DB.ExecContext(ctx, "UPDATE sign_in_ask SET email = NULL WHERE id = $1", s.engine.args([]any{job.AskID})...); err != nil {
		return fmt.Errorf("forget who asked for a link: %w", err)
	}
	return nil
}

// doors finds the live Employees of an address, Customer by Customer, those
// first whose Company can send mail.
func (s *Store) doors(ctx context.Context, email string) (found []door, _ error) {
	rows, err := s.read.DB.QueryContext(ctx, `SELECT o.customer_id, o.public_id, e.id, e.display_name FROM employee AS e JOIN company AS o ON o.id = e.company_id
		WHERE e.email = $1 AND e.mode = 1 AND o.employee_pages
		ORDER BY o.customer_id, CASE WHEN o.sender_address IS NULL THEN 1 ELSE 0 END, o.id, e.id`, s.engine.args([]any{email})...)
	err = scanRows(rows, err, func(r rowScanner) error {
		var d door
		err := r.Scan(&d.customer, &d.company, &d.employee, &d.name)
		found = append(found, d)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("find Employees by address: %w", err)
	}
	return found, nil
}

// openDoor mails a link of one Customer's. Who has any other role is no
// Employee alone: their passkey lets them in, and a mailbox does not.
func (t *Tenant) openDoor(ctx context.Context, email string, doors []door) error {
	return t.write(ctx, workRight, func(x *tx) error {
		u, err := x.userNamed(ctx, UserInvite{Email: email, Name: doors[0].name})
		if err != nil || !u.onlyEmployee() {
			return err
		}
		var gives []Grant
		for _, d := range doors {
			g := Grant{Role: EmployeeRole, CompanyID: d.company, EmployeeID: d.employee}
			at := slices.IndexFunc(gives, func(other Grant) bool { return other.CompanyID == d.company })
			switch {
			case at < 0:
				gives = append(gives, g)
			case slices.Contains(u.Roles, g): // of two with one address, whom the User is already
				gives[at] = g
			}
		}
		_, err = x.newSignInFor(ctx, u.ID, doorTime, gives, true)
		return err
	})
}

// onlyEmployee reports whether the User has no role beside EMPLOYEE.
func (u *User) onlyEmployee() bool {
	return !slices.ContainsFunc(u.Roles, func(g Grant) bool { return g.Role != EmployeeRole })
}

// giveEmployee gives a User the roles that their link was made with, instead of
// those that they had as an Employee of the same Companies. Whoever has got
// another role meanwhile keeps to it.
func (s *Store) giveEmployee(ctx context.Context, tx bun.Tx, userID, roles string) error {
	var gives []Grant
	if err := json.Unmarshal([]byte(roles), &gives); err != nil {
		return fmt.Errorf("read a sign-in link: %w", err)
	}
	u := new(User)
	q := tx.NewSelect().Model(u).Where("id = ?", userID)
	if s.engine == onPostgres {
		q = q.For("UPDATE")
	}
	if err := q.Scan(ctx); err != nil {
		return fmt.Errorf("read User: %w", err)
	}
	had := u.Roles
	after := slices.DeleteFunc(slices.Clone(had), func(g Grant) bool {
		return slices.ContainsFunc(gives, func(other Grant) bool { return other.CompanyID == g.CompanyID })
	})
	after = append(after, gives...)
	if !u.onlyEmployee() || len(differing(had, after)) == 0 {
		return nil
	}
	_, err := tx.Tx.ExecContext(ctx, "UPDATE app_user SET roles = $2 WHERE id = $1", s.engine.args([]any{userID, jsonOf(after)})...)
	if err == nil {
		_, err = tx.Tx.ExecContext(ctx, "DELETE FROM session WHERE user_id = $1", s.engine.args([]any{userID})...)
	}
	if err != nil {
		return fmt.Errorf("save a User's roles: %w", err)
	}
	return nil
}

// forgetAsks deletes who asked for links, and Users made for links that nobody used.
func (s *Store) forgetAsks(ctx context.Context) error {
	yesterday := s.engine.args([]any{s.now().Add(-24 * time.Hour)})
	const unused = `SELECT id FROM app_user WHERE CAST(roles AS text) = '[]' AND signed_in_at IS NULL AND created_at < $1`
	for _, statement := range []string{
		"DELETE FROM sign_in_ask WHERE created_at < $1",
		"DELETE FROM sign_in WHERE created_at < $1 AND employee IS NOT NULL AND user_id IN (" + unused + ")",
		"DELETE FROM app_user WHERE id IN (" + unused + ") AND id NOT IN (SELECT user_id FROM sign_in)",
	} {
		if _, err := s.write.DB.ExecContext(ctx, statement, yesterday...); err != nil {
			return fmt.Errorf("forget who asked for links: %w", err)
		}
	}
	return nil
}

// EmployeeOnly reports whether a sign-in link's User is an Employee and nothing
// else: their own pages are where they belong.
func (s *Store) EmployeeOnly(ctx context.Context, session string) (bool, error) {
	v, err := s.Session(ctx, session)
	if err != nil {
		return false, err
	}
	who, err := s.SignedIn(ctx, v)
	return who != nil && len(who.User.Roles) > 0 && who.User.onlyEmployee(), err
}
