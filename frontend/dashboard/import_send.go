package dashboard

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"time"

	"github.com/Khan/genqlient/graphql"
)

const (
	// maxImport is the largest form with a file that is read, in bytes.
	maxImport = 2<<30 + 1<<20
	// maxFormField is the largest field beside a file, in bytes.
	maxFormField = 64 << 10
	maxFormParts = 40
)

// An uploading client makes one call with a file, which goes on as it comes: it
// is kept nowhere here. The file takes the place of the variable "file".
type uploading struct {
	client
	file *sentFile
}

// A sentFile is one that is being posted.
type sentFile struct {
	io.Reader
	Name string
}

// MakeRequest makes the call by the GraphQL multipart request convention.
func (u uploading) MakeRequest(ctx context.Context, req *graphql.Request, resp *graphql.Response) error {
	operations, err := json.Marshal(req)
	if err != nil {
		return fmt.Errorf("write the call %s: %w", req.OpName, err)
	}
	out, in := io.Pipe()
	form := multipart.NewWriter(in)
	go func() { in.CloseWithError(u.write(form, operations)) }()
	answer, err := u.api(ctx, u.tenant, form.FormDataContentType(), out)
	// Whoever writes goes on until nobody reads any more.
	if broken := out.Close(); err == nil {
		err = broken
	}
	if err != nil {
		return fmt.Errorf("call %s: %w", req.OpName, err)
	}
	return readAnswer(req, answer, resp)
}

func (u uploading) write(form *multipart.Writer, operations []byte) error {
	if err := form.WriteField("operations", string(operations)); err != nil {
		return err
	}
	if err := form.WriteField("map", `{"0": ["variables.file"]}`); err != nil {
		return err
	}
	part, err := form.CreateFormFile("0", u.file.Name)
	if err != nil {
		return err
	}
	if _, err := io.Copy(part, u.file); err != nil {
		return err
	}
	return form.Close()
}

// readUpload reads a form whose last field is a file, up to that file, which is
// nil where none was chosen.
func readUpload(w http.ResponseWriter, r *http.Request) (*form, *sentFile, error) {
	r.Body = &patient{ReadCloser: r.Body, control: http.NewResponseController(w)}
	f := filled()
	parts, err := r.MultipartReader()
	if err != nil {
		return f, nil, nil //nolint:nilerr // a form of another kind has no file
	}
	for range maxFormParts {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, nil, fmt.Errorf("read an upload: %w", err)
		}
		if part.FileName() != "" {
			return f, &sentFile{part, part.FileName()}, nil
		}
		value, err := io.ReadAll(io.LimitReader(part, maxFormField))
		if err != nil {
			return nil, nil, fmt.Errorf("read an upload: %w", err)
		}
		f.Add(part.FormName(), strings.ToValidUTF8(string(value), ""))
	}
	return f, nil, nil
}

// A patient body is read for as long as it keeps coming: a large file on a slow
// line takes longer than the server waits for other bodies.
type patient struct {
	io.ReadCloser
	control *http.ResponseController
	// due is how much may still be read before the deadlines are moved, in bytes.
	due int
}

// How long a body may pause, and how long the answer may then take.
const (
	patience      = time.Minute
	answerWithin  = 10 * time.Minute
	patienceEvery = 256 << 10
)

func (p *patient) Read(into []byte) (int, error) {
	if p.due <= 0 {
		p.due = patienceEvery
		now := time.Now()
		// What has no deadlines needs no moving.
		_ = p.control.SetReadDeadline(now.Add(patience))
		_ = p.control.SetWriteDeadline(now.Add(answerWithin))
	}
	n, err := p.ReadCloser.Read(into)
	p.due -= n
	return n, err
}
