package font

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"strings"
	"testing"

	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

func fileOf(t testing.TB, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func read(t testing.TB, content []byte) *File {
	t.Helper()
	f, err := Read(content)
	if err != nil {
		t.Fatalf("the font %v", err)
	}
	return f
}

// with writes one of a TTF's tables anew.
func with(t testing.TB, content []byte, tag string, change func([]byte) []byte) []byte {
	t.Helper()
	tables, err := readSFNT(content)
	if err != nil {
		t.Fatal(err)
	}
	if tables.byTag[tag] = change(bytes.Clone(tables.byTag[tag])); tables.byTag[tag] == nil {
		delete(tables.byTag, tag)
	}
	return tables.sfnt()
}

func permission(bits uint16) func([]byte) []byte {
	return func(os2 []byte) []byte {
		binary.BigEndian.PutUint16(os2[8:], bits)
		return os2
	}
}

func TestReadTakesTrueTypeAndCFF(t *testing.T) {
	plain := read(t, goregular.TTF)
	if plain.Family != "Go" || plain.Weights != [2]int{400, 400} || plain.Italic || !strings.Contains(plain.Licence, "Redistribution") {
		t.Errorf("%q %v %v %q", plain.Family, plain.Weights, plain.Italic, plain.Licence)
	}
	if c := plain.Coverage[0]; c.Has < 185 || c.Of < c.Has {
		t.Errorf("%+v", plain.Coverage)
	}
	if len(plain.WOFF2) >= len(goregular.TTF)/2 {
		t.Errorf("%d bytes became %d", len(goregular.TTF), len(plain.WOFF2))
	}
	if again := read(t, plain.WOFF2); again.Hash != plain.Hash || again.Metrics != plain.Metrics {
		t.Error("what is served is read otherwise")
	}
	boxes := read(t, fileOf(t, "testdata/boxes.otf"))
	want := Metrics{Ascent: 0.8, Descent: 0.2, Width: 0.5}
	if boxes.Family != "Boxes" || boxes.Metrics != want {
		t.Errorf("%q %+v", boxes.Family, boxes.Metrics)
	}
	if again := read(t, boxes.WOFF2); again.Hash != boxes.Hash || !bytes.Equal(again.tables.sfnt(), boxes.tables.sfnt()) {
		t.Error("what is served is read otherwise")
	}
}

// The outlines that a WOFF2's transformation gives back are those of the TTF
// that it was made from, written by another program.
func TestReadUndoesTheTransformationOfWOFF2(t *testing.T) {
	packed, err := readWOFF2(fileOf(t, "data/inter-latin.woff2"))
	if err != nil {
		t.Fatal(err)
	}
	unpacked, err := readSFNT(fileOf(t, "testdata/inter-latin.ttf"))
	if err != nil {
		t.Fatal(err)
	}
	for _, tag := range []string{"hmtx", "cmap", "gvar", "GPOS", "OS/2"} {
		if !bytes.Equal(packed.byTag[tag], unpacked.byTag[tag]) {
			t.Errorf("%s is not the same", tag)
		}
	}
	ours, theirs := outlinesOf(t, packed), outlinesOf(t, unpacked)
	for i := range theirs {
		if ours[i] != theirs[i] {
			t.Fatalf("glyph %d is %s, not %s", i, ours[i], theirs[i])
		}
	}
}

// outlinesOf draws every glyph.
func outlinesOf(t *testing.T, unpacked tables) []string {
	t.Helper()
	parsed, err := sfnt.Parse(unpacked.sfnt())
	if err != nil {
		t.Fatal(err)
	}
	drawn := make([]string, parsed.NumGlyphs())
	var buffer sfnt.Buffer
	for i := range drawn {
		segments, err := parsed.LoadGlyph(&buffer, sfnt.GlyphIndex(i), fixed.I(int(parsed.UnitsPerEm())), nil)
		if err != nil {
			t.Fatal(err)
		}
		drawn[i] = fmt.Sprint(segments)
	}
	return drawn
}

func TestReadSaysWhatIsWrong(t *testing.T) {
	ttf := goregular.TTF
	woff2 := fileOf(t, "data/inter-latin.woff2")
	without := func([]byte) []byte { return nil }
	tests := []struct {
		name    string
		content []byte
		says    string
	}{
		{"nothing", nil, "is an empty file"},
		{"text", []byte("Dear Sir or Madam"), "is no font file that we know"},
		{"an old WOFF", []byte("wOFF\x00\x01\x00\x00"), "first version"},
		{"a collection", []byte("ttcf\x00\x01\x00\x00"), "is a collection"},
		{"a collection in WOFF2", append([]byte("wOF2ttcf\x00\x00\x00\x30"), make([]byte, 36)...), "is a collection"},
		{"too large", append(bytes.Clone(ttf), make([]byte, MaxBytes)...), "is larger than 2 MB"},
		{"cut off", ttf[:len(ttf)/2], "ends beyond the file"},
		{"a cut WOFF2", woff2[:len(woff2)/2], "it says that it has"},
		{"a header alone", ttf[:11], "ends within its header"},
		{"restricted", with(t, ttf, "OS/2", permission(0x2)), "fsType 2, restricted"},
		{"preview and print", with(t, ttf, "OS/2", permission(0x4)), "preview and print only"},
		{"bitmaps", with(t, ttf, "OS/2", permission(0x200)), "bitmaps only"},
		{"without a name", with(t, ttf, "name", func([]byte) []byte { return []byte{0, 0, 0, 0, 0, 6} }), "has no name"},
		{"without a map", with(t, ttf, "cmap", without), `lacks its table "cmap"`},
		{"without outlines", with(t, ttf, "glyf", without), "has no outlines"},
		{"with half its outlines", with(t, ttf, "glyf", func(b []byte) []byte { return b[:len(b)/2] }), "cannot be"},
		{"of no height", with(t, ttf, "hhea", func(b []byte) []byte { return append(b[:4:4], append(make([]byte, 4), b[8:]...)...) }), ""},
		{"of Greek alone", fileOf(t, "data/inter-greek.woff2"), "has too few letters"},
		{"with something behind", append(bytes.Clone(woff2), "<script>"...), "it says that it has"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f, err := Read(test.content)
			if test.says == "" && err == nil && f.Metrics.Ascent > 0 {
				return // its typographic height serves
			}
			if err == nil || test.says == "" || !strings.Contains(err.Error(), test.says) {
				t.Errorf("got %v", err)
			}
		})
	}
	for _, bits := range []uint16{0, 0x8, 0xa, 0xc, 0x100} {
		if _, err := Read(with(t, ttf, "OS/2", permission(bits))); err != nil {
			t.Errorf("fsType %#x: %v", bits, err)
		}
	}
}

