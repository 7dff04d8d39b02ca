package migrations

// fields makes room for what a Company says of its Contacts' fields, and for
// the metadata of Sources. fields_version tells whoever has read a Company
// whether the rules known of it are still the ones in force.
var fields = []string{
	`ALTER TABLE company ADD COLUMN fields_version integer NOT NULL DEFAULT 0`,

	`CREATE TABLE field_rules (
		company_id integer PRIMARY KEY,
		document JSON NOT NULL)`,

	`ALTER TABLE contact ADD COLUMN metadata JSON`,
}
