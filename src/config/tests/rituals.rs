//! Sections of rituals: their names, their errors, and what one wrong entry hides.

use super::*;

#[test]
fn rituals_have_names_of_their_own() {
    let sections = known_keys("unheard_of = 1");
    let names: Vec<&str> = ALL.iter().map(|ritual| ritual.name).collect();
    assert_eq!(
        first_twice(names.iter().copied().chain([RONDO]).chain(sections.iter().map(String::as_str))),
        None
    );
    let config = load("", &[]).unwrap();
    let built: Vec<&str> = config.rituals().iter().map(|ritual| ritual.name()).collect();
    assert_eq!(built, names, "a ritual is called as its registration says");
}

#[test]
fn sections_of_rituals_are_told_like_others() {
    for (toml, told) in [
        (
            "\n[coffee]\nsize = 2",
            "rondo.toml:3: there is no key \"size\" in [coffee]: there is \"group_size\"",
        ),
        ("kudos = 5", "rondo.toml:1: kudos does not fit: write it as a section, in square brackets"),
        (
            "kudos = { undo_minutes = \"hush\" }",
            "rondo.toml:1: kudos does not fit: write a whole number, 0 or more",
        ),
        (
            "kudos.undo_minutes = \"hush\"",
            "rondo.toml:1: kudos.undo_minutes does not fit: write a whole number, 0 or more",
        ),
        (
            "[kudos.more]\na = 1",
            "rondo.toml:1: there is no key \"more\" in [kudos]: there is \"daily_allowance\", \"reason_required\", \"undo_minutes\"",
        ),
        (
            "commands.lunch = \"/lunch\"",
            "rondo.toml:1: there is no key \"lunch\": there is \"coffee\", \"kudos\", \"retro\", \"sync\", \"promises\", \"rondo\"",
        ),
        (
            "[commands]\ncofee = \"/tea\"",
            "rondo.toml:2: there is no key \"cofee\" in [commands]: did you mean \"coffee\"?",
        ),
        (
            "[commands]\nxoxb-1-hush = 1",
            "rondo.toml:2: there is no key \"what looks like a bot token\" in [commands]: there is",
        ),
        ("[commands]\nkudos = 5", "rondo.toml:2: commands.kudos does not fit: write a text in double quotes"),
        ("commands = 5", "rondo.toml:1: commands does not fit: write it as a section, in square brackets"),
    ] {
        assert!(refusal(toml, &[]).starts_with(told), "{toml}: {}", refusal(toml, &[]));
    }
}

#[test]
fn a_wrong_entry_of_a_ritual_hides_no_other() {
    let (_folder, path) = folder(
        "rondo.toml",
        "[kudos]\nundo = 1\nreason_required = 2\ndaily_allowance = 7\n[coffee]\ngroup_size = 99",
    );
    let draft = ConfigDraft::read(ALL, Some(&path), &env(&[]));
    assert_eq!(draft.errors.len(), 3, "{:?}", draft.errors);
    let kept = KudosSettings { daily_allowance: 7, ..KudosSettings::default() };
    assert_eq!(section(&draft.config, "kudos"), format!("{kept:?}"));
    assert!(draft.is_sound(ConfigPart::Slack) && !draft.is_sound(ConfigPart::Rest));
}
