package db

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"complero/theme"
)

// A TextField is something that a Company's texts may name.
type TextField struct {
	// Name is how it is named: contact.givenName.
	Name string
	// Holds says what stands there, for whoever writes texts.
	Holds string
}

// textFields are all but the Company's own, in the order in which they are shown.
var textFields = []TextField{
	{"greeting", "the greeting that suits the Contact and the language: Sehr geehrte Frau Dr. Öz,"},
	{"contact", "the Contact's name: Leyla Öz; same as contact.name"},
	{"contact.name", "the Contact's name, or the organisation's"},
	{"contact.salutation", "as on file: Frau"},
	{"contact.title", "as on file: Dr."},
	{"contact.givenName", "the given name"},
	{"contact.familyName", "the family name"},
	{"contact.organisation", "the organisation"},
	{"contact.email", "the first e-mail address that is not known to fail"},
	{customTextField + "KEY", "a field of the Company's own, by its key"},
	{"employee", "the Employee in whose name the Request is made: Defne Kupfer; empty where the Brand itself writes; same as employee.name"},
	{"employee.name", "the Employee's display name"},
	{"employee.givenName", "the Employee's given name; empty for a team"},
	{"employee.familyName", "the Employee's family name; empty for a team"},
	{"employee.jobTitle", "what the Employee does"},
	{"employee.email", "the Employee's e-mail address"},
	{"employee.phone", "the Employee's telephone number"},
	{"person", "the Employee's name, for one with a given or family name, who says I"},
	{"team", "the Employee's name, for one without, who says we"},
	{"name", "the Employee's name, where it is not the Company's"},
	{"jobTitle", "same as employee.jobTitle"},
	{"company", "the sender's name, else the Brand's; same as company.name"},
	{"company.name", "the sender's name, else the Brand's"},
	{"company.support", "the support contact"},
	{"ask", "what the Request asks about, as the object of a sentence: your postal address and your phone numbers"},
	{NoteField, "the sender's own line to this Contact, as requestsCreate took it; empty without one; where a text does not place it, it stands below"},
	{"replies", "where answers by mail go; empty where nobody reads them"},
	{"expires", "the day until which the link works: 19 February 2027"},
	{"today", "the day on which the message is made"},
	{theme.Link, "the link to the Contact's own page"},
	{theme.StopLink, "the link by which the Contact is asked no more; stands below every message anyway"},
	{theme.CheckCode, "the code by which the Contact finds out who wrote; stands below every message anyway"},
	{"button", "the button that leads to the Contact's page, on a line of its own; below the text where nothing else leads there"},
}

// NoteField is the sender's own line.
const NoteField = "note"

const customTextField = "contact.customFields."

// textFilters are what values may go through.
var textFilters = []TextField{
	{`greeting`, `of contact: as the field greeting; by greeting: "formal" or "informal" however the Brand speaks`},
	{`date: "%d.%m.%Y"`, "of expires, today and fields of the Company's own: %d and %-d the day, %m and %-m the month, %B its name, %Y and %y the year"},
	{`default: "text"`, "the text, where the value is empty"},
	{`upcase`, "in capital letters"},
	{`downcase`, "in small letters"},
	{`capitalize`, "with a capital letter at its beginning, the rest small"},
}

// TextFields lists what texts may name, and TextFilters what values may go through.
func TextFields() []TextField { return slices.Clone(textFields) }

// TextFilters lists what values in texts may go through.
func TextFilters() []TextField { return slices.Clone(textFilters) }

func isLinkField(name string) bool { return name == theme.Link || name == theme.StopLink }

// SavedTextVocabulary is what texts may name that were checked when they were
// saved: a field of the Company's own that has gone since is empty.
func SavedTextVocabulary() theme.Vocabulary {
	return textVocabulary(func(string) error { return nil })
}

// textVocabulary is what a Company's texts may name; custom refuses keys of its
// own fields.
func textVocabulary(custom func(key string) error) theme.Vocabulary {
	return theme.Vocabulary{
		Links: []string{theme.Link, theme.StopLink},
		Check: func(e theme.Expression) error {
			key, own := strings.CutPrefix(e.Field, customTextField)
			check := checkTextField
			if own {
				check = func(string) error { return custom(key) }
			}
			if err := check(e.Field); err != nil {
				return err
			}
			for i, f := range e.Filters {
				if err := checkTextFilter(e.Field, f, i == 0); err != nil {
					return err
				}
			}
			if isLinkField(e.Field) && len(e.Filters) > 0 {
				return fmt.Errorf("%s takes no filter: it would lead nowhere", e.Field)
			}
			return nil
		},
	}
}

// checkCustom refuses fields of the Company's own that there are not, or not
// for Contacts to see.
func (r *FieldRules) checkCustom(key string) error {
	switch {
	case r.CustomField(key) == nil:
		return fmt.Errorf("there is no custom field %.70q; define it by customFieldSave", key)
	case !r.Policy(customFieldsName + "." + key).Visible():
		return fmt.Errorf("the custom field %.70q is HIDDEN from Contacts, so no message may show it", key)
	}
	return nil
}

func checkTextField(name string) error {
	known := slices.ContainsFunc(textFields, func(f TextField) bool { return f.Name == name && name != "button" })
	if known {
		return nil
	}
	var names []string
	for _, f := range textFields {
		names = append(names, f.Name)
	}
	return fmt.Errorf("there is no field %.70q; there are %s", name, strings.Join(names, ", "))
}

func checkTextFilter(field string, f theme.Filter, first bool) error {
	if err, own := theme.CheckTextFilter(f); own {
		return err
	}
	switch f.Name {
	case "greeting":
		if field != "contact" || !first {
			return errors.New("the filter greeting is for contact: {{ contact | greeting }}")
		}
		if f.Given && f.Argument != "formal" && f.Argument != "informal" {
			return fmt.Errorf(`greeting is "formal" or "informal", not %.20q`, f.Argument)
		}
		return nil
	case "date":
		if field != "expires" && field != "today" && !strings.HasPrefix(field, customTextField) || !first {
			return errors.New(`the filter date is for expires, today and custom fields, and comes first: {{ expires | date: "%d.%m.%Y" }}`)
		}
		return checkDateFormat(f)
	}
	var names []string
	for _, known := range textFilters {
		names = append(names, known.Name)
	}
	return fmt.Errorf("there is no filter %.40q; there are %s", f.Name, strings.Join(names, ", "))
}

var dateVerbs = regexp.MustCompile(`%(-[dm]|[dmBYy%])?`)

func checkDateFormat(f theme.Filter) error {
	if !f.Given {
		return errors.New(`the filter date needs a form, such as {{ expires | date: "%d.%m.%Y" }}; without the filter it is written as the language does`)
	}
	for _, verb := range dateVerbs.FindAllString(f.Argument, -1) {
		if verb == "%" {
			return fmt.Errorf("the date's form %.40q has a %% that means nothing; there are %%d, %%-d, %%m, %%-m, %%B, %%Y, %%y and %%%%", f.Argument)
		}
	}
	return nil
}
