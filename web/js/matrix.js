// In a matrix, hovering or focusing a cell tells its sentence (the link's
// aria-label, behind its heads) under the table; arrows move between cells.
export function matrix() {
  const tell = (event) => {
    const cell = event.target instanceof Element ? event.target.closest(".matrix a[aria-label]") : null;
    const place = cell && document.querySelector("[data-matrix-says]");
    if (!place) return;
    const at = cell.closest("td");
    const row = at?.parentElement?.querySelector("th")?.textContent, head = at?.closest("table")?.tHead?.rows[0]?.cells[at.cellIndex];
    const names = at ? [row, head?.title || head?.textContent].filter(Boolean).join("，") + "：" : "";
    place.textContent = names + cell.getAttribute("aria-label");
  };
  document.addEventListener("mouseover", tell);
  document.addEventListener("focusin", tell);
  document.addEventListener("keydown", (event) => {
    const from = event.target instanceof Element ? event.target.closest(".matrix td") : null;
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (!from || !step) return;
    let row = from.parentElement, at = from.cellIndex;
    for (;;) { // over empty cells
      if (step[0]) row = step[0] > 0 ? row.nextElementSibling : row.previousElementSibling;
      at += step[1];
      const cell = row?.cells[at];
      if (!cell) return;
      const link = cell.tagName === "TD" && cell.querySelector("a");
      if (link) {
        link.focus();
        event.preventDefault();
        return;
      }
    }
  });
}
