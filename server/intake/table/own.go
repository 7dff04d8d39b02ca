package table

import "strings"

// ownNames are the fields of the API's ContactInput, with [] for a list's
// rows, and the error that rejected documents come back with. What stands below
// customFields and metadata is free.
var ownNames = map[string]bool{
	"error":      true,
	"externalId": true, "employee": true, "locale": true, "salutation": true, "title": true,
	"givenName": true, "familyName": true, "birthDate": true, "organisation": true, "observedAt": true,
	"emails": true, "phones": true, "addresses": true, "customFields": true, "metadata": true,
	"emails[].id": true, "emails[].address": true, "emails[].use": true,
	"phones[].id": true, "phones[].number": true, "phones[].kind": true, "phones[].use": true,
	"addresses[].id": true, "addresses[].street": true, "addresses[].houseNumber": true,
	"addresses[].addition": true, "addresses[].postalCode": true, "addresses[].city": true,
	"addresses[].region": true, "addresses[].countryCode": true, "addresses[].use": true,
}

// ownPath reports whether a leaf's path is one of ContactInput.
func ownPath(path string) bool {
	if strings.HasPrefix(path, "customFields.") || strings.HasPrefix(path, "metadata.") || strings.HasPrefix(path, "metadata[") {
		return true
	}
	if i := strings.IndexByte(path, '['); i >= 0 {
		if j := strings.IndexByte(path[i:], ']'); j > 0 {
			path = path[:i+1] + path[i+j:]
		}
	}
	return ownNames[path]
}
