// Menus whose options come from the app while a person types, and file fields.

import { el } from "./draw.js";
import { withEmoji } from "./emoji.js";
import { finder } from "./finder.js";
import { upload } from "./store.js";

/** Letters before the app is asked, unless it says how many. */
const FEW = 3;

const row = (option) => ({ value: option.value, text: withEmoji(option.text?.text ?? option.value), about: withEmoji(option.description?.text ?? ""), option });

/** A field whose options `ask` gets from the app for what is typed. Its value is a list of options. */
export function external(item, start, ask, shows) {
  const single = !item.type.startsWith("multi_");
  const asked = async (typed) => [["", (await ask(typed)).map(row)]];
  const one = finder([], start.map(row), { ...shows, single, most: item.max_selected_items, ask: asked, least: item.min_query_length ?? FEW });
  return { ...one, value: () => one.chosen().map(({ option }) => option), set: (options) => one.set(options.map(row)) };
}

/** A file field. Files are uploaded as soon as they are chosen. */
export function files(item) {
  const node = el("input");
  node.type = "file";
  node.accept = (item.filetypes ?? []).map((kind) => `.${kind}`).join(",");
  node.multiple = item.max_files !== 1;
  let held = [];
  node.addEventListener("change", async () => {
    node.setAttribute("aria-busy", "true");
    try { held = await Promise.all([...node.files].map(upload)); } finally { node.removeAttribute("aria-busy"); }
  });
  return { node, value: () => held, set: () => {} };
}
