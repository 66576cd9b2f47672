// The controls of Block Kit's elements: each is its node, how to read it, and whether it is a group of several.

import { el } from "./draw.js";
import { withEmoji } from "./emoji.js";
import { mrkdwn } from "./mrkdwn.js";
import { names, onTheWall, placeName, state, wallTime } from "./store.js";

/** Choices from which on one can look for one by typing. */
const MANY = 9;

const people = () => state.people
  .filter((one) => !one.deleted && one.id !== "USLACKBOT")
  .map((one) => [one.id, one.shown || one.name])
  .sort(([, one], [, other]) => one.localeCompare(other));
const channels = () => state.channels.filter((one) => one.kind === "public_channel" && !one.archived).map((one) => [one.id, placeName(one)]);
const conversations = (item) => {
  const kinds = { public: "public_channel", private: "private_channel", im: "im", mpim: "mpim" };
  const wanted = item.filter?.include?.map((kind) => kinds[kind]) ?? Object.values(kinds);
  return state.channels.filter((one) => wanted.includes(one.kind) && !one.archived && (one.member || one.kind === "public_channel")).map((one) => [one.id, placeName(one)]);
};
const optionsOf = (item) => (item.options ?? []).map((one) => [one.value, one.text?.text ?? one.value, one]);

/** The control of an element, filled in with `held`, or with what it starts with; nothing when it is not known here. */
export function control(item, held) {
  const start = (key) => held?.[`selected_${key}`] ?? item[`initial_${key}`];
  switch (item.type) {
    case "plain_text_input": return typed(item.multiline ? "textarea" : "text", item, held);
    case "rich_text_input": return typed("textarea", item, { value: plainOf(held?.rich_text_value ?? item.initial_value) });
    case "number_input": return typed("number", item, held);
    case "email_text_input": return typed("email", item, held);
    case "url_text_input": return typed("url", item, held);
    case "datepicker": return typed("date", item, { value: start("date") });
    case "timepicker": return typed("time", item, { value: start("time") });
    case "datetimepicker": return moment(item, start("date_time"));
    case "static_select": return select(groupsOf(item), item, start("option")?.value);
    case "users_select": return select([["", people()]], item, start("user"));
    case "channels_select": return select([["", channels()]], item, start("channel"));
    case "conversations_select": return select([["", conversations(item)]], item, start("conversation") ?? usual(item));
    case "radio_buttons": return choices(optionsOf(item), "radio", [start("option")?.value]);
    case "checkboxes": return choices(optionsOf(item), "checkbox", valuesOf(start("options")));
    case "multi_static_select": return many(groupsOf(item).flatMap(([, options]) => options), valuesOf(start("options")));
    case "multi_users_select": return many(people(), start("users") ?? []);
    case "multi_channels_select": return many(channels(), start("channels") ?? []);
    case "multi_conversations_select": return many(conversations(item), start("conversations") ?? []);
    default: return null;
  }
}

const valuesOf = (options) => (options ?? []).map((one) => one.value);
const usual = (item) => (item.default_to_current_conversation ? state.channel : undefined);
const groupsOf = (item) => (item.option_groups ? item.option_groups.map((group) => [group.label?.text ?? "", optionsOf(group)]) : [["", optionsOf(item)]]);
const plainOf = (rich) => (rich ? (rich.elements ?? []).map((one) => one.text ?? plainOf(one)).join("") : "");

function typed(type, item, held) {
  const node = el(type === "textarea" ? "textarea" : "input");
  if (type === "textarea") node.rows = 3;
  else node.type = type;
  if (type === "number" && item.is_decimal_allowed) node.step = "any";
  node.placeholder = item.placeholder?.text ?? "";
  node.value = held?.value ?? item.initial_value ?? "";
  return { node, value: () => node.value };
}

function moment(item, seconds) {
  const node = el("input");
  node.type = "datetime-local";
  node.value = seconds ? onTheWall(seconds * 1000) : "";
  return { node, value: () => (node.value ? String(wallTime(node.value) / 1000) : "") };
}

function select(groups, item, chosen) {
  const node = el("select");
  const known = groups.some(([, options]) => options.some(([value]) => value === chosen));
  if (!known) node.append(new Option(item.placeholder?.text ?? "Choose…", ""));
  for (const [label, options] of groups) {
    const into = label ? Object.assign(el("optgroup"), { label }) : node;
    for (const [value, text] of options) into.append(new Option(withEmoji(text), value, false, value === chosen));
    if (label) node.append(into);
  }
  const before = node.value;
  return { node, value: () => node.value, reset: () => { node.value = before; } };
}

let groups = 0;

function choices(options, type, chosen) {
  const name = `choice-${(groups += 1)}`;
  const node = el("div", "choices");
  for (const [value, text, option] of options) {
    const box = Object.assign(el("input"), { type, name, value, checked: chosen.includes(value) });
    const words = option?.text?.type === "mrkdwn" ? mrkdwn(text, names) : withEmoji(text);
    const about = option?.description ? el("small", "", withEmoji(option.description.text ?? "")) : null;
    node.append(el("label", "", box, el("span", "", words, about)));
  }
  const value = () => {
    const checked = [...node.querySelectorAll("input:checked")].map((box) => box.value);
    return type === "radio" ? (checked[0] ?? "") : checked;
  };
  return { node, value, group: true };
}

/** Several of many: boxes to tick, and a field to look for one where they are a lot. */
function many(options, chosen) {
  const made = choices(options, "checkbox", chosen);
  made.node.classList.add("many");
  if (options.length >= MANY) {
    const find = Object.assign(el("input", "find"), { type: "search", placeholder: "Find…" });
    find.setAttribute("aria-label", "Find");
    find.addEventListener("change", (event) => event.stopPropagation());
    find.addEventListener("input", () => {
      const typed = find.value.toLowerCase();
      for (const label of made.node.querySelectorAll("label")) label.hidden = !label.textContent.toLowerCase().includes(typed);
    });
    made.node.prepend(find);
  }
  return made;
}
