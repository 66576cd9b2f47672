//! Which programme a person means: that of the channel, that of a name, or that which a button belongs to.

use super::{
    Programmes, messages,
    request::{self, Verb},
    typed_words::place_without_name,
};
use crate::{
    model::{
        event::{Action, Command},
        failure::Failure,
        people::{ChannelId, ChannelState, Closed, UserId},
    },
    store::programmes::{Programme, name_key},
};

/// What follows from a word that is no request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint {
    /// This way of the command is probably meant, as its ways name it.
    Way(&'static str),
    /// It's said in these sentences.
    Says(&'static str),
}

impl Programmes<'_> {
    /// Returns what stands behind `called` in a command that means a programme: its name, or that it has none where others run beside
    /// it; empty where no name is needed.
    pub(super) async fn scope_of(self, programme: &Programme) -> Result<String, Failure> {
        if !programme.name.is_empty() {
            return Ok(programme.name.clone());
        }
        let is_alone = self.running_in(&programme.channel).await?.len() <= 1;
        Ok(if is_alone { String::new() } else { request::NO_NAME.to_owned() })
    }

    /// The programme that a command is about. Where several run and no name says which, the person chooses; a name that none
    /// of them has is a word that is not understood.
    pub(super) async fn meant(
        self,
        command: &Command,
        verb: Verb,
        name: Option<&str>,
    ) -> Result<Programme, Failure> {
        let mut meant = self.all_meant(command, Some(verb), name).await?;
        match meant.len() {
            1 => Ok(meant.swap_remove(0)),
            _ => Err(self.which(verb, &meant)),
        }
    }

    /// The programmes that a command may be about, one at least: that of the name, or all that the channel keeps. Those that have come
    /// to their end are meant by their name, or where there are no others.
    pub async fn all_meant(
        self,
        command: &Command,
        verb: Option<Verb>,
        name: Option<&str>,
    ) -> Result<Vec<Programme>, Failure> {
        let mut running = self.running_in(&command.channel).await?;
        if let Some(name) = name {
            let key = name_key(name);
            let found = running.iter().position(|programme| name_key(&programme.name) == key);
            if let Some(place) = found.or_else(|| place_without_name(&key, &running)) {
                return Ok(vec![running.swap_remove(place)]);
            }
            let names: Vec<&str> = running.iter().map(|programme| programme.name.as_str()).collect();
            return Err(match names.as_slice() {
                [] | [""] => self.unknown(command, verb),
                names => Failure::refuse(messages::no_such_name(self.words(), name, names)),
            });
        }
        if running.is_empty() {
            return Err(self.none_here(&command.channel, &command.user).await?);
        }
        let going_on = self.going_on(&running).await?;
        Ok(if going_on.is_empty() { running } else { going_on })
    }

    /// The programmes that a ritual's own word is about; if it reads those that were stopped, these where the channel keeps none.
    pub(super) async fn all_read(
        self,
        command: &Command,
        name: Option<&str>,
        reads_ended: bool,
    ) -> Result<Vec<Programme>, Failure> {
        if reads_ended && name.is_none() {
            // Those that have come to their end beside others, too.
            let running = self.running_in(&command.channel).await?;
            if !running.is_empty() {
                return Ok(running);
            }
        }
        let refused = match self.all_meant(command, None, name).await {
            Err(Failure::Refuse(refused)) if reads_ended => refused,
            found => return found,
        };
        let mut ended = self.context.store.programmes_in(self.ritual_name(), &command.channel).await?;
        ended.retain(|programme| {
            let is_meant = name.is_none_or(|name| name_key(&programme.name) == name_key(name));
            is_meant && programme.ended_at.is_some()
        });
        if ended.is_empty() { Err(Failure::Refuse(refused)) } else { Ok(ended) }
    }

    /// The one that times are meant for: that of the name; without a name the one that has none, or the only one. It may
    /// have been stopped; `None` where it would be new.
    pub(super) async fn former(self, channel: &ChannelId, name: &str) -> Result<Option<Programme>, Failure> {
        let mut all = self.context.store.programmes_in(self.ritual_name(), channel).await?;
        let key = name_key(name);
        if let Some(place) = all.iter().position(|programme| name_key(&programme.name) == key) {
            return Ok(Some(all.swap_remove(place)));
        }
        all.retain(|programme| programme.ended_at.is_none());
        let is_only = name.is_empty() && all.len() == 1;
        Ok(all.into_iter().next().filter(|_| is_only))
    }

    /// The one that has exactly this name in a channel; it may have been stopped.
    pub(super) async fn named(self, channel: &ChannelId, name: &str) -> Result<Option<Programme>, Failure> {
        let key = name_key(name);
        let all = self.context.store.programmes_in(self.ritual_name(), channel).await?;
        Ok(all.into_iter().find(|programme| name_key(&programme.name) == key))
    }

    /// Returns the name and the number in what stands behind a ritual's own word, in either order. A number alone may be a name.
    pub(super) async fn name_and_number<'t>(
        self,
        channel: &ChannelId,
        text: &'t str,
        reads_ended: bool,
    ) -> Result<(&'t str, Option<usize>), Failure> {
        let whole = request::bare_name(text);
        if !whole.is_empty() && self.has_named(channel, whole, reads_ended).await? {
            return Ok((whole, None));
        }
        let (first, last) = (whole.split_once(' '), whole.rsplit_once(' '));
        for (name, number) in [first.map(|(number, name)| (name, number)), last].into_iter().flatten() {
            let number = number.parse().ok().filter(|number| *number < request::MOST_LINES);
            if number.is_some() && self.has_named(channel, name.trim(), reads_ended).await? {
                return Ok((name.trim(), number));
            }
        }
        Ok(request::name_and_number(text))
    }

    /// Whether one has exactly this name in a channel; those that were stopped count if they're read.
    async fn has_named(self, channel: &ChannelId, name: &str, reads_ended: bool) -> Result<bool, Failure> {
        let named = self.named(channel, name).await?;
        Ok(named.is_some_and(|found| reads_ended || found.ended_at.is_none()))
    }

    /// The programmes that a channel keeps now.
    pub async fn running_in(self, channel: &ChannelId) -> Result<Vec<Programme>, Failure> {
        let all = self.context.store.programmes_in(self.ritual_name(), channel).await?;
        Ok(all.into_iter().filter(|programme| programme.ended_at.is_none()).collect())
    }

    /// The same without those that have come to their end.
    pub(super) async fn going_on_in(self, channel: &ChannelId) -> Result<Vec<Programme>, Failure> {
        self.going_on(&self.running_in(channel).await?).await
    }

    /// Those of these programmes that haven't come to their end.
    async fn going_on(self, running: &[Programme]) -> Result<Vec<Programme>, Failure> {
        let mut going_on = Vec::new();
        for programme in running {
            if !self.has_ended(programme).await? {
                going_on.push(programme.clone());
            }
        }
        Ok(going_on)
    }

    /// Returns what the ritual has to say of a text that is no request, or of its first word.
    fn hint(self, text: &str) -> Option<Hint> {
        let (whole, first) = (request::typed(text).to_lowercase(), request::first_word(text));
        let of = |text: &str| self.ritual.hints().iter().find(|(words, _)| words.contains(&text));
        of(whole.trim()).or_else(|| of(&first)).map(|(_, hint)| *hint)
    }

    /// Whether a text of several words means something else than its first word says.
    pub(super) fn is_hinted(self, text: &str) -> bool {
        let whole = request::typed(text).to_lowercase();
        whole.contains(' ') && self.ritual.hints().iter().any(|(words, _)| words.contains(&whole.trim()))
    }

    /// Whether a text that isn't understood nearly begins with a word of the ritual's own, and with no word of times.
    pub(super) fn is_own_way(self, text: &str) -> bool {
        let is_time = request::says_times(&request::first_word(text));
        !is_time
            && (self.hint(text).is_some() || request::own_way(text, self.ritual.command().ways).is_some())
    }

    /// Refuses a command that isn't understood, with what is probably meant.
    pub(super) fn unknown(self, command: &Command, meant: Option<Verb>) -> Failure {
        let ways = self.ritual.command().ways;
        let own = match self.hint(&command.text).filter(|_| meant.is_none()) {
            Some(Hint::Says(said)) => {
                return Failure::refuse(messages::unknown_but_explained(&command.text, said));
            }
            Some(Hint::Way(word)) => ways.iter().find(|(way, _)| *way == word).copied(),
            None => request::own_way(&command.text, ways).filter(|_| meant.is_none()),
        };
        Failure::refuse(match own {
            Some((way, does)) => {
                let way = request::with_typed_words(way, &command.text);
                messages::unknown_but_near(&command.text, (&way, does), self.command())
            }
            None => messages::unknown(self.words(), &command.text, meant, self.command()),
        })
    }

    /// The question which of several programmes is meant.
    pub(super) fn which(self, verb: Verb, running: &[Programme]) -> Failure {
        let names: Vec<(&str, &str)> =
            running.iter().map(|programme| (programme.name.as_str(), programme.id.as_str())).collect();
        Failure::refuse(messages::which(self.words(), verb, &names))
    }

    /// The programme that a button belongs to.
    pub async fn of_button(self, action: &Action) -> Result<Programme, Failure> {
        let id = action.value.split(' ').next().unwrap_or_default();
        let programme = self.context.store.programme(id).await?;
        let running = programme.filter(|programme| programme.ended_at.is_none());
        running.ok_or_else(|| self.over())
    }

    /// What a person is told who asks for programmes where there are none, with where else theirs are.
    async fn none_here(self, channel: &ChannelId, user: &UserId) -> Result<Failure, Failure> {
        let store = &self.context.store;
        let is_channel = !is_direct(channel)
            && store.channel_state(channel).await? != ChannelState::Closed(Closed::Direct);
        let theirs = store.channels_with(self.ritual_name(), user).await?;
        let stopped = store.programmes_in(self.ritual_name(), channel).await?.into_iter().next();
        let zone = store.zone_of(user).await?.unwrap_or(self.context.zone);
        let stopped = stopped.as_ref().and_then(|programme| {
            let day = programme.ended_at?.with_timezone(&zone).date_naive();
            Some((day, (programme.name.as_str(), is_held_once(programme))))
        });
        let words = self.words();
        Ok(Failure::refuse(messages::none_here(words, is_channel, &theirs, stopped, self.command())))
    }
}

/// Whether a programme has one occasion alone.
pub(super) fn is_held_once(programme: &Programme) -> bool {
    programme.cadence.as_ref().is_some_and(|times| times.only().is_some())
}

/// Whether it is the DM of one person with the bot, as its id says.
pub fn is_direct(channel: &ChannelId) -> bool {
    channel.as_str().starts_with('D')
}
