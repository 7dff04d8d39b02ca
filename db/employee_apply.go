package db

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"complero/db/profile"
	"complero/theme"
)

// employeeInput is one item of employeesUpload as it arrives. A pointer tells
// what is absent, and stays as it is, from what is empty.
type employeeInput struct {
	ExternalID  *string `json:"externalId"`
	DisplayName *string `json:"displayName"`
	GivenName   *string `json:"givenName"`
	FamilyName  *string `json:"familyName"`
	Email       *string `json:"email"`
	Phone       *string `json:"phone"`
	JobTitle    *string `json:"jobTitle"`
	PhotoURL    *string `json:"photoUrl"`

	said map[string]bool
}

// UnmarshalJSON notes which fields are there: null says that there is none.
func (in *employeeInput) UnmarshalJSON(data []byte) error {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(data, &fields); err != nil {
		return err
	}
	in.said = map[string]bool{}
	for name := range fields {
		in.said[name] = true
	}
	type plain employeeInput
	return json.Unmarshal(data, (*plain)(in))
}

// employeeItem is one item, read and normalised.
type employeeItem struct {
	index  int
	input  employeeInput
	photo  *theme.Photo
	errors Errors
}

// employeeItems reads and normalises a slice of an upload.
func (t *Tenant) employeeItems(raw []json.RawMessage, first int) []*employeeItem {
	items := make([]*employeeItem, len(raw))
	for n, data := range raw {
		i := &employeeItem{index: first + n}
		items[n] = i
		if err := json.Unmarshal(data, &i.input); err != nil {
			i.reject(Invalid, "", "this item cannot be read; send an object with the fields of EmployeeInput")
			continue
		}
		i.normalize(t.Company.CountryCode)
	}
	return items
}

func (i *employeeItem) reject(code Code, field, format string, args ...any) {
	path := []string{"employees", strconv.Itoa(i.index)}
	if field != "" {
		path = append(path, field)
	}
	i.errors = append(i.errors, &Error{Code: code, Path: path, Message: fmt.Sprintf(format, args...)})
}

func (i *employeeItem) normalize(country string) {
	in := &i.input
	for _, f := range []struct {
		name  string
		value **string
		limit int
	}{
		{"externalId", &in.ExternalID, 200},
		{"displayName", &in.DisplayName, 200},
		{"givenName", &in.GivenName, 100},
		{"familyName", &in.FamilyName, 100},
		{"jobTitle", &in.JobTitle, 100},
	} {
		if *f.value == nil {
			continue
		}
		text := strings.Join(strings.Fields(**f.value), " ")
		checked, err := paragraph(f.name, f.limit)(text)
		for _, e := range ErrorsOf(err) {
			i.reject(e.Code, f.name, "%s", e.Message)
		}
		*f.value = nullable(checked)
	}
	if in.ExternalID == nil {
		i.reject(Required, "externalId", "externalId is missing; give the id by which your system knows the Employee")
	}
	in.Email = i.contactPoint("email", in.Email, profile.NormalizeEmail)
	in.Phone = i.contactPoint("phone", in.Phone, func(s string) (string, *profile.Problem) { return profile.NormalizePhone(s, country) })
	i.readPhoto()
}

// contactPoint normalises an e-mail address or a telephone number.
func (i *employeeItem) contactPoint(field string, value *string, normalize func(string) (string, *profile.Problem)) *string {
	if value == nil || strings.TrimSpace(*value) == "" {
		return nil
	}
	normal, problem := normalize(*value)
	if problem != nil {
		i.reject(Code(problem.Code), field, "%s %s", field, strings.TrimSpace(problem.Message))
		return nil
	}
	return &normal
}

// sortName orders Employees by family name, teams by what they go by.
func (e *Employee) sortName() string {
	if e.FamilyName != nil {
		return profile.FoldName(*e.FamilyName + " " + deref(e.GivenName))
	}
	return profile.FoldName(e.DisplayName)
}

