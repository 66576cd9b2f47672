-- The scale of a prompt of a retro before, and a note for the next one.
INSERT INTO retro_scale (team_id, retro_id, place, low, high, median, spread, answers)
VALUES ('T0SAMPLE', '019b8f5a00007000800000000000000f', '2', 'Hardly ever', 'Nearly always', 7, 2, 6);

INSERT INTO retro_note (team_id, note_id, programme_id, user_id, place, words, noted_at)
VALUES ('T0SAMPLE', '019b8f5a000070008000000000000011', '019b8f5a00007000800000000000000d', 'U0ANA', 1, 'The long review', 1767693600000);
