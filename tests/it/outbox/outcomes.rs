//! What rituals are told about the outcomes of their effects.

use std::sync::{Arc, Mutex};

use rondo::{
    engine::outbox::Outbox,
    model::{effect::DeliveryOutcome, failure::Failure, refusal::Refusal},
    ritual::{Context, Settled},
};

use super::{
    reacting::{self, outbox_of},
    takeover::settle_with,
    *,
};
use crate::each_store;

/// A ritual that records what it is told, and fails to do so as many times as requested.
#[derive(Clone, Default)]
struct Listener {
    heard: Arc<Mutex<Vec<(String, DeliveryOutcome)>>>,
    fails: Arc<Mutex<usize>>,
}

impl Listener {
    fn told(
        &self,
        context: &Context,
        origin: &Origin,
        outcome: &DeliveryOutcome,
    ) -> Result<Settled, Failure> {
        let mut fails = self.fails.lock().unwrap();
        if *fails > 0 {
            *fails -= 1;
            return Err(Failure::Fail(anyhow::anyhow!("it cannot be written down")));
        }
        self.heard.lock().unwrap().push((origin.note.clone(), outcome.clone()));
        let mut unit = UnitOfWork::new();
        let to = Target::Person(context.bot.clone());
        let key = format!("told of {}", origin.note);
        let told = NewEffect {
            not_before: context.now + Duration::days(30),
            ..NewEffect::post(Origin::default(), key, to, "told".into(), context.now)
        };
        context.enqueue(&mut unit, &told)?;
        Ok(Settled::with(unit))
    }

    fn outbox(&self, bot: &Bot) -> Outbox {
        let listener = self.clone();
        outbox_of(bot, move |context, origin, outcome| listener.told(context, origin, outcome))
    }

    fn heard(&self) -> Vec<(String, DeliveryOutcome)> {
        std::mem::take(&mut *self.heard.lock().unwrap())
    }
}

fn heard_of(bot: &Bot, key: &str, to: &ChannelId, wants_sent: bool) -> NewEffect {
    let origin = Origin { wants_sent, ..Origin::new(reacting::NAME, key.to_owned()) };
    NewEffect { origin, ..post(bot, key, to, key) }
}

/// Takes the effects that the ritual asked for when it was told.
async fn told(bot: &Bot) -> Vec<String> {
    let store = &bot.parts.engine.store;
    let mut keys: Vec<String> =
        store.outbox_list(100).await.unwrap().into_iter().map(|listed| listed.key).collect();
    keys.retain(|key| key.starts_with("told of"));
    keys.sort();
    let mut unit = UnitOfWork::new();
    for key in &keys {
        let work = Effect::Post { to: Target::Channel(ChannelId("C1".into())), message: "".into() };
        outbox::amend(&mut unit, &bot.parts.engine.team, key, &work, now(bot)).unwrap();
    }
    store.commit(unit).await.unwrap();
    // The bot's outbox takes over when the other one's lease ends.
    bot.passes(Duration::minutes(1));
    keys
}

each_store! {
    async fn rituals_learn_message_places(bot: &mut Bot) {
        let (listener, news) = (Listener::default(), news(bot));
        enqueue(bot, &[heard_of(bot, "k", &news, true), heard_of(bot, "quiet", &news, false)]).await;
        settle_with(bot, &listener.outbox(bot)).await;
        let ts = bot.person("dee").reads("#news")[0].ts.clone();
        let sent = DeliveryOutcome::Sent { channel: news, ts };
        assert_eq!(listener.heard(), [("k".to_owned(), sent)]);
        assert_eq!(told(bot).await, ["told of k"], "what it does about it is committed");
    }

    async fn rituals_learn_of_refusals(bot: &mut Bot) {
        bot.expects_refusals();
        let (listener, news) = (Listener::default(), news(bot));
        bot.sandbox.archive("news");
        enqueue(bot, &[heard_of(bot, "refused", &news, false)]).await;
        settle_with(bot, &listener.outbox(bot)).await;
        let late = NewEffect { expires_at: Some(now(bot)), ..heard_of(bot, "late", &news, false) };
        enqueue(bot, &[late]).await;
        settle_with(bot, &listener.outbox(bot)).await;
        let shut = rondo::model::refusal::Shut::Archived;
        let refused = DeliveryOutcome::Refused(Refusal::Conversation(shut), "is_archived".into());
        let late = DeliveryOutcome::Dropped("expired".into());
        assert_eq!(listener.heard(), [("refused".to_owned(), refused), ("late".to_owned(), late)]);
        assert_eq!(told(bot).await, ["told of late", "told of refused"]);
        assert_eq!(depth(bot).await, (0, 0));
    }

    async fn failed_changes_are_no_outcome(bot: &mut Bot) {
        bot.expects_refusals();
        let (listener, news) = (Listener::default(), news(bot));
        let outbox = listener.outbox(bot);
        enqueue(bot, &[heard_of(bot, "k", &news, false)]).await;
        settle_with(bot, &outbox).await;
        bot.sandbox.archive("news");
        enqueue(bot, &[heard_of(bot, "k", &news, false)]).await;
        settle_with(bot, &outbox).await;
        assert_eq!((listener.heard(), depth(bot).await), (Vec::new(), (0, 0)));
        bot.passes(Duration::minutes(1));
    }

    async fn a_failed_reaction_is_repeated(bot: &mut Bot) {
        let (listener, news) = (Listener::default(), news(bot));
        *listener.fails.lock().unwrap() = 2;
        enqueue(bot, &[heard_of(bot, "k", &news, true)]).await;
        settle_with(bot, &listener.outbox(bot)).await;
        assert_eq!(listener.heard().len(), 1);
        assert_eq!((said(bot), calls(bot, "chat.postMessage").len()), (vec!["k".to_owned()], 1));
        assert_eq!(told(bot).await, ["told of k"]);
    }
}
