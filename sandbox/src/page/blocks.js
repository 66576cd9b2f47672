// Draws Block Kit. `context` says how elements are used and takes in what can be filled in: see `using.js`.

import { confirmed } from "./confirm.js";
import { control } from "./controls.js";
import { button, el, icon, openMenu, unknown } from "./draw.js";
import { withEmoji } from "./emoji.js";
import { mrkdwn } from "./mrkdwn.js";
import { alertOf, cardOf, carousel, container, plan, task } from "./composed.js";
import { lead } from "./links.js";
import { chart, dataTable } from "./figures.js";
import { file, markdown, picture, table, video } from "./others.js";
import { richText } from "./rich.js";
import { names } from "./store.js";

/** Milliseconds in which a typed date may still change. */
const SETTLED_MS = 500;
/** The name of a control without a label. */
const CALLED = {
  datepicker: "Date", timepicker: "Time", datetimepicker: "Date and time", checkboxes: "Options", radio_buttons: "Options", users_select: "Person",
  multi_users_select: "People", channels_select: "Channel", multi_channels_select: "Channels", conversations_select: "Conversation",
  multi_conversations_select: "Conversations", rich_text_input: "Text",
};
/** Most letters of a section that are read out for the control beside it. */
const NAME_LETTERS = 80;

/** A list of blocks. */
export function drawBlocks(blocks, context) {
  return el("div", "blocks", ...(blocks ?? []).map((block) => drawBlock(block, context)));
}

/** A text object. */
export function textOf(text) {
  if (!text) return el("span");
  return text.type === "mrkdwn" ? mrkdwn(text.text ?? "", names) : el("div", "mrkdwn", withEmoji(text.text ?? ""));
}

function drawBlock(block, context) {
  const all = () => (block.elements ?? []).map((one) => element(block, one, context));
  const inside = { text: textOf, block: (one) => drawBlock(one, context), element: (one) => element(block, one, context) };
  switch (block.type) {
    case "section": return section(block, context);
    case "header": return el("h3", "header", withEmoji(block.text?.text ?? ""));
    case "divider": return el("hr");
    case "context": return el("div", "context", ...(block.elements ?? []).map((one) => (one.type === "image" ? picture(one, "tiny") : textOf(one))));
    case "actions": return el("div", "actions", ...all());
    case "context_actions": return el("div", "actions quiet", ...all());
    case "image": return el("figure", "", block.title ? el("figcaption", "", withEmoji(block.title.text ?? "")) : null, picture(block));
    case "input": return field(block, context);
    case "rich_text": return richText(block);
    case "markdown": return markdown(block.text ?? "");
    case "table": return table(block);
    case "data_table": return dataTable(block);
    case "data_visualization": return chart(block);
    case "card": return cardOf(block, inside);
    case "carousel": return carousel(block, inside);
    case "container": return container(block, inside);
    case "alert": return alertOf(block, inside);
    case "plan": return plan(block);
    case "task_card": return task(block);
    case "video": return video(block);
    case "file": return file(block);
    default: return unknown(`A “${block.type}” block`, block.title?.text ?? block.alt_text);
  }
}

function section(block, context) {
  const said = el("div", "said", block.text ? textOf(block.text) : null);
  if (block.fields?.length) said.append(el("div", "fields", ...block.fields.map(textOf)));
  return el("div", "section", said, block.accessory ? element(block, block.accessory, context) : null);
}

/** An element that acts when it is used. */
function element(block, item, context) {
  /** Returns whether it was used; a person may decline the confirmation. */
  const use = async (node, value) => {
    if (!await confirmed(item.confirm)) return false;
    node.setAttribute("aria-busy", "true");
    try { await context.use(block, item, value); } finally { node.removeAttribute("aria-busy"); }
    return true;
  };
  switch (item.type) {
    case "image": return picture(item, "small");
    case "button": return pressed(item, use);
    case "icon_button": return pressed(item, use, item.icon === "trash" ? icon("trash") : null);
    case "feedback_buttons": return el("div", "actions quiet", ...[item.positive_button, item.negative_button].map((one) => pressed(one ?? {}, (node) => use(node, one?.value ?? null))));
    case "overflow": return overflow(item, use);
    default: return chosen(block, item, context, use);
  }
}

function pressed(item, use, sign) {
  const words = withEmoji(item.text?.text ?? "");
  const node = button(`button ${["primary", "danger"].includes(item.style) ? item.style : ""}`, sign ?? words, () => {
    if (node.getAttribute("aria-busy")) return;
    lead(item.url);
    use(node, null);
  }, sign ? words : undefined);
  if (item.accessibility_label) node.setAttribute("aria-label", item.accessibility_label);
  return node;
}

