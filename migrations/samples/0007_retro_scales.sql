-- The scale of a prompt of a retro before.
INSERT INTO retro_scale (team_id, retro_id, place, low, high, median, spread, answers)
VALUES ('T0SAMPLE', '019b8f5a00007000800000000000000f', '2', 'Hardly ever', 'Nearly always', 7, 2, 6);
