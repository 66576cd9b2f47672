// The controls of Block Kit's elements: each is its node, how to read it, and whether it is a group of several.

import { choices, many } from "./choices.js";
import { el } from "./draw.js";
import { withEmoji } from "./emoji.js";
import { external, files } from "./external.js";
import { onTheWall, placeName, state, wallTime } from "./store.js";

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

/**
 * The control of an element, filled in with `held`, or with what it starts with; nothing when it is not known here. `ask` asks the app
 * for options, and an `optional` choice can be taken back.
 */
export function control(item, held, { optional, ask } = {}) {
  const start = (key) => (held ? held[`selected_${key}`] : item[`initial_${key}`]);
  const most = item.max_selected_items;
  switch (item.type) {
    case "plain_text_input": return typed(item.multiline ? "textarea" : "text", item, held);
    case "rich_text_input": return typed("textarea", item, { value: plainOf(held?.rich_text_value ?? item.initial_value) });
    case "number_input": return typed("number", item, held);
    case "email_text_input": return typed("email", item, held);
    case "url_text_input": return typed("url", item, held);
    case "datepicker": return typed("date", item, { value: start("date") });
    case "timepicker": return typed("time", item, { value: start("time") });
    case "datetimepicker": return moment(item, start("date_time"));
    case "static_select": return select(groupsOf(item), item, start("option")?.value, optional);
    case "users_select": return select([["", people()]], item, start("user"), optional);
    case "channels_select": return select([["", channels()]], item, start("channel"), optional);
    case "conversations_select": return select([["", conversations(item)]], item, start("conversation") ?? usual(item), optional);
    case "radio_buttons": return choices([["", optionsOf(item)]], "radio", [start("option")?.value]);
    case "checkboxes": return choices([["", optionsOf(item)]], "checkbox", valuesOf(start("options")));
    case "multi_static_select": return many(groupsOf(item), valuesOf(start("options")), most);
    case "multi_users_select": return many([["", people()]], start("users") ?? [], most);
    case "multi_channels_select": return many([["", channels()]], start("channels") ?? [], most);
    case "multi_conversations_select": return many([["", conversations(item)]], start("conversations") ?? usual(item, []), most);
    case "external_select": return external(item, [start("option")].filter(Boolean), ask);
    case "multi_external_select": return external(item, start("options") ?? [], ask);
    case "file_input": return files(item);
    default: return null;
  }
}

const valuesOf = (options) => (options ?? []).map((one) => one.value);
const usual = (item, none) => (item.default_to_current_conversation ? (none ? [state.channel] : state.channel) : none);
const groupsOf = (item) => (item.option_groups ? item.option_groups.map((group) => [group.label?.text ?? "", optionsOf(group)]) : [["", optionsOf(item)]]);
const plainOf = (rich) => (rich ? (rich.elements ?? []).map((one) => one.text ?? plainOf(one)).join("") : "");

function typed(type, item, held) {
  const node = el(type === "textarea" ? "textarea" : "input");
  if (type === "textarea") node.rows = 3;
  else node.type = type;
  if (type === "number" && item.is_decimal_allowed) node.step = "any";
  if (type === "number") { node.min = item.min_value ?? ""; node.max = item.max_value ?? ""; }
  node.placeholder = item.placeholder?.text ?? "";
  node.value = held?.value ?? item.initial_value ?? "";
  return { node, value: () => node.value, set: (value) => { node.value = value; } };
}

function moment(item, seconds) {
  const node = el("input");
  node.type = "datetime-local";
  node.value = seconds ? onTheWall(seconds * 1000) : "";
  return { node, value: () => (node.value ? String(wallTime(node.value) / 1000) : ""), set: (value) => { node.value = value ? onTheWall(value * 1000) : ""; } };
}

function select(groups, item, chosen, optional) {
  const node = el("select");
  const known = groups.some(([, options]) => options.some(([value]) => value === chosen));
  if (optional || !known) node.append(new Option(item.placeholder?.text ?? "Choose…", ""));
  for (const [label, options] of groups) {
    const into = label ? Object.assign(el("optgroup"), { label }) : node;
    for (const [value, text] of options) into.append(new Option(withEmoji(text), value, false, value === chosen));
    if (label) node.append(into);
  }
  return { node, value: () => node.value, set: (value) => { node.value = value; } };
}
