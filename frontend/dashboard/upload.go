package dashboard

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strconv"

	"github.com/Khan/genqlient/graphql"
)

// maxUpload is the largest form with a file that is read, in bytes: a font has
// 2 MB at most.
const maxUpload = 3 << 20

// An upload is a file that goes to the API.
type upload struct {
	// path is the variable's place: variables.input.logo.
	path string
	name string
	data []byte
}

// bring is the API for one call that brings files.
func (d *desk) bring(files ...upload) graphql.Client {
	return client{d.own, d.tenant, files}
}

// withFiles makes a call with files, by the GraphQL multipart request convention.
func withFiles(call []byte, files []upload) (contentType string, body []byte, err error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	places := map[string][]string{}
	for i, f := range files {
		places[strconv.Itoa(i)] = []string{f.path}
	}
	named, err := json.Marshal(places)
	if err != nil {
		return "", nil, err
	}
	err = errors.Join(w.WriteField("operations", string(call)), w.WriteField("map", string(named)))
	for i, f := range files {
		part, failed := w.CreateFormFile(strconv.Itoa(i), f.name)
		if failed == nil {
			_, failed = part.Write(f.data)
		}
		err = errors.Join(err, failed)
	}
	err = errors.Join(err, w.Close())
	return w.FormDataContentType(), b.Bytes(), err
}

// readFile reads a form with a file; nil where none was chosen. A file that is
// too large is a problem of its field.
func (d *desk) readFile(r *http.Request, field string) (*form, *upload, error) {
	f := filled()
	tooLarge := func(err error) bool {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			f.Problems = append(f.Problems, problem{Field: field, Text: d.voice.Say("problem.TOO_LARGE")})
			return true
		}
		return false
	}
	if err := r.ParseMultipartForm(maxUpload); err != nil {
		if tooLarge(err) {
			return f, nil, nil
		}
		return nil, nil, err
	}
	f.Values = r.PostForm
	file, header, err := r.FormFile(field)
	if errors.Is(err, http.ErrMissingFile) {
		return f, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	defer file.Close()
	data, err := io.ReadAll(file)
	if err != nil {
		return nil, nil, err
	}
	return f, &upload{name: header.Filename, data: data}, nil
}
