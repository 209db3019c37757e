// Long forms save themselves in this browser, say so quietly and offer what was
// left when the page is opened again: data-draft="measure-0197…" names what is
// edited. Passwords and files are never kept. The draft goes when the server says
// what it did (Reply.Flash): a refused save, an error or an ended session keeps
// it. It remembers the version that it was written on, so that the server can show
// what was saved since. Forms with data-draft or data-guard ask before they are
// left unsaved.
import { make } from "./dom.js";

const prefix = "draft:";
const days = 14;

export function drafts() {
  forget();
  for (const form of document.querySelectorAll("form[data-draft], form[data-guard]")) attend(form);
  document.addEventListener("htmx:after:swap", () => {
    for (const form of document.querySelectorAll("form[data-draft], form[data-guard]")) attend(form);
  });
}

/** @param {HTMLFormElement} form */
function attend(form) {
  if (form.dataset.attended !== undefined) return;
  form.dataset.attended = "";
  const key = form.dataset.draft ? prefix + form.dataset.draft : "";
  const first = JSON.stringify(read(form));
  let leaving = false, waiting = 0;
  const note = form.querySelector("[data-saved]") ?? form.appendChild(make("p", { class: "saved", role: "status", "data-saved": "" }));

  const save = () => {
    clearTimeout(waiting);
    waiting = 0;
    try {
      localStorage.setItem(key, JSON.stringify({ at: Date.now(), version: version(form)?.value, values: read(form) }));
      note.textContent = `草稿已暂存在这台电脑上（${new Date().toTimeString().slice(0, 5)}），还没有提交`;
    } catch {
      note.textContent = "草稿没有暂存：浏览器不允许保存，请及时提交";
    }
  };
  if (key && fields(form).length) offer(form, key, first, note); // one with nothing to type only ends the draft
  form.addEventListener("input", () => {
    if (!key) return;
    clearTimeout(waiting);
    waiting = setTimeout(save, 800);
  });
  // What was typed in the last moment before a reload is kept too.
  addEventListener("pagehide", () => { if (waiting && !leaving) save(); });
  form.addEventListener("submit", () => {
    leaving = true;
    if (waiting) save(); // an ended session or an error must not cost the last words
    if (key) sessionStorage.setItem("sent", key);
  });
  addEventListener("beforeunload", (event) => {
    if (!leaving && JSON.stringify(read(form)) !== first) event.preventDefault();
  });
}

/** Removes the draft of a form that was accepted, and those grown old. */
function forget() {
  const key = sessionStorage.getItem("sent");
  sessionStorage.removeItem("sent");
  if (key && document.querySelector("[data-accepted]")) localStorage.removeItem(key);
  for (const other of Object.keys(localStorage).filter((k) => k.startsWith(prefix))) {
    try {
      if (Date.now() - JSON.parse(localStorage.getItem(other)).at > days * 864e5) localStorage.removeItem(other);
    } catch {
      localStorage.removeItem(other);
    }
  }
}

function offer(form, key, first, note) {
  let kept;
  try {
    kept = JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    kept = null;
  }
  if (!kept || JSON.stringify(kept.values) === first) return;
  const at = new Date(kept.at);
  const take = make("button", { type: "button", class: "small" }, "恢复草稿");
  const drop = make("button", { type: "button", class: "small" }, "丢弃草稿");
  const row = make("p", { class: "notice" }, `这台电脑上有 ${at.getMonth() + 1}月${at.getDate()}日 ${at.toTimeString().slice(0, 5)} 没有提交的草稿。`, " ", take, " ", drop);
  take.addEventListener("click", () => { write(form, kept); row.remove(); note.textContent = "草稿已恢复，还没有提交"; });
  drop.addEventListener("click", () => { localStorage.removeItem(key); row.remove(); });
  form.prepend(row);
}

/** The fields that a draft keeps. @param {HTMLFormElement} form */
function fields(form) {
  return [...form.elements].filter((e) => e.name && !/^(password|file|hidden|submit|button)$/.test(e.type));
}

function read(form) {
  return fields(form)
    .map((e) => [e.name, /^(checkbox|radio)$/.test(e.type) ? (e.checked ? e.value : null) : e.value]);
}

/** The hidden field that says what the form was filled from. @returns {HTMLInputElement | null} */
function version(form) {
  return form.querySelector("input[type=hidden][name=version]");
}

function write(form, { version: seen, values }) {
  const all = fields(form);
  if (seen && version(form)) version(form).value = seen; // not the newer one that another person saved meanwhile
  values.forEach(([name, value], i) => {
    const field = all[i];
    if (!field || field.name !== name) return;
    if (/^(checkbox|radio)$/.test(field.type)) field.checked = value !== null;
    else field.value = value;
  });
  form.dispatchEvent(new Event("input", { bubbles: true }));
}
