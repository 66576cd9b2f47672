// Carries out actions and reports what went wrong.

import { state } from "./store.js";

/** The messages that are being edited: they are not drawn again. */
export const editing = new Set();

/** Shows a notice: below the thread if the person is there, else below the conversation. */
export function notice(text) {
  const inThread = Boolean(document.activeElement?.closest("#thread"));
  for (const [id, here] of [["notice", !inThread], ["notice-thread", inThread]]) document.getElementById(id).textContent = here ? text ?? "" : "";
}

/** Waits for an action and shows its error, if any. */
export async function acted(answering) {
  notice("");
  try {
    const answer = await answering;
    const app = state.people.find((one) => one.is_bot)?.shown ?? "The app";
    if (answer.status === "no_answer") notice(`${app} did not respond. Slack gives it three seconds; try again in a moment.`);
    if (answer.status === "failed") notice(answer.text && answer.text !== answer.error ? answer.text : `That did not work: ${answer.error}.`);
    if (answer.ok === false) notice(`That did not work: ${answer.error}.`);
    return answer;
  } catch (error) {
    notice(error.message);
    return { status: "failed" };
  }
}
