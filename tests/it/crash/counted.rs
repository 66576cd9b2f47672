//! What is counted after a campaign: gifts that were acknowledged, stored and announced.

use std::{
    collections::{BTreeMap, BTreeSet},
    process::Stdio,
};

use rondo::store::{Opening, Store, unit::Value};

use super::{CHANNELS, Campaign, load, load::Heard, process::program};

/// A line of the ledger, as `rondo export` writes it.
#[derive(serde::Deserialize)]
struct Line {
    gift_id: String,
    giver: String,
    local_date: String,
    reason: String,
}

pub struct Counts {
    over_socket: usize,
    over_http: usize,
    unanswered: usize,
    stored: usize,
    announced: usize,
    /// Posts that a kill interrupted and that the next process searched for.
    looked_for: usize,
    /// Those of them that had not arrived, and were sent again.
    sent_again: usize,
    /// Calls that Slack refused with 429, by method.
    refused_as_too_many: BTreeMap<String, usize>,
    faults: Vec<String>,
}

impl Counts {
    pub async fn of(heard: &Heard, campaign: &Campaign, log: &str) -> Counts {
        let mut faults = Vec::new();
        let lines = export(campaign);
        let mut stored: BTreeMap<&str, usize> = BTreeMap::new();
        for line in &lines {
            *stored.entry(line.reason.as_str()).or_default() += 1;
        }
        let acknowledged = heard.over_socket.union(&heard.over_http);
        for reason in acknowledged.filter(|reason| !stored.contains_key(reason.as_str())) {
            faults.push(format!("{reason:?} was acknowledged and is not stored"));
        }
        for (reason, times) in stored.iter().filter(|(_, times)| **times > 1) {
            faults.push(format!("{reason:?} is stored {times} times"));
        }
        let ids: BTreeSet<&str> = lines.iter().map(|line| line.gift_id.as_str()).collect();
        if ids.len() != lines.len() {
            faults.push("a gift's id is there twice".to_owned());
        }
        let announced = announcements(campaign);
        for reason in stored.keys() {
            let times = announced.get(*reason).copied().unwrap_or_default();
            if times != 1 {
                faults.push(format!("{reason:?} is stored and announced {times} times"));
            }
        }
        for reason in announced.keys().filter(|reason| !stored.contains_key(reason.as_str())) {
            faults.push(format!("{reason:?} is announced and not stored"));
        }
        faults.extend(allowances(campaign, &lines).await);
        let calls = campaign.sandbox.calls();
        let looks = calls.iter().filter(|call| call.method == "conversations.history");
        let looked_for: BTreeSet<String> =
            looks.map(|call| format!("{} {}", call.args["channel"], call.args["oldest"])).collect();
        let mut refused_as_too_many = BTreeMap::new();
        for call in calls.iter().filter(|call| call.http_status == 429) {
            *refused_as_too_many.entry(call.method.clone()).or_default() += 1;
        }
        Counts {
            over_socket: heard.over_socket.len(),
            over_http: heard.over_http.len(),
            unanswered: heard.unanswered.len(),
            stored: stored.len(),
            announced: announced.values().sum(),
            looked_for: looked_for.len(),
            sent_again: log.matches("it is not in the history").count(),
            refused_as_too_many,
            faults,
        }
    }

    pub fn print(&self, store: &str, kills: u32) {
        println!(
            "{store}: {kills} kills; {} acknowledged ({} over Socket Mode, {} over HTTP), {} not answered; \
             {} stored; {} announced; {} cut off while being sent and looked for: {} found, {} sent again; \
             refused as too many: {:?}",
            self.over_socket + self.over_http,
            self.over_socket,
            self.over_http,
            self.unanswered,
            self.stored,
            self.announced,
            self.looked_for,
            self.looked_for.saturating_sub(self.sent_again),
            self.sent_again,
            self.refused_as_too_many,
        );
    }

    /// Asserts that nothing was lost or doubled, and that the campaign did its work.
    pub fn hold(&self) {
        assert!(self.faults.is_empty(), "{:#?}", self.faults);
        assert!(self.over_socket > 0 && self.over_http > 0, "both doors were used");
    }
}

fn export(campaign: &Campaign) -> Vec<Line> {
    let mut export = program(campaign.folder.path(), &campaign.environment);
    export.args(["export", "kudos", "--format", "json"]).stderr(Stdio::inherit());
    let output = export.output().unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).expect("the export is JSON")
}

/// Counts how many times each reason is in the channels.
fn announcements(campaign: &Campaign) -> BTreeMap<String, usize> {
    let reader = campaign.sandbox.person(&load::name(0));
    let mut announced = BTreeMap::new();
    for number in 0..CHANNELS {
        for message in reader.reads(&format!("#{}", load::channel(number))) {
            let from_bot = message.app_id.is_some() && message.ephemeral_to.is_none();
            if let Some(at) = message.text.find("deed ").filter(|_| from_bot) {
                let reason = message.text[at..].trim_end().to_owned();
                *announced.entry(reason).or_default() += 1;
            }
        }
    }
    announced
}

/// Asserts that the row of each giver's day agrees with that day's gifts.
async fn allowances(campaign: &Campaign, lines: &[Line]) -> Vec<String> {
    let mut given: BTreeMap<(String, String), i64> = BTreeMap::new();
    for line in lines {
        *given.entry((line.giver.clone(), line.local_date.clone())).or_default() += 1;
    }
    let store = Store::open(&campaign.url, Opening::Beside).await.unwrap();
    let rows = store.ask("SELECT giver, local_date, people FROM kudos_day", Vec::new()).await.unwrap();
    let depth = store.outbox_depth(rondo::model::clock::Clock::machine().now()).await.unwrap();
    store.close().await;
    let counted: BTreeMap<(String, String), i64> = rows
        .into_iter()
        .filter_map(|row| {
            let [who, date, people]: [Value; 3] = row.try_into().ok()?;
            Some(((who.text()?, date.text()?), people.int()?))
        })
        .collect();
    let mut faults = Vec::new();
    if given != counted {
        faults.push(format!("the days say {counted:?}, and the gifts {given:?}"));
    }
    if (depth.waiting, depth.discarded) != (0, 0) {
        faults.push(format!("{} effects wait and {} were given up", depth.waiting, depth.discarded));
    }
    faults
}
