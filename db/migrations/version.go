package migrations

// oneVersion has a Company's version tell of its rules for fields, too, as of
// all else that is set up.
var oneVersion = []string{
	`ALTER TABLE company DROP COLUMN fields_version`,
}
