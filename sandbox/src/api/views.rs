//! Modals and Homes.

use serde_json::{Value, json};

use super::{ApiRefusal, Caller, Outcome};
use crate::base::blocks::Surface;
use crate::base::limits::VIEW_STACK;
use crate::workspace::World;
use crate::workspace::view_check::{ViewRefusal, check_content};
use crate::workspace::views::Held;

impl From<ViewRefusal> for ApiRefusal {
    fn from(refusal: ViewRefusal) -> Self {
        if refusal.messages.is_empty() {
            return refusal.error.into();
        }
        ApiRefusal::listing(refusal.error, &refusal.messages)
    }
}

/// Returns the view in a call, checked.
fn brought(caller: &Caller<'_>, surface: Surface) -> Result<Value, ApiRefusal> {
    let view = caller.args.json("view")?.ok_or("invalid_arguments")?;
    check_content(&caller.world.views, &view, surface, None)?;
    Ok(view)
}

fn shown(world: &World, id: &str) -> Outcome {
    let held = world.views.iter().find(|held| held.id == id).ok_or("not_found")?;
    Ok(json!({ "view": world.view_json(held) }))
}

fn trigger(caller: &mut Caller<'_>) -> Result<(String, Option<String>), ApiRefusal> {
    let key = caller.args.text("trigger_id").or(caller.args.text("interactivity_pointer"));
    let key = key.ok_or("invalid_arguments")?;
    Ok(caller.world.use_trigger(key, &caller.app.id)?)
}

/// `views.open`
pub(super) fn open(caller: &mut Caller<'_>) -> Outcome {
    let view = brought(caller, Surface::Modal)?;
    let (user, tab) = trigger(caller)?;
    // Closes the modals of earlier clicks: a person's client has one stack of modals.
    caller.world.close_modals(&user, tab.as_deref());
    caller.world.make_room_for_a_modal(&user);
    let id = caller.world.hold_view(&caller.app.id, (&user, tab.as_deref()), view, None);
    shown(caller.world, &id)
}

/// `views.push`
pub(super) fn push(caller: &mut Caller<'_>) -> Outcome {
    let view = brought(caller, Surface::Modal)?;
    let (user, tab) = trigger(caller)?;
    let stack = caller.world.modals(&user, tab.as_deref());
    let top = stack.last().copied().cloned().ok_or("not_found")?;
    if stack.len() >= VIEW_STACK {
        return Err("push_limit_reached".into());
    }
    let id = caller.world.hold_view(&caller.app.id, (&user, tab.as_deref()), view, Some(&top));
    shown(caller.world, &id)
}

/// `views.update`
pub(super) fn update(caller: &mut Caller<'_>) -> Outcome {
    let named = |held: &&Held| match (caller.args.text("view_id"), caller.args.text("external_id")) {
        (Some(id), _) => held.id == id,
        (None, Some(id)) => held.view["external_id"] == id,
        (None, None) => false,
    };
    let found = caller.world.views.iter().find(|held| held.app_id == caller.app.id && named(held));
    let held = found.cloned().ok_or("not_found")?;
    let view = caller.args.json("view")?.ok_or("invalid_arguments")?;
    let surface = if held.home { Surface::Home } else { Surface::Modal };
    check_content(&caller.world.views, &view, surface, Some(&held.id))?;
    if caller.args.text("hash").is_some_and(|hash| hash != held.hash) {
        return Err("hash_conflict".into());
    }
    caller.world.replace_view(&held.id, view);
    shown(caller.world, &held.id)
}

/// `views.publish`
pub(super) fn publish(caller: &mut Caller<'_>) -> Outcome {
    let user = caller.args.needed("user_id")?.to_owned();
    let known = caller.world.users.get(&user).filter(|user| !user.is_bot() && !user.deleted);
    known.ok_or_else(|| ApiRefusal::listing("invalid_arguments", &["invalid `user_id`".to_owned()]))?;
    if !caller.app.home_tab {
        return Err("not_enabled".into());
    }
    let app_id = caller.app.id.clone();
    let held = caller
        .world
        .views
        .iter()
        .find(|held| held.home && held.user == user && held.app_id == app_id)
        .cloned();
    let view = caller.args.json("view")?.ok_or("invalid_arguments")?;
    check_content(&caller.world.views, &view, Surface::Home, held.as_ref().map(|held| held.id.as_str()))?;
    let Some(held) = held else {
        if caller.args.text("hash").is_some() {
            return Err("hash_conflict".into());
        }
        let id = caller.world.hold_view(&app_id, (&user, None), view, None);
        return shown(caller.world, &id);
    };
    if caller.args.text("hash").is_some_and(|hash| hash != held.hash) {
        return Err("hash_conflict".into());
    }
    caller.world.replace_view(&held.id, view);
    shown(caller.world, &held.id)
}
