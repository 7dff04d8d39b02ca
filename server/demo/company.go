package demo

import (
	"context"
	"encoding/json"
	"fmt"

	"complero/db"
	"complero/db/profile"
)

// customer is the firm that operates both Companies.
const customer = "Aldermark Holding"

// A company is what one of the demo's Companies is made of.
type company struct {
	setup      db.Setup
	support    string
	privacyURL string
	brand      db.BrandChange
	mark       mark
	employees  []employee
	names      *names
	contacts   int
	prefix     string // of externalIds
	seed       uint64
	// custom makes the fields that only this Company has.
	custom   func(c *crowd) map[string]any
	consents []db.ConsentDefinitionSave
}

// An employee is one item of employeesUpload.
type employee struct {
	ExternalID  string `json:"externalId"`
	DisplayName string `json:"displayName"`
	GivenName   string `json:"givenName,omitempty"`
	FamilyName  string `json:"familyName,omitempty"`
	Email       string `json:"email"`
	Phone       string `json:"phone,omitempty"`
	JobTitle    string `json:"jobTitle,omitempty"`
}

// person is an employee who is no team.
func person(id, given, family, domain, phone, title string) employee {
	return employee{
		ExternalID: id, DisplayName: given + " " + family, GivenName: given, FamilyName: family,
		Email: plain(given) + "." + plain(family) + "@" + domain, Phone: phone, JobTitle: title,
	}
}

// crew is a Company of the demo while its story is told.
type crew struct {
	*company
	account *db.Account
	crowd   *crowd
	live    *db.Tenant
	test    *db.Tenant
	items   []profile.Input // as the CRM knows its Contacts
}

// found makes the Company's account, look, Consents, Employees and Contacts.
func (c *company) found(ctx context.Context, store *db.Store) (*crew, error) {
	account, err := store.CreateAccount(ctx, c.setup)
	if err != nil {
		return nil, err
	}
	w := &crew{company: c, account: account, crowd: newCrowd(c.names, c.seed)}
	if w.live, err = store.Authenticate(ctx, account.LiveKey); err != nil {
		return nil, err
	}
	if w.test, err = store.Authenticate(ctx, account.TestKey); err != nil {
		return nil, err
	}
	if err := w.furnish(ctx); err != nil {
		return nil, fmt.Errorf("furnish %s: %w", c.setup.Company, err)
	}
	for _, t := range []*db.Tenant{w.live, w.test} {
		if err := w.uploadEmployees(ctx, store, t); err != nil {
			return nil, err
		}
	}
	for n := range c.contacts {
		w.items = append(w.items, w.contact(n))
	}
	if err := upload(ctx, store, w.live, w.items); err != nil {
		return nil, err
	}
	return w, upload(ctx, store, w.test, w.items[:5])
}

// furnish sets what exists once for live and test mode.
func (w *crew) furnish(ctx context.Context) error {
	support, privacy := &w.support, &w.privacyURL
	if _, err := w.live.UpdateCompany(ctx, db.CompanyChange{SupportContact: &support, PrivacyURL: &privacy}); err != nil {
		return err
	}
	brand := w.brand
	logo, err := w.mark.png(w.setup.Company)
	if err != nil {
		return err
	}
	brand.Logo = logo
	if _, err := w.live.UpdateBrand(ctx, brand); err != nil {
		return err
	}
	for _, save := range w.consents {
		if _, err := w.live.SaveConsentDefinition(ctx, save); err != nil {
			return fmt.Errorf("save the Consent %s: %w", save.Key, err)
		}
	}
	return nil
}

// contact makes the n-th Contact.
func (w *crew) contact(n int) profile.Input {
	in := w.crowd.contact(fmt.Sprintf("%s-%d", w.prefix, 1001+n), w.employees[w.crowd.dice.IntN(len(w.employees))].ExternalID)
	in.CustomFields.Values = w.custom(w.crowd)
	return in
}

func (w *crew) uploadEmployees(ctx context.Context, store *db.Store, t *db.Tenant) error {
	data, err := json.Marshal(w.employees)
	if err != nil {
		return err
	}
	op, err := t.UploadEmployees(ctx, db.EmployeesUpload{Employees: data, Count: len(w.employees)})
	if err != nil {
		return fmt.Errorf("upload Employees: %w", err)
	}
	return workOff(ctx, store, t, op)
}

// upload transfers Contacts and works the Operation off.
func upload(ctx context.Context, store *db.Store, t *db.Tenant, items []profile.Input) error {
	data, err := json.Marshal(items)
	if err != nil {
		return err
	}
	op, err := t.UploadContacts(ctx, db.ContactsUpload{Contacts: data, Count: len(items)})
	if err != nil {
		return fmt.Errorf("upload Contacts: %w", err)
	}
	return workOff(ctx, store, t, op)
}

// workOff does at once what a worker would do soon.
func workOff(ctx context.Context, store *db.Store, t *db.Tenant, op *db.Operation) error {
	system, err := store.Work(ctx, db.TenantRef{CompanyID: t.Company.ID, Mode: t.Mode})
	if err != nil {
		return err
	}
	if _, err := system.WorkOperation(ctx, op.ID); err != nil {
		return err
	}
	if op, err = t.Operation(ctx, op.ID); err != nil {
		return err
	}
	if op.Status != db.OperationCompleted || op.Rejected > 0 {
		return fmt.Errorf("the Operation %s is %s with %d items rejected", op.Kind, op.Status, op.Rejected)
	}
	return nil
}

func ptr[T any](v T) *T { return &v }

// text is one language of a Consent.
func text(locale, title, wording string) db.ConsentWording {
	return db.ConsentWording{Locale: locale, Title: title, Wording: wording}
}
