package font

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/andybalholm/brotli"
)

// woffTags are the tables that WOFF2 names by number (W3C WOFF 2.0, 4.1).
var woffTags = []string{
	"cmap", "head", "hhea", "hmtx", "maxp", "name", "OS/2", "post", "cvt ", "fpgm", "glyf", "loca", "prep", "CFF ", "VORG", "EBDT",
	"EBLC", "gasp", "hdmx", "kern", "LTSH", "PCLT", "VDMX", "vhea", "vmtx", "BASE", "GDEF", "GPOS", "GSUB", "EBSC", "JSTF", "MATH",
	"CBDT", "CBLC", "COLR", "CPAL", "SVG ", "sbix", "acnt", "avar", "bdat", "bloc", "bsln", "cvar", "fdsc", "feat", "fmtx", "fvar",
	"gvar", "hsty", "just", "lcar", "mort", "morx", "opbd", "prop", "trak", "Zapf", "Silf", "Glat", "Gloc", "Feat", "Sill",
}

// errShort is of data that ends too soon.
var errShort = errors.New("it ends too soon")

// A woffEntry is one table in a WOFF2 directory.
type woffEntry struct {
	tag         string
	transformed bool
	length      int // in the decompressed stream
}

// readWOFF2 unpacks a WOFF2 of one font.
func readWOFF2(data []byte) (tables, error) {
	if len(data) < 48 {
		return tables{}, errShort
	}
	t := tables{flavor: binary.BigEndian.Uint32(data[4:]), byTag: map[string][]byte{}}
	if t.flavor == collection {
		return tables{}, fmt.Errorf("it is a collection of fonts; upload one of them")
	}
	count, packed := u16(data, 12), u32(data, 20)
	if count < 1 || count > mostTables {
		return tables{}, fmt.Errorf("its directory of %d tables cannot be right", count)
	}
	r := &reader{data: data[48:]}
	entries, total := make([]woffEntry, count), 0
	for i := range entries {
		entries[i] = r.woffEntry()
		total += entries[i].length
	}
	if r.failed || packed > len(r.data) {
		return tables{}, errShort
	}
	if total > mostBytes {
		return tables{}, fmt.Errorf("it unpacks to more than %d MB", mostBytes>>20)
	}
	stream, err := io.ReadAll(io.LimitReader(brotli.NewReader(bytes.NewReader(r.data[:packed])), int64(total)+1))
	if err != nil || len(stream) != total {
		return tables{}, fmt.Errorf("its compressed tables cannot be unpacked")
	}
	return t, t.fill(entries, stream)
}

func (r *reader) woffEntry() woffEntry {
	flags := r.u8()
	e := woffEntry{}
	if number := int(flags & 63); number < len(woffTags) {
		e.tag = woffTags[number]
	} else {
		e.tag = string(r.take(4))
	}
	e.length = r.base128()
	version := flags >> 6
	outlines := e.tag == "glyf" || e.tag == "loca"
	if e.transformed = outlines && version == 0 || !outlines && version != 0; e.transformed {
		e.length = r.base128()
	}
	return e
}

// fill gives the tables their bodies and undoes WOFF2's transformations.
func (t tables) fill(entries []woffEntry, stream []byte) error {
	var outlines, measures []byte
	for _, e := range entries {
		body := stream[:e.length]
		stream = stream[e.length:]
		switch {
		case e.transformed && e.tag == "glyf":
			outlines = body
		case e.transformed && e.tag == "hmtx":
			measures = body
		case e.transformed && e.tag != "loca":
			return fmt.Errorf("its table %q is transformed in an unknown way", e.tag)
		case t.byTag[e.tag] != nil:
			return fmt.Errorf("its table %q stands there twice", e.tag)
		case !e.transformed:
			t.byTag[e.tag] = body
		}
	}
	var lefts []int
	if outlines != nil {
		glyf, loca, xMins, err := restoreOutlines(outlines)
		if err != nil {
			return fmt.Errorf("its outlines: %w", err)
		}
		t.byTag["glyf"], t.byTag["loca"], lefts = glyf, loca, xMins
		if head := t.byTag["head"]; len(head) >= 54 {
			head = bytes.Clone(head)
			binary.BigEndian.PutUint16(head[50:], 1) // loca is long
			t.byTag["head"] = head
		}
	}
	if measures != nil {
		hmtx, err := restoreMeasures(measures, u16(t.byTag["hhea"], 34), lefts)
		if err != nil {
			return fmt.Errorf("its widths: %w", err)
		}
		t.byTag["hmtx"] = hmtx
	}
	return nil
}

