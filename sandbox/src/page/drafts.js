// What is typed and not sent yet. Each person has a draft for each conversation and thread, which stays in this tab.

import { state } from "./store.js";

const PREFIX = "draft ";
const keyOf = (channel, thread) => `${PREFIX}${state.as} ${channel} ${thread ?? ""}`.trimEnd();

/** Returns the key of the open conversation's draft, or of its thread's. */
export const draftKey = (thread) => keyOf(state.channel, thread);

export const draft = (key) => sessionStorage.getItem(key) ?? "";

/** Keeps a draft; an empty one is dropped. */
export function keepDraft(key, text) {
  if (text.trim()) sessionStorage.setItem(key, text);
  else sessionStorage.removeItem(key);
}

/** Whether a conversation has a draft, apart from its threads. */
export const hasDraft = (channel) => sessionStorage.getItem(keyOf(channel)) !== null;
