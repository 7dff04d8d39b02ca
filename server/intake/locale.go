package intake

// languages are the names and codes by which exports tell a language, SAP's of
// one letter among them.
var languages = func() map[string]string {
	names := map[string]string{}
	for _, code := range []string{"de", "en", "fr", "it", "es", "nl", "pl", "tr", "pt", "cs", "da", "sv", "hu", "ru", "ar", "uk", "hr"} {
		for word := range wordSet("language-" + code) {
			names[word] = code
		}
	}
	return names
}()

// localeOf finds the language tag of a language's name; a cell that is none
// stays as it is, since tags such as de-AT are for profile.Normalize to read.
func localeOf(cell string) string {
	if len(cell) == 2 && cell[0] >= 'a' && cell[1] >= 'a' || len(cell) > 24 {
		return cell
	}
	var buf [48]byte
	if code := languages[string(appendKey(buf[:0], cell))]; code != "" {
		return code
	}
	return cell
}
