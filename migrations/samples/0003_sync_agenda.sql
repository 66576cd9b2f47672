-- A point that has moved on once and waits, a sync that was closed, notes that came later, and words that a person is about to save.
INSERT INTO sync_point (team_id, point_id, programme_id, user_id, author_id, words, link, place, moved, state, local_date, added_at)
VALUES ('T0SAMPLE', '019b8f5a00007000800000000000000e', '019b8f5a00007000800000000000000d', 'U0ANA', 'U0CY', 'Who is on call in May?',
        'https://harbour.slack.com/archives/C0TEAM/p1767600000000100', 1, 1, 'waiting', '', 1767600100000);

INSERT INTO sync_agenda (team_id, programme_id, version)
VALUES ('T0SAMPLE', '019b8f5a00007000800000000000000d', 2);

INSERT INTO sync_closing (team_id, programme_id, local_date, state, channel_id, root, user_id, notes, settled_at)
VALUES ('T0SAMPLE', '019b8f5a00007000800000000000000d', '2026-01-06', 'closed', 'C0TEAM', '1767693600.000100', 'U0ANA',
        'We ship on Friday.', 1767695500000);

INSERT INTO sync_addition (team_id, addition_id, programme_id, local_date, user_id, notes, added_at)
VALUES ('T0SAMPLE', '019b8f5a000070008000000000000010', '019b8f5a00007000800000000000000d', '2026-01-06', 'U0CY',
        'The docs, too.', 1767695600000);

INSERT INTO saved_draft (team_id, draft_id, user_id, author_id, words, link, drafted_at)
VALUES ('T0SAMPLE', '019b8f5a00007000800000000000000f', 'U0ANA', 'U0CY', 'Who is on call in May?',
        'https://harbour.slack.com/archives/C0TEAM/p1767600000000100', 1767600100000);