// applyEmployees creates or changes the Employees of a slice.
func (x *tx) applyEmployees(ctx context.Context, items []*employeeItem) ([]*OperationItem, error) {
	known, err := x.lockEmployees(ctx, items)
	if err != nil {
		return nil, err
	}
	outcomes := make([]*OperationItem, len(items))
	made := map[string]bool{}
	for n, i := range items {
		id := deref(i.input.ExternalID)
		outcomes[n] = &OperationItem{Index: i.index, ExternalID: nullable(id), Outcome: ItemRejected}
		if made[id] {
			i.reject(Taken, "externalId", "externalId %q stands twice in this upload; the first one was taken", id)
		}
		e := known[id]
		if e == nil {
			e = &Employee{CompanyID: x.company, Mode: x.mode, ID: newID("employee"), ExternalID: id, CreatedAt: x.now}
		}
		before := *e
		i.apply(e)
		if e.DisplayName == "" && len(i.errors) == 0 {
			i.reject(Required, "displayName", "give displayName, or givenName and familyName")
		}
		if outcomes[n].Errors = i.errors; len(i.errors) > 0 {
			continue
		}
		made[id] = true
		outcomes[n].EmployeeID = e.ID
		if outcomes[n].Outcome, err = x.saveEmployee(ctx, e, before, i.photo, known[id] == nil); err != nil {
			return nil, err
		}
	}
	return outcomes, nil
}

func (x *tx) lockEmployees(ctx context.Context, items []*employeeItem) (map[string]*Employee, error) {
	var ids []string
	for _, i := range items {
		ids = append(ids, deref(i.input.ExternalID))
	}
	slices.Sort(ids) // two transactions lock in one order
	query := x.engine.lookup(`id, external_id, display_name, given_name, family_name, email, phone, job_title, photo_url, photo_source,
		sort_name, created_at, updated_at`, "employee", "company_id = $1 AND mode = $2", "external_id", 3, x.engine.locking())
	rows, err := x.query(ctx, query, x.company, x.mode, x.engine.list(ids))
	known := map[string]*Employee{}
	err = scanRows(rows, err, func(r rowScanner) error {
		e := &Employee{CompanyID: x.company, Mode: x.mode}
		err := r.Scan(&e.ID, &e.ExternalID, &e.DisplayName, &e.GivenName, &e.FamilyName, &e.Email, &e.Phone, &e.JobTitle,
			&e.PhotoURL, &e.PhotoSource, &e.SortName, &e.CreatedAt, &e.UpdatedAt)
		known[e.ExternalID] = e
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("lock Employees: %w", err)
	}
	return known, nil
}

// apply writes what the item says into e; what it does not mention stays.
func (i *employeeItem) apply(e *Employee) {
	in := &i.input
	for _, f := range []struct {
		name     string
		to, from **string
	}{
		{"givenName", &e.GivenName, &in.GivenName},
		{"familyName", &e.FamilyName, &in.FamilyName},
		{"email", &e.Email, &in.Email},
		{"phone", &e.Phone, &in.Phone},
		{"jobTitle", &e.JobTitle, &in.JobTitle},
	} {
		if in.said[f.name] {
			*f.to = *f.from
		}
	}
	full := strings.TrimSpace(deref(e.GivenName) + " " + deref(e.FamilyName))
	switch {
	case deref(in.DisplayName) != "":
		e.DisplayName = *in.DisplayName
	case full != "" && (in.said["givenName"] || in.said["familyName"] || in.said["displayName"] || e.DisplayName == ""):
		e.DisplayName = full
	}
	if in.said["photoUrl"] {
		i.applyPhoto(e)
	}
	e.SortName = e.sortName()
}

func (x *tx) saveEmployee(ctx context.Context, e *Employee, before Employee, photo *theme.Photo, isNew bool) (OperationOutcome, error) {
	if photo != nil {
		if err := x.insertAsset(ctx, "image/jpeg", photo.Hash, photo.Data); err != nil {
			return "", err
		}
	}
	if jsonOf(e) == jsonOf(before) {
		return ItemUnchanged, nil
	}
	e.UpdatedAt = x.now
	x.employeesChanged = true
	var err error
	outcome := ItemSynced
	if isNew {
		outcome = ItemCreated
		_, err = x.NewInsert().Model(e).Exec(ctx)
	} else {
		_, err = x.NewUpdate().Model(e).WherePK().Exec(ctx)
	}
	if err != nil {
		return "", fmt.Errorf("save Employee: %w", err)
	}
	if e.PhotoSource != nil && e.PhotoURL == nil {
		x.enqueue(FetchPhoto{TenantRef: x.tenant.ref(), EmployeeID: e.ID}, time.Time{})
	}
	return outcome, nil
}
