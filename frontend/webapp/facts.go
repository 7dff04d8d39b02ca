package webapp

import (
	"time"

	"complero/db"
	"complero/db/profile"
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
// the form. Nothing of what is hidden is in the profile.
func (v *visit) groups() []group {
	p := &v.link.Contact.Profile
	var list []group
	if v.shows(db.AskPerson) {
		list = append(list, group{v.voice.Say("group.person"), v.personFacts(p)})
	}
	if v.shows(db.AskDigital) {
		list = append(list, group{v.voice.Say("group.digital"), v.digitalFacts(p)})
	}
	if v.shows(db.AskAddress) {
		list = append(list, group{v.voice.Say("group.addresses"), v.addressFacts(p)})
	}
	if v.shows(db.AskCustom) {
		list = append(list, group{v.voice.Say("group.custom"), v.customFacts(p, db.Policy.Visible)})
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
	add("field.birthDate", v.day(p.BirthDate))
	add("field.organisation", p.Organisation)
	if v.policy("locale").Visible() {
		add("field.locale", languageName(p.Locale))
	}
	return list
}

// day writes a day of the calendar, YYYY-MM-DD, as the language does.
func (v *visit) day(s string) string {
	day, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return s
	}
	return v.voice.Date(day)
}

func (v *visit) digitalFacts(p *profile.Profile) []fact {
	return append(v.emailFacts(p), v.phoneFacts(p)...)
}

func (v *visit) emailFacts(p *profile.Profile) []fact {
	var list []fact
	for _, e := range p.Emails {
		list = append(list, fact{v.voice.Say("field.email"), []string{profile.DisplayEmail(e.Address)}, v.voice.Say(useTexts[e.Use])})
	}
	return list
}

func (v *visit) phoneFacts(p *profile.Profile) []fact {
	var list []fact
	for _, n := range p.Phones {
		list = append(list, fact{v.voice.Say(kindTexts[n.Kind]), []string{v.phones.of(n.Number)}, v.voice.Say(useTexts[n.Use])})
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
