package db_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"complero/db"
	"complero/db/profile"
)

// define saves a custom field with a German label.
func define(t *testing.T, tenant *db.Tenant, key string, kind profile.FieldType, changes ...func(*db.CustomFieldSave)) *db.CustomField {
	t.Helper()
	save := db.CustomFieldSave{Definition: profile.Definition{Key: key, Type: kind, Labels: []profile.Label{{Locale: "de", Label: "Feld " + key}}}}
	for _, change := range changes {
		change(&save)
	}
	c, err := tenant.SaveCustomField(t.Context(), save)
	if err != nil {
		t.Fatalf("define %s: %v", key, err)
	}
	return c
}

func withPolicy(p db.Policy) func(*db.CustomFieldSave) {
	return func(s *db.CustomFieldSave) { s.Policy = &p }
}

func at(position int) func(*db.CustomFieldSave) {
	return func(s *db.CustomFieldSave) { s.Position = &position }
}

// customFields lists the definitions as "key TYPE POLICY".
func customFields(t *testing.T, tenant *db.Tenant) string {
	t.Helper()
	list, err := tenant.CustomFields(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, c := range list {
		all = append(all, fmt.Sprintf("%s %s %s", c.Key, c.Type, c.Policy))
	}
	return strings.Join(all, ", ")
}

// wrong lists the errors of a call as "CODE path".
func wrong(err error) string {
	var all []string
	for _, e := range db.ErrorsOf(err) {
		all = append(all, strings.TrimSpace(string(e.Code)+" "+strings.Join(e.Path, ".")))
	}
	if err != nil && all == nil {
		return err.Error()
	}
	return strings.Join(all, ", ")
}

func TestCustomFieldsAreDefinedOnceForBothModes(t *testing.T) {
	each(t, func(t *testing.T, store *db.Store) {
		live, test := account(t, store, "Nordlicht")
		define(t, live, "vehicle", profile.TypeText)
		define(t, live, "km", profile.TypeNumber, withPolicy(db.FieldRequired))
		define(t, live, "first", profile.TypeBoolean, at(1))
		for _, tenant := range []*db.Tenant{live, test} {
			if got := customFields(t, tenant); got != "first BOOLEAN EDITABLE, vehicle TEXT EDITABLE, km NUMBER REQUIRED" {
				t.Errorf("mode %d lists %s", tenant.Mode, got)
			}
		}
		// Defined anew, it keeps its policy and place.
		c := define(t, live, "km", profile.TypeText)
		if got := customFields(t, live); got != "first BOOLEAN EDITABLE, vehicle TEXT EDITABLE, km TEXT REQUIRED" || c.Policy != db.FieldRequired {
			t.Errorf("lists %s", got)
		}
		define(t, live, "first", profile.TypeBoolean, at(100))
		if got := customFields(t, test); !strings.HasSuffix(got, "first BOOLEAN EDITABLE") {
			t.Errorf("lists %s", got)
		}
		if _, err := live.DeleteCustomField(t.Context(), "vehicle"); err != nil {
			t.Fatal(err)
		}
		if got := customFields(t, test); got != "km TEXT REQUIRED, first BOOLEAN EDITABLE" {
			t.Errorf("lists %s", got)
		}
		stranger, _ := account(t, store, "Andere")
		if got := customFields(t, stranger); got != "" {
			t.Errorf("a stranger sees %s", got)
		}
	})
}

func TestSettingsSavedLateKeepTheFieldRules(t *testing.T) {
	each(t, func(t *testing.T, store *db.Store) {
		live, _ := account(t, store, "Nordlicht")
		late := *live // has read the Company before
		define(t, live, "km", profile.TypeNumber)
		if _, err := late.UpdateCompany(t.Context(), db.CompanyChange{Name: ptr("Nordlicht AG")}); err != nil {
			t.Fatal(err)
		}
		if got := customFields(t, live); got != "km NUMBER EDITABLE" {
			t.Errorf("lists %s", got)
		}
		upload(t, store, live, `{"externalId":"K-1"}`)
		op := upload(t, store, live, `{"externalId":"K-1","customFields":{"km":"viel"}}`)
		if got := items(t, live, op); got[0] != "0 REJECTED INVALID [contacts 0 customFields km]" {
			t.Errorf("items %v", got)
		}
	})
}

func TestCustomFieldErrorsNameTheField(t *testing.T) {
	each(t, func(t *testing.T, store *db.Store) {
		live, test := account(t, store, "Nordlicht")
		label := []profile.Label{{Locale: "de", Label: "Feld"}}
		tests := []struct {
			tenant *db.Tenant
			save   db.CustomFieldSave
			want   string
		}{
			{live, db.CustomFieldSave{Definition: profile.Definition{Key: "a", Type: profile.TypeText}}, "REQUIRED labels"},
			{live, db.CustomFieldSave{Definition: profile.Definition{Key: "", Type: profile.TypeText, Labels: label}}, "INVALID key"},
			{
				live,
				db.CustomFieldSave{Definition: profile.Definition{Key: "a", Type: profile.TypeChoice, Labels: label}, Policy: ptr(db.Policy("OPEN")), Position: ptr(0)},
				"REQUIRED choices, INVALID policy, INVALID position",
			},
			{live, db.CustomFieldSave{Definition: profile.Definition{Key: "a", Type: profile.TypeText, Labels: label, Pattern: ptr("[")}}, "INVALID pattern"},
			{test, db.CustomFieldSave{Definition: profile.Definition{Key: "a", Type: profile.TypeText, Labels: label}}, "LIVE_ONLY"},
		}
		for i, tt := range tests {
			if _, err := tt.tenant.SaveCustomField(t.Context(), tt.save); wrong(err) != tt.want {
				t.Errorf("%d: %s, want %s", i, wrong(err), tt.want)
			}
		}
		if _, err := live.DeleteCustomField(t.Context(), "nobody"); wrong(err) != "NOT_FOUND key" {
			t.Error(err)
		}
		if _, err := test.DeleteCustomField(t.Context(), "nobody"); wrong(err) != "LIVE_ONLY" {
			t.Error(err)
		}
		if got := customFields(t, live); got != "" {
			t.Errorf("something was saved: %s", got)
		}
	})
}

func TestThereIsAnEndToCustomFields(t *testing.T) {
	each(t, func(t *testing.T, store *db.Store) {
		live, _ := account(t, store, "Nordlicht")
		for i := range 100 {
			define(t, live, fmt.Sprintf("k%d", i), profile.TypeText)
		}
		save := db.CustomFieldSave{Definition: profile.Definition{Key: "k100", Type: profile.TypeText, Labels: []profile.Label{{Locale: "de", Label: "Feld"}}}}
		if _, err := live.SaveCustomField(t.Context(), save); wrong(err) != "TOO_MANY_ITEMS key" {
			t.Error(err)
		}
		define(t, live, "k99", profile.TypeNumber)
	})
}

func TestUploadsAreReadByTheDefinitions(t *testing.T) {
	each(t, func(t *testing.T, store *db.Store) {
		live, _ := account(t, store, "Nordlicht")
		upload(t, store, live, `{"externalId":"K-0","customFields":{"km":"zwölf"}}`)
		define(t, live, "km", profile.TypeNumber)
		define(t, live, "since", profile.TypeDate)
		define(t, live, "digital", profile.TypeBoolean)
		define(t, live, "tariff", profile.TypeChoice, func(s *db.CustomFieldSave) {
			s.Choices = []profile.Choice{{Value: "basic", Labels: []profile.Label{{Locale: "de", Label: "Grundtarif"}}}, {Value: "green"}}
		})
		op := upload(
			t, store, live,
			`{"externalId":"K-1","customFields":{"km":"12,5","since":"1.2.2020","digital":"ja","tariff":"grundtarif","other":"any"}}`,
			`{"externalId":"K-2","customFields":{"km":"viel","since":"gestern","digital":"kaum","tariff":"gelb"}}`,
			`{"externalId":"K-0","customFields":{"since":null}}`,
		)
		want := "1 REJECTED INVALID [contacts 1 customFields digital] INVALID [contacts 1 customFields km]" +
			" INVALID_DATE [contacts 1 customFields since] INVALID [contacts 1 customFields tariff]"
		if got := items(t, live, op); !slices.Equal(got, []string{"0 CREATED", want, "2 UNCHANGED"}) {
			t.Errorf("items %q", got)
		}
		if got := fmt.Sprint(contact(t, live, "K-1").CustomFields()); got != "map[digital:true km:12.5 other:any since:2020-02-01 tariff:basic]" {
			t.Errorf("keeps %s", got)
		}
		if got := fmt.Sprint(contact(t, live, "K-0").CustomFields()); got != "map[km:zwölf]" {
			t.Errorf("what was there before is %s", got)
		}
	})
}
