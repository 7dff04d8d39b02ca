package demo

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gomedium"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// A mark is a small sign beside a Company's name: filled shapes in a square
// of 100, each a ring of points.
type mark struct {
	ink    color.NRGBA // of the name
	shapes []shape
}

type shape struct {
	fill   color.NRGBA
	points [][2]float32
}

var (
	// bridge is a gate over two waves.
	bridge = mark{ink: color.NRGBA{0x0b, 0x4f, 0x6c, 0xff}, shapes: []shape{
		{color.NRGBA{0x0b, 0x4f, 0x6c, 0xff}, [][2]float32{{6, 58}, {6, 30}, {50, 8}, {94, 30}, {94, 58}, {80, 58}, {80, 40}, {50, 25}, {20, 40}, {20, 58}}},
		{color.NRGBA{0xc8, 0x55, 0x3d, 0xff}, [][2]float32{{6, 66}, {28, 60}, {50, 66}, {72, 60}, {94, 66}, {94, 76}, {72, 70}, {50, 76}, {28, 70}, {6, 76}}},
		{color.NRGBA{0x0b, 0x4f, 0x6c, 0xff}, [][2]float32{{6, 82}, {28, 76}, {50, 82}, {72, 76}, {94, 82}, {94, 92}, {72, 86}, {50, 92}, {28, 86}, {6, 92}}},
	}}
	// hills are two summits, one before the other.
	hills = mark{ink: color.NRGBA{0x2f, 0x6b, 0x3a, 0xff}, shapes: []shape{
		{color.NRGBA{0xb8, 0x56, 0x1b, 0xff}, [][2]float32{{36, 88}, {68, 20}, {98, 88}}},
		{color.NRGBA{0x2f, 0x6b, 0x3a, 0xff}, [][2]float32{{2, 88}, {36, 34}, {70, 88}}},
		{color.NRGBA{0xfb, 0xf8, 0xf1, 0xff}, [][2]float32{{28, 47}, {36, 34}, {44, 47}, {40, 52}, {36, 48}, {32, 52}}},
	}}
)

// side is the height of a logo, in pixels.
const side = 120

// png draws the mark with the name beside it.
func (m mark) png(name string) (io.Reader, error) {
	parsed, err := opentype.Parse(gomedium.TTF)
	if err != nil {
		return nil, fmt.Errorf("read the logo's font: %w", err)
	}
	face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: side * 0.42, DPI: 72})
	if err != nil {
		return nil, fmt.Errorf("read the logo's font: %w", err)
	}
	const gap = side / 5
	logo := image.NewNRGBA(image.Rect(0, 0, side+gap+font.MeasureString(face, name).Ceil()+gap/2, side))
	for _, s := range m.shapes {
		s.drawOn(logo)
	}
	pen := font.Drawer{Dst: logo, Src: image.NewUniform(m.ink), Face: face, Dot: fixed.P(side+gap, side*64/100)}
	pen.DrawString(name)
	var data bytes.Buffer
	if err := png.Encode(&data, logo); err != nil {
		return nil, fmt.Errorf("draw the logo: %w", err)
	}
	return &data, nil
}

func (s shape) drawOn(logo draw.Image) {
	r := vector.NewRasterizer(side, side)
	for i, p := range s.points {
		x, y := p[0]*side/100, p[1]*side/100
		if i == 0 {
			r.MoveTo(x, y)
		} else {
			r.LineTo(x, y)
		}
	}
	r.ClosePath()
	r.Draw(logo, image.Rect(0, 0, side, side), image.NewUniform(s.fill), image.Point{})
}
