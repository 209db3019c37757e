// Package org knows the units of a district, their names over time, their
// groups, and the people who hold roles in them.
package org
