//! What waits for a person, and what is open and kept in a channel.

use std::collections::BTreeSet;

use chrono::{Duration, NaiveDate};

use super::{
    Promises,
    messages::{self, KeptList, ListFor},
    request::Purpose,
};
use crate::{
    common::{
        programmes::{TimesAway, is_direct},
        promises::{Due, MOST_OPEN, Owner, Promise, owner::is_other_clock, store},
    },
    model::{
        event::{Action, Command, Reply},
        failure::Failure,
        message::Message,
        people::{ChannelId, ChannelState, Closed, UserId},
        text::{Markup, fold},
    },
    ritual::{Answer, Context, Presence, SavePlace},
};

/// How many promises with their buttons one message shows.
const A_PAGE: usize = 8;
/// The people elsewhere in a list of one's own, or without times.
static NOWHERE: BTreeSet<UserId> = BTreeSet::new();
/// How many lines a list has.
const MOST_LINES: usize = 20;

/// What a person may save words for.
pub(super) fn own_place() -> SavePlace {
    let (id, label) = ("mine".to_owned(), messages::OWN_PLACE.to_owned());
    SavePlace { id, label, is_private: true, is_to_do: true, ..SavePlace::default() }
}

impl Promises {
    /// A person's times away, typed behind the command as behind every other one.
    pub(super) fn times_away<'c>(&'c self, context: &'c Context) -> TimesAway<'c> {
        TimesAway { context, command: &self.command }
    }

