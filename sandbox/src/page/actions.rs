//! The actions of people: talking, using what apps show, moving time.

use serde_json::{Value, json};

use super::shown::{shown_answer, shown_submission};
use super::wire;
use crate::acts::{PersonHandle, Place, Used};
use crate::api::args::Args;
use crate::base::blocks::find::{find_element, of_block};
use crate::control::sandbox::Sandbox;
use crate::types::answer::{Answer, Status};
use crate::types::shown::{Message, View};
use crate::types::steps::UserAction;

/// The longest jump if time stops at everything that happens meanwhile: a longer one would take hours.
const FURTHEST_MS: i64 = 2 * 366 * 86_400_000;

/// Carries out an action and returns what came of it; `None` for an unknown action.
pub(super) async fn done(sandbox: &Sandbox, action: &str, args: &Args) -> Option<Value> {
    let tab = args.text("tab").map(str::to_owned);
    let person = PersonHandle { tab, ..sandbox.person(args.text("as").unwrap_or_default()) };
    if names_a_person(sandbox, args) {
        sandbox.hub.controls(&person.id, args.text("tab"));
    }
    let label = pressed(&person, action, args);
    let tried = match action {
        "say" => args.text("text").map(UserAction::Sent),
        "click" | "submit" => label.as_deref().map(UserAction::Pressed),
        _ => None,
    };
    if let Some(tried) = tried {
        sandbox.hub.steps.begin(tried);
    }
    if matches!(action, "clock" | "next") {
        sandbox.hub.steps.let_time_pass();
    }
    let shown = if let Some(shown) = talked(&person, action, args).await {
        shown
    } else if let Some(shown) = used(&person, action, args).await {
        shown
    } else {
        governed(sandbox, action, args).await?
    };
    let went_well =
        shown["ok"] != false && !matches!(shown["status"].as_str(), Some("failed" | "no_answer" | "errors"));
    let user_action = match action {
        "clock" => Some(UserAction::MovedTime),
        "next" if !shown["next"].is_null() => Some(UserAction::JumpedOn),
        "become" => Some(UserAction::Became),
        "home" => Some(UserAction::OpenedHome),
        "react" if !args.flag("remove") => Some(UserAction::Reacted),
        _ => tried,
    };
    match user_action {
        Some(user_action) if went_well => sandbox.hub.did(user_action),
        Some(user_action) => sandbox.hub.steps.fail(user_action),
        None => {}
    }
    Some(shown)
}

/// Whether a person of the name in `as` exists.
fn names_a_person(sandbox: &Sandbox, args: &Args) -> bool {
    args.text("as").is_some_and(|name| sandbox.hub.look(|world| world.find_user(name).is_some()))
}

/// Says something, or edits, deletes, reacts to or reads messages.
async fn talked(person: &PersonHandle, action: &str, args: &Args) -> Option<Value> {
    let text = |key: &str| args.text(key).unwrap_or_default();
    let message = || found(person, args).ok_or("message_not_found");
    Some(match action {
        "say" => match args.text("thread_ts") {
            None => shown_answer(&person.says(text("where"), text("text")).await),
            Some(_) => shown_answer(&replied(person, args)),
        },
        "react" if args.flag("remove") => {
            outcome(message().and_then(|message| person.unreacts(&message, text("name"))))
        }
        "react" => outcome(message().and_then(|message| person.reacts(&message, text("name")))),
        "edit" => outcome(message().and_then(|message| person.edits(&message, text("text")))),
        "delete" => outcome(message().and_then(|message| person.deletes(&message))),
        "read" => {
            match args.text("thread_ts") {
                None => person.has_read(text("channel"), text("ts")),
                Some(root) => person.has_read_thread(text("channel"), root, text("ts")),
            }
            outcome(Ok(()))
        }
        "join" => {
            person.joins(text("channel"));
            outcome(Ok(()))
        }
        _ => return None,
    })
}

/// Uses what an app shows: buttons and menus, modals, its Home, its shortcuts.
async fn used(person: &PersonHandle, action: &str, args: &Args) -> Option<Value> {
    let text = |key: &str| args.text(key).unwrap_or_default();
    Some(match action {
        "click" => shown_answer(&clicked(person, args).await),
        "fill" => {
            json!({ "ok": person.fills(text("field"), args.0.get("value").cloned().unwrap_or_default()) })
        }
        "submit" => {
            for (field, value) in fields(args) {
                person.fills(field, value.clone());
            }
            shown_submission(&person.submits().await)
        }
        "suggest" => shown_answer(&suggested(person, args).await),
        "close" => {
            person.closes();
            outcome(Ok(()))
        }
        "shortcut" => shown_answer(&shortcut(person, args).await),
        "home" => json!({ "view": person.opens_home().map(|view| view.raw) }),
        _ => return None,
    })
}

