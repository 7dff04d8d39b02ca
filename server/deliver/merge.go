package deliver

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"complero/db"
	"complero/db/profile"
	"complero/server/deliver/email"
	"complero/theme"
)

// A merge knows what texts may name for one Request: the fields that
// db.TextFields lists.
type merge struct {
	*letterhead
	*db.Outgoing
	language Language
	now      time.Time
	employee *db.Employee // nil where the Brand itself writes
	replyTo  *email.Mailbox
}

// customField begins the names of fields of the Company's own.
const customField = "contact.customFields."

// value is what stands in the place of an expression; "" for nothing.
func (m *merge) value(e theme.Expression) string {
	if len(e.Filters) == 0 && e.Compare == "" {
		return m.field(e.Field)
	}
	return e.Apply(m.field(e.Field), func(f theme.Filter, value string) (string, bool) {
		switch f.Name {
		case "greeting":
			language := m.language
			if f.Given {
				language.informal = f.Argument == "informal"
			}
			return greeting(language, &m.Contact.Profile), true
		case "date":
			if day, known := m.day(e.Field); known {
				return formatDate(m.language, day, f.Argument), true
			}
			return value, true
		}
		return "", false
	})
}

func (m *merge) field(name string) string {
	switch name {
	case theme.Link:
		return m.Link
	case theme.StopLink:
		return m.StopLink
	case theme.CheckCode:
		return m.language.upright(m.CheckCode)
	case "greeting":
		return greeting(m.language, &m.Contact.Profile)
	case "company", "company.name":
		return m.name
	case "company.support":
		return deref(m.company.SupportContact)
	case db.NoteField:
		return deref(m.Request.Note)
	case "ask":
		return m.language.asked(m.asks(m.Outgoing))
	case "expires", "today":
		day, _ := m.day(name)
		return m.language.Date(day)
	case "replies":
		if m.replyTo != nil {
			return m.replyTo.Address
		}
		return ""
	}
	if key, custom := strings.CutPrefix(name, customField); custom {
		return m.customValue(key)
	}
	if strings.HasPrefix(name, "contact") {
		return m.contactField(name)
	}
	return m.employeeField(name)
}

func (m *merge) contactField(name string) string {
	p := &m.Contact.Profile
	switch name {
	case "contact", "contact.name":
		return p.DisplayName()
	case "contact.salutation":
		return p.Salutation
	case "contact.title":
		return p.Title
	case "contact.givenName":
		return p.GivenName
	case "contact.familyName":
		return p.FamilyName
	case "contact.organisation":
		return p.Organisation
	case "contact.email":
		return m.To.Address
	}
	return ""
}

// employeeField tells of the Employee: as a person who says I, or as a team,
// which goes by its display name alone and says we.
func (m *merge) employeeField(name string) string {
	e := m.employee
	if e == nil {
		return ""
	}
	person := e.GivenName != nil || e.FamilyName != nil
	switch name {
	case "employee", "employee.name":
		return e.DisplayName
	case "person":
		if person {
			return e.DisplayName
		}
	case "team":
		if !person {
			return e.DisplayName
		}
	case "name":
		if e.DisplayName != m.name {
			return e.DisplayName
		}
	case "employee.givenName":
		return deref(e.GivenName)
	case "employee.familyName":
		return deref(e.FamilyName)
	case "jobTitle", "employee.jobTitle":
		return deref(e.JobTitle)
	case "employee.email":
		return deref(e.Email)
	case "employee.phone":
		return m.language.upright(deref(e.Phone))
	}
	return ""
}

// customValue writes a field of the Company's own as people read it.
func (m *merge) customValue(key string) string {
	switch value := m.Contact.Profile.CustomFields[key].(type) {
	case string:
		return m.customText(key, value)
	case bool:
		if value {
			return m.language.Say("custom.yes")
		}
		return m.language.Say("custom.no")
	case float64:
		return strings.Replace(strconv.FormatFloat(value, 'f', -1, 64), ".", m.language.Say("number.decimal"), 1)
	case nil:
		return ""
	default:
		return fmt.Sprint(value)
	}
}

func (m *merge) customText(key, value string) string {
	definition := m.custom[key]
	if definition == nil {
		return value
	}
	switch definition.Type {
	case profile.TypeDate:
		if day, known := m.day(customField + key); known {
			return m.language.Date(day)
		}
	case profile.TypeChoice:
		for i := range definition.Choices {
			if definition.Choices[i].Value == value {
				return definition.Choices[i].Name(m.Contact.Profile.Locale, m.language.Tag, m.company.Locale)
			}
		}
	}
	return value
}

// day is the date that a field holds, if it holds one.
func (m *merge) day(field string) (day time.Time, known bool) {
	switch field {
	case "expires":
		return m.Request.ExpiresAt.In(m.zone), true
	case "today":
		return m.now.In(m.zone), true
	}
	text, _ := m.Contact.Profile.CustomFields[strings.TrimPrefix(field, customField)].(string)
	day, err := time.Parse(time.DateOnly, text)
	return day, err == nil
}

// formatDate writes a day in a form such as %d.%m.%Y, as Liquid's filter date does.
func formatDate(l Language, day time.Time, form string) string {
	return strings.NewReplacer(
		"%%", "%", "%d", day.Format("02"), "%-d", strconv.Itoa(day.Day()), "%m", day.Format("01"), "%-m", strconv.Itoa(int(day.Month())),
		"%B", l.Month(day.Month()), "%Y", day.Format("2006"), "%y", day.Format("06"),
	).Replace(form)
}
