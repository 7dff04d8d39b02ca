package profile

import (
	"fmt"
	"io"
	"strconv"
)

// Use tells whether an e-mail, phone or address is the Contact's own or the
// one at work.
type Use string

// The values of Use.
const (
	UsePrivate  Use = "PRIVATE"
	UseBusiness Use = "BUSINESS"
)

// IsValid reports whether u is a value of the API's enum.
func (u Use) IsValid() bool { return u == UsePrivate || u == UseBusiness }

// MarshalGQL writes u as a GraphQL enum value.
func (u Use) MarshalGQL(w io.Writer) { writeEnum(w, string(u)) }

// UnmarshalGQL reads a GraphQL enum value.
func (u *Use) UnmarshalGQL(v any) error {
	s, err := readEnum(v, "Use")
	if err != nil {
		return err
	}
	if !Use(s).IsValid() {
		return fmt.Errorf("%q is no Use; write PRIVATE or BUSINESS", s)
	}
	*u = Use(s)
	return nil
}

// PhoneKind tells what answers at a number. OTHER stands for whatever cannot
// be told, as for North American numbers, which look the same for mobiles and
// landlines.
type PhoneKind string

// The values of PhoneKind.
const (
	PhoneMobile   PhoneKind = "MOBILE"
	PhoneLandline PhoneKind = "LANDLINE"
	PhoneFax      PhoneKind = "FAX"
	PhoneOther    PhoneKind = "OTHER"
)

// IsValid reports whether k is a value of the API's enum.
func (k PhoneKind) IsValid() bool {
	return k == PhoneMobile || k == PhoneLandline || k == PhoneFax || k == PhoneOther
}

// MarshalGQL writes k as a GraphQL enum value.
func (k PhoneKind) MarshalGQL(w io.Writer) { writeEnum(w, string(k)) }

// UnmarshalGQL reads a GraphQL enum value.
func (k *PhoneKind) UnmarshalGQL(v any) error {
	s, err := readEnum(v, "PhoneKind")
	if err != nil {
		return err
	}
	if !PhoneKind(s).IsValid() {
		return fmt.Errorf("%q is no PhoneKind; write MOBILE, LANDLINE, FAX or OTHER", s)
	}
	*k = PhoneKind(s)
	return nil
}

// Health is what Deliveries have shown of an e-mail, phone or address. The
// empty Health of an entry that nothing was sent to counts as UNKNOWN.
type Health string

// The values of Health, ChannelHealth in the API.
const (
	HealthUnknown Health = "UNKNOWN"
	HealthReached Health = "REACHED"
	HealthFailed  Health = "FAILED"
)

// IsValid reports whether h is a value of the API's enum.
func (h Health) IsValid() bool {
	return h == HealthUnknown || h == HealthReached || h == HealthFailed
}

// MarshalGQL writes h as a GraphQL enum value.
func (h Health) MarshalGQL(w io.Writer) {
	if h == "" {
		h = HealthUnknown
	}
	writeEnum(w, string(h))
}

// UnmarshalGQL reads a GraphQL enum value.
func (h *Health) UnmarshalGQL(v any) error {
	s, err := readEnum(v, "ChannelHealth")
	if err != nil {
		return err
	}
	if !Health(s).IsValid() {
		return fmt.Errorf("%q is no ChannelHealth; write UNKNOWN, REACHED or FAILED", s)
	}
	*h = Health(s)
	return nil
}

// writeEnum writes a quoted value. gqlgen's interface has no way to report a
// failed write; it writes to memory.
func writeEnum(w io.Writer, value string) {
	_, _ = io.WriteString(w, strconv.Quote(value))
}

func readEnum(v any, name string) (string, error) {
	s, ok := v.(string)
	if !ok {
		return "", fmt.Errorf("a %s is one of the enum's names, not %T", name, v)
	}
	return s, nil
}
