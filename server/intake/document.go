package intake

import (
	"fmt"
	"slices"

	"complero/db/profile"
)

// Tidy brings what a document says, such as a vCard, into the form that cells
// are brought into: a street that holds its number too is split, countries and
// languages are understood by their names, and a document without an
// externalId gets the Mapping's Key as one.
func (r *Reader) Tidy(in *profile.Input) {
	in.Locale.Value = localeOf(in.Locale.Value)
	for i := range in.Addresses {
		r.tidyAddress(&in.Addresses[i])
	}
	if in.ExternalID.Value == "" {
		if id := r.keyOf(in); id != "" {
			in.ExternalID = profile.Say(id)
		}
	}
}

func (r *Reader) tidyAddress(a *profile.AddressInput) {
	if a.HouseNumber.Said && a.PostalCode.Said && a.City.Said {
		return // each part stands where it belongs, as in our own exports
	}
	leaves := [...]*profile.Text{
		street: &a.Street, houseNumber: &a.HouseNumber, addition: &a.Addition, postalCode: &a.PostalCode,
		city: &a.City, region: &a.Region, countryCode: &a.CountryCode,
	}
	var p [addressParts]profile.Text
	for part, leaf := range leaves {
		p[part] = *leaf
	}
	if a.Street.Value != "" && !a.HouseNumber.Said {
		p[streetAndNumber], p[street] = a.Street, profile.Text{}
	}
	r.complete(&p)
	if p[houseNumber].Value == "" && !a.HouseNumber.Said {
		p[houseNumber] = profile.Text{} // nothing was said of it, and nothing found
	}
	for part, leaf := range leaves {
		*leaf = p[part]
	}
}

// documentKeys are the fields of a document that can be its Key.
var documentKeys = []string{"emails[0].address", "phones[0].number"}

// keyOf is what the Mapping's Key is in a document.
func (r *Reader) keyOf(in *profile.Input) string {
	switch {
	case r.documentKey == documentKeys[0] && len(in.Emails) > 0:
		return emailKey(in.Emails[0].Address.Value)
	case r.documentKey == documentKeys[1] && len(in.Phones) > 0:
		return trim(in.Phones[0].Number.Value)
	}
	return ""
}

// CheckDocuments tells what is wrong with a Mapping for a file of documents,
// whose fields are named in it.
func (m Mapping) CheckDocuments() error {
	switch {
	case len(m.Columns) > 0:
		return fmt.Errorf("the rows of this file name their fields themselves; leave columns out of the mapping")
	case m.Key != "" && !slices.Contains(documentKeys, m.Key):
		return fmt.Errorf("key %q cannot be the key of this file's rows; write %s or %s", m.Key, documentKeys[0], documentKeys[1])
	}
	return m.Check(nil)
}