func TestReadKeepsNoTableThatItDoesNotKnow(t *testing.T) {
	f := read(t, with(t, goregular.TTF, "SVG ", func([]byte) []byte { return []byte("<svg onload=alert(1)>") }))
	if bytes.Contains(f.tables.sfnt(), []byte("SVG ")) || bytes.Contains(f.tables.sfnt(), []byte("onload")) {
		t.Error("pictures in SVG are still there")
	}
	if f.Hash != read(t, goregular.TTF).Hash {
		t.Error("it is not the same without it")
	}
}

// A WOFF2 whose directory claims gigabytes is refused before anything is
// unpacked.
func TestReadIsNoVictimOfBombs(t *testing.T) {
	header := append([]byte("wOF2\x00\x01\x00\x00"), make([]byte, 40)...)
	binary.BigEndian.PutUint16(header[12:], 1)
	bomb := append(header, 63, 'b', 'o', 'm', 'b', 0x83, 0xff, 0xff, 0xff, 0x7f)
	binary.BigEndian.PutUint32(bomb[8:], uint32(len(bomb)))
	if _, err := Read(bomb); err == nil || !strings.Contains(err.Error(), "unpacks to more than 8 MB") {
		t.Errorf("got %v", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(fileOf(f, "data/noto-sans-latin-bold.woff2"))
	f.Add(fileOf(f, "testdata/boxes.otf"))
	f.Add(fileOf(f, "testdata/inter-latin.ttf"))
	f.Fuzz(func(t *testing.T, content []byte) {
		file, _, err := parse(content)
		if err != nil {
			return
		}
		again, _, err := parse(file.tables.sfnt())
		if err != nil || again.Family != file.Family || again.Metrics != file.Metrics {
			t.Errorf("what is written is read otherwise: %v", err)
		}
	})
}

// FuzzRestoreOutlines goes where a compressed stream keeps fuzzing from going.
func FuzzRestoreOutlines(f *testing.F) {
	f.Add([]byte{0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 1, 3, 1, 2, 3, 1, 2, 3, 0, 0, 0, 0, 0}, 1)
	f.Fuzz(func(t *testing.T, data []byte, wide int) {
		glyf, loca, lefts, err := restoreOutlines(data)
		if err != nil {
			return
		}
		if len(loca) != 4*len(lefts)+4 || int(binary.BigEndian.Uint32(loca[len(loca)-4:])) != len(glyf) {
			t.Errorf("%d glyphs in %d bytes have %d bytes of places", len(lefts), len(glyf), len(loca))
		}
		if hmtx, err := restoreMeasures(append([]byte{3}, data...), wide, lefts); err == nil && len(hmtx) != 2*wide+2*len(lefts) {
			t.Errorf("%d of %d widths take %d bytes", wide, len(lefts), len(hmtx))
		}
	})
}
