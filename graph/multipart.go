package graph

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
)

// The limits of a call with files, in bytes. A file beyond maxInMemory waits in
// a temporary file, which goes with the call.
const (
	maxMultipart  = 2<<30 + 1<<20
	maxOperations = 256 << 10
	maxInMemory   = 1 << 20
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
	parts := multipart.NewReader(newPatient(w, http.MaxBytesReader(w, r.Body, maxMultipart)), boundary)
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
		c.close()
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
		upload, err := c.keep(p)
		if err != nil {
			return err
		}
		for _, path := range places {
			c.files = append(c.files, file{path: path, upload: upload})
		}
	}
	return nil
}

// keep reads a file: a small one into memory, a large one into a temporary file.
func (c *call) keep(p *multipart.Part) (graphql.Upload, error) {
	upload := graphql.Upload{Filename: p.FileName(), ContentType: p.Header.Get("Content-Type")}
	head, err := io.ReadAll(io.LimitReader(p, maxInMemory+1))
	if err != nil {
		return upload, err
	}
	if len(head) <= maxInMemory {
		upload.File, upload.Size = bytes.NewReader(head), int64(len(head))
		return upload, nil
	}
	spool, err := os.CreateTemp("", "complero-upload-")
	if err != nil {
		return upload, fmt.Errorf("keep an uploaded file: %w", err)
	}
	// Without a name it goes when it is closed, also when the process is killed.
	removed := os.Remove(spool.Name())
	before := c.close
	c.close = func() {
		_ = spool.Close() // it was only read
		before()
	}
	if upload.Size, err = io.Copy(spool, io.MultiReader(bytes.NewReader(head), p)); err == nil {
		_, err = spool.Seek(0, io.SeekStart)
	}
	upload.File = spool
	return upload, errors.Join(err, removed)
}

// A patient reads a body as long as it keeps coming: a large file on a slow
// line takes longer than the server waits for other bodies.
type patient struct {
	io.Reader
	rc *http.ResponseController
	// due is how much may still be read before the deadline is moved.
	due int
}

// How long a body may pause, and how long the answer may then take.
const (
	patience      = time.Minute
	answerWithin  = 10 * time.Minute
	patienceEvery = 256 << 10
)

func newPatient(w http.ResponseWriter, body io.Reader) *patient {
	return &patient{Reader: body, rc: http.NewResponseController(w)}
}

func (p *patient) Read(into []byte) (int, error) {
	if p.due <= 0 {
		p.due = patienceEvery
		now := time.Now()
		// What has no deadlines needs no moving.
		_ = p.rc.SetReadDeadline(now.Add(patience))
		_ = p.rc.SetWriteDeadline(now.Add(answerWithin))
	}
	n, err := p.Reader.Read(into)
	p.due -= n
	return n, err
}

func unreadPart(err error) *problem {
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return refused(http.StatusRequestEntityTooLarge, codeTooLarge, "the call with its files has more than 2 GB; send the rows in several files")
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
