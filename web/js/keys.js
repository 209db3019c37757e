// Keys: "?" shows them, "/" goes to the search box, j and k walk a list marked
// data-list, Enter opens its row. A page adds its own with data-key="e" on the
// link or button that the key presses.
import { make, typing } from "./dom.js";

export function keys() {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    const act = fixed[event.key];
    if (act ? act(event) : press(event.key)) event.preventDefault();
  });
  document.addEventListener("focusin", (event) => {
    if (event.target instanceof Element) last = event.target.closest("[data-list] > *") ?? last;
  });
  for (const link of document.querySelectorAll("[data-show-keys]")) link.hidden = false;
  document.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("[data-show-keys]")) {
      event.preventDefault();
      show();
    }
  });
}

/** @type {Record<string, (event: KeyboardEvent) => boolean>} */
const fixed = {
  "?": () => show(),
  "/": () => {
    const box = [...document.querySelectorAll("input[type=search]")].find((b) => b.getClientRects().length > 0);
    box?.focus();
    box?.select();
    return Boolean(box);
  },
  "j": () => walk(1),
  "k": () => walk(-1),
};

/** What j and k walk: a row that takes the focus itself, else its first link. */
function stops() {
  return [...document.querySelectorAll("[data-list] > :not(:has([data-list]))")].map((row) => row.matches("a, [tabindex]") ? row : row.querySelector("a, button")).filter(Boolean);
}

/** The row that had the focus last: from there j and k go on when nothing has it. */
let last = null;

function walk(step) {
  const all = stops();
  if (!all.length) return false;
  const row = document.activeElement === document.body ? last : document.activeElement?.closest("[data-list] > *");
  const now = row ? all.findIndex((stop) => stop.closest("[data-list] > *") === row) : -1;
  all[now < 0 ? (step > 0 ? 0 : all.length - 1) : Math.max(0, Math.min(all.length - 1, now + step))].focus();
  return true;
}

function press(key) {
  if (key.length !== 1 || !/[a-z0-9]/i.test(key)) return false;
  const target = [...document.querySelectorAll(`[data-key="${key}"]`)].find((e) => e.getClientRects().length > 0);
  target?.click();
  return Boolean(target);
}

function show() {
  const rows = [["?", "显示本页按键"], ["/", "到搜索框"]];
  const own = document.querySelector("template[data-keys]"); // says itself what j, k and Enter do
  if (stops().length && !own) rows.push(["j  k", "下一条、上一条"], ["Enter", "打开所在的一条"]);
  for (const e of document.querySelectorAll("[data-key]")) {
    rows.push([e.getAttribute("data-key"), e.getAttribute("data-key-says") ?? e.textContent.trim()]);
  }
  for (const e of document.querySelectorAll("template[data-keys]")) {
    for (const line of e.content.textContent.trim().split("\n")) {
      const [key, ...says] = line.trim().split(/\s+/);
      rows.push([key, says.join(" ")]);
    }
  }
  const list = make("dl", {});
  for (const [key, says] of rows) {
    const dt = make("dt", {});
    for (const one of key.split(/\s+/)) dt.append(make("kbd", {}, one), " ");
    list.append(dt, make("dd", {}, says));
  }
  const close = make("button", {}, "关闭");
  const box = make("dialog", { "aria-labelledby": "keys-title" }, make("h2", { id: "keys-title" }, "本页按键"), list, close);
  close.addEventListener("click", () => box.close());
  box.addEventListener("close", () => box.remove());
  document.body.append(box);
  box.showModal();
  return true;
}
