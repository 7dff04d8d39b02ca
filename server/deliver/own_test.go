package deliver

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/osteele/liquid"

	"complero/db"
	"complero/db/profile"
	"complero/theme"
)

// ownHead is a letterhead of a Company with texts of its own.
func ownHead(t testing.TB, f theme.Formality, own ...*db.Text) *letterhead {
	t.Helper()
	head := newHead(t, sampleCompany(), f)
	head.own = ownTexts{}
	for _, text := range own {
		key := text.TextKey
		key.Locale = strings.ToLower(key.Locale)
		head.own[key] = text
	}
	return head
}

func ownText(name, locale string, f theme.Formality, subject string) *db.Text {
	return &db.Text{TextKey: db.TextKey{Name: name, Locale: locale, Formality: f}, Template: theme.Template{Subject: subject, Body: "Kurz."}}
}

func TestRequestGoesByTheCompanysOwnText(t *testing.T) {
	own := []*db.Text{
		ownText("default", "de", "", "Eigener"), ownText("default", "de", theme.Informal, "Eigener, du"), ownText("default", "de-AT", "", "Servus"),
		ownText("default", "en", "", "Own"), ownText("default", "tr", "", "Türkçe"), ownText("move", "de", "", "Umzug"), ownText("default", "fr", theme.Informal, "Toi"),
	}
	tests := []struct {
		name, locale string
		text         *string
		formality    theme.Formality
		want         string
	}{
		{"in the Contact's language", "de-DE", nil, theme.Formal, "Eigener"},
		{"in the Contact's own variant", "de-AT", nil, theme.Formal, "Servus"},
		{"in the Brand's way of address", "de", nil, theme.Informal, "Eigener, du"},
		{"by name", "de", ptr("move"), theme.Formal, "Umzug"},
		{"by name, in another language", "en-US", ptr("move"), theme.Formal, "Own"},
		{"by a name that has gone", "de", ptr("gone"), theme.Formal, "Eigener"},
		{"in a language that is not built in", "tr", nil, theme.Formal, "Türkçe"},
		{"built in, where the language is missing", "it", nil, theme.Formal, "I Suoi dati"},
		{"built in, where the way of address is missing", "fr", nil, theme.Formal, "Vos"},
		{"in the Company's language, where nothing else is there", "sv", nil, theme.Formal, "Eigener"},
		{"of a Contact whose language nobody knows", "", nil, theme.Formal, "Eigener"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			o := sampleOutgoing()
			o.Contact.Profile.Locale, o.Request.TextName = test.locale, test.text
			head := ownHead(t, test.formality, own...)
			for range 2 {
				if m := compose(t, head, o); !strings.HasPrefix(m.Subject, test.want) {
					t.Errorf("the subject is %q, want %q", m.Subject, test.want)
				}
			}
		})
	}
}

func TestOwnTextsSpeakTheirLanguage(t *testing.T) {
	text := ownText("default", "he", "", "שלום")
	head := ownHead(t, theme.Formal, text)
	o := sampleOutgoing()
	o.Contact.Profile.Locale = "he"
	if m := compose(t, head, o); !strings.Contains(m.HTML, `<html lang="he" dir="rtl">`) || !strings.Contains(m.HTML, "Bitte schreiben Sie mir nicht mehr") {
		t.Errorf("got\n%s", m.HTML)
	}
}

func TestNoTextHidesWhatTheLawWants(t *testing.T) {
	for _, body := range []string{"x", "<!--", "<style>*{display:none}</style>", "> > > -", "[x]: {{ stopLink }}", "{% if employee.phone %}x{% endif %}.", "\\", "# ", "```"} {
		text := ownText("default", "de", "", "S")
		text.Body, text.SMS = body, "Kurz"
		head, o := ownHead(t, theme.Formal, text), sampleOutgoing()
		p, err := head.write(o, now)
		if err != nil {
			t.Fatal(err)
		}
		mail, sms, letter := each(t, p)
		for name, message := range map[string]string{"HTML": mail.HTML, "text": mail.Text, "letter": letter} {
			for _, want := range []string{o.Link, o.StopLink, o.CheckCode, "HRB 12345", "nordlicht.example/datenschutz", "complero.example/check"} {
				if !strings.Contains(message, want) {
					t.Errorf("%q: the %s lacks %s", body, name, want)
				}
			}
		}
		for _, want := range []string{o.Link, o.StopLink, o.CheckCode, "complero.example/check"} {
			if !strings.Contains(sms.Text, want) {
				t.Errorf("%q: the SMS lacks %s", body, want)
			}
		}
	}
}

