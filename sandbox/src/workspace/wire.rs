//! Logs the calls of apps and the deliveries to them, numbered in one sequence.

use std::collections::VecDeque;

use crate::base::limits::LOG_ROWS;
use crate::types::traffic::{Call, Delivery};

/// A call or a delivery.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Seen<'a> {
    Call(&'a Call),
    Delivery(&'a Delivery),
}

/// The newest calls and deliveries.
#[derive(Debug, Default)]
pub(crate) struct Wire {
    calls: VecDeque<(u64, Call)>,
    deliveries: VecDeque<(u64, Delivery)>,
    /// How many there have been, with those that were dropped.
    count: u64,
}

impl Wire {
    /// Logs a call.
    pub(crate) fn log_call(&mut self, call: Call) {
        self.count += 1;
        keep(&mut self.calls, (self.count, call));
    }

    /// Logs a delivery and returns its number.
    pub(crate) fn log_delivery(&mut self, delivery: Delivery) -> u64 {
        self.count += 1;
        keep(&mut self.deliveries, (self.count, delivery));
        self.count
    }

    /// Logs the outcome of a delivery.
    pub(crate) fn close_delivery(&mut self, number: u64, outcome: &str) {
        if let Ok(at) = self.deliveries.binary_search_by_key(&number, |(number, _)| *number)
            && let Some((_, delivery)) = self.deliveries.get_mut(at)
        {
            outcome.clone_into(&mut delivery.outcome);
        }
    }

    /// Returns how many calls and deliveries there have been.
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    pub(crate) fn calls(&self) -> impl DoubleEndedIterator<Item = &Call> {
        self.calls.iter().map(|(_, call)| call)
    }

    /// Returns the calls by which apps have written or changed messages from an instant on, newest first.
    pub(crate) fn written_from(&self, at_ms: i64) -> impl Iterator<Item = &Call> {
        let since = self.calls().rev().take_while(move |call| call.at_ms >= at_ms);
        since.filter(|call| call.method.starts_with("chat.") && call.answer["ok"] == true)
    }

    pub(crate) fn deliveries(&self) -> impl Iterator<Item = &Delivery> {
        self.deliveries.iter().map(|(_, delivery)| delivery)
    }

    /// Returns calls and deliveries with their numbers, newest first.
    pub(crate) fn newest_first(&self) -> impl Iterator<Item = (u64, Seen<'_>)> {
        let mut calls = self.calls.iter().rev().peekable();
        let mut deliveries = self.deliveries.iter().rev().peekable();
        std::iter::from_fn(move || {
            let called = calls.peek().map_or(0, |(number, _)| *number);
            let delivered = deliveries.peek().map_or(0, |(number, _)| *number);
            if called > delivered {
                calls.next().map(|(number, call)| (*number, Seen::Call(call)))
            } else {
                deliveries.next().map(|(number, delivery)| (*number, Seen::Delivery(delivery)))
            }
        })
    }
}

fn keep<T>(rows: &mut VecDeque<T>, row: T) {
    if rows.len() >= LOG_ROWS {
        rows.pop_front();
    }
    rows.push_back(row);
}
