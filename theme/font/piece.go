package font

// A Piece is a face with its file.
type Piece struct {
	Face  Face
	WOFF2 []byte
}

// Pieces are the files that the font is served as.
func (f *File) Pieces() ([]Piece, error) {
	return []Piece{{Face: Face{Hash: f.Hash, Bytes: len(f.WOFF2), Weights: f.Weights, Italic: f.Italic}, WOFF2: f.WOFF2}}, nil
}
