//! Reads the files of decks: those that the program brings along, or those of a folder.

use std::path::Path;

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{Deck, Decks, Prompt, PromptKind};
use crate::{
    model::{
        secrets,
        text::{has_visible_text, one_line},
    },
    ritual::{DataFile, FileFault, FolderRules},
};

/// The files that the program brings along, in the order in which they are offered.
const BUILT_IN: [(&str, &str); 5] = [
    ("start-stop-continue", include_str!("../../../../config/decks/retro/start-stop-continue.toml")),
    ("glad-sad-mad", include_str!("../../../../config/decks/retro/glad-sad-mad.toml")),
    (
        "learned-surprised-puzzled",
        include_str!("../../../../config/decks/retro/learned-surprised-puzzled.toml"),
    ),
    ("partnership", include_str!("../../../../config/decks/retro/partnership.toml")),
    ("trust", include_str!("../../../../config/decks/retro/trust.toml")),
];

/// The setting that names a folder of decks, within the ritual's section.
const SETTING: &str = "decks";

/// A folder's files, each named by the code of its deck.
const FOLDER: FolderRules = FolderRules {
    setting: "retro.decks",
    most_files: 50,
    largest_file: 64 * 1024,
    what_to_put: "one for each deck, as in start-stop-continue.toml",
    built_in: "the decks",
    is_name: is_code,
    misnamed: (
        "is not named like a deck",
        "name it in small letters, digits and hyphens, 40 at most, as in glad-sad-mad.toml",
    ),
};

/// How many prompts a deck may have.
const MOST_PROMPTS: usize = 10;
/// How long its texts may be, in characters. Slack shows no longer name in a menu.
const LONGEST_NAME: usize = 75;
const LONGEST_DESCRIPTION: usize = 150;
const LONGEST_PROMPT: usize = 150;
const LONGEST_LABEL: usize = 40;
const LONGEST_CODE: usize = 40;

/// Reads the files of the folder, else those that the program brings along. Returns the decks that are sound, with all
/// faults. Of two decks with one name the first counts.
pub fn read(folder: Option<&Path>) -> (Decks, Vec<FileFault>) {
    let mut faults = Vec::new();
    let files = match folder {
        None => BUILT_IN.iter().map(|(code, text)| DataFile::built_in(code, text)).collect(),
        Some(folder) => DataFile::of_folder(folder, &FOLDER, &mut faults),
    };
    let mut decks: Vec<Deck> = Vec::new();
    for file in files {
        let read = DeckFile(&file).parse().and_then(|(deck, at)| match same_name(&decks, &deck) {
            None => Ok(deck),
            Some(other) => {
                let what = format!("name is \"{}\", as in {}.toml", other.name, other.code);
                Err(file.wrong(at, what, "give one of them another name"))
            }
        });
        match read {
            Ok(deck) => decks.push(deck),
            Err(fault) => faults.push(fault),
        }
    }
    (Decks(decks), faults)
}

/// Returns the setting at fault, with the first fault of its folder and the number of the others. An empty setting is
/// that of the decks that the program brings along.
pub fn fault(folder: &str) -> Option<(&'static str, String)> {
    let (_, faults) = read(Some(Path::new(folder)).filter(|_| !folder.is_empty()));
    let first = faults.first()?;
    let more = match faults.len() - 1 {
        0 => String::new(),
        more => format!(" (and {more} more in this folder)"),
    };
    Some((SETTING, format!("{first}{more}")))
}

fn same_name<'d>(decks: &'d [Deck], new: &Deck) -> Option<&'d Deck> {
    decks.iter().find(|deck| deck.name.to_lowercase() == new.name.to_lowercase())
}

fn is_code(text: &str) -> bool {
    let is_small = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=LONGEST_CODE).contains(&text.len()) && text.bytes().all(is_small)
}

struct DeckFile<'f>(&'f DataFile);

