// Carries out actions and reports what went wrong.

import { state } from "./store.js";

/** The messages that are being edited: they are not drawn again. */
export const editing = new Set();

/** Shows a notice: below the thread if the person is there, else below the conversation. */
function show(parts, isNews) {
  const inThread = Boolean(document.activeElement?.closest("#thread"));
  for (const [id, here] of [["notice", !inThread], ["notice-thread", inThread]]) {
    const node = document.getElementById(id);
    node.classList.toggle("news", here && isNews);
    node.replaceChildren(...(here ? parts : []));
  }
}

/** Shows what went wrong. */
export const notice = (text) => show(text ? [text] : [], false);
/** Shows what happened, until the next action. */
export const tell = (...parts) => show(parts, true);

/** What Slackbot says in the conversation, and so no notice repeats. */
const SAID_BY_SLACKBOT = ["unknown_command", "not_supported_in_threads", "nobody_invited"];

/** What a person reads in place of an error's name. */
const IN_WORDS = {
  no_such_button: "This message changed at the same moment, so your press wasn't sent. Look at it again.",
  dispatch_failed: "The app didn't get this. If it's connecting anew, try again in a moment.",
  message_not_found: "This message was deleted at the same moment, so nothing was sent.",
};
const inWords = (error) => IN_WORDS[error] ?? `That did not work: ${error}.`;

/** Waits for an action and shows its error, if any. */
export async function acted(answering) {
  notice("");
  try {
    const answer = await answering;
    const app = state.people.find((one) => one.is_bot)?.shown ?? "The app";
    if (answer.status === "no_answer") notice(`${app} did not respond. Slack gives it three seconds; try again in a moment.`);
    if (answer.status === "failed" && !SAID_BY_SLACKBOT.includes(answer.error)) notice(answer.text && answer.text !== answer.error ? answer.text : inWords(answer.error));
    if (answer.ok === false) notice(inWords(answer.error));
    return answer;
  } catch (error) {
    notice(error.message);
    return { status: "failed" };
  }
}
