//! The organiser reads the answers first, hides what attacks a person, and shows the rest in the channel.

use std::collections::BTreeSet;

use futures_util::FutureExt as _;

use super::{
    Retros,
    answering::as_form,
    closing::settled_prompts,
    grouping::propose,
    hiding::edit_posted,
    messages::{self, ReviewPage},
    plan::{PagePart, State},
    posting::{SORTED, UNREAD, tell_standing},
    showing::show_prompt,
    store,
    values::{AskedPrompt, Retro, RetroAnswer},
};
use crate::{
    model::{
        event::{Action, FieldValue, Reply, Submission},
        failure::Failure,
        message::Modal,
        people::UserId,
    },
    ritual::{Answer, Context, Handling},
    store::{programmes::Programme, unit::UnitOfWork},
};

/// What a page of the form carries: the retro, the page from 0, and which answers were hidden when it was shown.
struct Carried {
    retro: String,
    page: usize,
    hidden: BTreeSet<String>,
}

impl Carried {
    fn read(private: &str) -> Option<Carried> {
        let mut parts = private.split(' ');
        let retro = parts.next()?.to_owned();
        let page = parts.next()?.parse().ok()?;
        Some(Carried { retro, page, hidden: parts.map(str::to_owned).collect() })
    }

    fn write(&self) -> String {
        let page = self.page.to_string();
        let hidden = self.hidden.iter().map(String::as_str);
        [self.retro.as_str(), &page].into_iter().chain(hidden).collect::<Vec<_>>().join(" ")
    }
}

/// The answers to a retro while an organiser reads them, page by page.
struct Review {
    retro: Retro,
    programme: Programme,
    prompts: Vec<(AskedPrompt, Vec<RetroAnswer>)>,
    pages: Vec<Vec<PagePart>>,
}

impl Review {
    fn of(retro: Retro, programme: Programme, prompts: Vec<(AskedPrompt, Vec<RetroAnswer>)>) -> Review {
        let pages = messages::review_pages(&prompts);
        Review { retro, programme, prompts, pages }
    }

    /// Returns the answers on a page.
    fn on(&mut self, page: usize) -> impl Iterator<Item = &mut RetroAnswer> {
        let parts = self.pages.get(page).cloned().unwrap_or_default();
        self.prompts.iter_mut().enumerate().flat_map(move |(prompt, (_, answers))| {
            let part = parts.iter().find(|part| part.prompt == prompt);
            let range = part.map(|part| part.answers.clone()).unwrap_or_default();
            answers.get_mut(range).unwrap_or_default()
        })
    }

    /// Adds to a unit what was chosen on a page: those answers are hidden, and those that no longer are chosen are not. What another organiser
    /// has hidden meanwhile stays hidden.
    fn hide(
        &mut self,
        unit: &mut UnitOfWork,
        context: &Context,
        carried: &Carried,
        chosen: &BTreeSet<&str>,
    ) -> BTreeSet<String> {
        let (retro, mut changed) = (self.retro.id.clone(), BTreeSet::new());
        for answer in self.on(carried.page) {
            let is_chosen = chosen.contains(answer.id.as_str());
            let is_freed = answer.is_hidden && !is_chosen && carried.hidden.contains(&answer.id);
            if is_freed || (is_chosen && !answer.is_hidden) {
                answer.is_hidden = is_chosen;
                store::set_hidden(unit, &context.team, (&retro, &answer.id), is_chosen);
                changed.insert(answer.id.clone());
            }
        }
        changed
    }

    /// The same where the channel has read the answers: it reads what is hidden now.
    async fn hide_shown(
        &mut self,
        unit: &mut UnitOfWork,
        context: &Context,
        carried: &Carried,
        chosen: &BTreeSet<&str>,
    ) -> Result<usize, Failure> {
        let changed = self.hide(unit, context, carried, chosen);
        if !changed.is_empty() {
            edit_posted(unit, context, (&self.retro, &self.programme), &self.prompts, &changed).await?;
        }
        Ok(changed.len())
    }

    fn is_shown(&self) -> bool {
        self.retro.state != State::Checked
    }

