// What elements do: each tells the app what was used, along with what the fields beside it hold.

import { acted } from "./acts.js";
import { post } from "./store.js";

/** What fields hold, by block. */
export const gather = (fields) => Object.fromEntries([...fields].map(([block, field]) => [block, field.value()]));

/**
 * How blocks are used at `where`: in a message, the modal on top or the Home. `values` is what was filled in before, and
 * `told` waits for the app's answer and shows its error.
 */
export function using(where, values, told = acted) {
  const fields = new Map();
  const about = (block, item) => ({ ...where, block_id: block.block_id, action_id: item.action_id });
  return {
    fields,
    values,
    use: (block, item, value) => told(post("click", { ...about(block, item), value, values: gather(fields) })),
    /** Returns the app's options for typed text. */
    suggest: async (block, item, typed) => {
      const { raw } = await told(post("suggest", { ...about(block, item), value: typed }));
      return raw?.option_groups?.flatMap((group) => group.options ?? []) ?? raw?.options ?? [];
    },
  };
}
