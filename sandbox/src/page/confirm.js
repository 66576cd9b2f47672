// Asks for confirmation.

import { button, el } from "./draw.js";
import { mrkdwn } from "./mrkdwn.js";
import { names } from "./store.js";

/** Shows a question over everything else; answers true for "yes". Escape is "no". */
export function ask({ title, text, confirm, deny, style }) {
  return new Promise((answer) => {
    const dialog = el("dialog", "confirm");
    const heading = el("h2", "", title);
    heading.id = "confirm-title";
    dialog.setAttribute("aria-labelledby", heading.id);
    const close = (sure) => () => { dialog.close(); dialog.remove(); answer(sure); };
    const yes = button(`button ${style === "danger" ? "danger" : "primary"}`, confirm, close(true));
    dialog.append(el("div", "", el("header", "", heading), el("div", "blocks", text), el("footer", "", button("button", deny, close(false)), yes)));
    dialog.addEventListener("cancel", (event) => { event.preventDefault(); close(false)(); });
    document.body.append(dialog);
    dialog.showModal();
    yes.focus();
  });
}

/** Asks what a Block Kit confirmation object asks. */
export function confirmed(confirm) {
  if (!confirm) return Promise.resolve(true);
  const text = confirm.text?.type === "mrkdwn" ? mrkdwn(confirm.text.text, names) : (confirm.text?.text ?? "");
  return ask({ title: confirm.title?.text ?? "Are you sure?", text, confirm: confirm.confirm?.text ?? "Yes", deny: confirm.deny?.text ?? "Cancel", style: confirm.style });
}
