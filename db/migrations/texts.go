package migrations

// texts makes room for the Companies' own wordings of their Requests, version
// by version, and lets a Request go by one of them.
var texts = []string{
	`CREATE TABLE company_text (
		company_id integer NOT NULL,
		name KEYTEXT NOT NULL,
		locale KEYTEXT NOT NULL,
		formality KEYTEXT NOT NULL,
		version integer NOT NULL,
		document JSON NOT NULL,
		deleted boolean NOT NULL,
		saved_by text,
		saved_at TIME NOT NULL,
		PRIMARY KEY (company_id, name, locale, formality, version))`,

	`ALTER TABLE request ADD COLUMN text_name text`,
}
