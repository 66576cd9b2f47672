// Checkboxes and radio buttons.

import { el } from "./draw.js";
import { withEmoji } from "./emoji.js";
import { mrkdwn } from "./mrkdwn.js";
import { names } from "./store.js";

let sets = 0;

/** Choices in groups, each `[label, [[value, text, option]]]`; `most` is how many may be ticked. */
export function choices(groups, type, chosen, most = Infinity) {
  const name = `choice-${(sets += 1)}`;
  const node = el("div", "choices");
  for (const [label, options] of groups) {
    const rows = options.map((option) => row(option, { type, name }, chosen));
    if (!label) { node.append(...rows); continue; }
    const group = el("div", "group", el("b", "", withEmoji(label)), ...rows);
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", label);
    node.append(group);
  }
  const boxes = () => [...node.querySelectorAll("input:is([type=radio], [type=checkbox])")];
  const ticked = () => boxes().filter((box) => box.checked).map((box) => box.value);
  const limit = () => { const full = ticked().length >= most; for (const box of boxes()) box.disabled = type === "checkbox" && full && !box.checked; };
  node.addEventListener("change", limit);
  limit();
  return {
    node,
    group: true,
    value: () => (type === "radio" ? (ticked()[0] ?? "") : ticked()),
    set(values) { for (const box of boxes()) box.checked = [values].flat().includes(box.value); limit(); },
  };
}

function row([value, text, option], { type, name }, chosen) {
  const box = Object.assign(el("input"), { type, name, value, checked: chosen.includes(value) });
  const said = (one) => (one.type === "mrkdwn" ? mrkdwn(one.text ?? "", names) : withEmoji(one.text ?? ""));
  const about = option?.description ? el("small", "", said(option.description)) : null;
  return el("label", "", box, el("span", "", said(option?.text ?? { text }), about));
}
