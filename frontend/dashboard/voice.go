package dashboard

import (
	"embed"
	"io/fs"
	"sync"

	"golang.org/x/text/language"

	"complero/frontend/locales"
)

//go:embed texts/*/*.json
var texts embed.FS

// spoken are the dashboard's languages, the first being for everybody else.
var spoken = []string{"en", "de"}

// voices are those languages. A broken text file is a mistake of ours that no
// test lets through, so it ends the program.
var voices = sync.OnceValue(func() map[string]*locales.Voice {
	all := map[string]*locales.Voice{}
	for _, tag := range spoken {
		voice, err := readVoice(tag)
		if err != nil {
			panic(err)
		}
		all[tag] = voice
	}
	return all
})

// readVoice reads a language's texts: a file for each area.
func readVoice(tag string) (*locales.Voice, error) {
	files, err := fs.Glob(texts, "texts/"+tag+"/*.json")
	if err != nil {
		return nil, err
	}
	return locales.Read(texts, tag, files...)
}

// voiceFor is the Voice of a User's language or, where they have chosen none,
// of their browser's.
func voiceFor(locale, header string) *locales.Voice {
	if voice := voices()[locale]; voice != nil {
		return voice
	}
	wanted, _, err := language.ParseAcceptLanguage(header)
	if err == nil {
		for _, tag := range wanted {
			base, _ := tag.Base()
			if voice := voices()[base.String()]; voice != nil {
				return voice
			}
		}
	}
	return voices()[spoken[0]]
}
