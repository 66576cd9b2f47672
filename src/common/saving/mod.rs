//! *Save for…*: the words of a message are kept for something that a ritual offers, such as the next sync of a channel.
//!
//! A form shows the words and asks what for. A form can't carry them, so they are stored as a draft until it is sent, for a day at
//! most. The places come from the rituals ([`Ritual::save_places`]), and the ritual of the chosen place saves the words.

mod messages;
pub mod store;
mod words;

use futures_util::FutureExt as _;
use serde::{Deserialize, Serialize};

use self::store::Draft;
pub use self::{
    messages::NAME,
    words::{all_plain_words, kept_words, plain_words},
};
use crate::{
    common::{
        programmes::is_direct,
        reply_target::ReplyTarget,
        setup::{Complaints, plain},
    },
    model::{
        effect::{ENGINE, NewEffect, Origin, Target},
        event::{FieldValue, LONGEST_WORDS, MessageShortcut, Reply, Submission},
        failure::Failure,
        message::Message,
        people::{ChannelId, UserId},
        text::{has_visible_text, shorten},
    },
    ritual::{Answer, Context, Ritual, SavePlace, SavedWords},
    store::unit::UnitOfWork,
};

/// How the callbacks of the shortcut and of the form begin.
const PREFIX: &str = "saving:";
/// The callback of the shortcut on messages.
pub const SHORTCUT: &str = "saving:message";
/// How many places the form offers: as many as a menu of Slack's takes.
const MOST_PLACES: usize = 100;

/// Whether a callback is one of *Save for…*.
pub fn owns(callback: &str) -> bool {
    callback.starts_with(PREFIX)
}

/// What the form carries.
#[derive(Serialize, Deserialize)]
struct Carried {
    draft: String,
    target: Option<ReplyTarget>,
}

/// Where a form is opened, and what with.
pub struct NewForm<'f> {
    pub user: &'f UserId,
    /// The person who wrote the words, if it is another.
    pub author: Option<&'f UserId>,
    /// Clean.
    pub words: &'f str,
    pub link: String,
    /// Whether only some people can read them where they are.
    pub is_private: bool,
    /// Where the words are.
    pub channel: &'f ChannelId,
    /// Where the person reads what came of it.
    pub response_url: Option<String>,
}

/// Returns a place as the form offers it: the ritual's name, and the ritual's id of the place.
pub fn offered(ritual: &str, place: SavePlace) -> SavePlace {
    SavePlace { id: format!("{ritual} {}", place.id), ..place }
}

/// Returns the id of the place that suits words best that are in a channel: the next meeting there, else the next one elsewhere. Words of a
/// private conversation stay with the person, who may choose otherwise.
fn suited(places: &[SavePlace], (channel, is_private): (&ChannelId, bool)) -> Option<String> {
    let own = places.iter().find(|place| is_private && place.is_to_do);
    let here = places.iter().find(|place| place.agenda_of.as_ref() == Some(channel));
    let agenda = || places.iter().find(|place| place.agenda_of.is_some());
    own.or(here).or_else(agenda).or(places.first()).map(|place| place.id.clone())
}

/// Opens the form that asks what words are saved for. The words are kept until it is sent.
pub fn form<'c>(context: &Context, new: NewForm<'_>, places: Vec<SavePlace>) -> Result<Answer<'c>, Failure> {
    let draft = Draft {
        id: context.id(),
        user: new.user.clone(),
        author: new.author.cloned(),
        words: new.words.to_owned(),
        link: new.link,
    };
    let target = new.response_url.map(|url| ReplyTarget::here(url, context.now));
    let carried = Carried { draft: draft.id.clone(), target };
    let private = serde_json::to_string(&carried).map_err(|error| Failure::Fail(error.into()))?;
    let mut unit = UnitOfWork::new();
    store::put(&mut unit, &context.team, &draft, context.now);
    let chosen = suited(&places, (new.channel, new.is_private));
    let places = (places, chosen);
    let modal = messages::form((&draft.words, draft.author.as_ref()), new.is_private, places, private);
    Ok(Answer::new(unit, Reply::Open(Box::new(modal))))
}

/// *Save for…*, for one event.
#[derive(Clone, Copy)]
pub struct Saver<'c> {
    pub context: &'c Context,
    pub rituals: &'c [Box<dyn Ritual>],
}

