// The controls of Block Kit's elements: each is its node, how to read it, and whether it is a group of several.

import { choices } from "./choices.js";
import { avatar, el, icon } from "./draw.js";
import { withEmoji } from "./emoji.js";
import { external, files } from "./external.js";
import { finder } from "./finder.js";
import { onTheWall, person, placeName, state, wallTime } from "./store.js";

const NOBODY = "Nobody is called that.";
const people = () => [["", state.people
  .filter((one) => !one.deleted && one.id !== "USLACKBOT")
  .map((one) => ({
    value: one.id, text: one.shown || one.name, sign: () => avatar(one, true),
    about: [one.id === state.as ? "you" : "", one.is_bot ? "app" : "", `@${one.name}`, one.title, one.department].filter(Boolean).join(" · "),
  }))
  .sort((one, other) => one.text.localeCompare(other.text))]];
const conversation = (one) => ({
  value: one.id, text: one.others ? placeName(one) : one.name, about: one.topic,
  sign: () => (one.kind === "im" ? avatar(person(one.others[0]), true) : icon({ public_channel: "hash", mpim: "people" }[one.kind] ?? "lock")),
});
const channels = () => [["", state.channels.filter((one) => one.kind === "public_channel" && !one.archived).map(conversation)]];
const conversations = (item) => {
  const kinds = { public: "public_channel", private: "private_channel", im: "im", mpim: "mpim" };
  const wanted = item.filter?.include?.map((kind) => kinds[kind]) ?? Object.values(kinds);
  return [["", state.channels.filter((one) => wanted.includes(one.kind) && !one.archived && (one.member || one.kind === "public_channel")).map(conversation)]];
};
const optionsOf = (item) => (item.options ?? []).map((one) => [one.value, one.text?.text ?? one.value, one]);

/**
 * The control of an element, filled in with `held`, or with what it starts with; nothing when it is not known here. `ask` asks the app
 * for options, and an `optional` choice can be taken back.
 */
export function control(item, held, { optional, ask } = {}) {
  const start = (key) => (held ? held[`selected_${key}`] : item[`initial_${key}`]);
  const most = item.max_selected_items;
  const shows = { optional, placeholder: item.placeholder?.text ?? "Type to find…" };
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
    case "users_select": return finder(people(), [start("user")], { ...shows, none: NOBODY, single: true });
    case "channels_select": return finder(channels(), [start("channel")], { ...shows, single: true });
    case "conversations_select": return finder(conversations(item), [start("conversation") ?? usual(item)], { ...shows, single: true });
    case "radio_buttons": return choices([["", optionsOf(item)]], "radio", [start("option")?.value]);
    case "checkboxes": return choices([["", optionsOf(item)]], "checkbox", valuesOf(start("options")));
    case "multi_static_select": return finder(plainGroups(item), valuesOf(start("options")), { ...shows, most });
    case "multi_users_select": return finder(people(), start("users") ?? [], { ...shows, none: NOBODY, most });
    case "multi_channels_select": return finder(channels(), start("channels") ?? [], { ...shows, most });
    case "multi_conversations_select": return finder(conversations(item), start("conversations") ?? usual(item, []), { ...shows, most });
    case "external_select": return external(item, [start("option")].filter(Boolean), ask, shows);
    case "multi_external_select": return external(item, start("options") ?? [], ask, shows);
    case "file_input": return files(item);
    default: return null;
  }
}

const valuesOf = (options) => (options ?? []).map((one) => one.value);
const usual = (item, none) => (item.default_to_current_conversation ? (none ? [state.channel] : state.channel) : none);
const groupsOf = (item) => (item.option_groups ? item.option_groups.map((group) => [group.label?.text ?? "", optionsOf(group)]) : [["", optionsOf(item)]]);
const plainGroups = (item) => groupsOf(item).map(([label, options]) => [
  label, options.map(([value, text, option]) => ({ value, text: withEmoji(text), about: withEmoji(option.description?.text ?? "") }))]);
const plainOf = (rich) => (rich ? (rich.elements ?? []).map((one) => one.text ?? plainOf(one)).join("") : "");

function typed(type, item, held) {
  const node = el(type === "textarea" ? "textarea" : "input");
  if (type === "textarea") node.rows = 3;
  else node.type = type;
  if (type === "number" && item.is_decimal_allowed) node.step = "any";
  if (type === "number") { node.min = item.min_value ?? ""; node.max = item.max_value ?? ""; }
  if (["textarea", "text"].includes(type)) node.dir = "auto";
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

const ruler = document.createElement("canvas").getContext("2d");
/** Pixels of a menu that its words don't have. */
const MENU_EDGES_PX = 40;

/** A menu. A choice that is wider than the menu stands whole below it. */
function select(groups, item, chosen, optional) {
  const node = el("select");
  const known = groups.some(([, options]) => options.some(([value]) => value === chosen));
  if (optional || !known) node.append(new Option(item.placeholder?.text ?? "Choose…", ""));
  for (const [label, options] of groups) {
    const into = label ? Object.assign(el("optgroup"), { label }) : node;
    for (const [value, text] of options) into.append(new Option(withEmoji(text), value, false, value === chosen));
    if (label) node.append(into);
  }
  const whole = el("small", "hint");
  whole.setAttribute("aria-hidden", "true");
  const show = () => {
    const words = node.selectedOptions[0]?.text ?? "";
    ruler.font = getComputedStyle(node).font;
    whole.textContent = node.value && ruler.measureText(words).width > node.clientWidth - MENU_EDGES_PX ? words : "";
  };
  node.addEventListener("change", show);
  new ResizeObserver(show).observe(node);
  return { node: el("span", "select", node, whole), field: node, value: () => node.value, set(value) { node.value = value; show(); } };
}
