package migrations

// fonts makes room for the typefaces that Companies upload; their files are
// assets.
var fonts = []string{
	`CREATE TABLE font (
		company_id integer NOT NULL,
		hash KEYTEXT NOT NULL,
		family KEYTEXT NOT NULL,
		document JSON NOT NULL,
		created_at TIME NOT NULL,
		PRIMARY KEY (company_id, hash))`,
}
