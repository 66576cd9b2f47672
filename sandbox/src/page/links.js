// Links: they lead away from the page, and only to where it is safe to go.

import { el } from "./draw.js";

/** Whether an address leads somewhere, rather than running something. */
const isSafe = (target) => /^(https?:|mailto:)/i.test(target);

/** A link that opens beside the page; text where it would lead nowhere good. */
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
