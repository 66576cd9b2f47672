//! What people who hardly know each other can start a conversation from.

/// Questions that anybody can answer in two minutes or twenty, and that ask nobody for a confession.
pub const QUESTIONS: [&str; 48] = [
    "What is something about your work that people in other teams would be surprised by?",
    "What did you think you would become when you were ten?",
    "Which small thing made your last week better?",
    "What is the best advice a colleague ever gave you?",
    "Which place would you show a friend who visits your town for one day?",
    "What are you learning at the moment, at work or anywhere else?",
    "Which meal could you cook with your eyes closed?",
    "What does a really good working day look like for you?",
    "Which book, film or song have you recommended most often?",
    "What do you wish that more people asked you about?",
    "Which part of your job would you gladly give away, and which never?",
    "What was your very first job, and what do you still know from it?",
    "Which tool or trick saves you the most time?",
    "What have you changed your mind about in the last few years?",
    "Where do your best ideas come to you?",
    "What is a tradition you would like to start?",
    "Which skill of a colleague do you admire?",
    "What do you do to switch off after a full day?",
    "Which question do you get all the time, and what do you answer?",
    "What would you do with a free Wednesday?",
    "What is the story behind something that stands on your desk?",
    "Which team here do you know least about, and what would you ask them?",
    "What is the kindest thing that somebody did for you at work?",
    "Which season suits you best, and why?",
    "What is a problem that you enjoy having?",
    "Which sound or smell takes you straight back to childhood?",
    "What did you do the last time that you lost track of time?",
    "What is harder about your work than it looks?",
    "Which journey would you make again tomorrow?",
    "What would you like to be better at by next year?",
    "Who taught you the most, and how?",
    "What is a mistake that turned out to be useful?",
    "Which game could you play for a whole evening?",
    "What do you always have in your bag?",
    "What would the title be of a talk that you could give without preparing?",
    "Which everyday thing do you think is beautifully made?",
    "How do you like to be thanked?",
    "What did your first weeks here feel like, and what would have helped?",
    "Which word or saying of your language do you miss in English?",
    "What would you put on the menu of a café of your own?",
    "What is a rule of yours that has served you well?",
    "Which animal would be good at your job?",
    "What are you looking forward to this month?",
    "Which museum, garden or street do you keep going back to?",
    "What is something that you used to find boring and now like?",
    "If you swapped jobs with somebody here for a week, with whom?",
    "What makes a meeting worth its time for you?",
    "What would you like people here to know about your team?",
];

/// The question of the group at this place of a round that was seeded so. Neighbours in a round get different ones.
pub fn question(seed: u64, place: usize) -> &'static str {
    let count = QUESTIONS.len();
    let start = usize::try_from(seed % count as u64).unwrap_or_default();
    QUESTIONS[(start + place) % count]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_question_stands_there_twice_and_each_ends_as_one() {
        let different: BTreeSet<_> = QUESTIONS.into_iter().collect();
        assert_eq!(different.len(), QUESTIONS.len());
        assert!(QUESTIONS.iter().all(|question| question.ends_with('?')));
    }

    #[test]
    fn the_groups_of_a_round_start_from_different_ones() {
        let round: BTreeSet<_> = (0..QUESTIONS.len()).map(|place| question(u64::MAX, place)).collect();
        assert_eq!(round.len(), QUESTIONS.len());
    }
}
