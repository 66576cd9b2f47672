//! The JSON control door: seeing and acting as anyone, over HTTP.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::Stream;
use serde_json::{Value, json};

use super::shown::{shown_answer, shown_call, shown_delivery, shown_next, shown_submission};
use super::talk::Wanted;
use crate::acts::{PersonHandle, Used, find_element};
use crate::answer::{Answer, Status};
use crate::api::args::Args;
use crate::hub::Hub;
use crate::limits::BODY_BYTES;
use crate::sandbox::Sandbox;
use crate::state::World;

/// How long news wait for more of them.
const TOGETHER: Duration = Duration::from_millis(20);

fn as_json(value: &Value) -> Response {
    ([(header::CONTENT_TYPE, "application/json; charset=utf-8")], value.to_string()).into_response()
}

fn query(uri: &Uri) -> Args {
    let mut args = Args::default();
    args.read_form(uri.query().unwrap_or_default().as_bytes());
    args
}

/// Who looks, and at which conversation.
fn viewer(world: &mut World, args: &Args) -> (String, Option<String>) {
    let wanted = args.text("as").and_then(|name| world.find_user(name)).map(|user| user.id.clone());
    let first = || world.users.values().find(|user| !user.is_bot() && user.id != "USLACKBOT");
    let user = wanted.or_else(|| first().map(|user| user.id.clone())).unwrap_or_default();
    let channel = args.text("channel").unwrap_or(&world.general).to_owned();
    let place = world.place(&user, &channel).ok();
    (user, place)
}

/// `GET /sandbox/state?as=USER&channel=ID&since=CHANGE`
pub(super) async fn state(State(hub): State<Arc<Hub>>, uri: Uri) -> Response {
    let args = query(&uri);
    let mut shown = hub.look(|world| {
        world.looked_at();
        let (user, place) = viewer(world, &args);
        let since = args.number("since").map(|change| Wanted::Since(change as u64));
        world.shown_to(&user, place.as_deref(), since.unwrap_or(Wanted::Newest))
    });
    let travelling = hub.road.is_taken();
    let sandbox = Sandbox { hub };
    if sandbox.hub.road.journey().is_some() {
        let next = sandbox.next_thing().await;
        let next = next.map(|next| shown_next(&next));
        shown["journey"] = json!({ "next": next, "travelling": travelling });
    }
    as_json(&shown)
}

/// `GET /sandbox/messages?as=USER&channel=ID`, with `before=TS` for older ones or `thread=TS` for one thread
pub(super) async fn messages(State(hub): State<Arc<Hub>>, uri: Uri) -> Response {
    let args = query(&uri);
    as_json(&hub.look(|world| {
        let (user, place) = viewer(world, &args);
        let wanted = match (args.text("before"), args.text("thread")) {
            (Some(ts), _) => Wanted::Before(ts),
            (None, Some(ts)) => Wanted::Thread(ts),
            (None, None) => Wanted::Newest,
        };
        let open = place.and_then(|id| world.channels.get(&id)).filter(|place| place.is_open_to(&user));
        let (messages, older) = open.map(|place| world.talk(place, &user, wanted)).unwrap_or_default();
        json!({ "messages": messages, "older": older })
    }))
}

/// `GET /sandbox/calls`
pub(super) async fn calls(State(hub): State<Arc<Hub>>) -> Response {
    let calls: Vec<Value> = Sandbox { hub }.calls().iter().map(shown_call).collect();
    as_json(&json!(calls))
}

/// `GET /sandbox/deliveries`
pub(super) async fn deliveries(State(hub): State<Arc<Hub>>) -> Response {
    let deliveries: Vec<Value> = Sandbox { hub }.deliveries().iter().map(shown_delivery).collect();
    as_json(&json!(deliveries))
}

/// `GET /sandbox/events`: a line whenever something changed.
pub(super) async fn events(
    State(hub): State<Arc<Hub>>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let changed = hub.changed.subscribe();
    let moved = hub.clock.moved();
    let stream = futures_util::stream::unfold((changed, moved), |(mut changed, mut moved)| async move {
        tokio::select! {
            news = changed.changed() => news.ok()?,
            news = moved.changed() => news.ok()?,
        }
        // What happens together is told together, and nobody waits long for it.
        tokio::time::sleep(TOGETHER).await;
        let number = *changed.borrow_and_update();
        moved.mark_unchanged();
        Some((Ok(Event::default().event("changed").data(number.to_string())), (changed, moved)))
    });
    Sse::new(stream).keep_alive(KeepAlive::default())
}

/// Whether a request comes from the page itself or from no page at all: another site's page must not act here.
fn is_ours(hub: &Hub, headers: &HeaderMap) -> bool {
    let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    origin.is_none_or(|origin| origin == hub.base || origin == format!("http://{host}"))
}