impl DeckFile<'_> {
    /// Returns the deck, and the position of its name.
    fn parse(&self) -> Result<(Deck, usize), FileFault> {
        let table = self.0.table("key")?;
        let (mut name, mut description, mut prompts) = (None, None, None);
        for (key, value) in &table {
            match &**key.get_ref() {
                "name" => name = Some((self.text("name", value, LONGEST_NAME)?, value.span().start)),
                "description" => {
                    description = Some(self.text("description", value, LONGEST_DESCRIPTION)?);
                }
                "prompts" => prompts = Some(self.prompts(value)?),
                other => {
                    return Err(self.unknown(key.span().start, other, "name, description and [[prompts]]"));
                }
            }
        }
        let missing = |key, mend| self.0.wrong(0, format!("{key} is missing"), mend);
        let (name, at) = name.ok_or_else(|| {
            missing("name", "write name = \"Start, stop, continue\" at the top, for example")
        })?;
        let description = description.ok_or_else(|| {
            missing("description", "say below the name what the deck is good for, on one line")
        })?;
        let prompts = prompts.ok_or_else(|| {
            missing(
                "prompts",
                "write [[prompts]], and below it text = \"What should we start doing?\", for example",
            )
        })?;
        Ok((Deck { code: self.0.name.clone(), name, description, prompts }, at))
    }

    fn prompts(&self, value: &Spanned<DeValue<'_>>) -> Result<Vec<Prompt>, FileFault> {
        let at = value.span().start;
        let mend = format!("write [[prompts]] 1 to {MOST_PROMPTS} times, each with a text below it");
        let DeValue::Array(written) = value.get_ref() else {
            return Err(self.0.wrong(at, "prompts is no list", mend));
        };
        if written.is_empty() {
            return Err(self.0.wrong(at, "prompts is empty", mend));
        }
        if written.len() > MOST_PROMPTS {
            let what = format!("prompts has {} entries", written.len());
            return Err(self.0.wrong(
                at,
                what,
                format!("{MOST_PROMPTS} are the most: fewer are answered better"),
            ));
        }
        let mut prompts: Vec<Prompt> = Vec::new();
        for one in written {
            let at = one.span().start;
            let DeValue::Table(table) = one.get_ref() else {
                return Err(self.0.wrong(at, "prompts has an entry that is no prompt", mend));
            };
            let prompt = self.prompt(table, at)?;
            if prompts.iter().any(|other| other.text == prompt.text) {
                return Err(self.0.wrong(at, "prompts.text is there twice", "keep one of them"));
            }
            if prompt.asks_what_went_well && prompts.iter().any(|other| other.asks_what_went_well) {
                let mend = "keep it for the one prompt whose answers may become kudos";
                return Err(self.0.wrong(at, "prompts.went_well is true twice", mend));
            }
            prompts.push(prompt);
        }
        Ok(prompts)
    }

    /// Reads a prompt that begins at a position.
    fn prompt(&self, table: &DeTable<'_>, at: usize) -> Result<Prompt, FileFault> {
        let (mut text, mut is_scale, mut low, mut high) = (None, false, None, None);
        let (mut is_anonymous, mut went_well) = (true, None);
        for (key, value) in table {
            let place = value.span().start;
            match (&**key.get_ref(), value.get_ref()) {
                ("text", _) => text = Some(self.text("prompts.text", value, LONGEST_PROMPT)?),
                ("kind", written) => {
                    is_scale = match written.as_str() {
                        Some("text") => false,
                        Some("scale") => true,
                        _ => {
                            let mend = "write kind = \"text\" or kind = \"scale\"";
                            return Err(self.0.wrong(place, "prompts.kind does not fit", mend));
                        }
                    };
                }
                ("low", _) => low = Some((self.text("prompts.low", value, LONGEST_LABEL)?, place)),
                ("high", _) => high = Some((self.text("prompts.high", value, LONGEST_LABEL)?, place)),
                ("anonymous", DeValue::Boolean(written)) => is_anonymous = *written,
                ("went_well", DeValue::Boolean(written)) => went_well = Some((*written, place)),
                (key @ ("anonymous" | "went_well"), _) => {
                    return Err(self.0.wrong(
                        place,
                        format!("prompts.{key} does not fit"),
                        "write true or false",
                    ));
                }
                (other, _) => {
                    let known = "text, kind, low, high, anonymous and went_well";
                    return Err(self.unknown(key.span().start, &format!("prompts.{other}"), known));
                }
            }
        }
        let text = text.ok_or_else(|| {
            self.0.wrong(
                at,
                "prompts.text is missing",
                "write text = \"What should we start doing?\", for example",
            )
        })?;
        let kind = match (is_scale, low, high) {
            (true, Some((low, _)), Some((high, _))) => PromptKind::Scale { low, high },
            (true, ..) => {
                let mend = "say what 1 and 5 mean, as in low = \"Hardly ever\" and high = \"Nearly always\"";
                return Err(self.0.wrong(at, "prompts.low or prompts.high is missing", mend));
            }
            (false, None, None) => PromptKind::Text,
            (false, low, high) => {
                let place = low.or(high).map_or(at, |(_, place)| place);
                let mend = "write kind = \"scale\", or take it away";
                return Err(self.0.wrong(place, "prompts.low and prompts.high are for scales", mend));
            }
        };
        if is_scale && !is_anonymous {
            let mend = "take anonymous = false away: of a scale the median is shown, and no one's answer";
            return Err(self.0.wrong(at, "prompts.anonymous is false for a scale", mend));
        }
        let asks_what_went_well = match went_well {
            Some((true, place)) if is_scale => {
                let mend = "write kind = \"text\", or take it away";
                return Err(self.0.wrong(place, "prompts.went_well is for texts", mend));
            }
            given => given.is_some_and(|(written, _)| written),
        };
        Ok(Prompt { text, kind, is_anonymous, asks_what_went_well })
    }

    fn text(&self, key: &str, value: &Spanned<DeValue<'_>>, longest: usize) -> Result<String, FileFault> {
        let text = value.get_ref().as_str().map(one_line);
        text.filter(|text| has_visible_text(text) && text.chars().count() <= longest).ok_or_else(|| {
            let mend = format!("write a text of 1 to {longest} characters in double quotes");
            self.0.wrong(value.span().start, format!("{key} does not fit"), mend)
        })
    }

    fn unknown(&self, at: usize, key: &str, known: &str) -> FileFault {
        self.0.wrong(at, format!("there is no key {}", secrets::shown(key)), format!("there is {known}"))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use proptest::prelude::*;

    use super::*;

    fn parsed(text: &str) -> Result<Deck, String> {
        let file = DataFile::built_in("mine", text);
        DeckFile(&file).parse().map(|(deck, _)| deck).map_err(|fault| fault.to_string())
    }

    /// A deck with these lines below its name and description, on line 3 and later.
    fn with(lines: &str) -> Result<Deck, String> {
        parsed(&format!("name = \"Mine\"\ndescription = \"D\"\n{lines}"))
    }

    const SOUND: &str = "name = \"Mine\"\ndescription = \"D\"\n[[prompts]]\ntext = \"Why?\"\n";

    #[test]
    fn a_prompt_is_an_anonymous_text_by_default() {
        let prompt = Prompt {
            text: "Why?".to_owned(),
            kind: PromptKind::Text,
            is_anonymous: true,
            asks_what_went_well: false,
        };
        assert_eq!(parsed(SOUND).unwrap().prompts, [prompt]);
    }

    #[test]
    fn a_wrong_deck_is_told_with_its_line_and_key() {
        for (text, error) in [
            ("", "mine.toml:1: name is missing: "),
            ("name = \"A\"", "mine.toml:1: description is missing: "),
            ("name = \"A\"\ndescription = \"B\"", "mine.toml:1: prompts is missing: write [[prompts]]"),
            ("name = \"\u{200b}\"", "mine.toml:1: name does not fit: write a text of 1 to 75 characters"),
            ("\nname = 7", "mine.toml:2: name does not fit: "),
            (
                "nmae = \"A\"",
                "mine.toml:1: there is no key \"nmae\": there is name, description and [[prompts]]",
            ),
            ("name = \"A\"\nname = \"B\"", "mine.toml:2: this key is there twice: keep one of them"),
            ("name = \"A", "mine.toml:1: this is not TOML ("),
        ] {
            let told = parsed(text).unwrap_err();
            assert!(told.starts_with(error), "{text:?}: {told}");
        }
    }

    #[test]
    fn a_wrong_prompt_is_told_with_its_line_and_key() {
        for (lines, error) in [
            ("prompts = []", "mine.toml:3: prompts is empty: write [[prompts]] 1 to 10 times"),
            ("prompts = \"Why?\"", "mine.toml:3: prompts is no list: "),
            ("prompts = [\"Why?\"]", "mine.toml:3: prompts has an entry that is no prompt: "),
            ("[[prompts]]\nkind = \"text\"", "mine.toml:3: prompts.text is missing: "),
            (
                "[[prompts]]\ntxet = \"Why?\"",
                "mine.toml:4: there is no key \"prompts.txet\": there is text, ",
            ),
            ("[[prompts]]\ntext = \" \"", "mine.toml:4: prompts.text does not fit: "),
            ("[[prompts]]\ntext = \"A\"\nkind = \"grid\"", "mine.toml:5: prompts.kind does not fit: "),
            ("[[prompts]]\ntext = \"A\"\nanonymous = 1", "mine.toml:5: prompts.anonymous does not fit: "),
            (
                "[[prompts]]\ntext = \"A\"\nkind = \"scale\"\nlow = \"B\"",
                "mine.toml:3: prompts.low or prompts.high is missing: ",
            ),
            (
                "[[prompts]]\ntext = \"A\"\nhigh = \"B\"",
                "mine.toml:5: prompts.low and prompts.high are for scales: ",
            ),
            (
                "[[prompts]]\ntext = \"A\"\nkind = \"scale\"\nlow = \"B\"\nhigh = \"C\"\nwent_well = true",
                "mine.toml:8: prompts.went_well is for texts: ",
            ),
            (
                "[[prompts]]\ntext = \"A\"\nkind = \"scale\"\nlow = \"B\"\nhigh = \"C\"\nanonymous = false",
                "mine.toml:3: prompts.anonymous is false for a scale: ",
            ),
            (
                "[[prompts]]\ntext = \"A\"\n[[prompts]]\ntext = \"A\"",
                "mine.toml:5: prompts.text is there twice: ",
            ),
            (
                "[[prompts]]\ntext = \"A\"\nwent_well = true\n[[prompts]]\ntext = \"B\"\nwent_well = true",
                "mine.toml:6: prompts.went_well is true twice: ",
            ),
        ] {
            let told = with(lines).unwrap_err();
            assert!(told.starts_with(error), "{lines:?}: {told}");
        }
    }

    #[test]
    fn a_deck_has_limits() {
        let prompts = |number: usize| {
            (0..number).map(|at| format!("[[prompts]]\ntext = \"Why {at}?\"")).collect::<Vec<_>>().join("\n")
        };
        assert_eq!(with(&prompts(10)).unwrap().prompts.len(), 10);
        let told = with(&prompts(200)).unwrap_err();
        assert!(told.starts_with("mine.toml:3: prompts has 200 entries: 10 are the most"), "{told}");
        let long = |length: usize| with(&format!("[[prompts]]\ntext = \"{}\"", "é".repeat(length)));
        assert!(long(150).is_ok());
        assert!(long(151).unwrap_err().starts_with("mine.toml:4: prompts.text does not fit"));
    }

    #[test]
    fn a_folder_is_read_with_all_its_faults() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        let told = || read(Some(folder.path())).1.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert!(told()[0].contains("which has 0 files named *.toml"), "{:?}", told());
        write("mine.toml", SOUND);
        assert_eq!(fault(&folder.path().display().to_string()), None);
        write("our own.toml", SOUND);
        write("large.toml", &"#".repeat(64 * 1024 + 1));
        fs::write(folder.path().join("broken.toml"), [0xff, 0x41]).unwrap();
        write("same.toml", &SOUND.replace("Mine", "mine"));
        write("empty.toml", "name = \"A\"\ndescription = \"B\"\nprompts = []");
        let (decks, faults) = read(Some(folder.path()));
        assert_eq!(decks.all().iter().map(|deck| &*deck.code).collect::<Vec<_>>(), ["mine"]);
        assert_eq!(faults.len(), 5, "{faults:#?}");
        for part in [
            "our own.toml is not named like a deck",
            "large.toml cannot be read (it is larger than 65536 bytes)",
            "broken.toml cannot be read (it is not UTF-8 text)",
            "same.toml:1: name is \"Mine\", as in mine.toml",
            "empty.toml:3: prompts is empty",
        ] {
            assert_eq!(told().iter().filter(|told| told.contains(part)).count(), 1, "{part}: {:#?}", told());
        }
        let (key, told) = fault(&folder.path().display().to_string()).unwrap();
        assert_eq!(key, "decks");
        assert!(told.contains("broken.toml") && told.ends_with("(and 4 more in this folder)"), "{told}");
        assert!(
            fault("nowhere/at/all")
                .unwrap()
                .1
                .contains("retro.decks is nowhere/at/all, which cannot be read (")
        );
    }

    #[test]
    fn what_the_program_brings_along_is_sound() {
        let (decks, faults) = read(None);
        assert_eq!((decks.all().len(), faults, fault("")), (BUILT_IN.len(), Vec::new(), None));
        for deck in decks.all() {
            let is_pulse = deck.prompts.iter().all(|prompt| prompt.kind != PromptKind::Text);
            let is_words = deck.prompts.iter().all(|prompt| prompt.kind == PromptKind::Text);
            assert!(
                is_pulse && deck.prompts.len() == 4 || is_words && deck.prompts.len() <= 3,
                "{}",
                deck.code
            );
            assert!(deck.prompts.iter().any(|prompt| prompt.is_anonymous), "{}", deck.code);
            assert_eq!(decks.get(&deck.code), Some(deck));
            let can_thank = deck.prompts.iter().filter(|prompt| prompt.asks_what_went_well);
            assert!(
                can_thank.clone().all(|prompt| !prompt.is_anonymous) && can_thank.count() <= 1,
                "{}",
                deck.code
            );
        }
        assert_eq!(decks.get("nowhere"), None);
    }

    proptest! {
        #[test]
        fn any_file_is_a_deck_or_a_fault_with_its_line(text in any::<String>(), name in any::<String>()) {
            for text in [text.clone(), format!("{SOUND}{text}"), SOUND.replace("Why?", &text)] {
                match parsed(&text) {
                    Ok(deck) => prop_assert!((1..=MOST_PROMPTS).contains(&deck.prompts.len())),
                    Err(told) => prop_assert!(told.starts_with("mine.toml:"), "{}", told),
                }
            }
            prop_assert!(!is_code(&name) || name.len() <= LONGEST_CODE && name.is_ascii());
        }
    }
}
