package db

import (
	"fmt"
	"io"
	"strconv"
	"time"
)

// Date is a day without a time or a zone, YYYY-MM-DD; the API's Date.
type Date string

// MarshalGQL writes the API's scalar.
func (d Date) MarshalGQL(w io.Writer) { _, _ = io.WriteString(w, strconv.Quote(string(d))) }

// UnmarshalGQL reads the API's scalar.
func (d *Date) UnmarshalGQL(v any) error {
	s, ok := v.(string)
	if !ok {
		return fmt.Errorf("a Date is a text, YYYY-MM-DD")
	}
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return fmt.Errorf("%q is no date; write it as YYYY-MM-DD", s)
	}
	*d = Date(s)
	return nil
}
