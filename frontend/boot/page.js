// What Python may ask of the page itself.

import { fail } from "./progress.js";

const element = (id) => document.getElementById(id);

export function language({ tag }) {
  document.documentElement.lang = tag;
}

export function title({ text }) {
  document.title = text;
}

export function theme({ dark }) {
  document.documentElement.dataset.theme = dark ? "dark" : "light";
}

export function announce({ text, assertive = false }) {
  const region = element(assertive ? "assertive" : "polite");
  region.textContent = "";
  setTimeout(() => (region.textContent = text), 50); // a change is read out, a repetition is not
}

const ARRIVAL_MS = 10_000; // for Bokeh to draw what the focus goes to
const SETTLING_MS = 3_000; // in which Bokeh may draw it anew, which loses the focus
let endFocusing = () => {};

// Resolves when the element has the focus, or could not be given it. Afterwards it is given again when the element is
// drawn anew, but never once the person has moved on.
export function focus({ element_id }) {
  endFocusing();
  return new Promise((resolve) => {
    let arrived = 0;
    const began = performance.now();
    const step = () => {
      const target = focusable(element_id);
      if (!arrived || active() === document.body) target?.focus();
      if (!arrived && target && active() === target) {
        arrived = performance.now();
        resolve();
      }
      const left = arrived ? arrived + SETTLING_MS : began + ARRIVAL_MS;
      if (performance.now() > left || (arrived && ![target, document.body].includes(active()))) endFocusing();
    };
    const timer = setInterval(step, 50);
    const person = () => arrived && endFocusing();
    endFocusing = () => {
      clearInterval(timer);
      for (const event of ["keydown", "pointerdown"]) removeEventListener(event, person, true);
      resolve();
    };
    for (const event of ["keydown", "pointerdown"]) addEventListener(event, person, true);
    step();
  });
}

function focusable(name) {
  const found = find(document, `#${CSS.escape(name)}, .${CSS.escape(name)}`);
  return (found?.shadowRoot && find(found.shadowRoot, "button, input, select, textarea, [tabindex]")) ?? found;
}

function active() {
  let element = document.activeElement ?? document.body;
  while (element.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element;
}

export function failed({ details }) {
  fail("app", details);
}

export function save({ name, mime, data }) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([data], { type: mime }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

export async function copy({ text }) {
  await navigator.clipboard.writeText(text);
}

// While something is unsaved, the browser asks before the page is closed or reloaded.
export function guard({ unsaved }) {
  window.onbeforeunload = unsaved ? (event) => event.preventDefault() : null;
}

// The first match in the document, shadow roots included.
export function find(root, selector) {
  const found = root.querySelector(selector);
  if (found) return found;
  for (const host of root.querySelectorAll("*")) {
    const inside = host.shadowRoot && find(host.shadowRoot, selector);
    if (inside) return inside;
  }
  return null;
}
