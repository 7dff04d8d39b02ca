// Package sms is the Channel SMS: it hands short messages to a provider, by
// the provider's own API over HTTP. There are two providers:
//
//   - Twilio, the Messages resource of its API 2010-04-01:
//     twilio://ACCOUNT_SID:AUTH_TOKEN@/?from=+4915… or ?messagingService=MG…
//   - seven.io, POST /api/sms with JSON answers, its codes 100 to 903:
//     seven://API_KEY@/?from=NAME
//
// What is sent is tested against local servers that answer as the providers
// document it: requests, status and error codes, slow and broken answers. It
// has never been run against the providers themselves, whose accounts cost
// money; send yourself one message before you rely on it.
//
// Twilio knows no key by which a message is sent once only: where a connection
// breaks after the provider took a message and before it said so, the next try
// sends it again. seven.io refuses the same text to the same number for 180
// seconds, which counts as sent here.
//
// The package knows nothing of Contacts, Proposals or texts, and keeps nothing.
// Its errors hold what a provider's codes mean, never numbers, texts, keys or
// the provider's own words, which quote them.
package sms
