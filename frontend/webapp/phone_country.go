package webapp

import (
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/nyaruka/phonenumbers"

	"complero/db/profile"
	"complero/frontend/locales"
)

// newCallingOptions are the options of a select of countries with their calling
// codes, made once for each Voice.
func newCallingOptions(voice *locales.Voice) countryOptions {
	var s strings.Builder
	o := countryOptions{at: make(map[string]int, len(voice.Countries))}
	for _, c := range voice.Countries {
		code := phonenumbers.GetCountryCodeForRegion(c.Code)
		if code == 0 {
			continue
		}
		s.WriteString("<option value=" + c.Code)
		o.at[c.Code] = s.Len()
		s.WriteString(">" + templ.EscapeString(c.Name) + " (+" + strconv.Itoa(code) + ")")
	}
	o.html = s.String()
	return o
}

// callingCountry is the country of a number in E.164 form, the largest of those
// that share its code; "" if none.
func callingCountry(number string) string {
	digits := callingDigits(number)
	if digits == 0 {
		return ""
	}
	code, err := strconv.Atoi(number[1 : 1+digits])
	if err != nil {
		return ""
	}
	if region := phonenumbers.GetRegionCodeForCountryCode(code); len(region) == 2 && region != "ZZ" {
		return region
	}
	return ""
}

// dialled is the number as db takes it. One that begins with + or 00 tells its
// country itself; any other is one of the country beside it.
func (r phoneRow) dialled() string {
	digits := phoneDigits(r.Number)
	if r.Country == "" || strings.HasPrefix(digits, "+") || strings.HasPrefix(digits, "00") {
		return r.Number
	}
	if number, problem := profile.NormalizePhone(r.Number, r.Country); problem == nil && number != "" {
		return number
	}
	return r.Number
}

// phoneCountry is where a new number is likely to be from.
func (v *visit) phoneCountry() string {
	if list := v.link.Contact.Profile.Addresses; len(list) > 0 && list[0].CountryCode != "" {
		return list[0].CountryCode
	}
	return v.link.Company.CountryCode
}

func (p *formPage) callingChoice(name, value string) field {
	f := p.field("field.phoneCountry", name, value)
	f.Countries = &p.calling
	return f
}
