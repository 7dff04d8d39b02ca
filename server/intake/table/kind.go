package table

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"unicode/utf16"
)

// Kind is what a file is.
type Kind string

// The values of Kind.
const (
	KindCSV    Kind = "CSV"    // cells parted by a separator, a row a line
	KindNDJSON Kind = "NDJSON" // JSON objects, one a line or in a list
	KindXLSX   Kind = "XLSX"   // an Office Open XML workbook
	KindVCard  Kind = "VCARD"  // vCards 2.1 to 4.0
)

// IsValid reports whether k is a kind that is read here.
func (k Kind) IsValid() bool {
	return k == KindCSV || k == KindNDJSON || k == KindXLSX || k == KindVCard
}

// recognised is what a file turned out to be.
type recognised struct {
	kind   Kind
	zip    *zip.Reader // XLSX
	packed *packed     // a packed file, whose content is to be looked at instead
}

const headSize = 4096

// recognise tells a file's kind by its first bytes; a kind asked for is only
// held against what cannot be it.
func recognise(r io.ReaderAt, size int64, o *Options) (recognised, error) {
	if o.Kind != "" && !o.Kind.IsValid() {
		return recognised{}, &FileError{FileUnknown, fmt.Sprintf("kind %q is not known; write CSV, NDJSON, XLSX or VCARD, or leave it out", o.Kind)}
	}
	head, err := readSome(r, 0, min(size, headSize))
	if err != nil {
		return recognised{}, err
	}
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return recogniseZip(r, size, o)
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		return recognised{packed: &packed{gzip: r, size: size, name: strings.TrimSuffix(path.Base(o.Name), ".gz")}}, nil
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return recognised{}, recogniseCompound(r, size)
	}
	if err := refuseBinary(head, o.Kind == ""); err != nil {
		return recognised{}, err
	}
	if o.Kind == KindXLSX {
		return recognised{}, &FileError{FileBroken, "the file is no XLSX workbook; save it as one, or send it as CSV"}
	}
	text := headText(head)
	if text == "" && size <= headSize {
		return recognised{}, &FileError{FileEmpty, "the file holds nothing but white space; export it again"}
	}
	if o.Kind != "" {
		return recognised{kind: o.Kind}, nil
	}
	kind, err := textKind(text, o.Name)
	return recognised{kind: kind}, err
}

// textKind tells the kinds of text apart.
func textKind(text, name string) (Kind, error) {
	lower := strings.ToLower(text[:min(len(text), 512)])
	switch {
	case strings.HasPrefix(lower, "begin:vcard"):
		return KindVCard, nil
	case strings.HasPrefix(lower, "<!doctype html"), strings.HasPrefix(lower, "<html"), strings.HasPrefix(lower, "<table"):
		return "", &FileError{FileUnknown, "the file is a web page, whatever its name says; open it in a spreadsheet program and save it as XLSX or CSV"}
	case strings.HasPrefix(lower, "<?xml"), strings.HasPrefix(lower, "<workbook"):
		return "", &FileError{FileUnknown, "the file is XML; open it in a spreadsheet program and save it as XLSX or CSV"}
	case strings.HasPrefix(lower, `{\rtf`):
		return "", &FileError{FileUnknown, "the file is a text document (RTF); export the data as CSV or XLSX"}
	case strings.HasPrefix(lower, "begin:vcalendar"):
		return "", &FileError{FileUnknown, "the file is a calendar; export the contacts as CSV, XLSX or vCard"}
	}
	if text != "" && (text[0] == '{' || text[0] == '[') {
		switch rest := strings.TrimLeft(text[1:], " \t\r\n"); {
		case text[0] == '{' && (rest == "" || rest[0] == '"' || rest[0] == '}'),
			text[0] == '[' && (rest == "" || rest[0] == '{' || rest[0] == ']'):
			return KindNDJSON, nil
		}
	}
	ext := strings.ToLower(path.Ext(name))
	if ext == ".ndjson" || ext == ".jsonl" || ext == ".json" {
		return KindNDJSON, nil
	}
	return KindCSV, nil
}

// headText is the beginning of a text in whatever encoding, as far as telling
// kinds apart needs it: white space and byte order mark taken off.
func headText(head []byte) string {
	if order, ok := utf16Order(head); ok {
		units := make([]uint16, 0, len(head)/2)
		for i := 0; i+1 < len(head); i += 2 {
			units = append(units, order.Uint16(head[i:]))
		}
		head = []byte(string(utf16.Decode(units)))
	}
	head = bytes.TrimPrefix(head, []byte("\uFEFF"))
	return string(bytes.TrimLeft(head, " \t\r\n\x00"))
}

