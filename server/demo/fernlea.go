package demo

import (
	"fmt"

	"complero/db"
	"complero/theme"
)

// fernlea is an English shop for people who walk, informal.
var fernlea = company{
	setup: db.Setup{
		Customer: customer, Company: "Fernlea Outdoor", Country: "GB", Locale: "en-GB", Sender: "hello@fernlea.example.org",
		Imprint: "Fernlea Outdoor Ltd (an example)\n1 Mill Lane, Ambleside LA22 9BU\nRegistered in England, company number 00000000",
	},
	support:    "hello@fernlea.example.org",
	privacyURL: "https://fernlea.example.org/privacy",
	brand: db.BrandChange{
		Name: ptr("Fernlea Outdoor"), Primary: ptr("#2f6b3a"), Accent: ptr("#b8561b"), Background: ptr("#fbf8f1"), Text: ptr("#22301f"),
		HeadingFont: ptr("Work Sans"), BodyFont: ptr("Work Sans"), CornerRadius: ptr(theme.RadiusLarge), Formality: ptr(theme.Informal),
	},
	mark: hills,
	employees: []employee{
		person("S-1", "Bronwen", "Pryce", "fernlea.example.org", "020 7946 0201", "Shop manager, Ambleside"),
		person("S-2", "Duncan", "Reid", "fernlea.example.org", "020 7946 0202", "Boot fitter"),
		person("S-3", "Anjali", "Rao", "fernlea.example.org", "020 7946 0203", "Member care"),
		person("S-4", "Toby", "Hargreaves", "fernlea.example.org", "020 7946 0204", "Courses and guides"),
		{ExternalID: "S-5", DisplayName: "Fernlea Club", Email: "club@fernlea.example.org"},
	},
	names: &britishNames, contacts: 140, prefix: "M", seed: 2,
	custom: func(c *crowd) map[string]any {
		fields := map[string]any{"member_number": fmt.Sprintf("FC%05d", c.dice.IntN(100_000))}
		if c.chance(60) {
			fields["shoe_size"] = fmt.Sprint(3 + c.dice.IntN(10))
		}
		return fields
	},
	consents: []db.ConsentDefinitionSave{
		{
			Key: "trail-mail", Advertising: ptr(true), Channels: []db.ConsentChannel{db.ConsentEmail, db.ConsentSMS},
			Wordings: []db.ConsentWording{
				text("en", "Trail Mail", "Yes please: **Fernlea Outdoor Ltd** may send me new gear and offers in the ways I tick here, up to twice a month. I can change my mind whenever I like."),
			},
		},
		{
			Key: "club-photos",
			Wordings: []db.ConsentWording{
				text("en", "Photos from club walks", "Photos from club walks on which I can be recognised may be shown on Fernlea's website."),
			},
		},
	},
}
