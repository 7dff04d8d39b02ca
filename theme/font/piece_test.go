package font

import (
	"fmt"
	"testing"

	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

func TestPiecesShowTheirCharactersAsTheWholeDoes(t *testing.T) {
	for name, content := range map[string][]byte{"Go": goregular.TTF, "Inter": fileOf(t, "testdata/inter-latin.ttf")} {
		whole := read(t, content)
		original, err := sfnt.Parse(whole.tables.sfnt())
		if err != nil {
			t.Fatal(err)
		}
		pieces, err := whole.Pieces()
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range pieces {
			unpacked, err := readWOFF2(p.WOFF2)
			if err != nil {
				t.Fatalf("%s, %s: %v", name, p.Face.Subset, err)
			}
			parsed, err := sfnt.Parse(unpacked.sfnt())
			if err != nil {
				t.Fatalf("%s, %s: %v", name, p.Face.Subset, err)
			}
			for _, s := range subsets {
				s.each(func(r rune) {
					want := drawnRune(original, r)
					if s.name != p.Face.Subset {
						want = ""
					}
					if got := drawnRune(parsed, r); got != want {
						t.Errorf("%s, %s: %q is %s, not %s", name, p.Face.Subset, r, got, want)
					}
				})
			}
		}
	}
}

// drawnRune is what a character looks like; "" without it.
func drawnRune(f *sfnt.Font, r rune) string {
	var buffer sfnt.Buffer
	glyph, err := f.GlyphIndex(&buffer, r)
	if err != nil || glyph == 0 {
		return ""
	}
	segments, err := f.LoadGlyph(&buffer, glyph, fixed.I(1000), nil)
	return fmt.Sprint(advance(f, &buffer, r), segments, err)
}

func TestAPageLoadsWhatItShows(t *testing.T) {
	whole := read(t, goregular.TTF)
	pieces, err := whole.Pieces()
	if err != nil || len(pieces) < 3 {
		t.Fatalf("%d pieces, %v", len(pieces), err)
	}
	if p := pieces[0]; p.Face.Subset != Latin || p.Face.Bytes != len(p.WOFF2) || p.Face.Bytes > len(whole.WOFF2)*2/3 {
		t.Errorf("Latin takes %d of %d bytes", p.Face.Bytes, len(whole.WOFF2))
	}
}

func TestAFontThatMayNotBeCutStaysWhole(t *testing.T) {
	for name, content := range map[string][]byte{
		"its maker forbids it": with(t, goregular.TTF, "OS/2", permission(0x100)),
		"outlines of CFF":      fileOf(t, "testdata/boxes.otf"),
	} {
		whole := read(t, content)
		pieces, err := whole.Pieces()
		if err != nil || len(pieces) != 1 || pieces[0].Face.Hash != whole.Hash || pieces[0].Face.Subset != "" {
			t.Errorf("%s: %d pieces, %v", name, len(pieces), err)
		}
	}
}

// What f and i become together is kept with them.
func TestLigaturesStayWithTheirLetters(t *testing.T) {
	unpacked, parsed := open(t, "lora-latin.woff2")
	kept := map[int]bool{}
	var buffer sfnt.Buffer
	for _, r := range "fi" {
		glyph, err := parsed.GlyphIndex(&buffer, r)
		if err != nil {
			t.Fatal(err)
		}
		kept[int(glyph)] = true
	}
	if !substitutions(unpacked.byTag["GSUB"]).close(kept) || len(kept) < 3 {
		t.Errorf("%v", kept)
	}
}

func FuzzCloseSubstitutions(f *testing.F) {
	unpacked, err := readWOFF2(fileOf(f, "data/lora-latin.woff2"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(unpacked.byTag["GSUB"])
	f.Fuzz(func(t *testing.T, table []byte) {
		kept := map[int]bool{1: true, 40: true, 41: true}
		if substitutions(table).close(kept); len(kept) > 1<<16 {
			t.Errorf("%d glyphs", len(kept))
		}
	})
}

func FuzzCutVariations(f *testing.F) {
	unpacked, err := readSFNT(fileOf(f, "testdata/inter-latin.ttf"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(unpacked.byTag["gvar"][:2000])
	f.Fuzz(func(t *testing.T, table []byte) {
		if cut := cutVariations(table, map[int]bool{0: true, 1: true}); cut != nil && cutVariations(cut, map[int]bool{0: true}) == nil {
			t.Error("it cannot be read again")
		}
	})
}
