// Package browsertest gives a test a headless Chromium of its own: as a phone or
// a desktop, with or without JavaScript in the pages, noting the hosts that the
// pages ask and the errors that they report.
//
// New gives a chromedp context; what a test does with its pages it says in
// chromedp's words. The browser reaches this machine alone: every other host
// name fails. Nothing but tests may import this package.
package browsertest
