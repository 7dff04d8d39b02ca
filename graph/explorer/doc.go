// Package explorer is the page beside the API on which developers try it:
// GraphiQL, with a field for the API key. It calls /graphql as any client does,
// and nothing else; it has no way of its own to anybody's data.
//
// vendored holds GraphiQL 3.9.0, React 18.3.1 and ReactDOM 18.3.1 as the npm
// registry has them, packed by vendored/build.sh; LICENSES.txt there has the
// licences of them and of all that GraphiQL is bundled from. Our own script and
// style are explorer.js and explorer.css.
package explorer
