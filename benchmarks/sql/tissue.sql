-- Specimens, and what happened after they were taken.

-- specimens: RETRIEVAL PATHOLOGY-RETURN.specimens ESD-EN-BLOC, and what is reported
SELECT e.centre_id, @month(e.performed_on) AS m,
    @counts(CASE WHEN e.type IN ('colonoscopy', 'therapeutic_lower')
        AND s.method IN ('cold_snare', 'hot_snare', 'emr', 'pemr')
        THEN @state(CASE WHEN s.reported THEN true ELSE s.retrieved END) END),
    @counts(CASE WHEN coalesce(s.retrieved, true) AND @days(s.taken_on, CURRENT_DATE) >= 14
        THEN @state(CASE WHEN NOT s.reported THEN false ELSE @days(s.taken_on,
            (SELECT min(r.reported_on) FROM report r WHERE r.specimen_id = s.id)) <= 14 END) END),
    @counts(CASE WHEN s.method = 'esd'
        THEN @state(CASE WHEN s.en_bloc IS NULL AND s.pieces > 1 THEN false ELSE s.en_bloc END) END),
    count(*) FILTER (WHERE expected AND e.type = 'ogd'),
    count(*) FILTER (WHERE expected AND e.type = 'ogd' AND s.reported),
    count(*) FILTER (WHERE expected AND e.type = 'colonoscopy'),
    count(*) FILTER (WHERE expected AND e.type = 'colonoscopy' AND s.reported),
    count(*) FILTER (WHERE expected AND s.method = 'esd'),
    count(*) FILTER (WHERE expected AND s.method = 'esd' AND s.reported)
FROM (SELECT *, reported OR retrieved IS NOT false AS expected FROM specimen) AS s
JOIN examination e ON e.id = s.examination_id
WHERE $in_time
GROUP BY e.centre_id, m

-- returned: PATHOLOGY-RETURN
SELECT centre_id, m, @counts(CASE WHEN late = 1 THEN 0 WHEN undated = 1 THEN 1 ELSE 3 END)
FROM (
    SELECT e.centre_id, @month(e.performed_on) AS m, e.id,
        max(CASE WHEN NOT s.reported OR s.after_days > 14 THEN 1 ELSE 0 END) AS late,
        max(CASE WHEN s.reported AND s.after_days IS NULL THEN 1 ELSE 0 END) AS undated
    FROM (SELECT *, @days(taken_on,
            (SELECT min(r.reported_on) FROM report r WHERE r.specimen_id = specimen.id)) AS after_days
        FROM specimen) AS s
    JOIN examination e ON e.id = s.examination_id
    WHERE $in_time AND coalesce(s.retrieved, true) AND @days(s.taken_on, CURRENT_DATE) >= 14
    GROUP BY e.centre_id, m, e.id) AS examined
GROUP BY centre_id, m

-- resections: CDEI-16
SELECT e.centre_id, @month(e.performed_on) AS m, @counts(
    CASE WHEN NOT s.reported THEN 2
    WHEN NOT (CASE WHEN s.en_bloc IS NULL AND s.pieces > 1 THEN false ELSE s.en_bloc END) OR p.not_clear > 0 THEN 0
    WHEN (CASE WHEN s.en_bloc IS NULL AND s.pieces > 1 THEN false ELSE s.en_bloc END) AND p.clear = p.neoplastic
    THEN 3 ELSE 1 END)
FROM specimen s JOIN examination e ON e.id = s.examination_id LEFT JOIN (
    SELECT specimen_id, count(*) AS neoplastic, count(*) FILTER (WHERE clear) AS clear,
        count(*) FILTER (WHERE NOT clear) AS not_clear, count(*) FILTER (WHERE too_deep) AS too_deep
    FROM (
        SELECT r.specimen_id,
            coalesce(x.horizontal_margin = '0', x.r0) AND coalesce(x.vertical_margin = '0', x.r0) AS clear,
            x.depth NOT IN ('EP', 'LPM', 'MM', 'M', 'SM', 'SM1', 'SM2', 'SM3')
                OR (l.site LIKE 'C15%' AND x.depth NOT IN ('EP', 'LPM', 'MM', 'M')) AS too_deep
        FROM specimen s JOIN report r ON r.specimen_id = s.id JOIN result x ON x.report_id = r.id
        LEFT JOIN lesion l ON l.id = x.lesion_id
        WHERE s.method = 'esd' AND r.current AND x.finding IS DISTINCT FROM 'no_residual' AND (
            x.vienna IN ('4.1', '4.2', '4.3', '4.4', '5.1', '5.2') OR (x.vienna IS NULL AND (
                x.who_type IN ('adenocarcinoma', 'squamous_carcinoma', 'signet_ring', 'mucinous',
                    'adenosquamous', 'undifferentiated', 'neuroendocrine_carcinoma')
                OR x.morphology LIKE '%/2' OR (x.morphology LIKE '%/3' AND x.morphology
                    NOT IN ('8000/3', '8240/3', '8936/3', '9680/3', '9699/3')))))) AS judged
    GROUP BY specimen_id) AS p ON p.specimen_id = s.id
WHERE s.method = 'esd' AND $in_time
    AND ((NOT s.reported AND s.retrieved IS NOT false) OR (p.neoplastic > 0 AND p.too_deep = 0))
GROUP BY e.centre_id, m

-- harm: ESD-PERFORATION ESD-BLEEDING ESD-STRICTURE BLEEDING
SELECT centre_id, m,
    @counts(CASE WHEN esd = 1 THEN CASE WHEN perforated THEN 3 WHEN heard THEN 0 ELSE 1 END END),
    @counts(CASE WHEN esd = 1 THEN CASE WHEN bled THEN 3 WHEN heard THEN 0 ELSE 1 END END),
    @counts(CASE WHEN esd = 1 THEN CASE WHEN narrowed THEN 3 WHEN heard THEN 0 ELSE 1 END END),
    @counts(CASE WHEN snared = 1 THEN CASE WHEN bled THEN 3 WHEN heard THEN 0 ELSE 1 END END)
FROM (
    SELECT e.centre_id, @month(e.performed_on) AS m, taken.esd,
        CASE WHEN e.type IN ('colonoscopy', 'therapeutic_lower') THEN taken.snared END AS snared,
        ($unharmed) OR (e.any_adverse_event AND e.contact_30d AND a.examination_id IS NOT NULL) AS heard,
        e.any_adverse_event AND a.perforated = 1 AS perforated, e.any_adverse_event AND a.bled = 1 AS bled,
        e.any_adverse_event AND a.narrowed = 1 AS narrowed
    FROM (
        SELECT examination_id, max(CASE WHEN method = 'esd' THEN 1 ELSE 0 END) AS esd,
            max(CASE WHEN method <> 'esd' THEN 1 ELSE 0 END) AS snared
        FROM specimen WHERE method IN ('esd', 'cold_snare', 'hot_snare', 'emr', 'pemr')
        GROUP BY examination_id) AS taken
    JOIN examination e ON e.id = taken.examination_id
    LEFT JOIN (
        SELECT examination_id, max(CASE WHEN kind = 'perforation' THEN 1 ELSE 0 END) AS perforated,
            max(CASE WHEN kind = 'bleeding' THEN 1 ELSE 0 END) AS bled,
            max(CASE WHEN kind = 'stricture' THEN 1 ELSE 0 END) AS narrowed
        FROM adverse_event GROUP BY examination_id) AS a ON a.examination_id = e.id
    WHERE $in_time) AS judged
GROUP BY centre_id, m
