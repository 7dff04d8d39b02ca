package profile

import (
	"fmt"
	"io"
)

// FieldType is what a field of the Company's own holds.
type FieldType string

// The types of fields, and how Profile.CustomFields keeps their values.
const (
	TypeText    FieldType = "TEXT"    // a string
	TypeNumber  FieldType = "NUMBER"  // a float64
	TypeDate    FieldType = "DATE"    // a string, YYYY-MM-DD
	TypeBoolean FieldType = "BOOLEAN" // a bool
	TypeChoice  FieldType = "CHOICE"  // a string, the choice's value
)

// IsValid reports whether t is a value of the API's enum.
func (t FieldType) IsValid() bool {
	return t == TypeText || t == TypeNumber || t == TypeDate || t == TypeBoolean || t == TypeChoice
}

// MarshalGQL writes t as a GraphQL enum value.
func (t FieldType) MarshalGQL(w io.Writer) { writeEnum(w, string(t)) }

// UnmarshalGQL reads a GraphQL enum value.
func (t *FieldType) UnmarshalGQL(v any) error {
	s, err := readEnum(v, "CustomFieldType")
	if err != nil {
		return err
	}
	if !FieldType(s).IsValid() {
		return fmt.Errorf("%q is no CustomFieldType; write TEXT, NUMBER, DATE, BOOLEAN or CHOICE", s)
	}
	*t = FieldType(s)
	return nil
}
