package migrations

// verification makes room for what a Company asks before it shows anything, and
// for what has to outlast a session: wrong tries, locks, and what one-time
// codes are derived from. verification_version ends the sessions that came of
// another setting.
var verification = []string{
	`ALTER TABLE company ADD COLUMN verification text NOT NULL DEFAULT ''`,
	`ALTER TABLE company ADD COLUMN verification_version integer NOT NULL DEFAULT 0`,

	`CREATE TABLE verification (
		company_id integer NOT NULL,
		mode smallint NOT NULL,
		contact_id KEYTEXT NOT NULL,
		failures integer NOT NULL,
		locked_until TIME,
		tried_at TIME NOT NULL,
		code_seed BYTES,
		code_until TIME,
		codes integer NOT NULL,
		codes_since TIME,
		PRIMARY KEY (company_id, mode, contact_id)) CLUSTERED`,
}
