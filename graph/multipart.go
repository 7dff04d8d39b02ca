package graph

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strings"

	"github.com/99designs/gqlgen/graphql"
)

// The limits of a call with files. The only files are logos, of 512 KiB.
const (
	maxMultipart  = 2 << 20
	maxOperations = 256 << 10
	maxFiles      = 5
)

// A file is one that a call brings, for a variable.
type file struct {
	upload graphql.Upload
	// path is the way to the variable's null: variables.input.logo.
	path string
}

// readMultipart reads a call by the GraphQL multipart request convention: the
// part operations is the call, the part map tells which file goes where, and
// the files follow.
func readMultipart(w http.ResponseWriter, r *http.Request, boundary string) (*call, *problem) {
	parts := multipart.NewReader(http.MaxBytesReader(w, r.Body, maxMultipart), boundary)
	operations, err := part(parts, "operations")
	if err != nil {
		return nil, unreadPart(err)
	}
	c, p := parseCall(operations)
	if p != nil {
		return nil, p
	}
	places, err := part(parts, "map")
	if err != nil {
		return nil, unreadPart(err)
	}
	var paths map[string][]string
	if json.Unmarshal(places, &paths) != nil || len(paths) > maxFiles {
		return nil, refused(http.StatusBadRequest, codeBadRequest, `the part map must be an object such as {"0": ["variables.input.logo"]}, of at most 5 files`)
	}
	if err := c.readFiles(parts, paths); err != nil {
		return nil, unreadPart(err)
	}
	return c, nil
}

var errParts = errors.New("the parts must be operations, map and then the files that map names")

// part reads the next part, which has to be of that name.
func part(parts *multipart.Reader, name string) ([]byte, error) {
	p, err := parts.NextPart()
	if errors.Is(err, io.EOF) || err == nil && p.FormName() != name {
		return nil, errParts
	}
	if err != nil {
		return nil, err
	}
	return drain(p, maxOperations)
}

func (c *call) readFiles(parts *multipart.Reader, paths map[string][]string) error {
	for range len(paths) {
		p, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return errParts
		}
		if err != nil {
			return err
		}
		places := paths[p.FormName()]
		if len(places) == 0 {
			return errParts
		}
		data, err := drain(p, maxMultipart)
		if err != nil {
			return err
		}
		for _, path := range places {
			c.files = append(c.files, file{path: path, upload: graphql.Upload{
				File: bytes.NewReader(data), Filename: p.FileName(), Size: int64(len(data)), ContentType: p.Header.Get("Content-Type"),
			}})
		}
	}
	return nil
}

func unreadPart(err error) *problem {
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return refused(http.StatusRequestEntityTooLarge, codeTooLarge, "the call with its files has more than 2 MB")
	case errors.Is(err, errParts):
		return refused(http.StatusBadRequest, codeBadRequest, err.Error())
	}
	return refused(http.StatusBadRequest, codeBadRequest, "the body is no complete multipart/form-data")
}

// put sets a file in the variables, where its path finds a null.
func (f file) put(vars map[string]any) bool {
	steps := strings.Split(f.path, ".")
	if len(steps) < 2 || steps[0] != "variables" {
		return false
	}
	for _, step := range steps[1 : len(steps)-1] {
		inner, ok := vars[step].(map[string]any)
		if !ok {
			return false
		}
		vars = inner
	}
	last := steps[len(steps)-1]
	if value, there := vars[last]; !there || value != nil {
		return false
	}
	vars[last] = f.upload
	return true
}
