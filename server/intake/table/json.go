package table

import "io"
func (t *Table) openJSON(r io.ReaderAt, size int64, o Options) error { return nil }
func (t *Table) openVCard(r io.ReaderAt, size int64, o Options) error { return nil }
