package browsertest

import (
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
)

// A Log is what a browser noted about its pages; the zero Log is ready for Record.
type Log struct {
	mu     sync.Mutex
	hosts  []string
	errors []string
}

// Hosts lists the hosts that pages sent requests to, each once, with the port
// where the URL names one, in alphabetical order.
func (l *Log) Hosts() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.hosts)
}

// Errors lists, in order, what went wrong in the pages: errors written to the
// console, uncaught exceptions, what the Content-Security-Policy stopped and
// what could not be loaded.
func (l *Log) Errors() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.errors)
}

// note takes one event of chromedp.Listen.
func (l *Log) note(event any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		l.noteHost(e.Request.URL)
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError {
			l.errors = append(l.errors, words(e.Args))
		}
	case *runtime.EventExceptionThrown:
		text := e.ExceptionDetails.Text
		if thrown := e.ExceptionDetails.Exception; thrown != nil {
			text += " " + words([]*runtime.RemoteObject{thrown})
		}
		l.errors = append(l.errors, text)
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError {
			l.errors = append(l.errors, strings.TrimSpace(e.Entry.Text+" "+e.Entry.URL))
		}
	}
}

func (l *Log) noteHost(address string) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return // data:, blob: and about: leave the browser as little as nonsense does
	}
	if i, found := slices.BinarySearch(l.hosts, u.Host); !found {
		l.hosts = slices.Insert(l.hosts, i, u.Host)
	}
}

func words(args []*runtime.RemoteObject) string {
	var said []string
	for _, arg := range args {
		text := arg.Description
		if text == "" {
			text = strings.Trim(string(arg.Value), `"`)
		}
		said = append(said, text)
	}
	return strings.Join(said, " ")
}
