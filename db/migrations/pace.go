package migrations

// pace lets a Request change its status without a word to any index: what has
// expired is found by a mark that is set once, when its time has passed.
var pace = []string{
	`ALTER TABLE request ADD COLUMN settled boolean NOT NULL DEFAULT false`,
	`DROP INDEX request_open`,
	`CREATE INDEX request_expiry ON request (expires_at) WHERE NOT settled`,
}

// pacePostgres leaves room on each page for the next version of its rows.
var pacePostgres = []string{
	`ALTER TABLE request SET (fillfactor = 75)`,
}
