package db_test

import (
	"testing"

	"complero/db"
)

// The rows of a file are Contacts, whatever else a key may do.
func TestRowsOfAnImportAreNotForAKeyOfEmployees(t *testing.T) {
	withAgencies(t, func(a *agencies) {
		op := work(a.T, a.store, a.test, accept(a.T, a.test, draft(a.T, a.test, "K-8,Frohn,1970-12-31,", "K-9,Frohn,gestern,"), plainImport()))
		_, secret, err := a.live.CreateKey(a.Context(), db.KeyCreate{Name: "hr", Test: true, Scopes: []db.Right{db.EmployeesWrite, db.EmployeesRead}})
		if err != nil {
			a.Fatal(err)
		}
		hr, err := a.store.Authenticate(a.Context(), secret)
		if err != nil {
			a.Fatal(err)
		}
		if sample, err := hr.ImportSample(a.Context(), op); db.CodeOf(err) != db.Forbidden || sample != nil {
			a.Errorf("it reads %d rows as they are understood, %v", len(sample), err)
		}
		read := 0
		err = hr.RejectedRows(a.Context(), op, func(db.RejectedRow) error {
			read++
			return nil
		})
		if db.CodeOf(err) != db.Forbidden || read > 0 {
			a.Errorf("it reads %d rejected rows, %v", read, err)
		}
		if list, err := hr.ImportMappings(a.Context(), nil); db.CodeOf(err) != db.Forbidden || list != nil {
			a.Errorf("it reads %d mappings, %v", len(list), err)
		}
	}, withPlainRows)
}

func TestAnAgencySeesTheMappingsOfItsOwnFilesOnly(t *testing.T) {
	withAgencies(t, func(a *agencies) {
		for source, name := range map[string]string{"crm": "Dynamics", "north": "Outlook", "south": "SAP"} {
			if _, err := a.live.SaveImportMapping(a.Context(), &source, name, []byte(`{"columns":[]}`)); err != nil {
				a.Fatal(err)
			}
		}
		for _, source := range []*string{nil, ptr("north")} {
			list, err := a.north.ImportMappings(a.Context(), source)
			if err != nil || len(list) != 1 || list[0].Source != "north" {
				a.Errorf("asked for %v, it sees %+v, %v", source, list, err)
			}
		}
		if list, err := a.north.ImportMappings(a.Context(), ptr("south")); err != nil || len(list) != 0 {
			a.Errorf("of another agency it sees %+v, %v", list, err)
		}
		if list, err := a.test.ImportMappings(a.Context(), nil); err != nil || len(list) != 3 {
			a.Errorf("the Company itself sees %d, %v", len(list), err)
		}
	})
}
