package profile

// What an Address or a Change may be without, as those read it who tell null
// from an empty text: nil where there is none.

// OptionalStreet is the Street.
func (a *Address) OptionalStreet() *string { return optional(&a.Street) }

// OptionalHouseNumber is the HouseNumber.
func (a *Address) OptionalHouseNumber() *string { return optional(&a.HouseNumber) }

// OptionalAddition is the Addition.
func (a *Address) OptionalAddition() *string { return optional(&a.Addition) }

// OptionalPostalCode is the PostalCode.
func (a *Address) OptionalPostalCode() *string { return optional(&a.PostalCode) }

// OptionalCity is the City.
func (a *Address) OptionalCity() *string { return optional(&a.City) }

// OptionalRegion is the Region.
func (a *Address) OptionalRegion() *string { return optional(&a.Region) }

// OptionalItem is the Item.
func (c *Change) OptionalItem() *string { return optional(&c.Item) }

func optional(s *string) *string {
	if *s == "" {
		return nil
	}
	return s
}
