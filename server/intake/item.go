package intake

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"complero/db/profile"
)

// The API's codes of what is named here; all others profile.Normalize names.
const (
	codeInvalid           = "INVALID"
	codeInvalidDate       = "INVALID_DATE"
	codeInvalidPhone      = "INVALID_PHONE"
	codeInvalidPostalCode = "INVALID_POSTAL_CODE"
)

// A draft collects what a row's cells say, before it is put together.
type draft struct {
	scalars   [scalarCount]profile.Text
	emails    []point
	phones    []point
	addresses []addressDraft
	custom    map[string]any
}

// A point is an e-mail or phone of a draft.
type point struct {
	said      bool
	cell      string
	use, kind string
	step      *step
}

// An addressDraft is an address of a draft.
type addressDraft struct {
	said  bool
	parts [addressParts]profile.Text
	use   string
}

// Item makes an item of a row. A value that cannot be read is named by a
// Problem and left out of the item; an item with Problems is not to be taken.
// Cells that a short row lacks are Absent.
func (r *Reader) Item(cells []string) (profile.Input, []profile.Problem) {
	r.reset()
	for i := range r.steps {
		s := &r.steps[i]
		if s.at >= len(cells) || cells[s.at] == Absent || s.field.kind == metadata {
			continue
		}
		cell := cells[s.at]
		if !r.exact {
			cell = s.clean(cell)
		}
		if cell == "" && r.absent {
			continue
		}
		if s.values != nil && cell != "" {
			cell = s.translate(cell)
		}
		r.take(s, cell)
	}
	r.tooLong(cells)
	var in profile.Input
	r.scalars(&in)
	r.points(&in)
	r.places(&in)
	in.CustomFields.Values = r.draft.custom
	in.Metadata = r.metadata(cells)
	if r.key != nil && in.ExternalID.Value == "" && r.key.at < len(cells) && cells[r.key.at] != Absent {
		in.ExternalID = profile.Say(r.key.asKey(cells[r.key.at]))
	}
	if total(&in) {
		r.problems = append(r.problems, profile.Problem{Path: []string{"externalId"}, Code: codeInvalid, Message: "externalId " + quote(in.ExternalID.Value) +
			" looks like the sum below a table, not like a Contact; leave the row out"})
	}
	problems := r.problems
	r.problems = nil
	return in, problems
}

// total reports whether a row is the sum below a table: its key says so, and
// nothing else says anything of a Contact.
func total(in *profile.Input) bool {
	id := in.ExternalID.Value
	return id != "" && !digit(id[0]) && len(in.Emails)+len(in.Phones)+len(in.Addresses) == 0 &&
		in.FamilyName.Value == "" && in.GivenName.Value == "" && in.Organisation.Value == "" && wordIn(totalWords, id)
}

func (r *Reader) reset() {
	d := &r.draft
	d.scalars = [scalarCount]profile.Text{}
	clear(d.emails)
	clear(d.phones)
	clear(d.addresses)
	d.custom = nil
	r.today = day{r.Now.Year(), int(r.Now.Month()), r.Now.Day()}
}

// clean is clean for a cell of this column: people's names may be Null.
func (s *step) clean(cell string) string {
	if s.name {
		if cell = trim(cell); cell == "Null" || (s.col.NullIsName && null(cell)) {
			return cell
		}
	}
	return clean(cell)
}

// translate finds what a cell stands for.
func (s *step) translate(cell string) string {
	if value, found := s.values[cell]; found {
		return value
	}
	if value, found := s.values[key(cell)]; found {
		return value
	}
	return cell
}

// asKey is a cell as an externalId: of several e-mails or phones the first.
// E-mail addresses are one however they are written.
func (s *step) asKey(cell string) string {
	cell = clean(cell)
	first := ""
	switch s.field.kind {
	case email:
		emailsIn(cell, s.col.Separator, func(address string) { first = cmp.Or(first, address) })
		return emailKey(first)
	case phone:
		phonesIn(wholeNumber(cell), s.col.Separator, func(number, _ string) { first = cmp.Or(first, number) })
		return first
	}
	return cell
}

