package export

import (
	"bytes"
	"strings"
	"testing"

	"complero/db"
	"complero/server/intake/table"
)

func TestAWorkbookIsHandedOnWholeOrNotAtAll(t *testing.T) {
	for _, length := range []int{32767, 32768} {
		var file bytes.Buffer
		out, end, err := begin(&file, table.KindXLSX, []string{"a"})
		if err != nil {
			t.Fatal(err)
		}
		for range 1000 { // more than a buffer holds
			if err := out.Write([]string{strings.Repeat("x", 32000)}); err != nil {
				t.Fatal(err)
			}
		}
		if file.Len() > 0 {
			t.Error("half a workbook has been handed on")
		}
		err = end(out.Write([]string{strings.Repeat("ä", length)}))
		if whole := file.Len() > 0; whole != (err == nil) || whole != (length == 32767) || !whole && db.CodeOf(err) != db.TooManyItems {
			t.Errorf("a cell of %d characters: %d bytes, %v", length, file.Len(), err)
		}
	}
}
