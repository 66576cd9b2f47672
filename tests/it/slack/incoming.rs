//! What people do in the sandbox arrives as events, through the signed requests.

use rondo::model::{
    event::{FieldValue, GlobalShortcut, HomeOpened},
    message::{Button, ButtonStyle, Message},
    text::Markup,
};

use super::*;

/// Waits for an event that `wanted` accepts.
async fn hears<T>(app: &App, wanted: impl Fn(&Event) -> Option<T>) -> T {
    let heard = Arc::clone(&app.heard);
    let found = app.sandbox.eventually(|_| heard.lock().unwrap().iter().find_map(&wanted)).await;
    found.unwrap_or_else(|| panic!("only this was heard: {:?}", app.heard()))
}

#[tokio::test]
async fn shortcuts_are_heard() {
    let app = App::start().await;
    let ben = app.person("ben");
    ben.says("#general", "I'll send it on Friday & <soon>").await;
    let message = ben.reads("#general").pop().unwrap();
    assert!(app.person("ana").uses_shortcut_on(&message, "Remember this").await.is_answered());
    let shortcut = hears(&app, |event| match event {
        Event::MessageShortcut(shortcut) => Some(shortcut.clone()),
        _ => None,
    })
    .await;
    assert_eq!((shortcut.user, shortcut.author), (app.user("ana"), Some(app.user("ben"))));
    assert_eq!((shortcut.callback.as_str(), &shortcut.message.ts), ("test:remember", &message.ts));
    assert_eq!(shortcut.text, "I'll send it on Friday &amp; &lt;soon&gt;");
    assert!(shortcut.response_url.is_some() && !shortcut.trigger.is_empty());
    assert!(app.person("ana").uses_shortcut("Begin").await.is_answered());
    let begun = hears(&app, |event| match event {
        Event::GlobalShortcut(GlobalShortcut { user, callback, .. }) => {
            Some((user.clone(), callback.clone()))
        }
        _ => None,
    })
    .await;
    assert_eq!(begun, (app.user("ana"), "test:begin".to_owned()));
}

#[tokio::test]
async fn own_messages_are_not_heard() {
    let app = App::start().await;
    let general = app.channel("#general").await;
    let to_itself = Message::new(Markup::from(&app.bot));
    app.slack.post(general.as_str(), &to_itself, "k").await.unwrap();
    app.slack.post(app.user("ana").as_str(), &"Hello".into(), "k2").await.unwrap();
    let mention = format!("<@{}> who is next?", app.bot);
    app.person("ana").says("#general", "@everything who is next?").await;
    app.person("ana").says(app.bot.as_str(), "help me").await;
    let said = hears(&app, |event| match event {
        Event::DirectMessage { user, text, .. } => Some((user.clone(), text.clone())),
        _ => None,
    })
    .await;
    assert_eq!(said, (app.user("ana"), "help me".to_owned()));
    let mentioned = hears(&app, |event| match event {
        Event::Mention(mention) => Some((mention.user.clone(), mention.text.clone())),
        _ => None,
    })
    .await;
    assert_eq!(mentioned, (app.user("ana"), mention));
    let of_words = |event: &Event| matches!(event, Event::Mention(_) | Event::DirectMessage { .. });
    assert_eq!(app.heard().iter().filter(|event| of_words(event)).count(), 2, "nothing of the bot's own");
}

#[tokio::test]
async fn reactions_and_homes_are_heard() {
    let app = App::start().await;
    let ana = app.person("ana");
    ana.says("#general", "done").await;
    let message = ana.reads("#general").pop().unwrap();
    ana.reacts(&message, ":tada:").unwrap();
    ana.unreacts(&message, ":tada:").unwrap();
    for added in [true, false] {
        let reaction = hears(&app, |event| match event {
            Event::Reaction(reaction) if reaction.added == added => Some(reaction.clone()),
            _ => None,
        })
        .await;
        assert_eq!((reaction.emoji.as_str(), &reaction.ts), ("tada", &message.ts));
        assert_eq!((reaction.author, reaction.at_us.is_some()), (Some(app.user("ana")), true));
    }
    ana.opens_home();
    let look = |event: &Event| match event {
        Event::HomeOpened(look) => Some(look.clone()),
        _ => None,
    };
    assert_eq!(hears(&app, look).await, HomeOpened { user: app.user("ana"), view: None });
}

#[tokio::test]
async fn a_press_names_its_message() {
    let app = App::start().await;
    let general = app.channel("#general").await;
    let button = Button {
        label: "Done".into(),
        action: "test:done".into(),
        value: "7".into(),
        look: ButtonStyle::Plain,
    };
    let root = app.slack.post(general.as_str(), &"Root".into(), "k").await.unwrap();
    let message = Message::new("Ready?").with_buttons(vec![button]);
    let reply = app.slack.post_reply(general.as_str(), &root.ts, &message, "k2").await.unwrap();
    let seen = app.person("ana").finds("#general", &reply.ts).unwrap();
    assert!(app.person("ana").clicks(&seen, "Done").await.is_answered());
    let action = hears(&app, |event| match event {
        Event::Action(action) => Some(action.clone()),
        _ => None,
    })
    .await;
    assert_eq!((action.action.as_str(), action.value.as_str()), ("test:done", "7"));
    assert_eq!(action.chosen, None::<FieldValue>);
    let place = action.message.expect("a message");
    assert_eq!((place.channel, place.ts, place.thread_ts), (general, reply.ts, Some(root.ts)));
}
