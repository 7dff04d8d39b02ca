package webapp

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// readForm reads what was typed. A field that was not sent keeps what is on
// file, so that half a form loses nothing; a list counts as sent with its
// marker or any row.
func (v *visit) readForm(sent url.Values) *contactForm {
	f := v.formOf(&v.link.Contact.Profile)
	read := func(to *string, name string) {
		if sent.Has(name) {
			*to = strings.TrimSpace(sent.Get(name))
		}
	}
	for i := range f.Person {
		read(&f.Person[i].Value, f.Person[i].Name)
		if day, found := readDate(sent, f.Person[i].Name); found {
			f.Person[i].Value = day
		}
	}
	if f.Emails != nil {
		f.Emails.Rows = readRows(sent, "emails", f.Emails.Rows, func(r *emailRow, at string) {
			read(&r.Address, at+"address")
			read(&r.Use, at+"use")
		}, func(r emailRow) string { return r.ID })
	}
	if f.Phones != nil {
		f.Phones.Rows = readRows(sent, "phones", f.Phones.Rows, func(r *phoneRow, at string) {
			read(&r.Number, at+"number")
			read(&r.Country, at+"country")
			read(&r.Kind, at+"kind")
			read(&r.Use, at+"use")
			read(&r.Was, at+"was")
		}, func(r phoneRow) string { return r.ID })
	}
	if f.Addresses != nil {
		f.Addresses.Rows = readRows(sent, "addresses", f.Addresses.Rows, func(r *addressRow, at string) {
			for _, field := range r.fields() {
				read(field.value, at+field.name)
			}
		}, func(r addressRow) string { return r.ID })
	}
	for i := range f.Custom {
		read(&f.Custom[i].Value, "customFields."+f.Custom[i].Key)
	}
	return f
}

// readRows reads a list's rows, each beginning with what is on file under its
// id. An id that is not on file makes a new row.
func readRows[R any](sent url.Values, list string, file []R, read func(*R, string), id func(R) string) []R {
	numbers := rowNumbers(sent, list)
	if len(numbers) == 0 && !sent.Has(list) {
		return file
	}
	rows := make([]R, 0, len(numbers))
	for _, n := range numbers {
		at := list + "." + strconv.Itoa(n) + "."
		var row R
		if known := sent.Get(at + "id"); known != "" {
			for _, r := range file {
				if id(r) == known {
					row = r
				}
			}
		}
		read(&row, at)
		rows = append(rows, row)
	}
	return rows
}

// rowNumbers are the numbers of the rows that were sent, in order.
func rowNumbers(sent url.Values, list string) []int {
	var numbers []int
	prefix := list + "."
	for name := range sent {
		rest, isRow := strings.CutPrefix(name, prefix)
		if !isRow {
			continue
		}
		number, _, hasField := strings.Cut(rest, ".")
		if n, err := strconv.Atoi(number); hasField && err == nil && n >= 0 && n < maxRows {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	return slices.Compact(numbers)
}

// An addressField is one text of an address and its name in the form.
type addressField struct {
	name  string
	value *string
}

// fields are the texts of an address, in the order of the form.
func (r *addressRow) fields() []addressField {
	return []addressField{
		{"countryCode", &r.CountryCode},
		{"street", &r.Street},
		{"houseNumber", &r.HouseNumber},
		{"addition", &r.Addition},
		{"postalCode", &r.PostalCode},
		{"city", &r.City},
		{"region", &r.Region},
		{"use", &r.Use},
	}
}
