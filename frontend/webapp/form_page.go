package webapp

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"complero/db/profile"
	"complero/frontend"
)

// A formPage is the form to change what is on file.
type formPage struct {
	frame
	Lead string
	// AsksData tells that there is more than Consents to decide on.
	AsksData bool
	Form     *contactForm
	// Fixed is what the Contact sees beside the form and cannot change.
	Fixed     fixedFacts
	Questions []question
	// Waiting are new addresses that have yet to be confirmed.
	Waiting  []waitingAddress
	Problems []problem
	// Focus is the name of the field to type in next; "" leaves it to the reader.
	Focus string
	// Status tells of something that was just done.
	Status    string
	countries countryOptions
	calling   countryOptions
	visit     *visit
}

func (a *App) showForm(w http.ResponseWriter, r *http.Request) error {
	v, err := a.open(r)
	if err != nil {
		return err
	}
	f := v.formOf(&v.link.Contact.Profile)
	v.offerRows(f)
	p := a.formPage(v, f, func(string) bool { return false })
	return frontend.Send(w, r, http.StatusOK, formView(p))
}

func (a *App) formPage(v *visit, f *contactForm, ticked func(string) bool) *formPage {
	p := &formPage{
		frame: v.frame(v.voice.Say("form.title")), Lead: v.voice.Say("form.hint"), AsksData: v.asksData(),
		Form: f, Fixed: v.fixed(), visit: v, Questions: a.questions(v, ticked), Waiting: v.waiting(), countries: a.options[v.voice], calling: a.calling[v.voice],
	}
	switch {
	case !p.AsksData:
		p.Title, p.Lead = v.voice.Say("group.consents"), v.voice.Say("consent.hint")
	case v.mustAny():
		p.Lead = v.voice.Say("form.hint.required")
	}
	p.Until = v.until()
	return p
}

// showProblems shows the form again, with what was typed and, in the order of
// the fields, what is wrong.
func (a *App) showProblems(w http.ResponseWriter, r *http.Request, v *visit, f *contactForm, problems []problem) error {
	v.offerRows(f)
	places := map[string]int{}
	for i, field := range f.pairs() {
		places[field.Name] = i
	}
	slices.SortStableFunc(problems, func(a, b problem) int { return cmp.Compare(places[a.Field], places[b.Field]) })
	p := a.formPage(v, f, r.PostForm.Has)
	p.Problems, p.Failed, p.Tongues = problems, true, tongues{Do: "review"}
	return frontend.Send(w, r, http.StatusUnprocessableEntity, formView(p))
}

func (p *formPage) field(label, name, value string) field {
	f := field{Name: name, Label: p.Say(label), Value: value, Type: "text", Focus: p.Focus == name}
	if p.visit.mustFill(name) {
		f.Required = p.Say("field.required")
	}
	for _, problem := range p.Problems {
		if problem.Field == name {
			f.Problem = problem.Text
			break
		}
	}
	return f
}

func (p *formPage) choice(label, name, value string, options ...option) field {
	f := p.field(label, name, value)
	f.Options = options
	return f
}

func (p *formPage) useChoice(name, value string) field {
	return p.choice("field.use", name, value,
		option{string(profile.UsePrivate), p.Say("use.PRIVATE")}, option{string(profile.UseBusiness), p.Say("use.BUSINESS")})
}

func (p *formPage) kindChoice(name, value string) field {
	return p.choice("field.kind", name, value,
		option{"", p.Say("kind.auto")},
		option{string(profile.PhoneMobile), p.Say("kind.MOBILE")}, option{string(profile.PhoneLandline), p.Say("kind.LANDLINE")},
		option{string(profile.PhoneFax), p.Say("kind.FAX")}, option{string(profile.PhoneOther), p.Say("kind.OTHER")})
}

// phoneHint explains how to write a number where there is none yet.
func (p *formPage) phoneHint(r phoneRow) string {
	if r.ID != "" {
		return ""
	}
	return p.Say("form.phone.hint")
}

func (p *formPage) countryChoice(name, value, complete string) field {
	f := p.field("field.countryCode", name, value)
	f.Complete, f.Countries = complete, &p.countries
	return f
}

// entry names a row to those who do not see where it stands: Telephone number 2.
func (p *formPage) entry(what string, i int) string {
	return p.Say("form.entry", "What", p.Say(what), "Number", strconv.Itoa(i+1))
}

// rowName is the name of a field in a row.
func rowName(list string, i int, name string) string {
	return list + "." + strconv.Itoa(i) + "." + name
}

// completion is the autocomplete token of a row's field. Browsers know one of
// each kind; further rows are sections of their own.
func completion(list string, i int, token string) string {
	if i == 0 {
		return token
	}
	return "section-" + list + strconv.Itoa(i) + " " + token
}

// line is a problem in the list of all of them, which names its field.
func (p *formPage) line(wrong problem) string {
	return join(": ", p.labelOf(wrong.Field), wrong.Text)
}

func (p *formPage) labelOf(name string) string {
	if name == "" {
		return ""
	}
	list, rest, _ := strings.Cut(name, ".")
	if key, isCustom := strings.CutPrefix(name, "customFields."); isCustom {
		return p.visit.customName(key)
	}
	number, leaf, isRow := strings.Cut(rest, ".")
	label := fieldTexts[list]
	if isRow {
		label = fieldTexts[list+"."+leaf]
	}
	text := p.Say(label)
	if n, err := strconv.Atoi(number); err == nil && n > 0 {
		return p.Say("form.entry", "What", text, "Number", strconv.Itoa(n+1))
	}
	return text
}

// fieldTexts name the form's fields.
var fieldTexts = map[string]string{
	"locale": "field.locale", "salutation": "field.salutation", "title": "field.title", "givenName": "field.givenName", "familyName": "field.familyName",
	"birthDate": "field.birthDate", "organisation": "field.organisation",
	"emails.address": "field.email", "emails.use": "field.use",
	"phones.number": "field.phone", "phones.country": "field.phoneCountry", "phones.kind": "field.kind", "phones.use": "field.use",
	"addresses.street": "field.street", "addresses.houseNumber": "field.houseNumber", "addresses.addition": "field.addition",
	"addresses.postalCode": "field.postalCode", "addresses.city": "field.city", "addresses.region": "field.region",
	"addresses.countryCode": "field.countryCode", "addresses.use": "field.use",
}
