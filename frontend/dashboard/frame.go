package dashboard

import (
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"complero/frontend"
	"complero/frontend/locales"
)

// A frame is what stands around a page.
type frame struct {
	*locales.Voice
	Title string
	// Name is who is signed in; "" in front of the door.
	Name string
}

func (v *visit) frame(title string) frame {
	f := frame{Voice: v.voice, Title: title}
	if v.who != nil {
		f.Name = v.who.User.Name
	}
	return f
}

// send sends a page, which may run our scripts.
func send(w http.ResponseWriter, r *http.Request, status int, page templ.Component) error {
	return frontend.SendScripting(w, r, status, page)
}

// sendFraming is send for a page that shows others of ours in frames.
func sendFraming(w http.ResponseWriter, r *http.Request, status int, page templ.Component) error {
	return frontend.SendScriptingFraming(w, r, status, page)
}

// A noticePage says something instead of what was asked for.
type noticePage struct {
	frame
	Text string
}

// browserName says in two words what a browser calls itself in a hundred.
func browserName(agent string) string {
	name := "Browser"
	for _, known := range []struct{ mark, name string }{
		{"Edg/", "Edge"}, {"OPR/", "Opera"}, {"Firefox/", "Firefox"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"},
	} {
		if strings.Contains(agent, known.mark) {
			name = known.name
			break
		}
	}
	for _, known := range []struct{ mark, name string }{
		{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"Mac OS", "Mac"}, {"Linux", "Linux"},
	} {
		if strings.Contains(agent, known.mark) {
			return name + ", " + known.name
		}
	}
	return name
}
