-- The scale of a prompt of a retro before, and a note for the next one.
INSERT INTO retro_scale (team_id, retro_id, place, low, high, median, spread, answers)
VALUES ('T0SAMPLE', '019b8f5a00007000800000000000000f', '2', 'Hardly ever', 'Nearly always', 7, 2, 6);

INSERT INTO retro_note (team_id, note_id, programme_id, user_id, place, words, noted_at)
VALUES ('T0SAMPLE', '019b8f5a000070008000000000000011', '019b8f5a00007000800000000000000d', 'U0ANA', 1, 'The long review', 1767693600000);

-- Two themes of the retro before, with a ballot of the one that runs.
INSERT INTO retro_theme (team_id, theme_id, retro_id, name, rank, votes, came_up, hands, passed_to, promised)
VALUES ('T0SAMPLE', '019b8f5a000070008000000000000012', '019b8f5a00007000800000000000000f', 'Meetings', 1, 5, 2, 'ours', '', 1),
       ('T0SAMPLE', '019b8f5a000070008000000000000013', '019b8f5a00007000800000000000000f', '', 2, NULL, 1, '', '', 0);

INSERT INTO retro_theme_answer (team_id, answer_id, retro_id, theme_id)
VALUES ('T0SAMPLE', '7f000102030405060708090a0b0c0d0e', '019b8f5a00007000800000000000000f', '019b8f5a000070008000000000000012');

INSERT INTO retro_ballot (team_id, retro_id, user_id, themes)
VALUES ('T0SAMPLE', '019b8f5a000070008000000000000010', 'U0ANA', '019b8f5a000070008000000000000012 019b8f5a000070008000000000000012');
