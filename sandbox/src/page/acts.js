// Doing something and saying what went wrong with it.

import { state } from "./store.js";

/** The messages somebody is changing: they are not drawn anew. */
export const editing = new Set();

/** Says something to whoever acts. */
export function notice(text) { document.getElementById("notice").textContent = text ?? ""; }

/** Waits for what was done and says what went wrong, if anything did. */
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
