package main_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
)

const contactsImport = `mutation($input: ContactsImportInput!) { contactsImport(input: $input) {
	operation { id status } userErrors { code message path } } }`

// importFile sends a file as an API client does, without holding it in
// memory, and returns the Operation's id.
func (i *installation) importFile(key, name string, file io.Reader, input map[string]any) (string, error) {
	variables := map[string]any{"file": nil}
	for field, value := range input {
		variables[field] = value
	}
	call, err := json.Marshal(map[string]any{"query": contactsImport, "variables": map[string]any{"input": variables}})
	if err != nil {
		return "", err
	}
	body, into := io.Pipe()
	defer body.Close()
	form := multipart.NewWriter(into)
	go func() {
		err := errors.Join(form.WriteField("operations", string(call)), form.WriteField("map", `{"0": ["variables.input.file"]}`))
		part, partErr := form.CreateFormFile("0", name)
		if err = errors.Join(err, partErr); err == nil {
			_, err = io.Copy(part, file)
		}
		into.CloseWithError(errors.Join(err, form.Close()))
	}()
	r, err := http.NewRequestWithContext(i.t.Context(), http.MethodPost, i.URL+"/graphql", body)
	if err != nil {
		return "", err
	}
	r.Header.Set("Authorization", "Bearer "+key)
	r.Header.Set("Content-Type", form.FormDataContentType())
	var got struct{ ContactsImport uploaded }
	if err := decodeAnswer(r, &got); err != nil {
		return "", err
	}
	if errs := got.ContactsImport.UserErrors; len(errs) > 0 {
		return "", errs[0]
	}
	return got.ContactsImport.Operation.ID, nil
}

func (e userError) Error() string { return e.Code + ": " + e.Message }

// decodeAnswer sends a call and decodes what it answers.
func decodeAnswer(r *http.Request, result any) error {
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	var envelope struct {
		Data   json.RawMessage
		Errors []struct{ Message string }
	}
	if err := json.Unmarshal(data, &envelope); err != nil {
		return fmt.Errorf("%s: %w: %s", answer.Status, err, data)
	}
	if len(envelope.Errors) > 0 {
		return fmt.Errorf("%s: %s", answer.Status, envelope.Errors[0].Message)
	}
	return json.Unmarshal(envelope.Data, result)
}

// manyRows writes a file of n rows which differ from those of
// contacts-1000.csv in their ids, addresses and numbers, numbered from first.
func manyRows(t testing.TB, first, n int) io.Reader {
	t.Helper()
	columns := []string{
		"externalId", "salutation", "title", "givenName", "familyName", "birthDate", "email", "mobile",
		"street", "houseNumber", "postalCode", "city", "countryCode", "employee", "customFields.licencePlate",
	}
	example := rows(t, "contacts-1000.csv")
	out, into := io.Pipe()
	t.Cleanup(func() { _ = out.Close() }) // ends the writer where the test has not read it all
	go func() {
		w := bufio.NewWriterSize(into, 64<<10)
		_, err := w.WriteString(strings.Join(columns, ",") + "\n")
		for k := first; k < first+n && err == nil; k++ {
			_, err = w.WriteString(rowOf(example[k%len(example)], columns, k))
		}
		into.CloseWithError(errors.Join(err, w.Flush()))
	}()
	return out
}

// rowOf is an example's row as another Contact's. No cell of the examples
// needs quotes.
func rowOf(example map[string]string, columns []string, number int) string {
	cells := make([]string, len(columns))
	for c, name := range columns {
		cells[c] = example[name]
		switch {
		case name == "externalId":
			cells[c] = fmt.Sprintf("I-%07d", number)
		case name == "email" && cells[c] != "":
			cells[c] = strings.Replace(cells[c], "@", fmt.Sprintf(".%d@", number), 1)
		case name == "mobile":
			cells[c] = otherNumber(cells[c], number/1000)
		}
	}
	return strings.Join(cells, ",") + "\n"
}

// otherNumber is a phone number written alike, with three other digits at its
// end, so that it stays one that is in use.
func otherNumber(phone string, number int) string {
	b := []byte(phone)
	for at, left := len(b)-1, 3; at >= 0 && left > 0; at-- {
		if b[at] >= '0' && b[at] <= '9' {
			b[at] = byte('0' + number%10)
			number /= 10
			left--
		}
	}
	return string(b)
}
