//! Finds blocks and their elements by what people and apps call them.

use serde_json::Value;

/// Returns the key under which a block holds other blocks: those of a container, the cards of a carousel.
fn key_within(block: &Value) -> Option<&'static str> {
    match block["type"].as_str()? {
        "container" => Some("child_blocks"),
        "carousel" => Some("elements"),
        _ => None,
    }
}

fn within(block: &Value) -> &[Value] {
    let held = key_within(block).and_then(|key| block[key].as_array());
    held.map(Vec::as_slice).unwrap_or_default()
}

/// Returns the blocks that a block holds, to change them; `None` if it holds none.
pub(crate) fn within_mut(block: &mut Value) -> Option<&mut Vec<Value>> {
    let key = key_within(block)?;
    block.get_mut(key)?.as_array_mut()
}

/// Returns all blocks in reading order, those inside of others behind the one that holds them.
pub(crate) fn flat(blocks: &[Value]) -> impl Iterator<Item = &Value> {
    blocks.iter().flat_map(|block| std::iter::once(block).chain(within(block)))
}

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
    flat(blocks).find_map(|block| {
        let single = ["accessory", "element"].into_iter().filter_map(|key| block.get(key));
        // The actions of a card.
        let listed = ["elements", "actions"].into_iter().filter_map(|key| block[key].as_array()).flatten();
        let found = single.chain(listed).find(|element| fits(element))?;
        Some((block.clone(), found.clone()))
    })
}

/// Returns the block with an id, wherever it is; all blocks if none is asked for.
pub(crate) fn of_block(blocks: &[Value], block_id: Option<&str>) -> Vec<Value> {
    match block_id {
        Some(id) => flat(blocks).filter(|block| block["block_id"] == id).cloned().collect(),
        None => blocks.to_vec(),
    }
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
            .is_some_and(|blocks| flat(blocks).any(|block| block["block_id"] == *block_id))
    };
    attachments.iter().find(holds).map(|one| &one["id"])
}
