package theme

import (
	"os"
	"strings"
	"testing"
)

var requestFields = []string{
	"brand", "employee", "jobTitle", "greeting", "note", "askAddress", "askDigital", "link", "expires", "reference", "support",
}

func testFrame() Frame {
	return Frame{
		Locale:       "de",
		LogoURL:      "https://example.com/logo/1.png?a=1&b=2",
		Imprint:      "Nordlicht Versicherung AG\nHafenstraße 1 · 20457 Hamburg\nVorstand: Dr. Ada Öhm",
		SupportLabel: "Fragen?",
		Support:      "hilfe@example.com",
		PrivacyLabel: "Datenschutz",
		PrivacyURL:   "https://example.com/datenschutz",
		StopLabel:    "Nicht mehr fragen",
		CheckLabel:   "Wirklich von uns? Prüfen Sie es auf example.com/check mit dem Code",
		SMSStop:      "Stopp:",
		SMSCheck:     "Echt? example.com/check Code",
	}
}

func requestValues() map[string]string {
	return map[string]string{
		"brand": "Nordlicht", "employee": "Jörg O'Neill <b>", "jobTitle": "Berater & Freund",
		"greeting": "Sehr geehrte Frau Dr. Čapek", "note": "Zwei Zeilen,\r\ndie *keine* [Links](http://evil.example) sind.",
		"askAddress": "1", "askDigital": "1", "link": "https://example.com/u/abcdefghijklmnopqrstuvwxyz234567?x=1&y=2",
		"expires": "31.12.2026", "reference": "A&B 7", "support": "hilfe+nord@example.com",
		StopLink: "https://example.com/u/abcdefghijklmnopqrstuvwxyz234567/stop", CheckCode: "7K3QF-2MXD9",
	}
}

func testChanges() Table {
	return Table{
		Field: "changes",
		Head:  Row{"Feld", "vorher", "jetzt"},
		Rows: []Row{
			{"Nachname", "Müller", "Müller-<i>Meier</i>"},
			{"Anschrift", "Alte Gasse 1\n55116 Mainz", "Neue Allee 20\n65183 Wiesbaden"},
			{"E-Mail", "", "ada@example.com"},
		},
	}
}

