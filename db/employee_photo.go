package db

import (
	"context"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"complero/theme"
)

// photoPrefixes begin a picture that is sent along.
var photoPrefixes = []string{"data:image/png;base64,", "data:image/jpeg;base64,"}

// readPhoto reads a picture that is sent along. One that is elsewhere is
// fetched later, by a job: nothing on our pages is loaded from another host.
func (i *employeeItem) readPhoto() {
	text := strings.TrimSpace(deref(i.input.PhotoURL))
	if text == "" || strings.HasPrefix(text, assetPath) {
		return
	}
	if strings.HasPrefix(text, "https://") {
		if len(text) > 2000 {
			i.reject(TooLong, "photoUrl", "photoUrl has more than 2000 characters")
		}
		return
	}
	for _, prefix := range photoPrefixes {
		coded, found := strings.CutPrefix(text, prefix)
		if !found {
			continue
		}
		data, err := base64.StdEncoding.DecodeString(coded)
		if err != nil {
			i.reject(Invalid, "photoUrl", "photoUrl is not valid base64 after %q", prefix)
			return
		}
		photo, err := theme.DecodePhoto(data)
		if err != nil {
			i.reject(Invalid, "photoUrl", "photoUrl: %s", err)
			return
		}
		i.photo = &photo
		return
	}
	i.reject(Invalid, "photoUrl", "photoUrl is neither an https:// address nor a picture as %s…", photoPrefixes[0])
}

// applyPhoto keeps a picture that came along; one that is elsewhere is noted.
func (i *employeeItem) applyPhoto(e *Employee) {
	text := strings.TrimSpace(deref(i.input.PhotoURL))
	switch {
	case i.photo != nil:
		e.PhotoSource, e.PhotoURL = nil, ptr(assetURL(i.photo.Hash, "jpg"))
	case text == "":
		e.PhotoSource, e.PhotoURL = nil, nil
	case strings.HasPrefix(text, assetPath):
		return // what we said ourselves, sent back
	case text != deref(e.PhotoSource):
		e.PhotoSource, e.PhotoURL = &text, nil
	}
}

// PhotoSource is where an Employee's picture is to be fetched from; "" where
// nothing is to be fetched any more.
func (t *Tenant) PhotoSource(ctx context.Context, employeeID string) (string, error) {
	if err := t.check(workRight); err != nil {
		return "", err
	}
	var source *string
	err := t.store.read.DB.QueryRowContext(ctx, `SELECT photo_source FROM employee
		WHERE company_id = $1 AND mode = $2 AND id = $3 AND photo_url IS NULL`,
		t.store.engine.args([]any{t.Company.Key, t.Mode, employeeID})...).Scan(&source)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return deref(source), err
}

// SavePhoto keeps the picture that was fetched from a source, unless the
// Employee has another source by now.
func (t *Tenant) SavePhoto(ctx context.Context, employeeID, source string, photo theme.Photo) error {
	return t.write(ctx, workRight, func(x *tx) error {
		if err := x.insertAsset(ctx, "image/jpeg", photo.Hash, photo.Data); err != nil {
			return err
		}
		x.employeesChanged = true
		_, err := x.exec(ctx, `UPDATE employee SET photo_url = $5, updated_at = $6
			WHERE company_id = $1 AND mode = $2 AND id = $3 AND photo_source = $4`,
			x.company, x.mode, employeeID, source, assetURL(photo.Hash, "jpg"), x.now)
		if err != nil {
			return fmt.Errorf("save photo of Employee %s: %w", employeeID, err)
		}
		return nil
	})
}
