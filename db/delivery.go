package db

import (
	"time"

	"github.com/uptrace/bun"
)

// DeliveryStatus says how far a Delivery has come.
type DeliveryStatus string

// The states of a Delivery.
const (
	DeliveryQueued    DeliveryStatus = "QUEUED"
	DeliverySent      DeliveryStatus = "SENT"
	DeliveryDelivered DeliveryStatus = "DELIVERED"
	DeliveryFailed    DeliveryStatus = "FAILED"
)

// A Delivery is one attempt to bring a Request to its Contact over one Channel.
type Delivery struct {
	bun.BaseModel `bun:"table:delivery,alias:delivery"`

	CompanyID int64  `bun:",pk"`
	Mode      Mode   `bun:",pk"`
	ID        string `bun:",pk"`
	RequestID string
	Channel   Channel
	Status    DeliveryStatus
	// Attempts counts how often the Channel was tried.
	Attempts int
	// DueAt is when a queued Delivery may be claimed; a claim moves it to
	// when the claim ends.
	DueAt time.Time
	// At is when the status was reached.
	At time.Time
	// Detail is what the Channel answered.
	Detail *string
	// DeliveredAt is when its Request came through, if that is known.
	DeliveredAt *time.Time `bun:",scanonly"`
}

// prove has a Delivery that was sent share what is known of its Request: that
// it came through.
func (d *Delivery) prove() {
	if d.Status == DeliverySent && d.DeliveredAt != nil {
		d.Status, d.At = DeliveryDelivered, *d.DeliveredAt
	}
}
