//! The only SQL of kudos.

/// The reason of the gift `g` where the receiver `r` may read it, else nothing: it was said in a channel that is known to be
/// public, in one that they are in, or in a DM, of which Rondo told them.
macro_rules! readable {
    () => {
        "CASE WHEN g.channel_id LIKE 'D%' OR EXISTS (SELECT 1 FROM channel c WHERE c.team_id = g.team_id \
         AND c.channel_id = g.channel_id AND c.public_at IS NOT NULL) \
         OR EXISTS (SELECT 1 FROM channel_member m WHERE m.team_id = g.team_id AND m.channel_id = g.channel_id \
         AND m.user_id = r.receiver AND m.left_at IS NULL) THEN g.reason ELSE '' END"
    };
}

mod holdings;

pub use self::holdings::HOLDINGS;
use super::plan::{GivenCount, StoredGift};
use crate::{
    model::{
        clock::Instant,
        people::{ChannelId, TeamId, UserId},
    },
    store::{
        Store, StoreError,
        columns::Columns,
        reading::ReadStore,
        unit::{Insert, UnitOfWork, Value, Write},
    },
    values,
};

/// What a gift is refused with that goes over the allowance, or that repeats the one before within seconds.
pub const DAY: &str = "kudos_day";
/// What a gift is refused with whose id was given before.
pub const GIVEN: &str = "kudos_given";
/// What taking back is refused with when the gift is another's, taken back already, or too old.
pub const UNDO: &str = "kudos_undo";

/// One row decides both how much is given in a day and whether the same words came just before, since both ask
/// about the giver's present. It counts those who were told, too, and taking back doesn't change that: they may be three
/// times as many as the allowance, which is divided rather than multiplied since without a limit it is the largest number. An allowance is a number in the row, so that one statement serves all givers.
static DAY_ROW: Insert = Insert {
    table: "kudos_day",
    columns: &[
        "team_id",
        "giver",
        "local_date",
        "people",
        "announced",
        "allowance",
        "last_fingerprint",
        "last_at",
    ],
    identity: 3,
    on_conflict: concat!(
        "ON CONFLICT (team_id, giver, local_date) DO UPDATE SET people = kudos_day.people + excluded.people, \
         announced = kudos_day.announced + excluded.announced, allowance = excluded.allowance, \
         last_fingerprint = excluded.last_fingerprint, last_at = excluded.last_at \
         WHERE kudos_day.people + excluded.people <= excluded.allowance \
         AND (kudos_day.announced + excluded.announced + 2) / 3 <= excluded.allowance \
         AND (kudos_day.last_fingerprint <> excluded.last_fingerprint OR kudos_day.last_at <= excluded.last_at - ",
        super::plan::echo_ms!(),
        ")"
    ),
};

static GIFT: Insert = Insert {
    table: "gift",
    columns: &["team_id", "gift_id", "giver", "channel_id", "reason", "people", "local_date", "given_at"],
    identity: 2,
    on_conflict: "",
};

/// The same where the id was chosen before, so that the gift may be there already.
static GIFT_ONCE: Insert = Insert {
    table: "gift",
    columns: &["team_id", "gift_id", "giver", "channel_id", "reason", "people", "local_date", "given_at"],
    identity: 2,
    on_conflict: "ON CONFLICT DO NOTHING",
};

static RECEIVER: Insert = Insert {
    table: "gift_receiver",
    columns: &["team_id", "gift_id", "receiver"],
    identity: 3,
    on_conflict: "",
};

/// A gift on its way into the store.
pub struct NewGift<'g> {
    /// Its id.
    pub id: &'g str,
    /// Who gives.
    pub giver: &'g UserId,
    /// Where.
    pub channel: &'g ChannelId,
    /// Who is thanked.
    pub receivers: &'g [UserId],
    /// What for.
    pub reason: &'g str,
    /// The date on the giver's wall.
    pub local_date: &'g str,
    /// How many people the giver may thank on that date.
    pub allowance: i64,
    /// What tells it from another gift.
    pub fingerprint: &'g str,
}

/// Adds a gift to a unit, guarded by the giver's day.
pub fn put(unit: &mut UnitOfWork, team: &TeamId, gift: &NewGift<'_>, now: Instant) {
    put_around(unit, team, gift, now);
    unit.row(&GIFT, gift_row(team, gift, now));
}

/// The same unless a gift of this id was given before ([`GIVEN`]).
pub fn put_once(unit: &mut UnitOfWork, team: &TeamId, gift: &NewGift<'_>, now: Instant) {
    unit.guard(GIVEN, Write::Row(&GIFT_ONCE, gift_row(team, gift, now)));
    put_around(unit, team, gift, now);
}

