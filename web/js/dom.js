// Small helpers of the modules here.

/** Says a sentence to everyone, also to those who listen. @param {string} text */
export function say(text) {
  let place = document.querySelector("[data-says]");
  if (!place) {
    place = document.createElement("p");
    place.className = "hidden";
    place.setAttribute("role", "status");
    place.setAttribute("data-says", "");
    document.body.append(place);
  }
  place.textContent = text;
}

/** Whether keys typed now are text. @param {EventTarget | null} target */
export function typing(target) {
  return target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !/^(checkbox|radio|button|submit)$/.test(target.getAttribute("type") ?? ""));
}

/** Makes an element. @param {string} name @param {Record<string, string>} attributes @param {...(Node | string)} inside */
export function make(name, attributes, ...inside) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...inside);
  return element;
}
