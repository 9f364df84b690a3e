// Tells Python when the person's system changes between light and dark: a canvas has to be painted anew.

import { emit } from "../boot/bridge.js";

const dark = matchMedia("(prefers-color-scheme: dark)");

export function watch() {
  dark.onchange = () => emit("styles.dark", dark.matches);
}