fn gift_row(team: &TeamId, gift: &NewGift<'_>, now: Instant) -> Vec<Value> {
    let people = super::plan::size(gift.receivers.len());
    values![
        team.as_str(),
        gift.id,
        gift.giver.as_str(),
        gift.channel.as_str(),
        gift.reason,
        people,
        gift.local_date,
        now
    ]
}

/// The giver's day, and the people thanked.
fn put_around(unit: &mut UnitOfWork, team: &TeamId, gift: &NewGift<'_>, now: Instant) {
    let (team, giver) = (team.as_str(), gift.giver.as_str());
    let people = super::plan::size(gift.receivers.len());
    let day = values![team, giver, gift.local_date, people, people, gift.allowance, gift.fingerprint, now];
    unit.guard(DAY, Write::Row(&DAY_ROW, day));
    for receiver in gift.receivers {
        unit.row(&RECEIVER, values![team, gift.id, receiver.as_str()]);
    }
}

/// Adds to a unit that a gift is taken back by its giver, if it was given at `since` or later. What it was for is forgotten.
pub fn undo(unit: &mut UnitOfWork, team: &TeamId, gift: &StoredGift, since: Instant, now: Instant) {
    let id = values![team.as_str(), gift.id.as_str(), gift.giver.as_str(), since, now];
    unit.guard(
        UNDO,
        Write::Run(
            "UPDATE gift SET undone_at = $5, reason = '' WHERE team_id = $1 AND gift_id = $2 AND giver = $3 \
             AND undone_at IS NULL AND given_at >= $4 RETURNING gift_id",
            id,
        ),
    );
    unit.run(
        "UPDATE kudos_day SET people = people - $4, last_fingerprint = '' \
         WHERE team_id = $1 AND giver = $2 AND local_date = $3",
        values![team.as_str(), gift.giver.as_str(), gift.local_date.as_str(), gift.people],
    );
}

/// Makes a unit depend on a gift not being taken back.
pub fn still_given(unit: &mut UnitOfWork, team: &TeamId, gift: &str) {
    let write = Write::Run(
        "UPDATE gift SET people = people WHERE team_id = $1 AND gift_id = $2 AND undone_at IS NULL RETURNING gift_id",
        values![team.as_str(), gift],
    );
    unit.guard(UNDO, write);
}

fn read_gift(row: Vec<Value>) -> Result<StoredGift, StoreError> {
    gift_of(&mut Columns::of("gift", row))
}

fn gift_of(row: &mut Columns) -> Result<StoredGift, StoreError> {
    Ok(StoredGift {
        id: row.text()?,
        giver: UserId(row.text()?),
        channel: ChannelId(row.text()?),
        reason: row.text()?,
        people: row.int()?,
        local_date: row.text()?,
        given_at: row.at()?,
        undone_at: row.at_or_null(),
    })
}

/// One gift.
pub async fn gift(store: &ReadStore, id: &str) -> Result<Option<StoredGift>, StoreError> {
    let rows = store
        .ask(
            "SELECT gift_id, giver, channel_id, reason, people, local_date, given_at, undone_at \
             FROM gift WHERE team_id = $1 AND gift_id = $2",
            values![store.team(), id],
        )
        .await?;
    rows.into_iter().next().map(read_gift).transpose()
}

/// Who a gift thanks.
pub async fn receivers(store: &ReadStore, id: &str) -> Result<Vec<UserId>, StoreError> {
    let rows = store
        .ask(
            "SELECT receiver FROM gift_receiver WHERE team_id = $1 AND gift_id = $2 ORDER BY receiver",
            values![store.team(), id],
        )
        .await?;
    Ok(rows.into_iter().flatten().filter_map(Value::text).map(UserId).collect())
}

/// What a person has given on one date of their own zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    /// How many people they thanked, without what they took back.
    pub people: i64,
    /// How many people were told of it, with what they took back.
    pub announced: i64,
    /// What tells the last gift from another.
    pub last_fingerprint: String,
    /// When they gave it.
    pub last_at: Instant,
}

/// What a person has given on a date.
pub async fn day(store: &ReadStore, giver: &UserId, local_date: &str) -> Result<Option<Day>, StoreError> {
    let rows = store
        .ask(
            "SELECT people, announced, last_fingerprint, last_at FROM kudos_day \
             WHERE team_id = $1 AND giver = $2 AND local_date = $3",
            values![store.team(), giver.as_str(), local_date],
        )
        .await?;
    let read = |row| {
        let mut row = Columns::of("kudos_day", row);
        Ok(Day {
            people: row.int()?,
            announced: row.int()?,
            last_fingerprint: row.text()?,
            last_at: row.at()?,
        })
    };
    rows.into_iter().next().map(read).transpose()
}

