// Links: they open beside the page, and only for safe addresses.

import { el } from "./draw.js";

/** Whether an address opens a page, rather than running a script. */
const isSafe = (target) => /^(https?:|mailto:)/i.test(target);

/** A link that opens beside the page; text if its address is not safe. */
export function link(target, label) {
  if (!isSafe(target)) return document.createTextNode(label);
  const node = el("a", "", label);
  node.href = target;
  node.target = "_blank";
  node.rel = "noopener noreferrer";
  return node;
}

/** Opens the address that a button has, if it has one. */
export function lead(target) {
  if (target && isSafe(target)) window.open(target, "_blank", "noopener,noreferrer");
}
