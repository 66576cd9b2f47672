-- What comes round: programmes, their runs, and the coffee chats, which are the first of them.

-- Somebody who may stop what others have started; NULL for everybody else.
ALTER TABLE person ADD COLUMN admin_since BIGINT;

-- A ritual that a channel keeps: what it is, when it comes (the cadence as JSON), and who started it.
CREATE TABLE programme (
    team_id       TEXT   NOT NULL,
    programme_id  TEXT   NOT NULL,
    ritual        TEXT   NOT NULL,
    channel_id    TEXT   NOT NULL,
    organiser     TEXT   NOT NULL,
    cadence       TEXT   NOT NULL,
    started_at    BIGINT NOT NULL,
    ended_at      BIGINT,
    PRIMARY KEY (team_id, programme_id)
);
-- Two people who start the same thing in the same instant start it once.
CREATE UNIQUE INDEX programme_running ON programme (team_id, ritual, channel_id) WHERE ended_at IS NULL;

-- One due occurrence of something that a programme does. The key is its identity: programme, kind, subject, and the
-- date and time on the wall that were meant. visible_at is when somebody should look at it: the due instant, the end of a
-- claim, a later try; NULL once it is done. A row that is done stays as the record of what happened, or why not.
CREATE TABLE run (
    team_id       TEXT   NOT NULL,
    key           TEXT   NOT NULL,
    programme_id  TEXT   NOT NULL,
    ritual        TEXT   NOT NULL,
    kind          TEXT   NOT NULL,
    subject       TEXT   NOT NULL,
    wall          TEXT   NOT NULL,
    due_at        BIGINT NOT NULL,
    visible_at    BIGINT,
    attempt       BIGINT NOT NULL,
    seed          BIGINT,
    last_error    TEXT,
    outcome       TEXT,
    remark        TEXT,
    done_at       BIGINT,
    PRIMARY KEY (team_id, key)
);
CREATE INDEX run_due ON run (team_id, visible_at) WHERE visible_at IS NOT NULL;
CREATE INDEX run_of_programme ON run (team_id, programme_id, due_at);

-- Who does not take part although they are in the channel (left_at), or sits out one round (the date on its wall). Whoever
-- has left stays out when the channel's chats are stopped and started anew.
CREATE TABLE coffee_absence (
    team_id     TEXT   NOT NULL,
    channel_id  TEXT   NOT NULL,
    user_id     TEXT   NOT NULL,
    left_at     BIGINT,
    skips_date  TEXT,
    PRIMARY KEY (team_id, channel_id, user_id)
);

-- A round and the whole input of its plan, so that it can be planned again. One a channel and date.
CREATE TABLE coffee_round (
    team_id       TEXT   NOT NULL,
    channel_id    TEXT   NOT NULL,
    local_date    TEXT   NOT NULL,
    programme_id  TEXT   NOT NULL,
    seed          BIGINT NOT NULL,
    input         TEXT   NOT NULL,
    planned_at    BIGINT NOT NULL,
    PRIMARY KEY (team_id, channel_id, local_date)
);

-- People who were put together, and whether they met.
CREATE TABLE coffee_group (
    team_id       TEXT   NOT NULL,
    group_id      TEXT   NOT NULL,
    programme_id  TEXT   NOT NULL,
    channel_id    TEXT   NOT NULL,
    local_date    TEXT   NOT NULL,
    question      TEXT   NOT NULL,
    met_at        BIGINT,
    unreached_at  BIGINT,
    PRIMARY KEY (team_id, group_id)
);
CREATE INDEX coffee_group_of_channel ON coffee_group (team_id, channel_id, local_date);

CREATE TABLE coffee_seat (
    team_id   TEXT NOT NULL,
    group_id  TEXT NOT NULL,
    user_id   TEXT NOT NULL,
    PRIMARY KEY (team_id, group_id, user_id)
);
