//! The files of public holidays, one for each region: those that the program brings along, or those of a folder.

use std::{collections::BTreeMap, path::Path};

use chrono::NaiveDate;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::ConfigError;
use crate::{
    model::{
        holidays::{Holidays, Region, SameName},
        secrets,
        text::{has_visible_text, one_line},
    },
    ritual::{DataFile, FileFault, FolderRules},
};

/// The files that the program brings along, by the codes of their regions.
const BUILT_IN: [(&str, &str); 10] = [
    ("at", include_str!("../../config/holidays/at.toml")),
    ("de", include_str!("../../config/holidays/de.toml")),
    ("es", include_str!("../../config/holidays/es.toml")),
    ("fr", include_str!("../../config/holidays/fr.toml")),
    ("gb", include_str!("../../config/holidays/gb.toml")),
    ("ie", include_str!("../../config/holidays/ie.toml")),
    ("it", include_str!("../../config/holidays/it.toml")),
    ("nl", include_str!("../../config/holidays/nl.toml")),
    ("pt", include_str!("../../config/holidays/pt.toml")),
    ("us", include_str!("../../config/holidays/us.toml")),
];

/// How many days a file may have: 20 years of 50.
const MOST_DAYS: usize = 1_000;
/// How many names a region may have beside its own.
const MOST_NAMES: usize = 20;
/// How long a name may be, in characters.
const LONGEST_NAME: usize = 80;

/// Reads the files of the folder, else those that the program brings along. Returns what was sound, with all errors.
pub fn read(folder: Option<&Path>) -> (Holidays, Vec<ConfigError>) {
    let mut faults = Vec::new();
    let files = match folder {
        None => BUILT_IN.iter().map(|(code, text)| DataFile::built_in(code, text)).collect(),
        Some(folder) => DataFile::of_folder(folder, &FOLDER, &mut faults),
    };
    let mut regions = Vec::new();
    for file in files {
        match HolidayFile(file).parse() {
            Ok(region) => regions.push(region),
            Err(fault) => faults.push(fault),
        }
    }
    let mut errors: Vec<ConfigError> = faults.into_iter().map(ConfigError::from).collect();
    match Holidays::new(regions) {
        Ok(holidays) => (holidays, errors),
        Err(SameName { name, codes: [one, other] }) => {
            errors.push(ConfigError::new(
                format!("the holiday files {one}.toml and {other}.toml are both called \"{name}\""),
                "give one of them another name",
            ));
            (Holidays::default(), errors)
        }
    }
}

/// A folder's files, each named by the code of its region.
const FOLDER: FolderRules = FolderRules {
    setting: "holidays.folder",
    most_files: 300,
    largest_file: 64 * 1024,
    what_to_put: "one for each region, as in de.toml",
    built_in: "the holidays",
    is_name: is_code,
    misnamed: ("is not named like a region", "name it like de.toml, or de-by.toml for a part of a country"),
};

struct HolidayFile(DataFile);

/// Whether a text has the form of an ISO country's code, alone or with that of a part of the country.
fn is_code(text: &str) -> bool {
    let (country, part) = text.split_once('-').map_or((text, None), |(country, part)| (country, Some(part)));
    let are_small = |text: &str| text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    country.len() == 2
        && country.bytes().all(|byte| byte.is_ascii_lowercase())
        && part.is_none_or(|part| (1..=3).contains(&part.len()) && are_small(part))
}

