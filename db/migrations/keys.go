package migrations

// keys lets API keys get a new secret while the former one is still good for a
// time, and tells when they were last used.
var keys = []string{
	`ALTER TABLE api_key ADD COLUMN former_hash BYTES`,
	`ALTER TABLE api_key ADD COLUMN former_until TIME`,
	`ALTER TABLE api_key ADD COLUMN last_used_at TIME`,
	`CREATE UNIQUE INDEX api_key_former ON api_key (former_hash)`,
}
