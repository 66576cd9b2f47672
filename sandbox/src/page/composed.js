// Blocks with parts of their own: cards, carousels, containers, alerts, tasks and plans. `drawn` draws what is inside of them.

import { el } from "./draw.js";
import { withEmoji } from "./emoji.js";
import { link } from "./links.js";
import { picture } from "./others.js";
import { richText } from "./rich.js";

const STATES = { pending: "To do", in_progress: "In progress", complete: "Done", error: "Failed" };
const LEVELS = { info: "Note", warning: "Warning", error: "Error", success: "Done" };

/** A picture, a title and what stands below it; `drawn` has a function for texts, and one for elements. */
export function cardOf(block, drawn) {
  const named = el("div", "named", block.title ? el("b", "", drawn.text(block.title)) : null, block.subtitle ? el("small", "", drawn.text(block.subtitle)) : null);
  const head = el("div", "cardhead", block.icon ? picture(block.icon, "tiny") : null, named);
  const actions = block.actions?.length ? el("div", "actions", ...block.actions.map(drawn.element)) : null;
  const node = el("section", "blockcard", block.hero_image ? picture(block.hero_image) : null, head, block.body ? drawn.text(block.body) : null, actions);
  if (block.title?.text) node.setAttribute("aria-label", block.title.text);
  return node;
}

/** Cards beside each other; it scrolls sideways if they are too wide. */
export function carousel(block, drawn) {
  const node = el("div", "carousel", ...(block.elements ?? []).map(drawn.block));
  node.tabIndex = 0;
  node.setAttribute("role", "region");
  node.setAttribute("aria-label", "Cards");
  return node;
}

/** Blocks under a common title, which folds them if the app says so. */
export function container(block, drawn) {
  const title = block.rich_text_title ? richText(block.rich_text_title) : withEmoji(block.title?.text ?? "");
  const named = el("span", "named", el("b", "", title), block.subtitle ? el("small", "", drawn.text(block.subtitle)) : null);
  const head = [block.icon ? picture(block.icon, "tiny") : null, named];
  const inside = el("div", "blocks", ...(block.child_blocks ?? []).map(drawn.block));
  if (!block.is_collapsible) return el("section", "blockcard", el("div", "cardhead", ...head), inside);
  const node = el("details", "blockcard", el("summary", "", ...head), inside);
  node.open = !block.default_collapsed;
  return node;
}

/** A notice whose level is said in words, not by its colour alone. */
export function alertOf(block, drawn) {
  const level = LEVELS[block.level];
  const node = el("div", `alertblock ${level ? block.level : ""}`, level ? el("b", "", `${level}: `) : null, drawn.text(block.text));
  node.setAttribute("role", "note");
  return node;
}

/** A task with its state, what came of it and where that is from. */
export function task(block) {
  const sources = (block.sources ?? []).map((one) => el("li", "", link(one.url ?? "", one.text ?? one.url ?? "")));
  return el("section", "blockcard task",
    el("div", "cardhead", el("b", "", block.title ?? ""), el("span", "badge", STATES[block.status] ?? STATES.pending)),
    block.details ? richText(block.details) : null, block.output ? richText(block.output) : null,
    sources.length ? el("ul", "sources", ...sources) : null);
}

/** The tasks of a plan, in their order. */
export function plan(block) {
  return el("section", "plan", el("b", "", block.title ?? ""), ...(block.tasks ?? []).map(task));
}
