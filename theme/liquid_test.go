package theme

import (
	"strings"
	"testing"
	"time"

	"github.com/osteele/liquid"
	"pgregory.net/rapid"
)

// resolved is what the templates' own parser makes of a body.
func resolved(m *Message, values map[string]string) string {
	var b strings.Builder
	m.resolve(&b, m.body, func(field int) bool { return values[m.fields[field]] != "" })
	var text strings.Builder
	for _, p := range partsOf(b.String()) {
		if p.field < 0 {
			text.WriteString(p.text)
		} else {
			text.WriteString(values[m.fields[p.field]])
		}
	}
	return text.String()
}

// byLiquid is what a whole Liquid engine makes of it. An empty value is nil
// there: to Liquid an empty string is true.
func byLiquid(t interface{ Fatalf(string, ...any) }, body string, values map[string]string) string {
	bindings := map[string]any{}
	for name, value := range values {
		if value != "" {
			bindings[name] = value
		}
	}
	engine := liquid.NewEngine()
	engine.UnregisterTag("include")
	out, err := engine.ParseAndRenderString(body, bindings)
	if err != nil {
		t.Fatalf("Liquid refuses %q: %v", body, err)
	}
	return out
}

// compact drops the blanks, in which the two differ: a tag alone on its line
// takes the line with it, and a dash trims the template, not what comes out.
func compact(s string) string { return strings.Join(strings.Fields(s), "") }

func anyBody(depth int) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		field := rapid.SampledFrom([]string{"a", "b", "c"})
		var b strings.Builder
		for range rapid.IntRange(0, 4).Draw(t, "pieces") {
			open := rapid.SampledFrom([]string{"{%", "{%-"}).Draw(t, "open")
			shut := rapid.SampledFrom([]string{"%}", "-%}"}).Draw(t, "shut")
			switch kind := rapid.IntRange(0, 3).Draw(t, "kind"); {
			case kind == 0:
				b.WriteString(rapid.SampledFrom([]string{"text ", "\n", " { ", "% } ", "line\n\n", "  x"}).Draw(t, "text"))
			case kind == 1 || depth == 0:
				b.WriteString("{{ " + field.Draw(t, "field") + " }}")
			default:
				word := rapid.SampledFrom([]string{"if", "unless"}).Draw(t, "word")
				b.WriteString(open + " " + word + " " + field.Draw(t, "field") + " " + shut + anyBody(depth-1).Draw(t, "then"))
				if rapid.Bool().Draw(t, "elsif") && word == "if" {
					b.WriteString("{% elsif " + field.Draw(t, "field") + " %}" + anyBody(depth-1).Draw(t, "or"))
				}
				if rapid.Bool().Draw(t, "else") {
					b.WriteString(open + " else " + shut + anyBody(depth-1).Draw(t, "else"))
				}
				b.WriteString("{% end" + word + " %}")
			}
		}
		return b.String()
	})
}

func TestTemplatesMeanWhatTheyMeanToLiquid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		body := "x" + anyBody(3).Draw(t, "body")
		m, err := ParseMessage("Subject: A\n\n"+body, []string{"a", "b", "c"})
		if err != nil {
			t.Fatal(err)
		}
		value := rapid.SampledFrom([]string{"", "1", "word"})
		values := map[string]string{"a": value.Draw(t, "a"), "b": value.Draw(t, "b"), "c": value.Draw(t, "c")}
		if got, want := compact(resolved(m, values)), compact(byLiquid(t, body, values)); got != want {
			t.Errorf("%q with %v is %q, to Liquid %q", body, values, got, want)
		}
	})
}

func TestATagAloneOnItsLineTakesTheLine(t *testing.T) {
	m, err := ParseMessage("Subject: A\n\n- one\n  {% if a %}  \n- two\n{% else %}\n- three\n{% endif %}\n- four", []string{"a"})
	if err != nil {
		t.Fatal(err)
	}
	if got := resolved(m, map[string]string{"a": "1"}); got != "- one\n- two\n- four" {
		t.Errorf("got %q", got)
	}
	if got := resolved(m, nil); got != "- one\n- three\n- four" {
		t.Errorf("got %q", got)
	}
}

func FuzzParseMessage(f *testing.F) {
	f.Add(mustRead(f, "testdata/request.md"), "value")
	f.Add(mustRead(f, "testdata/changes.md"), "<b>\r\n")
	f.Add("Subject: {{ a }}\n\n{% if a %}{{- a -}}{% endif %} [x]({{ a }})", "https://example.com")
	f.Add("Subject: a\n\n&#x100000; \\{{ a }} <{{ a }}> [{{ a }}]: {{ a }}", "\U00100000")
	f.Add("Subject: a\n\n> - 1. # *_**[![x](y)](z)**_*\n---\n***", "\x00\xff")
	fields := append([]string{"a", "contact"}, requestFields...)
	f.Fuzz(func(t *testing.T, source, value string) {
		m, err := ParseMessage(source, fields, "changes")
		if err != nil {
			return
		}
		layout, err := m.For(DefaultBrand("Example"), testFrame())
		if err != nil {
			t.Fatal(err)
		}
		values := map[string]string{}
		for _, name := range fields {
			values[name] = value
		}
		values[StopLink], values[CheckCode] = "https://example.com/stop", "7K3QF-2MXD9"
		started := time.Now()
		for _, values := range []map[string]string{values, {StopLink: "https://example.com/stop", CheckCode: "7K3QF-2MXD9"}} {
			r, err := layout.Render(values, testChanges())
			if err != nil {
				continue
			}
			checkSafe(t, r)
		}
		if took := time.Since(started); took > 5*time.Second {
			t.Errorf("took %v", took)
		}
	})
}

// checkSafe holds for every message, whatever the template and values.
func checkSafe(t *testing.T, r Rendered) {
	t.Helper()
	if strings.ContainsAny(r.Subject, "\r\n\x00") || r.Subject == "" {
		t.Errorf("subject %q", r.Subject)
	}
	lower := strings.ToLower(r.HTML)
	for _, bad := range []string{"<script", "href=\"javascript", "href=\"data", "<iframe"} {
		if strings.Contains(lower, bad) {
			t.Errorf("HTML with %s", bad)
		}
	}
	if strings.Count(lower, "<style") != 2 || strings.Count(lower, "<!--[if mso]>") != 3 || strings.Count(lower, "<!--") != 3 {
		t.Error("HTML with a style or comment that is not ours")
	}
	if !strings.Contains(r.Text, "\n-- \n") && !strings.HasPrefix(r.Text, "-- \n") || strings.Count(r.Text, "\n-- \n") > 1 {
		t.Error("the footer's separator is missing or doubled")
	}
	if !strings.Contains(visibleText(t, r.HTML), "Hafenstraße 1") {
		t.Error("the imprint is hidden")
	}
}