// each makes a piece's message for every Channel.
func each(t testing.TB, p *piece) (theme.Rendered, theme.SMS, string) {
	t.Helper()
	mail, err := p.layout.Render(p.values)
	if err != nil {
		t.Fatal(err)
	}
	sms, err := p.layout.SMS(p.values)
	if err != nil {
		t.Fatal(err)
	}
	letter, err := p.layout.Letter(p.values)
	if err != nil {
		t.Fatal(err)
	}
	return mail, sms, letter.Text()
}

func TestSMSAndLetterSpeakEachLanguage(t *testing.T) {
	for _, language := range languages() {
		if language.informal && language.String() == language.Tag {
			continue // it is the same
		}
		o := sampleOutgoing()
		o.Contact.Profile.Locale = language.Tag
		p, err := newHead(t, sampleCompany(), formalityOf(language)).write(o, now)
		if err != nil {
			t.Fatal(err)
		}
		mail, sms, letter := each(t, p)
		golden(t, "request."+language.String()+".sms", fmt.Sprintf("%s %d %d\n%s\n", sms.Encoding, sms.Length, sms.Segments, sms.Text))
		if inHTML[language.Tag] {
			golden(t, "request."+language.String()+".letter.txt", letter)
		}
		if most := map[theme.SMSEncoding]int{theme.GSM7: 2, theme.UCS2: 4}[sms.Encoding]; sms.Segments > most || sms.Encoding == theme.UCS2 && language.Tag != "ar" {
			t.Errorf("the SMS in %s takes %d segments in %s", language, sms.Segments, sms.Encoding)
		}
		if len(mail.HTML) > 102<<10 {
			t.Errorf("Gmail clips the mail in %s", language)
		}
	}
}

func TestWhoeverWritesALineOfTheirOwnIsHeard(t *testing.T) {
	const line = "**Bis** {{ company }} <b>morgen</b>!"
	for what, body := range map[string]string{"built in": "", "own": "Guten Tag.", "own with its place": "Guten Tag. {{ note }} Ende."} {
		head := newHead(t, sampleCompany(), theme.Formal)
		if body != "" {
			text := ownText("default", "de", "", "S")
			text.Body = body
			head.own = ownTexts{text.TextKey: text}
		}
		for _, note := range []*string{nil, ptr(line)} {
			o := sampleOutgoing()
			o.Request.Note = note
			p, err := head.write(o, now)
			if err != nil {
				t.Fatal(err)
			}
			mail, _, _ := each(t, p)
			if n := strings.Count(mail.Text, line); note == nil && n != 0 || note != nil && n != 1 || strings.Contains(mail.HTML, "<b>morgen") {
				t.Errorf("%s: the line stands %d times in\n%s", what, n, mail.Text)
			}
		}
	}
}

func TestEveryFieldHasItsValue(t *testing.T) {
	o := sampleOutgoing()
	o.Employee.Phone, o.Contact.Profile.Organisation, o.Request.Note = ptr("+49 431 1234"), "Kettenis GmbH", ptr("Bis Dienstag!")
	o.Contact.Profile.CustomFields = map[string]any{"vehicle": "VW", "since": "2020-02-01", "km": 12.5, "smoker": true, "size": "L"}
	head := newHead(t, sampleCompany(), theme.Formal)
	head.custom = map[string]*db.CustomField{
		"since": {Definition: profile.Definition{Key: "since", Type: profile.TypeDate}},
		"size": {Definition: profile.Definition{Key: "size", Type: profile.TypeChoice, Choices: []profile.Choice{
			{Value: "L", Labels: []profile.Label{{Locale: "de", Label: "groß"}}},
		}}},
	}
	var body strings.Builder
	for _, f := range db.TextFields() {
		if f.Name != "team" && f.Name != "button" && !strings.HasSuffix(f.Name, "KEY") {
			fmt.Fprintf(&body, "%s={{ %s }};\\\n", f.Name, f.Name)
		}
	}
	for _, e := range []string{
		"contact | greeting: 'informal'", "contact | greeting: \"formal\"", "expires | date: '%d.%m.%y %-d. %-m. %B %Y 100%%'", "today | date: '%-d.%-m.'",
		"contact.customFields.vehicle", "contact.customFields.since", "contact.customFields.since | date: '%Y'", "contact.customFields.km",
		"contact.customFields.smoker", "contact.customFields.size", "contact.customFields.none | default: '—' | upcase", "contact.customFields.vehicle | date: '%Y'",
	} {
		fmt.Fprintf(&body, "%s={{ %s }};\\\n", strings.ReplaceAll(e, "|", "/"), e)
	}
	text := ownText("default", "de", "", "S")
	text.Body = body.String() + "{% if contact.title == 'Prof. Dr.' and %}"
	if _, err := theme.ParseTemplate(text.Template, db.SavedTextVocabulary()); err == nil {
		t.Error("and is taken")
	}
	text.Body = body.String() + "{% if contact.title == 'Prof. Dr.' %}gleich{% endif %}{% if contact.title != '' %}, anders{% endif %}{% unless team %}, allein{% endunless %}"
	head.own = ownTexts{text.TextKey: text}
	p, err := head.write(o, now)
	if err != nil {
		t.Fatal(err)
	}
	mail, _, _ := each(t, p)
	golden(t, "fields.txt", mail.Text)
	for _, line := range strings.Split(mail.Text, "\n") {
		if strings.HasSuffix(line, "=;") {
			t.Errorf("%s is empty", line)
		}
	}
}

