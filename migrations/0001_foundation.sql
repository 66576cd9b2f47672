-- The foundation: the workspace, processed deliveries, the outbox, the directory, programmes and their runs, kudos,
-- coffee. One text for SQLite and PostgreSQL: TEXT ids made by the program, BIGINT milliseconds since the epoch, a
-- nullable instant in place of a boolean. Every key begins with the workspace, except the schema's own.

-- Which older releases still work with each migration: those whose own newest migration is works_from or a later one.
-- Every migration adds its row. If a migration has none, releases from before it refuse to start.
CREATE TABLE schema_release (
    version     BIGINT NOT NULL PRIMARY KEY,
    works_from  BIGINT NOT NULL
);
INSERT INTO schema_release (version, works_from) VALUES (1, 1);

-- heard_at is when Slack was last heard, to the minute; wanted_at is when a reading of the whole directory was last
-- requested; swept_at is when the store was last swept. suppression_key is random, and drawn at the first erasure.
CREATE TABLE workspace (
    team_id          TEXT   NOT NULL PRIMARY KEY,
    bot_user         TEXT   NOT NULL,
    first_seen_at    BIGINT NOT NULL,
    heard_at         BIGINT,
    wanted_at        BIGINT,
    swept_at         BIGINT,
    suppression_key  TEXT
);

-- Erased people, who are suppressed: HMAC-SHA256 of their id under the workspace's key.
CREATE TABLE suppression (
    team_id      TEXT   NOT NULL,
    person_hash  TEXT   NOT NULL,
    PRIMARY KEY (team_id, person_hash)
);

-- Each handled delivery with its reply, so that a repetition gets the same one. person caused it; empty if no person
-- did.
CREATE TABLE processed_delivery (
    team_id       TEXT   NOT NULL,
    key           TEXT   NOT NULL,
    person        TEXT   NOT NULL DEFAULT '',
    reply         TEXT   NOT NULL,
    processed_at  BIGINT NOT NULL,
    PRIMARY KEY (team_id, key)
);

-- Leases: who may do what only one process may do at a time, and until when.
CREATE TABLE lease (
    team_id  TEXT   NOT NULL,
    name     TEXT   NOT NULL,
    holder   TEXT   NOT NULL,
    until    BIGINT NOT NULL,
    PRIMARY KEY (team_id, name)
);

-- One row for each thing that people see: what it should say (version) and what Slack shows (sent_version). visible_at
-- is when to look at the row: the future while it waits or is being sent, NULL if there is nothing to do. owner
-- ('programme/<id>', 'person/<id>', '' for none) withdraws it when it ends; rows of different causers (a person, else
-- the owner) take turns. A row without anything to do lives until kept_until, so that its message can be changed; NULL
-- is for ever. format is the form of the row: a release leaves rows of a newer form alone.
CREATE TABLE outbox (
    team_id          TEXT   NOT NULL,
    key              TEXT   NOT NULL,
    format           BIGINT NOT NULL,
    kind             TEXT   NOT NULL,
    target           TEXT   NOT NULL,
    lane             BIGINT NOT NULL,
    ritual           TEXT   NOT NULL,
    note             TEXT   NOT NULL,
    wants_sent       BIGINT NOT NULL,
    owner            TEXT   NOT NULL,
    causer           TEXT   NOT NULL,
    delivery         TEXT   NOT NULL,
    kept_until       BIGINT,
    payload          TEXT,
    version          BIGINT NOT NULL,
    sent_version     BIGINT NOT NULL,
    not_before       BIGINT NOT NULL,
    visible_at       BIGINT,
    expires_at       BIGINT,
    send_started_at  BIGINT,
    attempts         BIGINT NOT NULL,
    looks            BIGINT NOT NULL,
    channel          TEXT,
    ts               TEXT,
    last_error       TEXT,
    discarded_at     BIGINT,
    created_at       BIGINT NOT NULL,
    PRIMARY KEY (team_id, key)
);
CREATE INDEX outbox_due ON outbox (team_id, lane, visible_at) WHERE visible_at IS NOT NULL;
CREATE INDEX outbox_owner ON outbox (team_id, owner) WHERE owner <> '';
CREATE INDEX outbox_discarded ON outbox (team_id, discarded_at) WHERE discarded_at IS NOT NULL;

-- A list that Slack gives page by page: the people, the user groups, the channels that the bot is in. wanted_at is when
-- its reading may begin or go on, NULL if none is requested. begun_at is when its first page was requested, and cursor
-- says where its next page begins. version counts how often it was requested anew; read_at is when the last complete
-- reading began.
CREATE TABLE directory_list (
    team_id    TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    wanted_at  BIGINT,
    version    BIGINT NOT NULL DEFAULT 0,
    begun_at   BIGINT,
    cursor     TEXT,
    pages      BIGINT NOT NULL DEFAULT 0,
    tries      BIGINT NOT NULL DEFAULT 0,
    read_at    BIGINT,
    PRIMARY KEY (team_id, name)
);

