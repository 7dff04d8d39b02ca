package theme

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
)

func TestDecodePhotoCutsASquareAndKeepsNothingElse(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 400, 900))
	for y := range 900 {
		for x := range 400 {
			img.Set(x, y, color.RGBA{uint8(x), uint8(y), 90, 255})
		}
	}
	var file bytes.Buffer
	if err := jpeg.Encode(&file, img, nil); err != nil {
		t.Fatal(err)
	}
	data := append(file.Bytes(), "GPSLatitude 54.32"...)
	photo, err := DecodePhoto(data)
	if err != nil {
		t.Fatal(err)
	}
	config, err := jpeg.DecodeConfig(bytes.NewReader(photo.Data))
	if err != nil || config.Width != photoSide || config.Height != photoSide {
		t.Errorf("%d × %d, %v", config.Width, config.Height, err)
	}
	if bytes.Contains(photo.Data, []byte("GPSLatitude")) {
		t.Error("more than pixels is left")
	}
	again, err := DecodePhoto(data)
	if err != nil || again.Hash != photo.Hash {
		t.Errorf("the same picture has another hash: %v", err)
	}
}

func TestDecodePhotoRefusesWhatIsNone(t *testing.T) {
	var small bytes.Buffer
	if err := png.Encode(&small, image.NewRGBA(image.Rect(0, 0, 2, 2))); err != nil {
		t.Fatal(err)
	}
	bomb := bytes.Clone(small.Bytes())
	copy(bomb[16:24], []byte{0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff}) // claims 65,535 × 65,535
	for name, test := range map[string]struct {
		data []byte
		want string
	}{
		"nothing":      {nil, "an empty file"},
		"a drawing":    {[]byte("<svg xmlns='http://www.w3.org/2000/svg'/>"), "an SVG drawing"},
		"half a photo": {small.Bytes()[:40], "cannot be read"},
		"a bomb":       {bomb, ""},
		"too large":    {make([]byte, MaxPhotoBytes+1), "larger than 4 MiB"},
	} {
		if _, err := DecodePhoto(test.data); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
	}
}

func FuzzDecodePhoto(f *testing.F) {
	var file bytes.Buffer
	if err := png.Encode(&file, image.NewRGBA(image.Rect(0, 0, 3, 2))); err != nil {
		f.Fatal(err)
	}
	f.Add(file.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		photo, err := DecodePhoto(data)
		if err == nil && (len(photo.Data) == 0 || len(photo.Hash) != 64) {
			t.Errorf("a photo without content: %+v", photo)
		}
	})
}
