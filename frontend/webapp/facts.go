package webapp

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"complero/db"
	"complero/db/profile"
	"complero/frontend/locales"
)

// A group is one part of what is on file.
type group struct {
	Title string
	Facts []fact
}

// A fact is one thing that is on file, in lines as people read it.
type fact struct {
	Label string
	Lines []string
	// Note is small print, such as that an address is private.
	Note string
}

// useTexts, kindTexts and channelTexts name the values of enums.
var (
	useTexts = map[profile.Use]string{
		profile.UsePrivate: "use.PRIVATE", profile.UseBusiness: "use.BUSINESS",
	}
	kindTexts = map[profile.PhoneKind]string{
		profile.PhoneMobile: "kind.MOBILE", profile.PhoneLandline: "kind.LANDLINE",
		profile.PhoneFax: "kind.FAX", profile.PhoneOther: "kind.OTHER",
	}
)

// groups are what is on file of what the Request asks about, in the order of
// the form.
func (v *visit) groups() []group {
	r, p := v.link.Request, &v.link.Contact.Profile
	var list []group
	if r.Asks(db.AskPerson) {
		list = append(list, group{v.voice.Say("group.person"), v.personFacts(p)})
	}
	if r.Asks(db.AskDigital) {
		list = append(list, group{v.voice.Say("group.digital"), v.digitalFacts(p)})
	}
	if r.Asks(db.AskAddress) {
		list = append(list, group{v.voice.Say("group.addresses"), v.addressFacts(p)})
	}
	if r.Asks(db.AskCustom) && len(p.CustomFields) > 0 {
		list = append(list, group{v.voice.Say("group.custom"), v.customFacts(p)})
	}
	return list
}

func (v *visit) personFacts(p *profile.Profile) []fact {
	var list []fact
	add := func(label, value string) {
		if value != "" {
			list = append(list, fact{Label: v.voice.Say(label), Lines: []string{value}})
		}
	}
	add("field.name", join(" ", p.Salutation, p.Title, p.GivenName, p.FamilyName))
	add("field.birthDate", v.birthDate(p.BirthDate))
	add("field.organisation", p.Organisation)
	return list
}

// birthDate writes a date of birth, YYYY-MM-DD, as the language does.
func (v *visit) birthDate(s string) string {
	day, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return s
	}
	return v.voice.Date(day)
}

func (v *visit) digitalFacts(p *profile.Profile) []fact {
	var list []fact
	for _, e := range p.Emails {
		list = append(list, fact{v.voice.Say("field.email"), []string{profile.DisplayEmail(e.Address)}, v.voice.Say(useTexts[e.Use])})
	}
	for _, n := range p.Phones {
		list = append(list, fact{v.voice.Say(kindTexts[n.Kind]), []string{showPhone(n.Number)}, v.voice.Say(useTexts[n.Use])})
	}
	return list
}

func (v *visit) addressFacts(p *profile.Profile) []fact {
	var list []fact
	for _, a := range p.Addresses {
		list = append(list, fact{Lines: addressLines(v.voice, a, v.link.Company.CountryCode), Note: v.voice.Say(useTexts[a.Use])})
	}
	return list
}

// townLine is the line with the town where the postal code comes last.
func townLine(a profile.Address) string {
	if a.Region == "" {
		return join(" ", a.City, a.PostalCode)
	}
	return join(", ", a.City, join(" ", a.Region, a.PostalCode))
}

// numberFirst are countries where the house number stands before the street
// and the postal code after the town.
const numberFirst = "AU CA GB IE NZ US"

// addressLines writes an address as on an envelope sent from a country.
func addressLines(voice *locales.Voice, a profile.Address, from string) []string {
	street, town := join(" ", a.Street, a.HouseNumber), join(" ", a.PostalCode, a.City)
	if a.CountryCode != "" && strings.Contains(numberFirst, a.CountryCode) {
		street, town = join(" ", a.HouseNumber, a.Street), townLine(a)
	} else {
		town = join(", ", town, a.Region)
	}
	lines := []string{street, a.Addition, town}
	if a.CountryCode != from {
		lines = append(lines, voice.Country(a.CountryCode))
	}
	return slices.DeleteFunc(lines, func(s string) bool { return s == "" })
}

func (v *visit) customFacts(p *profile.Profile) []fact {
	var list []fact
	for _, key := range customKeys(p.CustomFields) {
		list = append(list, fact{Label: customLabel(key), Lines: []string{showCustom(v.voice, p.CustomFields[key])}})
	}
	return list
}

func customKeys(fields map[string]any) []string {
	keys := make([]string, 0, len(fields))
	for key := range fields {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// customLabel makes a key of the Company's readable: contract_no is Contract no.
func customLabel(key string) string {
	label := strings.Join(strings.FieldsFunc(key, func(r rune) bool { return r == '_' || r == '-' || r == '.' }), " ")
	if label == "" {
		return key
	}
	first := firstLetter(label)
	return strings.ToUpper(first) + label[len(first):]
}

func showCustom(voice *locales.Voice, value any) string {
	switch value := value.(type) {
	case bool:
		if value {
			return voice.Say("custom.yes")
		}
		return voice.Say("custom.no")
	case float64:
		return strconv.FormatFloat(value, 'f', -1, 64)
	case string:
		return value
	case nil:
		return ""
	}
	return fmt.Sprint(value)
}
