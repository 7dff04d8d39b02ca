// Package dashboard serves the pages of people who work here, below /app: how
// they sign in, by passkey or by a link that works once, and what they see of
// their Companies.
//
// What a page shows of a Company it asks the API for, by a GraphQL document
// that stands beside it; signing in and a User's own passkeys and sessions are
// no matter of a Company, and go to db directly. The Web App for Contacts
// lives in webapp, the Employees' pages in employee.
package dashboard

//go:generate go tool genqlient genqlient.yaml
//go:generate go tool templ generate -path .