/// Returns how many people a person has thanked and with how many gifts, and how many gifts they got, in all.
pub async fn totals(store: &ReadStore, person: &UserId) -> Result<(GivenCount, i64), StoreError> {
    let person = values![store.team(), person.as_str()];
    let given = store
        .ask(
            "SELECT CAST(COALESCE(SUM(people), 0) AS BIGINT), \
               (SELECT COUNT(*) FROM gift WHERE team_id = $1 AND giver = $2 AND undone_at IS NULL) \
             FROM kudos_day WHERE team_id = $1 AND giver = $2",
            person.clone(),
        )
        .await?;
    let got = store
        .ask(
            "SELECT COUNT(*) FROM gift_receiver r JOIN gift g ON g.team_id = r.team_id AND g.gift_id = r.gift_id \
             WHERE r.team_id = $1 AND r.receiver = $2 AND g.undone_at IS NULL",
            person,
        )
        .await?;
    let number =
        |rows: &[Vec<Value>], at: usize| rows.first().and_then(|row| row[at].int()).unwrap_or_default();
    let given = GivenCount { people: number(&given, 0), gifts: number(&given, 1) };
    Ok((given, number(&got, 0)))
}

/// The last gifts that a person got, newest first. A reason that they may not read is empty.
pub async fn latest(store: &ReadStore, person: &UserId, limit: i64) -> Result<Vec<StoredGift>, StoreError> {
    let rows = store
        .ask(
            concat!(
                "SELECT g.gift_id, g.giver, g.channel_id, ",
                readable!(),
                ", g.people, g.local_date, g.given_at, g.undone_at \
             FROM gift_receiver r JOIN gift g ON g.team_id = r.team_id AND g.gift_id = r.gift_id \
             WHERE r.team_id = $1 AND r.receiver = $2 AND g.undone_at IS NULL \
             ORDER BY r.gift_id DESC LIMIT $3"
            ),
            values![store.team(), person.as_str(), limit],
        )
        .await?;
    rows.into_iter().map(read_gift).collect()
}

/// The last gifts that a person gave, newest first.
pub async fn latest_given(
    store: &ReadStore,
    giver: &UserId,
    limit: i64,
) -> Result<Vec<StoredGift>, StoreError> {
    let rows = store
        .ask(
            "SELECT gift_id, giver, channel_id, reason, people, local_date, given_at, undone_at FROM gift \
             WHERE team_id = $1 AND giver = $2 AND undone_at IS NULL ORDER BY gift_id DESC LIMIT $3",
            values![store.team(), giver.as_str(), limit],
        )
        .await?;
    rows.into_iter().map(read_gift).collect()
}

/// One line of the ledger: a gift and one of the people it thanks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KudosLedgerLine {
    /// The gift.
    pub gift_id: String,
    /// When it was given, as RFC 3339 in UTC.
    pub given_at: String,
    /// The date on the giver's wall.
    pub local_date: String,
    /// Who gave.
    pub giver: String,
    /// Who is thanked.
    pub receiver: String,
    /// Where.
    pub channel: String,
    /// What for.
    pub reason: String,
    /// When it was taken back, as RFC 3339 in UTC.
    pub undone_at: Option<String>,
}

/// A page of the ledger behind a gift and receiver, oldest first; gifts given at `since` or later.
pub async fn ledger(
    store: &Store,
    since: Instant,
    after: (&str, &str),
    limit: i64,
) -> Result<Vec<KudosLedgerLine>, StoreError> {
    let rows = store
        .ask(
            "SELECT g.gift_id, g.giver, g.channel_id, g.reason, g.people, g.local_date, g.given_at, g.undone_at, \
                    r.receiver \
             FROM gift g JOIN gift_receiver r ON r.team_id = g.team_id AND r.gift_id = g.gift_id \
             WHERE g.given_at >= $1 AND (g.gift_id > $2 OR (g.gift_id = $2 AND r.receiver > $3)) \
             ORDER BY g.gift_id, r.receiver LIMIT $4",
            values![since, after.0, after.1, limit],
        )
        .await?;
    rows.into_iter().map(read_line).collect()
}

fn read_line(row: Vec<Value>) -> Result<KudosLedgerLine, StoreError> {
    let mut row = Columns::of("gift", row);
    let gift = gift_of(&mut row)?;
    Ok(KudosLedgerLine {
        gift_id: gift.id,
        given_at: gift.given_at.to_rfc3339(),
        local_date: gift.local_date,
        giver: gift.giver.0,
        receiver: row.text()?,
        channel: gift.channel.0,
        reason: gift.reason,
        undone_at: gift.undone_at.map(|at| at.to_rfc3339()),
    })
}
