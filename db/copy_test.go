package db

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

func TestCopyingSpellsEveryKindOfValue(t *testing.T) {
	at := time.Date(2000, 1, 1, 0, 0, 1, 2000, time.UTC)
	none, said := (*string)(nil), "é"
	for _, c := range []struct {
		kind  kindOf
		value any
		want  string
	}{
		{texts, "", "\x00\x00\x00\x00"},
		{texts, "ab", "\x00\x00\x00\x02ab"},
		{texts, &said, "\x00\x00\x00\x02é"},
		{texts, none, copyNull},
		{texts, nil, copyNull},
		{jsons, `{"a":"\n"}`, "\x00\x00\x00\x0a" + `{"a":"\n"}`},
		{ints, int64(258), "\x00\x00\x00\x08\x00\x00\x00\x00\x00\x00\x01\x02"},
		{smalls, int64(-1), "\x00\x00\x00\x04\xff\xff\xff\xff"},
		{times, at, "\x00\x00\x00\x08\x00\x00\x00\x00\x00\x0f\x42\x42"},
		{times, at.Add(-1000002 * time.Microsecond).Add(-time.Microsecond), "\x00\x00\x00\x08\xff\xff\xff\xff\xff\xff\xff\xff"},
		{times, (*time.Time)(nil), copyNull},
		{bools, true, "\x00\x00\x00\x01\x01"},
		{bools, false, "\x00\x00\x00\x01\x00"},
		{blobs, []byte{0, 255}, "\x00\x00\x00\x02\x00\xff"},
		{blobs, []byte(nil), copyNull},
	} {
		got, err := c.kind.appendCopied(nil, c.value)
		if err != nil || string(got) != c.want {
			t.Errorf("%v is %q %v, want %q", c.value, got, err, c.want)
		}
	}
	if _, err := texts.appendCopied(nil, struct{}{}); err == nil {
		t.Error("a value of an unknown kind is taken")
	}
}

func TestCopyingIsTheSameInAnyParts(t *testing.T) {
	want := new(bytes.Buffer)
	want.WriteString(copyHeader)
	var rows [][]any
	for n := range 300 {
		text := strings.Repeat("x", n*7)
		rows = append(rows, []any{text})
		want.WriteString("\x00\x03" + string(appendLength(nil, len(text))) + text + "\x00\x00\x00\x04\x00\x00\x00\x09\x00\x00\x00\x02\x00\x01")
	}
	want.WriteString(copyEnd)
	for _, in := range []func(io.Reader) io.Reader{
		func(r io.Reader) io.Reader { return r }, iotest.OneByteReader, iotest.HalfReader,
	} {
		c := newCopying([]column{{"text", texts}}, rows, 9, 1)
		got, err := io.ReadAll(in(c))
		if err != nil || !bytes.Equal(got, want.Bytes()) {
			t.Errorf("%d bytes, %v; want %d", len(got), err, want.Len())
		}
	}
}
