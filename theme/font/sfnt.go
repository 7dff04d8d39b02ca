package font

import (
	"encoding/binary"
	"fmt"
	"slices"
)

// The first four bytes of a font file.
const (
	flavorTrueType = 0x00010000
	flavorApple    = 0x74727565 // true
	flavorCFF      = 0x4f54544f // OTTO
	signatureWOFF2 = 0x774f4632 // wOF2
	signatureWOFF  = 0x774f4646 // wOFF
	collection     = 0x74746366 // ttcf
)

// MaxBytes is the largest file that is read; mostBytes what it may unpack to.
const (
	MaxBytes   = 2 << 20
	mostBytes  = 8 << 20
	mostTables = 64
)

// known are the tables that are kept: outlines, measures, layout, variations
// and the programs that fit outlines to pixels. Pictures, scripts for
// signatures and what only editors read go.
var known = []string{
	"BASE", "CFF ", "GDEF", "GPOS", "GSUB", "HVAR", "MVAR", "OS/2", "STAT", "avar", "cmap", "cvar", "cvt ", "fpgm",
	"fvar", "gasp", "glyf", "gvar", "head", "hhea", "hmtx", "kern", "loca", "maxp", "name", "post", "prep",
}

// tables are a font's, as ISO/IEC 14496-22 names and lays them out.
type tables struct {
	flavor uint32
	byTag  map[string][]byte
}

// readSFNT reads the directory of a TTF or OTF.
func readSFNT(data []byte) (tables, error) {
	if len(data) < 12 {
		return tables{}, fmt.Errorf("it ends within its header")
	}
	t := tables{flavor: binary.BigEndian.Uint32(data), byTag: map[string][]byte{}}
	if t.flavor == flavorApple {
		t.flavor = flavorTrueType
	}
	count := int(binary.BigEndian.Uint16(data[4:]))
	if count < 1 || count > mostTables || len(data) < 12+16*count {
		return tables{}, fmt.Errorf("its directory of %d tables cannot be right", count)
	}
	for i := range count {
		entry := data[12+16*i:]
		tag, from, length := string(entry[:4]), binary.BigEndian.Uint32(entry[8:]), binary.BigEndian.Uint32(entry[12:])
		if uint64(from)+uint64(length) > uint64(len(data)) {
			return tables{}, fmt.Errorf("its table %q ends beyond the file", tag)
		}
		if _, twice := t.byTag[tag]; twice {
			return tables{}, fmt.Errorf("its table %q stands there twice", tag)
		}
		t.byTag[tag] = data[from : from+length]
	}
	return t, nil
}

// keepKnown drops the tables that are not known and reports whether there
// were any.
func (t tables) keepKnown() (dropped bool) {
	for tag := range t.byTag {
		if !slices.Contains(known, tag) {
			delete(t.byTag, tag)
			dropped = true
		}
	}
	return dropped
}

// tags are the tables' in the order of a directory.
func (t tables) tags() []string {
	tags := make([]string, 0, len(t.byTag))
	for tag := range t.byTag {
		tags = append(tags, tag)
	}
	slices.Sort(tags)
	return tags
}

// sfnt writes the tables as a TTF or OTF.
func (t tables) sfnt() []byte {
	tags := t.tags()
	out := binary.BigEndian.AppendUint32(nil, t.flavor)
	shift := 0
	for 2<<shift <= len(tags) {
		shift++
	}
	out = binary.BigEndian.AppendUint16(out, uint16(len(tags)))
	out = binary.BigEndian.AppendUint16(out, 16<<shift)
	out = binary.BigEndian.AppendUint16(out, uint16(shift))
	out = binary.BigEndian.AppendUint16(out, uint16(16*len(tags)-16<<shift))
	from := 12 + 16*len(tags)
	var bodies []byte
	for _, tag := range tags {
		body := t.byTag[tag]
		out = append(out, tag...)
		out = binary.BigEndian.AppendUint32(out, checksum(body))
		out = binary.BigEndian.AppendUint32(out, uint32(from+len(bodies)))
		out = binary.BigEndian.AppendUint32(out, uint32(len(body)))
		bodies = append(bodies, body...)
		for len(bodies)%4 != 0 {
			bodies = append(bodies, 0)
		}
	}
	return append(out, bodies...)
}

func checksum(data []byte) (sum uint32) {
	for len(data) >= 4 {
		sum += binary.BigEndian.Uint32(data)
		data = data[4:]
	}
	var rest [4]byte
	copy(rest[:], data)
	return sum + binary.BigEndian.Uint32(rest[:])
}

// u16 reads a table at an offset; 0 beyond its end, which the caller's
// own bounds make impossible where it matters.
func u16(b []byte, at int) int {
	if at < 0 || at+2 > len(b) {
		return 0
	}
	return int(binary.BigEndian.Uint16(b[at:]))
}

func i16(b []byte, at int) int { return int(int16(u16(b, at))) }

func u32(b []byte, at int) int {
	if at < 0 || at+4 > len(b) {
		return 0
	}
	return int(binary.BigEndian.Uint32(b[at:]))
}
