package main

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// answerFault answers for a handler that failed, without saying why: that
// stands in the log, under the id. The API's callers get it in their form.
func answerFault(w http.ResponseWriter, r *http.Request) {
	id := exchangeOf(r.Context()).id
	w.Header().Del("Content-Length")
	if r.URL.Path != "/graphql" {
		http.Error(w, fmt.Sprintf("Something went wrong on our side. Please try again later.\nRequest-Id: %s", id), http.StatusInternalServerError)
		return
	}
	type apiError struct {
		Message    string            `json:"message"`
		Extensions map[string]string `json:"extensions"`
	}
	fault := apiError{"internal error; quote the request id", map[string]string{"code": "INTERNAL", "requestId": id}}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(http.StatusInternalServerError)
	_ = json.NewEncoder(w).Encode(map[string][]apiError{"errors": {fault}}) // a client that has gone needs no answer
}
