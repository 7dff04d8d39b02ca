package table

import (
	"strings"

	"complero/db/profile"
)

// This file makes a ContactInput of a vCard, whose properties have a meaning of
// their own (RFC 6350, 6).

// group reports whether a card is a list of others.
func (c *card) group() bool {
	for i := range c.properties {
		p := &c.properties[i]
		if (p.name == "KIND" || p.name == "X-ADDRESSBOOKSERVER-KIND") && strings.EqualFold(c.plain(p), "group") {
			return true
		}
	}
	return false
}

// input makes a ContactInput of a card. said is false if the card says nothing.
func (c *card) input() (in profile.Input, said bool) {
	c.labels()
	custom := map[string][]string{}
	var full string
	for i := range c.properties {
		p := &c.properties[i]
		value := c.plain(p)
		if value == "" || strings.Trim(value, "; ") == "" {
			continue
		}
		switch p.name {
		case "UID":
			in.ExternalID = profile.Say(value)
		case "N":
			c.name(&in, c.parts(p), custom)
		case "FN":
			if full == "" {
				full = value
			}
		case "LANG":
			if !in.Locale.Said {
				in.Locale = profile.Say(value)
			}
		case "BDAY":
			if day := isoDate(value); day != "" {
				in.BirthDate = profile.Say(day)
			} else {
				custom["birthday"] = append(custom["birthday"], strings.TrimPrefix(value, "1604")) // Apple's year for none
			}
		case "ORG":
			if !in.Organisation.Said {
				in.Organisation = profile.Say(joined(", ", c.parts(p)...))
			}
		case "EMAIL":
			in.Emails = insert(in.Emails, profile.EmailInput{Address: profile.Say(withoutScheme(value, "mailto:")), Use: useOf(p)}, p)
		case "TEL":
			in.Phones = insert(in.Phones, phoneOf(p, value), p)
		case "ADR":
			in.Addresses = insert(in.Addresses, addressOf(c.parts(p), useOf(p)), p)
		default:
			if key := customKeys[p.name]; key != "" {
				custom[key] = append(custom[key], value)
			}
		}
	}
	nameFrom(&in, full)
	for key, values := range custom {
		if in.CustomFields.Values == nil {
			in.CustomFields.Values = map[string]any{}
		}
		in.CustomFields.Values[key] = joined(", ", values...)
	}
	said = in.ExternalID.Said || in.GivenName.Said || in.FamilyName.Said || in.Organisation.Said ||
		in.Emails != nil || in.Phones != nil || in.Addresses != nil || in.BirthDate.Said || in.CustomFields.Values != nil
	return in, said
}

// customKeys are the properties that ContactInput has no field for. TITLE is
// what someone does, not an academic title.
var customKeys = map[string]string{
	"TITLE": "jobTitle", "ROLE": "role", "NOTE": "note", "NICKNAME": "nickname", "URL": "url",
	"CATEGORIES": "categories", "ANNIVERSARY": "anniversary", "GENDER": "gender",
}

// labels gives properties the types that Apple writes beside them, as in
// item1.TEL and item1.X-ABLABEL:_$!<Work>!$_.
func (c *card) labels() {
	for i := range c.properties {
		label := &c.properties[i]
		if label.name != "X-ABLABEL" || label.group == "" {
			continue
		}
		word := strings.ToUpper(strings.TrimSuffix(strings.TrimPrefix(c.plain(label), "_$!<"), ">!$_"))
		for j := range c.properties {
			if p := &c.properties[j]; p.group == label.group && p != label {
				p.types = append(p.types, word)
			}
		}
	}
}

// name takes N apart: family, given, further names; before and behind them.
func (c *card) name(in *profile.Input, parts []string, custom map[string][]string) {
	parts = append(parts, make([]string, 5)...)
	if family := strings.ReplaceAll(parts[0], ",", " "); family != "" {
		in.FamilyName = profile.Say(family)
	}
	if given := joined(" ", parts[1], strings.ReplaceAll(parts[2], ",", " ")); given != "" {
		in.GivenName = profile.Say(given)
	}
	var titles []string
	for _, word := range strings.Fields(strings.ReplaceAll(parts[3], ",", " ")) {
		if !in.Salutation.Said && salutations[strings.ToLower(strings.TrimSuffix(word, "."))] {
			in.Salutation = profile.Say(word)
		} else {
			titles = append(titles, word)
		}
	}
	if len(titles) > 0 {
		in.Title = profile.Say(strings.Join(titles, " "))
	}
	if parts[4] != "" {
		custom["nameSuffix"] = []string{parts[4]}
	}
}

