// Looks at a page from a world of its own: what the page did to its prototypes
// does not reach here. first and second give what is seen, half a second or so
// apart; leave follows a link without leaving; said gives what lies over the page
// then. Everything is bounded, for the page may be made to hurt.
globalThis.look = (() => {
  const most = 8000, wide = innerWidth, high = innerHeight;
  const cut = (s, n) => (s || "").replace(/\s+/g, " ").trim().slice(0, n);
  const closing = /^(?:关\s?闭|关\s?闭\s?[×xX]|[×✕✖╳xX]|close|不再(?:提示|显示)|我?知道了)$/i;
  const closeName = /关闭|close|guanbi/i;
  const styles = new Map();
  const style = (e) => { let s = styles.get(e); if (!s) styles.set(e, s = getComputedStyle(e)); return s; };

  function all() {
    const out = [];
    if (!document.body) return out;
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT);
    for (let e = walk.nextNode(); e && out.length < most; e = walk.nextNode()) out.push(e);
    return out;
  }

  function visible(e, box) {
    const s = style(e);
    return s.display !== "none" && s.visibility === "visible" && +s.opacity > 0.1 && box.width > 0 && box.height > 0;
  }

  // over tells whether an element lies over the page and is none of its parts.
  function over(e) {
    const s = style(e);
    if (s.position === "fixed") return true;
    return s.position === "absolute" && (!e.offsetParent || e.offsetParent === document.body || e.offsetParent === document.documentElement);
  }

  const words = (e) => (e.textContent || "").replace(/\s+/g, "").length;

  function closer(e) {
    let found = "";
    const list = e.querySelectorAll("a,button,span,i,b,em,img,div,input,p,area");
    for (let i = 0; i < list.length && i < 400; i++) {
      const c = list[i], box = c.getBoundingClientRect();
      if (!visible(c, box) || box.width > 200) continue;
      const says = cut(c.value || c.textContent, 12);
      const named = [c.title, c.getAttribute("aria-label"), c.alt, c.id, typeof c.className === "string" ? c.className : "", c.getAttribute("src")].join(" ");
      if (!closing.test(says) && !(says.length < 5 && closeName.test(named))) continue;
      for (let k = c; k && k !== e.parentElement; k = k.parentElement) {
        if (k.tabIndex >= 0 && (k.matches("a[href],button,input,area[href]") || k.hasAttribute("tabindex"))) return "keys";
      }
      found = "mouse";
    }
    return found;
  }

  // windows are the elements that lie over the page, the outermost of each.
  function windows() {
    const total = Math.max(1, words(document.body)), out = [];
    for (const e of all()) {
      if (!over(e)) continue;
      const box = e.getBoundingClientRect();
      if (!visible(e, box) || box.width < 60 || box.height < 40 || box.width >= wide * 0.8 && box.height <= 250) continue;
      if (words(e) > total * 0.4 && total > 300) continue; // the page itself
      if (out.some((o) => o.e.contains(e))) continue;
      if (!e.textContent.trim() && !e.querySelector("img,iframe,object,video")) continue; // the veil behind a window
      out.push({ e, box });
      if (out.length > 100) break;
    }
    return out;
  }

  function centred(w) {
    const { e, box } = w, s = style(e);
    if (box.width < 200 || box.height < 120) return false;
    if (s.position !== "fixed" && !(+s.zIndex >= 10)) return false;
    const at = document.elementFromPoint(wide / 2, high / 2);
    return !!at && e.contains(at);
  }

  function name(e) {
    const img = e.querySelector("img[alt]");
    return cut(e.textContent, 40) || cut(img && img.alt, 40) || cut(e.id, 40);
  }

  let before = [];

  // colours gives the families of colours with their share of the page's area and
  // of its characters; black, white and what is nearly grey are none.
  function colours(list) {
    const ground = {}, ink = {};
    let letters = 0;
    const area = Math.max(1, wide * document.documentElement.scrollHeight);
    const family = (text) => {
      const m = /^rgba?\((\d+), (\d+), (\d+)(?:, ([\d.]+))?\)$/.exec(text);
      if (!m || m[4] !== undefined && +m[4] < 0.5) return "";
      const r = m[1] / 255, g = m[2] / 255, b = m[3] / 255, x = Math.max(r, g, b), n = Math.min(r, g, b), l = (x + n) / 2, d = x - n;
      if (d < 0.12 || l < 0.12 || l > 0.93) return "";
      if (d / (1 - Math.abs(2 * l - 1)) < 0.3) return "";
      const h = 60 * (x === r ? ((g - b) / d + 6) % 6 : x === g ? (b - r) / d + 2 : (r - g) / d + 4);
      if (h < 18 || h >= 335) return "红色";
      if (h < 45) return "橙色";
      if (h < 70) return "黄色";
      if (h < 165) return "绿色";
      if (h < 255) return "蓝色";
      return "紫色";
    };
    for (const e of list) {
      const box = e.getBoundingClientRect();
      if (!visible(e, box)) continue;
      const s = style(e), f = family(s.backgroundColor);
      if (f) ground[f] = (ground[f] || 0) + Math.min(box.width, wide) * box.height;
      let n = 0;
      for (const c of e.childNodes) if (c.nodeType === 3) n += c.data.trim().length;
      letters += n;
      const t = n ? family(s.color) : "";
      if (t) ink[t] = (ink[t] || 0) + n;
    }
    const out = [];
    for (const f of ["红色", "橙色", "黄色", "绿色", "蓝色", "紫色"]) {
      const g = (ground[f] || 0) / area, i = (ink[f] || 0) / Math.max(1, letters);
      if (g >= 0.01 || i >= 0.03) out.push(f);
    }
    return out;
  }

  // frame are the parts that every page has: head, menus, place, foot.
  const frame = ["header", "footer", "nav", "form", ...["foot", "head", "nav", "menu", "crumb", "copyright", "bottom", "banner", "topbar", "position", "location"].flatMap((w) => [`[class*="${w}"]`, `[id*="${w}"]`])].join(",");

  // type gives the size in pixels of most characters of the page's own part, the
  // share of those of 24 pixels and more, and the line height of most, in sizes.
  function type(list) {
    const by = {}, line = {};
    let n = 0, big = 0;
    for (const e of list) {
      let k = 0;
      for (const c of e.childNodes) if (c.nodeType === 3) k += c.data.trim().length;
      if (!k || !visible(e, e.getBoundingClientRect()) || e.closest(frame)) continue;
      const s = style(e), size = parseFloat(s.fontSize);
      n += k;
      if (size >= 23.9) big += k;
      by[size] = (by[size] || 0) + k;
      const l = s.lineHeight === "normal" ? 1.2 : Math.round(parseFloat(s.lineHeight) / size * 100) / 100;
      if (k >= 30 && e.getBoundingClientRect().height > size * 2) line[l] = (line[l] || 0) + k;
    }
    const best = (o) => +(Object.entries(o).sort((a, b) => b[1] - a[1])[0] || [0])[0];
    return { size: best(by), big: n ? big / n : 0, line: best(line), letters: n };
  }

  function keyless(list) {
    const out = [], reach = "a[href],button,input,select,textarea,area[href],label,summary,option,video,audio,iframe,[tabindex]:not([tabindex^='-'])";
    for (const e of list) {
      if (!e.hasAttribute("onclick") || e.matches(reach) || e.closest(reach) || e.querySelector(reach)) continue;
      const box = e.getBoundingClientRect(), says = cut(e.textContent, 20) || cut(e.title, 20);
      if (!says || !visible(e, box) || box.width < 8 || box.height < 8 || box.width * box.height > wide * high / 3) continue;
      if (!out.includes(says)) out.push(says);
      if (out.length >= 20) break;
    }
    return out;
  }

  function first() {
    const list = all();
    before = windows();
    const out = [...document.links].filter((a) => /^https?:$/.test(a.protocol) && a.host !== location.host && visible(a, a.getBoundingClientRect())).slice(0, 300).map((a) => a.href.slice(0, 1000));
    return {
      scripts: [...document.scripts].map((s) => s.src).filter(Boolean).slice(0, 300),
      colours: colours(list), type: type(list), keyless: keyless(list), out: [...new Set(out)],
    };
  }

  function second() {
    styles.clear();
    const was = before, out = [];
    for (const w of windows()) {
      const old = was.find((o) => o.e === w.e);
      const moving = !!old && Math.hypot(w.box.left - old.box.left, w.box.top - old.box.top) >= 4;
      const close = closer(w.e) || (w.e.parentElement && w.e.parentElement !== document.body && over(w.e.parentElement) ? closer(w.e.parentElement) : "");
      const edge = w.box.left <= 60 || w.box.right >= wide - 60;
      if (moving && w.box.width < wide * 0.7 || centred(w) || edge && close && w.box.width < 300) {
        out.push({ name: name(w.e), moving, close });
      }
      if (out.length >= 10) break;
    }
    return out;
  }

  // leave clicks a link as a visitor does and stays: "open" when nothing of the
  // page minded, "held" when it did.
  function leave(href) {
    const a = [...document.links].find((a) => a.href === href && visible(a, a.getBoundingClientRect()));
    if (!a) return "";
    let free = false;
    addEventListener("click", (e) => { free = !e.defaultPrevented; e.preventDefault(); }, { once: true });
    before = windows();
    a.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, view: window, button: 0 }));
    return free ? "open" : "held";
  }

  function said() {
    styles.clear();
    return windows().filter((w) => !before.some((o) => o.e === w.e)).map((w) => cut(w.e.textContent, 200)).slice(0, 5);
  }

  return { first, second, leave, said };
})();
