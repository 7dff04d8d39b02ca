package webapp

import (
	"strconv"
	"strings"

	"complero/db"
	"complero/db/profile"
)

// sent is the form's data as db takes it, with what is needed to bring errors
// back to the fields that they are about.
type sent struct {
	data *profile.Input
	// rows are, by list, the form's number of each row that was passed on:
	// blank rows are not.
	rows     map[string][]int
	problems []problem
}

// A problem is what is wrong with one field of the form.
type problem struct {
	// Field is the field's name, which is also its id on the page.
	Field string
	Text  string
}

// send turns the form into data. What only the form can know to be wrong is
// among the problems already.
func (v *visit) send(f *contactForm) sent {
	s := sent{rows: map[string][]int{}}
	in := &profile.Input{}
	for _, p := range f.Person {
		if text := personText(in, p.Name); text != nil {
			*text = profile.Say(p.Value)
		}
	}
	if f.Emails != nil {
		in.Emails = s.emails(f.Emails.Rows)
	}
	if f.Phones != nil {
		in.Phones = s.phones(f.Phones.Rows)
	}
	if f.Addresses != nil {
		in.Addresses = s.addresses(f.Addresses.Rows)
	}
	if len(f.Custom) > 0 {
		in.CustomFields.Values = s.custom(v, f.Custom)
	}
	if v.asksData() {
		s.data = in
	}
	return s
}

func (s *sent) emails(rows []emailRow) []profile.EmailInput {
	list := []profile.EmailInput{}
	for i, r := range rows {
		if r.blank() {
			continue
		}
		s.rows["emails"] = append(s.rows["emails"], i)
		list = append(list, profile.EmailInput{ID: r.ID, Address: profile.Say(r.Address), Use: profile.Say(r.Use)})
	}
	return list
}

func (s *sent) phones(rows []phoneRow) []profile.PhoneInput {
	list := []profile.PhoneInput{}
	for i, r := range rows {
		if r.blank() {
			continue
		}
		s.rows["phones"] = append(s.rows["phones"], i)
		row := profile.PhoneInput{ID: r.ID, Number: profile.Say(r.dialled()), Use: profile.Say(r.Use)}
		if r.Kind != "" && !r.staleKind() {
			row.Kind = profile.Say(r.Kind)
		}
		list = append(list, row)
	}
	return list
}

// staleKind reports whether the number was changed and its kind left as it
// was: mobile or landline then follows from the new number.
func (r phoneRow) staleKind() bool {
	kind, number, _ := strings.Cut(r.Was, " ")
	told := kind == string(profile.PhoneMobile) || kind == string(profile.PhoneLandline)
	return told && kind == r.Kind && number != phoneDigits(r.Number)
}

func (s *sent) addresses(rows []addressRow) []profile.AddressInput {
	list := []profile.AddressInput{}
	for i, r := range rows {
		if r.blank() {
			continue
		}
		s.rows["addresses"] = append(s.rows["addresses"], i)
		list = append(list, profile.AddressInput{
			ID: r.ID, Street: profile.Say(r.Street), HouseNumber: profile.Say(r.HouseNumber), Addition: profile.Say(r.Addition),
			PostalCode: profile.Say(r.PostalCode), City: profile.Say(r.City), Region: profile.Say(r.Region),
			CountryCode: profile.Say(r.CountryCode), Use: profile.Say(r.Use),
		})
	}
	return list
}

// answerErrors brings the errors of an answer to the form's fields.
func (s *sent) answerErrors(v *visit, errs db.Errors) {
	for _, e := range errs {
		s.problems = append(s.problems, problem{s.fieldOf(e.Path), v.problemText(e)})
	}
}

// problemText says what is wrong, in the words of the field's type where the
// Company has defined it.
func (v *visit) problemText(e *db.Error) string {
	if len(e.Path) == 3 && e.Path[1] == "customFields" {
		if c := v.link.Fields.CustomField(e.Path[2]); c != nil {
			return v.customProblem(c, e.Code)
		}
	}
	return v.voice.Say(errorText(e.Code))
}

// fieldOf is the name of the form's field that an error's path means: data,
// emails, 0, address is emails.2.address if blank rows stand before it.
func (s *sent) fieldOf(path []string) string {
	if len(path) > 0 && path[0] == "data" {
		path = path[1:]
	}
	if len(path) == 0 {
		return ""
	}
	name := path[0]
	for i, step := range path[1:] {
		if n, err := strconv.Atoi(step); i == 0 && err == nil && n < len(s.rows[name]) {
			step = strconv.Itoa(s.rows[name][n])
		}
		name += "." + step
	}
	switch first := firstFields[path[0]]; {
	case len(path) == 1 && first != "":
		return name + ".0." + first
	case len(path) == 2 && first != "":
		return name + "." + first
	}
	return name
}

// firstFields are where errors about a whole list or row are shown.
var firstFields = map[string]string{"emails": "address", "phones": "number", "addresses": "street"}

// errorTexts say what is wrong, by the code of an error.
var errorTexts = map[db.Code]string{
	db.TryLater: "error.TRY_LATER", db.Required: "error.REQUIRED", db.Invalid: "error.INVALID", db.TooLong: "error.TOO_LONG", db.TooManyItems: "error.TOO_MANY_ITEMS",
	"INVALID_EMAIL": "error.INVALID_EMAIL", "INVALID_PHONE": "error.INVALID_PHONE", "INVALID_POSTAL_CODE": "error.INVALID_POSTAL_CODE",
	"INVALID_COUNTRY": "error.INVALID_COUNTRY", "INVALID_DATE": "error.INVALID_DATE",
}

func errorText(code db.Code) string {
	if key := errorTexts[code]; key != "" {
		return key
	}
	return "error.INVALID"
}
