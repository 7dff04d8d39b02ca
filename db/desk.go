package db

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// EmployeeMails says how an Employee is told of what their Contacts change.
type EmployeeMails string

// The ways to be told: a mail for each change, one each morning or each Monday
// morning, or none.
const (
	MailsEach   EmployeeMails = "EACH"
	MailsDaily  EmployeeMails = "DAILY"
	MailsWeekly EmployeeMails = "WEEKLY"
	MailsOff    EmployeeMails = "OFF"
)

// digestHour is when digests go out, in the Company's timezone.
const digestHour = 7

// A Desk is what an Employee's own pages begin with.
type Desk struct {
	Employee *Employee
	Mails    EmployeeMails
	// Unseen is how many events of TellingKinds they have not marked as seen; counted to MostUnseen.
	Unseen int
}

// MostUnseen is how far unseen events are counted.
const MostUnseen = 100

// TellingKinds are the events that Employees are told of: what their Contacts said.
func TellingKinds() []EventKind {
	return []EventKind{UpdateEvent, NotMeEvent, StopEvent, DeceasedEvent}
}

func notEmployee(field string) error {
	return fail(Forbidden, field, "only an Employee who is signed in has a desk; sign in at /me/sign-in")
}

// Desk reads the desk of the Employee who is signed in; nil for any other Viewer,
// and where the Employee is gone.
func (t *Tenant) Desk(ctx context.Context) (*Desk, error) {
	if t.Viewer.EmployeeID == "" || !t.Viewer.May(EventsRead) {
		return nil, nil
	}
	e, err := t.knownEmployee(ctx, t.Viewer.EmployeeID)
	if err != nil || e == nil {
		return nil, err
	}
	d := &Desk{Employee: e}
	if d.Mails, err = t.mailsOf(ctx, e.ID); err != nil {
		return nil, err
	}
	unseen := true
	where, args, err := t.eventsWhere(ctx, EventFilter{Kinds: TellingKinds(), Unseen: &unseen})
	if err != nil {
		return nil, err
	}
	rows, err := t.read(ctx, fmt.Sprintf("SELECT count(*) FROM (SELECT 1 AS one FROM event WHERE %s LIMIT %d) AS few", where, MostUnseen), args...)
	err = scanRows(rows, err, func(r rowScanner) error { return r.Scan(&d.Unseen) })
	if err != nil {
		return nil, fmt.Errorf("count unseen events: %w", err)
	}
	return d, nil
}

// mailsOf is how an Employee wants to be told.
func (t *Tenant) mailsOf(ctx context.Context, employeeID string) (EmployeeMails, error) {
	mails := MailsEach
	rows, err := t.read(ctx, "SELECT mails FROM employee_desk WHERE company_id = $1 AND mode = $2 AND employee_id = $3", t.Company.Key, t.Mode, employeeID)
	err = scanRows(rows, err, func(r rowScanner) error { return r.Scan(&mails) })
	if err != nil {
		return "", fmt.Errorf("read how an Employee is told: %w", err)
	}
	return mails, nil
}

// unseenEvents is a condition on event for the Employee whose id is argument %d:
// not marked as seen, or marked.
func unseenEvents(unseen bool) string {
	const condition = `NOT (number <= coalesce((SELECT d.seen_number FROM employee_desk AS d
			WHERE d.company_id = event.company_id AND d.mode = event.mode AND d.employee_id = $%[1]d), 0)
		OR EXISTS (SELECT 1 FROM employee_seen AS s
			WHERE s.company_id = event.company_id AND s.mode = event.mode AND s.employee_id = $%[1]d AND s.number = event.number))`
	if unseen {
		return condition
	}
	return "NOT " + condition
}

// Seen says which events an Employee has seen.
type Seen struct {
	// IDs are single ones.
	IDs []string
	// Through is one up to which they have seen all.
	Through *string
}

