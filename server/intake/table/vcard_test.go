package table

import (
	"encoding/json"
	"strings"
	"testing"

	"complero/db/profile"
)

func cardOf(lines ...string) string {
	return "BEGIN:VCARD\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VCARD\r\n"
}

func TestVCardsBecomeContactInputs(t *testing.T) {
	check(t, []example{
		{
			"3.0", cardOf("VERSION:3.0", "UID:urn:uuid:1", "N:Müller;Jürgen;Karl,Otto;Herr Dr.;M.Sc.", "FN:Dr. Jürgen Müller",
				"TEL;TYPE=CELL,VOICE:0160 1", "TEL;TYPE=work,fax:0431 2", "EMAIL;TYPE=INTERNET;TYPE=HOME:a@b.de", "EMAIL;TYPE=pref:c@d.de",
				"ADR;TYPE=WORK:Postfach 7;Hinterhaus;Hauptstr. 5;Kiel;SH;24103;Deutschland", "BDAY:1970-12-31", "ORG:Adler GmbH;Einkauf",
				"TITLE:Leiter", "NOTE:a\\nb\\, c\\;d", "NICKNAME:Jott", "LANG:de", "REV:20260101T000000Z"),
			`1 {"externalId":"urn:uuid:1","locale":"de","salutation":"Herr","title":"Dr.","givenName":"Jürgen Karl Otto","familyName":"Müller","birthDate":"1970-12-31","organisation":"Adler GmbH, Einkauf",` +
				`"emails":[{"address":"c@d.de"},{"address":"a@b.de","use":"PRIVATE"}],"phones":[{"number":"0160 1","kind":"MOBILE"},{"number":"0431 2","kind":"FAX","use":"BUSINESS"}],` +
				`"addresses":[{"street":"Hauptstr. 5","addition":"Postfach 7, Hinterhaus","postalCode":"24103","city":"Kiel","region":"SH","countryCode":"Deutschland","use":"BUSINESS"}],` +
				`"customFields":{"jobTitle":"Leiter","nameSuffix":"M.Sc.","nickname":"Jott","note":"a\nb, c;d"}}`,
		},
		{
			"2.1", cardOf("VERSION:2.1", "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=BC=", "rgen", "TEL;CELL:1",
				"NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=ISO-8859-1:gr=FCn=0D=0Aund", "ADR;HOME;ENCODING=QUOTED-PRINTABLE:;;Weg 3=0AHof;Ulm;;89073;"),
			`1 {"givenName":"Jürgen","familyName":"Müller","phones":[{"number":"1","kind":"MOBILE"}],` +
				`"addresses":[{"street":"Weg 3","addition":"Hof","postalCode":"89073","city":"Ulm","use":"PRIVATE"}],"customFields":{"note":"grün\r\nund"}}`,
		},
		{
			"4.0", cardOf("VERSION:4.0", "FN:Eva Maria Muster", "TEL;VALUE=uri;TYPE=\"voice,home\":tel:+49-30-1;ext=5", "BDAY:19700131T120000Z", "EMAIL;PREF=1:mailto:x@y.de"),
			`1 {"givenName":"Eva Maria","familyName":"Muster","birthDate":"1970-01-31","emails":[{"address":"x@y.de"}],"phones":[{"number":"+49-30-1","use":"PRIVATE"}]}`,
		},
		{"folded", cardOf("FN:Eva Mus", " ter", "NOTE:one ", "\ttwo"), `1 {"givenName":"Eva","familyName":"Muster","customFields":{"note":"one two"}}`},
		{
			"labels", cardOf("FN:A B", "item1.TEL:1", "item1.X-ABLabel:_$!<Work>!$_", "item2.EMAIL;type=INTERNET:a@b.de", "item2.X-ABLabel:Oma"),
			`1 {"givenName":"A","familyName":"B","emails":[{"address":"a@b.de"}],"phones":[{"number":"1","use":"BUSINESS"}]}`,
		},
		{"a firm", cardOf("FN:Adler GmbH", "ORG:Adler GmbH;", "TEL:1"), `1 {"organisation":"Adler GmbH","phones":[{"number":"1"}]}`},
		{
			"no year", cardOf("FN:A", "BDAY:--1231") + cardOf("FN:B", "BDAY;X-APPLE-OMIT-YEAR=1604:1604-03-01"),
			"1 {\"familyName\":\"A\",\"customFields\":{\"birthday\":\"--1231\"}}\n5 {\"familyName\":\"B\",\"customFields\":{\"birthday\":\"-03-01\"}}",
		},
		{
			"photos", cardOf("PHOTO;ENCODING=BASE64;JPEG:", " "+strings.Repeat("A", 76), " BBBB", "", "FN:A", "LOGO:"+strings.Repeat("C", 3<<20), "TEL:1"),
			`1 {"familyName":"A","phones":[{"number":"1"}]}`,
		},
		{"groups", cardOf("FN:All", "KIND:group", "MEMBER:x") + cardOf("FN:A"), `6 {"familyName":"A"}`},
		{"an agent", cardOf("FN:A", "AGENT:", "BEGIN:VCARD", "FN:B", "END:VCARD", "TEL:1"), `1 {"familyName":"A","phones":[{"number":"1"}]}`},
		{"small letters", "begin:vcard\nfn:A\nend:vcard\n", `1 {"familyName":"A"}`},
		{"CR only", "BEGIN:VCARD\rFN:A\rEND:VCARD\r", `1 {"familyName":"A"}`},
	}, Options{})
}

