package font

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"slices"

	"golang.org/x/image/font/sfnt"
)

// A Piece is a face with its file.
type Piece struct {
	Face  Face
	WOFF2 []byte
}

// Pieces are the files that the font is served as: one for each writing system
// that it has, so that a page loads what it shows. A font whose maker forbids
// it (OS/2 fsType, bit 8), or whose outlines are not TrueType's, stays whole.
func (f *File) Pieces() ([]Piece, error) {
	whole := []Piece{{Face: Face{Hash: f.Hash, Bytes: len(f.WOFF2), Weights: f.Weights, Italic: f.Italic}, WOFF2: f.WOFF2}}
	if u16(f.tables.byTag["OS/2"], 8)&0x100 != 0 || f.tables.byTag["glyf"] == nil {
		return whole, nil
	}
	parsed, err := sfnt.Parse(f.tables.sfnt())
	if err != nil {
		return nil, err
	}
	var pieces []Piece
	for i, s := range subsets {
		if f.Coverage[i].Has == 0 {
			continue
		}
		cut, ok := f.tables.cut(parsed, s)
		if !ok {
			return whole, nil
		}
		woff2, err := cut.woff2()
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(woff2)
		pieces = append(pieces, Piece{
			Face:  Face{Hash: hex.EncodeToString(sum[:]), Bytes: len(woff2), Subset: s.name, Weights: f.Weights, Italic: f.Italic},
			WOFF2: woff2,
		})
	}
	return pieces, nil
}

// cut is the font with the outlines of a subset's characters alone, and of
// what they become. Glyphs keep their numbers, so that all other tables stay as they are.
func (t tables) cut(parsed *sfnt.Font, s subset) (tables, bool) {
	characters, kept := map[rune]int{}, map[int]bool{0: true}
	var buffer sfnt.Buffer
	s.each(func(r rune) {
		if glyph, err := parsed.GlyphIndex(&buffer, r); err == nil && glyph != 0 {
			characters[r], kept[int(glyph)] = int(glyph), true
		}
	})
	if !substitutions(t.byTag["GSUB"]).close(kept) || !t.closeComposites(kept) {
		return t, false
	}
	cut := tables{flavor: t.flavor, byTag: map[string][]byte{}}
	for tag, body := range t.byTag {
		cut.byTag[tag] = body
	}
	if cut.byTag["GPOS"] != nil {
		delete(cut.byTag, "kern") // browsers kern by GPOS then
	}
	cut.byTag["cmap"] = cmapOf(characters)
	cut.byTag["glyf"], cut.byTag["loca"] = t.cutOutlines(kept)
	cut.byTag["head"] = bytes.Clone(t.byTag["head"])
	binary.BigEndian.PutUint16(cut.byTag["head"][50:], 1) // loca is long
	cut.byTag["hmtx"] = t.cutWidths(kept)
	cut.byTag["post"] = append([]byte{0, 3, 0, 0}, t.byTag["post"][4:32]...) // without names of glyphs
	if gvar := t.byTag["gvar"]; gvar != nil {
		if cut.byTag["gvar"] = cutVariations(gvar, kept); cut.byTag["gvar"] == nil {
			return t, false
		}
	}
	return cut, true
}

// outline is a glyph's in glyf; nil if it has none.
func (t tables) outline(glyph int) []byte {
	glyf, loca := t.byTag["glyf"], t.byTag["loca"]
	from, to := 2*u16(loca, 2*glyph), 2*u16(loca, 2*glyph+2)
	if u16(t.byTag["head"], 50) != 0 {
		from, to = u32(loca, 4*glyph), u32(loca, 4*glyph+4)
	}
	if from >= to || to > len(glyf) {
		return nil
	}
	return glyf[from:to]
}

func (t tables) cutOutlines(kept map[int]bool) (glyf, loca []byte) {
	count := u16(t.byTag["maxp"], 4)
	for glyph := range count {
		loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
		if kept[glyph] {
			glyf = append(glyf, t.outline(glyph)...)
			for len(glyf)%4 != 0 {
				glyf = append(glyf, 0)
			}
		}
	}
	return glyf, binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
}

