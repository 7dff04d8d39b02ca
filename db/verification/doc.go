// Package verification holds the rules by which a Contact shows that it is
// them: what can be asked, how what was typed is compared with what is on file,
// how many wrong tries there are and how long they lock.
//
// There is no SQL here, no session and no page: who tries, what is on file and
// what a success opens is package db's business. Nothing of ours is imported.
package verification
