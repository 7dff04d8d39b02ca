package theme

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/png"
	"io"

	"golang.org/x/image/draw"
)

// Limits of an uploaded logo. The area bounds the memory that decoding takes
// (64 MB at 16 bits a channel), which the sides alone would not.
const (
	maxLogoBytes = 512 << 10
	maxLogoSide  = 4096
	maxLogoArea  = 8 << 20
)

// A logo is shown in a page's header and a mail's: twice that size is plenty.
const (
	logoWidth  = 600
	logoHeight = 200
)

// A Logo is an image that is safe to serve: decoded, scaled down and encoded
// again as PNG, so that nothing but its pixels is left of the upload.
type Logo struct {
	Data   []byte // PNG
	Width  int    // pixels, at most 600
	Height int    // pixels, at most 200
	Hash   string // SHA-256 of Data, hex
}

// DecodeLogo reads a PNG of at most 512 KiB and 4096 pixels a side, 8
// megapixels in all, and scales it down to fit 600 × 200. What is wrong with
// the image itself is a Problem; any other error is the reader's.
func DecodeLogo(r io.Reader) (Logo, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxLogoBytes+1))
	if err != nil {
		return Logo{}, fmt.Errorf("read the logo: %w", err)
	}
	if len(data) > maxLogoBytes {
		return Logo{}, logoProblem("the logo is larger than 512 KiB; upload a smaller PNG")
	}
	if kind := imageKind(data); kind != "PNG" {
		return Logo{}, logoProblem("the logo is %s; upload it as a PNG", kind)
	}
	config, err := png.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return Logo{}, logoProblem("the logo cannot be read as a PNG (%v); export it again", err)
	}
	if err := checkLogoSize(config.Width, config.Height); err != nil {
		return Logo{}, err
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return Logo{}, logoProblem("the logo cannot be read as a PNG (%v); export it again", err)
	}
	return encodeLogo(fitLogo(img))
}

func logoProblem(format string, args ...any) Problem {
	return Problem{Path: []string{"logo"}, Message: fmt.Sprintf(format, args...)}
}

func checkLogoSize(width, height int) error {
	switch {
	case width < 1 || height < 1:
		return logoProblem("the logo has no pixels")
	case width > maxLogoSide || height > maxLogoSide:
		return logoProblem("the logo measures %d × %d pixels; at most %d on either side are possible", width, height, maxLogoSide)
	case width*height > maxLogoArea:
		return logoProblem("the logo measures %d × %d pixels, more than 8 megapixels; upload a smaller PNG", width, height)
	}
	return nil
}

// fitLogo always draws anew, also at the same size: one pixel format in, one
// out, and equal pixels give equal bytes.
func fitLogo(img image.Image) *image.RGBA {
	width, height := img.Bounds().Dx(), img.Bounds().Dy()
	if width > logoWidth {
		width, height = logoWidth, max(1, height*logoWidth/width)
	}
	if height > logoHeight {
		width, height = max(1, width*logoHeight/height), logoHeight
	}
	fitted := image.NewRGBA(image.Rect(0, 0, width, height))
	if width == img.Bounds().Dx() && height == img.Bounds().Dy() {
		draw.Draw(fitted, fitted.Bounds(), img, img.Bounds().Min, draw.Src)
		return fitted
	}
	draw.CatmullRom.Scale(fitted, fitted.Bounds(), img, img.Bounds(), draw.Src, nil)
	return fitted
}

func encodeLogo(img *image.RGBA) (Logo, error) {
	var b bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&b, img); err != nil {
		return Logo{}, fmt.Errorf("encode the logo: %w", err)
	}
	sum := sha256.Sum256(b.Bytes())
	return Logo{
		Data:   b.Bytes(),
		Width:  img.Rect.Dx(),
		Height: img.Rect.Dy(),
		Hash:   hex.EncodeToString(sum[:]),
	}, nil
}

// imageKind names the format by its first bytes, for the message.
func imageKind(data []byte) string {
	head := bytes.ToLower(bytes.TrimLeft(data[:min(len(data), 1024)], "\ufeff \t\r\n"))
	switch {
	case len(data) == 0:
		return "an empty file"
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		return "PNG"
	case bytes.HasPrefix(data, []byte("\xff\xd8\xff")):
		return "a JPEG image"
	case bytes.HasPrefix(data, []byte("GIF8")):
		return "a GIF image"
	case bytes.HasPrefix(data, []byte("RIFF")) && bytes.Contains(head, []byte("webp")):
		return "a WebP image"
	case bytes.HasPrefix(data, []byte("%PDF")):
		return "a PDF document"
	case bytes.HasPrefix(head, []byte("<")) && bytes.Contains(head, []byte("<svg")):
		return "an SVG drawing"
	}
	return "not an image that we know"
}
