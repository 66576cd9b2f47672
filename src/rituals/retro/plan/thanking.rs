//! Which people an answer names, so that its author can thank them.

use crate::model::{
    people::{Person, PersonKind, UserId},
    text::fold,
};

/// How many people of one answer are offered to be thanked.
pub const MOST_THANKED: usize = 3;

/// Returns the people that a text names, in the order of its words: as `@ben` or `@Ben Okafor`, or by a name of several words. A name, or a
/// first name behind an `@`, that several of these people have names none of them. Bots, deactivated people and the author aren't thanked.
pub fn named<'p>(words: &str, author: &UserId, people: &'p [Person]) -> Vec<&'p Person> {
    let words = fold(words);
    let names: Vec<(String, &Person)> = people.iter().map(|person| (fold(&person.name), person)).collect();
    let mut thanked: Vec<&Person> = Vec::new();
    // A name begins where a word does, so no address of a mailbox is one.
    let mut is_inside = false;
    for (at, letter) in words.char_indices() {
        let begins = !is_inside && (letter == '@' || letter.is_alphanumeric());
        is_inside = letter.is_alphanumeric() || letter == '@';
        let Some(person) = Some(&words[at..]).filter(|_| begins).and_then(|rest| at_start(rest, &names))
        else {
            continue;
        };
        let works_here = matches!(person.kind, PersonKind::Member | PersonKind::Guest) && !person.deactivated;
        if works_here && person.id != *author && !thanked.iter().any(|other| other.id == person.id) {
            thanked.push(person);
        }
    }
    thanked.truncate(MOST_THANKED);
    thanked
}

/// Returns the person with whose name a folded text begins; the longest name counts.
fn at_start<'p>(rest: &str, names: &[(String, &'p Person)]) -> Option<&'p Person> {
    let (has_mark, rest) = rest.strip_prefix('@').map_or((false, rest), |rest| (true, rest));
    let begins = |name: &str| {
        let after = rest.strip_prefix(name).filter(|_| !name.is_empty());
        after.is_some_and(|after| !after.starts_with(char::is_alphanumeric))
    };
    let whole = names.iter().filter(|(name, _)| (has_mark || name.contains(' ')) && begins(name));
    let longest = whole.clone().map(|(name, _)| name.len()).max();
    if let Some(longest) = longest {
        return only(whole.filter(|(name, _)| name.len() == longest).map(|(_, person)| *person));
    }
    let first = names.iter().filter(|(name, _)| has_mark && name.split(' ').next().is_some_and(begins));
    only(first.map(|(_, person)| *person))
}

fn only<'p>(mut people: impl Iterator<Item = &'p Person>) -> Option<&'p Person> {
    people.next().filter(|_| people.next().is_none())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn person(id: &str, name: &str) -> Person {
        Person {
            id: UserId::from(id),
            name: name.to_owned(),
            zone: None,
            kind: PersonKind::Member,
            deactivated: false,
            admin: false,
        }
    }

    fn people() -> Vec<Person> {
        let bot = Person { kind: PersonKind::Bot, ..person("BOT", "Robot Joe") };
        let gone = Person { deactivated: true, ..person("GONE", "Gus Gone") };
        let all = [
            ("ANA", "Ana Costa"),
            ("BEN", "Ben Okafor"),
            ("BEN2", "Ben Ba"),
            ("CY", "cy"),
            ("ZOE", "Zoë Çelik"),
        ];
        all.map(|(id, name)| person(id, name)).into_iter().chain([bot, gone]).collect()
    }

    fn ids(words: &str) -> Vec<String> {
        let people = people();
        named(words, &UserId::from("ANA"), &people).into_iter().map(|person| person.id.0.clone()).collect()
    }

    #[test]
    fn names_are_found_as_people_write_them() {
        assert_eq!(ids("The demo, thanks to @cy and Ben Okafor!"), ["CY", "BEN"]);
        assert_eq!(ids("@ben ba's notes"), ["BEN2"]);
        assert_eq!(ids("@zoe stayed late, ZOE CELIK again"), ["ZOE"]);
        assert_eq!(ids("Thanks @BEN OKAFOR, @Cy."), ["BEN", "CY"]);
    }

    #[test]
    fn what_could_be_another_names_no_one() {
        for words in
            ["@ben helped", "ben and cy", "cyan", "@cyan", "@benokafor", "x@cy", "Reuben Okafor", "", "@"]
        {
            assert_eq!(ids(words), [""; 0], "{words}");
        }
        assert_eq!(
            ids("@Ana Costa, @Robot Joe and @Gus Gone"),
            [""; 0],
            "the author, a bot, and one who has left"
        );
    }

    #[test]
    fn a_few_are_offered() {
        let people: Vec<Person> = (0..9).map(|n| person(&n.to_string(), &format!("p{n}"))).collect();
        let all = "@p0 @p1 @p2 @p3 @p4";
        assert_eq!(named(all, &UserId::from("X"), &people).len(), MOST_THANKED);
    }

    proptest! {
        #[test]
        fn any_text_is_read(words in any::<String>()) {
            let people = people();
            prop_assert!(named(&words, &UserId::from("ANA"), &people).len() <= MOST_THANKED);
        }
    }
}
