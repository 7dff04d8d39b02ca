package profile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// An Input is one item of an upload, or a Contact's answer, as it arrives: the
// API's ContactInput and ContactAnswerInput. It keeps apart what is absent
// (nothing is said), null or empty (there is none), and a value.
type Input struct {
	ExternalID   Text           `json:"externalId,omitzero"`
	Employee     Text           `json:"employee,omitzero"`
	Locale       Text           `json:"locale,omitzero"`
	Salutation   Text           `json:"salutation,omitzero"`
	Title        Text           `json:"title,omitzero"`
	GivenName    Text           `json:"givenName,omitzero"`
	FamilyName   Text           `json:"familyName,omitzero"`
	BirthDate    Text           `json:"birthDate,omitzero"`
	Organisation Text           `json:"organisation,omitzero"`
	Emails       []EmailInput   `json:"emails,omitzero"` // nil: absent; empty: there are none
	Phones       []PhoneInput   `json:"phones,omitzero"`
	Addresses    []AddressInput `json:"addresses,omitzero"`
	CustomFields CustomInput    `json:"customFields,omitzero"`
	ObservedAt   Text           `json:"observedAt,omitzero"` // RFC 3339
	// Metadata is the Source's own, a JSON object or null: what it is about, only
	// the Company knows.
	Metadata json.RawMessage `json:"metadata,omitzero"`
}

// A Text is a text that may be absent. The zero Text is; said with an empty
// value it is null.
type Text struct {
	Said  bool
	Value string
}

// Say is a Text with a value; "" says that there is none.
func Say(value string) Text { return Text{Said: true, Value: value} }

// MarshalJSON writes a text or null; an absent Text is left out by omitzero.
func (t Text) MarshalJSON() ([]byte, error) {
	if t.Value == "" {
		return []byte("null"), nil
	}
	return json.Marshal(t.Value)
}

// An EmailInput is a row of Input.Emails. ID is the entry's own, where the
// sender knows it, as the Web App does; rows without are matched by address.
type EmailInput struct {
	ID      string `json:"id,omitempty"`
	Address Text   `json:"address,omitzero"`
	Use     Text   `json:"use,omitzero"`
}

// A PhoneInput is a row of Input.Phones.
type PhoneInput struct {
	ID     string `json:"id,omitempty"`
	Number Text   `json:"number,omitzero"`
	Kind   Text   `json:"kind,omitzero"`
	Use    Text   `json:"use,omitzero"`
}

// An AddressInput is a row of Input.Addresses.
type AddressInput struct {
	ID          string `json:"id,omitempty"`
	Street      Text   `json:"street,omitzero"`
	HouseNumber Text   `json:"houseNumber,omitzero"`
	Addition    Text   `json:"addition,omitzero"`
	PostalCode  Text   `json:"postalCode,omitzero"`
	City        Text   `json:"city,omitzero"`
	Region      Text   `json:"region,omitzero"`
	CountryCode Text   `json:"countryCode,omitzero"`
	Use         Text   `json:"use,omitzero"`
}

// A CustomInput is what is said of the Company's own fields. Each key stands
// for itself: absent says nothing, null removes it. None is null for all.
type CustomInput struct {
	None   bool
	Values map[string]any // string, bool, json.Number, any Go number, or nil
}

// IsZero reports whether nothing is said.
func (c CustomInput) IsZero() bool { return !c.None && c.Values == nil }

// MarshalJSON writes the keys, or null.
func (c CustomInput) MarshalJSON() ([]byte, error) {
	if c.None {
		return []byte("null"), nil
	}
	return json.Marshal(c.Values)
}

// A ShapeError tells that an item is not of the API's shape: an unknown field
// or a wrong JSON type, which rejects the whole call.
type ShapeError struct {
	Path []string // relative to the item
	What string
}

func (e *ShapeError) Error() string {
	var b strings.Builder
	writePath(&b, e.Path)
	b.WriteString(" " + e.What)
	return strings.TrimSpace(b.String())
}

