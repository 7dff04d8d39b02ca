package deliver

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"complero/db"
	"complero/db/profile"
	"complero/server/deliver/email"
	"complero/theme"
)

var update = flag.Bool("update", false, "write the golden files anew")

func ptr(s string) *string { return &s }

var now = time.Date(2026, 11, 21, 19, 15, 0, 0, time.UTC)

func sampleCompany() *db.Company {
	return &db.Company{
		Key: 1, ID: "company_1", Name: "Nordlicht", CountryCode: "DE", Locale: "de", Timezone: "Europe/Berlin", WithEmployees: true,
		SenderName: ptr("Nordlicht Versicherung"), SenderAddress: ptr("kontakt@nordlicht.example"), SupportContact: ptr("hilfe@nordlicht.example"),
		Imprint: ptr("Nordlicht Versicherung AG, Hafenstraße 1, 24103 Kiel\nAmtsgericht Kiel, HRB 12345"), PrivacyURL: ptr("https://nordlicht.example/datenschutz"),
	}
}

func sampleEmployee() *db.Employee {
	return &db.Employee{
		ID: "employee_1", DisplayName: "Defne Kupfer", GivenName: ptr("Defne"), FamilyName: ptr("Kupfer"),
		Email: ptr("d.kupfer@nordlicht.example"), JobTitle: ptr("Kundenbetreuerin"),
	}
}

func sampleOutgoing() *db.Outgoing {
	p := profile.Profile{
		Locale: "de-DE", Salutation: "Frau", Title: "Prof. Dr.", GivenName: "Juliane", FamilyName: "Kettenis",
		Emails: []profile.Email{{ID: "email_1", Address: "juliane@example.net"}},
	}
	return &db.Outgoing{
		DeliveryID: "delivery_1", RequestID: "request_1", ContactID: "contact_1",
		Request: &db.Request{ID: "request_1", ExpiresAt: now.AddDate(0, 0, 90)},
		Contact: &db.Contact{ID: "contact_1", Profile: p}, Employee: sampleEmployee(), To: p.Emails[0],
		Link: "https://complero.example/u/abcdefghijklmnopqrstuvwxyz", StopLink: "https://complero.example/u/abcdefghijklmnopqrstuvwxyz/stop",
		CheckCode: "7K3QF-2MXD9", MessageID: "delivery_1@nordlicht.example",
	}
}

func newHead(t testing.TB, c *db.Company, formality theme.Formality) *letterhead {
	t.Helper()
	s, err := New(nil, Settings{})
	if err != nil {
		t.Fatal(err)
	}
	s.home = func(*db.Company) string { return "https://complero.example" }
	brand := theme.DefaultBrand("Nordlicht")
	brand.Formality = formality
	head, err := s.newLetterhead(t.Context(), c, &db.Brand{Version: 1, Theme: brand}, false)
	if err != nil {
		t.Fatal(err)
	}
	return head
}

func compose(t testing.TB, head *letterhead, o *db.Outgoing) *email.Message {
	t.Helper()
	m, err := head.requestMail(o, now)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; look at it after go test -update\n%s", file, got)
	}
}

// inHTML are the languages whose HTML is kept too; that of the others differs
// in its words alone.
var inHTML = map[string]bool{"de": true, "en": true, "ar": true}

func formalityOf(l Language) theme.Formality {
	if l.informal {
		return theme.Informal
	}
	return theme.Formal
}

func TestRequestSpeaksEachLanguage(t *testing.T) {
	for _, language := range languages() {
		if language.informal && language.String() == language.Tag {
			continue // it is the same
		}
		o := sampleOutgoing()
		o.Contact.Profile.Locale = language.Tag + "-DE"
		m := compose(t, newHead(t, sampleCompany(), formalityOf(language)), o)
		golden(t, "request."+language.String()+".txt", "From: "+m.From.String()+"\nReply-To: "+m.ReplyTo.String()+"\nTo: "+m.To.String()+"\nSubject: "+m.Subject+"\n\n"+m.Text)
		if inHTML[language.Tag] {
			golden(t, "request."+language.String()+".html", m.HTML)
		}
	}
}

func TestRequestFallsBackToTheCompanysLanguage(t *testing.T) {
	for _, test := range []struct{ contact, company, want string }{
		{"en-US", "de", "Are your"}, {"tr", "de-AT", "Stimmen"}, {"", "de", "Stimmen"}, {"tr", "tr", "Are your"}, {"", "", "Are your"}, {"fr-CA", "de", "Vos"},
	} {
		c, o := sampleCompany(), sampleOutgoing()
		c.Locale, o.Contact.Profile.Locale = test.company, test.contact
		if m := compose(t, newHead(t, c, theme.Formal), o); !strings.HasPrefix(m.Subject, test.want) {
			t.Errorf("Contact %q, Company %q: subject is %q", test.contact, test.company, m.Subject)
		}
	}
}

