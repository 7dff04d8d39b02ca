package db

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// longestNote is how many characters the sender's own line may have.
const longestNote = 300

// askAnewAfter is when an Employee may ask a Contact who was asked already.
const askAnewAfter = 24 * time.Hour

// checkNote takes a sender's own line as it is shown: plain text, without
// anything that mail programs make links of, since every link in a message is ours.
func checkNote(note *string) (*string, error) {
	if note == nil || strings.TrimSpace(*note) == "" {
		return nil, nil
	}
	text, err := paragraph("note", longestNote)(strings.ReplaceAll(*note, "\r\n", "\n"))
	if err != nil {
		return nil, err
	}
	if lower := strings.ToLower(text); strings.Contains(lower, "://") || strings.Contains(lower, "www.") {
		return nil, fail(Invalid, "note", "the note holds a link; a message links to the Contact's page alone, so say it in words")
	}
	return &text, nil
}

// mayAsk fails for an Employee whose Company keeps Requests to others.
func (t *Tenant) mayAsk() error {
	if t.bound().employee != "" && !t.Company.EmployeeRequests {
		return fail(Forbidden, "", "%s does not let Employees send Requests; its administrator can, by companyUpdate with employeeRequests", t.Company.Name)
	}
	return nil
}

// notAskedLately fails with CONFLICT where an Employee asks a Contact whom
// anybody asked within a day: two hands must not write to one person.
func (x *tx) notAskedLately(ctx context.Context, contacts map[string]*Contact) error {
	if x.tenant.bound().employee == "" || len(contacts) == 0 {
		return nil
	}
	var ids []string
	for _, c := range contacts {
		ids = append(ids, c.ID)
	}
	slices.Sort(ids)
	in, args := x.engine.oneOf("contact_id", 3, ids)
	var n int
	args = append(append([]any{x.company, x.mode}, args...), x.now.Add(-askAnewAfter))
	err := x.row(ctx, fmt.Sprintf(`SELECT count(*) FROM request WHERE company_id = $1 AND mode = $2 AND %s AND created_at > $%d
		AND status NOT IN ('CANCELLED', 'SUPPRESSED')`, in, len(args)), args...).Scan(&n)
	if err != nil {
		return fmt.Errorf("find latest Requests: %w", err)
	}
	if n > 0 {
		return Conflict("contactExternalIds", "this Contact was asked within a day already; give them time to answer")
	}
	return nil
}