// TestFiltersMeanWhatTheyMeanToLiquid compares those that are Liquid's own.
func TestFiltersMeanWhatTheyMeanToLiquid(t *testing.T) {
	engine := liquid.NewEngine()
	day := time.Date(2027, 2, 9, 12, 0, 0, 0, time.UTC)
	for _, value := range []string{"", "Anna", "anna maria", "ÄRZTE"} {
		for _, filters := range []string{"upcase", "downcase", "capitalize", "default: 'Sie'", "default: 'sie' | upcase"} {
			e := expressionOf(t, "contact.givenName | "+filters)
			want, err := engine.ParseAndRenderString("{{ v | "+filters+" }}", map[string]any{"v": value})
			if err != nil {
				t.Fatal(err)
			}
			if got := e.Apply(value, nil); got != want {
				t.Errorf("%q | %s is %q, to Liquid %q", value, filters, got, want)
			}
		}
	}
	for _, form := range []string{"%d.%m.%Y", "%-d.%-m.%y", "%B %d", "100%%", "%Y"} {
		want, err := engine.ParseAndRenderString("{{ v | date: '"+form+"' }}", map[string]any{"v": day})
		if err != nil {
			t.Fatal(err)
		}
		if got := formatDate(languageOf(theme.Formal, "en"), day, form); got != want {
			t.Errorf("date: %q is %q, to Liquid %q", form, got, want)
		}
	}
}

// expressionOf is what a text's first field is read as.
func expressionOf(t *testing.T, inner string) theme.Expression {
	t.Helper()
	m, err := theme.ParseTemplate(theme.Template{Subject: "{{ " + inner + " }}", Body: "x", Button: "x"}, db.SavedTextVocabulary())
	if err != nil {
		t.Fatal(err)
	}
	uses := m.Uses()
	at := slices.IndexFunc(uses, func(u theme.Use) bool { return len(u.Filters) > 0 })
	return uses[at].Expression
}

func FuzzOwnText(f *testing.F) {
	f.Add("{{ company }}", "{{ contact | greeting: 'formal' | upcase }}\n\n{% if expires == 'x' %}a{% endif %}{{ contact.customFields.a.b-c | date: '%d' }}", "{{ today | date: '%-d' }}", "Öz")
	f.Add("", "", "", "")
	f.Fuzz(func(t *testing.T, subject, body, sms, name string) {
		text := &db.Text{TextKey: db.TextKey{Name: "default", Locale: "de"}, Template: theme.Template{Subject: subject, Body: body, SMS: sms}}
		if _, err := theme.ParseTemplate(text.Template, db.SavedTextVocabulary()); err != nil {
			return
		}
		o := sampleOutgoing()
		o.Contact.Profile.GivenName, o.Contact.Profile.CustomFields = name, map[string]any{"a": name}
		p, err := ownHead(t, theme.Formal, text).write(o, now)
		if err != nil {
			return
		}
		mail, err := p.layout.Render(p.values)
		if err != nil {
			return
		}
		for _, message := range []string{mail.HTML, mail.Text} {
			if !strings.Contains(message, o.Link) || !strings.Contains(message, o.StopLink) || !strings.Contains(message, o.CheckCode) {
				t.Errorf("a message lacks the way:\n%s", message)
			}
		}
	})
}

func BenchmarkComposeOwn(b *testing.B) {
	text := ownText("default", "de", "", "{{ company }}: stimmt noch alles, {{ contact.givenName | default: 'Kunde' }}?")
	text.Body = "{{ contact | greeting: 'formal' }}\n\nbitte prüfen Sie {{ ask }} bis {{ expires | date: '%d.%m.%Y' }}.\n\n{{ button }}\n\n{% if contact.title == 'Dr.' %}Doktor{% endif %}\n\n{{ employee }}"
	head, o := ownHead(b, theme.Formal, text), sampleOutgoing()
	out := make([]byte, 0, 64<<10)
	b.ReportAllocs()
	for b.Loop() {
		var err error
		if out, err = compose(b, head, o).Append(out[:0]); err != nil {
			b.Fatal(err)
		}
	}
}
