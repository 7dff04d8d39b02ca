package demo

import (
	"fmt"

	"complero/db"
	"complero/theme"
)

// seebrueck is a German insurer, formal.
var seebrueck = company{
	setup: db.Setup{
		Customer: customer, Company: "Seebrück Versicherung", Country: "DE", Locale: "de", Sender: "kontakt@seebrueck.example.com",
		Imprint: "Seebrück Versicherung AG (Beispiel)\nHafenkamp 1, 24103 Kiel\nVorstand: Dr. Gesine Feddersen (Vorsitz), Ole Nissen\n" +
			"Handelsregister: Musterstadt HRB 00000",
	},
	support:    "service@seebrueck.example.com",
	privacyURL: "https://seebrueck.example.com/datenschutz",
	brand: db.BrandChange{
		Name: ptr("Seebrück Versicherung"), Primary: ptr("#0b4f6c"), Accent: ptr("#c8553d"), Background: ptr("#ffffff"), Text: ptr("#1b2a34"),
		HeadingFont: ptr("Source Serif 4"), BodyFont: ptr("Source Sans 3"), CornerRadius: ptr(theme.RadiusSmall), Formality: ptr(theme.Formal),
	},
	mark: bridge,
	employees: []employee{
		person("V-1", "Marlene", "Thomsen", "seebrueck.example.com", "030 23125101", "Kundenberaterin"),
		person("V-2", "Jan", "Kröger", "seebrueck.example.com", "030 23125102", "Kundenberater"),
		person("V-3", "Aylin", "Demir", "seebrueck.example.com", "030 23125103", "Bezirksleiterin"),
		person("V-4", "Hauke", "Brodersen", "seebrueck.example.com", "030 23125104", "Versicherungsfachwirt"),
		person("V-5", "Ines", "Holtkamp", "seebrueck.example.com", "030 23125105", "Kundenberaterin"),
		person("V-6", "Gregor", "Wieland", "seebrueck.example.com", "030 23125106", "Geschäftsstellenleiter"),
		{ExternalID: "V-7", DisplayName: "Team Firmenkunden", Email: "firmenkunden@seebrueck.example.com"},
	},
	names: &germanNames, contacts: 220, prefix: "K", seed: 1,
	custom: func(c *crowd) map[string]any {
		fields := map[string]any{"versicherungsnummer": fmt.Sprintf("SV-%06d", c.dice.IntN(1_000_000))}
		if c.chance(45) {
			fields["kennzeichen"] = fmt.Sprintf("KI-%c%c %d", 'A'+c.dice.IntN(26), 'A'+c.dice.IntN(26), 10+c.dice.IntN(9990))
		}
		return fields
	},
	consents: []db.ConsentDefinitionSave{
		{
			Key: "newsletter", Advertising: ptr(true), Channels: []db.ConsentChannel{db.ConsentEmail},
			Wordings: []db.ConsentWording{
				text("de", "Neuigkeiten per E-Mail", "Ja, die **Seebrück Versicherung AG** darf mir Neuigkeiten zu ihren Versicherungen an meine E-Mail-Adresse senden, höchstens einmal im Monat. "+
					"Ich kann das jederzeit widerrufen, am einfachsten über den Link in jeder E-Mail."),
				text("en", "News by e-mail", "Yes, **Seebrück Versicherung AG** may send news about its insurance to my e-mail address, once a month at most. "+
					"I can withdraw this at any time, most easily by the link in each e-mail."),
			},
		},
		{
			Key: "advice", Advertising: ptr(true), Channels: []db.ConsentChannel{db.ConsentPhone, db.ConsentSMS},
			Wordings: []db.ConsentWording{
				text("de", "Persönliche Beratung", "Ja, meine Beraterin oder mein Berater bei der **Seebrück Versicherung AG** darf mich zu neuen Angeboten ansprechen, und zwar auf den Wegen, die ich hier ankreuze. "+
					"Ich kann das jederzeit widerrufen."),
				text("en", "Personal advice", "Yes, my adviser at **Seebrück Versicherung AG** may contact me about new offers in the ways that I tick here. I can withdraw this at any time."),
			},
		},
	},
}
