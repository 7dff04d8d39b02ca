// Package static holds the one stylesheet of all pages.
//
// It uses colours, fonts and radii only through the custom properties that
// theme derives from a Brand, and begins with those of the neutral Brand, so
// that a page looks right before and without any other. Pictures that
// Companies upload do not live here.
package static
