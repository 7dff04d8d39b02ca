package theme

import (
	"errors"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

func TestRenderNeverReadsValues(t *testing.T) {
	layout := mustLayout(t, "Subject: For {{ name }}\n\nDear **{{ name }}**,\n\n{{ name }}\n\n- {{ name }}", DefaultBrand("Example"), Frame{}, []string{"name"})
	tests := []struct{ name, value, html, text string }{
		{"HTML", `<script>"x"</script>`, "&lt;script&gt;&#34;x&#34;&lt;/script&gt;", `<script>"x"</script>`},
		{"Markdown", "# *a* [b](http://c.example)", "# *a* [b](http://c.example)", "# *a* [b](http://c.example)"},
		{"Liquid", "{{ name }}{% if name %}", "{{ name }}{% if name %}", "{{ name }}{% if name %}"},
		{"a mark", "\U00100000", "\U00100000", "\U00100000"},
		{"control characters", "a\x00\x1b[2Jb", "a[2Jb", "a[2Jb"},
		{"turned direction", "a\u202egnp.exe", "agnp.exe", "agnp.exe"},
		{"broken UTF-8", "a\xffb", "a\ufffdb", "a\ufffdb"},
		{"an entity", "&lt;", "&amp;lt;", "&lt;"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := mustRender(t, layout, map[string]string{"name": test.value})
			if strings.Count(r.HTML, test.html) != 3 || strings.Count(r.Text, test.text) != 3 {
				t.Errorf("got %s\n%s", r.HTML[strings.Index(r.HTML, "<p"):], r.Text)
			}
			if r.Subject != "For "+test.text {
				t.Errorf("subject %q", r.Subject)
			}
		})
	}
}

func TestRenderKeepsSubjectsToOneLine(t *testing.T) {
	layout := mustLayout(t, "Subject: {{ name }}\n\nText", DefaultBrand("Example"), Frame{}, []string{"name"})
	tests := []struct{ value, want string }{
		{"A\r\nBcc: all@example.com", "A Bcc: all@example.com"},
		{"A\u2028B\tC\n\n  D", "A B C D"},
		{" \n ", "Example"},
		{strings.Repeat("ü", 400), strings.Repeat("ü", 249) + "…"},
	}
	for _, test := range tests {
		if r := mustRender(t, layout, map[string]string{"name": test.value}); r.Subject != test.want {
			t.Errorf("%q became %q", test.value, r.Subject)
		}
	}
}

func TestRenderKeepsLineBreaksOfValues(t *testing.T) {
	layout := mustLayout(t, "Subject: A\n\nTo:\n\n{{ address }}", DefaultBrand("Example"), Frame{}, []string{"address"})
	r := mustRender(t, layout, map[string]string{"address": "Gasse 1\r\n55116 Mainz\rGermany\n"})
	if !strings.Contains(r.HTML, "Gasse 1<br>\n55116 Mainz<br>\nGermany</p>") || r.Text != "To:\n\nGasse 1\n55116 Mainz\nGermany\n" {
		t.Errorf("got %s", r.Text)
	}
}

func TestRenderLeavesOutEmptyParagraphs(t *testing.T) {
	layout := mustLayout(t, "Subject: A\n\nB\n\n{{ note }}\n\n{{ rows }}\n\nC", DefaultBrand("Example"), Frame{}, []string{"note"}, "rows")
	r := mustRender(t, layout, map[string]string{"note": " \t"}, Table{Field: "rows"})
	if strings.Count(r.HTML, "<p") != 2 || strings.Contains(r.HTML, "<th") || r.Text != "B\n\nC\n" {
		t.Errorf("got %s\n%s", r.Text, r.HTML)
	}
}

