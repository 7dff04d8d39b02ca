package db_test

import (
	"fmt"
	"strings"
	"testing"

	"complero/db"
	"complero/db/profile"
	"complero/theme"
)

func textOf(locale, subject string) db.TextSave {
	return db.TextSave{TextKey: db.TextKey{Locale: locale}, Template: theme.Template{Subject: subject, Body: "Guten Tag {{ contact }}\n\n{{ button }}"}}
}

func saveText(t *testing.T, tenant *db.Tenant, save db.TextSave) *db.Text {
	t.Helper()
	text, err := tenant.SaveText(t.Context(), save)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// errorList is every error as code and path.
func errorList(err error) string {
	var all []string
	for _, e := range db.ErrorsOf(err) {
		all = append(all, strings.TrimSpace(string(e.Code)+" "+strings.Join(e.Path, ".")))
	}
	return strings.Join(all, ", ")
}

func TestTextsKeepTheirVersions(t *testing.T) {
	each(t, func(t *testing.T, store *db.Store) {
		live, test := account(t, store, "Nordlicht")
		first := saveText(t, live, textOf("de", "Eins"))
		if first.Name != db.DefaultText || first.Version != 1 || first.SavedBy == nil || *first.SavedBy != live.Viewer.KeyID || first.SavedAt == nil {
			t.Errorf("saved %+v", first)
		}
		if again := saveText(t, live, textOf("de", "Eins")); again.Version != 1 {
			t.Errorf("the same wording made version %d", again.Version)
		}
		saveText(t, live, textOf("de", "Zwei"))
		back := saveText(t, live, textOf("de", "Eins"))
		informal := textOf("de", "Du")
		informal.Formality = theme.Informal
		saveText(t, live, informal)
		named := textOf("de-at", "Umzug")
		named.Name = "move"
		if saved := saveText(t, live, named); saved.Locale != "de-AT" {
			t.Errorf("the language is %q", saved.Locale)
		}
		list := func(filter db.TextFilter) string {
			t.Helper()
			texts, err := test.Texts(t.Context(), filter)
			if err != nil {
				t.Fatal(err)
			}
			var all []string
			for _, v := range texts {
				all = append(all, strings.TrimSpace(fmt.Sprint(v.Name, " ", v.Locale, " ", v.Formality, " ", v.Version, " ", v.Subject)))
			}
			return strings.Join(all, "; ")
		}
		if got := list(db.TextFilter{}); got != "default de  3 Eins; default de INFORMAL 1 Du; move de-AT  1 Umzug" {
			t.Errorf("texts are %s", got)
		}
		if got := list(db.TextFilter{Name: ptr("move")}); got != "move de-AT  1 Umzug" {
			t.Errorf("texts are %s", got)
		}
		versions, err := live.TextVersions(t.Context(), []db.TextKey{back.TextKey, informal.TextKey})
		if err != nil || len(versions[back.TextKey]) != 3 || versions[back.TextKey][0].Subject != "Eins" || versions[back.TextKey][1].Subject != "Zwei" {
			t.Errorf("versions are %v, %v", versions, err)
		}
		deleted, err := live.DeleteText(t.Context(), db.TextKey{Locale: "de"})
		if err != nil || deleted.Version != 4 || !deleted.Deleted || deleted.Subject != "Eins" {
			t.Errorf("deleted %+v, %v", deleted, err)
		}
		if _, err := live.DeleteText(t.Context(), db.TextKey{Locale: "de"}); errorList(err) != "NOT_FOUND name" {
			t.Errorf("deleted twice: %v", err)
		}
		if got := list(db.TextFilter{}); got != "default de INFORMAL 1 Du; move de-AT  1 Umzug" {
			t.Errorf("texts are %s", got)
		}
		if got := list(db.TextFilter{Deleted: true, Name: ptr("default")}); got != "default de  4 Eins; default de INFORMAL 1 Du" {
			t.Errorf("texts are %s", got)
		}
		if again := saveText(t, live, textOf("de", "Eins")); again.Version != 5 {
			t.Errorf("saved anew it is version %d", again.Version)
		}
		if _, err := test.SaveText(t.Context(), textOf("de", "x")); errorList(err) != "LIVE_ONLY" {
			t.Errorf("a test key saves: %v", err)
		}
		other, _ := account(t, store, "Südlicht")
		if texts, err := other.Texts(t.Context(), db.TextFilter{Deleted: true}); err != nil || len(texts) != 0 {
			t.Errorf("another Company sees %v, %v", texts, err)
		}
	})
}

func TestTextsForgetVersionsBeyondTheLastHundred(t *testing.T) {
	each(t, func(t *testing.T, store *db.Store) {
		live, _ := account(t, store, "Nordlicht")
		for i := range 105 {
			saveText(t, live, textOf("de", fmt.Sprint("Version ", i+1)))
		}
		key := db.TextKey{Name: db.DefaultText, Locale: "de"}
		versions, err := live.TextVersions(t.Context(), []db.TextKey{key})
		if err != nil {
			t.Fatal(err)
		}
		kept := versions[key]
		if len(kept) != 101 || kept[0].Version != 105 || kept[99].Version != 6 || kept[100].Version != 1 {
			t.Errorf("%d versions are kept, from %d to %d", len(kept), kept[len(kept)-1].Version, kept[0].Version)
		}
	})
}

func TestSaveTextSaysWhatIsWrongAndWhere(t *testing.T) {
	each(t, func(t *testing.T, store *db.Store) {
		live, _ := account(t, store, "Nordlicht")
		define(t, live, "vehicle", profile.TypeText)
		define(t, live, "secret", profile.TypeText, withPolicy(db.FieldHidden))
		tests := []struct {
			name   string
			change func(*db.TextSave)
			errors string
			says   string
		}{
			{"nothing", func(s *db.TextSave) { *s = db.TextSave{} }, "INVALID_LOCALE locale, REQUIRED subject, REQUIRED body", ""},
			{"a name", func(s *db.TextSave) { s.Name = "Ein Name" }, "INVALID name", ""},
			{"a language", func(s *db.TextSave) { s.Locale = "deutsch!" }, "INVALID_LOCALE locale", ""},
			{"a formality", func(s *db.TextSave) { s.Formality = "SIR" }, "INVALID formality", ""},
			{"long", func(s *db.TextSave) {
				s.Subject, s.Preheader, s.Body, s.Button, s.SMS = strings.Repeat("x", 251), strings.Repeat("x", 251), strings.Repeat("x", 10_001), strings.Repeat("x", 61), strings.Repeat("x", 1001)
			}, "TOO_LONG subject, TOO_LONG preheader, TOO_LONG body, TOO_LONG button, TOO_LONG sms", ""},
			{"long by blanks", func(s *db.TextSave) { s.Body = strings.Repeat("\n", 10_001) + "x" }, "TOO_LONG body", ""},
			{"what no screen can show", func(s *db.TextSave) { s.Subject = "a\x01" }, "INVALID subject", "cannot be shown"},
			{"a field in each part", func(s *db.TextSave) {
				s.Subject, s.Preheader, s.Body, s.Button, s.SMS = "{{ a }}", "{{ b }}", "x\n\n y {{ c }}", "{{ d }}", "x\n{{ e }}"
			}, "INVALID button, INVALID subject, INVALID preheader, INVALID body, INVALID sms", ""},
			{"its place", func(s *db.TextSave) { s.Body = "x\r\n\r\n y {{ contct }}" }, "INVALID body", `line 3, column 4: there is no field "contct"; there are greeting, contact,`},
			{"a filter", func(s *db.TextSave) { s.Body = "{{ contact | money }}" }, "INVALID body", `there is no filter "money"; there are greeting, date`},
			{"a greeting of somebody else", func(s *db.TextSave) { s.Body = "{{ employee | greeting }}" }, "INVALID body", "for contact"},
			{"a manner that there is not", func(s *db.TextSave) { s.Body = "{{ contact | greeting: 'warm' }}" }, "INVALID body", `"formal" or "informal"`},
			{"a date of no day", func(s *db.TextSave) { s.Body = "{{ contact | date: '%d' }}" }, "INVALID body", "for expires, today"},
			{"a date without a form", func(s *db.TextSave) { s.Body = "{{ expires | date }}" }, "INVALID body", "needs a form"},
			{"a form that means nothing", func(s *db.TextSave) { s.Body = "{{ expires | date: '%Q' }}" }, "INVALID body", "means nothing"},
			{"a filtered link", func(s *db.TextSave) { s.Body = "{{ link | upcase }}" }, "INVALID body", "would lead nowhere"},
			{"a custom field that there is not", func(s *db.TextSave) { s.Body = "{{ contact.customFields.boat }}" }, "INVALID body", "customFieldSave"},
			{"a hidden one", func(s *db.TextSave) { s.Body = "{{ contact.customFields.secret }}" }, "INVALID body", "HIDDEN"},
			{"a loop", func(s *db.TextSave) { s.Body = "{% for i in (1..9) %}{% endfor %}" }, "INVALID body", "not possible"},
			{"a script's link", func(s *db.TextSave) { s.Body = "[x](javascript:alert(1))" }, "INVALID body", "cannot lead to"},
			{"too many fields", func(s *db.TextSave) { s.Body = strings.Repeat("{{contact}}{{ask}} ", 500) }, "TOO_LONG body", "Gmail clips"},
			{"an SMS without end", func(s *db.TextSave) { s.SMS = strings.Repeat("{{ ask }} ", 60) }, "TOO_LONG sms", "segments"},
		}
		for _, test := range tests {
			save := textOf("de", "A")
			test.change(&save)
			_, err := live.SaveText(t.Context(), save)
			if got := errorList(err); got != test.errors || err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("%s: got %s, want %s: %v", test.name, got, test.errors, err)
			}
		}
		fine := textOf("de", "{{ company.name }}")
		fine.Body = "{{ contact | greeting: \"formal\" }} {{ expires | date: '%-d. %B %Y' | upcase }} {{ contact.customFields.vehicle | default: \"Ihr Wagen\" }} {% if contact.salutation == 'Frau' %}x{% endif %}"
		saveText(t, live, fine)
	})
}

