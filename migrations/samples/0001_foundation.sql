-- Rows as the first release leaves them, one of each kind at least: what every later migration must take.
INSERT INTO workspace (team_id, bot_user, first_seen_at, heard_at, wanted_at, swept_at,
                       suppression_key)
VALUES ('T0SAMPLE', 'U0BOT', 1767603600000, 1767603660000, 1767603600000, NULL,
        '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f');

INSERT INTO suppression (team_id, person_hash)
VALUES ('T0SAMPLE', '66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925');

INSERT INTO processed_delivery (team_id, key, person, reply, processed_at)
VALUES ('T0SAMPLE', 'Ev0SAMPLE', 'U0ANA', '"Nothing"', 1767603600000);

INSERT INTO lease (team_id, name, holder, until)
VALUES ('', 'workspace', 'T0SAMPLE', 9223372036854775807),
       ('T0SAMPLE', 'outbox', '019b8f5a00007000800000000000000a', 1767603630000);

INSERT INTO outbox (team_id, key, format, kind, target, lane, ritual, note, wants_sent,
                    owner, causer, delivery, kept_until, payload, version, sent_version, not_before,
                    visible_at, expires_at, send_started_at, attempts, looks, channel, ts, last_error, discarded_at, created_at)
VALUES ('T0SAMPLE', 'kudos/gift/1', 1, 'post', 'C0GENERAL', 0, 'kudos', '', 0, '', 'person/U0ANA', 'at_most_once', 1768208400000, NULL, 1, 1, 1767603600000,
        NULL, NULL, NULL, 0, 0, 'C0GENERAL', '1767603600.000100', NULL, NULL, 1767603600000),
       ('T0SAMPLE', 'kudos/gift/2', 1, 'post', 'C0GENERAL', 0, 'kudos', '', 0, '', 'person/U0ANA', 'at_most_once', 1768208400000,
        '{"Post":{"to":{"Channel":"C0GENERAL"},"message":{"text":"Thanks","blocks":[]}}}', 1, 0, 1767603600000,
        1767603601000, NULL, NULL, 0, 0, NULL, NULL, NULL, NULL, 1767603600000),
       ('T0SAMPLE', 'kudos/gift/3', 1, 'post', 'C0GONE', 0, 'kudos', '', 0, '', 'person/U0ANA', 'at_most_once', 1768208400000,
        '{"Post":{"to":{"Channel":"C0GONE"},"message":{"text":"Thanks","blocks":[]}}}', 1, 0, 1767603600000,
        NULL, NULL, NULL, 1, 0, NULL, NULL, 'is_archived', 1767603602000, 1767603600000);

INSERT INTO directory_list (team_id, name, wanted_at, version, begun_at, cursor, pages, tries, read_at)
VALUES ('T0SAMPLE', 'people', 1767603600000, 1, 1767603600000, 'dXNlcjpVMExFRlQ=', 1, 0, NULL),
       ('T0SAMPLE', 'groups', NULL, 1, NULL, NULL, 0, 0, 1767603600000),
       ('T0SAMPLE', 'channels', NULL, 1, NULL, NULL, 0, 0, 1767603600000);

INSERT INTO person (team_id, user_id, name, zone, kind, deactivated_at, refreshed_at, event_at)
VALUES ('T0SAMPLE', 'U0ANA', 'ana', 'Europe/Lisbon', 'member', NULL, 1767603600000, 1767603480000000),
       ('T0SAMPLE', 'U0LEFT', 'left', 'UTC', 'member', 1767603600000, 1767603600000, 1767603600000000);

INSERT INTO person_settings (team_id, user_id, department, region, work_from, work_to, quiet_from, quiet_to, days_out, away,
                             changed_at)
VALUES ('T0SAMPLE', 'U0ANA', 'Design', 'PT', 540, 1020, NULL, NULL, 'Fri,Sat', '[["2026-01-08","2026-01-09"]]', 1767603600000);

INSERT INTO channel (team_id, channel_id, name, state, read_at, wanted_at, priority, tries, refused, asked_at, event_at,
                     version, public_at, refreshed_at)
VALUES ('T0SAMPLE', 'C0GENERAL', 'general', 'open', 1767603600000, NULL, 2, 0, NULL, 0, 1767603600000000, 1,
        1767603600000, 1767603600000),
       ('T0SAMPLE', 'C0GONE', 'gone', 'archived', NULL, NULL, 2, 0, NULL, 0, 1767603600000000, 2, NULL, 1767603600000),
       ('T0SAMPLE', 'C0NEW', '', 'unknown', NULL, 1767603660000, 1, 2, 'internal_error', 0, 1767603600000000, 1,
        NULL, 1767603600000);

