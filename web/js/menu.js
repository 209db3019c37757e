// Menus are details elements; here they close on Escape, on a click elsewhere
// and when focus leaves them.
export function menus() {
  const close = (except) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) if (menu !== except) menu.open = false;
  };
  document.addEventListener("click", (event) => close(event.target instanceof Element ? event.target.closest("details.menu") : null));
  document.addEventListener("focusin", (event) => close(event.target instanceof Element ? event.target.closest("details.menu") : null));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.querySelector("details.menu[open]");
    close(null);
    open?.querySelector("summary").focus();
  });
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
}
