//! `hand over to @ben`: another person organises a programme in the place of the one who types it. It asks first, since only the new
//! organiser could give it back.

use super::{HandOver, Programmes, changing::start_of, messages, messages::WrongOrganiser, news, request};
use crate::{
    model::{
        effect::NewEffect,
        event::{Action, Command, Reply},
        failure::{Failure, Lookup},
        owner::Owner,
        people::{ChannelState, PersonKind, UserId},
    },
    ritual::{Answer, Handling},
    store::{
        programmes::{self, Programme, name_key},
        unit::UnitOfWork,
    },
};

impl<'c> Programmes<'c> {
    /// Asks before another person becomes the organiser; `text` is what stands behind the words.
    pub(super) async fn ask_to_hand_over(
        self,
        command: Command,
        text: String,
    ) -> Result<Answer<'c>, Failure> {
        let (words, user) = (self.words(), &command.user);
        let (typed, called) = request::times_and_name(&text);
        let (to_whom, bare) = person_and_name(typed);
        let running = self.running_in(&command.channel).await?;
        let is_name = |name: &str| running.iter().any(|programme| is_called(name, programme));
        let name = [called, bare].into_iter().find(|name| !name.is_empty());
        let name = name.filter(|name| !called.is_empty() || is_name(name));
        let mut meant = self.all_meant(&command, None, name).await?;
        if meant.len() > 1 {
            let names: Vec<&str> = meant.iter().map(|programme| programme.name.as_str()).collect();
            let way = format!("hand over {to_whom}");
            return Err(Failure::refuse(messages::say_which(words, way.trim(), &names, self.command())));
        }
        let programme = meant.swap_remove(0);
        self.may_lead_on(&programme, user).await?;
        let to = request::person_in(&command.text);
        let wrong = match &to {
            None => Some(WrongOrganiser::NoOne),
            Some(_) if command.text.matches("<@").count() > 1 => Some(WrongOrganiser::Several),
            Some(_) if !is_called(words_behind_person(&command.text), &programme) => {
                Some(WrongOrganiser::More)
            }
            Some(to) if programme.organisers == [to.clone()] => Some(WrongOrganiser::Already),
            Some(to) => self.cannot_organise(&programme, to).await?,
        };
        let to = match (to, wrong) {
            (Some(to), None) => to,
            (to, wrong) => {
                let wrong = wrong.unwrap_or(WrongOrganiser::NoOne);
                return Err(self.wrong_organiser(&programme, to.as_ref(), wrong).await?);
            }
        };
        let value = format!("{} {to}", start_of(&programme));
        let others = organisers_after(&programme, user, &to);
        let place = (programme.name.as_str(), &programme.channel);
        let message = messages::ask_to_hand_over(words, place, &others, (user, &to), &value);
        Ok(Answer::reply(Reply::Ephemeral(message)))
    }

    /// Makes another person the organiser. The question may be old, so everything is looked at anew.
    pub(super) fn hand_over(self, action: Action) -> Handling<'c> {
        Box::pin(self.handed_over(action))
    }

    async fn handed_over(self, action: Action) -> Result<Answer<'c>, Failure> {
        let (context, words, user) = (self.context, self.words(), &action.user);
        let programme = self.of_button(&action).await?;
        let to = action.value.strip_prefix(&format!("{} ", start_of(&programme))).map(UserId::from);
        let to = to.ok_or_else(|| self.over())?;
        let allowed = self.may_lead_on(&programme, user).await;
        let is_pressed_twice =
            matches!(allowed, Err(Failure::Refuse(_))) && programme.organisers.contains(&to);
        if is_pressed_twice || programme.organisers == [to.clone()] {
            let done = messages::handed_over(words, &programme.name, &programme.organisers, (user, &to));
            return Ok(Answer::reply(Reply::Replace(done)));
        }
        allowed?;
        if let Some(wrong) = self.cannot_organise(&programme, &to).await? {
            return Err(self.wrong_organiser(&programme, Some(&to), wrong).await?);
        }
        let changed = Programme { organisers: organisers_after(&programme, user, &to), ..programme.clone() };
        let mut unit = UnitOfWork::new();
        programmes::hand_over(&mut unit, &context.team, &changed)?;
        let is_planned = programme.paused_at.is_some() || self.next(&programme).await?.is_some();
        let hands = HandOver { from: user, to: &to };
        let (waits, follows) = self.ritual.handed_over(context, &programme, hands).await?;
        unit.append(follows);
        let at = (programme.name.as_str(), &programme.channel);
        // One who takes over what no one runs any more knows it.
        if *user != to {
            let message = messages::you_organise(words, user, at, (is_planned, &waits), self.command());
            let key = format!("{}/organiser/{}", self.ritual_name(), context.id());
            let news = news::to_person(context, self.ritual_name(), key, &to, message)?;
            let owner = Owner::Programme(programme.id.clone());
            context.enqueue(&mut unit, &NewEffect { owner, ..news })?;
        }
        let told = messages::organised_by(words, &programme.name, &changed.organisers, user);
        self.announce(&mut unit, &programme, told)?;
        let answer = messages::handed_over(words, &programme.name, &changed.organisers, (user, &to));
        // Another person changed the programme in this instant.
        Ok(Answer::new(unit, Reply::Replace(answer)).or_else(move |_| self.hand_over(action)))
    }

    /// The refusal of a person who can't organise a programme.
    async fn wrong_organiser(
        self,
        programme: &Programme,
        to: Option<&UserId>,
        wrong: WrongOrganiser,
    ) -> Result<Failure, Failure> {
        let scope = self.scope_of(programme).await?;
        Ok(Failure::refuse(messages::wrong_organiser(self.words(), to, wrong, (self.command(), &scope))))
    }

    /// Returns why a person can't organise a programme. Slack is asked for people that the directory doesn't know.
    async fn cannot_organise(
        self,
        programme: &Programme,
        to: &UserId,
    ) -> Result<Option<WrongOrganiser>, Failure> {
        let (context, lookup) = (self.context, Lookup::Person(to.clone()));
        let Some(person) = context.store.person(to).await? else {
            let is_asked = context.has_asked(&lookup);
            return if is_asked { Ok(Some(WrongOrganiser::Unknown)) } else { Err(Failure::Later(lookup)) };
        };
        Ok(match person.kind {
            _ if person.deactivated => Some(WrongOrganiser::Deactivated),
            PersonKind::Bot => Some(WrongOrganiser::Bot),
            PersonKind::Guest | PersonKind::Stranger => Some(WrongOrganiser::Guest),
            PersonKind::Member => match context.store.channel_state(&programme.channel).await? {
                ChannelState::Open { .. } if !context.store.is_member(&programme.channel, to).await? => {
                    context.miss_a_channel(&programme.channel);
                    Some(WrongOrganiser::NotInChannel)
                }
                _ => None,
            },
        })
    }
}

