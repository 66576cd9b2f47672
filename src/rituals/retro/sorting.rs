//! In our hands? Organisers sort the themes of a retro that is done; promises come from those that are the team's, and others are passed
//! on to a channel that can do something about them.

use futures_util::FutureExt as _;
use serde::{Deserialize, Serialize};

use super::{
    NAME, Retros,
    answering::as_form,
    concluding::theme_effect,
    messages,
    plan::State,
    store::{self, themes::CHANGED_MEANWHILE},
    theme::{Hands, Theme},
    values::Retro,
};
use crate::{
    common::{
        programmes::{origin, tell_organisers},
        promises::{self, PromiseState},
        setup::{Complaints, messages::NO_CHANNEL, plain},
    },
    model::{
        effect::{DeliveryOutcome, NewEffect, Origin, Target},
        event::{Action, FieldValue, Reply, Submission},
        failure::Failure,
        message::Message,
        people::{ChannelId, UserId},
        text::{clean, has_visible_text},
    },
    ritual::{Answer, Context, Handling, Settled},
    store::{programmes::Programme, unit::UnitOfWork},
};

/// What a post in another channel is about.
#[derive(Serialize, Deserialize)]
struct PassedTheme {
    theme: String,
    channel: ChannelId,
}

/// A theme of a retro that is done.
struct DoneTheme {
    theme: Theme,
    retro: Retro,
    programme: Programme,
}

