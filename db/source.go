package db

import (
	"time"

	"github.com/uptrace/bun"
)

// crm is the key of the Source that every Company has: its central CRM.
const crm = "crm"

// A Source is where uploaded data comes from, with an externalId space of its own.
type Source struct {
	bun.BaseModel `bun:"table:source"`

	CompanyID int64  `bun:",pk"`
	Key       string `bun:",pk"`
	Name      string
	// Rank decides between Sources: 0 is the highest.
	Rank      int
	CreatedAt time.Time
}