/// Returns the person whom a text mentions, behind `to`, and the words behind or before that, which may be a name.
fn person_and_name(text: &str) -> (String, &str) {
    let Some(at) = text.find('@') else { return (text.to_owned(), "") };
    let (before, rest) = text.split_at(at);
    let (person, behind) = rest.split_once(' ').unwrap_or((rest, ""));
    let before = before.trim();
    let before = before.strip_suffix("to").unwrap_or(before).trim();
    let name = if behind.trim().is_empty() { before } else { behind.trim() };
    (format!("to {person}"), name)
}

/// Returns what stands behind the person who is mentioned, before `called`.
fn words_behind_person(sent: &str) -> &str {
    let behind = sent.split_once("<@").and_then(|(_, rest)| rest.split_once('>'));
    behind.map_or("", |(_, behind)| request::times_and_name(behind.trim()).0)
}

/// Whether words are the name of a programme, or none at all.
fn is_called(words: &str, programme: &Programme) -> bool {
    let words = words.trim_end_matches(['.', '!', ',', ' ']);
    words.is_empty() || name_key(words) == name_key(&programme.name)
}

/// Returns the organisers of a programme after one of them has handed it over; a person who isn't one of them hands over for all.
fn organisers_after(programme: &Programme, from: &UserId, to: &UserId) -> Vec<UserId> {
    if !programme.organisers.contains(from) || from == to {
        return vec![to.clone()];
    }
    let others = programme.organisers.iter().filter(|organiser| *organiser != from && *organiser != to);
    [to].into_iter().chain(others).cloned().collect()
}