    /// Returns the form at a page, or at the last one if there are fewer.
    fn form(&mut self, page: usize) -> Modal {
        let page = page.min(self.pages.len().saturating_sub(1));
        let hidden =
            self.on(page).filter(|answer| answer.is_hidden).map(|answer| answer.id.clone()).collect();
        let private = Carried { retro: self.retro.id.clone(), page, hidden }.write();
        let is_shown = self.is_shown();
        let review = ReviewPage { prompts: &self.prompts, pages: &self.pages, page, is_shown, private };
        messages::review_form(&self.programme.name, &self.programme.channel, &review)
    }
}

/// Returns the answers that are chosen in the fields of a page.
fn chosen<'f>(fields: impl Iterator<Item = (&'f String, &'f FieldValue)>) -> BTreeSet<&'f str> {
    fields
        .filter_map(|(name, value)| match value {
            FieldValue::Choices(chosen) if name.starts_with(messages::HIDE) => Some(chosen),
            _ => None,
        })
        .flatten()
        .map(String::as_str)
        .collect()
}

impl Retros {
    /// Opens the form with the answers that may be shown, or are.
    pub(super) async fn review<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
    ) -> Result<Answer<'c>, Failure> {
        let (retro, programme) = self.organised(context, &action.value, &action.user).await?;
        let mut unit = UnitOfWork::new();
        match retro.state {
            State::Closed if retro.is_sorted => {
                store::step(&mut unit, &context.team, &retro.id, (State::Closed, State::Checked));
            }
            State::Closed | State::Open => return Err(Failure::refuse(messages::closes_soon())),
            State::Checked | State::Revealed | State::Voting | State::Done | State::Cancelled => {}
        }
        let prompts = shown(context, &retro).await?;
        if prompts.is_empty() && retro.state == State::Cancelled {
            return Ok(Answer::reply(Reply::Replace(messages::stands(retro.state))));
        }
        if prompts.is_empty() {
            return Err(Failure::refuse(messages::nothing_to_reveal()));
        }
        let retro =
            if retro.state == State::Closed { Retro { state: State::Checked, ..retro } } else { retro };
        let form = Review::of(retro, programme, prompts).form(0);
        let opened = Answer::new(unit, Reply::Open(Box::new(form.clone())));
        // Another organiser looks at them, too.
        Ok(opened
            .or_else(move |_| Box::pin(std::future::ready(Ok(Answer::reply(Reply::Open(Box::new(form))))))))
    }

    /// Returns the answers that an organiser is reading, or what the form says where they are read no more.
    async fn reviewed(
        &self,
        context: &Context,
        private: &str,
        user: &UserId,
    ) -> Result<Result<(Review, Carried), Reply>, Failure> {
        let Some(carried) = Carried::read(private) else {
            return Ok(Err(as_form(messages::moved_on(&self.command))));
        };
        let (retro, programme) = match self.organised(context, &carried.retro, user).await {
            Ok(found) => found,
            Err(Failure::Refuse(message)) => return Ok(Err(as_form(*message))),
            Err(failure) => return Err(failure),
        };
        let prompts = shown(context, &retro).await?;
        match retro.state {
            State::Checked | State::Revealed | State::Voting | State::Done => {}
            State::Cancelled if !prompts.is_empty() => {}
            _ => return Ok(Err(as_form(messages::stands(retro.state)))),
        }
        Ok(Ok((Review::of(retro, programme, prompts), carried)))
    }

    /// Saves what is hidden on a page, and shows the page before.
    pub(super) async fn review_earlier<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
    ) -> Result<Answer<'c>, Failure> {
        let private = action.view.as_ref().map_or("", |view| &view.private);
        let (mut review, carried) = match self.reviewed(context, private, &action.user).await? {
            Ok(found) => found,
            Err(reply) => return Ok(Answer::reply(reply)),
        };
        let mut unit = UnitOfWork::new();
        let chosen = chosen(action.fields.iter());
        let page = carried.page.saturating_sub(1);
        if review.is_shown() {
            review.hide_shown(&mut unit, context, &carried, &chosen).await?;
            let earlier = turned(unit, context, &mut review, page);
            return Ok(earlier.or_else(move |_| self.review_earlier_again(context, action)));
        }
        review.hide(&mut unit, context, &carried, &chosen);
        Ok(turned(unit, context, &mut review, page))
    }

    /// Saves a page anew where the themes have changed in the same moment: what is hidden there is hidden all the same.
    fn reveal_again<'c>(&'c self, context: &'c Context, sent: Submission) -> Handling<'c> {
        self.reveal(context, sent).boxed()
    }

    /// The same for the way back.
    fn review_earlier_again<'c>(&'c self, context: &'c Context, action: Action) -> Handling<'c> {
        self.review_earlier(context, action).boxed()
    }

    /// Saves what is hidden on a page, and shows the next one. The last page shows the answers in the channel, a message for each prompt. Of two
    /// organisers who do that at once one does.
    pub(super) async fn reveal<'c>(
        &'c self,
        context: &'c Context,
        sent: Submission,
    ) -> Result<Answer<'c>, Failure> {
        let (mut review, carried) = match self.reviewed(context, &sent.private, &sent.user).await? {
            Ok(found) => found,
            Err(reply) => return Ok(Answer::reply(reply)),
        };
        let mut unit = UnitOfWork::new();
        let chosen = chosen(sent.answers.iter());
        if review.is_shown() {
            let changed = review.hide_shown(&mut unit, context, &carried, &chosen).await?;
            if carried.page + 1 < review.pages.len() {
                let next = turned(unit, context, &mut review, carried.page + 1);
                return Ok(next.or_else(move |_| self.reveal_again(context, sent)));
            }
            let all = review.prompts.iter().flat_map(|(_, answers)| answers);
            let message = messages::hidden_since(changed, all.filter(|answer| answer.is_hidden).count());
            return Ok(Answer::new(unit, as_form(message)).or_else(move |_| self.reveal_again(context, sent)));
        }
        review.hide(&mut unit, context, &carried, &chosen);
        if carried.page + 1 < review.pages.len() {
            return Ok(turned(unit, context, &mut review, carried.page + 1));
        }
        let Review { retro, programme, prompts, .. } = review;
        store::step(&mut unit, &context.team, &retro.id, (State::Checked, State::Revealed));
        let mut all = Vec::new();
        for (prompt, answers) in &prompts {
            self.offer_thanks(&mut unit, context, (&retro, &programme), (prompt, answers)).await?;
            show_prompt(&mut unit, context, (&retro, &programme), (prompt, answers))?;
            all.extend(answers.iter().cloned());
        }
        propose(&mut unit, context, (&retro, &programme), all).await?;
        let place = (programme.name.as_str(), &programme.channel);
        let settled = settled_prompts(context, &retro).await?;
        let told = messages::closed_for_organiser(&retro, place, &settled, true);
        for kind in [SORTED, UNREAD] {
            tell_standing(&mut unit, context, (&programme, &retro), (kind, &told), false)?;
        }
        let message = messages::revealed(&programme.name, &programme.channel, prompts.len());
        Ok(Answer::new(unit, as_form(message))
            .or_else(|_| Box::pin(std::future::ready(Ok(Answer::reply(as_form(messages::is_revealed())))))))
    }
}

