package profile

import (
	"bytes"
	"strings"
)

// AddressIdentity is what tells postal addresses apart: country, postal code,
// and street and number folded, so that "Haupt-Straße 5 a" and "Hauptstr." "5A"
// are one place. Without a street the city stands for it.
func AddressIdentity(a Address) string {
	buf := make([]byte, 0, 64)
	buf = append(buf, a.CountryCode...)
	buf = append(buf, '|')
	buf = append(buf, foldPostalCode(a.PostalCode)...)
	buf = append(buf, '|')
	start := len(buf)
	buf = appendIdentity(buf, a.Street)
	buf = appendIdentity(buf, a.HouseNumber)
	if len(buf) == start {
		buf = append(buf, '|')
		return string(appendIdentity(buf, a.City))
	}
	street := buf[start:]
	if bytes.Contains(street, []byte("strasse")) {
		street = bytes.ReplaceAll(street, []byte("strasse"), []byte("str"))
		buf = append(buf[:start], street...)
	}
	return string(buf)
}

// sameSpelling reports whether two texts differ at most in how they are
// written, which no one would call another statement.
func sameSpelling(a, b string) bool {
	if a == b || a == "" || b == "" {
		return a == b
	}
	return strings.EqualFold(a, b) || foldIdentity(a) == foldIdentity(b)
}