func TestOneBrokenCardHurtsItself(t *testing.T) {
	check(t, []example{
		{"never ends", "BEGIN:VCARD\nFN:A\n" + cardOf("FN:B"), "1! BAD_CARD\n3 {\"familyName\":\"B\"}"},
		{"cut off", cardOf("FN:A") + "BEGIN:VCARD\nFN:B", "1 {\"familyName\":\"A\"}\n4! BAD_CARD"},
		{"empty", cardOf("VERSION:3.0") + cardOf("FN:B"), "1! BAD_CARD\n4 {\"familyName\":\"B\"}"},
		{"NUL", cardOf("FN:A\x00") + cardOf("FN:B"), "1! NUL_BYTE\n4 {\"familyName\":\"B\"}"},
		{"a long value", cardOf("NOTE:"+strings.Repeat("x", 70<<10), "FN:A") + cardOf("FN:B"), "1! CELL_TOO_LONG\n5 {\"familyName\":\"B\"}"},
		{"a long folded value", cardOf("NOTE:x"+strings.Repeat("\r\n "+strings.Repeat("x", 70), 2000), "FN:A") + cardOf("FN:B"), "1! CELL_TOO_LONG\n2005 {\"familyName\":\"B\"}"},
		{"long", cardOf("FN:A"+strings.Repeat("\r\nNOTE:"+strings.Repeat("x", 1000), 2000)) + cardOf("FN:B"), "1! ROW_TOO_LONG\n2004 {\"familyName\":\"B\"}"},
		{"none", "FN:A\nTEL:1\n", "! NO_ROWS"},
	}, Options{Kind: KindVCard})
}

func TestVCardsAreOfTheAPIsForm(t *testing.T) {
	table := openString(t, cardOf("FN:Eva Muster", "TEL;CELL:0160 4905728", "NOTE:x"), Options{})
	row, err := table.Next()
	if err != nil {
		t.Fatal(err)
	}
	var in profile.Input
	if err := json.Unmarshal(row.Document, &in); err != nil {
		t.Fatal(err)
	}
	if in.FamilyName.Value != "Muster" || len(in.Phones) != 1 || in.CustomFields.Values["note"] != "x" {
		t.Errorf("%+v", in)
	}
}

func TestVCardsOfOldPhonesAreDecoded(t *testing.T) {
	if got := show(t, "BEGIN:VCARD\nN:M\xfcller;J\xf6rg\nEND:VCARD\n", Options{}); got != `1 {"givenName":"Jörg","familyName":"Müller"}` {
		t.Error(got)
	}
}