impl Retros {
    /// Sorts a theme by its menu. If it needs others, the form that passes it on opens.
    pub(super) async fn sort_theme<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
    ) -> Result<Answer<'c>, Failure> {
        let DoneTheme { theme, retro, programme } =
            self.sortable(context, &action.value, &action.user).await?;
        let Some(FieldValue::Choice(chosen)) = &action.chosen else { return Ok(Answer::nothing()) };
        let hands = Hands::parse(chosen);
        let mut unit = UnitOfWork::new();
        store::themes::sort(&mut unit, &context.team, &theme, hands);
        store::themes::begin_sorting(&mut unit, &context.team, &retro);
        let theme = Theme { hands, ..theme };
        show(&mut unit, context, (&programme, &retro), &theme).await?;
        let reply = match hands {
            Hands::Others => Reply::Open(Box::new(messages::pass_form(&theme))),
            _ => Reply::Nothing,
        };
        Ok(Answer::new(unit, reply).or_else(move |guard| {
            if guard == CHANGED_MEANWHILE {
                return self.sort_again(context, action);
            }
            std::future::ready(Err(Failure::refuse(messages::sorted_meanwhile()))).boxed()
        }))
    }

    /// Sorts a theme anew where another organiser has hidden an answer or sorted another theme in the same moment.
    fn sort_again<'c>(&'c self, context: &'c Context, action: Action) -> Handling<'c> {
        self.sort_theme(context, action).boxed()
    }

    /// The same for a form that passes a theme on.
    fn pass_again<'c>(&'c self, context: &'c Context, sent: Submission) -> Handling<'c> {
        self.pass_sent(context, sent).boxed()
    }

    /// The same for a form that asks for promises.
    fn promise_again<'c>(&'c self, context: &'c Context, sent: Submission) -> Handling<'c> {
        self.promise_sent(context, sent).boxed()
    }

    /// Opens the form that passes a theme on.
    pub(super) async fn open_pass<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
    ) -> Result<Answer<'c>, Failure> {
        let DoneTheme { theme, .. } = self.sortable(context, &action.value, &action.user).await?;
        if theme.hands != Hands::Others {
            return Err(Failure::refuse(messages::sorted_meanwhile()));
        }
        Ok(Answer::reply(Reply::Open(Box::new(messages::pass_form(&theme)))))
    }

    /// Posts a theme in another channel, once.
    pub(super) async fn pass_sent<'c>(
        &'c self,
        context: &'c Context,
        sent: Submission,
    ) -> Result<Answer<'c>, Failure> {
        let DoneTheme { theme, retro, programme } =
            match self.sortable(context, &sent.private, &sent.user).await {
                Ok(found) => found,
                Err(Failure::Refuse(message)) => return Ok(Answer::reply(as_form(*message))),
                Err(failure) => return Err(failure),
            };
        let mut complaints = Complaints::default();
        let words = match sent.answers.get(messages::PASS_WORDS) {
            Some(FieldValue::Text(words)) if has_visible_text(words) => clean(words).trim().to_owned(),
            _ => String::new(),
        };
        let length = words.chars().count();
        if length == 0 || length > messages::LONGEST_PASSED {
            complaints.add(messages::PASS_WORDS, messages::wrong_words(length));
        }
        let Some(FieldValue::Channel(channel)) = sent.answers.get(messages::PASS_TO) else {
            complaints.add(messages::PASS_TO, NO_CHANNEL.to_owned());
            return Ok(Answer::reply(complaints.reply()));
        };
        if *channel == programme.channel {
            complaints.add(messages::PASS_TO, messages::SAME_CHANNEL.to_owned());
        }
        if theme.passed_to.as_ref() == Some(channel) {
            complaints.add(messages::PASS_TO, messages::PASSED_THERE.to_owned());
        }
        let may = self.may_post_in(context, channel, &sent.user).await;
        complaints.at(&context.store, messages::PASS_TO, may).await?;
        if !complaints.is_empty() {
            return Ok(Answer::reply(complaints.reply()));
        }
        let mut unit = UnitOfWork::new();
        store::themes::pass(&mut unit, &context.team, &theme, channel);
        store::themes::begin_sorting(&mut unit, &context.team, &retro);
        let note = origin(NAME, &PassedTheme { theme: theme.id.clone(), channel: channel.clone() })?;
        // After a refusal it may be passed on again.
        let key = format!("retro/passed/{}/{}", theme.id, context.id());
        let is_public = context.store.channel_seen(&programme.channel).await?.public_at.is_some();
        let from = Some(&programme.channel).filter(|_| is_public);
        let message = messages::passed(&sent.user, &words, from, (theme.came_up, retro.date));
        let to = Target::Channel(channel.clone());
        context.enqueue_once(&mut unit, &NewEffect::post(note, key, to, message, context.now))?;
        let theme = Theme { hands: Hands::Others, passed_to: Some(channel.clone()), ..theme };
        show(&mut unit, context, (&programme, &retro), &theme).await?;
        let passed = as_form(messages::passed_on(channel));
        Ok(Answer::new(unit, passed).or_else(move |guard| {
            if guard == CHANGED_MEANWHILE {
                return self.pass_again(context, sent);
            }
            async move {
                // Their own second press, or another organiser's for the same channel.
                let now = done(context, &sent.private).await?.and_then(|now| now.theme.passed_to);
                let Some(FieldValue::Channel(channel)) = sent.answers.get(messages::PASS_TO) else {
                    return Ok(Answer::nothing());
                };
                Ok(Answer::reply(as_form(if now.as_ref() == Some(channel) {
                    messages::passed_on(channel)
                } else {
                    messages::sorted_meanwhile()
                })))
            }
            .boxed()
        }))
    }

    /// Lets those pass who are in a channel in which the bot works.
    async fn may_post_in(
        &self,
        context: &Context,
        channel: &ChannelId,
        user: &UserId,
    ) -> Result<(), Failure> {
        let programmes = self.programmes(context);
        programmes.works_in(channel).await?;
        programmes.may_take_part_in(channel, user).await.map_err(|failure| match failure {
            Failure::Refuse(_) => Failure::refuse(messages::NOT_IN_THAT_CHANNEL),
            failure => failure,
        })
    }

    /// What follows if Slack refuses a post in another channel: the theme isn't passed on, and the organisers read so. `None` for other
    /// messages.
    pub(super) async fn pass_settled(
        &self,
        context: &Context,
        origin: &Origin,
        outcome: &DeliveryOutcome,
    ) -> Result<Option<Settled>, Failure> {
        let Ok(passed) = serde_json::from_str::<PassedTheme>(&origin.note) else { return Ok(None) };
        if matches!(outcome, DeliveryOutcome::Sent { .. } | DeliveryOutcome::Done) {
            return Ok(Some(Settled::given_up()));
        }
        let mut unit = UnitOfWork::new();
        if let Some(DoneTheme { theme, retro, programme }) = done(context, &passed.theme).await? {
            store::themes::take_back(&mut unit, &context.team, &theme, &passed.channel);
            // Otherwise an answer that is hidden in this moment would come back; the refusal is told again then.
            store::themes::while_sorted(&mut unit, &context.team, &retro);
            let theme = Theme { passed_to: None, ..theme };
            show(&mut unit, context, (&programme, &retro), &theme).await?;
            let message = messages::not_passed(&retro, &programme.name, &passed.channel);
            let key = format!("passed/{}/{}", theme.id, passed.channel);
            tell_organisers(&mut unit, context, NAME, &programme, (&key, &message))?;
        }
        Ok(Some(Settled::with(unit)))
    }

    /// Opens the form that asks for promises from a theme.
    pub(super) async fn open_promise<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
    ) -> Result<Answer<'c>, Failure> {
        let DoneTheme { theme, retro, .. } = self.promisable(context, &action.value, &action.user).await?;
        let promised = store::themes::promised(&context.store, &retro.id).await?;
        Ok(Answer::reply(Reply::Open(Box::new(messages::promise_form(&theme, promised, &action.user)))))
    }

    /// Asks for the promises of the form.
    pub(super) async fn promise_sent<'c>(
        &'c self,
        context: &'c Context,
        sent: Submission,
    ) -> Result<Answer<'c>, Failure> {
        let found = self.promisable(context, &sent.private, &sent.user).await;
        let DoneTheme { theme, retro, programme } = match found {
            Ok(found) => found,
            // The form keeps what was typed.
            Err(Failure::Refuse(message)) => return at_first_field(context, &sent, &message).await,
            Err(failure) => return Err(failure),
        };
        let mut complaints = Complaints::default();
        let at = (&programme, retro.date);
        let asked = promises::requested(context, at, (&sent.user, &sent.answers), &mut complaints).await?;
        if asked.promises.is_empty() && complaints.is_empty() {
            let field = sent.first_field.as_deref().unwrap_or_default();
            complaints.add(field, messages::NOTHING_ASKED.to_owned());
        }
        if !complaints.is_empty() {
            return Ok(Answer::reply(complaints.reply()));
        }
        let mut unit = UnitOfWork::new();
        let count = asked.promises.len();
        let own = asked.promises.iter().filter(|promise| promise.state == PromiseState::Open).count();
        let undated = asked.promises.iter().filter(|promise| promise.is_own()).count() - own;
        store::themes::promise(&mut unit, &context.team, &theme, count);
        store::themes::while_sorted(&mut unit, &context.team, &retro);
        asked.ask(&mut unit, context).await?;
        let promised = theme.promised + i64::try_from(count).unwrap_or_default();
        show(&mut unit, context, (&programme, &retro), &Theme { promised, ..theme }).await?;
        let answer =
            Answer::new(unit, as_form(messages::asked_for_promises(count - own - undated, own, undated)));
        Ok(answer.or_else(move |guard| {
            if guard == CHANGED_MEANWHILE {
                return self.promise_again(context, sent);
            }
            async move {
                match asked.refused(context, guard).await? {
                    Some(refused) => Ok(Answer::reply(refused)),
                    None => at_first_field(context, &sent, &messages::no_promise_from_it()).await,
                }
            }
            .boxed()
        }))
    }

    /// Returns a theme that a person may sort: an organiser, or the lead of the channel's next sync.
    async fn sortable(&self, context: &Context, id: &str, user: &UserId) -> Result<DoneTheme, Failure> {
        let found = done(context, id).await?.ok_or_else(|| Failure::refuse(messages::theme_is_past()))?;
        let channel = &found.programme.channel;
        let lead = context.next_lead(channel).await?;
        if lead.as_ref() == Some(user) {
            self.programmes(context).may_take_part_in(channel, user).await?;
            return Ok(found);
        }
        match self.programmes(context).may_lead_on_in(&found.programme, user).await {
            Err(Failure::Refuse(_)) if context.store.is_member(channel, user).await? => {
                let organisers = &found.programme.organisers;
                Err(Failure::refuse(messages::not_sorting(organisers, lead.as_ref())))
            }
            Err(failure) => Err(failure),
            Ok(()) => Ok(found),
        }
    }

    /// Returns a theme in the team's hands from which a person may ask for promises: one who was asked in the retro.
    async fn promisable(&self, context: &Context, id: &str, user: &UserId) -> Result<DoneTheme, Failure> {
        let found = done(context, id).await?.ok_or_else(|| Failure::refuse(messages::theme_is_past()))?;
        if !store::is_asked(&context.store, &found.retro.id, user).await? {
            return Err(Failure::refuse(messages::not_of_the_retro()));
        }
        self.programmes(context).may_take_part_in(&found.programme.channel, user).await?;
        if found.theme.hands != Hands::Ours {
            return Err(Failure::refuse(messages::no_promise_from_it()));
        }
        Ok(found)
    }
}

