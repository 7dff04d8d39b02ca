package svg

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
)

const head = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">`

// box is a harmless shape, which all the hostile drawings have as well.
const box = `<rect height="9" width="9"/>`

// Each hostile part either goes without a trace or is refused with the cure.
func TestParseLeavesNothingHostile(t *testing.T) {
	tests := []struct{ name, part, says string }{
		{"a script", `<script>alert(1)</script>`, ""},
		{"a script from elsewhere", `<script href="https://evil.example/x.js"/>`, ""},
		{"a script in a foreign namespace", `<h:script xmlns:h="http://www.w3.org/1999/xhtml">alert(1)</h:script>`, ""},
		{"a script in a group in metadata", `<metadata><g><script>alert(1)</script></g></metadata>`, ""},
		{"HTML", `<foreignObject width="9" height="9"><body xmlns="http://www.w3.org/1999/xhtml"><iframe src="https://evil.example"/></body></foreignObject>`, ""},
		{"an animation that sets a link", `<animate attributeName="href" values="javascript:alert(1)"/>`, ""},
		{"a set", `<set attributeName="onmouseover" to="alert(1)"/>`, ""},
		{"a handler element", `<handler type="text/javascript" xmlns:ev="http://www.w3.org/2001/xml-events" ev:event="load">alert(1)</handler>`, ""},
		{"a video", `<video src="https://evil.example/x"/>`, ""},
		{"a title with markup", `<title>&lt;script&gt;alert(1)&lt;/script&gt;</title>`, ""},
		{"a comment", `<!--<script>alert(1)</script>-->`, ""},
		{"an instruction", `<?xml-stylesheet href="https://evil.example/x.css"?>`, ""},
		{"an unused filter that loads", `<filter id="f"><feImage href="https://evil.example/x.png"/></filter>`, ""},
		{"an unused pattern that loads", `<pattern id="p"><image href="https://evil.example/x.png"/></pattern>`, ""},
		{"an empty link", `<a href="javascript:alert(1)"/>`, ""},
		{"a stylesheet of odd elements", `<style>a{display:none}</style>`, ""},
		{"a link to nowhere", `<linearGradient id="g" href="https://evil.example/#g"/>`, "-"},

		{"text", `<text>Brand</text>`, "turn its text into outlines"},
		{"a picture", `<image href="https://evil.example/x.png" width="9" height="9"/>`, "draw the picture in it as shapes"},
		{"a picture within", `<image href="data:image/svg+xml;base64,PHN2Zz4=" width="9" height="9"/>`, "draw the picture in it as shapes"},
		{"a use from elsewhere", `<use href="https://evil.example/x.svg#a"/>`, "export it as one file"},
		{"a use of data", `<use xlink:href="data:image/svg+xml,&lt;svg/&gt;#a"/>`, "export it as one file"},
		{"a use of nothing", `<use href="#missing"/>`, "which is not in it"},
		{"a drawing within", `<svg><rect/></svg>`, "drawings within the drawing"},
		{"a filter", `<path filter="url(#f)" d="M0 0"/>`, "has an effect (filter)"},
		{"a filter from elsewhere", `<path style="filter:url(https://evil.example/f#f)"/>`, "has an effect (filter)"},
		{"a mask", `<mask id="m"/><path mask="url(#m)" d="M0 0"/>`, "has an effect (mask)"},
		{"paint of a pattern", `<pattern id="p"/><path fill="url(#p)" d="M0 0"/>`, "paints by \"p\""},
		{"a style that imports", `<style>@import url(https://evil.example/x.css);</style>`, "has a stylesheet"},
		{"a style with a font", `<style>@font-face{font-family:x;src:url(https://evil.example/x)}</style>`, "@font-face"},
		{"a style that selects by state", `<style>rect:hover{fill:red}</style>`, "presentation attributes"},
		{"a style that does not end", `<style>.a{fill:red</style>`, "has a stylesheet"},
		{"markup in a style", `<style><script/></style>`, "an element within its stylesheet"},
		{"an unknown element", `<solidColor/>`, "has a <solidColor>"},
		{"an entity", `<g>&xxe;</g>`, "cannot be read"},
		{"an element that does not end", `<g>`, "cannot be read"},
		{"deep nesting", strings.Repeat("<g>", 100) + strings.Repeat("</g>", 100), "within one another"},
		{"very many elements", strings.Repeat("<g/>", maxElements+1), "more than 5000 elements"},
		{"very many rules", `<style>` + strings.Repeat(".a{fill:red}", 501) + `</style>`, "more than 500 rules"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d, err := Parse([]byte(head + box + test.part + "</svg>"))
			switch {
			case test.says == "-" && err == nil:
				checkHarmless(t, d.String())
			case test.says == "" && err == nil:
				if want := `viewBox="0 0 9 9" width="9" height="9">` + box + "</svg>"; !strings.HasSuffix(d.String(), want) && test.part[1] != 'a' {
					t.Errorf("it is %s", d)
				}
				checkHarmless(t, d.String())
			case err == nil || test.says == "" || !strings.Contains(err.Error(), test.says):
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestParseLeavesNoHostileAttribute(t *testing.T) {
	for _, attribute := range []string{
		`onload="alert(1)"`, `onclick='alert(1)'`, `ONLOAD="x"`, `href="javascript:alert(1)"`, `xlink:href="javascript:alert(1)"`,
		`style="background:url(https://evil.example/x)"`, `style="fill:url(https://evil.example/x#y)"`, `fill="url(//evil.example/x#y)"`,
		`fill="url(#a) url(https://evil.example)"`, `fill="expression(alert(1))"`, `fill="&quot;&gt;&lt;script&gt;"`, `class="&lt;x"`,
		`xml:base="https://evil.example/"`, `transform="url(#x)"`, `width="calc(1px)"`, `width="9&quot; onload=&quot;x"`, `id="a&quot;b"`,
		`ping="https://evil.example"`, `stroke-dasharray="url(#a)"`, `style="-moz-binding:url(https://evil.example/x#y)"`, `font-family="url(x)"`,
		`style="fill:red;}</style><script>"`, `clip-path="url(https://evil.example/x#c)"`, `cursor="url(https://evil.example/x)"`,
	} {
		d, err := Parse([]byte(strings.Replace(head, ">", " "+attribute+">", 1) + `<rect ` + attribute + ` x="1"/></svg>`))
		if err != nil {
			continue // not even XML
		}
		if !strings.Contains(d.String(), `x="1"`) {
			t.Errorf("%s: the shape is gone: %s", attribute, d)
		}
		checkHarmless(t, d.String())
	}
}

// checkHarmless reads what would be served by rules of its own.
func checkHarmless(t *testing.T, document string) {
	t.Helper()
	elements := []string{"svg", "g", "defs", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "linearGradient", "radialGradient", "stop", "clipPath", "use"}
	decoder := xml.NewDecoder(strings.NewReader(document))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%v in %s", err, document)
		}
		switch token := token.(type) {
		case xml.StartElement:
			if !slices.Contains(elements, token.Name.Local) || token.Name.Space != namespace {
				t.Errorf("there is a <%s> in %s", token.Name.Local, document)
			}
			for _, a := range token.Attr {
				value := strings.ToLower(a.Value)
				switch {
				case a.Name.Local == "xmlns" && a.Value == namespace:
				case a.Name.Local == "href" && !strings.HasPrefix(value, "#"),
					a.Name.Space != "", a.Name.Local == "style", a.Name.Local == "class", strings.HasPrefix(strings.ToLower(a.Name.Local), "on"),
					strings.Contains(strings.ReplaceAll(value, "url(#", ""), "url("), strings.ContainsAny(value, `:<>&"'@\;`):
					t.Errorf("there is %s=%q in %s", a.Name.Local, a.Value, document)
				}
			}
		case xml.EndElement:
		default:
			t.Errorf("there is a %T in %s", token, document)
		}
	}
}

func TestParseSaysWhatIsWrongWithTheWhole(t *testing.T) {
	tests := []struct{ name, document, says string }{
		{"nothing", "", "cannot be read"},
		{"HTML", "<html/>", "begins with <html>"},
		{"two drawings", head + "</svg>" + head + "</svg>", "begins with <svg>"},
		{"laughing entities", `<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>` + head + "</svg>", "declares entities"},
		{"a file's content", `<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>` + head + "</svg>", "declares entities"},
		{"another encoding", `<?xml version="1.0" encoding="utf-7"?>` + head + "</svg>", "save it as UTF-8"},
		{"no text at all", head + "\xff\xfe</svg>", "is not in UTF-8"},
		{"no size", `<svg xmlns="http://www.w3.org/2000/svg" width="100%"/>`, "does not say how large"},
		{"no width", `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 0 9"/>`, "no possible size"},
		{"a thread", `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9000 1"/>`, "two hundred times"},
		{"a huge one", head + strings.Repeat(" ", MaxBytes) + "</svg>", "is larger than 512 KiB"},
	}
	for _, test := range tests {
		if _, err := Parse([]byte(test.document)); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: got %v", test.name, err)
		}
	}
}

func TestParseWritesTheSameAgain(t *testing.T) {
	content, err := os.ReadFile("testdata/shapes.svg")
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("testdata/shapes.clean.svg")
	if err != nil {
		t.Fatal(err)
	}
	for _, document := range []string{string(content), string(want)} {
		d, err := Parse([]byte(document))
		if err != nil {
			t.Fatal(err)
		}
		if d.String() != string(want) {
			t.Errorf("got %s", d)
		}
	}
}

func TestStylesheetsBecomeAttributes(t *testing.T) {
	d, err := Parse([]byte(head + `<style>#i{fill:#00f} rect{fill:#111;stroke:red !important}.a , .b{fill:#0f0}/* .c{fill:#fff} */</style>` +
		`<rect class="x b" fill="#222"/><rect id="i" class="a"/><rect style="fill:#abc" class="a"/></svg>`))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`<rect fill="#0f0" stroke="red"/>`, `<rect fill="#00f" id="i" stroke="red"/>`, `<rect fill="#abc" stroke="red"/>`} {
		if !strings.Contains(d.String(), want) {
			t.Errorf("%s is not in %s", want, d)
		}
	}
}

