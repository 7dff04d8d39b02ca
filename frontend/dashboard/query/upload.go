package query

// An Upload stands for a file in a call's variables. In JSON it is null, by the
// GraphQL multipart request convention: the file travels beside.
type Upload struct{}

// MarshalJSON writes null.
func (Upload) MarshalJSON() ([]byte, error) { return []byte("null"), nil }
