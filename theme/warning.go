package theme

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"slices"

	"github.com/lucasb-eyer/go-colorful"

	"complero/theme/font"
)

// pageFontBytes is what the fonts that a page needs at once may weigh: a page
// of 40 KB without the 8 that it takes itself.
const pageFontBytes = 32_000

// logoContrast is below what a logo is pointed out as hardly to be seen. WCAG
// 2.2 asks nothing of logos (1.4.3); at half of what it asks of other graphics
// (1.4.11), shapes can just be told.
const logoContrast = 1.5

// FontWarnings are what is worth knowing of the Brand's fonts before they are
// published: together they may slow its pages down.
func (b Brand) FontWarnings() []Problem {
	body, heading := b.webFonts()
	sum := atOnce(body)
	if heading != body {
		sum += atOnce(heading)
	}
	if sum <= pageFontBytes {
		return nil
	}
	return []Problem{{
		Path: []string{"headingFont"},
		Message: fmt.Sprintf("the fonts take %d kB of a page, and should stay below %d so that it opens at once on a bad phone line; choose one font for all, or a lighter one",
			(sum+500)/1000, pageFontBytes/1000),
	}}
}

// atOnce is what a page in German or English loads of a font.
func atOnce(w *webFont) int {
	if w == nil {
		return 0
	}
	sum := 0
	for _, f := range w.faces {
		if (f.Subset == font.Latin || f.Subset == "") && !f.Italic {
			sum += f.Bytes
		}
	}
	return sum
}

// LogoWarning says that a logo, as NewLogo made it, can hardly be seen on a
// background, with the contrast measured; nil if it can. The field is that of the logo, and where tells
// people the background, such as "in dark mode".
func LogoWarning(field, contentType string, data []byte, background, where string) (*Problem, error) {
	behind, err := parseColor(background)
	if err != nil {
		return nil, err
	}
	img, err := logoImage(contentType, data)
	if err != nil {
		return nil, err
	}
	ink, plate := inkOf(img)
	if plate != nil && len(ink) > 0 {
		behind = *plate
	}
	measured := make([]float64, 0, len(ink))
	for _, c := range ink {
		measured = append(measured, contrast(over(c, behind), behind))
	}
	if plate != nil && len(ink) == 0 {
		measured = append(measured, contrast(*plate, behind))
	}
	if len(measured) == 0 {
		return nil, nil
	}
	slices.Sort(measured)
	// Most of the logo has to be seen, not a small part of it.
	middle := measured[len(measured)/2]
	if middle >= logoContrast {
		return nil, nil
	}
	return &Problem{Path: []string{field}, Message: fmt.Sprintf(
		"the logo can hardly be seen %s: most of it has a contrast of at most %.2f:1 on the background %s, and should have %.1f:1; upload one in other colours for it",
		where, math.Floor(middle*100)/100, background, logoContrast)}, nil
}

// inkOf are the colours that are seen of a logo, as many of each as it has
// pixels. A logo that brings a plate of its own, one colour in all corners, is
// seen on that wherever it stands: the plate is then no ink.
func inkOf(img image.Image) (ink []color.Color, plate *colorful.Color) {
	box := img.Bounds()
	corner := img.At(box.Min.X, box.Min.Y)
	if _, _, _, a := corner.RGBA(); a == 0xffff {
		opaque := over(corner, colorful.Color{})
		plate = &opaque
	}
	for _, at := range []image.Point{{box.Max.X - 1, box.Min.Y}, {box.Min.X, box.Max.Y - 1}, {box.Max.X - 1, box.Max.Y - 1}} {
		if plate != nil && over(img.At(at.X, at.Y), colorful.Color{}).DistanceRgb(*plate) > 0.05 {
			plate = nil
		}
	}
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			c := img.At(x, y)
			_, _, _, a := c.RGBA()
			if a < 0x4000 || plate != nil && over(c, *plate).DistanceRgb(*plate) <= 0.05 {
				continue
			}
			ink = append(ink, c)
		}
	}
	return ink, plate
}

// over is a colour as it is seen on another.
func over(c color.Color, behind colorful.Color) colorful.Color {
	r, g, b, a := c.RGBA()
	mix := func(part uint32, under float64) float64 { return (float64(part) + under*float64(0xffff-a)) / 0xffff }
	return colorful.Color{R: mix(r, behind.R), G: mix(g, behind.G), B: mix(b, behind.B)}
}
