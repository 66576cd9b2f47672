-- The foundation: who we work for, what we have seen, what is still to be said, who is who, and kudos.
-- One text for SQLite and PostgreSQL: TEXT ids made by the program, BIGINT milliseconds since the epoch,
-- a nullable instant where another design has a boolean. Every key begins with the workspace.

CREATE TABLE workspace (
    team_id        TEXT   NOT NULL PRIMARY KEY,
    name           TEXT   NOT NULL,
    bot_user       TEXT   NOT NULL,
    first_seen_at  BIGINT NOT NULL,
    directory_at   BIGINT
);

-- Each delivery that was handled, with the reply it got, so that a repetition gets the same one.
CREATE TABLE seen (
    team_id  TEXT   NOT NULL,
    key      TEXT   NOT NULL,
    reply    TEXT   NOT NULL,
    seen_at  BIGINT NOT NULL,
    PRIMARY KEY (team_id, key)
);

-- Who may do what nobody else may do at the same time, and until when.
CREATE TABLE lease (
    team_id  TEXT   NOT NULL,
    name     TEXT   NOT NULL,
    holder   TEXT   NOT NULL,
    until    BIGINT NOT NULL,
    PRIMARY KEY (team_id, name)
);

-- One row for each thing that people see: what it should say (version) and what Slack shows (sent_version).
-- visible_at is when somebody should look at the row: the future while it waits or is being sent, NULL when
-- there is nothing to do.
CREATE TABLE outbox (
    team_id          TEXT   NOT NULL,
    key              TEXT   NOT NULL,
    kind             TEXT   NOT NULL,
    target           TEXT   NOT NULL,
    lane             BIGINT NOT NULL,
    ritual           TEXT   NOT NULL,
    note             TEXT   NOT NULL,
    doubt            TEXT   NOT NULL,
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
    dead_at          BIGINT,
    created_at       BIGINT NOT NULL,
    PRIMARY KEY (team_id, key)
);
CREATE INDEX outbox_due ON outbox (team_id, lane, visible_at) WHERE visible_at IS NOT NULL;
CREATE INDEX outbox_dead ON outbox (team_id, dead_at) WHERE dead_at IS NOT NULL;

CREATE TABLE person (
    team_id         TEXT   NOT NULL,
    user_id         TEXT   NOT NULL,
    name            TEXT   NOT NULL,
    zone            TEXT   NOT NULL,
    kind            TEXT   NOT NULL,
    deactivated_at  BIGINT,
    refreshed_at    BIGINT NOT NULL,
    PRIMARY KEY (team_id, user_id)
);

-- What is known of a channel (state), and the reading of it that is still to be done. wanted_at is when the reading
-- may begin, NULL where none is wanted; the lowest priority number goes first. version counts what happened to the
-- channel, so that a reading which began before an event does not write over it. event_at is Slack's time of the
-- newest event, in microseconds; asked_at is when a person last caused a reading; refused is Slack's last error.
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
    refreshed_at  BIGINT NOT NULL,
    PRIMARY KEY (team_id, channel_id)
);
CREATE INDEX channel_wanted ON channel (team_id, priority, wanted_at) WHERE wanted_at IS NOT NULL;

-- A person who left keeps the row until the channel was read again: a page that was asked for earlier still names them.
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

CREATE TABLE user_group (
    team_id       TEXT   NOT NULL,
    group_id      TEXT   NOT NULL,
    handle        TEXT   NOT NULL,
    gone_at       BIGINT,
    refreshed_at  BIGINT NOT NULL,
    PRIMARY KEY (team_id, group_id)
);

CREATE TABLE user_group_member (
    team_id       TEXT   NOT NULL,
    group_id      TEXT   NOT NULL,
    user_id       TEXT   NOT NULL,
    refreshed_at  BIGINT NOT NULL,
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

-- What somebody gave on one date of their own zone: the row that holds the allowance, and that notices when the
-- same words come twice within seconds.
CREATE TABLE kudos_day (
    team_id     TEXT   NOT NULL,
    giver       TEXT   NOT NULL,
    local_date  TEXT   NOT NULL,
    people      BIGINT NOT NULL,
    allowance   BIGINT NOT NULL,
    last_print  TEXT   NOT NULL,
    last_at     BIGINT NOT NULL,
    PRIMARY KEY (team_id, giver, local_date)
);
