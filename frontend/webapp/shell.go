package webapp

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/a-h/templ"

	"complero/frontend/locales"
)

// A shell is all that stands around a page, cut where the window's title, the
// content and whom to ask go.
type shell struct{ start, middle, end, foot string }

// gap is where a shell is cut. No text that can be stored holds it.
const gap = "\x00"

// shellKey is all that a shell is made of.
type shellKey struct {
	voice *locales.Voice
	look  *look
	test  bool
	asked bool

	imprint, privacyURL, until string
}

// shells keeps shells. Any process can make them again.
type shells struct {
	mutex sync.RWMutex
	known map[shellKey]shell
}

// maxShells bounds the memory that shells take, at about 3 kB each.
const maxShells = 1000

func newShells() *shells { return &shells{known: map[shellKey]shell{}} }

// of returns the shell of a frame. Rare pages have nobody to keep theirs.
func (s *shells) of(ctx context.Context, f *frame) (shell, error) {
	if s == nil || f.Tongues != (tongues{}) {
		return newShell(ctx, f)
	}
	key := shellKey{f.Voice, f.Look, f.Test, f.asked(), f.Imprint, f.PrivacyURL, f.Until}
	s.mutex.RLock()
	known, found := s.known[key]
	s.mutex.RUnlock()
	if found {
		return known, nil
	}
	made, err := newShell(ctx, f)
	if err != nil {
		return shell{}, err
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if len(s.known) >= maxShells {
		clear(s.known)
	}
	s.known[key] = made
	return made, nil
}

func newShell(ctx context.Context, f *frame) (shell, error) {
	var b strings.Builder
	if err := shellView(f).Render(ctx, &b); err != nil {
		return shell{}, err
	}
	parts := strings.SplitN(b.String(), gap, 4)
	switch len(parts) {
	case 3:
		return shell{parts[0], parts[1], parts[2], ""}, nil
	case 4:
		return shell{parts[0], parts[1], parts[2], parts[3]}, nil
	}
	return shell{}, fmt.Errorf("the layout has %d gaps, want one for the title, one for the content and at most one for whom to ask", len(parts)-1)
}

// layout puts a page's content into its frame.
func layout(f *frame) templ.Component { return framed{f} }

type framed struct{ *frame }

// Render writes the page. Its content are the component's children.
func (f framed) Render(ctx context.Context, w io.Writer) error {
	content := templ.GetChildren(ctx)
	ctx = templ.ClearChildren(ctx)
	s, err := f.shells.of(ctx, f.frame)
	if err != nil {
		return err
	}
	h := newMarkup()
	*h = h.raw(s.start).text(f.windowTitle()).raw(s.middle)
	if err := h.send(w); err != nil {
		return err
	}
	if err := content.Render(ctx, w); err != nil {
		return err
	}
	h = newMarkup()
	*h = h.raw(s.end)
	if s.foot != "" {
		*h = f.help(*h).raw(s.foot)
	}
	return h.send(w)
}
