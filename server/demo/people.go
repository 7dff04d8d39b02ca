package demo

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"complero/db/profile"
)

// names are the words that one country's people are made of.
type names struct {
	women, men, families, streets []string
	places                        []place
	organisations                 []string
	country, woman, man           string
	titles                        []string
	mobiles, landlines            []string // formats of a number
}

// A place is a town with one of its postal codes.
type place struct{ postalCode, city string }

// domains are those that nobody can own.
var domains = []string{"example.com", "example.org", "example.net", "mail.example.com", "post.example.org"}

// A crowd makes people, each another, and the same ones each time.
type crowd struct {
	*names
	dice *rand.Rand
	seen map[string]bool // addresses given out
}

func newCrowd(n *names, seed uint64) *crowd {
	return &crowd{names: n, dice: rand.New(rand.NewPCG(seed, 0x636f6d706c65726f)), seen: map[string]bool{}}
}

// chance is true in so many of a hundred cases.
func (c *crowd) chance(percent int) bool { return c.dice.IntN(100) < percent }

func (c *crowd) pick(words []string) string { return words[c.dice.IntN(len(words))] }

// number fills a telephone number's free digits.
func (c *crowd) number(formats []string) string {
	format := c.pick(formats)
	if strings.Contains(format, "%02d") {
		return fmt.Sprintf(format, c.dice.IntN(100))
	}
	return fmt.Sprintf(format, c.dice.IntN(1000))
}

// contact makes a Contact as a CRM would send it: mostly complete, rarely all.
func (c *crowd) contact(externalID, employee string) profile.Input {
	in := profile.Input{
		ExternalID: profile.Say(externalID), Employee: profile.Say(employee), Salutation: profile.Say(c.man),
		GivenName: profile.Say(c.pick(c.men)), FamilyName: profile.Say(c.pick(c.families)),
	}
	if c.chance(52) {
		in.Salutation, in.GivenName = profile.Say(c.woman), profile.Say(c.pick(c.women))
	}
	if c.chance(6) {
		in.Title = profile.Say(c.pick(c.titles))
	}
	if c.chance(80) {
		in.BirthDate = profile.Say(c.birthDate())
	}
	if c.chance(10) {
		in.Organisation = profile.Say(c.pick(c.organisations))
	}
	if c.chance(96) {
		in.Emails = []profile.EmailInput{{Address: profile.Say(c.email(in.GivenName.Value, in.FamilyName.Value))}}
	}
	if c.chance(75) {
		in.Phones = append(in.Phones, c.mobile())
	}
	if c.chance(30) {
		in.Phones = append(in.Phones, profile.PhoneInput{
			Number: profile.Say(c.number(c.landlines)), Kind: profile.Say(string(profile.PhoneLandline)),
		})
	}
	in.Addresses = []profile.AddressInput{c.address()}
	return in
}

// mobile says what kind of number it is: ranges kept free belong to none.
func (c *crowd) mobile() profile.PhoneInput {
	return profile.PhoneInput{Number: profile.Say(c.number(c.mobiles)), Kind: profile.Say(string(profile.PhoneMobile))}
}

func (c *crowd) birthDate() string {
	return fmt.Sprintf("%d-%02d-%02d", 1938+c.dice.IntN(68), 1+c.dice.IntN(12), 1+c.dice.IntN(28))
}

func (c *crowd) address() profile.AddressInput {
	p := c.places[c.dice.IntN(len(c.places))]
	return profile.AddressInput{
		Street: profile.Say(c.pick(c.streets)), HouseNumber: profile.Say(fmt.Sprint(1 + c.dice.IntN(120))),
		PostalCode: profile.Say(p.postalCode), City: profile.Say(p.city), CountryCode: profile.Say(c.country),
	}
}

// email makes an address of a name that nobody else here has.
func (c *crowd) email(given, family string) string {
	local := plain(given) + "." + plain(family)
	for n := 2; ; n++ {
		address := local + "@" + c.pick(domains)
		if !c.seen[address] {
			c.seen[address] = true
			return address
		}
		local = fmt.Sprintf("%s.%s%d", plain(given), plain(family), n)
	}
}

var umlauts = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss", "ı", "i", " ", "-", "'", "")

// plain is a name as people write it in an address.
func plain(name string) string {
	letters := umlauts.Replace(strings.ToLower(name))
	stripped, _, err := transform.String(transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn)), norm.NFC), letters)
	if err != nil {
		return letters
	}
	return stripped
}
