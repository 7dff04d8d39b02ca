package pagetest

import (
	"bytes"
	"cmp"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"slices"
	"testing"
)

// colours are as many as a reference has: it is kept small, and scaled down.
const colours = 32

// decode reads a picture that Chromium has scaled down.
func decode(data []byte) (*image.RGBA, error) {
	read, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	picture := image.NewRGBA(image.Rect(0, 0, read.Bounds().Dx(), read.Bounds().Dy()))
	draw.Draw(picture, picture.Rect, read, read.Bounds().Min, draw.Src)
	return picture, nil
}

// encodeReference writes a picture with its most frequent colours.
func encodeReference(picture *image.RGBA) ([]byte, error) {
	counts := map[color.RGBA]int{}
	for y := range picture.Rect.Dy() {
		for x := range picture.Rect.Dx() {
			c := picture.RGBAAt(x, y)
			counts[color.RGBA{c.R &^ 7, c.G &^ 7, c.B &^ 7, 255}]++
		}
	}
	frequent := make([]color.RGBA, 0, len(counts))
	for c := range counts {
		frequent = append(frequent, c)
	}
	slices.SortFunc(frequent, func(a, b color.RGBA) int {
		return cmp.Or(counts[b]-counts[a], int(a.R)-int(b.R), int(a.G)-int(b.G), int(a.B)-int(b.B))
	})
	var palette color.Palette
	for _, c := range frequent[:min(colours, len(frequent))] {
		palette = append(palette, color.RGBA{c.R | 4, c.G | 4, c.B | 4, 255})
	}
	few := image.NewPaletted(picture.Rect, palette)
	draw.Draw(few, few.Rect, picture, image.Point{}, draw.Src)
	var b bytes.Buffer
	err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, few)
	return b.Bytes(), err
}

// How alike two pictures have to be. They are compared by squares, so that a
// letter that is drawn a little differently makes no difference, and a button
// that is elsewhere or of another colour does.
const (
	square     = 6    // pixels of the reference, which is scaled down
	tone       = 20   // of 255, by which the mean colours of two squares may differ
	mayDiffer  = 0.02 // the share of squares that may
	mayStretch = 0.02 // the share by which the heights may differ
)

// difference says how two pictures differ; "" if they are alike.
func difference(got, want image.Image) string {
	g, w := got.Bounds(), want.Bounds()
	if g.Dx() != w.Dx() || abs(g.Dy()-w.Dy()) > max(2, int(mayStretch*float64(w.Dy()))) {
		return fmt.Sprintf("it measures %d by %d instead of %d by %d", g.Dx(), g.Dy(), w.Dx(), w.Dy())
	}
	differing, all := 0, 0
	var first image.Point
	for y := 0; y < min(g.Dy(), w.Dy()); y += square {
		for x := 0; x < g.Dx(); x += square {
			all++
			if a, b := mean(got, x, y), mean(want, x, y); abs(a[0]-b[0]) > tone || abs(a[1]-b[1]) > tone || abs(a[2]-b[2]) > tone {
				if differing++; differing == 1 {
					first = image.Pt(x, y)
				}
			}
		}
	}
	if float64(differing) > max(2, mayDiffer*float64(all)) {
		return fmt.Sprintf("%d of %d squares differ, the first at %v of the scaled picture", differing, all, first)
	}
	return ""
}

// mean is the mean colour of a square.
func mean(p image.Image, left, top int) (sum [3]int) {
	r := image.Rect(left, top, left+square, top+square).Intersect(p.Bounds())
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			red, green, blue, _ := p.At(x, y).RGBA()
			sum[0], sum[1], sum[2] = sum[0]+int(red>>8), sum[1]+int(green>>8), sum[2]+int(blue>>8)
		}
	}
	n := max(1, r.Dx()*r.Dy())
	return [3]int{sum[0] / n, sum[1] / n, sum[2] / n}
}

func abs(n int) int { return max(n, -n) }

func TestDifferenceSeesWhatPeopleSee(t *testing.T) {
	draw := func(change func(p *image.RGBA)) *image.RGBA {
		p := image.NewRGBA(image.Rect(0, 0, 120, 240))
		for x := range 120 {
			for y := range 240 {
				p.Set(x, y, color.White)
			}
		}
		for x := 20; x < 100; x++ {
			for y := 100; y < 120; y++ {
				p.Set(x, y, color.RGBA{31, 95, 139, 255})
			}
		}
		change(p)
		return p
	}
	want := draw(func(*image.RGBA) {})
	for _, tt := range []struct {
		name   string
		alike  bool
		change func(p *image.RGBA)
	}{
		{"the same", true, func(*image.RGBA) {}},
		{"a speck", true, func(p *image.RGBA) { p.Set(50, 50, color.Black) }},
		{"a button in another colour", false, func(p *image.RGBA) {
			for x := 20; x < 100; x++ {
				for y := 100; y < 120; y++ {
					p.Set(x, y, color.RGBA{194, 65, 12, 255})
				}
			}
		}},
		{"a line lower", false, func(p *image.RGBA) {
			for x := 20; x < 100; x++ {
				for y := 120; y < 140; y++ {
					p.Set(x, y, p.At(x, y-20))
				}
			}
		}},
	} {
		if got := difference(draw(tt.change), want); (got == "") != tt.alike {
			t.Errorf("%s: %q", tt.name, got)
		}
	}
	if difference(image.NewRGBA(image.Rect(0, 0, 120, 260)), want) == "" {
		t.Error("a longer page is alike")
	}
	data, err := encodeReference(want)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := png.Decode(bytes.NewReader(data))
	if err != nil || difference(want, kept) != "" || len(data) > 1000 {
		t.Errorf("a reference of %d bytes is not like what it was made of: %v", len(data), err)
	}
}
