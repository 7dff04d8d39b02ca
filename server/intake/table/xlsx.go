package table

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// Excelize, which writes workbooks here, is not what reads them: it holds the
// whole file and all its shared strings in memory (176 MB for 200,000 rows of
// 12 cells), reads 20,000 rows a second, and while streaming cannot tell which
// numbers are styled as dates.

// A workbook is an XLSX file (ECMA-376).
type workbook struct {
	parts    map[string]*zip.File // by lower-case name
	size     int64
	limits   Limits
	sheets   []sheet
	hidden   int // sheets that are not shown
	date1904 bool
	styles   []style
	strings  *sharedStrings
	texts    string // the name of the part that holds the shared strings
	look     string // … the styles
}

// A sheet is one that is shown.
type sheet struct {
	name string
	part *zip.File
}

// openXLSX looks for the first sheet that holds a table.
func (t *Table) openXLSX(z *zip.Reader, size int64, o Options) error {
	b := &workbook{parts: map[string]*zip.File{}, size: size, limits: o.Limits}
	for _, f := range z.File {
		b.parts[partName(f.Name)] = f
	}
	if err := b.open(); err != nil {
		return err
	}
	t.close = append(t.close, b.strings.Close)
	for _, s := range b.sheets {
		t.Sheets = append(t.Sheets, s.name)
	}
	var found *Table
	var first error
	for _, s := range b.sheets {
		if o.Sheet != "" && s.name != o.Sheet {
			continue
		}
		probe, err := b.probe(s, o)
		var unfit *FileError
		switch {
		case err == nil && (found == nil || len(found.Columns) < 2):
			if found == nil || len(probe.Columns) > 1 {
				found = probe
			}
		case err != nil && !errors.As(err, &unfit):
			return err
		case first == nil:
			first = err
		}
		if found != nil && len(found.Columns) > 1 {
			break
		}
	}
	switch {
	case found != nil:
	case first != nil:
		return first
	case o.Sheet != "":
		return &FileError{FileNoSuchPart, fmt.Sprintf("the workbook shows no sheet %q; it has %s", o.Sheet, strings.Join(t.Sheets, ", "))}
	default:
		return &FileError{FileNoRows, "the workbook shows no sheet with rows; unhide the one that holds the data"}
	}
	return t.takeSheet(b, found)
}

// takeSheet reads the sheet that was found to hold the table.
func (t *Table) takeSheet(b *workbook, found *Table) error {
	t.Sheet, t.HeaderRow, t.Columns = found.Sheet, found.HeaderRow, found.Columns
	t.header, t.skip = found.header, found.skip
	t.Notes = append(t.Notes, found.Notes...)
	if len(b.sheets) > 1 {
		t.Notes = append(t.Notes, Note{NoteSheets, fmt.Sprintf("of %d sheets, %q was read", len(b.sheets), t.Sheet)})
	}
	if b.hidden > 0 {
		t.Notes = append(t.Notes, Note{NoteHiddenSheets, fmt.Sprintf("%d hidden sheets were not read", b.hidden)})
	}
	for _, s := range b.sheets {
		if s.name == t.Sheet {
			rows, err := b.read(s)
			if err != nil {
				return err
			}
			t.rows = rows
			t.close = append(t.close, rows.Close)
			break
		}
	}
	return nil
}

// probe looks for the headings of a sheet.
func (b *workbook) probe(s sheet, o Options) (_ *Table, err error) {
	rows, err := b.read(s)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	probe := &Table{Sheet: s.name, limits: b.limits}
	if err := probe.findHeader(rows, o.HeaderRow); err != nil {
		return nil, err
	}
	return probe, nil
}

func partName(name string) string {
	return strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(name, `\`, "/"), "/"))
}

// part reads one part of the workbook; nil if there is none of that name.
func (b *workbook) part(name string) (io.ReadCloser, error) {
	f := b.parts[partName(name)]
	if f == nil {
		return nil, nil
	}
	return b.unpack(f)
}

func (b *workbook) unpack(f *zip.File) (io.ReadCloser, error) {
	r, err := f.Open()
	if err != nil {
		return nil, unpackError(err)
	}
	return struct {
		io.Reader
		io.Closer
	}{&bounded{src: r, packed: int64(f.CompressedSize64), limit: b.limits.Unpacked}, r}, nil
}

// elements calls each for every tag of a part, and does nothing if there is no
// such part.
func (b *workbook) elements(name string, each func(xmlToken) error) (err error) {
	part, err := b.part(name)
	if part == nil || err != nil {
		return err
	}
	defer func() { err = errors.Join(err, part.Close()) }()
	x := newXMLReader(part)
	for n := 0; ; n++ {
		token, err := x.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if n > maxElements {
			return &FileError{FileTooLarge, "the workbook has more styles or sheets than any program makes; copy the rows into a new one"}
		}
		if token.kind != xmlText {
			if err := each(token); err != nil {
				return err
			}
		}
	}
}

const maxElements = 4 << 20

// open reads what a workbook says of itself.
func (b *workbook) open() error {
	main := "xl/workbook.xml"
	err := b.elements("_rels/.rels", func(t xmlToken) error {
		if t.is("Relationship") && strings.HasSuffix(t.attributeText("Type"), "/officeDocument") {
			main = partName(t.attributeText("Target"))
		}
		return nil
	})
	if err != nil {
		return err
	}
	if b.parts[main] == nil {
		return &FileError{FileBroken, "the file is no XLSX workbook, or a damaged one; save it again as XLSX or CSV"}
	}
	targets, err := b.relations(main)
	if err != nil {
		return err
	}
	err = b.elements(main, func(t xmlToken) error {
		switch {
		case t.is("workbookPr"):
			v := t.attributeText("date1904")
			b.date1904 = v == "1" || v == "true"
		case t.is("sheet"):
			part := b.parts[targets[t.attributeText("id")]]
			switch state := t.attributeText("state"); {
			case part == nil: // a chart, or lost
			case state == "hidden", state == "veryHidden":
				b.hidden++
			case len(b.sheets) < b.limits.Columns:
				b.sheets = append(b.sheets, sheet{t.attributeText("name"), part})
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := b.readStyles(); err != nil {
		return err
	}
	b.strings, err = b.readStrings()
	return err
}

// relations returns the parts that the workbook's main part refers to, by id,
// worksheets only, and remembers those of texts and styles.
func (b *workbook) relations(main string) (map[string]string, error) {
	dir := path.Dir(main)
	targets := map[string]string{}
	err := b.elements(path.Join(dir, "_rels", path.Base(main)+".rels"), func(t xmlToken) error {
		if !t.is("Relationship") {
			return nil
		}
		target := t.attributeText("Target")
		if strings.HasPrefix(target, "/") {
			target = partName(target)
		} else {
			target = partName(path.Join(dir, target))
		}
		switch kind := path.Base(t.attributeText("Type")); kind {
		case "worksheet":
			targets[t.attributeText("Id")] = target
		case "sharedStrings":
			b.texts = target
		case "styles":
			b.look = target
		}
		return nil
	})
	return targets, err
}
