package theme

import (
	"regexp"
	"testing"

	"pgregory.net/rapid"
)

func TestCSSIsAsPublished(t *testing.T) {
	for name, brand := range testBrands() {
		first, second := brand.CSS(), brand.CSS()
		golden(t, name+".css", first)
		if first != second {
			t.Errorf("%s: two calls differ", name)
		}
	}
}

// customProperties is the whole grammar of CSS: no Brand leads out of it.
var customProperties = regexp.MustCompile(`^:root \{
  color-scheme: (light|dark);
(  --[a-z-]+: [#0-9a-zA-Z', -]+;
)+\}
@media \(prefers-color-scheme: dark\) \{
  :root \{
    color-scheme: (light|dark);
(    --color-[a-z-]+: #[0-9a-f]{6};
)+  \}
\}
(@font-face\{font-family:"Brand (Body|Heading)";src:url\(/assets/[0-9a-f]{64}\.woff2\) format\("woff2"\);font-display:swap(;font-style:italic)?;font-weight:\d+( \d+)?(;unicode-range:[-U+0-9A-F,]+)?\}
|@font-face\{font-family:"Brand (Body|Heading) Fallback";src:local\("[A-Z][a-zA-Z ]+"\)(,local\("[A-Z][a-zA-Z ]+"\))*(;[a-z-]+:\d+\.\d\d%){4}\}
)*$`)

func TestCSSCannotBeBrokenOutOf(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := func(name string) string {
			return rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"#fff", "#000000", "Lora", "red;}</style>", "url(//x)"})).Draw(t, name)
		}
		b := Brand{
			Name:   text("name"),
			Colors: Colors{Primary: text("primary"), Accent: text("accent"), Background: text("background"), Text: text("text")},
			Dark:   Colors{Primary: text("dark primary"), Accent: text("dark accent"), Background: text("dark background"), Text: text("dark text")},

			HeadingFont: text("heading"), BodyFont: text("body"), CornerRadius: CornerRadius(text("radius")), Logo: text("logo"), LogoDark: text("dark logo"), Icon: text("icon"),
		}
		if css := b.CSS(); !customProperties.MatchString(css) {
			t.Errorf("%+v leads to\n%s", b, css)
		}
	})
}
