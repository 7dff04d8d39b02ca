package theme

import (
	"bytes"
	"encoding/binary"
	"image"
)

// An orientation says how a picture is to be turned to stand upright, by EXIF
// (CIPA DC-008, 4.6.5, tag 0112): 1 not at all, 2 to 4 mirrored or upside down, 5 to 8 lying
// on a side. Cameras and telephones store pixels as the sensor sees them.
type orientation int

// jpegOrientation is what the EXIF data of a JPEG says; 1 for any other file.
func jpegOrientation(data []byte) orientation {
	if !bytes.HasPrefix(data, []byte{0xff, 0xd8}) {
		return 1
	}
	for at := 2; at+4 <= len(data) && data[at] == 0xff; {
		marker, size := data[at+1], int(binary.BigEndian.Uint16(data[at+2:]))
		if marker == 0xff { // a byte that fills up
			at++
			continue
		}
		if marker == 0xda || size < 2 || at+2+size > len(data) { // the pixels begin, or nothing is left
			return 1
		}
		if exif, found := bytes.CutPrefix(data[at+4:at+2+size], []byte("Exif\x00\x00")); found && marker == 0xe1 {
			return tiffOrientation(exif)
		}
		at += 2 + size
	}
	return 1
}

// tiffOrientation reads the first directory of EXIF data.
func tiffOrientation(exif []byte) orientation {
	var order binary.ByteOrder = binary.LittleEndian
	if bytes.HasPrefix(exif, []byte("MM")) {
		order = binary.BigEndian
	}
	if len(exif) < 8 {
		return 1
	}
	at := int(order.Uint32(exif[4:]))
	if at < 8 || at+2 > len(exif) {
		return 1
	}
	entries := exif[at+2:]
	for range order.Uint16(exif[at:]) {
		if len(entries) < 12 {
			return 1
		}
		if o := orientation(order.Uint16(entries[8:])); order.Uint16(entries) == 0x0112 && o >= 1 && o <= 8 {
			return o
		}
		entries = entries[12:]
	}
	return 1
}

// size is that of the upright picture, of the stored one.
func (o orientation) size(width, height int) (int, int) {
	if o >= 5 {
		return height, width
	}
	return width, height
}

// stored is the place in a stored picture of that size of a pixel of the upright one.
func (o orientation) stored(x, y, width, height int) image.Point {
	if o >= 5 {
		x, y = y, x
	}
	if o == 2 || o == 3 || o == 7 || o == 8 {
		x = width - 1 - x
	}
	if o == 3 || o == 4 || o == 6 || o == 7 {
		y = height - 1 - y
	}
	return image.Pt(x, y)
}

// upright turns a picture that begins at 0, 0.
func (o orientation) upright(img *image.RGBA) *image.RGBA {
	if o <= 1 {
		return img
	}
	width, height := img.Rect.Dx(), img.Rect.Dy()
	turned := image.NewRGBA(image.Rectangle{Max: image.Pt(o.size(width, height))})
	for y := range turned.Rect.Dy() {
		for x := range turned.Rect.Dx() {
			p := o.stored(x, y, width, height)
			copy(turned.Pix[turned.PixOffset(x, y):], img.Pix[img.PixOffset(p.X, p.Y):][:4])
		}
	}
	return turned
}
