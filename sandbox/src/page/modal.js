// Draws the modal on top of a person's stack, and submits it.

import { drawBlocks } from "./blocks.js";
import { el } from "./mrkdwn.js";

let shown = "";

export function drawModal(dialog, state, { names, post, refresh }) {
  const view = state.modals.at(-1);
  const sign = view ? `${state.as} ${view.id} ${view.hash}` : "";
  if (sign === shown) return;
  shown = sign;
  if (!view) { dialog.close(); return; }
  const fields = new Map();
  const values = () => Object.fromEntries([...fields].map(([block, field]) => [block, field.value()]));
  const trouble = el("p", "trouble");
  trouble.setAttribute("role", "status");
  const use = async (block, item, value) => {
    const answer = await post("click", { view: "modal", block_id: block.block_id, action_id: item.action_id, value, values: values() });
    if (answer.status !== "answered") trouble.textContent = "The app did not answer.";
  };
  const context = { names, use, fields, values: view.state.values, people: state.people, channels: state.channels };
  const title = el("h2", "", view.title?.text ?? "");
  title.id = "modal-title";
  const close = button("button", view.close?.text ?? "Cancel");
  const send = view.submit ? button("button primary", view.submit.text) : null;
  if (send) send.type = "submit";
  const form = el("form", "", el("header", "", title), drawBlocks(view.blocks, context), el("footer", "", trouble, close, send));
  form.noValidate = true;
  close.addEventListener("click", () => post("close", {}));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!send) return;
    send.disabled = true;
    trouble.textContent = "";
    for (const field of fields.values()) field.fail(null);
    try {
      const answer = await post("submit", { values: values() });
      if (answer.status === "no_answer") trouble.textContent = "We had some trouble connecting. Try again?";
      const wrong = Object.entries(answer.errors ?? {});
      for (const [block, message] of wrong) fields.get(block)?.fail(message);
      if (wrong.length) fields.get(wrong[0][0])?.focus();
    } catch (error) {
      trouble.textContent = error.message;
    } finally {
      send.disabled = false;
      refresh();
    }
  });
  dialog.oncancel = (event) => { event.preventDefault(); post("close", {}); };
  dialog.replaceChildren(form);
  if (!dialog.open) dialog.showModal();
  fields.values().next().value?.focus();
}

function button(className, text) {
  const node = el("button", className, text);
  node.type = "button";
  return node;
}
