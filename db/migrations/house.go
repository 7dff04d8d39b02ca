package migrations

// house lets a Company name hours in which nothing is sent, and be archived.
var house = []string{
	// Such as 22:00-07:00; '' for none.
	`ALTER TABLE company ADD COLUMN quiet_hours text NOT NULL DEFAULT ''`,
	`ALTER TABLE company ADD COLUMN archived_at TIME`,
}
