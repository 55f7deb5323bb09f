-- What the store holds.
SELECT run, model, prompts, tokens, ROUND(bytes / 1e6, 1) AS megabytes FROM runs ORDER BY run;

-- Which heads of induction-toy are induction heads? Its prompts repeat 20 random words; an induction head looks
-- from a word to the one that came after the word's first copy. 1 is all of its attention.
SELECT layer, head, ROUND(score, 3) AS score, SUBSTRING('####################' FROM 1 FOR CAST(20 * score AS INTEGER)) AS map
FROM (SELECT layer, head, induction_score(query_pos, key_pos, weight, 20) AS score
      FROM attention
      WHERE run = 'repeats'
      GROUP BY layer, head)
ORDER BY layer, head;

-- In which heads of minilm does attention follow from distance? The correlation of q·k with the distance between
-- q and k, each pair weighted by the attention it gets.
SELECT q.layer, q.head,
       ROUND(weighted_corr(dot(q.vector, k.vector), l2_distance(q.vector, k.vector), a.weight), 3) AS correlation
FROM queries q
JOIN keys k USING (run, prompt, layer, head)
JOIN attention a ON a.run = q.run AND a.prompt = q.prompt AND a.layer = q.layer AND a.head = q.head
                AND a.query_pos = q.pos AND a.key_pos = k.pos
WHERE q.run = 'sentences' AND q.prompt = 0
GROUP BY q.layer, q.head
ORDER BY correlation
LIMIT 5;

-- What has flowed into [CLS] after minilm's last layer, by attention rollout.
SELECT t.pos, t.token, ROUND(r.weight, 3) AS weight
FROM TABLE(rollout('sentences', 0)) AS r
JOIN tokens t ON t.run = 'sentences' AND t.prompt = 0 AND t.pos = r.key_pos
WHERE r.layer = 5 AND r.query_pos = 0
ORDER BY r.weight DESC
LIMIT 5;

-- Which tokens does induction-toy's last hidden state promote at position 30? It has seen the 20 words once, so
-- it can know the next one, which is at position 31.
SELECT p.rank, p.token, ROUND(p.score, 2) AS score, t.token AS next_token
FROM hidden_states h
JOIN tokens t ON t.run = h.run AND t.prompt = h.prompt AND t.pos = h.pos + 1,
LATERAL TABLE(project_tokens('induction-toy', h.vector, 3)) AS p
WHERE h.run = 'repeats' AND h.prompt = 0 AND h.layer = 1 AND h.site = 'resid_post' AND h.pos = 30
ORDER BY p.rank;

-- Your own labels are tables too: which kinds of word does [CLS] attend to, layer by layer?
DROP TABLE IF EXISTS workspace.word_kinds;
CREATE TABLE workspace.word_kinds (token VARCHAR, kind VARCHAR);
INSERT INTO workspace.word_kinds VALUES
    ('cat', 'noun'), ('mat', 'noun'), ('bank', 'noun'), ('river', 'noun'), ('boats', 'noun'), ('trophy', 'noun'),
    ('sat', 'verb'), ('raised', 'verb'), ('watched', 'verb'), ('fit', 'verb'), ('thanked', 'verb'), ('plays', 'verb'),
    ('the', 'article'), ('.', 'stop');
SELECT a.layer,
       ROUND(AVG(a.weight) FILTER (WHERE w.kind = 'noun'), 3) AS noun,
       ROUND(AVG(a.weight) FILTER (WHERE w.kind = 'verb'), 3) AS verb,
       ROUND(AVG(a.weight) FILTER (WHERE w.kind = 'article'), 3) AS article,
       ROUND(AVG(a.weight) FILTER (WHERE w.kind = 'stop'), 3) AS stop
FROM attention a
JOIN tokens t ON t.run = a.run AND t.prompt = a.prompt AND t.pos = a.key_pos
JOIN workspace.word_kinds w ON w.token = t.token
WHERE a.run = 'sentences' AND a.query_pos = 0
GROUP BY a.layer
ORDER BY a.layer;
