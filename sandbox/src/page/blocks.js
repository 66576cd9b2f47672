// Draws Block Kit. `use(block, element, value)` is called when someone uses an element.

import { el, emoji, icon, mrkdwn } from "./mrkdwn.js";

export function drawBlocks(blocks, context) {
  const root = el("div", "blocks");
  for (const block of blocks ?? []) root.append(drawBlock(block, context));
  return root;
}

export function textOf(text, context) {
  if (!text) return el("span");
  if (text.type === "mrkdwn") return mrkdwn(text.text, context.names);
  return el("div", "mrkdwn", (text.text ?? "").replace(/:([a-z0-9_+-]+):/g, (_, name) => emoji(name)));
}

function drawBlock(block, context) {
  switch (block.type) {
    case "section": return section(block, context);
    case "header": return el("h3", "header", textOf(block.text, context));
    case "divider": return el("hr");
    case "context": return el("div", "context", ...(block.elements ?? []).map((one) => one.type === "image" ? picture(one) : textOf(one, context)));
    case "actions": return el("div", "actions", ...(block.elements ?? []).map((one) => element(block, one, context)));
    case "image": return picture(block);
    case "input": return field(block, context);
    case "rich_text": return el("div", "mrkdwn", richText(block, context));
    default: return el("div", "picture", `A “${block.type}” block, which this page does not draw`);
  }
}

function section(block, context) {
  const said = el("div", "said", block.text ? textOf(block.text, context) : null);
  if (block.fields?.length) said.append(el("div", "fields", ...block.fields.map((one) => textOf(one, context))));
  const beside = block.accessory ? element(block, block.accessory, context) : null;
  return el("div", "section", said, beside);
}

function picture(image) {
  return el("div", "picture", icon("picture"), image.title?.text ?? image.alt_text ?? "A picture");
}

function richText(node, context) {
  if (node.type === "text") return node.text;
  if (node.type === "user") return `@${context.names.person(node.user_id) ?? node.user_id}`;
  if (node.type === "emoji") return emoji(node.name);
  if (node.type === "link") return node.text ?? node.url;
  const end = node.type === "rich_text_section" || node.type === "rich_text_list" ? "" : "\n";
  return (node.elements ?? []).map((one) => richText(one, context)).join("") + end;
}

const label = (element) => element.placeholder?.text ?? element.action_id ?? "Choose";
const optionsOf = (element) => [...(element.options ?? []), ...(element.option_groups ?? []).flatMap((group) => group.options)];

/** An element of a message, a modal or a Home that acts when it is used. */
function element(block, item, context) {
  const use = async (node, value) => {
    if (item.confirm && !window.confirm(`${item.confirm.title?.text ?? ""}\n\n${item.confirm.text?.text ?? ""}`)) return;
    node.disabled = true;
    try { await context.use(block, item, value); } finally { node.disabled = false; }
  };
  if (item.type === "image") return picture(item);
  if (item.type === "button") {
    const node = el("button", `button ${item.style ?? ""}`, textOf(item.text, context));
    node.type = "button";
    if (item.accessibility_label) node.setAttribute("aria-label", item.accessibility_label);
    node.addEventListener("click", () => use(node, null));
    return node;
  }
  const control = input(item, undefined, context);
  if (!control) return el("div", "picture", `A “${item.type}” element, which this page does not draw`);
  control.node.setAttribute("aria-label", label(item));
  control.node.addEventListener("change", () => use(control.node, control.value()));
  return control.node;
}

