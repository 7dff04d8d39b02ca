// Package pagetest looks at every page there is, in every state, with a browser:
// whether everybody can use it (WCAG 2.2 AA), and whether it looks as it should.
//
// It holds tests only. The pages are listed in state_test.go, those that a link
// leads to besides in link_state_test.go; a route or a notice that none of them
// shows fails a test, so that a new page cannot be
// forgotten. Reference pictures are in testdata/screens, scaled down; where the
// fonts are others than those of Debian's fonts-liberation, fonts-dejavu-core and
// fonts-dejavu-extra, they are not compared, which fails if COMPLERO_TEST_REQUIRE
// names screenshots. After looking at what has changed, write them anew:
//
//	go test ./frontend/pagetest -run Screens -update
//
// With -pictures DIR every page is written there as well, in full size.
//
// testdata/axe.min.js is axe-core 4.14.1 (npm package axe-core) of Deque
// Systems, unchanged, under the licence beside it (MPL-2.0). It runs in the
// browser of the tests and is in no program.
package pagetest