// cutWidths makes zeros of the widths that nobody asks for: they take no room.
func (t tables) cutWidths(kept map[int]bool) []byte {
	hmtx, wide := bytes.Clone(t.byTag["hmtx"]), u16(t.byTag["hhea"], 34)
	for glyph := range u16(t.byTag["maxp"], 4) {
		from, to := 4*glyph, 4*glyph+4
		if glyph >= wide {
			from, to = 4*wide+2*(glyph-wide), 4*wide+2*(glyph-wide)+2
		}
		// The last width is that of all that follow.
		if !kept[glyph] && glyph != wide-1 && to <= len(hmtx) {
			clear(hmtx[from:to])
		}
	}
	return hmtx
}

// closeComposites adds the glyphs that kept ones are put together of.
func (t tables) closeComposites(kept map[int]bool) bool {
	waiting := make([]int, 0, len(kept))
	for glyph := range kept {
		waiting = append(waiting, glyph)
	}
	for len(waiting) > 0 {
		outline := t.outline(waiting[len(waiting)-1])
		waiting = waiting[:len(waiting)-1]
		if i16(outline, 0) >= 0 {
			continue
		}
		for at, more := 10, true; more; {
			if at+4 > len(outline) {
				return false
			}
			flags, part := u16(outline, at), u16(outline, at+2)
			if !kept[part] {
				kept[part] = true
				waiting = append(waiting, part)
			}
			at += componentSize(flags) + 2
			more = flags&0x20 != 0
		}
	}
	return true
}

// cutVariations empties the variations of glyphs that are not kept; nil for
// a table that cannot be read.
func cutVariations(gvar []byte, kept map[int]bool) []byte {
	if len(gvar) < 20 {
		return nil
	}
	count, long, base := u16(gvar, 12), u16(gvar, 14)&1 != 0, u32(gvar, 16)
	place := func(i int) int {
		if long {
			return base + u32(gvar, 20+4*i)
		}
		return base + 2*u16(gvar, 20+2*i)
	}
	shared, sharedSize := u32(gvar, 8), 2*u16(gvar, 4)*u16(gvar, 6)
	if shared+sharedSize > len(gvar) {
		return nil
	}
	var offsets, data []byte
	for i := range count {
		offsets = binary.BigEndian.AppendUint32(offsets, uint32(len(data)))
		from, to := place(i), place(i+1)
		if from > to || to > len(gvar) {
			return nil
		}
		if kept[i] {
			data = append(data, gvar[from:to]...)
			for len(data)%2 != 0 {
				data = append(data, 0)
			}
		}
	}
	offsets = binary.BigEndian.AppendUint32(offsets, uint32(len(data)))
	out := bytes.Clone(gvar[:20])
	binary.BigEndian.PutUint32(out[8:], uint32(20+len(offsets)))
	binary.BigEndian.PutUint16(out[14:], 1)
	binary.BigEndian.PutUint32(out[16:], uint32(20+len(offsets)+sharedSize))
	return append(append(append(out, offsets...), gvar[shared:shared+sharedSize]...), data...)
}

// cmapOf writes a map of characters (format 4 of cmap), each a segment of its
// own where its neighbour's glyph is not the next.
func cmapOf(characters map[rune]int) []byte {
	sorted := make([]rune, 0, len(characters))
	for r := range characters {
		sorted = append(sorted, r)
	}
	slices.Sort(sorted)
	type segment struct{ first, last, delta int }
	var segments []segment
	for _, r := range sorted {
		code, delta := int(r), characters[r]-int(r)
		if n := len(segments); n > 0 && segments[n-1].last == code-1 && segments[n-1].delta == delta {
			segments[n-1].last = code
			continue
		}
		segments = append(segments, segment{code, code, delta})
	}
	segments = append(segments, segment{0xffff, 0xffff, 1})
	var ends, starts, deltas []byte
	for _, s := range segments {
		ends = binary.BigEndian.AppendUint16(ends, uint16(s.last))
		starts = binary.BigEndian.AppendUint16(starts, uint16(s.first))
		deltas = binary.BigEndian.AppendUint16(deltas, uint16(s.delta))
	}
	shift := 0
	for 2<<shift <= len(segments) {
		shift++
	}
	out := []byte{0, 0, 0, 1, 0, 3, 0, 1, 0, 0, 0, 12, 0, 4}
	for _, n := range []int{16 + 8*len(segments), 0, 2 * len(segments), 2 << shift, shift, 2*len(segments) - 2<<shift} {
		out = binary.BigEndian.AppendUint16(out, uint16(n))
	}
	out = append(append(append(append(out, ends...), 0, 0), starts...), deltas...)
	return append(out, make([]byte, 2*len(segments))...)
}
