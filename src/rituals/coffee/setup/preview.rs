//! The preview of a form: what chats come to, and each message as people will read it.

use chrono::Duration;

use super::{Coffee, Context, Failure, Options, Sent, checks::Checked, messages, times};
use crate::{
    common::setup::{Preview, PreviewMessage},
    model::{cadence::Occurrence, message::Message, people::UserId},
    ritual::Ritual as _,
    rituals::coffee::{
        CLOSE, NOTICE, holidays,
        members::Participants,
        members_of,
        messages::{AfterMove, Changes, Proposal, Showing, Takers},
        plan::{CoffeeGroup, SMALLEST_GROUP},
        starting::{DATES, takers},
    },
    store::{programmes::Programme, unit::UnitOfWork},
};

/// The people that the messages of a preview concern.
struct Audience<'r> {
    user: &'r UserId,
    members: &'r Participants,
    people: Takers,
}

impl Coffee {
    /// What a checked form shows before it starts or changes chats.
    pub(super) async fn preview(
        &self,
        context: &Context,
        sent: &Sent,
        checked: Checked,
    ) -> Result<Preview, Failure> {
        let Checked { programme, old, rounds } = checked;
        // What would be written is not: only what comes of it is shown.
        let change = match old {
            Some(old) => {
                let (changed, after) =
                    self.replan(&mut UnitOfWork::new(), context, &old, programme.clone()).await?;
                Some((old, changed, after))
            }
            None => None,
        };
        let cadence = times(&programme)?;
        let dates = match &change {
            Some((old, _, AfterMove { next: Some(next), .. })) if old.cadence != programme.cadence => {
                cadence.upcoming(next.at - Duration::milliseconds(1), DATES)
            }
            _ => rounds.dates,
        };
        let today = context.now.with_timezone(&sent.zone).date_naive();
        let on_holidays = holidays::on_holidays(cadence, context.now);
        let except = holidays::except(&sent.draft.when, &on_holidays, sent.zone, context.now);
        let members = members_of(context, &programme, dates.first().map(|first| first.wall)).await?;
        let people = takers(context, &programme, &members).await?;
        let readers = Audience { user: &sent.user, members: &members, people };
        let proposal = Proposal {
            channel: Some(&programme.channel),
            name: &programme.name,
            cadence,
            people,
            dates: (&dates, today),
            too_near: rounds.too_near,
            holidays: (&on_holidays, except.as_deref()),
        };
        match &change {
            None => Ok(self.preview_of_start(&programme, &proposal, &readers)),
            Some((old, changed, after)) => self.preview_of_change((old, changed), after, &proposal, &readers),
        }
    }

    fn preview_of_start(
        &self,
        programme: &Programme,
        proposal: &Proposal<'_>,
        readers: &Audience<'_>,
    ) -> Preview {
        let called = (programme.name.as_str(), programme.id.as_str());
        let (dates, _) = proposal.dates;
        let announced = dates.first().map(|first| {
            messages::announcement(readers.user, called, proposal.cadence, first, &self.command)
        });
        let shown = self.shown(programme, dates, readers, announced);
        Preview { summary: messages::summary(proposal), shown }
    }

    fn preview_of_change(
        &self,
        (old, changed): (&Programme, &Programme),
        after: &AfterMove,
        proposal: &Proposal<'_>,
        readers: &Audience<'_>,
    ) -> Result<Preview, Failure> {
        let (before, now) = (times(old)?, proposal.cadence);
        let differs = Changes {
            channel: &changed.channel,
            name: (&old.name, &changed.name),
            cadence: (before, now),
            options: (&Options::read(&old.settings), &Options::read(&changed.settings)),
            usual: self.settings.group_size,
            dates: proposal.dates,
            holidays: proposal.holidays,
            after: *after,
        };
        let announced = (before != now).then(|| {
            messages::announcement_of_move(readers.user, (&old.name, &changed.name), before, now, after)
        });
        let shown = self.shown(changed, proposal.dates.0, readers, announced);
        Ok(Preview { summary: messages::summary_of_change(&differs), shown })
    }

    /// The messages that people will read of these rounds. Where fewer than two people are known to be there, nothing but the
    /// announcement would come.
    fn shown(
        &self,
        programme: &Programme,
        dates: &[Occurrence],
        readers: &Audience<'_>,
        now: Option<Message>,
    ) -> Vec<PreviewMessage> {
        let Audience { user, members, people } = readers;
        let known = members.here.len() + members.skipping.len() + members.away.len() + members.left.len();
        let mut showing = Showing { now, ..Showing::default() };
        if members.here.len() >= SMALLEST_GROUP {
            let planned = |kind: &str| {
                dates.iter().find_map(|round| {
                    let runs = self.plan(programme, *round);
                    runs.into_iter().find(|run| run.kind == kind).map(|run| (*round, run.due.wall))
                })
            };
            let size = Options::read(&programme.settings).group_size.unwrap_or(self.settings.group_size);
            let group = example(programme, members, user, size);
            showing.notice = planned(NOTICE).map(|(round, due)| {
                let here = people.unread.unwrap_or(people.here);
                (due, messages::notice(&round, here, &programme.name, &programme.id))
            });
            showing.round = dates.first().map(|round| {
                let groups = people.unread.is_none().then(|| (people.here / size).max(1));
                (round.wall, groups, messages::introduction(&group, &programme.name))
            });
            showing.close =
                planned(CLOSE).map(|(_, due)| (due, messages::ask_whether_met(&group, &programme.name)));
        }
        messages::shown(&programme.channel, people.unread.unwrap_or(known), showing)
    }
}

/// A group as it might be, with the person who reads the preview in it where they take part.
fn example(programme: &Programme, members: &Participants, user: &UserId, size: usize) -> CoffeeGroup {
    let (own, others): (Vec<_>, Vec<_>) =
        members.here.iter().map(|person| person.id.clone()).partition(|person| person == user);
    CoffeeGroup {
        id: String::new(),
        programme: programme.id.clone(),
        channel: programme.channel.clone(),
        date: String::new(),
        question: messages::question(0, 0).to_owned(),
        people: own.into_iter().chain(others).take(size).collect(),
    }
}
