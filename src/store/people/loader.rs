//! Looks people up together: callers wait, and one query serves all of them.
//!
//! A small query costs its way to the database and back, not the reading. So the lookups that arrive during a query go
//! together in the next one; a single lookup waits for no other. Nothing is cached: the query starts after the lookup
//! arrived, so it sees everything that was committed before.

use std::{collections::BTreeSet, fmt::Write as _, time::Duration};

use tokio::sync::{mpsc, oneshot};

use super::{Known, read_person};
use crate::{
    model::people::{TeamId, UserId},
    store::{
        StoreError,
        readers::{PooledReader, Readers},
        unit::Value,
    },
    values,
};

/// How many lookups one query serves at most.
const TOGETHER: usize = 64;
/// How many lookups may wait; further ones wait for room in the queue.
const QUEUE: usize = 1_024;
/// How many people one statement looks up at most. Unused places hold an id that does not exist, so that few statements
/// serve any number of people.
const MOST_PLACES: usize = 128;
/// For how long the connection is kept for the next query: its way back to the pool and out again costs as much as a
/// query.
const KEPT_FOR: Duration = Duration::from_millis(50);

/// How long a query may take: it is a small one, and a person may wait for it.
const WITHIN: Duration = Duration::from_secs(2);

const STOPPED: StoreError = StoreError::Busy("the reader stopped before it answered");

struct Question {
    team: TeamId,
    ids: Vec<UserId>,
    answer: oneshot::Sender<Result<Known, StoreError>>,
}

impl Question {
    /// Sends the caller what is known of the people it asked for.
    fn send_answer(self, known: Result<&Known, &StoreError>) {
        let theirs = |known: &Known| {
            self.ids.iter().filter_map(|id| Some((id.clone(), known.get(id)?.clone()))).collect()
        };
        // The caller may have given up waiting.
        let _ = self.answer.send(known.map(theirs).map_err(StoreError::clone));
    }
}

/// A handle on the task that looks people up.
#[derive(Clone)]
pub(in crate::store) struct Loader {
    queue: mpsc::Sender<Question>,
}

impl Loader {
    /// Starts the task, which ends when the last handle is dropped.
    pub(in crate::store) fn start(readers: Readers) -> Loader {
        let (queue, waiting) = mpsc::channel(QUEUE);
        tokio::spawn(run(readers, waiting));
        Loader { queue }
    }

    /// Returns what is known of these people.
    pub(super) async fn people(&self, team: &TeamId, ids: &[UserId]) -> Result<Known, StoreError> {
        if ids.is_empty() {
            return Ok(Known::new());
        }
        let (answer, answered) = oneshot::channel();
        let question = Question { team: team.clone(), ids: ids.to_vec(), answer };
        self.queue.send(question).await.map_err(|_| STOPPED)?;
        answered.await.unwrap_or(Err(STOPPED))
    }
}

async fn run(readers: Readers, mut waiting: mpsc::Receiver<Question>) {
    let mut questions = Vec::new();
    while waiting.recv_many(&mut questions, TOGETHER).await > 0 {
        let mut reader = match readers.reader(WITHIN).await {
            Ok(reader) => reader,
            Err(error) => {
                for question in questions.drain(..) {
                    question.send_answer(Err(&error));
                }
                continue;
            }
        };
        while !questions.is_empty() {
            if !answer(&mut reader, &mut questions).await {
                break;
            }
            // No further lookup arrived in time: the connection goes back.
            let _ = tokio::time::timeout(KEPT_FOR, waiting.recv_many(&mut questions, TOGETHER)).await;
        }
    }
}

/// Answers all lookups, those about one workspace together; returns whether the connection still works.
async fn answer(reader: &mut PooledReader, questions: &mut Vec<Question>) -> bool {
    let mut is_good = true;
    while let Some(team) = questions.first().map(|question| question.team.clone()) {
        let together: Vec<_> = questions.extract_if(.., |question| question.team == team).collect();
        let known = look_up(reader, &team, together.iter().flat_map(|question| &question.ids)).await;
        is_good &= known.is_ok();
        for question in together {
            question.send_answer(known.as_ref());
        }
    }
    is_good
}

/// Looks up people of one workspace, each of them once.
async fn look_up<'i>(
    reader: &mut PooledReader,
    team: &TeamId,
    ids: impl Iterator<Item = &'i UserId>,
) -> Result<Known, StoreError> {
    let ids: Vec<&UserId> = ids.collect::<BTreeSet<_>>().into_iter().collect();
    let mut known = Known::new();
    for ids in ids.chunks(MOST_PLACES) {
        let places = ids.len().next_power_of_two();
        let mut values = values![team.as_str()];
        values.extend(ids.iter().map(|id| Value::from(id.as_str())));
        values.resize(1 + places, Value::from(""));
        let rows = reader.fetch(text_of(places), &values).await?;
        for row in rows {
            let person = read_person(row)?;
            known.insert(person.id.clone(), person);
        }
    }
    Ok(known)
}

/// Builds the query with this many places for ids.
fn text_of(places: usize) -> String {
    let mut text = "SELECT user_id, name, zone, kind, deactivated_at, admin_since FROM person \
                    WHERE team_id = $1 AND user_id IN ($2"
        .to_owned();
    for place in 3..places + 2 {
        // Writing to a String cannot fail.
        let _ = write!(text, ", ${place}");
    }
    text.push(')');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_has_a_place_for_each_id() {
        let asks = |places| text_of(places).rsplit_once("IN ").map(|(_, places)| places.to_owned());
        assert_eq!(asks(1).as_deref(), Some("($2)"));
        assert_eq!(asks(4).as_deref(), Some("($2, $3, $4, $5)"));
    }
}
