// Rows of a table can be chosen: form[data-select] holds boxes named by the
// table; [data-bulk] appears when one is ticked and says how many.
export function selection() {
  let last = null;
  document.addEventListener("click", (event) => {
    const box = event.target;
    if (!(box instanceof HTMLInputElement) || box.type !== "checkbox") return;
    const form = box.closest("form[data-select]");
    if (!form) return;
    const all = [...form.querySelectorAll("tbody input[type=checkbox]")];
    if (box.matches("[data-all]")) {
      for (const one of all) one.checked = box.checked;
    } else if (event.shiftKey && last && all.includes(last)) {
      const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
      for (const one of all.slice(from, to + 1)) one.checked = box.checked;
    }
    last = box;
    show(form, all);
  });
  for (const form of document.querySelectorAll("form[data-select]")) {
    show(form, [...form.querySelectorAll("tbody input[type=checkbox]")]);
  }
}

function show(form, all) {
  const count = all.filter((one) => one.checked).length;
  for (const bar of form.querySelectorAll("[data-bulk]")) bar.hidden = count === 0;
  for (const place of form.querySelectorAll("[data-bulk-count]")) place.textContent = `已选 ${count} 条`;
  const head = form.querySelector("[data-all]");
  if (head) {
    head.checked = count > 0 && count === all.length;
    head.indeterminate = count > 0 && count < all.length;
  }
}
