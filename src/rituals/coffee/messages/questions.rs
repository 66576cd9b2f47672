//! Icebreakers for people who hardly know each other.

/// Questions that anyone can answer in two minutes or twenty, and that ask for no confession.
pub const QUESTIONS: [&str; 48] = [
    "What about your work would surprise people on other teams?",
    "When you were ten, what did you want to be?",
    "What small thing made your last week better?",
    "What's the best advice a colleague has ever given you?",
    "Where would you take a friend who's visiting your town for a day?",
    "What are you learning at the moment, at work or anywhere else?",
    "Which meal could you cook with your eyes closed?",
    "What does a really good working day look like for you?",
    "Which book, film or song do you recommend most often?",
    "What do you wish more people asked you about?",
    "Which part of your job would you gladly hand over, and which would you never give up?",
    "What was your very first job, and what did it teach you?",
    "Which tool or trick saves you the most time?",
    "What have you changed your mind about in the last few years?",
    "Where do you get your best ideas?",
    "What tradition would you like to start?",
    "Which skill of a colleague do you admire?",
    "How do you switch off after a full day?",
    "Which question do people keep asking you, and what do you answer?",
    "What would you do with a free Wednesday?",
    "What's the story behind something on your desk?",
    "Which team here do you know least about, and what would you ask them?",
    "What's the kindest thing anyone has done for you at work?",
    "Which season suits you best, and why?",
    "What kind of problem do you enjoy solving?",
    "Which sound or smell takes you straight back to your childhood?",
    "When did you last lose track of time, and what were you doing?",
    "What's harder about your work than it looks?",
    "Which trip would you take again tomorrow?",
    "What would you like to be better at by next year?",
    "Who has taught you the most, and how?",
    "Which mistake of yours turned out to be useful?",
    "Which game could you play all evening?",
    "What do you always have in your bag?",
    "What could you give a talk about without preparing?",
    "Which everyday thing do you think is beautifully made?",
    "How do you like to be thanked?",
    "What were your first weeks here like, and what would have helped?",
    "Which word from another language should every language have?",
    "If you had a café, what would be on the menu?",
    "Which rule of your own has served you well?",
    "Which animal would be good at your job?",
    "What are you looking forward to this month?",
    "Which museum, garden or street do you keep going back to?",
    "What did you use to find boring that you enjoy now?",
    "If you could swap jobs with anyone here for a week, who would it be?",
    "What makes a meeting worth your time?",
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