func mustLayout(t testing.TB, source string, b Brand, f Frame, fields []string, tables ...string) *Layout {
	t.Helper()
	m, err := ParseMessage(source, fields, tables...)
	if err != nil {
		t.Fatal(err)
	}
	l, err := m.For(b, f)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func mustRender(t testing.TB, l *Layout, values map[string]string, tables ...Table) Rendered {
	t.Helper()
	r, err := l.Render(values, tables...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func mustRead(t testing.TB, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestRenderIsAsPublished(t *testing.T) {
	frames := map[string]func(*Frame){
		"default": func(*Frame) {},
		"loud":    func(f *Frame) { f.LogoURL, f.Support = "", "https://example.com/hilfe" },
		"dark":    func(f *Frame) { f.Dir, f.Locale, f.Support, f.PrivacyURL = "rtl", "he", "An der Pforte", "" },
	}
	for name, brand := range testBrands() {
		frame := testFrame()
		frames[name](&frame)
		request := mustRender(t, mustLayout(t, mustRead(t, "testdata/request.md"), brand, frame, requestFields), requestValues())
		golden(t, "request-"+name+".html", request.HTML)
		golden(t, "request-"+name+".txt", request.Subject+"\n\n"+request.Text)

		frame.StopLabel, frame.CheckLabel = "", ""
		layout := mustLayout(t, mustRead(t, "testdata/changes.md"), brand, frame, []string{"contact", "link"}, "changes")
		changes := mustRender(t, layout, map[string]string{"contact": "Ada Müller", "link": "https://example.com/me/1"}, testChanges())
		golden(t, "changes-"+name+".html", changes.HTML)
		golden(t, "changes-"+name+".txt", changes.Subject+"\n\n"+changes.Text)
	}
}

func TestParseMessageNamesLineAndCure(t *testing.T) {
	tests := []struct{ name, source, says string }{
		{"no subject", "Hello\n\nText", "line 1: a template begins with its subject"},
		{"empty", "", "line 1: a template begins"},
		{"empty subject", "Subject: \n\nText", "the subject is empty"},
		{"no gap", "Subject: A\nText", "line 2: after the subject there must be an empty line"},
		{"no text", "Subject: A\n\n  \n", "no text"},
		{"unknown field", "Subject: A\n\nDear\n{{ nmae }}", `line 4, column 1: there is no field "nmae"; there are stopLink, checkCode, name`},
		{"unknown in subject", "Subject: {{ nmae }}\n\nText", `line 1, column 1: there is no field "nmae"`},
		{"unknown in if", "Subject: A\n\n{% if nmae %}x{% endif %}", `line 3, column 1: there is no field "nmae"`},
		{"filter", "Subject: A\n\n{{ name | upcase }}", "filters and comparisons are not possible"},
		{"comparison", "Subject: A\n\n{% if name == 'A' %}x{% endif %}", "filters and comparisons"},
		{"include", "Subject: A\n\n{% include '/etc/passwd' %}", "line 3, column 1: {% include '/etc/passwd' %} is not possible"},
		{"loop", "Subject: A\n\n{% for i in (1..1000000) %}x{% endfor %}", "is not possible here"},
		{"open field", "Subject: A\n\n{{ name", "line 3, column 1: {{ is not closed by }}"},
		{"open tag", "Subject: A\n\n{% if name }", "{% is not closed by %}"},
		{"open if", "Subject: A\n\nx\n{% if name %}", "line 4, column 1: {% if name %} without its {% endif %}"},
		{"stray endif", "Subject: A\n\n{% endif %}", "line 3, column 1: {% endif %} without an if"},
		{"wrong end", "Subject: A\n\n{% if name %}\n{% endunless %}", "line 4, column 1: {% endunless %} does not fit the {% if name %} of line 3"},
		{"two elses", "Subject: A\n\n{% if name %}{% else %}{% else %}{% endif %}", "{% else %} does not fit"},
		{"if across the head", "Subject: A {% if name %}\n\nText{% endif %}", "line 1, column 3: {% if name %} without its {% endif %}"},
		{"table within text", "Subject: A\n\nChanged: {{ rows }}", "line 3, column 10: {{ rows }} needs a line of its own"},
		{"deep", "Subject: A\n\n" + strings.Repeat("{% if name %}", 21) + strings.Repeat("{% endif %}", 21), "more than 20 ifs"},
		{"long", "Subject: A\n\n" + strings.Repeat("x", maxSource), "longer than 32 kB"},
		{"not UTF-8", "Subject: A\n\n\xff", "UTF-8"},
		{"mark", "Subject: A\n\nx\n\U00100001", "line 4, column 1: the template contains a private-use character"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := ParseMessage(test.source, []string{"name"}, "rows")
			if err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("got %v, want it to say %q", err, test.says)
			}
		})
	}
}

func TestParseMessageRefusesFieldsThatNoTemplateCouldName(t *testing.T) {
	for _, name := range []string{"", "a b", "a.b", "1a", "a}}"} {
		if _, err := ParseMessage("Subject: A\n\nB", []string{name}); err == nil {
			t.Errorf("%q is taken", name)
		}
	}
}

func TestForRefusesWhatCannotBeShown(t *testing.T) {
	m, err := ParseMessage("Subject: A\n\nB", nil)
	if err != nil {
		t.Fatal(err)
	}
	pale := DefaultBrand("A")
	pale.Colors.Text = "#eeeeee"
	if _, err := m.For(pale, Frame{}); err == nil {
		t.Error("an unreadable Brand is shown")
	}
	for _, frame := range []Frame{
		{Locale: `de" onload="`}, {Dir: "up"}, {LogoURL: "javascript:alert(1)"}, {LogoURL: "mailto:a@b.example"}, {PrivacyURL: "/privacy"},
	} {
		if _, err := m.For(DefaultBrand("A"), frame); err == nil {
			t.Errorf("%+v is taken", frame)
		}
	}
}
