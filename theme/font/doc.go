// Package font knows typefaces: the open ones that stand in data/, cut to what
// a page can afford, and how a font file that somebody uploads is read, checked
// cut to writing systems and written as WOFF2. It gives @font-face rules, and for each face a rule for
// a fallback of the same measures, so that nothing jumps when the font arrives.
//
// Which fonts a Brand may choose and where they stand in a stylesheet is the
// matter of package theme; storing and serving files that of db and frontend.
// Where the files in data/ come from and how they are made says README.md.
package font
