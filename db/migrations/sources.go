package migrations

// sources lets a Company have several Sources: what each of them says of a
// Contact, marks by which Contacts are found to be one person, and merges,
// with what is needed to undo them.
var sources = []string{
	`ALTER TABLE source ADD COLUMN identity text NOT NULL DEFAULT 'SUGGEST'`,

	`ALTER TABLE employee ADD COLUMN source KEYTEXT NOT NULL DEFAULT 'crm'`,

	// NULL while all that is on file is the word of the one Source that knows the Contact.
	`ALTER TABLE contact ADD COLUMN views JSON`,

	`CREATE TABLE contact_match (
		company_id integer NOT NULL,
		mode smallint NOT NULL,
		hash BYTES NOT NULL,
		contact_id KEYTEXT NOT NULL,
		PRIMARY KEY (company_id, mode, hash, contact_id)) CLUSTERED`,
	`CREATE INDEX contact_match_contact ON contact_match (company_id, mode, contact_id)`,

	`CREATE TABLE match_mark (
		company_id integer NOT NULL,
		mode smallint NOT NULL,
		number bigint NOT NULL,
		contact_id KEYTEXT,
		PRIMARY KEY (company_id, mode)) CLUSTERED`,

	`CREATE TABLE merge_suggestion (
		company_id integer NOT NULL,
		mode smallint NOT NULL,
		id KEYTEXT NOT NULL,
		contact_id KEYTEXT NOT NULL,
		other_id KEYTEXT NOT NULL,
		marks JSON NOT NULL,
		status text NOT NULL,
		created_at TIME NOT NULL,
		decided_at TIME,
		PRIMARY KEY (company_id, mode, id),
		UNIQUE (company_id, mode, contact_id, other_id))`,
	`CREATE INDEX merge_suggestion_other ON merge_suggestion (company_id, mode, other_id)`,
	`CREATE INDEX merge_suggestion_open ON merge_suggestion (company_id, mode, id) WHERE status IN ('OPEN', 'AUTOMATIC')`,

	`CREATE TABLE contact_merge (
		company_id integer NOT NULL,
		mode smallint NOT NULL,
		id KEYTEXT NOT NULL,
		kept_id KEYTEXT NOT NULL,
		merged_id KEYTEXT NOT NULL,
		automatic boolean NOT NULL,
		merged_at TIME NOT NULL,
		undone_at TIME,
		undo JSON,
		PRIMARY KEY (company_id, mode, id))`,
	`CREATE INDEX contact_merge_kept ON contact_merge (company_id, mode, kept_id)`,
	`CREATE INDEX contact_merge_merged ON contact_merge (company_id, mode, merged_id)`,
}