INSERT INTO channel_member (team_id, channel_id, user_id, left_at, event_at, refreshed_at)
VALUES ('T0SAMPLE', 'C0GENERAL', 'U0ANA', NULL, 0, 1767603600000),
       ('T0SAMPLE', 'C0GENERAL', 'U0LEFT', 1767603600000, 1767603600000000, 1767603600000);

INSERT INTO dm_help (team_id, user_id, answered_at)
VALUES ('T0SAMPLE', 'U0ANA', 1767603600000);

INSERT INTO user_group (team_id, group_id, handle, gone_at, refreshed_at, event_at)
VALUES ('T0SAMPLE', 'S0DESIGN', 'design', NULL, 1767603600000, 1767603480000000);

INSERT INTO user_group_member (team_id, group_id, user_id)
VALUES ('T0SAMPLE', 'S0DESIGN', 'U0ANA');

INSERT INTO gift (team_id, gift_id, giver, channel_id, reason, people, local_date, given_at, undone_at)
VALUES ('T0SAMPLE', '1', 'U0ANA', 'C0GENERAL', 'unblocking the release', 1, '2026-01-05', 1767603600000, NULL),
       ('T0SAMPLE', '2', 'U0ANA', 'C0GENERAL', '', 1, '2026-01-05', 1767603600000, 1767603660000);

INSERT INTO gift_receiver (team_id, gift_id, receiver)
VALUES ('T0SAMPLE', '1', 'U0LEFT'), ('T0SAMPLE', '2', 'U0LEFT');

INSERT INTO kudos_day (team_id, giver, local_date, people, announced, allowance, last_fingerprint, last_at)
VALUES ('T0SAMPLE', 'U0ANA', '2026-01-05', 1, 2, 10, 'print', 1767603600000);

INSERT INTO programme (team_id, programme_id, ritual, channel_id, name, name_key, organisers, cadence, settings, version,
                       started_at, from_at, paused_at, ended_at)
VALUES ('T0SAMPLE', '019b8f5a00007000800000000000000b', 'coffee', 'C0GENERAL', 'Lunch', 'lunch', '["U0ANA"]',
        '{"days":{"weekdays":["Tue"]},"times":["10:00:00"],"zone":"Europe/Lisbon","instead":"Skip"}',
        '{"v":1}', 0, 1767603600000, 1767603600000, NULL, NULL);

INSERT INTO occasion (team_id, programme_id, planned_for, at, opened_at, cancelled_at)
VALUES ('T0SAMPLE', '019b8f5a00007000800000000000000b', '2026-01-06T10:00', 1767693600000, 1767693601000, NULL),
       ('T0SAMPLE', '019b8f5a00007000800000000000000b', '2026-01-13T10:00', 1768298400000, NULL, NULL);

INSERT INTO run (team_id, key, owner, ritual, occasion, kind, subject, wall, due_at, late, payload, format, planned_at,
                 visible_at, attempt, seed, outcome, remark, done_at)
VALUES ('T0SAMPLE', '019b8f5a00007000800000000000000b/2026-01-06T10:00/round/',
        'programme/019b8f5a00007000800000000000000b', 'coffee', '2026-01-06T10:00', 'round', '', '2026-01-06T10:00',
        1767693600000, 'working_day', '', 1, 1767603600000, NULL, 1, 42, 'done', '', 1767693601000),
       ('T0SAMPLE', '019b8f5a00007000800000000000000b/2026-01-13T10:00/round/',
        'programme/019b8f5a00007000800000000000000b', 'coffee', '2026-01-13T10:00', 'round', '', '2026-01-13T10:00',
        1768298400000, 'working_day', '', 1, 1767693601000, 1768298400000, 0, NULL, NULL, NULL, NULL);

INSERT INTO programme_absence (team_id, programme_id, user_id, left_at, skips_date)
VALUES ('T0SAMPLE', '019b8f5a00007000800000000000000b', 'U0BEN', 1767603600000, NULL);

INSERT INTO coffee_round (team_id, programme_id, local_date)
VALUES ('T0SAMPLE', '019b8f5a00007000800000000000000b', '2026-01-06');

INSERT INTO coffee_group (team_id, group_id, programme_id, channel_id, local_date, question, introduced_at,
                          met_at, unreached_at)
VALUES ('T0SAMPLE', '019b90aa00007000800000000000000c', '019b8f5a00007000800000000000000b', 'C0GENERAL', '2026-01-06',
        'What are you looking forward to?', 1767693660000, 1767780000000, NULL);

INSERT INTO coffee_seat (team_id, group_id, user_id)
VALUES ('T0SAMPLE', '019b90aa00007000800000000000000c', 'U0ANA'),
       ('T0SAMPLE', '019b90aa00007000800000000000000c', 'U0CY');
