//! Public holidays by region, and the region that a person means by what they wrote.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

/// A country or a part of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// Its code in small letters: `de`, `de-by`.
    pub code: String,
    /// Its name in English.
    pub name: String,
    /// What people call it, too.
    pub also: Vec<String>,
    /// The names of its holidays by their dates.
    pub days: BTreeMap<NaiveDate, String>,
}

impl Region {
    /// Returns the holiday on a date.
    pub fn holiday_on(&self, date: NaiveDate) -> Option<&str> {
        self.days.get(&date).map(String::as_str)
    }

    /// Returns the words that mean it.
    fn names(&self) -> impl Iterator<Item = &str> {
        [self.code.as_str(), self.name.as_str()].into_iter().chain(self.also.iter().map(String::as_str))
    }
}

/// The regions whose holidays are known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holidays {
    regions: Vec<Region>,
    /// The index of each region by the words that mean it, in small letters.
    by_name: BTreeMap<String, usize>,
}

/// Two regions are called the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SameName {
    pub name: String,
    /// The codes of the regions.
    pub codes: [String; 2],
}

impl Holidays {
    /// Returns these regions in the order of their names. Fails where two are called the same.
    pub fn new(mut regions: Vec<Region>) -> Result<Holidays, SameName> {
        regions.sort_by(|one, other| one.name.cmp(&other.name));
        let mut by_name: BTreeMap<String, usize> = BTreeMap::new();
        for (at, region) in regions.iter().enumerate() {
            for name in region.names().map(plain).collect::<BTreeSet<_>>() {
                if let Some(other) = by_name.insert(name.clone(), at) {
                    return Err(SameName { name, codes: [regions[other].code.clone(), region.code.clone()] });
                }
            }
        }
        Ok(Holidays { regions, by_name })
    }

    /// Returns the regions, in the order of their names.
    pub fn regions(&self) -> &[Region] {
        &self.regions
    }

    /// Returns the region that a person means who wrote where they are: by its code or a name, in any case, also behind or
    /// before a comma, as in `Lisbon, Portugal`. The first part that means a region counts.
    pub fn region_of(&self, written: &str) -> Option<&Region> {
        let find = |text: &str| self.by_name.get(&plain(text)).and_then(|at| self.regions.get(*at));
        find(written).or_else(|| written.split([',', ';', '(', ')', '/']).find_map(find))
    }

    /// Returns the holiday on a date where a person is who wrote this of their region.
    pub fn holiday(&self, region: Option<&str>, date: NaiveDate) -> Option<&str> {
        self.region_of(region?)?.holiday_on(date)
    }
}

fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").trim_end_matches('.').to_lowercase()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn region(code: &str, name: &str, also: &[&str]) -> Region {
        let days = BTreeMap::from([("2026-01-01".parse().unwrap(), "New Year".to_owned())]);
        Region {
            code: code.to_owned(),
            name: name.to_owned(),
            also: also.iter().map(|name| (*name).to_owned()).collect(),
            days,
        }
    }

    fn holidays() -> Holidays {
        let regions = vec![
            region("us", "United States", &["USA"]),
            region("de", "Germany", &["Deutschland"]),
            region("de-by", "Bavaria", &["Bayern"]),
            region("at", "Austria", &["Österreich", "Austria"]),
        ];
        Holidays::new(regions).unwrap()
    }

    #[test]
    fn a_region_is_found_however_it_is_written() {
        for (written, code) in [
            ("DE", Some("de")),
            (" de-by ", Some("de-by")),
            ("U.S.A", None),
            ("united   STATES", Some("us")),
            ("ÖSTERREICH", Some("at")),
            ("Munich, Bavaria, Germany", Some("de-by")),
            ("Linz (Austria)", Some("at")),
            ("Germany.", Some("de")),
            ("Atlantis", None),
            ("", None),
            (",", None),
            ("Germanyy", None),
        ] {
            let known = holidays();
            assert_eq!(known.region_of(written).map(|region| &*region.code), code, "{written}");
        }
    }

    #[test]
    fn a_holiday_is_of_its_region_and_date() {
        let (first, second) = ("2026-01-01".parse().unwrap(), "2026-01-02".parse().unwrap());
        let known = holidays();
        assert_eq!(known.holiday(Some("Germany"), first), Some("New Year"));
        assert_eq!(known.holiday(Some("Germany"), second), None);
        assert_eq!(known.holiday(Some("Atlantis"), first), None);
        assert_eq!(known.holiday(None, first), None);
        assert_eq!(Holidays::default().holiday(Some("de"), first), None);
    }

    #[test]
    fn two_regions_of_one_name_are_refused() {
        let two = vec![region("de", "Germany", &[]), region("xx", "Elsewhere", &["germany"])];
        let same = SameName { name: "germany".to_owned(), codes: ["xx".to_owned(), "de".to_owned()] };
        assert_eq!(Holidays::new(two), Err(same));
    }

    proptest! {
        #[test]
        fn any_text_is_looked_up(written in any::<String>()) {
            let known = holidays();
            if let Some(region) = known.region_of(&written) {
                prop_assert!(known.region_of(&region.code) == Some(region));
            }
        }
    }
}