-- event_at is the time, by Slack's clock in microseconds, up to which all changes of the person are known.
CREATE TABLE person (
    team_id         TEXT   NOT NULL,
    user_id         TEXT   NOT NULL,
    name            TEXT   NOT NULL,
    zone            TEXT   NOT NULL,
    kind            TEXT   NOT NULL,
    deactivated_at  BIGINT,
    admin_since     BIGINT,
    refreshed_at    BIGINT NOT NULL,
    event_at        BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (team_id, user_id)
);

-- A person's own settings: minutes of their day, days of the week (Fri,Sat), and the first and last day of each time
-- away as a JSON list.
CREATE TABLE person_settings (
    team_id     TEXT   NOT NULL,
    user_id     TEXT   NOT NULL,
    department  TEXT,
    region      TEXT,
    work_from   BIGINT,
    work_to     BIGINT,
    quiet_from  BIGINT,
    quiet_to    BIGINT,
    days_out    TEXT   NOT NULL,
    away        TEXT   NOT NULL,
    changed_at  BIGINT NOT NULL,
    PRIMARY KEY (team_id, user_id)
);

-- What is known of a channel (state), and the request to read it. wanted_at is when the reading may begin, NULL if none
-- is requested; the lowest priority number goes first. version counts the changes of the channel, so that a reading
-- which began before an event does not overwrite it. event_at is the time of the newest event, by Slack's clock in
-- microseconds; asked_at is when a person last caused a reading; refused is Slack's last error. public_at is when Slack
-- last showed it as public, NULL if it is private or that is not known.
CREATE TABLE channel (
    team_id       TEXT   NOT NULL,
    channel_id    TEXT   NOT NULL,
    name          TEXT   NOT NULL,
    state         TEXT   NOT NULL DEFAULT 'unknown',
    read_at       BIGINT,
    wanted_at     BIGINT,
    priority      BIGINT NOT NULL DEFAULT 0,
    tries         BIGINT NOT NULL DEFAULT 0,
    refused       TEXT,
    asked_at      BIGINT NOT NULL DEFAULT 0,
    event_at      BIGINT NOT NULL DEFAULT 0,
    version       BIGINT NOT NULL DEFAULT 0,
    public_at     BIGINT,
    refreshed_at  BIGINT NOT NULL,
    PRIMARY KEY (team_id, channel_id)
);
CREATE INDEX channel_wanted ON channel (team_id, priority, wanted_at) WHERE wanted_at IS NOT NULL;

-- A person who left keeps the row until the channel is read again: a page that was requested earlier still names them.
CREATE TABLE channel_member (
    team_id       TEXT   NOT NULL,
    channel_id    TEXT   NOT NULL,
    user_id       TEXT   NOT NULL,
    left_at       BIGINT,
    event_at      BIGINT NOT NULL DEFAULT 0,
    refreshed_at  BIGINT NOT NULL,
    PRIMARY KEY (team_id, channel_id, user_id)
);

-- When a person last got the short help in their DM with the bot.
CREATE TABLE dm_help (
    team_id      TEXT   NOT NULL,
    user_id      TEXT   NOT NULL,
    answered_at  BIGINT NOT NULL,
    PRIMARY KEY (team_id, user_id)
);

-- event_at is as for a person. The members change together with their group.
CREATE TABLE user_group (
    team_id       TEXT   NOT NULL,
    group_id      TEXT   NOT NULL,
    handle        TEXT   NOT NULL,
    gone_at       BIGINT,
    refreshed_at  BIGINT NOT NULL,
    event_at      BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (team_id, group_id)
);

CREATE TABLE user_group_member (
    team_id       TEXT   NOT NULL,
    group_id      TEXT   NOT NULL,
    user_id       TEXT   NOT NULL,
    PRIMARY KEY (team_id, group_id, user_id)
);

CREATE TABLE gift (
    team_id     TEXT   NOT NULL,
    gift_id     TEXT   NOT NULL,
    giver       TEXT   NOT NULL,
    channel_id  TEXT   NOT NULL,
    reason      TEXT   NOT NULL,
    people      BIGINT NOT NULL,
    local_date  TEXT   NOT NULL,
    given_at    BIGINT NOT NULL,
    undone_at   BIGINT,
    PRIMARY KEY (team_id, gift_id)
);
CREATE INDEX gift_given ON gift (team_id, giver, gift_id);

CREATE TABLE gift_receiver (
    team_id   TEXT NOT NULL,
    gift_id   TEXT NOT NULL,
    receiver  TEXT NOT NULL,
    PRIMARY KEY (team_id, gift_id, receiver)
);
CREATE INDEX gift_received ON gift_receiver (team_id, receiver, gift_id);

-- What a person gave on one date of their own zone: the row that holds the allowance, and that detects the same words
-- twice within seconds. people decreases when a gift is taken back; announced never does.
CREATE TABLE kudos_day (
    team_id     TEXT   NOT NULL,
    giver       TEXT   NOT NULL,
    local_date  TEXT   NOT NULL,
    people      BIGINT NOT NULL,
    announced   BIGINT NOT NULL DEFAULT 0,
    allowance   BIGINT NOT NULL,
    last_fingerprint  TEXT   NOT NULL,
    last_at     BIGINT NOT NULL,
    PRIMARY KEY (team_id, giver, local_date)
);

