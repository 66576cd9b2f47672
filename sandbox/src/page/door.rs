//! The JSON control API: see and act as any person, over HTTP.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::Stream;
use serde_json::{Value, json};

use super::shown::{shown_call, shown_colleagues, shown_delivery, shown_next, shown_steps};
use super::talk::WantedMessages;
use super::{actions, wire};
use crate::api::args::Args;
use crate::base::limits::BODY_BYTES;
use crate::control::sandbox::Sandbox;
use crate::control::time_travel::SOON;
use crate::hub::Hub;
use crate::workspace::World;

/// How long changes are collected before watchers are told.
const TOGETHER: Duration = Duration::from_millis(20);

fn as_json(value: &Value) -> Response {
    ([(header::CONTENT_TYPE, "application/json; charset=utf-8")], value.to_string()).into_response()
}

fn query(uri: &Uri) -> Args {
    let mut args = Args::default();
    args.read_form(uri.query().unwrap_or_default().as_bytes());
    args
}

/// Returns who looks, and at which conversation. The default is the first person by name; one who is named counts as acted as.
fn viewer(hub: &Hub, world: &mut World, args: &Args) -> (String, Option<String>) {
    let wanted = args.text("as").and_then(|name| world.find_user(name)).map(|user| user.id.clone());
    if let Some(user) = &wanted {
        hub.controls(user, args.text("tab"));
    }
    let people = || world.users.values().filter(|user| !user.is_bot() && user.id != "USLACKBOT");
    let first = || people().min_by_key(|user| &user.name);
    let user = wanted.or_else(|| first().map(|user| user.id.clone())).unwrap_or_default();
    let channel = args.text("channel").unwrap_or(&world.general).to_owned();
    let place = world.place(&user, &channel).ok();
    (user, place)
}

/// `GET /sandbox/state?as=USER&channel=ID&since=CHANGE`
pub(super) async fn state(State(hub): State<Arc<Hub>>, uri: Uri) -> Response {
    let args = query(&uri);
    let (mut shown, reader) = hub.look(|world| {
        world.looked_at();
        let (user, place) = viewer(&hub, world, &args);
        let since = args.number("since").map(|change| WantedMessages::Since(change as u64));
        let tab = args.text("tab");
        if let Some(tab) = tab {
            world.adopt_modals(&user, tab, |tab| hub.is_controlled_in(&user, tab));
        }
        let mut shown =
            world.shown_to((&user, tab), place.as_deref(), since.unwrap_or(WantedMessages::Newest));
        shown["colleagues"] = shown_colleagues(&hub, world);
        (shown, user)
    });
    let under_way = hub.time_travel.is_under_way();
    let sandbox = Sandbox { hub };
    if let Some(steps) = sandbox.hub.time_travel.steps() {
        let soon: Vec<Value> = steps.ahead(SOON, Some(reader)).await.iter().map(shown_next).collect();
        shown["time_travel"] = json!({ "next": soon.first(), "soon": soon, "under_way": under_way });
    }
    shown["run"] = json!(sandbox.hub.started_ms);
    shown["steps"] = sandbox.hub.steps.see(|steps| shown_steps(steps));
    as_json(&shown)
}

/// `GET /sandbox/messages?as=USER&channel=ID`, with `before=TS` for older ones or `thread=TS` for one thread
pub(super) async fn messages(State(hub): State<Arc<Hub>>, uri: Uri) -> Response {
    let args = query(&uri);
    as_json(&hub.look(|world| {
        let (user, place) = viewer(&hub, world, &args);
        let wanted = match (args.text("before"), args.text("thread")) {
            (Some(ts), _) => WantedMessages::Before(ts),
            (None, Some(ts)) => WantedMessages::Thread(ts),
            (None, None) => WantedMessages::Newest,
        };
        let open = place.and_then(|id| world.channels.get(&id)).filter(|place| place.is_open_to(&user));
        let (messages, older) = open.map(|place| world.talk(place, &user, wanted)).unwrap_or_default();
        json!({ "messages": messages, "older": older })
    }))
}

/// `GET /sandbox/search?as=USER&find=WORDS`: the newest messages that have all of the words
pub(super) async fn search(State(hub): State<Arc<Hub>>, uri: Uri) -> Response {
    let args = query(&uri);
    as_json(&hub.look(|world| {
        let (user, _) = viewer(&hub, world, &args);
        let (results, more) = world.found(&user, args.text("find").unwrap_or_default());
        json!({ "results": results, "more": more })
    }))
}

/// `GET /sandbox/wire`: calls and deliveries in short, with `show`, `find`; or one in full by its `number`
pub(super) async fn wire(State(hub): State<Arc<Hub>>, uri: Uri) -> Response {
    let args = query(&uri);
    if let Some(number) = args.number("number") {
        return as_json(&json!({ "row": hub.look(|world| wire::whole(world, number as u64)) }));
    }
    let rows = hub.look(|world| wire::shown(world, &args));
    as_json(&json!({ "rows": rows, "faults": hub.switches(|switches| wire::faults(switches)) }))
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
        // Changes that happen together are reported together, after a short wait.
        tokio::time::sleep(TOGETHER).await;
        let number = *changed.borrow_and_update();
        moved.mark_unchanged();
        Some((Ok(Event::default().event("changed").data(number.to_string())), (changed, moved)))
    });
    Sse::new(stream).keep_alive(KeepAlive::default())
}

/// `POST /sandbox/upload?as=USER&name=NAME`: a file for a field of a modal.
pub(super) async fn upload(State(hub): State<Arc<Hub>>, uri: Uri, body: Body) -> Response {
    let Ok(content) = to_bytes(body, BODY_BYTES).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let args = query(&uri);
    as_json(&hub.with(|world| {
        let (user, _) = viewer(&hub, world, &args);
        let name = args.text("name").unwrap_or("file");
        world.uploaded_by(&hub.base, &user, name, content.to_vec())
    }))
}

/// `POST /sandbox/ACTION` with a JSON object.
pub(super) async fn act(State(hub): State<Arc<Hub>>, Path(action): Path<String>, body: Body) -> Response {
    let Ok(body) = to_bytes(body, BODY_BYTES).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let mut args = Args::default();
    if !body.is_empty() && args.read_json(&body).is_err() {
        return (StatusCode::BAD_REQUEST, "a JSON object is wanted").into_response();
    }
    match actions::done(&Sandbox { hub }, &action, &args).await {
        Some(shown) => as_json(&shown),
        None => (StatusCode::NOT_FOUND, "no such action").into_response(),
    }
}