func emailKey(cell string) string {
	if cell == "" {
		return ""
	}
	return strings.ToLower(bareEmail(cell))
}

// take puts a cell into the draft.
func (r *Reader) take(s *step, cell string) {
	switch f := s.field; f.kind {
	case scalar:
		r.takeScalar(s, cell)
	case email:
		r.draft.emails[f.nth].take(s, cell)
	case phone:
		if f.part == pointValue && lostDigits(cell) {
			r.refuse(s, codeInvalidPhone, cell, "has lost its last digits to a spreadsheet; format the column as text and export it again")
			return
		}
		r.draft.phones[f.nth].take(s, cell)
	case address:
		if f.part == postalCode && lostDigits(cell) {
			r.refuse(s, codeInvalidPostalCode, cell, "has lost its last digits to a spreadsheet; format the column as text and export it again")
			return
		}
		d := &r.draft.addresses[f.nth]
		switch f.part {
		case addressUse, addressLabel:
			d.use = useOf(s, cell, d.use)
		default:
			d.said = true
			d.parts[f.part] = profile.Say(cell)
			if s.col.Use != "" && d.use == "" {
				d.use = s.col.Use
			}
		}
	case custom:
		value, code, wrong := s.value(cell, r.today)
		if wrong != "" {
			r.refuse(s, code, cell, wrong)
			return
		}
		if r.draft.custom == nil {
			r.draft.custom = make(map[string]any, r.custom)
		}
		r.draft.custom[f.key] = value
	}
}

func (r *Reader) takeScalar(s *step, cell string) {
	part := s.field.part
	if r.exact && (part != birthDate || isoDay(cell)) {
		r.draft.scalars[part] = profile.Say(cell)
		return
	}
	switch part {
	case birthDate:
		t, ok := scanDate(cell)
		d, state := day{}, dateBad
		switch {
		case cell == "":
			state = dateNone
		case ok:
			d, state = t.read(s.order, r.today, true)
		}
		switch state {
		case dateBad:
			r.refuse(s, codeInvalidDate, cell, s.dateCure(ok))
			return
		case dateNoYear:
			return
		case dateNone:
			cell = ""
			if r.absent {
				return
			}
		default:
			cell = d.String()
		}
	case externalID, employee:
		if lostDigits(cell) {
			r.refuse(s, codeInvalid, cell, "has lost its last digits to a spreadsheet; format the column as text and export it again")
			return
		}
		cell = wholeNumber(cell)
	case locale:
		cell = localeOf(cell)
	}
	r.draft.scalars[part] = profile.Say(cell)
}

// dateCure says what is wrong with a date; looks tells that it looks like one.
func (s *step) dateCure(looks bool) string {
	if !looks {
		return "is no date; write it as YYYY-MM-DD"
	}
	return "is no date of the calendar, read as " + s.order.words() + " like the rest of its column; write it as YYYY-MM-DD"
}

// tooLong names a row with more cells than there are columns: a separator stood
// unquoted in one of them, and what follows is in the wrong places.
func (r *Reader) tooLong(cells []string) {
	if len(cells) > r.columns && !Blank(cells[r.columns:]) {
		r.problems = append(r.problems, profile.Problem{Code: codeInvalid, Message: fmt.Sprintf(
			"the row has %d cells where the file has %d columns; put cells that hold the separator into quotes", len(cells), r.columns)})
	}
}

// refuse names what is wrong with a cell.
func (r *Reader) refuse(s *step, code, cell, what string) {
	r.problems = append(r.problems, profile.Problem{
		Path: s.field.steps(), Code: code, Message: s.field.String() + " " + quote(cell) + " " + what,
	})
}

// quote quotes at most 40 characters of a cell.
func quote(cell string) string {
	const most = 40
	end, n := 0, 0
	for end < len(cell) && n < most {
		_, size := utf8.DecodeRuneInString(cell[end:])
		end += size
		n++
	}
	if end < len(cell) {
		return strconv.Quote(cell[:end] + "…")
	}
	return strconv.Quote(cell)
}
