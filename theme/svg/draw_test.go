package svg

import (
	"fmt"
	"image"
	"image/png"
	"math"
	"os"
	"strings"
	"testing"
)

func drawn(t *testing.T, inside string) *image.NRGBA {
	t.Helper()
	d, err := Parse([]byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20">` + inside + `</svg>`))
	if err != nil {
		t.Fatal(err)
	}
	img, err := d.Draw(40, 40)
	if err != nil {
		t.Fatal(err)
	}
	if img.Rect != image.Rect(0, 0, 40, 20) {
		t.Fatal(img.Rect)
	}
	return img
}

func TestShapesCoverWhatTheyShould(t *testing.T) {
	const red, none = "ff0000ff", "00000000"
	tests := []struct {
		name, inside string
		x, y         int
		want         string
	}{
		{"a rectangle", `<rect width="20" height="20" fill="red"/>`, 19, 19, red},
		{"beside it", `<rect width="20" height="20" fill="red"/>`, 20, 19, none},
		{"half a pixel", `<rect width="20.5" height="20" fill="red"/>`, 20, 10, "ff000080"},
		{"a hole by even-odd", `<path fill="red" fill-rule="evenodd" d="M0 0h20v20H0zm5 5h10v10H5z"/>`, 10, 10, none},
		{"no hole by winding", `<path fill="red" d="M0 0h20v20H0zm5 5h10v10H5z"/>`, 10, 10, red},
		{"a hole by direction", `<path fill="red" d="M0 0h20v20H0zm5 5v10h10V5z"/>`, 10, 10, none},
		{"flags without spaces", `<path fill="red" d="M0 10a10 10 0 0120 0a10 10 0 01-20 0"/>`, 10, 18, red},
		{"the corner of a circle", `<circle cx="10" cy="10" r="10" fill="red"/>`, 1, 1, none},
		{"a stroke", `<path stroke="red" stroke-width="4" d="M0 10H40"/>`, 20, 8, red},
		{"beside a stroke", `<path stroke="red" stroke-width="4" d="M0 10H40"/>`, 20, 13, none},
		{"a miter", `<path fill="none" stroke="red" stroke-width="4" d="M4 20V4H40"/>`, 2, 2, red},
		{"a bevel", `<path fill="none" stroke="red" stroke-width="4" stroke-linejoin="bevel" d="M4 20V4H40"/>`, 2, 2, none},
		{"a round cap", `<path stroke="red" stroke-width="8" stroke-linecap="round" d="M10 10H20"/>`, 7, 10, red},
		{"a butt", `<path stroke="red" stroke-width="8" d="M10 10H20"/>`, 8, 10, none},
		{"a dash", `<path stroke="red" stroke-width="8" stroke-dasharray="5" d="M0 10H40"/>`, 12, 10, red},
		{"between dashes", `<path stroke="red" stroke-width="8" stroke-dasharray="5" d="M0 10H40"/>`, 7, 10, none},
		{"a moved group", `<g transform="translate(20,0) scale(2)" fill="red"><rect width="5" height="5"/></g>`, 29, 9, red},
		{"a mirrored one", `<g transform="matrix(-1 0 0 1 40 0)" stroke="red" stroke-width="4"><path d="M0 10H10"/></g>`, 35, 10, red},
		{"half seen", `<g opacity=".5"><rect width="9" height="9" fill="red"/></g>`, 4, 4, "ff000080"},
		{"the last on top", `<rect width="9" height="9"/><rect width="9" height="9" fill="#f00"/>`, 4, 4, red},
		{"clipped away", `<clipPath id="c"><rect width="5" height="20"/></clipPath><rect clip-path="url(#c)" width="20" height="20" fill="red"/>`, 10, 10, none},
		{"left by the clip", `<clipPath id="c"><rect width="5" height="20"/></clipPath><rect clip-path="url(#c)" width="20" height="20" fill="red"/>`, 3, 10, red},
		{"used elsewhere", `<defs><rect id="r" width="5" height="5"/></defs><use href="#r" x="30" y="10" fill="red"/>`, 32, 12, red},
		{"not where it is defined", `<defs><rect id="r" width="5" height="5"/></defs><use href="#r" x="30" y="10" fill="red"/>`, 2, 2, none},
		{"not displayed", `<g display="none"><rect width="9" height="9"/></g>`, 4, 4, none},
		{"hidden", `<rect visibility="hidden" width="9" height="9"/>`, 4, 4, none},
		{"the current colour", `<g color="red"><rect width="9" height="9" fill="currentColor"/></g>`, 4, 4, red},
		{"a colour by numbers", `<rect width="9" height="9" fill="rgb(100%, 0%, 0%)"/>`, 4, 4, red},
		{"the end of a gradient", `<linearGradient id="g"><stop stop-color="#fff"/><stop offset=".5" stop-color="red"/></linearGradient><rect width="40" height="20" fill="url(#g)"/>`, 30, 4, red},
		{"a gradient's gradient", `<linearGradient id="h"><stop stop-color="red"/></linearGradient><linearGradient id="g" href="#h"/><rect width="40" height="20" fill="url(#g)"/>`, 30, 4, red},
	}
	for _, test := range tests {
		c := drawn(t, test.inside).NRGBAAt(test.x, test.y)
		if got := hex(c.R, c.G, c.B, c.A); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}

func hex(parts ...uint8) string {
	const digits = "0123456789abcdef"
	var s strings.Builder
	for _, p := range parts {
		s.WriteString(string([]byte{digits[p>>4], digits[p&15]}))
	}
	return s.String()
}

// The reference was compared with what Chromium makes of the same drawing.
func TestADrawingLooksAsInABrowser(t *testing.T) {
	content, err := os.ReadFile("testdata/shapes.svg")
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.Open("testdata/shapes.png")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	want, err := png.Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	d, err := Parse(content)
	if err != nil {
		t.Fatal(err)
	}
	got, err := d.Draw(600, 200)
	if err != nil {
		t.Fatal(err)
	}
	different := 0
	for y := range 200 {
		for x := range 600 {
			r, g, b, a := got.At(x, y).RGBA()
			r2, g2, b2, a2 := want.At(x, y).RGBA()
			for _, pair := range [][2]uint32{{r, r2}, {g, g2}, {b, b2}, {a, a2}} {
				if math.Abs(float64(pair[0])-float64(pair[1])) > 0x0300 {
					different++
					break
				}
			}
		}
	}
	if different > 20 { // other processors round otherwise
		t.Errorf("%d pixels are different", different)
	}
}

func TestDrawGivesUpOnBombs(t *testing.T) {
	curves := strings.Repeat("c9 9-9 9 0 1", 2400)
	doubling := `<g id="g0"><rect width="1" height="1"/></g>`
	for i := range 30 {
		doubling += fmt.Sprintf(`<g id="g%d"><use href="#g%d"/><use href="#g%d"/></g>`, i+1, i, i)
	}
	for name, inside := range map[string]string{
		"what uses itself":           `<g id="a"><use href="#a"/></g>`,
		"doubling":                   doubling,
		"clipping by itself":         `<clipPath id="c" clip-path="url(#c)"><rect/></clipPath><rect clip-path="url(#c)" width="9" height="9"/>`,
		"a path, used very often":    `<path id="p" stroke="red" stroke-width="30" stroke-linejoin="round" d="M0 0` + curves + `"/>` + strings.Repeat(`<use href="#p"/>`, 4900),
		"clipping, used very often":  `<clipPath id="c"><rect width="9" height="9"/></clipPath>` + strings.Repeat(`<g clip-path="url(#c)">`, 30) + strings.Repeat(`<rect clip-path="url(#c)" width="9" height="9"/>`, 4900) + strings.Repeat("</g>", 30),
		"thousands of whole layers":  strings.Repeat(`<rect width="40" height="20" opacity=".1"/>`, 4900),
		"a gradient of its gradient": `<linearGradient id="g" href="#h"/><linearGradient id="h" href="#g"/>` + strings.Repeat(`<rect fill="url(#g)" width="9" height="9"/>`, 100) + `<use href="#u" id="u"/>`,
	} {
		d, err := Parse([]byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20">` + inside + `</svg>`))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if _, err := d.Draw(600, 200); err == nil {
			t.Errorf("%s is drawn", name)
		}
	}
}
