// Draws Block Kit. `context.use(block, element, value)` is called when someone uses an element; `context.fields` takes in what can
// be filled in, and `context.values` holds what was.

import { confirmed } from "./confirm.js";
import { control } from "./controls.js";
import { button, el, icon, openMenu, unknown } from "./draw.js";
import { withEmoji } from "./emoji.js";
import { mrkdwn } from "./mrkdwn.js";
import { richText } from "./rich.js";
import { names } from "./store.js";

/** A list of blocks. */
export function drawBlocks(blocks, context) {
  return el("div", "blocks", ...(blocks ?? []).map((block) => drawBlock(block, context)));
}

/** What fields hold, by block. */
export const gather = (fields) => Object.fromEntries([...fields].map(([block, field]) => [block, field.value()]));

/** A text object. */
export function textOf(text) {
  if (!text) return el("span");
  return text.type === "mrkdwn" ? mrkdwn(text.text ?? "", names) : el("div", "mrkdwn", withEmoji(text.text ?? ""));
}

function drawBlock(block, context) {
  switch (block.type) {
    case "section": return section(block, context);
    case "header": return el("h3", "header", withEmoji(block.text?.text ?? ""));
    case "divider": return el("hr");
    case "context": return el("div", "context", ...(block.elements ?? []).map((one) => (one.type === "image" ? picture(one, "tiny") : textOf(one))));
    case "actions": return el("div", "actions", ...(block.elements ?? []).map((one) => element(block, one, context)));
    case "image": return el("figure", "", block.title ? el("figcaption", "", withEmoji(block.title.text ?? "")) : null, picture(block));
    case "input": return field(block, context);
    case "rich_text": return richText(block);
    case "markdown": return unknown("A “markdown” block", block.text);
    default: return unknown(`A “${block.type}” block`, block.title?.text ?? block.alt_text);
  }
}

function section(block, context) {
  const said = el("div", "said", block.text ? textOf(block.text) : null);
  if (block.fields?.length) said.append(el("div", "fields", ...block.fields.map(textOf)));
  return el("div", "section", said, block.accessory ? element(block, block.accessory, context) : null);
}

/** A picture is never fetched: its place and its description are drawn. */
function picture(image, size = "") {
  const node = el("div", `picture ${size}`, icon("picture"), el("span", size === "tiny" ? "hidden" : "", image.alt_text ?? "A picture"));
  node.setAttribute("role", "img");
  node.setAttribute("aria-label", image.alt_text ?? "A picture");
  node.title = image.alt_text ?? "";
  return node;
}

/** An element that acts when it is used. */
function element(block, item, context) {
  const use = async (node, value, undo) => {
    if (!await confirmed(item.confirm)) { undo?.(); return; }
    node.setAttribute("aria-busy", "true");
    try { await context.use(block, item, value); } finally { node.removeAttribute("aria-busy"); }
  };
  switch (item.type) {
    case "image": return picture(item, "small");
    case "button": return pressed(item, use);
    case "overflow": return overflow(item, use);
    default: return chosen(block, item, context, use);
  }
}

function pressed(item, use) {
  const node = button(`button ${item.style ?? ""}`, withEmoji(item.text?.text ?? ""), () => {
    if (node.getAttribute("aria-busy")) return;
    if (item.url) window.open(item.url, "_blank", "noopener,noreferrer");
    use(node, null);
  });
  if (item.accessibility_label) node.setAttribute("aria-label", item.accessibility_label);
  return node;
}

function overflow(item, use) {
  const items = (item.options ?? []).map((one) => ({ text: withEmoji(one.text?.text ?? one.value), act: () => use(node, one.value) }));
  const node = button("button square", icon("more"), () => openMenu(node, "Options", items), "More options");
  node.setAttribute("aria-haspopup", "menu");
  return node;
}

function chosen(block, item, context, use) {
  const made = control(item, context.values?.[block.block_id]?.[item.action_id]);
  if (!made) return unknown(`A “${item.type}” element`);
  made.node.setAttribute("aria-label", item.placeholder?.text ?? item.action_id ?? "Choose");
  if (made.group) made.node.setAttribute("role", item.type === "radio_buttons" ? "radiogroup" : "group");
  made.node.addEventListener("change", () => use(made.node, made.value(), made.reset));
  return made.node;
}

/** A labelled field. */
function field(block, context) {
  const item = block.element ?? {};
  const made = control(item, context.values?.[block.block_id]?.[item.action_id]);
  const id = `f-${block.block_id}`;
  const root = el(made?.group ? "fieldset" : "div", "field");
  const name = el(made?.group ? "legend" : "label", "", withEmoji(block.label?.text ?? ""));
  if (block.optional) name.append(" ", el("span", "optional", "(optional)"));
  root.append(name);
  if (!made) {
    root.append(unknown(`A “${item.type}” field`));
    return root;
  }
  if (!made.group) {
    name.htmlFor = id;
    made.node.id = id;
  }
  const error = el("div", "error");
  error.id = `${id}-error`;
  error.setAttribute("role", "alert");
  const hint = block.hint ? el("div", "hint", withEmoji(block.hint.text)) : null;
  if (hint) hint.id = `${id}-hint`;
  made.node.setAttribute("aria-describedby", [hint?.id, error.id].filter(Boolean).join(" "));
  root.append(made.node, ...(hint ? [hint] : []), error);
  if (block.dispatch_action) dispatch(block, item, made, context);
  context.fields?.set(block.block_id, {
    value: made.value,
    fail(message) {
      error.textContent = message ?? "";
      if (message) made.node.setAttribute("aria-invalid", "true");
      else made.node.removeAttribute("aria-invalid");
    },
    focus: () => (made.group ? made.node.querySelector("input") : made.node)?.focus(),
  });
  return root;
}

/** A field that tells the app at once: text on Enter, everything else when it changes. */
function dispatch(block, item, made, context) {
  const tell = () => context.use(block, item, made.value());
  if (!item.type.endsWith("_input")) { made.node.addEventListener("change", tell); return; }
  made.node.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); tell(); }
  });
}
