package deliver

import (
	"testing"

	"complero/db/profile"
)

func TestGreetingAddressesPeopleAsTheyExpect(t *testing.T) {
	person := func(salutation, title, given, family string) profile.Profile {
		return profile.Profile{Salutation: salutation, Title: title, GivenName: given, FamilyName: family}
	}
	tests := []struct {
		person                    profile.Profile
		formal, informal, english string
	}{
		{person("Frau", "Prof. Dr.", "Juliane", "Kettenis"), "Sehr geehrte Frau Prof. Dr. Kettenis,", "Hallo Juliane,", "Dear Professor Kettenis,"},
		{person("Herr", "", "Jörg", "Groß"), "Sehr geehrter Herr Groß,", "Hallo Jörg,", "Dear Mr Groß,"},
		{person("Herrn", "Dr. med. dent.", "Jörg", "Groß"), "Sehr geehrter Herr Dr. Groß,", "Hallo Jörg,", "Dear Dr Groß,"},
		{person("Frau", "Dipl.-Ing. (FH)", "Ida", "Ott"), "Sehr geehrte Frau Ott,", "Hallo Ida,", "Dear Ms Ott,"},
		{person("Frau", "Dr.-Ing.", "Ida", "Ott"), "Sehr geehrte Frau Dr. Ott,", "Hallo Ida,", "Dear Dr Ott,"},
		{person("Frau", "Mag.", "Ida", "Ott"), "Sehr geehrte Frau Mag. Ott,", "Hallo Ida,", "Dear Ms Ott,"},
		{person("Mrs.", "", "Ann", "Lee"), "Sehr geehrte Frau Lee,", "Hallo Ann,", "Dear Mrs Lee,"},
		{person("Ms", "", "Ann", "Lee"), "Sehr geehrte Frau Lee,", "Hallo Ann,", "Dear Ms Lee,"},
		{person("MADAME", "", "Anne", "Leroy"), "Sehr geehrte Frau Leroy,", "Hallo Anne,", "Dear Ms Leroy,"},
		{person("M.", "", "Luc", "Leroy"), "Sehr geehrter Herr Leroy,", "Hallo Luc,", "Dear Mr Leroy,"},
		{person("Señora", "", "Eva", "Gil"), "Sehr geehrte Frau Gil,", "Hallo Eva,", "Dear Ms Gil,"},
		{person("Mx", "", "Sam", "Ray"), "Guten Tag Sam Ray,", "Hallo Sam,", "Dear Sam Ray,"},
		{person("divers", "Dr.", "Sam", "Ray"), "Guten Tag Dr. Sam Ray,", "Hallo Sam,", "Dear Dr Ray,"},
		{person("Herr und Frau", "", "", "Nagel"), "Sehr geehrte Frau Nagel, sehr geehrter Herr Nagel,", "Hallo Nagel,", "Dear Mr and Mrs Nagel,"},
		{person("Familie", "", "", "Nagel"), "Sehr geehrte Familie Nagel,", "Hallo Familie Nagel,", "Dear Nagel family,"},
		{person("Herr", "", "", "Nagel"), "Sehr geehrter Herr Nagel,", "Hallo Herr Nagel,", "Dear Mr Nagel,"},
		{person("Frau", "", "Juliane", ""), "Guten Tag Juliane,", "Hallo Juliane,", "Dear Juliane,"},
		{person("", "", "", "Nagel"), "Guten Tag Nagel,", "Hallo Nagel,", "Dear Nagel,"},
		{person("Frau", "", "", ""), "Guten Tag,", "Hallo,", "Hello,"},
		{person("", "", "", ""), "Guten Tag,", "Hallo,", "Hello,"},
		{profile.Profile{Organisation: "Bäckerei Ott"}, "Sehr geehrte Damen und Herren,", "Hallo,", "Hello,"},
		{person("", "", "שרה", "כהן"), "Guten Tag שרה כהן,", "Hallo שרה,", "Dear שרה כהן,"},
	}
	for _, test := range tests {
		for language, want := range map[Language]string{GermanFormal: test.formal, GermanInformal: test.informal, EnglishFormal: test.english} {
			if got := greeting(language, &test.person); got != want {
				t.Errorf("%s, %+v: got %q, want %q", language, test.person, got, want)
			}
		}
	}
	ann := person("Ms", "Dr", "Ann", "Lee")
	if got := greeting(EnglishInformal, &ann); got != "Hello Ann," {
		t.Errorf("informally in English: %q", got)
	}
}
