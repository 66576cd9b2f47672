// Draws the modal on top of a person's stack, and submits it.

import { drawBlocks, gather } from "./blocks.js";
import { button, el, icon } from "./draw.js";
import { post, refresh, state } from "./store.js";

const TROUBLE = "We had some trouble connecting. Try again?";
let shown = "";
let fields = new Map();

/** Draws what lies on top, when that is something else than before. */
export function drawModal(dialog) {
  const view = state.modals.at(-1);
  const sign = view ? `${state.as} ${view.id} ${view.hash}` : "";
  if (sign === shown) return;
  const same = view && shown.startsWith(`${state.as} ${view.id} `);
  shown = sign;
  if (!view) { dialog.close(); return; }
  const focused = same ? document.activeElement?.id : "";
  fields = new Map();
  const trouble = el("p", "trouble");
  trouble.setAttribute("role", "status");
  const use = async (block, item, value) => {
    trouble.textContent = "";
    const answer = await post("click", { view: "modal", block_id: block.block_id, action_id: item.action_id, value, values: gather(fields) });
    if (answer.status !== "answered") trouble.textContent = TROUBLE;
  };
  const title = el("h2", "", view.title?.text ?? "");
  title.id = "modal-title";
  const close = () => post("close", {});
  const send = view.submit ? button("button primary", view.submit.text) : null;
  if (send) send.type = "submit";
  const back = state.modals.length > 1 ? "Back" : (view.close?.text ?? "Cancel");
  const form = el("form", "",
    el("header", "", title, button("plain square", icon("close"), close, "Close")),
    drawBlocks(view.blocks, { use, fields, values: view.state.values }),
    el("footer", "", trouble, button("button", back, close), send));
  form.noValidate = true;
  form.addEventListener("submit", (event) => { event.preventDefault(); if (send) submit(send, trouble); });
  dialog.replaceChildren(form);
  if (!dialog.open) dialog.showModal();
  const first = (focused && document.getElementById(focused)) || form.querySelector(".field :is(input, textarea, select)") || send;
  first?.focus();
}

async function submit(send, trouble) {
  send.disabled = true;
  trouble.textContent = "";
  for (const field of fields.values()) field.fail(null);
  try {
    const answer = await post("submit", { values: gather(fields) });
    if (answer.status === "no_answer") trouble.textContent = TROUBLE;
    const wrong = Object.entries(answer.errors ?? {});
    for (const [block, message] of wrong) fields.get(block)?.fail(message);
    if (wrong.length) fields.get(wrong[0][0])?.focus();
  } catch (error) {
    trouble.textContent = error.message;
  } finally {
    send.disabled = false;
    refresh();
  }
}

/** Escape closes what lies on top, and the app is told so. */
export function useModal(dialog) {
  dialog.addEventListener("cancel", (event) => { if (event.target === dialog) { event.preventDefault(); post("close", {}); } });
}
