// Package svg makes drawings of unknown origin safe to serve, and draws them as
// pictures for mail.
//
// Parse keeps what an allow-list knows (shapes, gradients, clipping, the
// properties that paint them) and writes it anew, with stylesheets resolved into
// attributes: no script, handler, animation, link, embedded document, picture or entity
// is left, and nothing that loads anything. What would be seen and cannot be
// kept, such as text and filters, is refused with its cure. Everything that is
// kept can be drawn, so that page and mail show the same. What a logo may
// measure is the matter of package theme.
package svg
