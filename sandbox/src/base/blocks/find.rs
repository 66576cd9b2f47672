//! Finds blocks and their elements by what people and apps call them.

use serde_json::Value;

/// Whether an element has this `action_id` or placeholder.
pub(crate) fn is_called(element: &Value, name: &str) -> bool {
    element["action_id"] == name || element["placeholder"]["text"] == name
}

/// Returns the button with this text or `action_id`, and its block.
pub(crate) fn find_button(blocks: &[Value], button: &str) -> Option<(Value, Value)> {
    let by_text =
        find_element(blocks, |element| element["type"] == "button" && element["text"]["text"] == button);
    by_text.or_else(|| find_element(blocks, |element| element["action_id"] == button))
}

/// Returns the first element that fits, anywhere in the blocks, and its block.
pub(crate) fn find_element(blocks: &[Value], fits: impl Fn(&Value) -> bool) -> Option<(Value, Value)> {
    blocks.iter().find_map(|block| {
        let single = ["accessory", "element"].into_iter().filter_map(|key| block.get(key));
        let listed = block["elements"].as_array().into_iter().flatten();
        let found = single.chain(listed).find(|element| fits(element))?;
        Some((block.clone(), found.clone()))
    })
}

/// Returns the blocks of a message and those in its attachments.
pub(crate) fn all_blocks(blocks: &[Value], attachments: &[Value]) -> Vec<Value> {
    let within = attachments.iter().filter_map(|one| one["blocks"].as_array()).flatten();
    blocks.iter().chain(within).cloned().collect()
}

/// Returns the number of the attachment that has a block.
pub(crate) fn holding<'a>(attachments: &'a [Value], block_id: &Value) -> Option<&'a Value> {
    let holds = |one: &&Value| {
        one["blocks"]
            .as_array()
            .is_some_and(|blocks| blocks.iter().any(|block| block["block_id"] == *block_id))
    };
    attachments.iter().find(holds).map(|one| &one["id"])
}
