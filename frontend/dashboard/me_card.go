package dashboard

import (
	"mime"
	"net/http"
	"strings"

	"complero/frontend/dashboard/query"
)

// sendCard sends a Contact as a vCard 3.0 (RFC 2426), which telephones take.
func (a *App) sendCard(w http.ResponseWriter, r *http.Request, d *desk) error {
	data, err := query.Contact(r.Context(), d.api, r.PathValue("id"), new(eventsPerPage), nil, nil, nil)
	if err != nil {
		return err
	}
	if data.Contact == nil {
		return d.missing()
	}
	name := strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`/\:*?"<>|`, r) {
			return '_'
		}
		return r
	}, data.Contact.DisplayName)
	w.Header().Set("Content-Type", "text/vcard; charset=utf-8")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name + ".vcf"}))
	_, _ = w.Write([]byte(card(data.Contact))) // who has gone needs no answer
	return nil
}

// card writes a vCard.
func card(c *query.ContactDetail) string {
	var b strings.Builder
	line := func(name string, parts ...*string) {
		text := make([]string, len(parts))
		for i, p := range parts {
			text[i] = cardText.Replace(textOf(p))
		}
		if joined := strings.Join(text, ";"); strings.Trim(joined, ";") != "" {
			fold(&b, name+":"+joined)
		}
	}
	fold(&b, "BEGIN:VCARD")
	fold(&b, "VERSION:3.0")
	// N must be there, also for an organisation.
	fold(&b, "N:"+cardText.Replace(textOf(c.FamilyName))+";"+cardText.Replace(textOf(c.GivenName))+";;"+cardText.Replace(textOf(c.Title))+";")
	line("FN", &c.DisplayName)
	line("ORG", c.Organisation)
	line("BDAY", c.BirthDate)
	for _, e := range c.Emails {
		line("EMAIL;TYPE=INTERNET,"+cardUse[e.Use], &e.Address)
	}
	for _, p := range c.Phones {
		line("TEL;TYPE="+cardKind[p.Kind]+","+cardUse[p.Use], &p.Number)
	}
	for _, at := range c.Addresses {
		street := strings.TrimSpace(textOf(at.Street) + " " + textOf(at.HouseNumber))
		line("ADR;TYPE="+cardUse[at.Use], nil, at.Addition, &street, at.City, at.Region, at.PostalCode, &at.CountryCode)
	}
	fold(&b, "END:VCARD")
	return b.String()
}

var cardText = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`, "\r", `\n`)

var cardUse = map[query.Use]string{query.UsePrivate: "HOME", query.UseBusiness: "WORK"}

var cardKind = map[query.PhoneKind]string{
	query.PhoneKindMobile: "CELL", query.PhoneKindLandline: "VOICE", query.PhoneKindFax: "FAX", query.PhoneKindOther: "VOICE",
}

// fold writes a line in pieces of 75 bytes at most, never within a character (RFC 2426, 2.6).
func fold(b *strings.Builder, line string) {
	const most = 75
	room := most
	for _, r := range line {
		n := len(string(r))
		if n > room {
			b.WriteString("\r\n ")
			room = most - 1
		}
		b.WriteRune(r)
		room -= n
	}
	b.WriteString("\r\n")
}