impl<'c> Saver<'c> {
    /// Opens the form for a message. From a private conversation people save their own words only.
    pub async fn open(self, shortcut: MessageShortcut) -> Result<Answer<'c>, Failure> {
        let context = self.context;
        let user = &shortcut.user;
        // What I write to a person in their DM is for them alone.
        let is_to_them =
            is_direct(&shortcut.message.channel) && shortcut.author.as_ref() == Some(&context.bot);
        let is_own = is_to_them || shortcut.author.as_ref() == Some(user);
        if !shortcut.is_public && !is_own {
            return Err(Failure::refuse(messages::private_words()));
        }
        let words = shorten(all_plain_words(context, &shortcut.text).await?.trim(), LONGEST_WORDS);
        if !has_visible_text(&words) {
            return Err(Failure::refuse(messages::no_words()));
        }
        let mut places = Vec::new();
        for ritual in self.rituals {
            let of_ritual = ritual.save_places(context, user).await?;
            places.extend(of_ritual.into_iter().map(|place| offered(ritual.name(), place)));
        }
        places.sort_by_key(|place| place.comes_last);
        places.truncate(MOST_PLACES);
        if places.is_empty() {
            return Err(Failure::refuse(messages::no_place()));
        }
        let workspace = shortcut.domain.as_ref().map(|domain| format!("https://{domain}.slack.com"));
        let author = match &shortcut.author {
            Some(author) if !is_own && !context.suppressed().await?.holds(author) => Some(author),
            _ => None,
        };
        let new = NewForm {
            user,
            author,
            words: &words,
            link: workspace.map(|workspace| shortcut.message.permalink(&workspace)).unwrap_or_default(),
            is_private: !shortcut.is_public,
            channel: &shortcut.message.channel,
            response_url: shortcut.response_url.clone(),
        };
        form(context, new, places)
    }

    /// Saves the words of a form that was sent. What stands in the way is shown at its field.
    pub async fn save(self, sent: Submission) -> Result<Answer<'c>, Failure> {
        let context = self.context;
        let gone = || Failure::refuse(messages::gone());
        let carried = serde_json::from_str::<Carried>(&sent.private).map_err(|_| gone())?;
        let draft = store::draft(&context.store, &carried.draft, &sent.user).await?.ok_or_else(gone)?;
        let chosen = match sent.answers.get(messages::PLACE) {
            Some(FieldValue::Choice(chosen)) => chosen.as_str(),
            _ => "",
        };
        let (name, place) = chosen.split_once(' ').unwrap_or((chosen, ""));
        let ritual = self
            .rituals
            .iter()
            .find(|ritual| ritual.name() == name && ritual.takes_words())
            .ok_or_else(gone)?;
        let saved = SavedWords {
            id: draft.id.clone(),
            user: draft.user.clone(),
            author: draft.author.clone(),
            words: draft.words.clone(),
            link: draft.link.clone(),
        };
        let mut complaints = Complaints::default();
        let answered = ritual.on_saved(context, place.to_owned(), saved).await;
        let Some(answer) = complaints.at(&context.store, messages::PLACE, answered).await? else {
            return Ok(Answer::reply(complaints.reply()));
        };
        let Answer { mut unit, reply, declined, absence, kept } = answer;
        if let Reply::Update(_) = reply {
            // The next form holds the words, and nothing is saved yet.
            return Ok(Answer { unit, reply, declined, absence, kept });
        }
        store::take(&mut unit, &context.team, &draft);
        if let Reply::Ephemeral(message) = reply {
            context.enqueue(&mut unit, &told(context, &draft, carried.target, message))?;
        }
        Ok(Answer::new(unit, Reply::Nothing).or_else(move |guard| {
            let declined = async move {
                match declined {
                    _ if guard == store::TAKEN => Err(Failure::refuse(messages::saved_already())),
                    Some(declined) => at_the_field(context, declined(guard).await).await,
                    None => Err(gone()),
                }
            };
            declined.boxed()
        }))
    }
}

/// Shows a refusal at the form's field.
async fn at_the_field<'c>(
    context: &Context,
    answered: Result<Answer<'c>, Failure>,
) -> Result<Answer<'c>, Failure> {
    match answered {
        Err(Failure::Refuse(message)) => {
            let mut complaints = Complaints::default();
            complaints.add(messages::PLACE, plain(&context.store, &message).await?);
            Ok(Answer::reply(complaints.reply()))
        }
        answered => answered,
    }
}

/// Tells the person what came of it: where they used the shortcut, or by DM.
fn told(context: &Context, draft: &Draft, target: Option<ReplyTarget>, message: Message) -> NewEffect {
    let key = format!("saving/saved/{}", draft.id);
    let answer = target.and_then(|target| target.answer(key.clone(), message.clone(), context.now));
    answer.unwrap_or_else(|| {
        let to = Target::Person(draft.user.clone());
        NewEffect::post(Origin::new(ENGINE, String::new()), key, to, message, context.now)
    })
}

/// The first words of a text, as many characters as are kept.
pub fn kept(words: &str) -> String {
    words.trim().chars().take(LONGEST_WORDS).collect::<String>().trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_words_are_offered_to_the_person_first() {
        let channel = ChannelId::from("C1");
        let agenda =
            SavePlace { id: "sync".to_owned(), agenda_of: Some(channel.clone()), ..SavePlace::default() };
        let own = SavePlace { id: "mine".to_owned(), is_to_do: true, ..SavePlace::default() };
        let places = [agenda, own];
        assert_eq!(suited(&places, (&channel, false)).as_deref(), Some("sync"));
        assert_eq!(suited(&places, (&"D1".into(), true)).as_deref(), Some("mine"));
        assert_eq!(suited(&places[..1], (&"D1".into(), true)).as_deref(), Some("sync"));
    }
}
