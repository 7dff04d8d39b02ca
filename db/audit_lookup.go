package db

import (
	"context"
	"fmt"
	"time"
)

// lookUpTime is for how long one line in the audit log stands for all that a
// Viewer looks up of one Contact.
const lookUpTime = time.Minute

// lookedUp notes that a masked Viewer looked a single Contact up, at most once
// a minute. A process writes one line at a time, so that of several calls for
// one page only the first does.
func (t *Tenant) lookedUp(ctx context.Context, c *Contact) error {
	if !t.Viewer.Masked || t.Viewer.actor() == "" {
		return nil
	}
	noted, err := t.notedLookUp(ctx, c.ID)
	if err != nil || noted {
		return err
	}
	t.store.lookUps.Lock()
	defer t.store.lookUps.Unlock()
	if noted, err = t.notedLookUp(ctx, c.ID); err != nil || noted {
		return err
	}
	return t.audited(ctx, c.ID)
}

// notedLookUp reports whether the audit log tells of it already.
func (t *Tenant) notedLookUp(ctx context.Context, contactID string) (noted bool, err error) {
	since := t.store.now().Add(-lookUpTime)
	// Ids sort by the time of day at which they were made, whatever clock the Store has.
	rows, err := t.read(ctx, `SELECT 1 FROM audit WHERE company_id = $1 AND id >= $2 AND mode = $3 AND viewer_id = $4 AND at > $5
		AND CAST(targets AS text) = $6 LIMIT 1`,
		t.Company.Key, idFloor("audit", time.Now().Add(-lookUpTime)), t.Mode, t.Viewer.actor(), since.UTC(), jsonOf([]string{contactID}))
	err = scanRows(rows, err, func(rowScanner) error {
		noted = true
		return nil
	})
	if err != nil {
		return false, fmt.Errorf("read the audit log: %w", err)
	}
	return noted, nil
}
