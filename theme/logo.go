package theme

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/draw"
	"golang.org/x/image/webp"

	"complero/theme/svg"
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

// A Logo is an image that is safe to serve. A picture was decoded, scaled down,
// turned as its EXIF data say and encoded again as PNG, so that nothing but its pixels is left of the
// upload; a drawing was written anew from what package svg knows.
type Logo struct {
	Data        []byte
	ContentType string // image/png or image/svg+xml
	Width       int    // pixels, at most 600
	Height      int    // pixels, at most 200
	Hash        string // SHA-256 of Data, hex
}

// The media types of a Logo.
const (
	pngType = "image/png"
	svgType = "image/svg+xml"
)

// DecodeLogo is NewLogo for what is still to be read; any error that is no
// Problem is the reader's.
func DecodeLogo(r io.Reader) (Logo, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxLogoBytes+1))
	if err != nil {
		return Logo{}, fmt.Errorf("read the logo: %w", err)
	}
	return NewLogo(data)
}

// NewLogo takes an SVG, PNG, JPEG or WebP of at most 512 KiB; a picture of at
// most 4096 pixels a side, 8 megapixels in all, is scaled down to fit 600 × 200.
// Sizes are checked before anything is decoded. What is wrong with
// the image is a Problem that says what would be right.
func NewLogo(data []byte) (Logo, error) {
	if len(data) > maxLogoBytes {
		return Logo{}, logoProblem("the logo is larger than 512 KiB; upload a smaller one")
	}
	switch kind := imageKind(data); kind {
	case "an SVG drawing":
		return newDrawnLogo(data)
	case "PNG":
		return newPictureLogo(data, "a PNG", png.DecodeConfig, png.Decode)
	case "a JPEG image":
		return newPictureLogo(data, "a JPEG", jpeg.DecodeConfig, jpeg.Decode)
	case "a WebP image":
		return newPictureLogo(data, "a WebP", webp.DecodeConfig, webp.Decode)
	default:
		return Logo{}, logoProblem("the logo is %s; upload it as an SVG, PNG, JPEG or WebP", kind)
	}
}

func newPictureLogo(data []byte, kind string, measure func(io.Reader) (image.Config, error), decode func(io.Reader) (image.Image, error)) (Logo, error) {
	config, err := measure(bytes.NewReader(data))
	if err != nil {
		return Logo{}, logoProblem("the logo cannot be read as %s (%v); export it again", kind, err)
	}
	if err := checkLogoSize(config.Width, config.Height); err != nil {
		return Logo{}, err
	}
	img, err := decode(bytes.NewReader(data))
	if err != nil {
		return Logo{}, logoProblem("the logo cannot be read as %s (%v); export it again", kind, err)
	}
	return encodeLogo(fitLogo(img, jpegOrientation(data)))
}

// newDrawnLogo draws the drawing once, so that it is known that mail can have it.
func newDrawnLogo(data []byte) (Logo, error) {
	drawing, err := svg.Parse(data)
	if err != nil {
		return Logo{}, logoProblem("the drawing %v", err)
	}
	img, err := drawing.Draw(logoWidth, logoHeight)
	if err != nil {
		return Logo{}, logoProblem("the drawing %v", err)
	}
	if ink, plate := inkOf(img); len(ink) == 0 && plate == nil {
		return Logo{}, logoProblem("the drawing shows nothing; export it again, with its shapes visible and within its viewBox")
	}
	clean := []byte(drawing.String())
	return Logo{
		Data: clean, ContentType: svgType, Hash: hashOf(clean),
		Width: img.Rect.Dx(), Height: img.Rect.Dy(),
	}, nil
}

// LogoPicture is a Logo's data as a PNG, which is all that mail programs agree on.
func LogoPicture(contentType string, data []byte) ([]byte, error) {
	if contentType != svgType {
		return data, nil
	}
	img, err := logoImage(contentType, data)
	if err != nil {
		return nil, err
	}
	return encodePNG(img)
}

func encodePNG(img image.Image) ([]byte, error) {
	var b bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&b, img); err != nil {
		return nil, fmt.Errorf("encode the logo: %w", err)
	}
	return b.Bytes(), nil
}

// logoImage decodes what NewLogo made.
func logoImage(contentType string, data []byte) (image.Image, error) {
	if contentType != svgType {
		img, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			return nil, fmt.Errorf("decode the logo: %w", err)
		}
		return img, nil
	}
	drawing, err := svg.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("the drawing %w", err)
	}
	img, err := drawing.Draw(logoWidth, logoHeight)
	if err != nil {
		return nil, fmt.Errorf("the drawing %w", err)
	}
	return img, nil
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
		return logoProblem("the logo measures %d × %d pixels, more than 8 megapixels; upload a smaller one", width, height)
	}
	return nil
}

// fitLogo always draws anew, also at the same size: one pixel format in, one
// out, and equal pixels give equal bytes.
func fitLogo(img image.Image, o orientation) *image.RGBA {
	width, height := o.size(img.Bounds().Dx(), img.Bounds().Dy())
	if width > logoWidth {
		width, height = logoWidth, max(1, height*logoWidth/width)
	}
	if height > logoHeight {
		width, height = max(1, width*logoHeight/height), logoHeight
	}
	width, height = o.size(width, height) // it is turned when it is small
	fitted := image.NewRGBA(image.Rect(0, 0, width, height))
	if width == img.Bounds().Dx() && height == img.Bounds().Dy() {
		draw.Draw(fitted, fitted.Bounds(), img, img.Bounds().Min, draw.Src)
		return o.upright(fitted)
	}
	draw.CatmullRom.Scale(fitted, fitted.Bounds(), img, img.Bounds(), draw.Src, nil)
	return o.upright(fitted)
}

func encodeLogo(img *image.RGBA) (Logo, error) {
	data, err := encodePNG(img)
	if err != nil {
		return Logo{}, err
	}
	return Logo{Data: data, ContentType: pngType, Width: img.Rect.Dx(), Height: img.Rect.Dy(), Hash: hashOf(data)}, nil
}

func hashOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// imageKind names the format by its first bytes, for the message.
func imageKind(data []byte) string {
	head := bytes.ToLower(bytes.TrimLeft(data[:min(len(data), 16<<10)], "\ufeff \t\r\n"))
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
