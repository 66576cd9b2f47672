//! Decisions of syncs: recorded in the thread of the sync that is open, and looked at again by a later one.

use chrono::Days;

use super::{NAME, Syncs, store};
use crate::{
    common::{
        decisions::{Decisions, Drafted, NewForm, messages::PostedIn},
        programmes::typed_words,
        reply_target::ReplyTarget,
        saving::plain_words,
    },
    model::{
        effect::Target,
        event::{Command, LONGEST_WORDS, Reply, Submission},
        failure::Failure,
    },
    ritual::{Answer, Context, SavedWords},
    store::programmes::Programme,
};

impl Syncs {
    /// Returns the decisions, for one event.
    pub(super) fn decisions<'c>(&'c self, context: &'c Context) -> Decisions<'c> {
        Decisions { context, ritual: NAME, command: &self.command }
    }

    /// Opens the form for a decision, with what was typed behind the word.
    pub(super) async fn decide<'c>(
        &'c self,
        context: &'c Context,
        command: Command,
        sent: &str,
    ) -> Result<Answer<'c>, Failure> {
        let programmes = self.programmes(context);
        let running = programmes.running_in(&command.channel).await?;
        programmes.may_take_part(&command.user).await?;
        if running.is_empty() {
            self.decisions(context).may_post_in(&command.channel).await?;
        }
        let words = plain_words(context, sent).await?;
        let is_cut = sent.chars().count() > LONGEST_WORDS && words.chars().count() == LONGEST_WORDS;
        let (words, running) = typed_words::meant(words, running);
        let form = self.decisions(context).new_form(NewForm {
            user: &command.user,
            channel: &command.channel,
            programmes: &running,
            posted_in: posted_in(context, &running).await?,
            words: &words,
            is_cut,
            link: String::new(),
            target: Some(ReplyTarget::here(command.response_url, context.now)),
        })?;
        Ok(Answer::reply(Reply::Open(Box::new(form))))
    }

    /// Shows the decisions of a channel. They stay when its syncs have ended.
    pub(super) async fn find_decisions<'c>(
        &'c self,
        context: &'c Context,
        command: Command,
        sent: &str,
    ) -> Result<Answer<'c>, Failure> {
        let words = plain_words(context, sent).await?;
        self.decisions(context).list(&command.channel, &words, &command.user).await
    }

    /// Handles a form about decisions that was sent.
    pub(super) async fn decision_sent<'c>(
        &'c self,
        context: &'c Context,
        sent: Submission,
    ) -> Result<Answer<'c>, Failure> {
        let decisions = self.decisions(context);
        if Decisions::confirms(&sent) {
            return decisions.confirmed(sent).await;
        }
        match decisions.drafted(&sent).await? {
            Drafted::Answered(answer) => Ok(answer),
            Drafted::Version(recorded) => {
                let programme = context.store.programme(&recorded.version.programme).await?;
                let to = match &programme {
                    Some(programme) => thread_of(context, programme).await?,
                    None => Target::Channel(recorded.version.channel.clone()),
                };
                decisions.record(*recorded, to).await
            }
        }
    }

    /// Opens the form for a decision with words of a message.
    pub(super) async fn decide_saved<'c>(
        &'c self,
        context: &'c Context,
        programme: &Programme,
        saved: SavedWords,
    ) -> Result<Answer<'c>, Failure> {
        let form = self.decisions(context).new_form(NewForm {
            user: &saved.user,
            channel: &programme.channel,
            programmes: std::slice::from_ref(programme),
            posted_in: posted_in(context, std::slice::from_ref(programme)).await?,
            words: &saved.words,
            is_cut: false,
            link: saved.link,
            target: None,
        })?;
        Ok(Answer::reply(Reply::Update(Box::new(form))))
    }
}

/// Returns where a decision is posted that is made at one of these syncs, or at none.
async fn posted_in(context: &Context, programmes: &[Programme]) -> Result<PostedIn, Failure> {
    let mut open = 0;
    for programme in programmes {
        open += usize::from(matches!(thread_of(context, programme).await?, Target::Thread { .. }));
    }
    Ok(match open {
        0 => PostedIn::Channel,
        all if all == programmes.len() => PostedIn::Thread,
        _ => PostedIn::Either,
    })
}

/// Returns where a decision of a sync is posted: in the thread of the one that is open, else in the channel.
async fn thread_of(context: &Context, programme: &Programme) -> Result<Target, Failure> {
    let zone = programme.cadence.as_ref().map_or(context.zone, |cadence| cadence.zone);
    let tomorrow = context.now.with_timezone(&zone).date_naive() + Days::new(1);
    let channel = || Target::Channel(programme.channel.clone());
    let Some(date) = store::closing::open_before(&context.store, &programme.id, tomorrow).await? else {
        return Ok(channel());
    };
    let end = store::closing::end_of(&context.store, &programme.id, date).await?;
    Ok(end.map_or_else(channel, |end| end.thread(&programme.channel)))
}
