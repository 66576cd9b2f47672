//! In which tab of the page a person's form is open: in the one in which it was asked for, as in a client.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::Hub;

/// Where each person acts and has a form, by id.
#[derive(Debug, Default)]
pub(crate) struct FormTabs(Mutex<HashMap<String, PersonTabs>>);

#[derive(Debug, Default)]
struct PersonTabs {
    /// The tab that acted as them last.
    acted: Option<String>,
    /// The first view of their forms, and the tab that shows it.
    open: Option<(String, String)>,
}

impl Hub {
    /// Notes that a person does something in a tab, or outside of any.
    pub(crate) fn acts_in(&self, user: &str, tab: Option<&str>) {
        let mut people = self.form_tabs.0.lock().unwrap_or_else(PoisonError::into_inner);
        people.entry(user.to_owned()).or_default().acted = tab.map(str::to_owned);
    }

    /// Whether a tab shows the forms of a person, of which `first` is the lowest. One that no living tab asked for is shown by the tab
    /// that looks first.
    pub(crate) fn shows_forms(&self, user: &str, first: Option<&str>, tab: Option<&str>) -> bool {
        let Some(tab) = tab else { return true };
        let mut people = self.form_tabs.0.lock().unwrap_or_else(PoisonError::into_inner);
        let person = people.entry(user.to_owned()).or_default();
        let Some(first) = first else {
            person.open = None;
            return true;
        };
        let before =
            person.open.take().filter(|(view, tab)| view == first && self.is_controlled_in(user, tab));
        let asked = || person.acted.clone().filter(|acted| self.is_controlled_in(user, acted));
        let holder = before.map(|(_, tab)| tab).or_else(asked).unwrap_or_else(|| tab.to_owned());
        let is_here = holder == tab;
        person.open = Some((first.to_owned(), holder));
        is_here
    }
}
