-- Rows as the release leaves them that began to keep programmes, one of each kind at least.
INSERT INTO programme (team_id, programme_id, ritual, channel_id, organiser, cadence, started_at, ended_at)
VALUES ('T0SAMPLE', '019b8f5a00007000800000000000000b', 'coffee', 'C0GENERAL', 'U0ANA',
        '{"days":{"weekdays":["Tue"]},"times":["10:00:00"],"zone":"Europe/Lisbon","instead":"Skip"}',
        1767603600000, NULL);

INSERT INTO run (team_id, key, programme_id, ritual, kind, subject, wall, due_at, visible_at, attempt, seed, last_error,
                 outcome, remark, done_at)
VALUES ('T0SAMPLE', '019b8f5a00007000800000000000000b/round//2026-01-06T10:00', '019b8f5a00007000800000000000000b',
        'coffee', 'round', '', '2026-01-06T10:00', 1767693600000, NULL, 1, 42, NULL, 'done', '', 1767693601000),
       ('T0SAMPLE', '019b8f5a00007000800000000000000b/round//2026-01-13T10:00', '019b8f5a00007000800000000000000b',
        'coffee', 'round', '', '2026-01-13T10:00', 1768298400000, 1768298400000, 0, NULL, NULL, NULL, NULL, NULL);

INSERT INTO coffee_absence (team_id, channel_id, user_id, left_at, skips_date)
VALUES ('T0SAMPLE', 'C0GENERAL', 'U0BEN', 1767603600000, NULL);

INSERT INTO coffee_round (team_id, channel_id, local_date, programme_id, seed, input, planned_at)
VALUES ('T0SAMPLE', 'C0GENERAL', '2026-01-06', '019b8f5a00007000800000000000000b', 42,
        '{"members":[],"history":[],"apart":[],"size":2}', 1767693601000);

INSERT INTO coffee_group (team_id, group_id, programme_id, channel_id, local_date, question, met_at, unreached_at)
VALUES ('T0SAMPLE', '019b90aa00007000800000000000000c', '019b8f5a00007000800000000000000b', 'C0GENERAL', '2026-01-06',
        'What are you looking forward to?', 1767780000000, NULL);

INSERT INTO coffee_seat (team_id, group_id, user_id)
VALUES ('T0SAMPLE', '019b90aa00007000800000000000000c', 'U0ANA'),
       ('T0SAMPLE', '019b90aa00007000800000000000000c', 'U0CY');