// MarkSeen marks events as seen by the Employee who is signed in, and returns
// their desk. Marking twice changes nothing; what is not theirs is NOT_FOUND.
func (t *Tenant) MarkSeen(ctx context.Context, seen Seen) (*Desk, error) {
	if err := t.check(EventsRead); err != nil {
		return nil, err
	}
	if t.Viewer.EmployeeID == "" {
		return nil, notEmployee("")
	}
	if len(seen.IDs) > maxItems {
		return nil, fail(TooManyItems, "ids", "ids has %d items; send at most %d in one call", len(seen.IDs), maxItems)
	}
	numbers := make([]int64, len(seen.IDs))
	for i, id := range seen.IDs {
		if numbers[i] = eventNumber(id, t.Company.Key, t.Mode); numbers[i] == 0 {
			return nil, NotFound("ids", "there is no event %.100q", id)
		}
	}
	var through int64
	if seen.Through != nil {
		if through = eventNumber(*seen.Through, t.Company.Key, t.Mode); through == 0 {
			return nil, NotFound("through", "there is no event %.100q", *seen.Through)
		}
	}
	err := t.write(ctx, EventsRead, func(x *tx) error {
		if err := x.haveEvents(ctx, "ids", numbers); err != nil {
			return err
		}
		if through > 0 {
			if err := x.haveEvents(ctx, "through", []int64{through}); err != nil {
				return err
			}
			if err := x.seeThrough(ctx, through); err != nil {
				return err
			}
		}
		for _, n := range numbers {
			_, err := x.exec(ctx, `INSERT INTO employee_seen (company_id, mode, employee_id, number) VALUES ($1, $2, $3, $4)
				ON CONFLICT DO NOTHING`, x.company, x.mode, t.Viewer.EmployeeID, n)
			if err != nil {
				return fmt.Errorf("mark an event as seen: %w", err)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return t.Desk(ctx)
}

// haveEvents fails with NOT_FOUND unless all are the Viewer's.
func (x *tx) haveEvents(ctx context.Context, field string, numbers []int64) error {
	wanted := slices.Compact(sortedNumbers(numbers))
	for part := range slices.Chunk(wanted, 200) {
		args := []any{x.company, x.mode}
		for _, n := range part {
			args = append(args, n)
		}
		where := "company_id = $1 AND mode = $2 AND number IN (" + marks(3, len(part)) + ")"
		if own, more := x.tenant.ownEvents(len(args) + 1); own != "" {
			where, args = where+" AND "+own, append(args, more...)
		}
		var n int
		if err := x.row(ctx, "SELECT count(*) FROM event WHERE "+where, args...).Scan(&n); err != nil {
			return fmt.Errorf("find events: %w", err)
		}
		if n != len(part) {
			return NotFound(field, "one of these events is not there, or not about a Contact of this Employee")
		}
	}
	return nil
}

// seeThrough moves the Employee's mark forwards, which takes the single marks before it.
func (x *tx) seeThrough(ctx context.Context, number int64) error {
	_, err := x.exec(ctx, `INSERT INTO employee_desk (company_id, mode, employee_id, seen_number) VALUES ($1, $2, $3, $4)
		ON CONFLICT (company_id, mode, employee_id) DO UPDATE SET seen_number = excluded.seen_number
		WHERE employee_desk.seen_number < excluded.seen_number`, x.company, x.mode, x.tenant.Viewer.EmployeeID, number)
	if err == nil {
		_, err = x.exec(ctx, "DELETE FROM employee_seen WHERE company_id = $1 AND mode = $2 AND employee_id = $3 AND number <= $4",
			x.company, x.mode, x.tenant.Viewer.EmployeeID, number)
	}
	if err != nil {
		return fmt.Errorf("mark events as seen: %w", err)
	}
	return nil
}

// ChooseMails has the Employee who is signed in be told in another way. A digest
// begins with what happens from now on.
func (t *Tenant) ChooseMails(ctx context.Context, mails EmployeeMails) (*Desk, error) {
	if err := t.check(EventsRead); err != nil {
		return nil, err
	}
	if t.Viewer.EmployeeID == "" {
		return nil, notEmployee("")
	}
	ways := []string{string(MailsEach), string(MailsDaily), string(MailsWeekly), string(MailsOff)}
	if !slices.Contains(ways, string(mails)) {
		return nil, fail(Invalid, "mails", "mails is one of %s", strings.Join(ways, ", "))
	}
	err := t.write(ctx, EventsRead, func(x *tx) error {
		_, err := x.exec(ctx, `INSERT INTO employee_desk (company_id, mode, employee_id, mails, digest_at, digest_number)
			VALUES ($1, $2, $3, $4, $5, coalesce((SELECT last_number FROM event_counter WHERE company_id = $1 AND mode = $2), 0))
			ON CONFLICT (company_id, mode, employee_id) DO UPDATE SET mails = excluded.mails, digest_at = excluded.digest_at,
				digest_number = excluded.digest_number WHERE employee_desk.mails <> excluded.mails`,
			x.company, x.mode, t.Viewer.EmployeeID, string(mails), mails.next(x.now, t.Company.Location()))
		if err != nil {
			return fmt.Errorf("save how an Employee is told: %w", err)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return t.Desk(ctx)
}

// next is when the next digest goes out after a moment; nil for none.
func (m EmployeeMails) next(after time.Time, at *time.Location) *time.Time {
	if m != MailsDaily && m != MailsWeekly {
		return nil
	}
	local := after.In(at)
	for day := 0; ; day++ {
		morning := time.Date(local.Year(), local.Month(), local.Day()+day, digestHour, 0, 0, 0, at)
		if morning.After(after) && (m == MailsDaily || morning.Weekday() == time.Monday) {
			return ptr(morning.UTC())
		}
	}
}

// clearDesk forgets what an Employee who is gone has seen and chosen.
func (x *tx) clearDesk(ctx context.Context, employeeID string) error {
	for _, table := range []string{"employee_desk", "employee_seen"} {
		if _, err := x.exec(ctx, "DELETE FROM "+table+" WHERE company_id = $1 AND mode = $2 AND employee_id = $3", x.company, x.mode, employeeID); err != nil {
			return fmt.Errorf("clear an Employee's desk: %w", err)
		}
	}
	return nil
}
