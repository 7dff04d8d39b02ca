package theme

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func drawing(width, height int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			img.SetNRGBA(x, y, color.NRGBA{R: uint8(x), G: uint8(y), B: 120, A: uint8(x + y)})
		}
	}
	return img
}

func pngOf(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// claiming rewrites a PNG's header to say another size, as a bomb does.
func claiming(data []byte, width, height uint32) []byte {
	data = bytes.Clone(data)
	binary.BigEndian.PutUint32(data[16:], width)
	binary.BigEndian.PutUint32(data[20:], height)
	binary.BigEndian.PutUint32(data[29:], crc32.ChecksumIEEE(data[12:29]))
	return data
}

func TestDecodeLogoFitsTheHeader(t *testing.T) {
	tests := []struct {
		width, height         int
		wantWidth, wantHeight int
	}{
		{40, 30, 40, 30},
		{600, 200, 600, 200},
		{1200, 100, 600, 50},
		{400, 400, 200, 200},
		{2000, 4, 600, 1},
		{1, 4096, 1, 200},
	}
	for _, test := range tests {
		logo, err := DecodeLogo(bytes.NewReader(pngOf(t, drawing(test.width, test.height))))
		if err != nil {
			t.Fatal(err)
		}
		config, err := png.DecodeConfig(bytes.NewReader(logo.Data))
		if err != nil {
			t.Fatal(err)
		}
		if config.Width != test.wantWidth || config.Height != test.wantHeight || logo.Width != config.Width || logo.Height != config.Height {
			t.Errorf("%d × %d became %d × %d (%d × %d)", test.width, test.height, logo.Width, logo.Height, config.Width, config.Height)
		}
		if !isHash(logo.Hash) {
			t.Errorf("hash %q", logo.Hash)
		}
	}
}

func TestDecodeLogoKeepsPixelsOnly(t *testing.T) {
	plainPNG := pngOf(t, drawing(20, 20))
	comment := []byte("tEXtComment\x00shot at home, 49.99 N 8.27 E")
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(comment)-4))
	chunk = append(chunk, comment...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(comment))
	commented := append(append(bytes.Clone(plainPNG[:33]), chunk...), plainPNG[33:]...)
	commented = append(commented, "<script>alert(1)</script>"...)

	a, err := DecodeLogo(bytes.NewReader(plainPNG))
	if err != nil {
		t.Fatal(err)
	}
	b, err := DecodeLogo(bytes.NewReader(commented))
	if err != nil {
		t.Fatal(err)
	}
	if a.Hash != b.Hash || bytes.Contains(b.Data, []byte("home")) || bytes.Contains(b.Data, []byte("script")) {
		t.Error("something besides the pixels is kept")
	}
}

func TestDecodeLogoSaysWhatIsWrong(t *testing.T) {
	var jpegFile, gifFile bytes.Buffer
	if err := jpeg.Encode(&jpegFile, drawing(9, 9), nil); err != nil {
		t.Fatal(err)
	}
	if err := gif.Encode(&gifFile, drawing(9, 9), nil); err != nil {
		t.Fatal(err)
	}
	small := pngOf(t, drawing(9, 9))
	tests := []struct {
		name string
		data []byte
		says string
	}{
		{"empty", nil, "an empty file; upload it as a PNG"},
		{"JPEG", jpegFile.Bytes(), "a JPEG image; upload it as a PNG"},
		{"GIF", gifFile.Bytes(), "a GIF image; upload it as a PNG"},
		{"SVG", []byte("\n<?xml version='1.0'?><svg onload='alert(1)'/>"), "an SVG drawing; upload it as a PNG"},
		{"HTML", []byte("<html>"), "not an image that we know"},
		{"too large", append(bytes.Clone(small), make([]byte, maxLogoBytes)...), "larger than 512 KiB"},
		{"too wide", claiming(small, 4097, 9), "4097 × 9 pixels; at most 4096"},
		{"bomb", claiming(small, 4096, 4096), "more than 8 megapixels"},
		{"cut off", small[:60], "cannot be read as a PNG"},
		{"no more than a signature", small[:8], "cannot be read as a PNG"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := DecodeLogo(bytes.NewReader(test.data))
			var problem Problem
			if !errors.As(err, &problem) || !strings.Contains(problem.Message, test.says) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestDecodeLogoTellsAReadersErrorFromAWrongImage(t *testing.T) {
	_, err := DecodeLogo(iotest.ErrReader(io.ErrUnexpectedEOF))
	var problem Problem
	if !errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, &problem) {
		t.Errorf("got %v", err)
	}
}

func FuzzDecodeLogo(f *testing.F) {
	f.Add(pngOf(f, drawing(3, 2)))
	f.Add(pngOf(f, image.NewPaletted(image.Rect(0, 0, 700, 3), color.Palette{color.Black, color.Transparent})))
	f.Add(pngOf(f, image.NewGray16(image.Rect(0, 0, 5, 300))))
	f.Add([]byte("GIF89a"))
	f.Fuzz(func(t *testing.T, data []byte) {
		logo, err := DecodeLogo(bytes.NewReader(data))
		if err != nil {
			return
		}
		if logo.Width < 1 || logo.Width > logoWidth || logo.Height < 1 || logo.Height > logoHeight {
			t.Errorf("%d × %d", logo.Width, logo.Height)
		}
		again, err := DecodeLogo(bytes.NewReader(logo.Data))
		if err != nil || again.Hash != logo.Hash {
			t.Errorf("its own result is not stable: %v", err)
		}
	})
}
