// Runs before the page is drawn: pages written as plain files learn from the
// cookies how their reader wants to see them.
for (const name of ["mode", "theme"]) {
  const value = document.cookie.match(new RegExp(`(?:^|; )${name}=([a-z]+)`))?.[1];
  if (value) document.documentElement.dataset[name] = value;
}
