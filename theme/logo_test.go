package theme

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"os"
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
	var gifFile bytes.Buffer
	if err := gif.Encode(&gifFile, drawing(9, 9), nil); err != nil {
		t.Fatal(err)
	}
	small := pngOf(t, drawing(9, 9))
	tests := []struct {
		name string
		data []byte
		says string
	}{
		{"empty", nil, "an empty file; upload it as an SVG, PNG, JPEG or WebP"},
		{"GIF", gifFile.Bytes(), "a GIF image; upload it as an SVG, PNG, JPEG or WebP"},
		{"SVG", []byte("\n<?xml version='1.0'?><svg onload='alert(1)'/>"), "the drawing does not say how large it is"},
		{"SVG of nothing", []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><script/></svg>`), "the drawing shows nothing"},
		{"SVG of text", []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><text>A</text></svg>`), "turn its text into outlines"},
		{"a JPEG cut off", jpegOf(t, drawing(9, 9))[:40], "cannot be read as a JPEG"},
		{"a WebP of no more than a name", []byte("RIFF\x10\x00\x00\x00WEBPVP8 "), "cannot be read as a WebP"},
		{"a WebP bomb", []byte("RIFF\x1e\x00\x00\x00WEBPVP8L\x11\x00\x00\x00\x2f\xff\xff\xff\x0f\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"), "16384 × 16384 pixels"},
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

func jpegOf(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestNewLogoTakesEveryKind(t *testing.T) {
	webpFile, err := os.ReadFile("testdata/gopher.webp")
	if err != nil {
		t.Fatal(err)
	}
	exif := []byte("\xff\xe1\x00\x22Exif\x00\x00shot at home, 49.99 N 8.27 E")
	photo := jpegOf(t, drawing(900, 90))
	photo = append(append(bytes.Clone(photo[:2]), exif...), photo[2:]...)
	for name, test := range map[string]struct {
		data          []byte
		kind          string
		width, height int
	}{
		"PNG":  {pngOf(t, drawing(40, 30)), "image/png", 40, 30},
		"JPEG": {photo, "image/png", 600, 60},
		"WebP": {webpFile, "image/png", 75, 100},
		"SVG":  {[]byte(markSVG), "image/svg+xml", 200, 200},
	} {
		logo, err := NewLogo(test.data)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if logo.ContentType != test.kind || logo.Width != test.width || logo.Height != test.height || bytes.Contains(logo.Data, []byte("49.99")) {
			t.Errorf("%s became %s, %d × %d", name, logo.ContentType, logo.Width, logo.Height)
		}
		picture, err := LogoPicture(logo.ContentType, logo.Data)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if config, err := png.DecodeConfig(bytes.NewReader(picture)); err != nil || config.Width != test.width || config.Height != test.height {
			t.Errorf("%s as a PNG: %+v, %v", name, config, err)
		}
		if again, err := NewLogo(logo.Data); err != nil || name == "SVG" && again.Hash != logo.Hash {
			t.Errorf("%s: its own result is not stable: %v", name, err)
		}
	}
}

// markSVG is dark blue, with a script that must not stay.
const markSVG = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" onload="alert(1)"><script>alert(1)</script><circle cx="12" cy="12" r="12" fill="#123456"/></svg>`

func TestALogoThatVanishesIsPointedOut(t *testing.T) {
	plate := image.NewNRGBA(image.Rect(0, 0, 40, 20))
	draw.Draw(plate, plate.Rect, image.White, image.Point{}, draw.Src)
	blank := pngOf(t, plate)
	draw.Draw(plate, image.Rect(10, 5, 30, 15), image.Black, image.Point{}, draw.Src)
	yellow := strings.ReplaceAll(markSVG, "#123456", "#ffee66")
	tests := []struct {
		name       string
		data       []byte
		background string
		says       string
	}{
		{"dark on white", []byte(markSVG), "#ffffff", ""},
		{"dark on dark", []byte(markSVG), "#15140e", "at most 1.4"},
		{"yellow on white", []byte(yellow), "#ffffff", "at most 1.1"},
		{"yellow on dark", []byte(yellow), "#15140e", ""},
		{"black on a white plate, on white", pngOf(t, plate), "#ffffff", ""},
		{"black on a white plate, on black", pngOf(t, plate), "#000000", ""},
		{"a white plate alone, on white", blank, "#ffffff", "at most 1.00:1"},
	}
	for _, test := range tests {
		logo, err := NewLogo(test.data)
		if err != nil {
			t.Fatal(err)
		}
		warning, err := LogoWarning("logo", logo.ContentType, logo.Data, test.background, "in dark mode")
		if err != nil {
			t.Fatal(err)
		}
		if (warning == nil) != (test.says == "") || warning != nil && !strings.Contains(warning.Message, test.says) {
			t.Errorf("%s: %v", test.name, warning)
		}
	}
}

func TestHeavyFontsArePointedOut(t *testing.T) {
	for fonts, heavy := range map[[2]string]bool{
		{"System", "System"}: false, {"Inter", "Inter"}: false, {"Merriweather", "Source Sans 3"}: false, {"Georgia", "Lora"}: false,
		{"Merriweather", "Lora"}: true,
	} {
		b := DefaultBrand("A")
		b.HeadingFont, b.BodyFont = fonts[0], fonts[1]
		if warnings := b.FontWarnings(); len(warnings) > 0 != heavy {
			t.Errorf("%v: %v", fonts, warnings)
		}
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
