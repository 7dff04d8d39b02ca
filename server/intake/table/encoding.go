package table

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// The encodings' names, as in the IANA's list where it has one that people use.
const (
	utf8Name    = "UTF-8"
	utf16LEName = "UTF-16LE"
	utf16BEName = "UTF-16BE"
)

// charsets are the encodings of one byte a character that exports come in, the
// likeliest first: where a text fits several equally, the first is meant.
var charsets = []struct {
	name   string
	decode *charmap.Charmap
	west   bool    // of western Europe's languages; else of central Europe's
	prior  float64 // log of how likely it is before looking at a text
}{
	{"Windows-1252", charmap.Windows1252, true, 0},
	{"ISO-8859-15", charmap.ISO8859_15, true, -1},
	{"Windows-1250", charmap.Windows1250, false, -3},
	{"ISO-8859-2", charmap.ISO8859_2, false, -4},
	{"Macintosh", charmap.Macintosh, true, -4},
	{"IBM850", charmap.CodePage850, true, -5},
}

// namedEncoding returns an encoding's own name, or "".
func namedEncoding(name string) string {
	switch strings.ToLower(strings.ReplaceAll(name, "_", "-")) {
	case "utf-8", "utf8", "us-ascii", "ascii":
		return utf8Name
	case "utf-16", "utf-16le":
		return utf16LEName
	case "utf-16be":
		return utf16BEName
	case "iso-8859-1", "latin1", "cp1252": // Windows-1252 holds all of ISO-8859-1's characters
		return charsets[0].name
	}
	for _, c := range charsets {
		if strings.EqualFold(c.name, name) {
			return c.name
		}
	}
	return ""
}

// A text is a file of text, read from its beginning as UTF-8.
type text struct {
	r       io.ReaderAt
	size    int64
	at      int64 // next byte to read
	name    string
	decided bool // false: nothing but ASCII has been seen yet
	marked  bool // it began with a byte order mark
	letters *[128]letter
	raw     []byte
}

// A letter is a character's UTF-8.
type letter struct {
	n     uint8
	bytes [3]byte
}

// openText recognises a file's encoding from its head, its tail and places
// between. Where all of them are ASCII, the first other byte decides, once
// reading comes to it.
func openText(r io.ReaderAt, size int64, asked string) (*text, error) {
	t := &text{r: r, size: size}
	head, err := readSome(r, 0, min(size, headSize))
	if err != nil {
		return nil, err
	}
	mark := t.byMark(head)
	switch {
	case asked != "":
		name := namedEncoding(asked)
		if name == "" {
			return nil, &FileError{FileUnknown, fmt.Sprintf("encoding %q is not known; write UTF-8, UTF-16LE, UTF-16BE, Windows-1252, ISO-8859-15, Windows-1250, ISO-8859-2, Macintosh or IBM850, or leave it out", asked)}
		}
		if mark == "" || !strings.HasPrefix(name, "UTF-16") {
			t.setName(name)
		}
	case mark != "":
	default:
		if order, ok := utf16Order(head); ok {
			t.setName(utf16LEName)
			if order == binary.ByteOrder(binary.BigEndian) {
				t.setName(utf16BEName)
			}
			break
		}
		samples, err := t.samples()
		if err != nil {
			return nil, err
		}
		if name := guessEncoding(samples); name != "" {
			t.setName(name)
		} else {
			t.name = utf8Name
		}
	}
	return t, nil
}

// byMark takes the encoding from a byte order mark, and passes over it.
func (t *text) byMark(head []byte) string {
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		t.setName(utf8Name)
		t.at = 3
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		t.setName(utf16LEName)
		t.at = 2
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		t.setName(utf16BEName)
		t.at = 2
	}
	t.marked = t.at > 0
	return t.name
}

func (t *text) setName(name string) {
	t.name, t.decided, t.letters = name, true, nil
	for _, c := range charsets {
		if c.name != name {
			continue
		}
		t.letters = new([128]letter)
		for i := range t.letters {
			l := &t.letters[i]
			l.n = uint8(utf8.EncodeRune(l.bytes[:], c.decode.DecodeByte(byte(i+0x80))))
		}
	}
}

// again is the same text from its beginning, in what is known of its encoding.
func (t *text) again() *text {
	first := *t
	first.at, first.raw = 0, nil
	if t.marked {
		first.at = 2
		if t.name == utf8Name {
			first.at = 3
		}
	}
	return &first
}

const (
	sampleHead   = 256 << 10
	samplePiece  = 32 << 10
	samplePieces = 16
)

// samples returns what a file is judged by.
func (t *text) samples() ([][]byte, error) {
	if t.size <= sampleHead+samplePiece*samplePieces {
		all, err := readSome(t.r, 0, t.size)
		return [][]byte{all}, err
	}
	head, err := readSome(t.r, 0, sampleHead)
	if err != nil {
		return nil, err
	}
	samples := [][]byte{head}
	step := (t.size - sampleHead - samplePiece) / (samplePieces - 1)
	for i := range int64(samplePieces) {
		piece, err := readSome(t.r, sampleHead+i*step, samplePiece)
		if err != nil {
			return nil, err
		}
		samples = append(samples, wholeRunes(piece))
	}
	return samples, nil
}

// wholeRunes cuts off characters of UTF-8 that a piece holds only half of.
func wholeRunes(b []byte) []byte {
	for i := 0; i < 3 && len(b) > 0 && b[0]&0xc0 == 0x80; i++ {
		b = b[1:]
	}
	for i := 1; i <= 3 && i <= len(b); i++ {
		if c := b[len(b)-i]; c >= 0xc0 {
			if !utf8.FullRune(b[len(b)-i:]) {
				b = b[:len(b)-i]
			}
			break
		}
	}
	return b
}

// guessEncoding names the encoding of a text; "" if it is all ASCII, which
// tells nothing.
func guessEncoding(samples [][]byte) string {
	var good, bad int
	var seen occurrences
	for _, b := range samples {
		g, n := countUTF8(b)
		good, bad = good+g, bad+n
		seen.add(b)
	}
	switch {
	case good+bad == 0:
		return ""
	case good >= bad: // other encodings' letters hardly ever make characters of UTF-8
		return utf8Name
	}
	return seen.guess()
}

// countUTF8 counts a text's characters beyond ASCII that are UTF-8, and the
// bytes that are not.
func countUTF8(b []byte) (good, bad int) {
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			bad++
		} else {
			good++
		}
		i += n
	}
	return good, bad
}

// utf16Order recognises UTF-16 by its mark, or by every other byte being 0.
func utf16Order(head []byte) (binary.ByteOrder, bool) {
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		return binary.LittleEndian, true
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		return binary.BigEndian, true
	}
	var zeros [2]int
	for i, c := range head {
		if c == 0 {
			zeros[i&1]++
		}
	}
	pairs := len(head) / 2
	switch {
	case pairs < 2:
	case zeros[1]*10 >= pairs*7 && zeros[0]*10 <= pairs:
		return binary.LittleEndian, true
	case zeros[0]*10 >= pairs*7 && zeros[1]*10 <= pairs:
		return binary.BigEndian, true
	}
	return nil, false
}
