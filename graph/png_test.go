package graph_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"testing"
)

// pngOf draws a plain picture.
func pngOf(t *testing.T, width, height int) []byte {
	t.Helper()
	picture := image.NewRGBA(image.Rect(0, 0, width, height))
	for i := range width {
		picture.Set(i, 0, color.RGBA{R: 200, A: 255})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
