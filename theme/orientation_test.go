package theme

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"testing"
)

type byteOrder interface {
	binary.ByteOrder
	binary.AppendByteOrder
}

// lying is a JPEG of 80 × 40 pixels, or 40 × 80, that is stored as a camera does: with o
// it shows red above and blue below, in the upper left corner green.
func lying(t testing.TB, o orientation, order byteOrder, width, height int) []byte {
	t.Helper()
	storedWidth, storedHeight := o.size(width, height)
	img := image.NewRGBA(image.Rect(0, 0, storedWidth, storedHeight))
	draw.Draw(img, img.Rect, image.NewUniform(color.RGBA{0, 0, 255, 255}), image.Point{}, draw.Src)
	for y := range height / 2 {
		for x := range width {
			c := color.RGBA{255, 0, 0, 255}
			if x < width/4 {
				c = color.RGBA{0, 255, 0, 255}
			}
			p := o.stored(x, y, storedWidth, storedHeight)
			img.SetRGBA(p.X, p.Y, c)
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 100}); err != nil {
		t.Fatal(err)
	}
	exif := []byte("Exif\x00\x00II")
	if order.Uint16([]byte{0, 1}) == 1 {
		exif = []byte("Exif\x00\x00MM")
	}
	exif = order.AppendUint32(order.AppendUint16(exif, 42), 8)
	exif = order.AppendUint16(exif, 2)
	for _, entry := range [][2]uint16{{0x0100, 80}, {0x0112, uint16(o)}} {
		exif = order.AppendUint16(order.AppendUint16(exif, entry[0]), 3)
		exif = order.AppendUint16(order.AppendUint16(order.AppendUint32(exif, 1), entry[1]), 0)
	}
	segment := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(exif)+2))
	return append(append(append([]byte{0xff, 0xd8}, segment...), exif...), b.Bytes()[2:]...)
}

// near tells the plain colour that a pixel nearly is.
func near(c color.Color) string {
	r, g, b, _ := c.RGBA()
	switch {
	case r > 3*max(g, b, 1<<12):
		return "red"
	case g > 3*max(r, b, 1<<12):
		return "green"
	case b > 3*max(r, g, 1<<12):
		return "blue"
	}
	return "?"
}

func corners(img image.Image) [4]string {
	b := img.Bounds()
	left, right, top, bottom := b.Min.X+b.Dx()/20, b.Max.X-1-b.Dx()/20, b.Min.Y+b.Dy()/20, b.Max.Y-1-b.Dy()/20
	return [4]string{near(img.At(left, top)), near(img.At(right, top)), near(img.At(left, bottom)), near(img.At(right, bottom))}
}

func TestPicturesStandUprightAsTheirEXIFDataSay(t *testing.T) {
	want := [4]string{"green", "red", "blue", "blue"}
	for o := orientation(1); o <= 8; o++ {
		for _, order := range []byteOrder{binary.LittleEndian, binary.BigEndian} {
			logo, err := NewLogo(lying(t, o, order, 80, 40))
			if err != nil || logo.Width != 80 || logo.Height != 40 || bytes.Contains(logo.Data, []byte("Exif")) {
				t.Fatalf("%d: the logo measures %d × %d, %v", o, logo.Width, logo.Height, err)
			}
			shown, err := logoImage(logo.ContentType, logo.Data)
			if err != nil || corners(shown) != want {
				t.Errorf("%d: the logo's corners are %v, %v", o, corners(shown), err)
			}
		}
		if logo, err := NewLogo(lying(t, o, binary.BigEndian, 400, 800)); err != nil || logo.Width != 100 || logo.Height != 200 {
			t.Errorf("%d: a high logo measures %d × %d, %v", o, logo.Width, logo.Height, err)
		}
		photo, err := DecodePhoto(lying(t, o, binary.LittleEndian, 80, 80))
		if err != nil || bytes.Contains(photo.Data, []byte("Exif")) {
			t.Fatal(err)
		}
		shown, err := jpeg.Decode(bytes.NewReader(photo.Data))
		if err != nil || corners(shown) != want {
			t.Errorf("%d: the photo's corners are %v, %v", o, corners(shown), err)
		}
		// Of 80 × 160 the square begins at 20: 60 of red, 20 of blue.
		photo, err = DecodePhoto(lying(t, o, binary.LittleEndian, 80, 160))
		if err != nil {
			t.Fatal(err)
		}
		if shown, err = jpeg.Decode(bytes.NewReader(photo.Data)); err != nil || near(shown.At(40, 55)) != "red" || near(shown.At(40, 65)) != "blue" {
			t.Errorf("%d: a high photo is not cut near its top: %v", o, err)
		}
	}
}

// The table of CIPA DC-008: what the stored row 0 and column 0 are of the upright picture.
func TestOrientationsAreThoseOfEXIF(t *testing.T) {
	const width, height = 3, 2 // as stored
	for i, sides := range [][2]string{
		{"top", "left"}, {"top", "right"}, {"bottom", "right"}, {"bottom", "left"}, {"left", "top"}, {"right", "top"}, {"right", "bottom"}, {"left", "bottom"},
	} {
		o := orientation(i + 1)
		w, h := o.size(width, height)
		at := func(side string) (x, y int) { // a pixel in the middle of a side
			return map[string]int{"left": 0, "right": w - 1, "top": 1, "bottom": 1}[side], map[string]int{"top": 0, "bottom": h - 1, "left": 1, "right": 1}[side]
		}
		x, y := at(sides[0])
		if p := o.stored(x, y, width, height); p.Y != 0 {
			t.Errorf("%d: the %s is stored at %v, not in row 0", o, sides[0], p)
		}
		if x, y = at(sides[1]); o.stored(x, y, width, height).X != 0 {
			t.Errorf("%d: the %s is not stored in column 0", o, sides[1])
		}
	}
}

func FuzzOrientation(f *testing.F) {
	f.Add(lying(f, 6, binary.BigEndian, 8, 8))
	f.Add(lying(f, 3, binary.LittleEndian, 8, 8))
	f.Add([]byte("\xff\xd8\xff\xff\xe1\x00\x10Exif\x00\x00MM\x00*\x00\x00\x00\x08"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if o := jpegOrientation(data); o < 1 || o > 8 {
			t.Errorf("orientation %d", o)
		}
	})
}