func TestRenderGuardsLinks(t *testing.T) {
	const source = "Subject: A\n\n[Go]({{ link }})\n\n[bad](javascript:alert(1)) [data](data:text/html,x) <script>alert(1)</script>\n\n" +
		"[ask](mailto:{{ mail }}?subject={{ topic }}) [call](tel:{{ phone }})"
	layout := mustLayout(t, source, DefaultBrand("Example"), Frame{}, []string{"link", "mail", "topic", "phone"})
	values := map[string]string{"link": `HTTPS://example.com/"onclick="x'&y=ä`, "mail": "a+b@example.com", "topic": "x&cc=all@example.com", "phone": "+49 6131 1"}
	r := mustRender(t, layout, values)
	for _, want := range []string{
		`href="HTTPS://example.com/%22onclick=%22x%27&amp;y=%C3%A4"`,
		`href="mailto:a+b@example.com?subject=x%26cc%3Dall@example.com"`,
		`href="tel:+49%206131%201"`,
		"bad data &lt;script&gt;",
	} {
		if !strings.Contains(r.HTML, want) {
			t.Errorf("HTML without %s", want)
		}
	}
	if strings.Contains(r.HTML, "javascript") || strings.Contains(r.Text, "javascript") {
		t.Error("a script is linked")
	}
	for _, bad := range []string{"", "javascript:alert(1)", "//evil.example", "data:text/html,x", " vbscript:x"} {
		values["link"] = bad
		if _, err := layout.Render(values); !errors.Is(err, errScheme) || (bad != "" && strings.Contains(err.Error(), bad)) {
			t.Errorf("%q: got %v", bad, err)
		}
	}
}

func TestRenderAlwaysShowsTheFooter(t *testing.T) {
	for _, source := range []string{
		"Subject: A\n\n<!-- ",
		"Subject: A\n\n<style>td{display:none}</style><div hidden>",
		"Subject: A\n\n```\ncode",
		"Subject: A\n\n> > > - 1. x",
		"Subject: A\n\n[x]: {{ stopLink }}",
		"Subject: A\n\n{% if none %}x{% endif %}",
	} {
		layout := mustLayout(t, source, DefaultBrand("Example"), testFrame(), []string{"none"})
		r := mustRender(t, layout, map[string]string{StopLink: "https://example.com/stop", CheckCode: "7K3QF-2MXD9"})
		visible := visibleText(t, r.HTML)
		for _, want := range []string{"Nicht mehr fragen", "hilfe@example.com", "Hafenstraße 1", "Datenschutz"} {
			if !strings.Contains(visible, want) || !strings.Contains(r.Text, want) {
				t.Errorf("%q hides %q", source, want)
			}
		}
		if !strings.Contains(r.HTML, `href="https://example.com/stop"`) || !strings.Contains(r.Text, "\nhttps://example.com/stop\n") {
			t.Errorf("%q hides the stop link", source)
		}
		if _, err := layout.Render(nil); err == nil {
			t.Error("a message goes out without its stop link")
		}
	}
}

// visibleText is what an HTML parser finds outside of head, style and comments.
func visibleText(t testing.TB, document string) string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(document))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.ElementNode && (n.Data == "head" || n.Data == "style" || n.Data == "script") {
			return
		}
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(root)
	return b.String()
}

func TestRenderRefusesTooMuch(t *testing.T) {
	layout := mustLayout(t, "Subject: A\n\n{{ a }}{{ a }}\n\n{{ rows }}", DefaultBrand("Example"), Frame{}, []string{"a"}, "rows")
	long := strings.Repeat("<", maxOutput/8)
	if _, err := layout.Render(map[string]string{"a": long}); !errors.Is(err, ErrMessageTooLarge) {
		t.Errorf("escaped beyond the limit: got %v", err)
	}
	if _, err := layout.Render(map[string]string{"a": strings.Repeat("x", maxOutput+1)}); !errors.Is(err, ErrMessageTooLarge) {
		t.Errorf("a value beyond the limit: got %v", err)
	}
	rows := make([]Row, 2000)
	if _, err := layout.Render(nil, Table{Field: "rows", Rows: rows}); !errors.Is(err, ErrMessageTooLarge) {
		t.Errorf("rows beyond the limit: got %v", err)
	}
	if _, err := layout.Render(nil, Table{Field: "a", Rows: rows}); err == nil {
		t.Error("a table fills a field that is none")
	}
}
