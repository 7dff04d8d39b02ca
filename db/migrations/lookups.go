package migrations

// lookups finds what people who work here look for: the messages of a Request
// as they went out, Contacts who are not to be asked, of whom there are few, and
// Contacts by parts of words. What those are found by lags behind the log of
// events, whose mark tells how far; the rows there cost nobody who writes.
var lookups = []string{
	`CREATE INDEX outbox_request ON outbox (company_id, mode, request_id) WHERE request_id IS NOT NULL`,
	`CREATE INDEX contact_stopped ON contact (company_id, mode, id) WHERE stopped_at IS NOT NULL`,

	`CREATE TABLE contact_search (
		company_id integer NOT NULL,
		mode smallint NOT NULL,
		contact_id KEYTEXT NOT NULL,
		words text NOT NULL,
		PRIMARY KEY (company_id, mode, contact_id))`,
	`CREATE TABLE search_mark (
		company_id integer NOT NULL,
		mode smallint NOT NULL,
		number bigint NOT NULL,
		PRIMARY KEY (company_id, mode))`,
}

// lookupsPostgres makes the index that SQLite, the home of small firms, does
// without. Where whoever owns the database may not create the extension, or it
// is not there, searches read through the Contacts as they do on SQLite.
var lookupsPostgres = []string{
	`DO $$ BEGIN
		CREATE EXTENSION IF NOT EXISTS pg_trgm;
		CREATE INDEX contact_search_words ON contact_search USING gin (words gin_trgm_ops);
	EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported OR undefined_object THEN
		RAISE NOTICE 'no pg_trgm: Contacts are searched without an index';
	END $$`,
}
