package intake

import (
	"strings"

	"complero/db/profile"
)

// take puts a cell into the entry.
func (p *point) take(s *step, cell string) {
	switch s.field.part {
	case pointValue:
		p.said, p.cell, p.step = true, cell, s
		if p.use == "" {
			p.use = s.col.Use
		}
		if p.kind == "" {
			p.kind = s.col.Kind
		}
	case pointUse:
		p.use = useOf(s, cell, p.use)
	case pointKind, pointLabel:
		use, kind := labelMeaning(cell)
		switch upper := strings.ToUpper(cell); {
		case s.field.part == pointKind && (upper == "LANDLINE" || upper == "OTHER"):
			kind = upper
		case s.field.part == pointKind && kind == "":
			kind = cell
		}
		if kind != "" {
			p.kind = kind
		}
		if use != "" && s.field.part == pointLabel {
			p.use = use
		}
	}
}

// useOf reads a cell that tells the use of an entry; a .use that is none is
// passed on for profile.Normalize to name, a label may say anything.
func useOf(s *step, cell, before string) string {
	use, _ := labelMeaning(cell)
	switch {
	case use != "":
		return use
	case cell != "" && (s.field.part == pointUse && s.field.kind != address || s.field.part == addressUse && s.field.kind == address):
		return cell
	}
	return before
}

// points puts e-mails and phones together. A list is said as soon as one of its
// columns is: all that the Source knows.
func (r *Reader) points(in *profile.Input) {
	for i := range r.draft.emails {
		p := &r.draft.emails[i]
		if !p.said {
			continue
		}
		if in.Emails == nil {
			in.Emails = make([]profile.EmailInput, 0, count(r.draft.emails))
		}
		if p.cell != "" && r.exact {
			in.Emails = append(in.Emails, profile.EmailInput{Address: profile.Say(p.cell), Use: text(p.use)})
		} else if p.cell != "" {
			r.use, r.emails = p.use, in.Emails
			emailsIn(p.cell, p.step.col.Separator, r.addEmail)
			in.Emails = r.emails
		}
	}
	for i := range r.draft.phones {
		p := &r.draft.phones[i]
		if !p.said {
			continue
		}
		if in.Phones == nil {
			in.Phones = make([]profile.PhoneInput, 0, count(r.draft.phones))
		}
		if p.cell != "" && r.exact {
			in.Phones = append(in.Phones, profile.PhoneInput{Number: profile.Say(p.cell), Kind: text(p.kind), Use: text(p.use)})
		} else if p.cell != "" {
			r.use, r.kind, r.phones = p.use, p.kind, in.Phones
			phonesIn(wholeNumber(p.cell), p.step.col.Separator, r.addPhone)
			in.Phones = r.phones
		}
	}
	r.emails, r.phones = nil, nil
}

func count(points []point) int {
	n := 0
	for i := range points {
		if points[i].cell != "" {
			n++
		}
	}
	return n
}
