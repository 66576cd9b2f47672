// Draws the modal on top of a person's stack, and submits it.

import { drawBlocks } from "./blocks.js";
import { button, el, icon, marksMore } from "./draw.js";
import { post, refresh, state } from "./store.js";
import { isTouch, takesFocus } from "./touch.js";
import { gather, using } from "./using.js";

const TROUBLE = "We had some trouble connecting. Try again?";
/** What can take the focus. */
const CONTROL = "input, textarea, select";
let shown = "";
let fields = new Map();

/** Draws the top modal, if it is another one than before. */
export function drawModal(dialog) {
  const view = state.modals.at(-1);
  const sign = view ? `${state.as} ${view.id} ${view.hash}` : "";
  if (sign === shown) return;
  const same = view && shown.startsWith(`${state.as} ${view.id} `);
  shown = sign;
  if (!view) { close(dialog); return; }
  const focused = same ? document.activeElement?.id : "";
  // A form begins at its top; one that has changed around its fields stays where it is read.
  const stays = same && view.blocks.some((block) => fields.has(block.block_id));
  const scrolled = stays ? dialog.querySelector(".blocks").scrollTop : 0;
  const trouble = el("p", "trouble");
  trouble.setAttribute("role", "status");
  const told = async (answering) => {
    trouble.textContent = "";
    const answer = await answering;
    if (answer.status !== "answered") trouble.textContent = TROUBLE;
    return answer;
  };
  const context = using({ view: "modal" }, view.state.values, told);
  fields = context.fields;
  const title = el("h2", "", view.title?.text ?? "");
  title.id = "modal-title";
  const leave = () => post("close", {});
  const send = view.submit ? button("button primary", view.submit.text) : null;
  if (send) send.type = "submit";
  const back = state.modals.length > 1 ? "Back" : (view.close?.text ?? "Cancel");
  const away = button("button", back, leave);
  const form = el("form", "",
    el("header", "", title, button("plain square", icon("close"), leave, "Close")),
    drawBlocks(view.blocks, context),
    el("footer", "", trouble, away, send));
  form.noValidate = true;
  form.addEventListener("submit", (event) => { event.preventDefault(); if (send) submit(send, trouble); });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && send && !send.disabled) { event.preventDefault(); form.requestSubmit(send); }
  });
  dialog.replaceChildren(form);
  marksMore(form.querySelector(".blocks"));
  if (!dialog.open) dialog.showModal();
  const wanted = form.querySelector("[data-first]");
  const held = focused && document.getElementById(focused);
  const first = held || (wanted?.matches(CONTROL) ? wanted : wanted?.querySelector(CONTROL)) || form.querySelector(`.field :is(${CONTROL})`) || send || away;
  form.querySelector(".blocks").scrollTop = scrolled;
  (held || takesFocus(first, form) ? first : dialog).focus({ preventScroll: !stays });
}

/** Closes it. The focus goes back to where it was; if that is gone, to the field for a message, as a person at a keyboard writes on. */
function close(dialog) {
  dialog.close();
  const at = document.activeElement;
  if ((at === document.body || dialog.contains(at)) && !isTouch()) document.querySelector("#composer textarea")?.focus();
}

async function submit(send, trouble) {
  send.disabled = true;
  trouble.textContent = "";
  for (const field of fields.values()) field.fail(null);
  try {
    const answer = await post("submit", { values: gather(fields) });
    if (answer.status === "no_answer") trouble.textContent = TROUBLE;
    const errors = answer.errors ?? {};
    for (const [block, message] of Object.entries(errors)) fields.get(block)?.fail(message);
    // The first one on the page, whichever the app has named first.
    [...fields].find(([block]) => block in errors)?.[1].show();
  } catch (error) {
    trouble.textContent = error.message;
  } finally {
    send.disabled = false;
    refresh();
  }
}

/** Escape closes the top modal and tells the app. */
export function useModal(dialog) {
  dialog.addEventListener("cancel", (event) => { if (event.target === dialog) { event.preventDefault(); post("close", {}); } });
}