func TestRequestIsSentByWhomTheContactKnows(t *testing.T) {
	team := &db.Employee{ID: "employee_2", DisplayName: "Team Kiel"}
	itself := &db.Employee{ID: "employee_3", DisplayName: "Nordlicht Versicherung"}
	tests := []struct {
		name          string
		with          bool
		employee      *db.Employee
		support       *string
		from, replyTo string
		says          string
	}{
		{"a person", true, sampleEmployee(), nil, "Defne Kupfer (Nordlicht Versicherung)", "Defne Kupfer <d.kupfer@nordlicht.example>", "möchte ich sicher sein"},
		{"a team without an address", true, team, ptr("hilfe@nordlicht.example"), "Team Kiel (Nordlicht Versicherung)", "Nordlicht Versicherung <hilfe@nordlicht.example>", "hier schreibt Ihnen Team Kiel"},
		{"the Company as a team", true, itself, nil, "Nordlicht Versicherung", "", "hier schreibt Ihnen Nordlicht Versicherung von"},
		{"nobody", true, nil, ptr("+49 431 1234"), "Nordlicht Versicherung", "", "damit Sie wichtige Nachrichten von Nordlicht"},
		{"a Company without Employees", false, sampleEmployee(), nil, "Nordlicht Versicherung", "", "damit Sie wichtige Nachrichten von Nordlicht"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c, o := sampleCompany(), sampleOutgoing()
			c.WithEmployees, c.SupportContact, o.Employee = test.with, test.support, test.employee
			m := compose(t, newHead(t, c, theme.Formal), o)
			replyTo := ""
			if m.ReplyTo != nil {
				replyTo = m.ReplyTo.String()
			}
			if m.From.Name != test.from || m.From.Address != "kontakt@nordlicht.example" || replyTo != test.replyTo {
				t.Errorf("from %s, answers to %s", m.From, replyTo)
			}
			if !strings.Contains(m.Text, test.says) {
				t.Errorf("%q is missing in\n%s", test.says, m.Text)
			}
			if answers := strings.Contains(m.Text, "antworten Sie"); answers != (replyTo != "") {
				t.Errorf("it invites answers: %v", answers)
			}
		})
	}
}

func TestRequestNamesWhatIsAskedAndNoMore(t *testing.T) {
	tests := []struct {
		asks     []db.Ask
		custom   bool
		consents bool
		want     string
	}{
		{nil, false, false, "Ihre Angaben zur Person, Ihre Anschrift, Ihre E-Mail-Adressen und Ihre Telefonnummern"},
		{nil, true, true, "Ihre Telefonnummern, Ihre weiteren Angaben bei uns und Ihre Einwilligungen"},
		{[]db.Ask{db.AskAddress}, true, true, "prüfen Sie Ihre Anschrift."},
		{[]db.Ask{db.AskAddress, db.AskConsents}, true, false, "prüfen Sie Ihre Anschrift und Ihre Einwilligungen."},
	}
	for _, test := range tests {
		head, o := newHead(t, sampleCompany(), theme.Formal), sampleOutgoing()
		head.consents, o.Request.Ask = test.consents, test.asks
		if test.custom {
			o.Contact.Profile.CustomFields = map[string]any{"vehicle": "VW"}
		}
		if text := strings.Join(strings.Fields(compose(t, head, o).Text), " "); !strings.Contains(text, test.want) {
			t.Errorf("%v: %q is missing in\n%s", test.asks, test.want, text)
		}
	}
}

func TestRequestCarriesTheWayOut(t *testing.T) {
	m := compose(t, newHead(t, sampleCompany(), theme.Formal), sampleOutgoing())
	data, err := m.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := mail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	for header, want := range map[string]string{
		"List-Unsubscribe":      "<https://complero.example/u/abcdefghijklmnopqrstuvwxyz/stop>",
		"List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
		"Message-Id":            "<delivery_1@nordlicht.example>",
		"Date":                  "Sat, 21 Nov 2026 20:15:00 +0100",
	} {
		if got := parsed.Header.Get(header); got != want {
			t.Errorf("%s is %q, want %q", header, got, want)
		}
	}
	for _, part := range []string{m.Text, m.HTML} {
		for _, want := range []string{"/stop", "hilfe@nordlicht.example", "HRB 12345", "19. Februar 2027"} {
			if !strings.Contains(part, want) {
				t.Errorf("%q is missing in\n%s", want, part)
			}
		}
	}
	if strings.Contains(m.HTML, "<img") {
		t.Error("it loads a picture from somewhere")
	}
}