// magic lists what people send in place of a table.
var magic = []struct {
	at    int
	bytes string
	what  string
}{
	{0, "%PDF-", "a PDF, which holds a picture of a table and not the table; export the data as CSV or XLSX"},
	{0, "\xff\xd8\xff", "a picture (JPEG); export the data as CSV or XLSX"},
	{0, "\x89PNG\r\n", "a picture (PNG); export the data as CSV or XLSX"},
	{0, "GIF8", "a picture (GIF); export the data as CSV or XLSX"},
	{0, "II*\x00", "a picture (TIFF); export the data as CSV or XLSX"},
	{0, "MM\x00*", "a picture (TIFF); export the data as CSV or XLSX"},
	{0, "SQLite format 3\x00", "a database (SQLite); export its table as CSV"},
	{4, "Standard Jet DB", "a database (Access); export its table as CSV or XLSX"},
	{4, "Standard ACE DB", "a database (Access); export its table as CSV or XLSX"},
	{0, "!BDN", "an Outlook data file (PST); export the contacts from Outlook as CSV"},
	{0, "7z\xbc\xaf\x27\x1c", "packed with 7-Zip; unpack it first, or pack it with zip or gzip"},
	{0, "Rar!\x1a\x07", "packed with RAR; unpack it first, or pack it with zip or gzip"},
	{0, "BZh", "packed with bzip2; unpack it first, or pack it with zip or gzip"},
	{0, "\xfd7zXZ\x00", "packed with xz; unpack it first, or pack it with zip or gzip"},
	{0, "\x28\xb5\x2f\xfd", "packed with zstd; unpack it first, or pack it with zip or gzip"},
	{0, "PAR1", "a Parquet file; export the data as CSV or NDJSON"},
	{0, "MZ\x90", "a program; export the data as CSV or XLSX"},
	{0, "\x7fELF", "a program; export the data as CSV or XLSX"},
	{0, "\x09\x08", "an Excel file of before 2007 (.xls); open it and save it as XLSX or CSV"},
	{0, "\x09\x04\x06\x00", "an Excel file of before 2007 (.xls); open it and save it as XLSX or CSV"},
	{0, "\x09\x02\x06\x00", "an Excel file of before 2007 (.xls); open it and save it as XLSX or CSV"},
}

// refuseBinary names a file that is no text. One that was said to be is only
// refused if it is known to be something else.
func refuseBinary(head []byte, unknown bool) error {
	for _, m := range magic {
		if len(head) > m.at && bytes.HasPrefix(head[m.at:], []byte(m.bytes)) {
			if m.bytes == "BZh" && !isBinary(head) || m.bytes == "\x09\x08" && len(head) > 3 && head[3] >= ' ' {
				continue // a text may begin like this
			}
			return &FileError{FileUnknown, "the file is " + m.what}
		}
	}
	if _, wide := utf16Order(head); unknown && !wide && isBinary(head) {
		return &FileError{FileUnknown, "the file is no text, and no XLSX workbook either; export the data as CSV, XLSX, NDJSON or vCard"}
	}
	return nil
}

// isBinary reports whether the bytes are no text: control characters make up
// more than a few strays.
func isBinary(head []byte) bool {
	control := 0
	for _, c := range head {
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\v' && c != '\f' && c != 0x1a && c != 0x1b {
			control++
		}
	}
	return control > 8 && control > len(head)/20
}

// recogniseCompound tells apart what comes in Microsoft's compound files.
func recogniseCompound(r io.ReaderAt, size int64) error {
	// The directory's names are UTF-16 and may stand anywhere; in what people
	// send, they do within the first or the last stretch.
	const stretch = 1 << 20
	for _, at := range []int64{0, max(0, size-stretch)} {
		part, err := readSome(r, at, min(stretch, size-at))
		if err != nil {
			return err
		}
		has := func(name string) bool {
			wide := make([]byte, 0, 2*len(name))
			for i := range len(name) {
				wide = append(wide, name[i], 0)
			}
			return bytes.Contains(part, wide)
		}
		switch {
		case has("EncryptedPackage"):
			return &FileError{FileEncrypted, "the workbook is locked with a password; save it without one (File, Info, Protect Workbook) and send it again"}
		case has("WordDocument"):
			return &FileError{FileUnknown, "the file is a Word document; export the data as CSV or XLSX"}
		case has("__substg1.0_"):
			return &FileError{FileUnknown, "the file is an Outlook message; export the contacts as CSV"}
		}
	}
	return &FileError{FileUnknown, "the file is an Excel file of before 2007 (.xls); open it and save it as XLSX or CSV"}
}

// readSome reads n bytes at that place.
func readSome(r io.ReaderAt, at, n int64) ([]byte, error) {
	buf := make([]byte, n)
	got, err := r.ReadAt(buf, at)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read the file: %w", err)
	}
	return buf[:got], nil
}