// under puts a step before the path of a ShapeError.
func under(err error, steps ...string) error {
	var shape *ShapeError
	if errors.As(err, &shape) {
		shape.Path = append(steps, shape.Path...)
	}
	return err
}

func unknownField(key string) error {
	return &ShapeError{[]string{key}, "is no field of it"}
}

func wrongType(wanted string) error {
	return &ShapeError{nil, "is of the wrong type; " + wanted + " is wanted"}
}

// text points at the field of that name that holds one text; nil if there is none.
func (in *Input) text(key string) *Text {
	switch key {
	case "externalId":
		return &in.ExternalID
	case "employee":
		return &in.Employee
	case "observedAt":
		return &in.ObservedAt
	case "locale":
		return &in.Locale
	case "salutation":
		return &in.Salutation
	case "title":
		return &in.Title
	case "givenName":
		return &in.GivenName
	case "familyName":
		return &in.FamilyName
	case "birthDate":
		return &in.BirthDate
	case "organisation":
		return &in.Organisation
	}
	return nil
}

func (row *EmailInput) text(key string) *Text {
	switch key {
	case "address":
		return &row.Address
	case "use":
		return &row.Use
	}
	return nil
}

func (row *PhoneInput) text(key string) *Text {
	switch key {
	case "number":
		return &row.Number
	case "kind":
		return &row.Kind
	case "use":
		return &row.Use
	}
	return nil
}

func (row *AddressInput) text(key string) *Text {
	switch key {
	case "street":
		return &row.Street
	case "houseNumber":
		return &row.HouseNumber
	case "addition":
		return &row.Addition
	case "postalCode":
		return &row.PostalCode
	case "city":
		return &row.City
	case "region":
		return &row.Region
	case "countryCode":
		return &row.CountryCode
	case "use":
		return &row.Use
	}
	return nil
}

// InputFromMap reads an item as a GraphQL variable holds it. Unknown fields and
// wrong types are a *ShapeError.
func InputFromMap(item map[string]any) (Input, error) {
	// One reading of the shape is enough to keep right: the map goes through JSON.
	data, err := json.Marshal(item)
	if err != nil {
		return Input{}, fmt.Errorf("read an item: %w", err)
	}
	var in Input
	err = in.UnmarshalJSON(data)
	return in, err
}

// UnmarshalJSON reads an item. Unknown fields and wrong types are a *ShapeError.
func (in *Input) UnmarshalJSON(data []byte) error {
	if bytes.Equal(data, []byte("null")) {
		return nil
	}
	r := reader{data: data}
	read := Input{}
	if err := r.object(func(key []byte) error { return read.field(&r, key) }); err != nil {
		return err
	}
	if err := r.end(); err != nil {
		return err
	}
	*in = read
	return nil
}

// field reads the value of one field.
func (in *Input) field(r *reader, key []byte) error {
	if t := in.text(string(key)); t != nil {
		return under2(r.text(t), key)
	}
	var err error
	switch string(key) {
	case "emails":
		in.Emails = []EmailInput{}
		err = r.rows(func() (*string, func(string) *Text) {
			in.Emails = append(in.Emails, EmailInput{})
			row := &in.Emails[len(in.Emails)-1]
			return &row.ID, row.text
		})
	case "phones":
		in.Phones = []PhoneInput{}
		err = r.rows(func() (*string, func(string) *Text) {
			in.Phones = append(in.Phones, PhoneInput{})
			row := &in.Phones[len(in.Phones)-1]
			return &row.ID, row.text
		})
	case "addresses":
		in.Addresses = []AddressInput{}
		err = r.rows(func() (*string, func(string) *Text) {
			in.Addresses = append(in.Addresses, AddressInput{})
			row := &in.Addresses[len(in.Addresses)-1]
			return &row.ID, row.text
		})
	case customName:
		in.CustomFields, err = r.custom()
	case metadataName:
		in.Metadata, err = r.raw()
	default:
		return unknownField(string(key))
	}
	return under2(err, key)
}

// under2 is under for a key that is only made a string if it must.
func under2(err error, key []byte) error {
	if err == nil {
		return nil
	}
	return under(err, string(key))
}
