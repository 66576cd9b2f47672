-- A promise of a sync that stands, and one of a person's own that was kept.
INSERT INTO promise (team_id, promise_id, asker_id, author_id, words, link, channel_id, programme_id, occasion, asked_at)
VALUES ('T0SAMPLE', '019b8f5a000070008000000000000010', 'U0ANA', '', 'send the report', '', 'C0TEAM',
        '019b8f5a00007000800000000000000d', '2026-01-06', 1767693600000),
       ('T0SAMPLE', '019b8f5a000070008000000000000011', 'U0CY', 'U0ANA', 'answer the customer',
        'https://harbour.slack.com/archives/C0TEAM/p1767600000000100', '', '', '', 1767600100000);

INSERT INTO promise_owner (team_id, promise_id, owner_id, state, due_on, due_minute, reason, version, card_version, asked_version, moves, first_due,
                           reminder_id, reminder_row, refused_by, refusal, listed, listed_on, nudged_at, promised_at, remind_at, reminded_at, helped_at, settled_at)
VALUES ('T0SAMPLE', '019b8f5a000070008000000000000010', 'U0CY', 'open', '2026-01-09', 900, '', 2, 2, 0, 1, '2026-01-08',
        '', 0, 'U0ANA', 'on leave', 1, '2026-01-13', NULL, 1767694000000, 1767963600000, NULL, 1767694100000, NULL),
       ('T0SAMPLE', '019b8f5a000070008000000000000011', 'U0CY', 'kept', '2026-01-07', NULL, '', 2, 1, 0, 0, '',
        '019b8f5a000070008000000000000012', 1, '', '', 0, '', NULL, 1767600100000, 1767776400000, 1767776400000, NULL, 1767780000000);

INSERT INTO promise_reminder (team_id, reminder_id, owner_id, drawn)
VALUES ('T0SAMPLE', '019b8f5a000070008000000000000012', 'U0CY', 2);

INSERT INTO promise_call (team_id, promise_id, helper_id, called_at, asked_by, words)
VALUES ('T0SAMPLE', '019b8f5a000070008000000000000010', 'U0ANA', 1767694100000, 'U0CY', 'the figures of December');

INSERT INTO promise_person (team_id, user_id, day, requests)
VALUES ('T0SAMPLE', 'U0ANA', '2026-01-06', 3);

INSERT INTO promise_recent (team_id, fingerprint, owner_id, asker_id, promise_id, made_at)
VALUES ('T0SAMPLE', '00f1e2d3c4b5a697', 'U0CY', 'U0CY', '019b8f5a000070008000000000000010', 1767693600000);