impl HolidayFile {
    fn parse(&self) -> Result<Region, FileFault> {
        let table = self.0.table("key or date")?;
        let (mut name, mut also, mut days) = (None, Vec::new(), BTreeMap::new());
        for (key, value) in &table {
            match (&**key.get_ref(), value.get_ref()) {
                ("name", _) => name = Some(self.name(value)?),
                ("also", DeValue::Array(names)) if names.len() <= MOST_NAMES => {
                    also = names.iter().map(|name| self.name(name)).collect::<Result<_, _>>()?;
                }
                ("also", _) => {
                    let mend = format!("write a list of {MOST_NAMES} names at most, as in [\"Deutschland\"]");
                    return Err(self.0.wrong(value.span().start, "also does not fit", mend));
                }
                ("days", DeValue::Table(table)) => days = self.days(table)?,
                ("days", _) => {
                    let mend = "write [days], and a line like 2026-01-01 = \"New Year's Day\" for each";
                    return Err(self.0.wrong(value.span().start, "days does not fit", mend));
                }
                (other, _) => {
                    let what = format!("there is no key {}", secrets::shown(other));
                    return Err(self.0.wrong(key.span().start, what, "there is name, also and [days]"));
                }
            }
        }
        let name = name.ok_or_else(|| {
            self.0.wrong(0, "the region has no name", "write name = \"Germany\" above the days, for example")
        })?;
        if days.is_empty() {
            let mend = "write [days], and a line like 2026-01-01 = \"New Year's Day\" for each";
            return Err(self.0.wrong(0, "there are no days", mend));
        }
        Ok(Region { code: self.0.name.clone(), name, also, days })
    }

    fn days(&self, table: &DeTable<'_>) -> Result<BTreeMap<NaiveDate, String>, FileFault> {
        if table.len() > MOST_DAYS {
            let what = format!("there are {} days", table.len());
            return Err(self.0.wrong(0, what, format!("{MOST_DAYS} are the most: take past years out")));
        }
        let mut days = BTreeMap::new();
        for (key, name) in table {
            let written = &**key.get_ref();
            let date = NaiveDate::parse_from_str(written, "%Y-%m-%d").ok();
            let date = date.filter(|date| date.to_string() == written).ok_or_else(|| {
                let what = format!("{} is no date", secrets::shown(written));
                self.0.wrong(key.span().start, what, "write a day that exists, as in 2026-12-25")
            })?;
            days.insert(date, self.name(name)?);
        }
        Ok(days)
    }