-- A ritual that a channel keeps under a name (name_key is the name as it is compared; both are empty without a name).
-- organisers is a JSON list of people, the one who started it first; cadence is JSON, NULL if it is held on demand;
-- settings are the ritual's own, JSON with a version inside. Its occasions are planned after from_at. version counts
-- its changes, so that a plan from an older reading is not written. A programme that ended and starts again is the same
-- row.
CREATE TABLE programme (
    team_id       TEXT   NOT NULL,
    programme_id  TEXT   NOT NULL,
    ritual        TEXT   NOT NULL,
    channel_id    TEXT   NOT NULL,
    name          TEXT   NOT NULL,
    name_key      TEXT   NOT NULL,
    organisers    TEXT   NOT NULL,
    cadence       TEXT,
    settings      TEXT   NOT NULL,
    version       BIGINT NOT NULL,
    started_at    BIGINT NOT NULL,
    from_at       BIGINT NOT NULL,
    paused_at     BIGINT,
    ended_at      BIGINT,
    PRIMARY KEY (team_id, programme_id)
);
-- Two people who start the same thing at the same time start it once.
CREATE UNIQUE INDEX programme_of_channel ON programme (team_id, channel_id, ritual, name_key);

-- People in the channel who do not take part in a programme (left_at), or who sit out one occasion (its local date). A
-- person who has left stays out when the programme is stopped and started again.
CREATE TABLE programme_absence (
    team_id       TEXT   NOT NULL,
    programme_id  TEXT   NOT NULL,
    user_id       TEXT   NOT NULL,
    left_at       BIGINT,
    skips_date    TEXT,
    PRIMARY KEY (team_id, programme_id, user_id)
);

-- One occurrence of a programme, by the local date and time for which it was planned. From the end of its first run on
-- (opened_at) it keeps its date and people when the programme moves.
CREATE TABLE occasion (
    team_id       TEXT   NOT NULL,
    programme_id  TEXT   NOT NULL,
    planned_for   TEXT   NOT NULL,
    at            BIGINT NOT NULL,
    opened_at     BIGINT,
    cancelled_at  BIGINT,
    PRIMARY KEY (team_id, programme_id, planned_for)
);

-- One due piece of work of a programme or another owner, for an occasion if it belongs to one (occasion is its
-- planned_for, else empty). The key is its identity: owner, occasion, kind, subject. visible_at is when to look at it:
-- the due instant, the end of a claim, a later try; NULL once it is done. late says how late it may start. A done row
-- stays as the record of what happened. remark says why it waits, or why it did not go as planned. A row of a newer
-- format is left to a newer release.
CREATE TABLE run (
    team_id       TEXT   NOT NULL,
    key           TEXT   NOT NULL,
    owner         TEXT   NOT NULL,
    ritual        TEXT   NOT NULL,
    occasion      TEXT   NOT NULL,
    kind          TEXT   NOT NULL,
    subject       TEXT   NOT NULL,
    wall          TEXT   NOT NULL,
    due_at        BIGINT NOT NULL,
    late          TEXT   NOT NULL,
    payload       TEXT   NOT NULL,
    format        BIGINT NOT NULL,
    planned_at    BIGINT NOT NULL,
    visible_at    BIGINT,
    attempt       BIGINT NOT NULL,
    seed          BIGINT,
    outcome       TEXT,
    remark        TEXT,
    done_at       BIGINT,
    PRIMARY KEY (team_id, key)
);
CREATE INDEX run_due ON run (team_id, visible_at) WHERE visible_at IS NOT NULL;
CREATE INDEX run_of_owner ON run (team_id, owner, due_at);

-- A round that was held: one for each programme and date.
CREATE TABLE coffee_round (
    team_id       TEXT   NOT NULL,
    programme_id  TEXT   NOT NULL,
    local_date    TEXT   NOT NULL,
    PRIMARY KEY (team_id, programme_id, local_date)
);

-- People who were grouped: when their introduction was sent, whether they met, and when it became known that they are
-- never introduced. The channel is where they were at that time.
CREATE TABLE coffee_group (
    team_id        TEXT   NOT NULL,
    group_id       TEXT   NOT NULL,
    programme_id   TEXT   NOT NULL,
    channel_id     TEXT   NOT NULL,
    local_date     TEXT   NOT NULL,
    question       TEXT   NOT NULL,
    introduced_at  BIGINT,
    met_at         BIGINT,
    unreached_at   BIGINT,
    PRIMARY KEY (team_id, group_id)
);
CREATE INDEX coffee_group_of_programme ON coffee_group (team_id, programme_id, local_date);
CREATE INDEX coffee_group_of_date ON coffee_group (team_id, local_date);

CREATE TABLE coffee_seat (
    team_id   TEXT NOT NULL,
    group_id  TEXT NOT NULL,
    user_id   TEXT NOT NULL,
    PRIMARY KEY (team_id, group_id, user_id)
);
CREATE INDEX coffee_seat_of_person ON coffee_seat (team_id, user_id);
