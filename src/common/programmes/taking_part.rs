//! Taking part in a channel's programme, sitting one occasion out, and leaving.

use chrono::NaiveDate;

use super::{PartChange, Programmes, ReplyVia, audience::Audience, messages, participants::Part};
use crate::{
    model::{failure::Failure, people::UserId},
    ritual::Answer,
    store::{
        absences::{self, Absence},
        programmes::Programme,
        unit::UnitOfWork,
    },
};

impl<'c> Programmes<'c> {
    pub(super) async fn take_part(
        self,
        change: PartChange,
        programme: Programme,
        user: UserId,
        via: ReplyVia,
    ) -> Result<Answer<'c>, Failure> {
        match change {
            PartChange::Join => self.join(&programme, &user, via).await,
            PartChange::Leave => self.leave(&programme, &user, via).await,
            PartChange::Skip(date) => self.skip((&programme, date), &user, via).await,
        }
    }

    /// Brings a person back in.
    async fn join(self, programme: &Programme, user: &UserId, via: ReplyVia) -> Result<Answer<'c>, Failure> {
        self.may_take_part(user).await?;
        let (context, words) = (self.context, self.words());
        let next = self.next(programme).await?;
        let participants = self.participants(programme, next.map(|next| next.wall)).await?;
        if participants.part_of(user) == Part::IsNotChosen {
            return Ok(self.not_chosen(programme, via));
        }
        let absences = absences::of_programme(&context.store, &programme.id).await?;
        // A skip of an occasion that is over changes nothing.
        let today = context.now.with_timezone(&self.times(programme)?.zone).date_naive().to_string();
        let was_out = absences
            .iter()
            .any(|(who, absence)| who == user && !matches!(absence, Absence::Skips(date) if *date < today));
        let mut unit = UnitOfWork::new();
        absences::join(&mut unit, &context.team, &programme.id, user);
        let message = match (participants.part_of(user), via) {
            (Part::TakesPart, _) if !was_out => messages::already_in(words, next.as_ref()),
            (Part::IsNotSeen, ReplyVia::Typed) => messages::not_seen(words, &programme.channel),
            (Part::IsNotSeen | Part::IsNotChosen, _) => messages::not_in_channel(words, &programme.channel),
            (Part::IsAway, _) => messages::joined_but_away(words, next.as_ref()),
            (Part::HasHoliday, _) => {
                let holiday = participants.holidays.get(user).map_or("", String::as_str);
                messages::joined_on_a_holiday(words, next.as_ref(), holiday)
            }
            (Part::TakesPart | Part::Skips | Part::HasLeft, _) => messages::joined(words, next.as_ref()),
        };
        Ok(Answer::new(unit, via.reply(message)))
    }

    /// Takes a person out.
    async fn leave(self, programme: &Programme, user: &UserId, via: ReplyVia) -> Result<Answer<'c>, Failure> {
        if self.participants(programme, None).await?.part_of(user) == Part::IsNotChosen {
            return Ok(self.not_chosen(programme, via));
        }
        let mut unit = self.ritual.absent(self.context, programme).await?;
        absences::leave(&mut unit, &self.context.team, &programme.id, user, self.context.now);
        let message = messages::left(self.words(), (&programme.name, &programme.channel), &programme.id);
        Ok(Answer::new(unit, via.reply(message)))
    }

    /// Leaves a person out of the next occasion; nothing changes if they pressed a button about another one.
    async fn skip(
        self,
        (programme, date): (&Programme, Option<NaiveDate>),
        user: &UserId,
        via: ReplyVia,
    ) -> Result<Answer<'c>, Failure> {
        self.may_take_part(user).await?;
        let (context, words) = (self.context, self.words());
        let Some(next) = self.next(programme).await? else {
            let pause = self.pause_of(programme, user).await?;
            return Err(Failure::refuse(match pause {
                Some(pause) => messages::paused_skip(words, &pause, self.command()),
                None => messages::nothing_to_skip(words),
            }));
        };
        if date.is_some_and(|date| date != next.wall.date()) {
            let message = messages::another_is_next(words, &next, self.command());
            return Ok(Answer::reply(via.reply(message)));
        }
        let absences = absences::of_programme(&context.store, &programme.id).await?;
        // A person who has left does not come back by skipping an occasion.
        if absences.contains(&(user.clone(), Absence::Left)) {
            let place = (programme.name.as_str(), &programme.channel);
            return Ok(Answer::reply(via.reply(messages::already_left(words, place, &programme.id))));
        }
        let participants = self.participants(programme, Some(next.wall)).await?;
        if participants.part_of(user) == Part::IsNotChosen {
            return Ok(self.not_chosen(programme, via));
        }
        let mut unit = self.ritual.absent(context, programme).await?;
        absences::skip(&mut unit, &context.team, &programme.id, user, next.wall.date());
        let message = if participants.knows(user) {
            messages::skipping(words, &next, &programme.name, &programme.id)
        } else {
            messages::not_seen(words, &programme.channel)
        };
        Ok(Answer::new(unit, via.reply(message)))
    }

    /// Says for whom a programme is, and that nothing has changed.
    fn not_chosen(self, programme: &Programme, via: ReplyVia) -> Answer<'c> {
        let audience = Audience::of(&programme.settings).unwrap_or_default();
        let message = messages::not_chosen(self.words(), &audience.named(), &programme.organisers);
        Answer::reply(via.reply(message))
    }
}
