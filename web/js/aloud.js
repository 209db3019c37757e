// Reads a page aloud where the browser can: a button [data-aloud], hidden until
// then, reads the element it names, or main.
export function aloud() {
  if (!("speechSynthesis" in window)) return;
  for (const button of document.querySelectorAll("[data-aloud]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      if (speechSynthesis.speaking) {
        speechSynthesis.cancel();
        button.textContent = "朗读本页";
        return;
      }
      const source = document.querySelector(button.getAttribute("data-aloud") || "main");
      for (const part of (source?.innerText ?? "").split(/\n+/)) { // engines stop on long texts
        const said = new SpeechSynthesisUtterance(part);
        said.lang = "zh-CN";
        said.rate = .9;
        speechSynthesis.speak(said);
      }
      button.textContent = "停止朗读";
    });
  }
  addEventListener("pagehide", () => speechSynthesis.cancel());
}
