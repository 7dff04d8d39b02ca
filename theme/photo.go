package theme

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	_ "image/png" // one of the two formats that DecodePhoto reads

	"golang.org/x/image/draw"
)

// Limits of a photo as it is uploaded or fetched. The area bounds the memory
// that decoding takes.
const (
	MaxPhotoBytes = 4 << 20
	maxPhotoArea  = 24 << 20
)

// photoSide is twice what a page shows, for sharp screens.
const photoSide = 320

// A Photo is a person's picture that is safe to serve: cut to a square, scaled
// down, turned as its EXIF data say and encoded again, so that nothing but its pixels is left, and
// neither place nor camera.
type Photo struct {
	Data []byte // JPEG, at most 320 × 320 pixels
	Hash string // SHA-256 of Data, hex
}

// DecodePhoto reads a PNG or JPEG of at most 4 MiB and 24 megapixels. Its
// errors say what is wrong with the picture.
func DecodePhoto(data []byte) (Photo, error) {
	if len(data) > MaxPhotoBytes {
		return Photo{}, fmt.Errorf("the photo is larger than 4 MiB; make it smaller")
	}
	if kind := imageKind(data); kind != "PNG" && kind != "a JPEG image" {
		return Photo{}, fmt.Errorf("the photo is %s; a PNG or JPEG is wanted", kind)
	}
	config, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return Photo{}, fmt.Errorf("the photo cannot be read: %w", err)
	}
	if config.Width < 1 || config.Height < 1 || config.Width > maxPhotoArea/config.Height {
		return Photo{}, fmt.Errorf("the photo measures %d × %d pixels; at most 24 megapixels are possible", config.Width, config.Height)
	}
	img, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return Photo{}, fmt.Errorf("the photo cannot be read: %w", err)
	}
	return encodePhoto(img, jpegOrientation(data))
}

// encodePhoto cuts the largest square out of the middle; a portrait is cut
// nearer to its top, where the face is.
func encodePhoto(img image.Image, o orientation) (Photo, error) {
	b := img.Bounds()
	side := min(b.Dx(), b.Dy())
	width, height := o.size(b.Dx(), b.Dy())
	left, top := (width-side)/2, (height-side)/4
	one, other := o.stored(left, top, b.Dx(), b.Dy()), o.stored(left+side-1, top+side-1, b.Dx(), b.Dy())
	middle := image.Rect(0, 0, side, side).Add(b.Min).Add(image.Pt(min(one.X, other.X), min(one.Y, other.Y)))
	square := image.NewRGBA(image.Rect(0, 0, min(side, photoSide), min(side, photoSide)))
	draw.Draw(square, square.Bounds(), image.White, image.Point{}, draw.Src) // behind what is transparent
	draw.CatmullRom.Scale(square, square.Bounds(), img, middle, draw.Over, nil)
	var out bytes.Buffer
	if err := jpeg.Encode(&out, o.upright(square), &jpeg.Options{Quality: 85}); err != nil {
		return Photo{}, fmt.Errorf("encode the photo: %w", err)
	}
	return Photo{Data: out.Bytes(), Hash: hashOf(out.Bytes())}, nil
}
