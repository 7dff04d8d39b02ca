package theme

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// testVocabulary knows some fields, Liquid's filters for texts and one more.
func testVocabulary() Vocabulary {
	known := []string{"contact", "contact.givenName", "contact.title", "employee", "company", Link, StopLink, CheckCode, "expires"}
	return Vocabulary{
		Check: func(e Expression) error {
			if !slices.Contains(known, e.Field) {
				return fmt.Errorf("there is no field %q", e.Field)
			}
			for _, f := range e.Filters {
				if err, own := CheckTextFilter(f); err != nil || !own {
					return errors.Join(err, fmt.Errorf("there is no filter %q", f.Name))
				}
			}
			return nil
		},
		Links: []string{Link, StopLink},
	}
}

func testTemplate() Template {
	return Template{
		Subject: "{{ company }}: {{ contact.givenName | default: \"Guten Tag\" }}, stimmt noch alles?", Preheader: "Eine Minute für {{ company }} & Sie", Button: "Angaben * prüfen",
		SMS:  "{{ company }}: „Stimmt“ noch alles – {{ contact.givenName }}?\n\n{% if employee %}{{ employee }}{% endif %}",
		Body: "# Guten Tag {{ contact }}\n\n**Stimmt** noch *alles*?\n\n{{ button }}\n\n1. Anschrift\n2. E-Mail\n   - privat\n\n> Wir fragen nie nach Passwörtern.\n\n---\n\nMehr [auf unserer Seite](https://example.com/x?y=1&z=2), <hilfe@example.com>{% if contact.title == \"Dr.\" %}, Doktor{% endif %}.",
	}
}

func testTemplateValues() map[string]string {
	return map[string]string{
		"company": "Nordlicht", "contact": "Juliane <Kettenis>", "contact.givenName": "Juliane", `contact.givenName | default: "Guten Tag"`: "Juliane", "employee": "Defne Kupfer",
		`contact.title == "Dr."`: "true", Link: "https://example.com/u/abc", StopLink: "https://example.com/u/abc/stop", CheckCode: "7K3QF-2MXD9",
	}
}

func mustTemplate(t testing.TB, template Template, b Brand) *Layout {
	t.Helper()
	m, err := ParseTemplate(template, testVocabulary())
	if err != nil {
		t.Fatal(err)
	}
	l, err := m.For(b, testFrame())
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestTemplateBecomesEveryChannelsMessage(t *testing.T) {
	for name, brand := range testBrands() {
		l, values := mustTemplate(t, testTemplate(), brand), testTemplateValues()
		mail := mustRender(t, l, values)
		golden(t, "template-"+name+".html", mail.HTML)
		golden(t, "template-"+name+".txt", mail.Subject+"\n\n"+mail.Text)
		sms, err := l.SMS(values)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "template-"+name+".sms", fmt.Sprintf("%s %d %d\n%s\n", sms.Encoding, sms.Length, sms.Segments, sms.Text))
		letter, err := l.Letter(values)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "template-"+name+".letter.txt", letter.Text())
		golden(t, "template-"+name+".letter.html", letter.HTML())
	}
}

func TestParseTemplateNamesPartLineAndColumn(t *testing.T) {
	long := strings.Repeat("{% if contact %}", 21) + strings.Repeat("{% endif %}", 21)
	tests := []struct {
		name, part, source string
		line, column       int
		says               string
	}{
		{"unknown field", "body", "Guten Tag\nä {{ contct }}", 2, 3, `there is no field "contct"`},
		{"unknown filter", "body", "{{ contact | reverse }}", 1, 1, `there is no filter "reverse"`},
		{"filter without its text", "sms", "x\n{{ contact | default }}", 2, 1, "needs a text"},
		{"filter with a text too many", "body", "{{ contact | upcase: 'x' }}", 1, 1, "takes no text"},
		{"no filter", "subject", "a {{ contact | }}", 1, 3, "name of a filter"},
		{"comparison outside of an if", "body", "{{ contact == 'x' }}", 1, 1, "cannot be understood"},
		{"comparison with a field", "body", "{% if contact == employee %}x{% endif %}", 1, 1, "a text in quotes"},
		{"loop", "body", "x\n\n{% for i in (1..1000000000) %}{{ i }}{% endfor %}", 3, 1, "not possible here"},
		{"assign", "body", "{% assign a = 'x' %}", 1, 1, "not possible here"},
		{"include", "body", "{% include '/etc/passwd' %}", 1, 1, "not possible here"},
		{"open", "preheader", "{{ contact", 1, 1, "not closed"},
		{"button within text", "body", "Hier: {{ button }}", 1, 7, "needs a line of its own"},
		{"button in an SMS", "sms", "{{ button }}", 1, 1, "needs a line of its own"},
		{"deep", "body", long, 1, 321, "more than 20 ifs"},
		{"script", "body", "[x](javascript:alert(1))", 1, 5, "cannot lead to"},
		{"no TLS", "body", "Hier\n\n{% if employee %}[x](http://example.com){% endif %}", 3, 22, "cannot lead to"},
		{"a field that is no link", "body", "ab [x]({{ contact }})", 1, 6, "cannot lead to"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			template := Template{Subject: "A", Body: "B", Button: "C", SMS: "D"}
			*map[string]*string{"subject": &template.Subject, "preheader": &template.Preheader, "body": &template.Body, "sms": &template.SMS}[test.part] = test.source
			_, err := ParseTemplate(template, testVocabulary())
			var errs TemplateErrors
			if !errors.As(err, &errs) || errs[0].Part != test.part || errs[0].Line != test.line || errs[0].Column != test.column || !strings.Contains(errs[0].What, test.says) {
				t.Errorf("got %#v: %v", errs, err)
			}
		})
	}
}