/// Changes the whole workspace: its time, its faults, who acts.
async fn governed(sandbox: &Sandbox, action: &str, args: &Args) -> Option<Value> {
    Some(match action {
        "clock" => {
            let Some(by_ms) = args.number("advance_ms").and_then(|ms| i64::try_from(ms).ok()) else {
                return Some(outcome(Err("advance_ms_is_no_number")));
            };
            if by_ms > FURTHEST_MS && sandbox.hub.time_travel.steps().is_some() {
                return Some(outcome(Err("advance_ms_is_beyond_two_years")));
            }
            let trip = sandbox.travel_by(by_ms).await;
            json!({ "now_ms": sandbox.clock().now_ms(), "stops": trip.stops, "hurried": trip.hurried })
        }
        "next" => {
            let from_ms = args.number("from_ms").and_then(|ms| i64::try_from(ms).ok()).unwrap_or_default();
            let reader = args.text("as").map(|name| sandbox.person(name).id);
            let jump = sandbox.travel_to_next_from(from_ms, reader.as_deref()).await;
            sandbox.hub.look(|world| world.shown_jump(jump.as_ref(), reader.as_deref().unwrap_or_default()))
        }
        "fault" if wire::switch(sandbox, args) => outcome(Ok(())),
        "fault" => outcome(Err("no_such_fault")),
        "become" if !names_a_person(sandbox, args) => outcome(Err("user_not_found")),
        "become" => {
            if let Some(other) = args.text("instead_of") {
                sandbox.hub.releases(&sandbox.person(other).id);
            }
            outcome(Ok(()))
        }
        "colleagues" => {
            sandbox.let_colleagues_act(args.flag("on"));
            outcome(Ok(()))
        }
        _ => return None,
    })
}

/// Returns the label of what is pressed: a button, an option, the submit button of a modal.
fn pressed(person: &PersonHandle, action: &str, args: &Args) -> Option<String> {
    let of_view = |view: Option<View>| view.map(|view| view.blocks).unwrap_or_default();
    let blocks = match (action, args.text("view")) {
        ("submit", _) => return Some(person.modal()?.raw["submit"]["text"].as_str()?.to_owned()),
        ("click", Some("modal")) => of_view(person.modal()),
        ("click", Some(_)) => of_view(person.home()),
        ("click", None) => found(person, args)?.all_blocks(),
        _ => return None,
    };
    if let Some(label) = args.text("text") {
        return Some(label.to_owned());
    }
    let (_, element) = find_element(&blocks, |element| {
        args.text("action_id").is_some_and(|action_id| element["action_id"] == action_id)
    })?;
    let chosen = element["options"].as_array().into_iter().flatten();
    let chosen = chosen.filter(|option| Some(&option["value"]) == args.0.get("value"));
    let label = chosen.map(|option| &option["text"]["text"]).next().unwrap_or(&element["text"]["text"]);
    label.as_str().map(str::to_owned)
}

fn outcome(done: Result<(), &'static str>) -> Value {
    json!({ "ok": done.is_ok(), "error": done.err() })
}

fn found(person: &PersonHandle, args: &Args) -> Option<Message> {
    let ts = args.text("ts").or(args.text("thread_ts"))?;
    let place = args.text("channel").or(args.text("where"))?;
    person.finds(place, ts)
}

fn replied(person: &PersonHandle, args: &Args) -> Answer {
    match found(person, args) {
        Some(message) => person.replies(&message, args.text("text").unwrap_or_default()),
        None => Answer::refused("message_not_found"),
    }
}

/// Returns what the page's fields hold, by block, which Slack's client would send along.
fn fields(args: &Args) -> impl Iterator<Item = (&String, &Value)> {
    args.0.get("values").and_then(Value::as_object).into_iter().flatten()
}

/// Asks an app for the options of a menu.
async fn suggested(person: &PersonHandle, args: &Args) -> Answer {
    let message = found(person, args);
    let place = match (args.text("view"), &message) {
        (Some("modal"), _) => Place::Modal,
        (Some(_), _) => Place::Home,
        (None, Some(message)) => Place::Message(message),
        (None, None) => return Answer::refused("message_not_found"),
    };
    let text = |key: &str| args.text(key).unwrap_or_default();
    person.suggested(place, args.text("block_id"), text("action_id"), text("value")).await
}

async fn shortcut(person: &PersonHandle, args: &Args) -> Answer {
    let name = args.text("callback_id").unwrap_or_default();
    match found(person, args) {
        Some(message) => person.uses_shortcut_on(&message, name).await,
        None => person.uses_shortcut(name).await,
    }
}

/// Clicks what `block_id` and `action_id` (or `text`) name: in a message, the top modal or the Home.
async fn clicked(person: &PersonHandle, args: &Args) -> Answer {
    let action = args.text("action_id").unwrap_or_default();
    let value = args.0.get("value").cloned().unwrap_or_default();
    match args.text("view") {
        Some("modal") => {
            for (field, value) in fields(args) {
                person.fills(field, value.clone());
            }
            person.acts_in_modal(args.text("block_id"), action, &value).await
        }
        Some(_) => {
            for (field, value) in fields(args) {
                person.fills_home(field, value);
            }
            person.acts_in_home(args.text("block_id"), action, &value).await
        }
        None => clicked_in_message(person, args, action, &value).await,
    }
}

async fn clicked_in_message(person: &PersonHandle, args: &Args, action: &str, choice: &Value) -> Answer {
    let Some(message) = found(person, args) else {
        return Answer::refused("message_not_found");
    };
    if let Some(button) = args.text("text") {
        return person.clicks(&message, button).await;
    }
    let blocks = of_block(&message.all_blocks(), args.text("block_id"));
    match find_element(&blocks, |element| element["action_id"] == action) {
        Some((block, element)) => {
            let fields = args.0.get("values").unwrap_or(&Value::Null);
            person.acts(&message, &Used { fields, ..Used::new(&block, &element, choice) }).await
        }
        None => Answer { status: Status::Failed("no_such_button"), ..Answer::refused("no_such_button") },
    }
}