var salutations = map[string]bool{
	"herr": true, "frau": true, "mr": true, "mrs": true, "ms": true, "miss": true,
	"m": true, "mme": true, "mlle": true, "monsieur": true, "madame": true,
	"sig": true, "signor": true, "signora": true, "señor": true, "señora": true, "sr": true, "sra": true,
	"dhr": true, "mevr": true, "mevrouw": true, "pan": true, "pani": true,
}

// nameFrom takes the name from the one to display, where N is missing.
func nameFrom(in *profile.Input, full string) {
	if full == "" || in.GivenName.Said || in.FamilyName.Said || full == in.Organisation.Value {
		return
	}
	words := strings.Fields(full)
	last := len(words) - 1
	if last > 0 {
		in.GivenName = profile.Say(strings.Join(words[:last], " "))
	}
	in.FamilyName = profile.Say(words[last])
}

func phoneOf(p *property, value string) profile.PhoneInput {
	if number := withoutScheme(value, "tel:"); number != value {
		value, _, _ = strings.Cut(number, ";")
	}
	phone := profile.PhoneInput{Number: profile.Say(value), Use: useOf(p)}
	switch {
	case p.has("FAX", "HOME FAX", "WORK FAX", "HOMEFAX", "WORKFAX", "OTHER FAX", "FACSIMILE"):
		phone.Kind = profile.Say(string(profile.PhoneFax))
	case p.has("CELL", "MOBILE", "IPHONE"):
		phone.Kind = profile.Say(string(profile.PhoneMobile))
	case p.has("PAGER"):
		phone.Kind = profile.Say(string(profile.PhoneOther))
	}
	return phone
}

// addressOf reads ADR: post office box, addition, street, city, region, postal
// code, country. A street of several lines has its addition in the others.
func addressOf(parts []string, use profile.Text) profile.AddressInput {
	parts = append(parts, make([]string, 7)...)
	street, rest, _ := strings.Cut(parts[2], "\n")
	a := profile.AddressInput{Use: use}
	for _, field := range []struct {
		into *profile.Text
		text string
	}{
		{&a.Street, strings.TrimSpace(street)},
		{&a.Addition, joined(", ", parts[0], parts[1], strings.ReplaceAll(strings.TrimSpace(rest), "\n", ", "))},
		{&a.City, parts[3]},
		{&a.Region, parts[4]},
		{&a.PostalCode, parts[5]},
		{&a.CountryCode, parts[6]},
	} {
		if field.text != "" {
			*field.into = profile.Say(field.text)
		}
	}
	return a
}

// useOf tells whether something is private or at work, where it is said.
func useOf(p *property) profile.Text {
	switch {
	case p.has("WORK", "WORK FAX", "WORKFAX", "DOM WORK"):
		return profile.Say(string(profile.UseBusiness))
	case p.has("HOME", "HOME FAX", "HOMEFAX"):
		return profile.Say(string(profile.UsePrivate))
	}
	return profile.Text{}
}

// insert adds a row to a list; the preferred one goes first.
func insert[T any](rows []T, row T, p *property) []T {
	if p.has("PREF") {
		return append([]T{row}, rows...)
	}
	return append(rows, row)
}

func withoutScheme(s, scheme string) string {
	if len(s) > len(scheme) && strings.EqualFold(s[:len(scheme)], scheme) {
		return s[len(scheme):]
	}
	return s
}

// joined puts the texts that are not empty one behind the other.
func joined(between string, texts ...string) string {
	var said []string
	for _, s := range texts {
		if s != "" {
			said = append(said, s)
		}
	}
	return strings.Join(said, between)
}

// isoDate reads a day as vCards write it, 1970-12-31 or 19701231, with a time
// behind it or not; "" if it is none, such as --1231 for a day without a year.
func isoDate(s string) string {
	s, _, _ = strings.Cut(s, "T")
	digits := strings.ReplaceAll(s, "-", "")
	if len(digits) != 8 || len(s) != 8 && len(s) != 10 || strings.HasPrefix(digits, "1604") {
		return ""
	}
	for i := range len(digits) {
		if digits[i] < '0' || digits[i] > '9' {
			return ""
		}
	}
	return digits[:4] + "-" + digits[4:6] + "-" + digits[6:]
}
