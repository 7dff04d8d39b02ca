package main

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"complero/db"
)

func TestKeyMakesOneThatOpensTheCompany(t *testing.T) {
	folder := t.TempDir()
	typed := func(args ...string) (string, error) {
		var out bytes.Buffer
		err := run(t.Context(), append(args, "--data", folder), &out, io.Discard)
		return out.String(), err
	}
	text, err := typed("setup", "--customer", "Nordlicht Gruppe", "--company", "Nordlicht", "--country", "DE", "--locale", "de")
	if err != nil {
		t.Fatal(err)
	}
	var account db.Account
	if err := json.Unmarshal([]byte(text), &account); err != nil {
		t.Fatal(err)
	}
	for _, company := range []string{"nordlicht", account.CompanyID} {
		text, err := typed("key", "--company", company, "--name", "Import", "--test", "--scopes", "contacts:read,contacts:write", "--days", "3")
		if err != nil {
			t.Fatal(err)
		}
		var made madeKey
		if err := json.Unmarshal([]byte(text), &made); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(made.Key, "ck_test_") || len(made.Scopes) != 2 || made.ExpiresAt == nil || made.Source != "crm" {
			t.Errorf("%+v", made)
		}
		store, err := db.Open(t.Context(), db.Config{DataDir: folder})
		if err != nil {
			t.Fatal(err)
		}
		if tenant, err := store.Authenticate(t.Context(), made.Key); err != nil || tenant.Company.ID != account.CompanyID {
			t.Errorf("the key opens %v, %v", tenant, err)
		}
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	}
	for name, args := range map[string][]string{
		"no Company": {"--company", "suedlicht", "--name", "x"}, "no Source": {"--company", "nordlicht", "--name", "x", "--source", "agency"},
	} {
		if _, err := typed(append([]string{"key"}, args...)...); err == nil || !strings.Contains(err.Error(), "there is no") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
