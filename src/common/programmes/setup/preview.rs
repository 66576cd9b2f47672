//! The preview of a form: what a programme comes to, and each message as people will read it.

use chrono::Duration;

use super::{Sent, checks::Checked};
use crate::{
    common::{
        programmes::{
            AtOnce, Programmes, Upcoming,
            holidays::{self, DaysOff},
            messages::{self, AfterMove, Changes, Proposal},
            starting::DATES,
        },
        setup::Preview,
    },
    model::{
        cadence::{KeptDates, Occurrence},
        failure::Failure,
    },
    store::{programmes::Programme, unit::UnitOfWork},
};

impl Programmes<'_> {
    /// What a checked form shows before it starts or changes a programme.
    pub(super) async fn preview(self, sent: &Sent, checked: Checked) -> Result<Preview, Failure> {
        let (context, words) = (self.context, self.words());
        let Checked { programme, old, dates, at_once, .. } = checked;
        if let Some(at_once) = at_once {
            return self.preview_at_once(sent, (&programme, &dates.next), at_once).await;
        }
        // What would be written is not: only what comes of it is shown.
        let change = match old {
            Some(old) => {
                let (changed, after) = self.replan(&mut UnitOfWork::new(), &old, programme.clone()).await?;
                Some((old, changed, after))
            }
            None => None,
        };
        let cadence = self.times(&programme)?;
        let next = match &change {
            Some((old, _, AfterMove { next: Some(next), .. })) if old.cadence != programme.cadence => {
                cadence.upcoming(next.at - Duration::milliseconds(1), DATES)
            }
            _ => dates.next,
        };
        let today = context.now.with_timezone(&sent.zone).date_naive();
        let on_holidays = DaysOff::of(context, &sent.user).await?.among(cadence, context.now);
        let except = holidays::except(&sent.draft.when, &on_holidays, sent.zone, context.now);
        let participants = self.participants(&programme, next.first().map(|first| first.wall)).await?;
        let people = self.takers(&programme, &participants, next.first().copied()).await?;
        let proposal = Proposal {
            channel: Some(&programme.channel),
            name: &programme.name,
            cadence,
            people: &people,
            dates: (&next, today),
            too_near: dates.too_near,
            holidays: (&on_holidays, except.as_deref()),
        };
        let (summary, now, programme) = match &change {
            None => {
                let announced = |first| self.ritual.announcement(&sent.user, &programme, cadence, first);
                (messages::summary(words, &proposal), next.first().map(announced), &programme)
            }
            Some((old, changed, after)) => {
                let mut differs = self.changes((old, changed), *after, &proposal)?;
                let (before, now) = differs.cadence;
                let shown = (self.shown(before), self.shown(now));
                differs.cadence = (&shown.0, &shown.1);
                let (by, options) = (&sent.user, &differs.options);
                let announced = messages::announcement_of_change(
                    words,
                    by,
                    differs.name,
                    differs.cadence,
                    options,
                    after,
                );
                let differs_at_all = old.settings != changed.settings || old.cadence != changed.cadence;
                if differs_at_all && !proposal.people.remark.as_str().is_empty() {
                    differs.options.push(proposal.people.remark.clone());
                }
                let mut summary = messages::summary_of_change(words, &differs);
                if before != now {
                    summary =
                        messages::with_kept_dates(summary, &KeptDates::of(before, now, self.today(now)));
                }
                (summary, announced, changed)
            }
        };
        let upcoming = Upcoming {
            programme,
            dates: &next,
            reader: &sent.user,
            participants: &participants,
            unread: people.unread,
            now,
        };
        Ok(Preview { summary, shown: self.ritual.shown(context, upcoming).await? })
    }

    /// The same for a programme whose only occasion is held at once.
    async fn preview_at_once(
        self,
        sent: &Sent,
        (programme, dates): (&Programme, &[Occurrence]),
        at_once: AtOnce,
    ) -> Result<Preview, Failure> {
        let first = dates.first().copied();
        let participants = self.participants(programme, first.map(|first| first.wall)).await?;
        let people = self.takers(programme, &participants, first).await?;
        let summary = messages::summary_at_once(self.words(), (&programme.channel, &programme.name), &people);
        let now = Some(at_once.began);
        let (reader, unread, participants) = (&sent.user, people.unread, &participants);
        let upcoming = Upcoming { programme, dates, reader, participants, unread, now };
        Ok(Preview { summary, shown: self.ritual.shown(self.context, upcoming).await? })
    }

    fn changes<'p>(
        self,
        (old, changed): (&'p Programme, &'p Programme),
        after: AfterMove,
        proposal: &Proposal<'p>,
    ) -> Result<Changes<'p>, Failure> {
        Ok(Changes {
            channel: &changed.channel,
            name: (&old.name, &changed.name),
            cadence: (self.times(old)?, proposal.cadence),
            options: self.ritual.changed_options(&old.settings, &changed.settings),
            dates: proposal.dates,
            holidays: proposal.holidays,
            after,
        })
    }
}
