package db_test

import (
	"strings"
	"testing"
	"time"

	"complero/db"
)

// impersonal lists the columns of text, JSON or bytes that hold nothing about
// a person, or only what must survive erasing: references and hashes.
var impersonal = map[string]string{
	"setting":            "key value",
	"customer":           "id name",
	"company":            "public_id customer_id slug name country_code locale timezone sender_name sender_address support_contact imprint privacy_url verification domains quiet_hours",
	"company_domain":     "host",
	"certificate_file":   "name data",
	"certificate_lock":   "name holder",
	"brand":              "document",
	"field_rules":        "document",
	"company_text":       "name locale formality document saved_by",
	"asset":              "hash content_type data",
	"font":               "hash family document",
	"source":             "key name identity",
	"api_key":            "id name source scopes hash former_hash",
	"employee":           "id source",
	"contact_match":      "hash contact_id",
	"contact_search":     "contact_id",
	"match_mark":         "contact_id",
	"verification":       "contact_id code_seed",
	"merge_suggestion":   "id contact_id other_id marks status",
	"contact_merge":      "id kept_id merged_id",
	"contact":            "id employee_id",
	"contact_key":        "source contact_id",
	"suppression":        "hash",
	"operation":          "id kind status source options errors",
	"operation_payload":  "operation_id",
	"operation_slice":    "operation_id",
	"request":            "id contact_id employee_id source status reason channel channels ask token_hash text_name",
	"delivery":           "id request_id channel status",
	"outbox":             "id message_id request_id contact_id employee_id",
	"enquiry":            "id contact_id request_id employee_id",
	"proposal":           "id contact_id request_id kind status confirm_hash undo_hash",
	"event":              "kind contact_id contact_external_id source employee_id request_id consent_id operation_id channel reason",
	"consumer":           "name",
	"import_rows":        "operation_id",
	"import_mapping":     "source name mapping",
	"source_mark":        "source",
	"idempotency":        "mutation key input_hash result",
	"consent_definition": "id key channels",
	"consent_version":    "definition_id wordings",
	"consent":            "id definition_id contact_id channel locale state request_id",
	"app_user":           "id customer_id locale roles",
	"passkey":            "id user_id credential_id",
	"sign_in":            "id hash user_id employee",
	"sign_in_ask":        "id email_hash client_hash",
	"employee_desk":      "employee_id mails",
	"employee_seen":      "employee_id",
	"session":            "id hash user_id",
	"audit":              "id customer_id viewer_kind viewer_id action targets request_id",
	"report_day":         "employee_id day",
	"report_total":       "employee_id",
	"report_sum":         "period dimension key",
	"report_coverage":    "document work",
	"report_setting":     "currency",
	"report_schedule":    "id owner_id custom_report_id every format recipients",
	"report_mail":        "id schedule_id user_id since until",
	"custom_report":      "id owner_id name document chart rows_path label_path value_paths",
}

func TestEveryColumnIsKnownToBePersonalOrNot(t *testing.T) {
	each(t, func(t *testing.T, store *db.Store) {
		for table, columns := range store.Columns(t.Context()) {
			for _, column := range columns {
				personal := strings.Contains(" "+strings.Join(db.PersonalData[table], " ")+" ", " "+column+" ")
				known := strings.Contains(" "+impersonal[table]+" ", " "+column+" ")
				if personal == known {
					t.Errorf("%s.%s: is it personal data? List it in personalData (db/erase.go) and have it erased, or here", table, column)
				}
			}
		}
	})
}

func TestErasingLeavesNothingOfThePersonButConsents(t *testing.T) {
	withAsker(t, func(a *asker) {
		const marker = "zwiebelfisch"
		item := `{"externalId":"K-9","employee":"V-1","familyName":"` + marker + `","organisation":"` + marker + ` GmbH",
			"emails":[{"address":"` + marker + `@example.org"}],"customFields":{"note":"` + marker + `"}}`
		upload(a.T, a.store, a.test, item)
		upload(a.T, a.store, a.test, `{"externalId":"K-9","birthDate":"`+marker+`"}`)
		r := a.ask(a.test, "K-9")[0]
		sent := a.claim(a.test)[0]
		m := &db.OutboxMessage{
			MessageID: "<1@example.com>", To: marker + "@example.org", Subject: marker, Text: marker, HTML: marker,
			RequestID: r.ID, ContactID: r.ContactID, CreatedAt: time.Now(),
		}
		a.record(a.test, db.DeliveryOutcome{DeliveryID: sent.DeliveryID, RequestID: r.ID, Status: db.DeliverySent, Detail: marker, Message: m})
		a.answer(a.test, r, db.Answer{Data: a.says(`{"givenName":"` + marker + `"}`), Evidence: db.Evidence{Manner: "web-app"}})
		op, err := a.test.DeleteContacts(a.Context(), db.ContactsDelete{ExternalIDs: []string{"K-9"}})
		if err != nil {
			a.Fatal(err)
		}
		if op = work(a.T, a.store, a.test, op); op.Deleted != 1 {
			a.Fatalf("%+v", op)
		}
		a.store.ForgetPayloads(a.Context())
		if places := a.store.Find(a.Context(), marker); len(places) > 0 {
			a.Errorf("the erased Contact's data stands in %v", places)
		}
	})
}
