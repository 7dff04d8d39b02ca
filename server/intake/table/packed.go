package table

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
)

// packed is a file within a gzip or zip file.
type packed struct {
	gzip io.ReaderAt
	zip  *zip.File
	size int64 // packed
	name string
}

func (p *packed) note() string {
	if p.zip != nil {
		return fmt.Sprintf("the file is packed with zip; %q in it was read", p.name)
	}
	return "the file is packed with gzip"
}

// A tempFile is gone when it is closed, or when the process ends in any way: it
// loses its name at once, where the system allows that.
type tempFile struct {
	*os.File
	size  int64
	named bool
}

func newTempFile() (*tempFile, error) {
	f, err := os.CreateTemp("", "complero-table-*")
	if err != nil {
		return nil, fmt.Errorf("make a temporary file: %w", err)
	}
	return &tempFile{File: f, named: os.Remove(f.Name()) != nil}, nil
}

func (f *tempFile) Close() error {
	err := f.File.Close()
	if f.named {
		err = errors.Join(err, os.Remove(f.Name()))
	}
	return err
}

// unpack writes what is packed to a temporary file: a text's encoding and
// columns are told by looking at it in several places.
func (p *packed) unpack(limits Limits) (_ *tempFile, err error) {
	var src io.ReadCloser
	if p.zip != nil {
		src, err = p.zip.Open()
	} else {
		src, err = gzip.NewReader(io.NewSectionReader(p.gzip, 0, p.size))
	}
	if err != nil {
		return nil, unpackError(err)
	}
	defer func() { err = errors.Join(err, src.Close()) }()
	out, err := newTempFile()
	if err != nil {
		return nil, err
	}
	out.size, err = io.Copy(out, &bounded{src: src, packed: p.size, limit: limits.Unpacked})
	if err != nil {
		return nil, errors.Join(unpackError(err), out.Close())
	}
	return out, nil
}

// bounded passes on what comes out of a packed file, and stops a bomb: a file
// that unpacks to more than the limit, or to so many times its size that no
// text would.
type bounded struct {
	src    io.Reader
	packed int64
	limit  int64
	n      int64
}

const (
	bombRatio = 500 // a column of zeros packs to about 1:200
	bombFloor = 256 << 20
)

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.src.Read(p)
	b.n += int64(n)
	if b.n > b.limit {
		return n, &FileError{FileTooLarge, fmt.Sprintf("the file unpacks to more than %d MiB; send it in parts", b.limit>>20)}
	}
	if b.n > bombFloor && b.n/bombRatio > b.packed {
		return n, &FileError{FileTooLarge, fmt.Sprintf("the file unpacks to more than %d times its size, as no export does; export it again", bombRatio)}
	}
	return n, err
}

// unpackError says what a packed file's trouble means.
func unpackError(err error) error {
	var ours *FileError
	var corrupt flate.CorruptInputError
	switch {
	case errors.As(err, &ours):
		return err
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return &FileError{FileBroken, "the packed file is cut off; send it again"}
	case errors.Is(err, gzip.ErrChecksum), errors.Is(err, gzip.ErrHeader), errors.As(err, &corrupt),
		errors.Is(err, zip.ErrChecksum), errors.Is(err, zip.ErrFormat):
		return &FileError{FileBroken, "the packed file is damaged; send it again"}
	case errors.Is(err, zip.ErrAlgorithm):
		return &FileError{FileEncrypted, "the zip file is locked with a password or packed in an uncommon way; pack it anew without"}
	}
	return fmt.Errorf("unpack the file: %w", err)
}

// within is a file of a known size. A damaged zip file sends its reader to
// places outside of it.
type within struct {
	io.ReaderAt
	size int64
}

func (w within) ReadAt(p []byte, at int64) (int, error) {
	if at < 0 || at > w.size {
		return 0, zip.ErrFormat
	}
	return w.ReaderAt.ReadAt(p, at)
}

// recogniseZip tells what a zip file holds.
func recogniseZip(r io.ReaderAt, size int64, o *Options) (recognised, error) {
	z, err := zip.NewReader(within{r, size}, size)
	if err != nil {
		if errors.Is(err, zip.ErrFormat) {
			return recognised{}, &FileError{FileBroken, "the file is cut off or damaged, as after an upload that broke off; send it again"}
		}
		return recognised{}, unpackError(err)
	}
	z.RegisterDecompressor(zip.Deflate, func(r io.Reader) io.ReadCloser { return flate.NewReader(r) })
	names := make(map[string]*zip.File, len(z.File))
	var tables []*zip.File
	for _, f := range z.File {
		names[f.Name] = f
		switch strings.ToLower(path.Ext(f.Name)) {
		case ".csv", ".tsv", ".tab", ".txt", ".json", ".ndjson", ".jsonl", ".vcf", ".xlsx":
			if !strings.HasPrefix(path.Base(f.Name), ".") && !strings.HasPrefix(f.Name, "__MACOSX/") {
				tables = append(tables, f)
			}
		}
	}
	switch {
	case names["[Content_Types].xml"] != nil:
		return recognised{kind: KindXLSX, zip: z}, refuseOffice(names)
	case names["mimetype"] != nil && names["content.xml"] != nil:
		return recognised{}, &FileError{FileUnknown, "the file is an OpenDocument file (ODS or ODT); save it as XLSX or CSV"}
	case slices.ContainsFunc(z.File, func(f *zip.File) bool { return strings.HasSuffix(f.Name, ".iwa") }), names["Index.zip"] != nil:
		return recognised{}, &FileError{FileUnknown, "the file is an Apple Numbers file; export it as XLSX or CSV"}
	case len(tables) == 1:
		f := tables[0]
		if f.Flags&1 != 0 {
			return recognised{}, &FileError{FileEncrypted, "the zip file is locked with a password; pack it anew without one"}
		}
		return recognised{packed: &packed{zip: f, size: int64(f.CompressedSize64), name: path.Base(f.Name)}}, nil
	case len(tables) > 1:
		return recognised{}, &FileError{FileUnknown, fmt.Sprintf("the zip file holds %d tables; unpack it and send them one by one", len(tables))}
	}
	return recognised{}, &FileError{FileUnknown, "the zip file holds no table; send a CSV, XLSX, NDJSON or vCard file"}
}

// refuseOffice names Office files that are no XLSX workbook.
func refuseOffice(names map[string]*zip.File) error {
	switch {
	case names["xl/workbook.bin"] != nil:
		return &FileError{FileUnknown, "the file is a binary workbook (.xlsb); save it as XLSX or CSV"}
	case names["word/document.xml"] != nil:
		return &FileError{FileUnknown, "the file is a Word document; export the data as CSV or XLSX"}
	case names["ppt/presentation.xml"] != nil:
		return &FileError{FileUnknown, "the file is a presentation; export the data as CSV or XLSX"}
	}
	return nil
}