func TestTemplateShowsTheWayWhateverItSays(t *testing.T) {
	tests := []struct {
		name, body string
		added      bool
	}{
		{"nothing", "Guten Tag", true},
		{"the button", "Guten Tag\n\n{{ button }}", false},
		{"a link of its own", "[Hier]({{ link }}) klicken", false},
		{"the bare link", "Hier: {{ link }}", false},
		{"in an if that does not hold", "{% if employee %}\n{{ button }}\n{% endif %}", true},
		{"behind no label", "[]({{ link }})", true},
		{"behind a label that may be empty", "[{{ employee }}]({{ link }})", true},
		{"behind a picture", "![Bild]({{ link }})", true},
		{"in a definition that nobody uses", "[x]: {{ link }}\n\nGuten Tag", true},
		{"as another's argument", "[Hier](https://example.org/?to={{ link }})", true},
		{"within a list", "- a\n- b", true},
		{"within a quotation", "> a", true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			l := mustTemplate(t, Template{Subject: "A", Body: test.body, Button: "Angaben prüfen", SMS: "Kurz"}, DefaultBrand("Nordlicht"))
			values := map[string]string{Link: "https://example.com/u/abc", StopLink: "https://example.com/u/abc/stop", CheckCode: "7K3QF-2MXD9"}
			r := mustRender(t, l, values)
			if got := strings.Contains(r.HTML, ">Angaben prüfen</a></td>"); got != (test.added || test.name == "the button") {
				t.Errorf("there is a button: %v\n%s", got, r.HTML)
			}
			if !strings.Contains(r.Text, "https://example.com/u/abc\n") && !strings.Contains(r.Text, "<https://example.com/u/abc>") {
				t.Errorf("the text lacks the link:\n%s", r.Text)
			}
			sms, err := l.SMS(values)
			if err != nil || sms.Text != "Kurz\nhttps://example.com/u/abc\nStopp: https://example.com/u/abc/stop\nEcht? example.com/check Code 7K3QF-2MXD9" {
				t.Errorf("the SMS is %+v, %v", sms, err)
			}
			letter, err := l.Letter(values)
			if err != nil || !strings.Contains(letter.Text(), "https://example.com/u/abc") || !strings.Contains(letter.Text(), "7K3QF-2MXD9") || !strings.Contains(letter.Text(), "Hafenstraße 1") {
				t.Errorf("the letter is %s, %v", letter.Text(), err)
			}
			for _, missing := range []string{Link, StopLink, CheckCode} {
				less := map[string]string{Link: values[Link], StopLink: values[StopLink], CheckCode: values[CheckCode]}
				delete(less, missing)
				if _, err := l.Render(less); err == nil {
					t.Errorf("a message goes out without %s", missing)
				}
			}
		})
	}
}

