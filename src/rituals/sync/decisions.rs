//! Decisions of syncs: recorded in the thread of the sync that is open, and looked at again by a later one.

use chrono::{Days, NaiveDate};

use super::{NAME, Syncs, store};
use crate::{
    common::{
        decisions::{
            Decisions, Drafted, NewForm,
            messages::{PostedIn, from, no_writer},
        },
        programmes::typed_words,
        reply_target::ReplyTarget,
        saving::{kept_words, plain_words},
    },
    model::{
        effect::Target,
        event::{Command, Reply, Submission},
        failure::Failure,
        people::{ChannelId, ChannelState, UserId},
    },
    ritual::{Answer, Context, SavePlace, SavedWords},
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
        self.decisions(context).may_record(&command.channel, &command.user).await?;
        let (words, is_cut) = kept_words(context, sent).await?;
        let unknown = typed_words::unknown_name(&words, &running).map(str::to_owned);
        let (words, running) = typed_words::meant(words, running);
        let form = self.decisions(context).new_form(NewForm {
            user: &command.user,
            channel: &command.channel,
            programmes: &running,
            posted_in: posted_in(context, &running).await?,
            words: &words,
            unknown_name: unknown.as_deref(),
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
            Drafted::Answered(answer) => Ok(*answer),
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
        place: DecisionPlace<'_>,
        saved: SavedWords,
    ) -> Result<Answer<'c>, Failure> {
        let (programmes, decisions) = (self.programmes(context), self.decisions(context));
        let (channel, running) = match place {
            DecisionPlace::Programme(id) => {
                let programme = self.open_to(context, id, &saved.user).await?;
                (programme.channel.clone(), vec![programme])
            }
            DecisionPlace::Channel(channel) => {
                if !context.store.is_member(&channel, &saved.user).await? {
                    return Err(Failure::refuse(no_writer(&channel, &self.command)));
                }
                decisions.may_post_in(&channel).await?;
                let running = programmes.running_in(&channel).await?;
                (channel, running)
            }
        };
        programmes.may_take_part(&saved.user).await?;
        let form = decisions.new_form(NewForm {
            user: &saved.user,
            channel: &channel,
            programmes: &running,
            posted_in: posted_in(context, &running).await?,
            words: &saved.words,
            unknown_name: None,
            is_cut: false,
            link: saved.link,
            target: None,
        })?;
        Ok(Answer::reply(Reply::Update(Box::new(form))))
    }
}

/// What stands before an id in the places of *Save for…* that are for decisions: a programme's, or a channel's.
const OF_PROGRAMME: &str = "decision ";
const IN_CHANNEL: &str = "decision_in ";
/// How many channels without a sync are offered for decisions.
const MOST_CHANNELS: i64 = 20;

/// Where a decision is recorded with words of a message.
pub(super) enum DecisionPlace<'p> {
    /// At a sync, by its id.
    Programme(&'p str),
    /// In a channel that had no sync when it was offered.
    Channel(ChannelId),
}

impl DecisionPlace<'_> {
    /// Reads a place of *Save for…*; `None` if it is for something else.
    pub(super) fn of(place: &str) -> Option<DecisionPlace<'_>> {
        match (place.strip_prefix(OF_PROGRAMME), place.strip_prefix(IN_CHANNEL)) {
            (Some(programme), _) => Some(DecisionPlace::Programme(programme)),
            (None, Some(channel)) => Some(DecisionPlace::Channel(channel.into())),
            (None, None) => None,
        }
    }
}

/// Returns the places for decisions that a person may save words for: those of these syncs, and behind all else those of their channels
/// without any.
pub(super) async fn decision_places(
    context: &Context,
    programmes: &[Programme],
    user: &UserId,
) -> Result<Vec<SavePlace>, Failure> {
    let mut places = Vec::new();
    for programme in programmes {
        if let ChannelState::Open { name } = context.store.channel_state(&programme.channel).await? {
            let (id, label) = (format!("{OF_PROGRAMME}{}", programme.id), from(&name, &programme.name));
            places.push(SavePlace { id, label, ..SavePlace::default() });
        }
    }
    let others = context.store.open_channels_of(user, NAME, MOST_CHANNELS).await?;
    places.extend(others.into_iter().map(|(channel, name)| SavePlace {
        id: format!("{IN_CHANNEL}{channel}"),
        label: from(&name, ""),
        comes_last: true,
        ..SavePlace::default()
    }));
    Ok(places)
}

/// Returns where a decision is posted that is made at one of these syncs, or at none.
async fn posted_in(context: &Context, programmes: &[Programme]) -> Result<PostedIn, Failure> {
    let mut open = Vec::new();
    for programme in programmes {
        open.extend(open_on(context, programme).await?);
    }
    Ok(match open[..] {
        [] => PostedIn::Channel,
        [day] if programmes.len() == 1 => PostedIn::Thread(day),
        _ => PostedIn::Either,
    })
}

/// Returns the date of the last sync of a programme that has begun, while it is open: one that begins ends those before.
async fn open_on(context: &Context, programme: &Programme) -> Result<Option<NaiveDate>, Failure> {
    let zone = programme.cadence.as_ref().map_or(context.zone, |cadence| cadence.zone);
    let tomorrow = context.now.with_timezone(&zone).date_naive() + Days::new(1);
    Ok(store::closing::open_before(&context.store, &programme.id, tomorrow).await?)
}

/// Returns where a decision of a sync is posted: in the thread of the one that is open, else in the channel.
async fn thread_of(context: &Context, programme: &Programme) -> Result<Target, Failure> {
    let channel = || Target::Channel(programme.channel.clone());
    let Some(date) = open_on(context, programme).await? else { return Ok(channel()) };
    let end = store::closing::end_of(&context.store, &programme.id, date).await?;
    Ok(end.map_or_else(channel, |end| end.thread(&programme.channel)))
}
