package font

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// A File is a font file that has been read and checked: every table that a
// browser needs is there and every outline can be drawn.
type File struct {
	Family    string // as the file calls it
	Copyright string
	Licence   string // as the file states it, often empty
	Serif     bool
	Italic    bool
	Weights   [2]int // lightest and boldest, equal unless variable
	Metrics   Metrics
	Coverage  []Coverage

	WOFF2 []byte // what is served
	Hash  string // SHA-256 of WOFF2, hex

	tables tables
}

// Coverage is how many of a subset's characters a font has.
type Coverage struct {
	Subset string `json:"subset"` // latin, latin-ext, greek, cyrillic, arabic
	Has    int    `json:"has"`
	Of     int    `json:"of"`
}

// Read reads a WOFF2, TTF or OTF of at most MaxBytes. Its errors say what is
// wrong with the file and what to do, as the end of a sentence that begins "the font".
// A font whose maker forbids embedding (OS/2 fsType) is refused.
func Read(data []byte) (*File, error) {
	if len(data) > MaxBytes {
		return nil, fmt.Errorf("is larger than %d MB; upload a WOFF2 with the languages that you write in only", MaxBytes>>20)
	}
	f, whole, err := parse(data)
	if err != nil {
		return nil, err
	}
	// A WOFF2 that was read to its end is served in its maker's compression.
	if f.WOFF2 = data; !whole {
		if f.WOFF2, err = f.tables.woff2(); err != nil {
			return nil, err
		}
	}
	sum := sha256.Sum256(f.WOFF2)
	f.Hash = hex.EncodeToString(sum[:])
	return f, nil
}

// parse reads and checks a file; whole says that it is a WOFF2 of nothing but
// known tables.
func parse(data []byte) (f *File, whole bool, err error) {
	t, packed, err := unpack(data)
	if err != nil {
		return nil, false, err
	}
	dropped := t.keepKnown()
	if err := t.check(); err != nil {
		return nil, false, err
	}
	f = &File{tables: t}
	return f, packed && !dropped, f.describe()
}

// unpack tells the format by the first bytes; packed says that it is WOFF2.
func unpack(data []byte) (t tables, packed bool, err error) {
	if len(data) < 4 {
		return t, false, fmt.Errorf("is an empty file")
	}
	switch binary.BigEndian.Uint32(data) {
	case flavorTrueType, flavorApple, flavorCFF:
		t, err = readSFNT(data)
	case signatureWOFF2:
		packed = true
		// Nothing may hide behind the font.
		if length := u32(data, 8); length != len(data) {
			err = fmt.Errorf("it says that it has %d bytes, and has %d", length, len(data))
		} else {
			t, err = readWOFF2(data)
		}
	case signatureWOFF:
		return t, false, fmt.Errorf("is a WOFF of the first version; upload it as WOFF2, TTF or OTF")
	case collection:
		return t, false, fmt.Errorf("is a collection of fonts; upload one of them as WOFF2, TTF or OTF")
	default:
		return t, false, fmt.Errorf("is no font file that we know; upload a WOFF2, TTF or OTF")
	}
	if err != nil {
		return t, packed, fmt.Errorf("cannot be read: %w; export it again", err)
	}
	return t, packed, nil
}

// check looks for the tables that no browser can do without, and for the
// maker's permission.
func (t tables) check() error {
	for tag, least := range map[string]int{"head": 54, "hhea": 36, "maxp": 6, "OS/2": 78, "hmtx": 4, "cmap": 4, "name": 6, "post": 32} {
		if len(t.byTag[tag]) < least {
			return fmt.Errorf("lacks its table %q; export it again", tag)
		}
	}
	if t.byTag["glyf"] == nil && t.byTag["CFF "] == nil {
		return fmt.Errorf("has no outlines of a kind that all browsers draw; export it as TTF or as WOFF2 of it")
	}
	switch permission := u16(t.byTag["OS/2"], 8); {
	case permission&0x2 != 0 && permission&0xc == 0:
		return fmt.Errorf("may not be embedded, its file says (OS/2 fsType 2, restricted licence); ask its maker for a web licence and file")
	case permission&0x4 != 0 && permission&0x8 == 0:
		return fmt.Errorf("may be embedded for preview and print only, its file says (OS/2 fsType 4); ask its maker for a web licence and file")
	case permission&0x200 != 0:
		return fmt.Errorf("may be embedded as bitmaps only, its file says (OS/2 fsType 512); ask its maker for a web licence and file")
	}
	return nil
}

