package db

import (
	"strings"
	"time"

	"golang.org/x/text/language"

	"complero/db/profile"
)

// A samplePerson is nobody: who a preview is shown with, and who asks.
type samplePerson struct {
	salutation, givenName, familyName string
	street, houseNumber               string
	postalCode, city, country         string
	phone                             string // mobile, E.164
	employee                          [2]string
	jobTitle                          string
}

// samplePeople speak each a language that pages and messages are written in.
// Their numbers are, where a country keeps some, those for fiction.
var samplePeople = map[string]samplePerson{
	"de": {"Frau", "Erika", "Mustermann", "Musterstraße", "12a", "10117", "Berlin", "DE", "+4915228817386", [2]string{"Jana", "Beispiel"}, "Kundenberaterin"},
	"en": {"Ms", "Jane", "Sample", "Example Street", "12", "SW1A 1AA", "London", "GB", "+447700900123", [2]string{"Alex", "Placeholder"}, "Customer adviser"},
	"fr": {"Madame", "Camille", "Laurent", "rue du Modèle", "12", "75001", "Paris", "FR", "+33639981234", [2]string{"Jeanne", "Dupont"}, "Conseillère clientèle"},
	"it": {"Signora", "Maria", "Rossi", "Via dell’Esempio", "12", "00184", "Roma", "IT", "+393120000000", [2]string{"Anna", "Bianchi"}, "Consulente clienti"},
	"es": {"Señora", "María", "Ejemplo", "Calle del Modelo", "12", "28013", "Madrid", "ES", "+34600000000", [2]string{"Ana", "Muestra"}, "Asesora comercial"},
	"nl": {"Mevrouw", "Anna", "Voorbeeld", "Voorbeeldstraat", "12", "1012 AB", "Amsterdam", "NL", "+31600000000", [2]string{"Eva", "de Vries"}, "Klantadviseur"},
	"pl": {"Pani", "Anna", "Przykładowa", "ulica Przykładowa", "12", "00-001", "Warszawa", "PL", "+48500000000", [2]string{"Ewa", "Nowak"}, "Doradczyni klienta"},
	"ar": {"السيدة", "ليلى", "مثال", "شارع المثال", "12", "11564", "الرياض", "SA", "+966500000000", [2]string{"سارة", "نموذج"}, "مستشارة العملاء"},
}

// sampleOf is the sample person who speaks a language, else English.
func sampleOf(locale string) samplePerson {
	base, _ := language.Make(locale).Base()
	if p, found := samplePeople[base.String()]; found {
		return p
	}
	return samplePeople["en"]
}

// contact is the person as a Contact who speaks a language.
func (p samplePerson) contact(locale string) *Contact {
	return &Contact{ID: "contact_sample", Profile: profile.Profile{
		Locale: locale, Salutation: p.salutation, GivenName: p.givenName, FamilyName: p.familyName, BirthDate: "1964-08-12",
		Emails: []profile.Email{{ID: "email_sample", Address: "sample@example.com", Use: profile.UsePrivate}},
		Phones: []profile.Phone{{ID: "phone_sample", Number: p.phone, Kind: profile.PhoneMobile, Use: profile.UsePrivate}},
		Addresses: []profile.Address{{
			ID: "address_sample", Street: p.street, HouseNumber: p.houseNumber, PostalCode: p.postalCode,
			City: p.city, CountryCode: p.country, Use: profile.UsePrivate,
		}},
	}}
}

// asker is the Employee who asks the person.
func (p samplePerson) asker() *Employee {
	return &Employee{
		ID: "employee_sample", DisplayName: strings.Join(p.employee[:], " "), GivenName: &p.employee[0], FamilyName: &p.employee[1],
		Email: ptr("employee@example.com"), JobTitle: &p.jobTitle,
	}
}

// sampleRequest is a Request to a Contact, with the time that one has.
func sampleRequest(c *Company, m Mode, contactID string, made time.Time) *Request {
	return &Request{
		CompanyID: c.Key, Mode: m, ID: "request_sample", ContactID: contactID, Status: RequestSent,
		CreatedAt: made, SentAt: &made, ExpiresAt: made.Add(defaultExpiry),
	}
}
