package pagetest

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"image/png"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	cdp "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"complero/db/dbtest"
	"complero/server/browsertest"
)

var (
	update   = flag.Bool("update", false, "write the reference pictures anew")
	pictures = flag.String("pictures", "", "a folder to write all pictures to as well, in full size, to look at them")
)

// screens are the folder of the references; widths are those of the window,
// with the width that a reference is scaled to.
const screens = "testdata/screens"

var widths = []struct{ window, reference int }{{390, 156}, {1280, 256}}

// fontsFile says with which fonts the references were made.
const fontsFile = screens + "/fonts.txt"

// fonts measures some text in the fonts that pages fall back to: on a machine
// where it comes out differently, every page looks different.
const fonts = `(() => { const c = document.createElement("canvas").getContext("2d");
	return ["system-ui", "sans-serif", "serif", "monospace", "Georgia"].map(f => { c.font = "40px " + f;
		return f + " " + ["Handgloves ÄÖÜß 0123", "سلمى العلي"].map(t => c.measureText(t).width.toFixed(1)).join(" ") }).join("\n") + "\n" })()`

func TestScreensLookAsTheyShould(t *testing.T) {
	s := newStage(t)
	for _, c := range s.casts {
		t.Run(c.name, func(t *testing.T) {
			pages := c.shown()
			at := s.serve(pages)
			l := &look{t, browsertest.New(t, browsertest.Patience(10*time.Minute))}
			l.sameFonts()
			for _, name := range slices.Sorted(maps.Keys(pages)) {
				t.Run(name, func(t *testing.T) {
					l := &look{t, l.ctx}
					l.media("prefers-color-scheme", "light", "prefers-reduced-motion", "reduce")
					l.must(chromedp.Do(l.ctx, chromedp.Navigate(at+name)))
					for _, width := range widths {
						l.compare(fmt.Sprintf("%s-%s-%d.png", name, c.name, width.window), width.window, width.reference)
					}
				})
			}
		})
	}
	noStrays(t)
}

// sameFonts skips where the references were made with other fonts.
func (l *look) sameFonts() {
	l.t.Helper()
	here := ask[string](l, fonts)
	if *update {
		l.must(os.MkdirAll(screens, 0o755))
		l.must(os.WriteFile(fontsFile, []byte(here), 0o644))
		return
	}
	made, err := os.ReadFile(fontsFile)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		l.t.Fatal(err)
	}
	dbtest.Require(l.t, "screenshots", string(made) == here,
		"the reference pictures were made with other fonts (apt-get install fonts-liberation fonts-dejavu-core fonts-dejavu-extra), of these widths:\n"+string(made)+"here they are\n"+here)
}

// picture draws the page at a scale. The window grows to the page: what Chromium
// captures beyond a window is shifted on pages that run from right to left.
func (l *look) picture(window int, scale float64) []byte {
	l.t.Helper()
	l.size(int64(window), 844)
	height := ask[int64](l, "Math.max(innerHeight, document.documentElement.scrollHeight)")
	l.size(int64(window), height)
	shot, err := chromedp.Call(l.ctx, cdp.CaptureScreenshot, cdp.CaptureScreenshotParams{
		Clip: &cdp.Viewport{Width: float64(window), Height: float64(height), Scale: scale},
	})
	l.must(err)
	return shot.Data
}

// compare compares the page in a window with its reference.
func (l *look) compare(name string, window, width int) {
	l.t.Helper()
	if *pictures != "" {
		l.must(os.WriteFile(filepath.Join(*pictures, name), l.picture(window, 1), 0o644))
	}
	got, err := decode(l.picture(window, float64(width)/float64(window)))
	l.must(err)
	file := filepath.Join(screens, name)
	reference, err := os.ReadFile(file)
	if err == nil {
		want, err := png.Decode(bytes.NewReader(reference))
		l.must(err)
		unlike := difference(got, want)
		if unlike == "" {
			return
		}
		if !*update {
			shot := filepath.Join(l.t.ArtifactDir(), name)
			l.must(os.WriteFile(shot, l.picture(window, 1), 0o644))
			l.t.Errorf("%s looks different (%s): look at %s, kept with -artifacts, and run with -update if it is as it should be", file, unlike, shot)
			return
		}
	}
	if !*update {
		l.t.Errorf("%v; look at the page and run with -update", err)
		return
	}
	data, err := encodeReference(got)
	l.must(err)
	l.must(os.WriteFile(file, data, 0o644))
}

// noStrays finds references of pages that there are no more.
func noStrays(t *testing.T) {
	t.Helper()
	files, err := filepath.Glob(screens + "/*.png")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		known := slices.ContainsFunc(states, func(s state) bool {
			rest, found := strings.CutPrefix(filepath.Base(file), s.name+"-")
			return found && strings.Count(rest, "-") == 1
		})
		switch {
		case known:
		case *update:
			if err := os.Remove(file); err != nil {
				t.Error(err)
			}
		default:
			t.Errorf("%s is a picture of no page; run with -update", file)
		}
	}
}