/// Returns a theme of a retro that is done, by its id.
async fn done(context: &Context, id: &str) -> Result<Option<DoneTheme>, Failure> {
    let Some(retro) = store::themes::retro_of(&context.store, id).await? else { return Ok(None) };
    let retro = store::retro(&context.store, &retro).await?;
    let Some(retro) = retro.filter(|retro| retro.state == State::Done) else { return Ok(None) };
    let Some(programme) = context.store.programme(&retro.programme).await? else { return Ok(None) };
    let grouped = store::themes::grouped(&context.store, &retro.id).await?;
    let theme = grouped.themes.into_iter().find(|theme| theme.id == id);
    Ok(theme.map(|theme| DoneTheme { theme, retro, programme }))
}

/// Adds to a unit that the message of a theme says how it stands.
async fn show(
    unit: &mut UnitOfWork,
    context: &Context,
    (programme, retro): (&Programme, &Retro),
    theme: &Theme,
) -> Result<(), Failure> {
    let effect = theme_effect(context, programme, retro, theme).await?;
    Ok(context.revise(unit, &effect.key, &effect.effect)?)
}

/// Says at the first field of a form what stands in its way.
async fn at_first_field<'c>(
    context: &Context,
    sent: &Submission,
    message: &Message,
) -> Result<Answer<'c>, Failure> {
    let mut complaints = Complaints::default();
    complaints.add(sent.first_field.as_deref().unwrap_or_default(), plain(&context.store, message).await?);
    Ok(Answer::reply(complaints.reply()))
}
