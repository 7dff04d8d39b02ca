package locales

import (
	"slices"

	"github.com/biter777/countries"
	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// A Country is one choice in a list of countries.
type Country struct {
	// Code is ISO 3166-1 alpha-2.
	Code string
	Name string
}

// countriesIn names all countries in a language, in its alphabetical order.
func countriesIn(tag string) ([]Country, map[string]string) {
	lang := language.Make(tag)
	namer := display.Regions(lang)
	var list []Country
	names := map[string]string{}
	for _, c := range countries.All() {
		code := c.Alpha2()
		region, err := language.ParseRegion(code)
		if err != nil || len(code) != 2 || !region.IsCountry() {
			continue
		}
		name := namer.Name(region)
		if name == "" || names[code] != "" {
			continue
		}
		names[code] = name
		list = append(list, Country{Code: code, Name: name})
	}
	order := collate.New(lang)
	slices.SortFunc(list, func(a, b Country) int { return order.CompareString(a.Name, b.Name) })
	return list, names
}