    fn name(&self, value: &Spanned<DeValue<'_>>) -> Result<String, FileFault> {
        let name = value.get_ref().as_str().map(one_line);
        name.filter(|name| has_visible_text(name) && name.chars().count() <= LONGEST_NAME).ok_or_else(|| {
            let mend = format!("write a text of 1 to {LONGEST_NAME} characters in double quotes");
            self.0.wrong(value.span().start, "this is no name", mend)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use chrono::Datelike as _;

    use super::*;

    fn parsed(text: &str) -> Result<Region, String> {
        let file = HolidayFile(DataFile::built_in("de", text));
        file.parse().map_err(|error| error.to_string())
    }

    fn of(folder: &Path) -> (Vec<String>, Vec<String>) {
        let (holidays, errors) = read(Some(folder));
        let codes = holidays.regions().iter().map(|region| region.code.clone()).collect();
        (codes, errors.iter().map(ToString::to_string).collect())
    }

    const SOUND: &str = "name = \"Germany\"\n[days]\n2026-10-03 = \"Tag der Deutschen Einheit\"\n";

    #[test]
    fn a_wrong_file_is_told_with_its_line() {
        for (text, error) in [
            ("", "de.toml:1: the region has no name: "),
            ("name = \"Germany\"", "de.toml:1: there are no days: "),
            ("name = \"\u{200b}\"\n", "de.toml:1: this is no name: "),
            ("name = 7", "de.toml:1: this is no name: "),
            ("name = \"Germany\"\nalso = \"D\"", "de.toml:2: also does not fit: "),
            ("name = \"Germany\"\nalso = [1]", "de.toml:2: this is no name: "),
            ("name = \"Germany\"\ndays = []", "de.toml:2: days does not fit: "),
            ("nmae = \"Germany\"", "de.toml:1: there is no key \"nmae\": there is name, also and [days]"),
            ("name = \"G\"\n[days]\n2026-02-29 = \"x\"", "de.toml:3: \"2026-02-29\" is no date: "),
            ("name = \"G\"\n[days]\n2026-1-1 = \"x\"", "de.toml:3: \"2026-1-1\" is no date: "),
            ("name = \"G\"\n[days]\n\"25 December\" = \"x\"", "de.toml:3: \"25 December\" is no date: "),
            ("name = \"G\"\n[days]\n2026-01-01 = \"\"", "de.toml:3: this is no name: "),
            ("name = \"G\"\n[days]\n2026-01-01 = 1", "de.toml:3: this is no name: "),
            (
                "name = \"G\"\n[days]\n2026-01-01 = \"a\"\n2026-01-01 = \"b\"",
                "de.toml:4: this key or date is there twice: keep one of them",
            ),
            ("name = \"G\"\n[days]\n2026-01-01 \"a\"", "de.toml:3: this is not TOML ("),
            ("name = \"G\n", "de.toml:1: this is not TOML ("),
        ] {
            let told = parsed(text).unwrap_err();
            assert!(told.starts_with(error), "{text:?}: {told}");
        }
        assert_eq!(parsed(SOUND).unwrap().days.len(), 1);
    }

    #[test]
    fn a_file_has_a_limit() {
        let first = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
        let days: Vec<String> =
            first.iter_days().take(MOST_DAYS + 1).map(|day| format!("{day} = \"x\"")).collect();
        let days = days.join("\n");
        let told = parsed(&format!("name = \"G\"\n[days]\n{days}")).unwrap_err();
        assert!(told.contains("there are 1001 days: 1000 are the most"), "{told}");
        assert!(parsed(&format!("name = \"{}\"", "x".repeat(81))).unwrap_err().contains("this is no name"));
    }

    #[test]
    fn a_folder_is_read_with_all_its_errors() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        assert!(of(folder.path()).1[0].contains("which has 0 files named *.toml"));
        write("de.toml", SOUND);
        write(".de.toml.swp", "no TOML");
        write(".xx.toml", "no TOML");
        write("README.md", "no TOML");
        assert_eq!(of(folder.path()), (vec!["de".to_owned()], Vec::new()));
        write("Germany.toml", SOUND);
        write("fr.toml", "name = \"France\"");
        write("it.toml", &"#".repeat(64 * 1024 + 1));
        fs::write(folder.path().join("nl.toml"), [0xff, 0x41]).unwrap();
        fs::create_dir(folder.path().join("pt.toml")).unwrap();
        let (codes, errors) = of(folder.path());
        assert_eq!(codes, ["de"]);
        for part in [
            "Germany.toml is not named like a region",
            "fr.toml:1: there are no days",
            "it.toml cannot be read (it is larger than 65536 bytes)",
            "nl.toml cannot be read (it is not UTF-8 text)",
            "pt.toml cannot be read (it is no file)",
        ] {
            assert_eq!(errors.iter().filter(|error| error.contains(part)).count(), 1, "{part}: {errors:#?}");
        }
        assert_eq!(errors.len(), 5, "{errors:#?}");
        write("gb.toml", &SOUND.replace("Germany", "germany"));
        let (codes, errors) = of(folder.path());
        assert!(codes.is_empty());
        assert!(errors.iter().any(|error| error.contains("are both called \"germany\"")), "{errors:#?}");
        assert!(of(&folder.path().join("nowhere")).1[0].contains("which cannot be read ("));
    }

    #[test]
    fn what_the_program_brings_along_is_sound() {
        let (holidays, errors) = read(None);
        assert_eq!(errors, []);
        assert_eq!(holidays.regions().len(), BUILT_IN.len());
        for region in holidays.regions() {
            for year in 2026..=2028 {
                let days = region.days.keys().filter(|day| day.year() == year).count();
                assert!((7..=16).contains(&days), "{}: {days} days in {year}", region.code);
                let new_year = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
                assert!(region.holiday_on(new_year).is_some(), "{} {year}", region.code);
            }
        }
        for (written, date, name) in [
            ("Portugal", "2026-06-10", "Dia de Portugal, de Camões e das Comunidades Portuguesas"),
            ("UK", "2026-12-28", "Boxing Day (observed)"),
            ("usa", "2026-07-03", "Independence Day (observed)"),
            ("Wien, Österreich", "2027-05-27", "Fronleichnam"),
            ("DE", "2028-04-14", "Karfreitag"),
            ("Ireland", "2028-02-07", "Saint Brigid's Day"),
        ] {
            assert_eq!(holidays.holiday(Some(written), date.parse().unwrap()), Some(name), "{written}");
        }
    }
}
