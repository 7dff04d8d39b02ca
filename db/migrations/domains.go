package migrations

// domains gives Companies host names of their own, the certificates for them
// and the locks by which processes take turns in getting those. company.domains
// lists what company_domain says of one Company, the first being the one that
// links begin with, so that whoever has read a Company knows them.
var domains = []string{
	`ALTER TABLE company ADD COLUMN domains text NOT NULL DEFAULT ''`,

	`CREATE TABLE company_domain (
		host KEYTEXT PRIMARY KEY,
		company_id integer NOT NULL,
		created_at TIME NOT NULL)`,
	`CREATE INDEX company_domain_company ON company_domain (company_id)`,

	`CREATE TABLE certificate_file (
		name KEYTEXT PRIMARY KEY,
		data BYTES NOT NULL,
		changed_at TIME NOT NULL)`,

	`CREATE TABLE certificate_lock (
		name KEYTEXT PRIMARY KEY,
		holder text NOT NULL,
		until TIME NOT NULL)`,
}