// TestABombEndsWithinItsCap takes what makes template engines and Markdown
// parsers work long for little.
func TestABombEndsWithinItsCap(t *testing.T) {
	const size = 20_000
	fill := func(s string) string { return strings.Repeat(s, size/len(s)) }
	var nested strings.Builder
	for i := range 32 {
		fmt.Fprintf(&nested, "{%% if contact == '%d' %%}a{%% else %%}", i)
		if i%16 == 15 {
			nested.WriteString(strings.Repeat("{% endif %}", 16))
		}
	}
	for name, body := range map[string]string{
		"loops": "{% for i in (1..99999999) %}" + fill("x"), "quotes": fill("> "), "brackets": fill("["), "links": fill("[a]("), "images": fill("![a]"),
		"emphasis": fill("*a_"), "stars": fill("*"), "lists": fill("- "), "numbers": fill("1. "), "fields": fill("{{contact}}"), "entities": fill("&amp;"),
		"ifs": nested.String(), "if after if": fill("{%if contact%}a{%endif%}"), "open ifs": fill("{%if contact%}"), "filters": "{{ contact" + fill("|upcase") + "}}",
		"escapes": fill("\\["), "definitions": fill("[a]: b\n\n"), "angles": fill("<a"), "blanks": fill(" \t\n"), "unclosed": fill("{{"), "deep lists": nestedLists(size),
	} {
		t.Run(name, func(t *testing.T) {
			began := worked(t)
			m, err := ParseTemplate(Template{Subject: "A", Body: body, Button: "B", SMS: body}, testVocabulary())
			if err == nil {
				l, err := m.For(DefaultBrand("A"), testFrame())
				if err != nil {
					t.Fatal(err)
				}
				values := testTemplateValues()
				values["contact"] = strings.Repeat("&", 2000)
				if r, err := l.Render(values); err == nil && len(r.HTML)+len(r.Text) > maxOutput {
					t.Errorf("%d bytes came of it", len(r.HTML)+len(r.Text))
				}
				if s, err := l.SMS(values); err == nil && s.Segments > maxSMS {
					t.Errorf("%d segments came of it", s.Segments)
				}
				if letter, err := l.Letter(values); err == nil && len(letter.Text()) > 3*maxOutput {
					t.Errorf("a letter of %d bytes came of it", len(letter.Text()))
				}
			}
			if took := worked(t) - began; took > 5*time.Second {
				t.Errorf("it took %s, %v", took, err)
			}
		})
	}
}

// worked is how long the processor has worked for this process: what else the
// machine does makes no difference to it.
func worked(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func nestedLists(size int) string {
	var b strings.Builder
	for i := 0; b.Len() < size; i++ {
		b.WriteString(strings.Repeat(" ", 2*(i%100)) + "- a\n")
	}
	return b.String()
}

func FuzzParseTemplate(f *testing.F) {
	t := testTemplate()
	f.Add(t.Subject, t.Body, t.SMS, "value")
	f.Add("{{ contact | upcase }}", "[{{ contact }}]({{ link }})\n\n{{ button }}", "{% if contact.title != 'x' %}a{% endif %}", "")
	f.Add("{{- contact -}}", "> - {{ button }}\n[x]: {{ link }}", "", "<b>]( \\")
	f.Fuzz(func(t *testing.T, subject, body, sms, value string) {
		m, err := ParseTemplate(Template{Subject: subject, Preheader: subject, Body: body, Button: subject, SMS: sms}, testVocabulary())
		if err != nil {
			var errs TemplateErrors
			if !errors.As(err, &errs) || errs[0].Part == "" || errs[0].What == "" {
				t.Fatalf("an error without a place: %#v", err)
			}
			return
		}
		l, err := m.For(DefaultBrand("Example"), testFrame())
		if err != nil {
			t.Fatal(err)
		}
		values := map[string]string{Link: "https://example.com/u/abc", StopLink: "https://example.com/u/abc/stop", CheckCode: "7K3QF-2MXD9"}
		for _, use := range m.Uses() {
			if values[use.Key] == "" {
				values[use.Key] = use.Apply(value, nil)
			}
		}
		r, err := l.Render(values)
		if err != nil {
			return
		}
		checkSafe(t, r)
		if visible := visibleText(t, r.HTML); !strings.Contains(visible, "7K3QF-2MXD9") || !strings.Contains(r.HTML, "https://example.com/u/abc/stop") {
			t.Error("the check code or the stop link is hidden")
		}
		if !strings.Contains(r.HTML, "https://example.com/u/abc") || !strings.Contains(r.Text, "https://example.com/u/abc\n") && !strings.Contains(r.Text, "https://example.com/u/abc") {
			t.Error("the link is hidden")
		}
		if s, err := l.SMS(values); err == nil && (!strings.Contains(s.Text, "7K3QF-2MXD9") || !strings.Contains(s.Text, "https://example.com/u/abc")) {
			t.Errorf("the SMS is %q", s.Text)
		}
		if _, err := l.Letter(values); err != nil && !errors.Is(err, ErrMessageTooLarge) {
			t.Error(err)
		}
	})
}