/** A labelled field of a modal. */
function field(block, context) {
  const item = block.element ?? {};
  const state = context.values?.[block.block_id]?.[item.action_id];
  const control = input(item, state, context);
  const id = `f-${block.block_id}`;
  const group = control?.group;
  const root = el(group ? "fieldset" : "div", "field");
  const name = el(group ? "legend" : "label", "", textOf(block.label, context).textContent);
  if (block.optional) name.append(" ", el("span", "optional", "(optional)"));
  root.append(name);
  if (!control) {
    root.append(el("div", "picture", `A “${item.type}” field, which this page does not draw`));
    return root;
  }
  if (!group) {
    name.htmlFor = id;
    control.node.id = id;
  }
  const error = el("div", "error");
  error.id = `${id}-error`;
  error.setAttribute("role", "alert");
  control.node.setAttribute("aria-describedby", error.id);
  root.append(control.node);
  if (block.hint) root.append(el("div", "hint", block.hint.text));
  root.append(error);
  context.fields?.set(block.block_id, {
    value: control.value,
    fail(message) {
      error.textContent = message ?? "";
      if (message) control.node.setAttribute("aria-invalid", "true");
      else control.node.removeAttribute("aria-invalid");
    },
    focus: () => (group ? control.node.querySelector("input") : control.node)?.focus(),
  });
  return root;
}

/** The control for an element: its node, how to read it, and whether it is a group of several. */
function input(item, state, context) {
  const people = () => context.people
    .filter((one) => !one.deleted && one.id !== "USLACKBOT")
    .map((one) => [one.id, one.shown || one.name])
    .sort(([, one], [, other]) => one.localeCompare(other));
  const channels = () => context.channels.filter((one) => one.name).map((one) => [one.id, `#${one.name}`]);
  const options = () => optionsOf(item).map((one) => [one.value, one.text?.text ?? one.value]);
  const chosen = (key) => (state?.[key] ?? item[`initial_${key.slice(9)}`] ?? []);
  switch (item.type) {
    case "plain_text_input": return typed(el(item.multiline ? "textarea" : "input"), item, state);
    case "number_input": return typed(Object.assign(el("input"), { type: "number" }), item, state);
    case "email_text_input": return typed(Object.assign(el("input"), { type: "email" }), item, state);
    case "url_text_input": return typed(Object.assign(el("input"), { type: "url" }), item, state);
    case "datepicker": return typed(Object.assign(el("input"), { type: "date" }), item, { value: state?.selected_date ?? item.initial_date });
    case "timepicker": return typed(Object.assign(el("input"), { type: "time" }), item, { value: state?.selected_time ?? item.initial_time });
    case "static_select": case "overflow": return select(options(), item, chosen("selected_option").value);
    case "users_select": return select(people(), item, chosen("selected_user"));
    case "channels_select": case "conversations_select": return select(channels(), item, state?.selected_channel ?? state?.selected_conversation);
    case "radio_buttons": return choices(options(), "radio", [chosen("selected_option").value]);
    case "checkboxes": return choices(options(), "checkbox", chosen("selected_options").map((one) => one.value));
    case "multi_static_select": return choices(options(), "checkbox", chosen("selected_options").map((one) => one.value), true);
    case "multi_users_select": return choices(people(), "checkbox", chosen("selected_users"), true);
    case "multi_channels_select": case "multi_conversations_select": return choices(channels(), "checkbox", state?.selected_channels ?? state?.selected_conversations ?? [], true);
    default: return null;
  }
}

function typed(node, item, state) {
  if (node.tagName === "TEXTAREA") node.rows = 3;
  node.placeholder = item.placeholder?.text ?? "";
  node.value = state?.value ?? item.initial_value ?? "";
  return { node, value: () => node.value };
}

function select(options, item, chosen) {
  const node = el("select");
  if (!options.some(([value]) => value === chosen)) node.append(new Option(item.placeholder?.text ?? (item.type === "overflow" ? "⋯" : "Choose…"), ""));
  for (const [value, text] of options) node.append(new Option(text, value, false, value === chosen));
  return { node, value: () => node.value };
}

let groups = 0;

function choices(options, type, chosen, many = false) {
  const name = `choice-${(groups += 1)}`;
  const node = el("div", many ? "choices many" : "choices");
  for (const [value, text] of options) {
    const box = Object.assign(el("input"), { type, name, value, checked: chosen.includes(value) });
    node.append(el("label", "", box, el("span", "", text)));
  }
  const value = () => {
    const checked = [...node.querySelectorAll("input:checked")].map((box) => box.value);
    return type === "radio" ? (checked[0] ?? "") : checked;
  };
  return { node, value, group: true };
}