    /// Says that nothing that waits for a person has these words, above what does.
    pub(super) async fn none_named<'c>(
        &'c self,
        context: &'c Context,
        user: &UserId,
        words: &str,
    ) -> Result<Answer<'c>, Failure> {
        let promises = store::pending_of(&context.store, user, ("", ""), one_more(A_PAGE)).await?;
        let (promises, more) = cut(promises, 0);
        let list = self.list(context, user, &NOWHERE).await?;
        Ok(Answer::reply(Reply::Ephemeral(messages::none_named(words, &promises, more, list))))
    }

    pub(super) async fn mine<'c>(
        &'c self,
        context: &'c Context,
        user: &UserId,
    ) -> Result<Answer<'c>, Failure> {
        self.mine_behind(context, user, "").await
    }

    pub(super) async fn asked<'c>(
        &'c self,
        context: &'c Context,
        user: &UserId,
    ) -> Result<Answer<'c>, Failure> {
        self.asked_behind(context, user, ("", "")).await
    }

    /// Shows the next page of what a person asked of others.
    pub(super) async fn more_asked<'c>(
        &'c self,
        context: &'c Context,
        action: &Action,
    ) -> Result<Answer<'c>, Failure> {
        self.asked_behind(context, &action.user, place_of(&action.value).0).await
    }

    async fn asked_behind<'c>(
        &'c self,
        context: &'c Context,
        user: &UserId,
        place: (&str, &str),
    ) -> Result<Answer<'c>, Failure> {
        let asked = store::asked_by(&context.store, user, place, one_more(A_PAGE)).await?;
        let (asked, more) = cut(asked, 0);
        let elsewhere = elsewhere(context, user, &asked).await?;
        let list = self.list(context, user, &elsewhere).await?;
        Ok(Answer::reply(Reply::Ephemeral(messages::asked_of_others(None, &asked, more, list))))
    }

    /// Returns the first page of what a person asked of others once this promise is none of it any more, below what has happened.
    pub(super) async fn asked_after(
        &self,
        context: &Context,
        gone: &Promise,
        head: Markup,
    ) -> Result<Message, Failure> {
        let (mut asked, more) =
            cut(store::asked_by(&context.store, &gone.asker, ("", ""), one_more(A_PAGE)).await?, 0);
        asked.retain(|promise| promise.id != gone.id);
        let elsewhere = elsewhere(context, &gone.asker, &asked).await?;
        let list = self.list(context, &gone.asker, &elsewhere).await?;
        Ok(messages::asked_of_others(Some(head), &asked, more, list))
    }

    /// Shows the next page.
    pub(super) async fn more<'c>(
        &'c self,
        context: &'c Context,
        action: &Action,
    ) -> Result<Answer<'c>, Failure> {
        self.mine_behind(context, &action.user, &action.value).await
    }

    async fn mine_behind<'c>(
        &'c self,
        context: &'c Context,
        user: &UserId,
        place: &str,
    ) -> Result<Answer<'c>, Failure> {
        Ok(Answer::reply(Reply::Ephemeral(self.page(context, user, place).await?)))
    }

    /// Returns the page of what waits for a person behind this place.
    pub(super) async fn page(
        &self,
        context: &Context,
        user: &UserId,
        place: &str,
    ) -> Result<Message, Failure> {
        let (after, shown) = place_of(place);
        let promises = store::pending_of(&context.store, user, after, one_more(A_PAGE)).await?;
        let (promises, more) = cut(promises, shown);
        let list = ListFor { first: shown + 1, place, ..self.list(context, user, &NOWHERE).await? };
        Ok(messages::mine(&promises, more, list))
    }

    /// Returns a page as it is once this promise has changed, below what has happened: the one behind this place, or the first one if nothing
    /// is left there.
    pub(super) async fn mine_after(
        &self,
        context: &Context,
        after: &Promise,
        head: Markup,
        place: &str,
    ) -> Result<Message, Failure> {
        let (behind, shown) = place_of(place);
        let limit = one_more(A_PAGE + 1);
        let mut promises = store::pending_of(&context.store, &after.owner, behind, limit).await?;
        promises.retain(|promise| promise.id != after.id);
        if after.is_pending() && store::place_in_list(after) > (behind.0.to_owned(), behind.1.to_owned()) {
            promises.push(after.clone());
            // The order of the list, so that the numbers are those of the next command.
            promises.sort_by_cached_key(store::place_in_list);
        }
        let (behind, shown) = match (&promises[..], place) {
            ([], place) if !place.is_empty() => {
                promises = store::pending_of(&context.store, &after.owner, ("", ""), limit).await?;
                promises.retain(|promise| promise.id != after.id);
                ("", 0)
            }
            _ => (place, shown),
        };
        let (promises, more) = cut(promises, shown);
        let list =
            ListFor { first: shown + 1, place: behind, ..self.list(context, &after.owner, &NOWHERE).await? };
        Ok(messages::mine_after(head, after, (&promises, more), list))
    }

    /// Shows those of these numbers in a person's list, with their buttons.
    pub(super) async fn picked<'c>(
        &'c self,
        context: &'c Context,
        user: &UserId,
        purpose: Purpose,
        numbers: &[usize],
    ) -> Result<Answer<'c>, Failure> {
        let highest = numbers.iter().max().copied().unwrap_or_default();
        let limit = i64::try_from(highest).unwrap_or(i64::MAX);
        let waiting = store::pending_of(&context.store, user, ("", ""), limit).await?;
        let picked: Vec<(usize, &Promise)> =
            (1..).zip(&waiting).filter(|(number, _)| numbers.contains(number)).collect();
        if picked.len() < numbers.len() {
            return Err(Failure::refuse(messages::no_such_number(highest, waiting.len(), &self.command)));
        }
        let list = self.list(context, user, &NOWHERE).await?;
        Ok(Answer::reply(Reply::Ephemeral(messages::picked(purpose, &picked, list.now))))
    }

    /// Returns the numbers of what waits for a person and has these words, the first ones.
    pub(super) async fn numbers_of(
        &self,
        context: &Context,
        user: &UserId,
        words: &str,
    ) -> Result<Vec<usize>, Failure> {
        let words = fold(words);
        let waiting = store::pending_of(&context.store, user, ("", ""), MOST_OPEN).await?;
        let has_them = |promise: &Promise| fold(&promise.words).contains(&words);
        let numbers = (1..).zip(&waiting).filter(|(_, promise)| has_them(promise)).map(|(number, _)| number);
        Ok(numbers.take(A_PAGE).collect())
    }

    pub(super) async fn open<'c>(
        &'c self,
        context: &'c Context,
        command: &Command,
    ) -> Result<Answer<'c>, Failure> {
        may_list(context, (&command.channel, &command.user), &self.command).await?;
        self.open_behind(context, (&command.channel, &command.user), (-1, "", "")).await
    }

    /// Shows the next page of what is open in a channel.
    pub(super) async fn more_open<'c>(
        &'c self,
        context: &'c Context,
        action: &Action,
    ) -> Result<Answer<'c>, Failure> {
        let Some(channel) = &action.channel else { return Ok(Answer::nothing()) };
        may_list(context, (channel, &action.user), &self.command).await?;
        let (is_asked, place) = action.value.split_once(' ').unwrap_or_default();
        let (date, id) = place_of(place).0;
        let place = (is_asked.parse().unwrap_or_default(), date, id);
        self.open_behind(context, (channel, &action.user), place).await
    }

    async fn open_behind<'c>(
        &'c self,
        context: &'c Context,
        (channel, user): (&ChannelId, &UserId),
        place: (i64, &str, &str),
    ) -> Result<Answer<'c>, Failure> {
        let mut promises = store::open_in(&context.store, channel, place, one_more(MOST_LINES)).await?;
        let has_more = promises.len() > MOST_LINES;
        promises.truncate(MOST_LINES);
        let more = promises.last().filter(|_| has_more).map(|last| {
            format!("{} {}", i64::from(last.promised_at.is_none()), place_behind(last, MOST_LINES))
        });
        let elsewhere = elsewhere(context, user, &promises).await?;
        let list = self.list(context, user, &elsewhere).await?;
        Ok(Answer::reply(Reply::Ephemeral(messages::open(&promises, more, list))))
    }

    /// Shows what a person had before their account was off and no one has taken on since; the value is the place of the page.
    pub(super) async fn more_lost<'c>(
        &'c self,
        context: &'c Context,
        action: &Action,
    ) -> Result<Answer<'c>, Failure> {
        let (place, shown) = place_of(&action.value);
        let found = store::lost_behind(&context.store, &action.user, place, one_more(A_PAGE)).await?;
        let (found, more) = cut(found, shown);
        let list = self.list(context, &action.user, &NOWHERE).await?;
        Ok(Answer::reply(Reply::Ephemeral(messages::lost(&found, more, list))))
    }

    pub(super) async fn kept<'c>(
        &'c self,
        context: &'c Context,
        command: &Command,
    ) -> Result<Answer<'c>, Failure> {
        may_list(context, (&command.channel, &command.user), &self.command).await?;
        let (channel, list) = (&command.channel, self.list(context, &command.user, &NOWHERE).await?);
        let days = i64::from(self.settings.kept_days);
        let since = context.now - Duration::days(days);
        let from: NaiveDate = list.now.date() - Duration::days(days);
        let mut promises = store::kept_in(&context.store, channel, since, one_more(MOST_LINES)).await?;
        let is_cut = promises.len() > MOST_LINES;
        promises.truncate(MOST_LINES);
        let rate = store::rate_in(&context.store, channel, (since, from), list.now.date()).await?;
        let mut programmes = Vec::new();
        for (id, rate) in store::rates_in(&context.store, channel, (since, from), list.now.date()).await? {
            if let Some(programme) = context.store.programme(&id).await? {
                programmes.push((messages::programme(&programme.name, &programme.ritual), rate));
            }
        }
        let kept = KeptList { promises: &promises, is_cut, days, rate, programmes: &programmes };
        Ok(Answer::reply(Reply::Ephemeral(messages::kept(&kept, list))))
    }

    async fn list<'l>(
        &'l self,
        context: &Context,
        user: &UserId,
        elsewhere: &'l BTreeSet<UserId>,
    ) -> Result<ListFor<'l>, Failure> {
        Ok(ListFor {
            now: Owner::load(context, user).await?.wall(context.now),
            command: &self.command,
            first: 1,
            place: "",
            elsewhere,
        })
    }
}

