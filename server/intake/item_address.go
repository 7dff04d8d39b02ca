package intake

import (
	"strings"

	"complero/db/profile"
)

// mostCountries bounds what is remembered of how a file writes countries.
const mostCountries = 500

// places puts addresses together.
func (r *Reader) places(in *profile.Input) {
	for i := range r.draft.addresses {
		d := &r.draft.addresses[i]
		if !d.said {
			continue
		}
		if in.Addresses == nil {
			in.Addresses = make([]profile.AddressInput, 0, len(r.draft.addresses)-i)
		}
		if !r.exact {
			r.complete(&d.parts)
		}
		for j := 0; j < i && !r.exact && d.parts[countryCode].Value == ""; j++ {
			sameCountry(&r.draft.addresses[j].parts, &d.parts, r.country)
		}
		row := profile.AddressInput{
			Street: d.parts[street], HouseNumber: d.parts[houseNumber], Addition: d.parts[addition],
			PostalCode: d.parts[postalCode], City: d.parts[city], Region: d.parts[region],
			CountryCode: d.parts[countryCode], Use: text(d.use),
		}
		if row.Street.Value != "" || row.HouseNumber.Value != "" || row.Addition.Value != "" ||
			row.PostalCode.Value != "" || row.City.Value != "" || row.Region.Value != "" {
			in.Addresses = append(in.Addresses, row)
		}
	}
}

// complete takes apart what one cell says of several leaves. The country goes
// first, since it tells how the others are written.
func (r *Reader) complete(p *[addressParts]profile.Text) {
	country := r.country
	if cell := p[countryCode].Value; cell != "" {
		code := r.countryOf(cell)
		p[countryCode].Value = code
		if len(code) == 2 {
			country = code
		}
	}
	if cell := p[whole].Value; cell != "" && p[street].Value == "" && p[streetAndNumber].Value == "" && p[city].Value == "" {
		if !takeWhole(p, cell, country) {
			p[streetAndNumber] = profile.Say(cell)
		}
	}
	country = completeCity(p, country)
	if p[countryCode].Value == "" && p[postalCode].Value != "" {
		if code := countryByCode(p[postalCode].Value, country); code != "" {
			p[countryCode], country = profile.Say(code), code
		}
	}
	if cell := p[streetAndNumber].Value; p[streetAndNumber].Said {
		completeStreet(p, cell, country)
	} else if cell := p[street].Value; len(cell) > 12 && p[postalCode].Value == "" && p[city].Value == "" {
		takeWhole(p, cell, country)
	}
	if box := p[poBox].Value; box != "" {
		line := boxLine(box, country)
		if p[street].Value == "" {
			p[street] = profile.Say(line)
		} else {
			p[addition] = profile.Say(joined(p[addition].Value, line))
		}
	}
}

// sameCountry gives an address that says no country that of another in the row,
// where its postal code fits there and not the Company's.
func sameCountry(from, to *[addressParts]profile.Text, home string) {
	code, country := to[postalCode].Value, from[countryCode].Value
	if country != "" && country != home && code != "" && wholeCode(code, country) && !wholeCode(code, home) {
		to[countryCode] = profile.Say(country)
	}
}

// takeWhole takes an address in one cell apart, if it is one.
func takeWhole(p *[addressParts]profile.Text, cell, country string) bool {
	found, ok := splitWhole(cell, country)
	if !ok {
		return false
	}
	for leaf, value := range found {
		if value != "" && (p[leaf].Value == "" || leaf == street) {
			p[leaf] = profile.Say(value)
		}
	}
	return true
}

// completeCity reads postal code and city, and returns the address's country.
func completeCity(p *[addressParts]profile.Text, country string) string {
	both := p[postalCodeAndCity].Value
	switch {
	case both != "":
	case p[postalCode].Value == "" && p[city].Value != "" && firstDigit(p[city].Value) >= 0:
		both = p[city].Value
	case p[city].Value == "" && strings.ContainsRune(p[postalCode].Value, ' '):
		both = p[postalCode].Value
	}
	if both != "" {
		code, name, state, prefix, ok := splitCity(both, country)
		switch {
		case ok:
			p[postalCode], p[city] = profile.Say(code), profile.Say(name)
			if state != "" && p[region].Value == "" {
				p[region] = profile.Say(state)
			}
			country = takePrefix(p, prefix, country)
		case both == p[postalCodeAndCity].Value && digits(both):
			p[postalCode] = profile.Say(both)
		case both == p[postalCodeAndCity].Value:
			p[city] = profile.Say(both)
		}
	} else if p[postalCodeAndCity].Said && !p[city].Said {
		p[postalCode], p[city] = profile.Say(""), profile.Say("")
	}
	if cell := p[postalCode].Value; cell != "" {
		code, prefix := cleanPostal(cell, country)
		p[postalCode].Value = code
		country = takePrefix(p, prefix, country)
	}
	return country
}

// takePrefix uses the country before a postal code, "A-1010", where no other is said.
func takePrefix(p *[addressParts]profile.Text, prefix, country string) string {
	if prefix == "" || p[countryCode].Value != "" {
		return country
	}
	p[countryCode] = profile.Say(prefix)
	return prefix
}

func completeStreet(p *[addressParts]profile.Text, cell, country string) {
	if len(cell) > 12 && p[postalCode].Value == "" && p[city].Value == "" && takeWhole(p, cell, country) {
		return
	}
	if cell == "" || p[houseNumber].Value != "" {
		p[street] = profile.Say(cell)
		if !p[houseNumber].Said {
			p[houseNumber] = profile.Say("")
		}
		return
	}
	if second := p[addition].Value; second != "" && (additionAt(cell) || isCareOf(cell)) {
		if split := splitStreet(second, country); split.number != "" { // "Flat 2", and the street below
			p[addition], cell = profile.Say(cell), second
		}
	}
	split := splitStreet(cell, country)
	p[street], p[houseNumber] = profile.Say(split.street), profile.Say(split.number)
	if split.addition != "" {
		p[addition] = profile.Say(joined(split.addition, p[addition].Value))
	}
}

// countryOf finds a country's code, remembering how the file writes countries.
// A cell that is none stays, for profile.Normalize to name.
func (r *Reader) countryOf(cell string) string {
	if len(cell) == 2 && cell == r.country {
		return r.country
	}
	if code, known := r.countries[cell]; known {
		return code
	}
	code := countryOf(cell)
	if code == "" {
		return cell
	}
	if len(r.countries) < mostCountries {
		r.countries[strings.Clone(cell)] = code // a cell shares its row's memory
	}
	return code
}