func TestRequestTakesWhatPeopleAreCalled(t *testing.T) {
	for _, name := range []string{"שרה", "محمد", "👩‍🚀", "<script>alert(1)</script>", "{{ link }}", "x\r\nBcc: evil@example.com", strings.Repeat("ä", 300), "**fett**"} {
		o := sampleOutgoing()
		o.Contact.Profile.GivenName, o.Contact.Profile.FamilyName, o.Contact.Profile.Salutation = name, name, ""
		o.Employee.DisplayName = name
		m := compose(t, newHead(t, sampleCompany(), theme.Formal), o)
		data, err := m.Append(nil)
		if err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		parsed, err := mail.ReadMessage(bytes.NewReader(data))
		if err != nil || parsed.Header.Get("Bcc") != "" {
			t.Errorf("%q: headers are %v, %v", name, parsed.Header, err)
		}
		if strings.Contains(m.HTML, "<script") || strings.Contains(m.Text, "<strong>") {
			t.Errorf("%q is read as HTML", name)
		}
		from, err := mail.ParseAddress(parsed.Header.Get("From"))
		if err != nil || from.Address != "kontakt@nordlicht.example" {
			t.Errorf("%q: From is %v, %v", name, from, err)
		}
	}
}

func TestNoticeShowsBeforeAndAfterInWords(t *testing.T) {
	change := func(field, before, after string) profile.Change {
		return profile.Change{Field: field, Before: json.RawMessage(before), After: json.RawMessage(after)}
	}
	changes := []profile.Change{
		change("familyName", `"Kettenis"`, `"Kettenis-Öz"`),
		change("birthDate", `null`, `"1980-02-29"`),
		change("addresses[0].street", `"Alte Straße"`, `"Neue Straße"`),
		change("addresses[0].countryCode", `"DE"`, `"AT"`),
		change("emails[1].address", `"a@example.net"`, `"b@example.net"`),
		change("emails[2]", `null`, `{"id":"email_9","address":"neu@example.net","use":"PRIVATE"}`),
		change("phones[0].kind", `"LANDLINE"`, `"MOBILE"`),
		change("addresses[1]", `{"street":"Weg","houseNumber":"3a","postalCode":"24103","city":"Kiel","countryCode":"DE","use":"BUSINESS"}`, `null`),
		change("locale", `"de"`, `"en"`),
		change("phones[1].number", `null`, `"+491712345678"`),
		change("customFields.vehicle", `"VW <Golf>"`, `true`),
		change("emails[0].health", `"UNKNOWN"`, `"REACHED"`),
	}
	for _, language := range languages() {
		if language.informal && language.String() == language.Tag {
			continue // it is the same
		}
		c := sampleCompany()
		c.Locale = language.Tag
		head := newHead(t, c, formalityOf(language))
		m, err := head.noticeMail(&db.Notice{Employee: sampleEmployee(), Contact: sampleOutgoing().Contact, Changes: changes, MessageID: "n@nordlicht.example"}, now)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "notice."+language.String()+".txt", "From: "+m.From.String()+"\nTo: "+m.To.String()+"\nSubject: "+m.Subject+"\n\n"+m.Text)
		if inHTML[language.Tag] {
			golden(t, "notice."+language.String()+".html", m.HTML)
		}
		if fmt.Sprint(m.Headers) != "[{Auto-Submitted auto-generated}]" {
			t.Errorf("headers are %v", m.Headers)
		}
	}
}

func TestCodeMailSaysTheCodeAndNothingElse(t *testing.T) {
	for _, language := range languages() {
		if language.informal && language.String() == language.Tag {
			continue // it is the same
		}
		head := newHead(t, sampleCompany(), formalityOf(language))
		contact := *sampleOutgoing().Contact
		contact.Profile.Locale = language.Tag
		m, err := head.singleMail(head.code(&db.VerificationCode{Contact: &contact, To: "juliane@example.net", Code: "012345", MessageID: "code-1@nordlicht.example"}), now)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "code."+language.String()+".txt", "From: "+m.From.String()+"\nTo: "+m.To.String()+"\nSubject: "+m.Subject+"\n\n"+m.Text)
		if inHTML[language.Tag] {
			golden(t, "code."+language.String()+".html", m.HTML)
		}
		if strings.Count(m.Text, "012345") != 1 || strings.Contains(m.Subject, "012345") || strings.Contains(m.Text, "/u/") || fmt.Sprint(m.Headers) != "[{Auto-Submitted auto-generated}]" {
			t.Errorf("%s: %s\n%s\n%v", language, m.Subject, m.Text, m.Headers)
		}
	}
}

func BenchmarkCompose(b *testing.B) {
	head, o := newHead(b, sampleCompany(), theme.Formal), sampleOutgoing()
	out := make([]byte, 0, 64<<10)
	b.ReportAllocs()
	for b.Loop() {
		var err error
		if out, err = compose(b, head, o).Append(out[:0]); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(out)), "bytes/message")
}