/// Lets those pass who see what was promised in the channel where they typed: its members, as with its decisions. There's no list of a DM, of
/// a group's DM or of a channel that the bot isn't in: a promise made there is from nowhere.
async fn may_list(
    context: &Context,
    (channel, user): (&ChannelId, &UserId),
    command: &str,
) -> Result<(), Failure> {
    if is_direct(channel) {
        return Err(Failure::refuse(messages::no_list_here(command)));
    }
    let refusal = match context.presence(channel, user).await? {
        Presence::Direct => messages::no_list_here(command),
        Presence::Outside => messages::not_a_member(channel, command),
        Presence::Inside | Presence::Unknown => {
            if context.store.channel_state(channel).await? != ChannelState::Closed(Closed::NotIn) {
                return Ok(());
            }
            messages::not_in_here(&context.bot, command)
        }
    };
    Err(Failure::refuse(refusal))
}

fn one_more(number: usize) -> i64 {
    i64::try_from(number).unwrap_or_default() + 1
}

/// Reads the place behind which a page begins: the due date and the id of the last promise before it, and how many were shown.
fn place_of(value: &str) -> ((&str, &str), usize) {
    let mut parts = value.split(' ');
    let after = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    (after, parts.next().and_then(|shown| shown.parse().ok()).unwrap_or_default())
}

/// Returns a page of promises and the place behind which the next one begins; so many were shown before.
fn cut(mut promises: Vec<Promise>, shown: usize) -> (Vec<Promise>, Option<String>) {
    let has_more = promises.len() > A_PAGE;
    promises.truncate(A_PAGE);
    let more = promises.last().filter(|_| has_more).map(|last| place_behind(last, shown + A_PAGE));
    (promises, more)
}

/// Returns the place behind a promise of which so many are shown by then.
fn place_behind(last: &Promise, shown: usize) -> String {
    let (date, id) = store::place_in_list(last);
    format!("{date} {id} {shown}")
}

/// Returns the owners of promises with a time whose clock shows another one than the reader's.
async fn elsewhere(
    context: &Context,
    reader: &UserId,
    promises: &[Promise],
) -> Result<BTreeSet<UserId>, Failure> {
    let timed: Vec<(&UserId, Due)> = promises
        .iter()
        .filter_map(|promise| Some((&promise.owner, promise.due?)))
        .filter(|(_, due)| due.time.is_some())
        .collect();
    let ids: Vec<UserId> = timed.iter().map(|(owner, _)| (*owner).clone()).chain([reader.clone()]).collect();
    let known = context.store.people(&ids).await?;
    let zone = |id: &UserId| known.get(id).and_then(|person| person.zone).unwrap_or(context.zone);
    let is_elsewhere =
        |(owner, due): &(&UserId, Due)| is_other_clock(due, zone(owner), zone(reader), context.now);
    Ok(timed.into_iter().filter(is_elsewhere).map(|(owner, _)| owner.clone()).collect())
}
