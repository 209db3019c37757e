// Package web is the one way to answer a browser: routes with the roles that may
// use them, requests, forms that keep what was typed, replies, pages, and the
// guards every answer passes (headers, limits, deadlines, log, faults).
package web