// woff2 writes the tables as WOFF2, without transformations.
func (t tables) woff2() ([]byte, error) {
	var directory []byte
	var stream bytes.Buffer
	full := len(t.sfnt())
	for _, tag := range t.tags() {
		body := t.byTag[tag]
		number := slices.Index(woffTags, tag)
		flags := byte(63)
		if number >= 0 {
			flags = byte(number)
		}
		if tag == "glyf" || tag == "loca" {
			flags |= 3 << 6 // as they are
		}
		directory = append(directory, flags)
		if number < 0 {
			directory = append(directory, tag...)
		}
		directory = appendBase128(directory, len(body))
		stream.Write(body)
	}
	var packed bytes.Buffer
	quality := brotli.BestCompression
	if stream.Len() > 128<<10 {
		quality = 9 // the best takes seconds and gains a twentieth
	}
	w := brotli.NewWriterOptions(&packed, brotli.WriterOptions{Quality: quality, LGWin: 22})
	if _, err := w.Write(stream.Bytes()); err != nil {
		return nil, fmt.Errorf("compress the font: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("compress the font: %w", err)
	}
	length := 48 + len(directory) + packed.Len()
	padded := (length + 3) &^ 3
	out := binary.BigEndian.AppendUint32(nil, signatureWOFF2)
	out = binary.BigEndian.AppendUint32(out, t.flavor)
	out = binary.BigEndian.AppendUint32(out, uint32(padded))
	out = binary.BigEndian.AppendUint16(out, uint16(len(t.byTag)))
	out = binary.BigEndian.AppendUint16(out, 0)
	out = binary.BigEndian.AppendUint32(out, uint32(full))
	out = binary.BigEndian.AppendUint32(out, uint32(packed.Len()))
	out = append(out, 0, 1, 0, 0)          // version 1.0
	out = append(out, make([]byte, 20)...) // neither metadata nor private data
	out = append(append(out, directory...), packed.Bytes()...)
	return append(out, make([]byte, padded-length)...), nil
}

func appendBase128(b []byte, n int) []byte {
	for shift := 28; shift > 0; shift -= 7 {
		if n>>shift != 0 {
			b = append(b, byte(n>>shift)|0x80)
		}
	}
	return append(b, byte(n&0x7f))
}

// A reader takes numbers from the front of data. Once it has run out, it
// gives zeros and says that it failed.
type reader struct {
	data   []byte
	failed bool
}

func (r *reader) take(n int) []byte {
	if n < 0 || n > len(r.data) {
		r.failed = true
		r.data = nil
		return make([]byte, min(max(n, 0), 8))
	}
	taken := r.data[:n]
	r.data = r.data[n:]
	return taken
}

func (r *reader) u8() byte { return r.take(1)[0] }

func (r *reader) u16() int { return int(binary.BigEndian.Uint16(r.take(2))) }

func (r *reader) u32() int { return int(binary.BigEndian.Uint32(r.take(4))) }

// base128 reads a UIntBase128 (WOFF 2.0, 4.1): at most five bytes, no leading
// zeros.
func (r *reader) base128() int {
	n := 0
	for i := range 5 {
		b := r.u8()
		if i == 0 && b == 0x80 {
			break
		}
		n = n<<7 | int(b&0x7f)
		if b&0x80 == 0 {
			if n > 1<<31-1 {
				break
			}
			return n
		}
	}
	r.failed = true
	return 0
}

// short reads a 255UInt16 (WOFF 2.0, 5.1).
func (r *reader) short() int {
	switch code := r.u8(); code {
	case 253:
		return r.u16()
	case 255:
		return int(r.u8()) + 253
	case 254:
		return int(r.u8()) + 506
	default:
		return int(code)
	}
}
