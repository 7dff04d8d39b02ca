package intake

import (
	"strings"
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// plates are the distinguishing signs of vehicles (UN conventions on road
// traffic) as far as they are no ISO 3166-1 codes of two letters themselves;
// people put them before postal codes and into columns of countries.
const plates = `A AT B BE D DE E ES F FR H HU I IT L LU M MT N NO P PT S SE V VA J JP FL LI GB GB EL GR UK GB SLO SI EST EE
FIN FI IRL IE BIH BA SRB RS MNE ME NMK MK HR HR CZ CZ SK SK RUS RU TR TR UA UA USA US CDN CA AUS AU AND AD RSM SM KOS XK RKS XK BRD DE`

// otherCountries are names that the tables of display lack.
const otherCountries = `BR Deutschland=DE|Bundesrepublik Deutschland=DE|Federal Republic of Germany=DE|Republik Österreich=AT|
Schweizerische Eidgenossenschaft=CH|Suisse=CH|Svizzera=CH|Switzerland (CH)=CH|Confoederatio Helvetica=CH|Großbritannien=GB|England=GB|
Schottland=GB|Scotland=GB|Wales=GB|Nordirland=GB|Northern Ireland=GB|Great Britain=GB|U.K.=GB|Grande-Bretagne=GB|Angleterre=GB|Gran Bretagna=GB|
Inghilterra=GB|Gran Bretaña=GB|Inglaterra=GB|Groot-Brittannië=GB|Engeland=GB|Anglia=GB|Vereinigtes Koenigreich=GB|United Kingdom of Great Britain and Northern Ireland=GB|
Holland=NL|The Netherlands=NL|Hollande=NL|Olanda=NL|Holanda=NL|Niderlandy=NL|Nederland=NL|Czech Republic=CZ|Tschechische Republik=CZ|
Tschechei=CZ|République tchèque=CZ|Repubblica Ceca=CZ|República Checa=CZ|Tsjechische Republiek=CZ|Republika Czeska=CZ|
Slovak Republic=SK|Slowakische Republik=SK|United States of America=US|Vereinigte Staaten von Amerika=US|U.S.A.=US|U.S.=US|America=US|Amerika=US|
Etats-Unis d'Amérique=US|Stati Uniti d'America=US|Estados Unidos de América=US|EE.UU.=US|EEUU=US|Verenigde Staten van Amerika=US|
Stany Zjednoczone Ameryki=US|Türkei=TR|Turkey=TR|Türkiye=TR|Russian Federation=RU|Russische Föderation=RU|Lëtzebuerg=LU|Espana=ES|
Italia=IT|Österreich=AT|Polska=PL|Magyarország=HU|Sverige=SE|Norge=NO|Danmark=DK|Suomi=FI|Ελλάδα=GR|Hrvatska=HR|Slovenija=SI|
Česko=CZ|Česká republika=CZ|Slovensko=SK|România=RO|België=BE|Belgique=BE|Ireland, Republic of=IE|Eire=IE|Rumänien=RO|Weißrussland=BY|
Republic of Ireland=IE|Kosova=XK|Macedonia=MK|Mazedonien=MK|Südkorea=KR|South Korea=KR|Moldova=MD|Fürstentum Liechtenstein=LI|Monaco=MC`

// countryNames are the countries' names in the seven languages, folded, and
// countrySigns their codes of two and three letters and plates. They take a few
// milliseconds to make, which only a process that imports has to spend.
var (
	countryNames = sync.OnceValue(func() map[string]string {
		names := make(map[string]string, 3000)
		for _, code := range countryCodes() {
			for _, locale := range []string{"de", "en", "fr", "it", "es", "nl", "pl"} {
				names[key(display.Regions(language.Make(locale)).Name(language.MustParseRegion(code)))] = code
			}
		}
		for entry := range strings.SplitSeq(otherCountries, "|") {
			name, code, _ := strings.Cut(entry, "=")
			names[key(name)] = code
		}
		delete(names, "")
		return names
	})
	countrySigns = sync.OnceValue(func() map[string]string {
		signs := make(map[string]string, 700)
		for _, code := range countryCodes() {
			signs[code] = code
			signs[language.MustParseRegion(code).ISO3()] = code
		}
		words := strings.Fields(plates)
		for i := 0; i+1 < len(words); i += 2 {
			signs[words[i]] = words[i+1]
		}
		return signs
	})
)

// countryCodes are the ISO 3166-1 codes of two letters, and XK for Kosovo.
func countryCodes() []string {
	var codes []string
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			code := string([]rune{a, b})
			region, err := language.ParseRegion(code)
			if err == nil && region.IsCountry() && region.String() == code && region.Canonicalize() == region {
				codes = append(codes, code)
			}
		}
	}
	return codes
}

// countryOf finds the code of a country by its name in the seven languages, its
// code or its plate; "" for what is none.
func countryOf(s string) string {
	if len(s) > 60 {
		return ""
	}
	if code := signOf(s); code != "" {
		return code
	}
	var buf [128]byte
	if code := countryNames()[string(appendKey(buf[:0], s))]; code != "" {
		return code
	}
	// "DE - Deutschland", "Deutschland (DE)"
	head, rest, found := strings.Cut(s, " ")
	if !found || (len(head) > 3 && !strings.HasSuffix(s, ")")) {
		return ""
	}
	if name, sign, found := strings.Cut(strings.TrimSuffix(s, ")"), "("); found {
		head, rest = sign, name
	}
	if code := signOf(head); code != "" && code == countryNames()[key(rest)] {
		return code
	}
	return ""
}

// signOf finds the code of a country by a code or plate of at most 3 letters.
func signOf(s string) string {
	if len(s) == 0 || len(s) > 3 {
		return ""
	}
	var buf [3]byte
	for i := 0; i < len(s); i++ {
		if !letterASCII(s[i]) {
			return ""
		}
		buf[i] = lower(s[i]) - 'a' + 'A'
	}
	return countrySigns()[string(buf[:len(s)])]
}