/// `POST /sandbox/ACTION` with a JSON object.
pub(super) async fn act(
    State(hub): State<Arc<Hub>>,
    Path(action): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    if !is_ours(&hub, &headers) {
        return (StatusCode::FORBIDDEN, "not from here").into_response();
    }
    let Ok(body) = to_bytes(body, BODY_BYTES).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let mut args = Args::default();
    if !body.is_empty() && args.read_json(&body).is_err() {
        return (StatusCode::BAD_REQUEST, "a JSON object is wanted").into_response();
    }
    let sandbox = Sandbox { hub };
    let person = sandbox.person(args.text("as").unwrap_or_default());
    match done(&sandbox, &person, &action, &args).await {
        Some(shown) => as_json(&shown),
        None => (StatusCode::NOT_FOUND, "no such action").into_response(),
    }
}

async fn done(sandbox: &Sandbox, person: &PersonHandle, action: &str, args: &Args) -> Option<Value> {
    let text = |key: &str| args.text(key).unwrap_or_default();
    Some(match action {
        "say" => match args.text("thread_ts") {
            None => shown_answer(&person.says(text("where"), text("text")).await),
            Some(_) => shown_answer(&replied(person, args)),
        },
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
        "close" => {
            person.closes();
            json!({ "ok": true })
        }
        "shortcut" => shown_answer(&shortcut(person, args).await),
        "home" => json!({ "view": person.opens_home().map(|view| view.raw) }),
        "react" => {
            let message = found(person, args);
            let done = message.ok_or("message_not_found").and_then(|message| {
                if args.flag("remove") {
                    person.unreacts(&message, text("name"))
                } else {
                    person.reacts(&message, text("name"))
                }
            });
            outcome(done)
        }
        "edit" => outcome(
            found(person, args)
                .ok_or("message_not_found")
                .and_then(|message| person.edits(&message, text("text"))),
        ),
        "delete" => outcome(
            found(person, args).ok_or("message_not_found").and_then(|message| person.deletes(&message)),
        ),
        "read" => {
            person.has_read(text("channel"), text("ts"));
            json!({ "ok": true })
        }
        "join" => {
            person.joins(text("channel"));
            json!({ "ok": true })
        }
        "clock" => {
            let by_ms = args.number("advance_ms").and_then(|ms| i64::try_from(ms).ok()).unwrap_or_default();
            let trip = sandbox.travel_by(by_ms).await;
            json!({ "now_ms": sandbox.clock().now_ms(), "stops": trip.stops, "hurried": trip.hurried })
        }
        "next" => {
            let (next, trip) = sandbox.travel_to_next().await.unzip();
            let (next, hurried) = (next.map(|next| shown_next(&next)), trip.is_some_and(|trip| trip.hurried));
            json!({ "now_ms": sandbox.clock().now_ms(), "next": next, "hurried": hurried })
        }
        _ => return None,
    })
}

fn outcome(done: Result<(), &'static str>) -> Value {
    json!({ "ok": done.is_ok(), "error": done.err() })
}

fn found(person: &PersonHandle, args: &Args) -> Option<crate::Message> {
    let ts = args.text("ts").or(args.text("thread_ts"))?;
    let place = args.text("channel").or(args.text("where"))?;
    person.reads(place).into_iter().find(|message| message.ts == ts)
}

fn replied(person: &PersonHandle, args: &Args) -> Answer {
    match found(person, args) {
        Some(message) => person.replies(&message, args.text("text").unwrap_or_default()),
        None => Answer::refused("message_not_found"),
    }
}

/// What the page's fields hold, by block, which Slack's client would have sent along.
fn fields(args: &Args) -> impl Iterator<Item = (&String, &Value)> {
    args.0.get("values").and_then(Value::as_object).into_iter().flatten()
}

async fn shortcut(person: &PersonHandle, args: &Args) -> Answer {
    let name = args.text("callback_id").unwrap_or_default();
    match found(person, args) {
        Some(message) => person.uses_shortcut_on(&message, name).await,
        None => person.uses_shortcut(name).await,
    }
}

/// A click on what `block_id` and `action_id` (or `text`) name: in a message, the top modal or the Home.
async fn clicked(person: &PersonHandle, args: &Args) -> Answer {
    let action = args.text("action_id").unwrap_or_default();
    let value = args.0.get("value").cloned().unwrap_or_default();
    let in_view = match args.text("view") {
        Some("modal") => {
            for (field, value) in fields(args) {
                person.fills(field, value.clone());
            }
            Some(person.acts_in_modal(args.text("block_id"), action, &value).await)
        }
        Some(_) => {
            for (field, value) in fields(args) {
                person.fills_home(field, value);
            }
            Some(person.acts_in_home(args.text("block_id"), action, &value).await)
        }
        None => None,
    };
    if let Some(answer) = in_view {
        return answer;
    }
    let Some(message) = found(person, args) else {
        return Answer::refused("message_not_found");
    };
    if let Some(button) = args.text("text") {
        return person.clicks(&message, button).await;
    }
    let block_id = args.text("block_id");
    let blocks: Vec<Value> = message
        .blocks
        .iter()
        .filter(|block| block_id.is_none_or(|id| block["block_id"] == id))
        .cloned()
        .collect();
    match find_element(&blocks, |element| element["action_id"] == action) {
        Some((block, element)) => {
            let fields = args.0.get("values").unwrap_or(&Value::Null);
            person.acts(&message, &Used { fields, ..Used::new(&block, &element, &value) }).await
        }
        None => Answer { status: Status::Failed("no_such_button"), ..Answer::refused("no_such_button") },
    }
}
