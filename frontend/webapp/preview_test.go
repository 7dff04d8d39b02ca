package webapp_test

import (
	"bytes"
	"image"
	"image/png"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"complero/db"
)

// previewOf is the address of a preview.
func (s *site) previewOf(tenant *db.Tenant, locale string) string {
	s.t.Helper()
	p, err := tenant.PreviewBrand(s.t.Context(), db.PreviewOf{Locale: &locale})
	s.must(err)
	return p.Path
}

func TestPreviewShowsTheDraftWithNobodysData(t *testing.T) {
	s := newSite(t)
	primary, pale := "#7a1fa2", "#aaaaaa"
	_, err := s.nordlicht.UpdateBrand(t.Context(), db.BrandChange{Draft: true, Primary: &primary, Text: &pale})
	s.must(err)
	for _, locale := range []string{"de", "en", "fr", "it", "es", "nl", "pl", "ar"} {
		root := s.previewOf(s.nordlicht, locale)
		for _, path := range []string{root, root + "/form"} {
			page := s.get(path)
			body := page.Body.String()
			if page.Code != http.StatusOK || !strings.Contains(body, `lang="`+locale+`"`) || !strings.Contains(body, root+"/brand.css") || !strings.Contains(body, `class="test"`) {
				t.Errorf("%s is %d:\n%s", path, page.Code, body)
			}
			if strings.Contains(body, "Sommer") || strings.Contains(body, "anna@example.com") {
				t.Errorf("%s shows a Contact", path)
			}
			if policy := page.Header().Get("Content-Security-Policy"); !strings.Contains(policy, "frame-ancestors 'self'") || !strings.Contains(policy, "default-src 'none'") {
				t.Errorf("its policy is %s", policy)
			}
		}
		css := s.get(root + "/brand.css")
		if !strings.Contains(css.Body.String(), "--color-primary: "+primary) || strings.Contains(css.Body.String(), pale) || css.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("the stylesheet is %v\n%s", css.Header(), css.Body)
		}
	}
	if intro := s.get(s.ask(s.nordlicht, "c-1")).Body.String(); strings.Contains(intro, "/preview/") {
		t.Error("a Contact sees the draft")
	}
}

func TestPreviewTakesNothingAndEnds(t *testing.T) {
	s := newSite(t)
	root := s.previewOf(s.nordlicht, "de")
	for _, path := range []string{root, root + "/stop", root + "/form"} {
		answer := s.post(path, url.Values{"do": {"confirm"}})
		if answer.Code != http.StatusSeeOther || answer.Header().Get("Location") != root {
			t.Errorf("POST %s is %d to %s", path, answer.Code, answer.Header().Get("Location"))
		}
	}
	if got := s.get(root + "/thanks").Code; got != http.StatusNotFound {
		t.Errorf("a page that there is not is %d", got)
	}
	*s.now = today.Add(time.Hour)
	for _, path := range []string{root, root + "/form", root + "/brand.css", "/preview/x"} {
		if got := s.get(path).Code; got != http.StatusNotFound {
			t.Errorf("%s is %d after its time", path, got)
		}
	}
}

// picture is a black square of that width.
func picture(t testing.TB, width int) io.Reader {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, width))); err != nil {
		t.Fatal(err)
	}
	return &b
}

func TestPagesShowTheLogoForTheDark(t *testing.T) {
	s := newSite(t)
	_, err := s.nordlicht.UpdateBrand(t.Context(), db.BrandChange{Logo: picture(t, 40), LogoDark: picture(t, 41), Icon: picture(t, 42)})
	s.must(err)
	b, err := s.nordlicht.Brand(t.Context())
	s.must(err)
	page := s.get(s.ask(s.nordlicht, "c-1")).Body.String()
	for _, want := range []string{
		`<source media="(prefers-color-scheme: dark)" srcset="` + *b.LogoDarkURL() + `">`, `<img src="` + *b.LogoURL() + `"`, `<link rel="icon" href="` + *b.IconURL() + `">`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("%s is missing in\n%s", want, page)
		}
	}
}
