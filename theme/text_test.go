package theme

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestRenderWrapsAtTheWidth(t *testing.T) {
	layout := mustLayout(t, mustRead(t, "testdata/request.md"), DefaultBrand("Example"), testFrame(), requestFields)
	values := requestValues()
	values["note"] = strings.Repeat("Donaudampfschifffahrt ", 40)
	for _, line := range strings.Split(mustRender(t, layout, values).Text, "\n") {
		if n := utf8.RuneCountInString(line); n > textWidth && !strings.Contains(line, "://") {
			t.Errorf("%d characters: %q", n, line)
		}
		if line != "-- " && strings.TrimRight(line, " ") != line {
			t.Errorf("trailing blanks: %q", line)
		}
	}
}

func TestRenderWritesPlainTextWithoutMarkdown(t *testing.T) {
	const source = "Subject: A\n\n## A *fine* heading\n\nSee [the page](https://a.example/x) or [the page](https://a.example/x) again, <https://b.example>, [https://c.example](https://c.example), \\*stars\\* &amp; ![a picture](https://d.example/p.png).\n\n" +
		"1. one\n2. two\n   - deep\n\n   more\n\n---\n\n- a\n- b\n  - c\n- d\n\n[Really?](https://e.example)"
	const want = `A fine heading

See the page <https://a.example/x> or the page again, https://b.example,
https://c.example, *stars* & a picture.

1. one

2. two

   - deep

   more

--------------------

- a
- b
  - c
- d

Really?
https://e.example
`
	r := mustRender(t, mustLayout(t, source, DefaultBrand("Example"), Frame{}, nil), nil)
	if r.Text != want {
		t.Errorf("got\n%s", r.Text)
	}
}
