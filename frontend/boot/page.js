// What Python may ask of the page itself.

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

export function focus({ element_id }) {
  const found = find(document, `#${CSS.escape(element_id)}, .${CSS.escape(element_id)}`);
  const target = found?.shadowRoot ? find(found.shadowRoot, "button, input, select, textarea, [tabindex]") : found;
  (target ?? found)?.focus();
  return Boolean(found);
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
