// A button with data-copy copies that text, or the text of the element it names
// with data-copy-of, and says so.
import { say } from "./dom.js";

export function copy() {
  document.addEventListener("click", async (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-copy], [data-copy-of]") : null;
    if (!button) return;
    const text = button.getAttribute("data-copy") ?? document.getElementById(button.getAttribute("data-copy-of"))?.textContent.trim() ?? "";
    const before = button.textContent;
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "已复制";
      say("已复制");
    } catch {
      button.textContent = "没有复制成功，请手工选取";
    }
    button.addEventListener("blur", () => { button.textContent = before; }, { once: true });
  });
}