func FuzzParse(f *testing.F) {
	content, err := os.ReadFile("testdata/shapes.svg")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(content)
	f.Add([]byte(head + `<style>.a{fill:url(#g)}</style><linearGradient id="g" href="#g"><stop offset="1"/></linearGradient><path class="a" d="M0 0a1 1 0 01.5.5zq1,1,2,2t3 3s1 1 1 1h1v1H1V1"/></svg>`))
	f.Add([]byte(head + `<clipPath id="c" clip-path="url(#c)"><use href="#c"/></clipPath><use id="u" href="#u" clip-path="url(#c)"/><g id="v"><use href="#v"/></g></svg>`))
	f.Add([]byte(head + `<path d="M0 0L9 9 0 9z" stroke="#000" stroke-width="1e3" stroke-dasharray="0 .001" stroke-linejoin="miter" transform="skewX(89.999) scale(1e6)"/></svg>`))
	f.Fuzz(func(t *testing.T, content []byte) {
		d, err := Parse(content)
		if err != nil {
			return
		}
		checkHarmless(t, d.String())
		again, err := Parse([]byte(d.String()))
		if err != nil {
			t.Fatalf("what is served cannot be read again: %v: %s", err, d)
		}
		if again.String() != d.String() {
			t.Errorf("it is written otherwise the second time:\n%s\n%s", d, again)
		}
		if img, err := d.Draw(60, 20); err == nil && (img.Rect.Dx() > 60 || img.Rect.Dy() > 20) {
			t.Error(fmt.Sprint(img.Rect))
		}
	})
}
