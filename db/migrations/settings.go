package migrations

// settings gives each Company a version of all that is set up for it, by which
// processes know again what they have read.
var settings = []string{
	`ALTER TABLE company ADD COLUMN version bigint NOT NULL DEFAULT 1`,
}
