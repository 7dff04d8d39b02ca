package intake

import (
	"fmt"
	"strconv"
	"strings"
)

// A kind of field tells what a cell's value becomes part of.
type kind uint8

const (
	ignored kind = iota
	scalar
	email
	phone
	address
	custom
	metadata
)

// The parts of a Contact's name and other single texts. Those up to observedAt
// are profile.Input's own; the rest are put together to those.
const (
	externalID = iota
	employee
	locale
	salutation
	title
	givenName
	familyName
	birthDate
	organisation
	observedAt
	fullName
	middleName
	familyNamePrefix
	secondFamilyName
	scalarCount
)

var scalarNames = [scalarCount]string{
	"externalId", "employee", "locale", "salutation", "title", "givenName", "familyName", "birthDate",
	"organisation", "observedAt", "fullName", "middleName", "familyNamePrefix", "secondFamilyName",
}

// The parts of an e-mail or phone entry.
const (
	pointValue = iota // the address or number
	pointUse
	pointKind
	pointLabel // words that tell use and kind, such as Google's "Work Fax"
	pointParts
)

var (
	emailParts = [pointParts]string{"address", "use", "", "label"}
	phoneParts = [pointParts]string{"number", "use", "kind", "label"}
)

// The parts of a postal address. Those up to use are profile.AddressInput's
// own; the rest are taken apart into those.
const (
	street = iota
	houseNumber
	addition
	postalCode
	city
	region
	countryCode
	addressUse
	addressLabel
	streetAndNumber
	postalCodeAndCity
	poBox
	whole // street to country in one cell
	addressParts
)

var addressNames = [addressParts]string{
	"street", "houseNumber", "addition", "postalCode", "city", "region", "countryCode", "use",
	"label", "streetAndNumber", "postalCodeAndCity", "poBox", "whole",
}

// mostEntries are the entries that a list may have; profile.Normalize takes no more.
const mostEntries = 20

// A field is where a cell's value goes.
type field struct {
	kind kind
	nth  int    // entry of a list
	part int    // of a scalar, e-mail, phone or address
	key  string // of a custom field or of metadata; "" for all metadata
}

// String is the field's path as a Mapping writes it; "" for an ignored column.
func (f field) String() string {
	n := strconv.Itoa(f.nth)
	switch f.kind {
	case scalar:
		return scalarNames[f.part]
	case email:
		return "emails[" + n + "]." + emailParts[f.part]
	case phone:
		return "phones[" + n + "]." + phoneParts[f.part]
	case address:
		return "addresses[" + n + "]." + addressNames[f.part]
	case custom:
		return "customFields." + f.key
	case metadata:
		if f.key == "" {
			return metadataField
		}
		return "metadata." + f.key
	}
	return ""
}

// steps is the path of what the field becomes in a profile.Input.
func (f field) steps() []string {
	n := strconv.Itoa(f.nth)
	switch f.kind {
	case email:
		return []string{"emails", n, emailParts[f.part]}
	case phone:
		return []string{"phones", n, phoneParts[f.part]}
	case address:
		return []string{"addresses", n, addressNames[f.part]}
	case custom:
		return []string{"customFields", f.key}
	case metadata:
		if f.key == "" {
			return []string{metadataField}
		}
		return []string{metadataField, f.key}
	}
	return []string{scalarNames[f.part]}
}

// parseField reads a path such as emails[0].address or customFields.vehicle;
// "" is an ignored column.
func parseField(path string) (field, error) {
	if path == "" {
		return field{}, nil
	}
	if part := indexOf(scalarNames[:], path); part >= 0 {
		return field{kind: scalar, part: part}, nil
	}
	if path == metadataField {
		return field{kind: metadata}, nil
	}
	if name, found := strings.CutPrefix(path, customPrefix); found {
		return field{kind: custom, key: name}, checkKey(path, name)
	}
	if name, found := strings.CutPrefix(path, "metadata."); found {
		if name == "" {
			return field{}, fmt.Errorf("%q names no key; write it like metadata.id", path)
		}
		return field{kind: metadata, key: name}, nil
	}
	list, rest, _ := strings.Cut(path, "[")
	index, part, found := strings.Cut(rest, "].")
	f := field{}
	var parts []string
	switch list {
	case "emails":
		f.kind, parts = email, emailParts[:]
	case "phones":
		f.kind, parts = phone, phoneParts[:]
	case "addresses":
		f.kind, parts = address, addressNames[:]
	default:
		return field{}, unknownField(path)
	}
	f.part = indexOf(parts, part)
	if !found || f.part < 0 || part == "" {
		return field{}, fmt.Errorf("%q is no field; write %s[0]. and one of %s", path, list, strings.Join(slicesWithout(parts, ""), ", "))
	}
	var err error
	if f.nth, err = strconv.Atoi(index); err != nil || f.nth < 0 || f.nth >= mostEntries || strconv.Itoa(f.nth) != index {
		return field{}, fmt.Errorf("%q has no number from 0 to %d in its brackets", path, mostEntries-1)
	}
	return f, nil
}

func unknownField(path string) error {
	return fmt.Errorf("%q is no field; write one of %s, emails[0].address, phones[0].number, addresses[0].street, customFields.key, metadata.key, or \"\" to ignore the column",
		path, strings.Join(scalarNames[:], ", "))
}

// checkKey holds a custom field's key to what profile.Normalize takes.
func checkKey(path, name string) error {
	if name == "" || len(name) > maxKey {
		return fmt.Errorf("%q has no key of 1 to %d characters; write it like customFields.vehicle", path, maxKey)
	}
	for i := 0; i < len(name); i++ {
		if c := lower(name[i]); !digit(c) && (c < 'a' || c > 'z') && c != '_' && c != '.' && c != '-' {
			return fmt.Errorf("%q has a key with more than letters, digits, and _ . -; leave out %q", path, name[i:])
		}
	}
	return nil
}

func indexOf(names []string, name string) int {
	for i := range names {
		if names[i] == name {
			return i
		}
	}
	return -1
}

func slicesWithout(names []string, left string) []string {
	kept := make([]string, 0, len(names))
	for _, name := range names {
		if name != left {
			kept = append(kept, name)
		}
	}
	return kept
}
