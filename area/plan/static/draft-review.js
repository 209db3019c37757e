// The review screen: focusing a value marks its place in the source; e, m and s
// act on the measure that has the focus, Enter on the doubt that has it.
// j, k and z are the house's own keys (web/js/keys.js).
const places = new Map(); // text element → its text node

/** The ranges of the source that "s-3:12-30 s-4:0-5" names. @param {string} marks */
function ranges(marks) {
  const out = [];
  for (const mark of marks.split(" ")) {
    const [, id, from, to] = mark.match(/^([\w-]+):(\d+)-(\d+)$/) ?? [];
    const text = id && document.getElementById(id)?.querySelector("[data-text]");
    if (!text) continue;
    if (!places.has(text)) places.set(text, text.firstChild);
    const node = places.get(text);
    if (!node) continue;
    const at = offsets(node.data, +from, +to);
    const range = new Range();
    range.setStart(node, at[0]);
    range.setEnd(node, at[1]);
    out.push(range);
  }
  return out;
}

/** Characters as the server counts them, in the units of this language. */
function offsets(text, from, to) {
  let units = 0, count = 0, start = text.length, end = text.length;
  for (const character of text) {
    if (count === from) start = units;
    if (count === to) { end = units; break; }
    units += character.length;
    count++;
  }
  return [Math.min(start, end), end];
}

/** Shows where a value stands, and brings the place into view. */
function show(element) {
  const marks = element?.getAttribute("data-places");
  if (!marks) return;
  const found = ranges(marks);
  if (!found.length) return;
  if (CSS.highlights) CSS.highlights.set("review", new Highlight(...found));
  const source = document.getElementById("source");
  const box = found[0].getBoundingClientRect(), frame = source.getBoundingClientRect();
  const scrolls = source.scrollHeight > source.clientHeight + 1;
  if (scrolls && (box.top < frame.top + 40 || box.bottom > frame.bottom - 40)) {
    source.scrollTop += box.top - frame.top - frame.height / 3;
  }
}

document.addEventListener("focusin", (event) => {
  if (event.target instanceof Element) show(event.target.closest("[data-places]"));
});
document.addEventListener("mouseover", (event) => {
  const name = event.target instanceof Element ? event.target.closest(".result .name[data-places], .result dd [data-places]") : null;
  if (name) show(name);
});

document.addEventListener("keydown", (event) => {
  const from = event.target;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !(from instanceof Element)) return;
  if (event.key === "Escape") {
    const cancel = (from.closest("form:has([data-cancel])") ?? from.closest(".measure"))?.querySelector("[data-cancel]");
    if (cancel) cancel.click();
    return;
  }
  if (/^(INPUT|TEXTAREA|SELECT)$/.test(from.tagName)) return;
  const row = from.closest("[data-row]");
  const act = row?.querySelector(`[data-do="${CSS.escape(event.key)}"]`);
  if (act) {
    event.preventDefault();
    act.click();
    return;
  }
  if (event.key === "Enter" && from.matches(".doubt")) {
    // What is sure is accepted; else the choices come next, the likeliest first.
    const accept = from.querySelector("[data-accept]");
    const choice = from.querySelector('.answers [name="answer"], .answers input:not([type=hidden], [type=checkbox]), .answers a');
    if (accept) accept.click();
    else choice?.focus();
    if (accept || choice) event.preventDefault();
  }
});

// Beside the source a link to a place shows it and keeps the focus where the work
// is. On a phone the source stands below: it is opened, and the link goes there.
document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a[data-place]") : null;
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  document.querySelector(".source details")?.setAttribute("open", "");
  if (narrow()) return;
  event.preventDefault();
  link.focus();
  show(link.closest("[data-places]"));
});

function narrow() { return matchMedia("(max-width: 64rem)").matches; }

// After a correction the page opens where the work goes on; what was refused
// stands where it was tried. It waits for the page to be loaded: going to a
// fragment takes the focus away again.
function begin() {
  let here = location.hash ? document.getElementById(location.hash.slice(1)) : document.querySelector("[data-here]");
  const form = document.querySelector(".part-form");
  if (here?.id === "doubts") here = here.querySelector(".doubt") ?? here;
  if (form) form.querySelector("textarea, input:not([type=hidden]), button")?.focus({ preventScroll: Boolean(here) });
  else if (here) (here.matches("[tabindex]") ? here : here.querySelector("a, button"))?.focus({ preventScroll: Boolean(location.hash) });
  // On a phone the source stands below and is opened on request.
  if (narrow() && !here) document.querySelector(".source details")?.removeAttribute("open");
}
if (document.readyState === "complete") begin();
else addEventListener("load", () => setTimeout(begin));
