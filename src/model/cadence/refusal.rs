//! Why a schedule was not understood, with the nearest phrases that work.

/// Why a schedule was not understood, in one or two sentences for the person who typed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotUnderstood {
    said: String,
    lead: Lead,
    nearest: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lead {
    ForExample,
    DidYouMean,
}

impl NotUnderstood {
    pub(super) fn example(said: impl Into<String>, nearest: Vec<String>) -> NotUnderstood {
        NotUnderstood { said: said.into(), lead: Lead::ForExample, nearest }
    }

    /// Returns the same sentence with the one phrase that was meant.
    pub(super) fn meant(self, phrase: String) -> NotUnderstood {
        NotUnderstood { lead: Lead::DidYouMean, nearest: vec![phrase], ..self }
    }

    /// Keeps only some of its phrases, or another one if none is left.
    pub(super) fn keep(mut self, works: impl Fn(&str) -> bool, otherwise: &str) -> NotUnderstood {
        self.nearest.retain(|phrase| works(phrase));
        if self.nearest.is_empty() {
            self.nearest.push(otherwise.to_owned());
        }
        self
    }

    /// Returns why, without phrases.
    pub fn why(&self) -> &str {
        &self.said
    }

    /// Whether its only phrase is what was meant, and no example.
    pub fn is_meant(&self) -> bool {
        self.lead == Lead::DidYouMean
    }

    /// Returns phrases near to what was typed that [`super::Cadence::parse`] understands, the nearest first.
    pub fn nearest(&self) -> &[String] {
        &self.nearest
    }
}

impl std::fmt::Display for NotUnderstood {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let nearest = self.nearest.join(", or: ");
        match self.lead {
            Lead::ForExample => write!(f, "{} For example: {nearest}", self.said),
            Lead::DidYouMean => write!(f, "{} Did you mean: {nearest}?", self.said),
        }
    }
}

impl std::error::Error for NotUnderstood {}
