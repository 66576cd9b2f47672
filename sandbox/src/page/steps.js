// The card of steps to try, with ticks for those that are done.

import { button, el, icon } from "./draw.js";
import { state } from "./store.js";

const $ = (id) => document.getElementById(id);
let shown = "";

/** Draws the card when something of it changed. */
export function drawSteps() {
  const steps = state.steps ?? [];
  const away = sessionStorage.getItem("steps") === "away";
  $("steps").hidden = away || !steps.length;
  const sign = JSON.stringify(steps);
  if (sign === shown) return;
  const first = !shown;
  shown = sign;
  const done = steps.filter((step) => step.done).length;
  const next = steps.find((step) => !step.done);
  const was = $("steps").querySelector("details")?.open;
  const rows = steps.map((step) => el("li", step.done ? "done" : step === next ? "next" : "",
    el("span", "tick", step.done ? "✓" : ""), el("div", "", el("b", "", step.title), el("span", "hidden", step.done ? " (done)" : ""), step === next ? el("small", "", step.hint) : null)));
  const words = next ? el("b", "", "Try this", el("span", "title", `: ${next.title}`)) : el("b", "", "You have tried it all");
  const card = el("details", "", el("summary", "", words, el("span", "count", `${done} of ${steps.length}`)), el("ol", "", ...rows));
  // A wide page has room for all of it.
  card.open = first ? innerWidth > 1100 : was;
  const close = button("plain square", icon("close"), () => { sessionStorage.setItem("steps", "away"); drawSteps(); }, "Put this card away");
  $("steps").replaceChildren(card, close);
}
