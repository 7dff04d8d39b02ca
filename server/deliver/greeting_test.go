package deliver

import (
	"testing"

	"complero/db/profile"
	"complero/theme"
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
		for language, want := range map[Language]string{
			languageOf(theme.Formal, "de"): test.formal, languageOf(theme.Informal, "de"): test.informal, languageOf(theme.Formal, "en"): test.english,
		} {
			if got := greeting(language, &test.person); got != want {
				t.Errorf("%s, %+v: got %q, want %q", language, test.person, got, want)
			}
		}
	}
	ann := person("Ms", "Dr", "Ann", "Lee")
	if got := greeting(languageOf(theme.Informal, "en"), &ann); got != "Hello Ann," {
		t.Errorf("informally in English: %q", got)
	}
}

func TestGreetingSuitsEachLanguage(t *testing.T) {
	lady := profile.Profile{Salutation: "Mme", GivenName: "Anne", FamilyName: "de Vries"}
	gentleman := profile.Profile{Salutation: "Herr", Title: "Dr. med.", GivenName: "Jan", FamilyName: "Kos"}
	professor := profile.Profile{Salutation: "Sig.ra", Title: "Prof. Dr.", GivenName: "Ida", FamilyName: "Rossi"}
	couple := profile.Profile{Salutation: "Herr und Frau", FamilyName: "Kos"}
	somebody := profile.Profile{GivenName: "Sam", FamilyName: "Ray"}
	firm := profile.Profile{Organisation: "Bäckerei Ott"}
	tests := []struct {
		tag                                                              string
		lady, gentleman, professor, couple, somebody, firm, none, by, hi string
	}{
		{
			"fr", "Bonjour Madame de Vries,", "Bonjour Monsieur Kos,", "Bonjour Madame Rossi,", "Bonjour Madame et Monsieur Kos,",
			"Bonjour Sam Ray,", "Madame, Monsieur,", "Bonjour,", "Bonjour Sam,", "Bonjour,",
		},
		{
			"it", "Gentile Signora de Vries,", "Gentile Dott. Kos,", "Gentile Prof.ssa Rossi,", "Gentili Signora e Signor Kos,",
			"Gentile Sam Ray,", "Gentili Signore e Signori,", "Buongiorno,", "Ciao Sam,", "Ciao,",
		},
		{
			"es", "Estimada señora de Vries:", "Estimado Dr. Kos:", "Estimada Dra. Rossi:", "Estimados señores Kos:",
			"Hola, Sam Ray:", "Estimadas señoras y señores:", "Hola:", "Hola, Sam:", "Hola:",
		},
		{
			"nl", "Geachte mevrouw De Vries,", "Geachte heer Kos,", "Geachte mevrouw Rossi,", "Geachte mevrouw en heer Kos,",
			"Beste Sam Ray,", "Geachte dames en heren,", "Goedendag,", "Hallo Sam,", "Hallo,",
		},
		{
			"pl", "Szanowna Pani,", "Szanowny Panie Doktorze,", "Szanowna Pani Profesor,", "Szanowni Państwo,",
			"Dzień dobry,", "Szanowni Państwo,", "Dzień dobry,", "Cześć Sam,", "Cześć,",
		},
		{
			"ar", "السيدة Anne de Vries المحترمة،", "الدكتور Jan Kos المحترم،", "الأستاذة الدكتورة Ida Rossi المحترمة،", "السيد والسيدة Kos المحترمين،",
			"مرحبًا Sam Ray،", "السادة المحترمون،", "تحية طيبة،", "مرحبًا Sam،", "مرحبًا،",
		},
	}
	for _, test := range tests {
		formal, informal := languageOf(theme.Formal, test.tag), languageOf(theme.Informal, test.tag)
		for _, c := range []struct {
			language Language
			person   profile.Profile
			want     string
		}{
			{formal, lady, test.lady},
			{formal, gentleman, test.gentleman},
			{formal, professor, test.professor},
			{formal, couple, test.couple},
			{formal, somebody, test.somebody},
			{formal, firm, test.firm},
			{formal, profile.Profile{}, test.none},
			{informal, somebody, test.by},
			{informal, profile.Profile{}, test.hi},
		} {
			if got := greeting(c.language, &c.person); got != c.want {
				t.Errorf("%s, %+v: got %q, want %q", c.language, c.person, got, c.want)
			}
		}
	}
}

func TestGenderIsReadInManyLanguages(t *testing.T) {
	for salutation, want := range map[string]gender{
		"Pani": female, "Szanowny Pan": male, "Państwo": couple, "de heer": male, "Mevr.": female, "Sig.ra": female, "Famiglia": family,
		"السيدة": female, "السيد": male, "الآنسة": female, "عائلة": family, "Mx": unknown, "": unknown,
	} {
		if got := genderOf(salutation); got != want {
			t.Errorf("%q is read as %d, want %d", salutation, got, want)
		}
	}
}