function overflow(item, use) {
  const items = (item.options ?? []).map((one) => ({ text: withEmoji(one.text?.text ?? one.value), act: () => { lead(one.url); use(node, one.value); } }));
  const node = button("button square", icon("more"), () => openMenu(node, "Options", items), "More options");
  node.setAttribute("aria-haspopup", "menu");
  return node;
}

/** Returns the control of an element, with its earlier value, from here or from the node that it replaces. */
function made(block, item, context) {
  const options = { optional: block.optional, ask: (typed) => context.suggest(block, item, typed) };
  const one = control(item, context.values?.[block.block_id]?.[item.action_id], options);
  if (!one) return null;
  if (item.focus_on_load) one.node.dataset.first = "";
  one.field ??= one.node;
  const held = context.before?.[block.block_id];
  const mine = block.type === "input" ? held : held?.[item.action_id];
  if (mine !== undefined) one.set(mine);
  return one;
}

/** Keeps an element's value for a press of a button beside it. */
function keep(block, item, one, context) {
  if (!context.fields) return;
  const held = context.fields.get(block.block_id) ?? { parts: new Map(), fail() {}, show() {} };
  held.value = () => Object.fromEntries([...held.parts].map(([action, part]) => [action, part.value()]));
  held.parts.set(item.action_id, one);
  context.fields.set(block.block_id, held);
}

function chosen(block, item, context, use) {
  const one = made(block, item, context);
  if (!one) return unknown(`A “${item.type}” element`, item.text?.text);
  one.field.setAttribute("aria-label", item.placeholder?.text ?? block.text?.text?.slice(0, NAME_LETTERS) ?? CALLED[item.type] ?? "Choose");
  if (one.group) one.node.setAttribute("role", item.type === "radio_buttons" ? "radiogroup" : "group");
  keep(block, item, one, context);
  let before = one.value();
  whenChanged(one, async () => {
    if (await use(one.node, one.value())) before = one.value();
    else one.set(before);
  });
  return one.node;
}

/** Acts when a control's value changes; values that are typed in parts have to settle first. */
function whenChanged(one, act) {
  const parts = ["date", "time", "datetime-local"].includes(one.node.type);
  let settling = null;
  one.node.addEventListener("change", () => {
    clearTimeout(settling);
    if (parts) settling = setTimeout(act, SETTLED_MS);
    else act();
  });
}

/** A labelled field. */
function field(block, context) {
  const item = block.element ?? {};
  const one = made(block, item, context);
  const id = `f-${context.place ?? ""}${block.block_id}`;
  const root = el(one?.group ? "fieldset" : "div", "field");
  const name = el(one?.group ? "legend" : "label", "", withEmoji(block.label?.text ?? ""));
  if (block.optional) name.append(" ", el("span", "optional", "(optional)"));
  root.append(name);
  if (!one) {
    root.append(unknown(`A “${item.type}” field`));
    return root;
  }
  if (!one.group) {
    name.htmlFor = id;
    one.field.id = id;
  }
  const error = el("div", "error");
  error.id = `${id}-error`;
  error.setAttribute("role", "alert");
  const hint = block.hint ? el("div", "hint", withEmoji(block.hint.text ?? "")) : null;
  if (hint) hint.id = `${id}-hint`;
  one.field.setAttribute("aria-describedby", [hint?.id, error.id].filter(Boolean).join(" "));
  root.append(one.node, ...(hint ? [hint] : []), error);
  if (block.dispatch_action) dispatch(block, item, one, context);
  context.fields?.set(block.block_id, {
    value: one.value,
    fail(message) {
      error.textContent = message ?? "";
      if (message) one.field.setAttribute("aria-invalid", "true");
      else one.field.removeAttribute("aria-invalid");
    },
    /** Brings the field and its error into sight, with the focus. */
    show() {
      (one.group ? one.node.querySelector("input") : one.field)?.focus({ preventScroll: true });
      for (const part of [name, error]) part.scrollIntoView({ block: "nearest" });
    },
  });
  return root;
}

/** A field that tells the app at once: text on Enter, or with every letter where it says so, everything else when it changes. */
function dispatch(block, item, one, context) {
  const tell = async () => { if (await confirmed(item.confirm)) context.use(block, item, one.value()); };
  if (!item.type.endsWith("_input")) { whenChanged(one, tell); return; }
  const when = item.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  if (when.includes("on_character_entered")) one.node.addEventListener("input", tell);
  if (when.includes("on_enter_pressed")) {
    one.node.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.ctrlKey && !event.metaKey && !event.isComposing) { event.preventDefault(); tell(); }
    });
  }
}