// describe draws every glyph once, then reads what the file says of itself.
func (f *File) describe() error {
	parsed, err := sfnt.Parse(f.tables.sfnt())
	if err != nil {
		return fmt.Errorf("cannot be read: %w; export it again as TTF", err)
	}
	var buffer sfnt.Buffer
	size := fixed.I(int(parsed.UnitsPerEm()))
	for i := range parsed.NumGlyphs() {
		if _, err := parsed.LoadGlyph(&buffer, sfnt.GlyphIndex(i), size, nil); err != nil {
			return fmt.Errorf("cannot be drawn: glyph %d: %w; export it again", i, err)
		}
	}
	if f.Family, err = f.family(parsed, &buffer); err != nil {
		return err
	}
	f.Copyright = name(parsed, &buffer, sfnt.NameIDCopyright, 500)
	f.Licence = name(parsed, &buffer, sfnt.NameIDLicense, 500)
	os2 := f.tables.byTag["OS/2"]
	f.Italic = u16(os2, 62)&1 != 0
	// Families 1 to 5 and 7 have serifs (OS/2 sFamilyClass); else Panose may know.
	class, panose := os2[30], os2[33]
	f.Serif = class >= 1 && class <= 5 || class == 7 || class == 0 && os2[32] == 2 && panose >= 2 && panose <= 10
	f.Weights = f.tables.weights()
	if f.Metrics, err = f.tables.metrics(parsed, &buffer); err != nil {
		return err
	}
	f.Coverage = coverage(parsed, &buffer)
	if f.Coverage[0].Has < 52 && f.Coverage[len(f.Coverage)-1].Has < 28 {
		return fmt.Errorf("has too few letters to set a page in, %d of Latin; upload one with an alphabet", f.Coverage[0].Has)
	}
	return nil
}

// maxName is the longest name of a family, in characters.
const maxName = 60

func (f *File) family(parsed *sfnt.Font, buffer *sfnt.Buffer) (string, error) {
	family := name(parsed, buffer, sfnt.NameIDTypographicFamily, maxName+1)
	if family == "" {
		family = name(parsed, buffer, sfnt.NameIDFamily, maxName+1)
	}
	switch {
	case family == "":
		return "", fmt.Errorf("has no name; give it a family name and export it again")
	case utf8.RuneCountInString(family) > maxName:
		return "", fmt.Errorf("has a name of more than %d characters", maxName)
	}
	return family, nil
}

// name reads a name, on one line, of at most so many characters.
func name(parsed *sfnt.Font, buffer *sfnt.Buffer, id sfnt.NameID, most int) string {
	text, err := parsed.Name(buffer, id)
	if err != nil {
		return ""
	}
	text = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if !unicode.IsPrint(r) || r == utf8.RuneError {
			return -1
		}
		return r
	}, text)
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most])
	}
	return text
}

// weights are those that the font can be set in, 1 to 1000.
func (t tables) weights() [2]int {
	if axis := t.axis("wght"); axis != nil {
		least, most := i16(axis, 4), i16(axis, 12) // whole parts of 16.16 numbers
		if least >= 1 && least <= most && most <= 1000 {
			return [2]int{least, most}
		}
	}
	weight := u16(t.byTag["OS/2"], 4)
	if weight < 1 || weight > 1000 {
		weight = 400
	}
	return [2]int{weight, weight}
}

// axis is the record of a variable font's axis; nil without one.
func (t tables) axis(tag string) []byte {
	fvar := t.byTag["fvar"]
	from, count, size := u16(fvar, 4), u16(fvar, 8), u16(fvar, 10)
	for i := range count {
		at := from + i*size
		if size < 20 || at+20 > len(fvar) {
			return nil
		}
		if bytes.HasPrefix(fvar[at:], []byte(tag)) {
			return fvar[at : at+20]
		}
	}
	return nil
}

// advance is a character's width in font units; 0 without it.
func advance(parsed *sfnt.Font, buffer *sfnt.Buffer, r rune) float64 {
	i, err := parsed.GlyphIndex(buffer, r)
	if err != nil || i == 0 {
		return 0
	}
	width, err := parsed.GlyphAdvance(buffer, i, fixed.I(int(parsed.UnitsPerEm())), font.HintingNone)
	if err != nil {
		return 0
	}
	return float64(width) / 64
}