func TestRequestsGoByATextOfAName(t *testing.T) {
	withAsker(t, func(a *asker) {
		if _, err := a.live.CreateRequests(a.Context(), db.RequestsCreate{ContactExternalIDs: []string{"K-1"}, Text: ptr("move")}); errorList(err) != "NOT_FOUND text" {
			a.Errorf("an unknown text: %v", err)
		}
		named := textOf("de", "Umzug")
		named.Name = "move"
		saveText(a.T, a.live, named)
		for _, test := range []struct {
			text *string
			want string
		}{{ptr("move"), "move"}, {nil, ""}, {ptr(db.DefaultText), ""}} {
			made, err := a.live.CreateRequests(a.Context(), db.RequestsCreate{ContactExternalIDs: []string{"K-1"}, Text: test.text})
			if err != nil {
				a.Fatal(err)
			}
			r, err := a.live.Request(a.Context(), made.Requests[0].ID)
			if err != nil {
				a.Fatal(err)
			}
			got := ""
			if r.TextName != nil {
				got = *r.TextName
			}
			if got != test.want {
				a.Errorf("the Request goes by %q, want %q", got, test.want)
			}
		}
		if _, err := a.live.DeleteText(a.Context(), named.TextKey); err != nil {
			a.Fatal(err)
		}
		_, err := a.live.CreateRequests(a.Context(), db.RequestsCreate{ContactExternalIDs: []string{"K-1"}, Text: ptr("move")})
		if errorList(err) != "NOT_FOUND text" {
			a.Errorf("a deleted text: %v", err)
		}
	})
}