/// Returns the answer that shows another page, unless the answers came into the channel meanwhile, or their themes have changed.
fn turned<'c>(mut unit: UnitOfWork, context: &Context, review: &mut Review, page: usize) -> Answer<'c> {
    if !review.is_shown() {
        store::step(&mut unit, &context.team, &review.retro.id, (State::Checked, State::Checked));
    }
    let form = Reply::Update(Box::new(review.form(page)));
    // The page holds what people wrote, hidden or not.
    Answer::new(unit, form)
        .keeping(Reply::Nothing)
        .or_else(|_| Box::pin(std::future::ready(Ok(Answer::reply(as_form(messages::is_revealed()))))))
}

/// Returns the prompts of a retro that have answers, with these.
async fn shown(context: &Context, retro: &Retro) -> Result<Vec<(AskedPrompt, Vec<RetroAnswer>)>, Failure> {
    let answers = store::answers(&context.store, &retro.id).await?;
    let prompts = store::prompts(&context.store, &retro.id).await?.into_iter();
    let of = |prompt: AskedPrompt| {
        let answers = answers.iter().filter(|answer| answer.place == prompt.place).cloned().collect();
        (prompt, answers)
    };
    Ok(prompts.map(of).filter(|(_, answers): &(AskedPrompt, Vec<RetroAnswer>)| !answers.is_empty()).collect())
}
