package dashboard

import (
	"net/http"
	"net/url"
	"strings"

	"complero/frontend/dashboard/query"
)

// pageOf reads which part of a list a page is to show: n rows behind the
// parameter after, or before the parameter before, else the first.
func pageOf(r *http.Request, n int) (first *int, after *string, last *int, before *string) {
	if cursor := r.FormValue("before"); cursor != "" {
		return nil, nil, &n, &cursor
	}
	if cursor := r.FormValue("after"); cursor != "" {
		after = &cursor
	}
	return &n, after, nil, nil
}

// beside are the addresses of the pages before and after one; "" at the ends.
func beside(path string, values url.Values, at query.PageInfo) (before, after string) {
	address := func(name string, cursor *string) string {
		if cursor == nil {
			return ""
		}
		v := url.Values{name: {*cursor}}
		for key, all := range values {
			if len(all) > 0 && all[0] != "" {
				v[key] = all
			}
		}
		return path + "?" + v.Encode()
	}
	if at.HasPreviousPage {
		before = address("before", at.StartCursor)
	}
	if at.HasNextPage {
		after = address("after", at.EndCursor)
	}
	return before, after
}

// fileLinks lead to a list or report as files of some kinds, by their endings.
func fileLinks(path, values string, kinds ...string) []link {
	if values != "" {
		values = "?" + values
	}
	var all []link
	for _, kind := range kinds {
		all = append(all, link{Label: strings.ToUpper(kind), URL: path + "." + kind + values})
	}
	return all
}
