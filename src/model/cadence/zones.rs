//! Time zones by the names of their cities, as in `in New York`.

use chrono::{Months, NaiveDate, Offset as _, TimeZone as _};
use chrono_tz::Tz;

/// No name of a zone has more words: `Port of Spain`, `North Dakota/New Salem`.
pub(super) const MOST_WORDS: usize = 4;
/// Names that are further from any city than this share of their letters have no nearest one.
const CLOSE_ENOUGH: f64 = 0.7;

/// The continents whose zones are named after cities; others are `US/Eastern` or `Etc/GMT`.
const CONTINENTS: [&str; 8] =
    ["Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Pacific/"];

/// The zones that a name may mean.
pub(super) enum ZoneMatch {
    One(Tz),
    /// Zones of the same name whose clocks differ.
    Several(Vec<Tz>),
    None,
}

/// Finds a zone by its whole name or the last parts of it, in any case.
pub(super) fn find(name: &str) -> ZoneMatch {
    let name = plain(name);
    if let Some(zone) = chrono_tz::TZ_VARIANTS.into_iter().find(|zone| plain(zone.name()) == name) {
        return ZoneMatch::One(zone);
    }
    let ending = format!("/{name}");
    let zones: Vec<Tz> =
        chrono_tz::TZ_VARIANTS.into_iter().filter(|zone| plain(zone.name()).ends_with(&ending)).collect();
    match zones.as_slice() {
        [] => ZoneMatch::None,
        [first, others @ ..] if others.iter().all(|other| same_clocks(*first, *other)) => {
            ZoneMatch::One(*first)
        }
        _ => ZoneMatch::Several(zones),
    }
}

/// Whether words are the name of a zone, or of a city with one.
pub fn names_a_zone(name: &str) -> bool {
    !matches!(find(name), ZoneMatch::None)
}

/// Returns the city whose name is nearest to a word that names none.
pub(super) fn nearest(name: &str) -> Option<String> {
    let name = plain(name);
    chrono_tz::TZ_VARIANTS
        .into_iter()
        .filter(|zone| CONTINENTS.iter().any(|continent| zone.name().starts_with(continent)))
        .map(|zone| (strsim::normalized_damerau_levenshtein(&plain(&city(zone)), &name), zone))
        .filter(|(close, zone)| *close >= CLOSE_ENOUGH && matches!(find(&city(*zone)), ZoneMatch::One(_)))
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, zone)| city(zone))
}

/// Returns the city of a zone, as people write it.
pub(super) fn city(zone: Tz) -> String {
    zone.name().rsplit('/').next().unwrap_or_default().replace('_', " ")
}

fn plain(name: &str) -> String {
    name.to_lowercase().replace(['_', '-'], " ")
}

/// Whether two names show the same time: the zone database keeps old names for old programs.
fn same_clocks(one: Tz, other: Tz) -> bool {
    let months = (0..12 * 12).filter_map(|months| {
        NaiveDate::from_ymd_opt(2024, 1, 15)?.checked_add_months(Months::new(months))?.and_hms_opt(12, 0, 0)
    });
    months.into_iter().all(|at| {
        let offset = |zone: Tz| zone.offset_from_utc_datetime(&at).fix();
        offset(one) == offset(other)
    })
}
