package webapp

import (
	"net/url"
	"strconv"
	"strings"
	"time"
)

// A date of birth is typed, not picked: three fields, which people fill in
// faster than a calendar that begins today, and whose order each language has.

// A datePart is one of the fields of a date.
type datePart struct {
	Name, Label, Value string
	Complete           string
	// Options make a select, which leaves no doubt about day and month.
	Options []option
	// Length is how many digits there are.
	Length int
}

// dateParts take a day, YYYY-MM-DD, or what was typed for one, apart.
func (p *formPage) dateParts(name, value string) []datePart {
	year, rest, _ := strings.Cut(value, "-")
	month, day, _ := strings.Cut(rest, "-")
	months := []option{{"", ""}}
	for m := time.January; m <= time.December; m++ {
		months = append(months, option{strconv.Itoa(int(m)), p.Month(m)})
	}
	parts := []datePart{
		{Name: name + ".day", Label: p.Say("date.day"), Value: strings.TrimPrefix(day, "0"), Complete: "bday-day", Length: 2},
		{Name: name + ".month", Label: p.Say("date.month"), Value: strings.TrimPrefix(month, "0"), Complete: "bday-month", Options: months},
		{Name: name + ".year", Label: p.Say("date.year"), Value: year, Complete: "bday-year", Length: 4},
	}
	if p.visit.monthFirst() {
		parts[0], parts[1] = parts[1], parts[0]
	}
	return parts
}

// monthFirst reports whether the reader writes the month before the day.
func (v *visit) monthFirst() bool {
	if v.voice.Tag != "en" {
		return false
	}
	locale := v.link.Contact.Profile.Locale
	_, region, found := strings.Cut(locale, "-")
	if !found {
		region = v.link.Company.CountryCode
	}
	return strings.EqualFold(region, "US")
}

// readDate puts a day together from its fields; false where none was sent. What
// is no date stays as it was typed, for db to refuse and the form to show again.
func readDate(sent url.Values, name string) (string, bool) {
	if sent.Has(name) {
		return "", false // it was sent whole
	}
	var parts []string
	for _, part := range []string{"year", "month", "day"} {
		if !sent.Has(name + "." + part) {
			return "", false
		}
		typed := strings.ReplaceAll(strings.TrimSpace(sent.Get(name+"."+part)), "-", "")
		if len(typed) == 1 {
			typed = "0" + typed
		}
		parts = append(parts, typed)
	}
	day := strings.Join(parts, "-")
	if day == "--" {
		day = ""
	}
	return day, true
}

// renderDate writes the fields of a date as one group.
func (f field) renderDate(h markup) markup {
	h = f.states(h.raw(`<fieldset class="field"`)).raw(`><legend>`)
	h = f.explain(f.label(h).raw(`</legend>`)).raw(`<div class="date">`)
	for i, part := range f.Parts {
		id := part.Name
		if i == 0 {
			id = f.Name // the list of problems leads there
		}
		h = h.raw(`<div class="field"><label for="`).text(id).raw(`">`).text(part.Label).raw(`</label>`)
		attributes := func(h markup) markup {
			h = h.raw(` id="`).text(id).raw(`" name="`).text(part.Name).raw(`" autocomplete="`).raw(part.Complete).raw(`"`)
			if f.Problem != "" {
				h = h.raw(` aria-invalid="true"`)
			}
			return h
		}
		if len(part.Options) > 0 {
			h = attributes(h.raw(`<select`)).raw(`>`)
			for _, o := range part.Options {
				h = h.raw(`<option value="`).text(o.Value).raw(`"`)
				if o.Value == part.Value {
					h = h.raw(` selected`)
				}
				h = h.raw(`>`).text(o.Label).raw(`</option>`)
			}
			h = h.raw(`</select></div>`)
			continue
		}
		h = h.raw(`<input type="text" inputmode="numeric" pattern="[0-9]*" maxlength="`).raw(strconv.Itoa(part.Length)).raw(`" value="`).text(part.Value).raw(`"`)
		h = attributes(h).raw(`></div>`)
	}
	return h.raw(`</div></fieldset>`)
}
