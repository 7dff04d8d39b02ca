package table

// Options tell Open what is known of a file beforehand. The zero Options
// recognise everything.
type Options struct {
	// Name is the file's name or content type. It only decides where the bytes
	// leave a choice, and may be "".
	Name string

	// Kind is what the file is; "" recognises it.
	Kind Kind

	// Separator parts a CSV's cells; 0 recognises it.
	Separator byte

	// Encoding is the text's, by its name in Table.Encoding; "" recognises it.
	Encoding string

	// HeaderRow is the line of the headings; 0 recognises it, NoHeader says
	// that there is none.
	HeaderRow int

	// Sheet is the name of the workbook's sheet to read; "" takes the first
	// visible one that holds a table.
	Sheet string

	// Limits bound what a file may hold; those left 0 are the defaults.
	Limits Limits
}

// NoHeader in Options.HeaderRow says that a file's first row is data already.
const NoHeader = -1

// Limits bound what a file may hold. Cells and rows are measured in bytes of
// UTF-8.
type Limits struct {
	Cell     int   // longest cell; default 64 KiB
	Row      int   // longest row; default 1 MiB
	Columns  int   // most columns; default 1,000
	Unpacked int64 // most bytes that come out of a packed file; default 8 GiB
}

func (l Limits) withDefaults() Limits {
	if l.Cell <= 0 {
		l.Cell = 64 << 10
	}
	if l.Row <= 0 {
		l.Row = 1 << 20
	}
	if l.Columns <= 0 {
		l.Columns = 1000
	}
	if l.Unpacked <= 0 {
		l.Unpacked = 8 << 30
	}
	return l
}
