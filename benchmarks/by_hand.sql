-- The counts of all first indicators by centre, written by hand for nothing but this: no other grouping,
-- no period, no scope, no import under way. States: 3 met, 2 awaited, 1 unknown, 0 not met.

-- examinations
SELECT centre_id, count(*), count(*) FILTER (WHERE NOT any_adverse_event AND contact_30d),
    count(*) FILTER (WHERE type = 'ogd'), count(*) FILTER (WHERE type = 'ogd' AND seen_upper_oesophagus = 'photographed' AND seen_middle_oesophagus = 'photographed' AND seen_lower_oesophagus = 'photographed' AND seen_cardia = 'photographed' AND seen_fundus = 'photographed' AND seen_body = 'photographed' AND seen_angulus = 'photographed' AND seen_antrum = 'photographed' AND seen_pylorus = 'photographed' AND seen_bulb = 'photographed' AND seen_d2 = 'photographed'), count(*) FILTER (WHERE type = 'ogd' AND NOT (seen_upper_oesophagus = 'photographed' AND seen_middle_oesophagus = 'photographed' AND seen_lower_oesophagus = 'photographed' AND seen_cardia = 'photographed' AND seen_fundus = 'photographed' AND seen_body = 'photographed' AND seen_angulus = 'photographed' AND seen_antrum = 'photographed' AND seen_pylorus = 'photographed' AND seen_bulb = 'photographed' AND seen_d2 = 'photographed')), count(*) FILTER (WHERE type = 'colonoscopy'), count(*) FILTER (WHERE type = 'colonoscopy' AND CASE WHEN bbps_total >= 8 THEN true WHEN bbps_total <= 5 AND NOT (bbps_right_missing IS NOT DISTINCT FROM 'not_applicable' OR bbps_transverse_missing IS NOT DISTINCT FROM 'not_applicable' OR bbps_left_missing IS NOT DISTINCT FROM 'not_applicable') THEN false
WHEN bbps_right IS NULL AND bbps_transverse IS NULL AND bbps_left IS NULL THEN NULL ELSE (bbps_right >= 2 OR (bbps_right IS NULL AND bbps_right_missing = 'not_applicable')) AND (bbps_transverse >= 2 OR (bbps_transverse IS NULL AND bbps_transverse_missing = 'not_applicable')) AND (bbps_left >= 2 OR (bbps_left IS NULL AND bbps_left_missing = 'not_applicable')) END), count(*) FILTER (WHERE type = 'colonoscopy' AND NOT (CASE WHEN bbps_total >= 8 THEN true WHEN bbps_total <= 5 AND NOT (bbps_right_missing IS NOT DISTINCT FROM 'not_applicable' OR bbps_transverse_missing IS NOT DISTINCT FROM 'not_applicable' OR bbps_left_missing IS NOT DISTINCT FROM 'not_applicable') THEN false
WHEN bbps_right IS NULL AND bbps_transverse IS NULL AND bbps_left IS NULL THEN NULL ELSE (bbps_right >= 2 OR (bbps_right IS NULL AND bbps_right_missing = 'not_applicable')) AND (bbps_transverse >= 2 OR (bbps_transverse IS NULL AND bbps_transverse_missing = 'not_applicable')) AND (bbps_left >= 2 OR (bbps_left IS NULL AND bbps_left_missing = 'not_applicable')) END)),
    count(*) FILTER (WHERE type = 'colonoscopy' AND incomplete_reason IS DISTINCT FROM 'anatomical_variant'), count(*) FILTER (WHERE type = 'colonoscopy' AND incomplete_reason IS DISTINCT FROM 'anatomical_variant' AND CASE WHEN caecum_reached IS NOT NULL THEN caecum_reached WHEN extent IN ('caecum', 'terminal_ileum') THEN true WHEN extent IN ('rectum', 'sigmoid', 'descending', 'splenic', 'transverse', 'hepatic', 'ascending') THEN false END AND caecum_photo), count(*) FILTER (WHERE type = 'colonoscopy' AND incomplete_reason IS DISTINCT FROM 'anatomical_variant' AND NOT (CASE WHEN caecum_reached IS NOT NULL THEN caecum_reached WHEN extent IN ('caecum', 'terminal_ileum') THEN true WHEN extent IN ('rectum', 'sigmoid', 'descending', 'splenic', 'transverse', 'hepatic', 'ascending') THEN false END AND caecum_photo)), count(*) FILTER (WHERE type = 'colonoscopy'), count(*) FILTER (WHERE type = 'colonoscopy' AND withdrawal_min >= 6), count(*) FILTER (WHERE type = 'colonoscopy' AND NOT (withdrawal_min >= 6))
FROM examination GROUP BY centre_id;

-- persons
SELECT centre_id, sum(upper), sum(lower) FROM (
    SELECT centre_id, person_id, max(CASE WHEN type = 'ogd' THEN 1 ELSE 0 END) AS upper,
        max(CASE WHEN type = 'colonoscopy' THEN 1 ELSE 0 END) AS lower
    FROM examination GROUP BY centre_id, person_id) AS person
GROUP BY centre_id;

-- CDEI-14
SELECT centre_id, state, count(*) FROM (
    SELECT e.centre_id, e.person_id, max(CASE WHEN l.adenoma THEN 3 WHEN l.awaited THEN 2
        WHEN NOT l.adenoma THEN 0 ELSE 1 END) AS state
    FROM lesion l JOIN examination e ON e.id = l.examination_id
    WHERE e.type = 'colonoscopy' AND (l.adenoma OR l.awaited OR (l.sampled AND l.adenoma IS NULL))
    GROUP BY e.centre_id, e.person_id) AS person
GROUP BY centre_id, state;

-- EARLY-OESOPHAGUS
SELECT centre_id, state, count(*) FROM (
        SELECT centre_id, person_id, max(state) AS state FROM (
            SELECT e.centre_id, e.person_id, CASE WHEN t.deepest IN ('EP', 'LPM', 'MM', 'M') OR (t.deepest IS NULL AND t.stage_prefix = 'p' AND t.t IN ('Tis', 'T1a')) THEN 3 WHEN t.deepest IS NOT NULL OR t.t IN ('T2', 'T3', 'T4', 'T4a', 'T4b') OR (t.stage_prefix = 'p' AND t.t = 'T1b') THEN 0 WHEN t.awaited THEN 2 ELSE 1 END AS state
            FROM tumour t JOIN examination e ON e.id = t.detecting_examination_id
            WHERE t.organ IN ('oesophagus') AND e.type = 'ogd' AND (t.invasive OR t.worst IN ('4.4', '5.1', '5.2')) AND (t.morphology IS NULL
OR t.morphology NOT IN ('8240/3', '8936/3', '9680/3', '9699/3'))
            UNION ALL
            SELECT e.centre_id, e.person_id, CASE WHEN l.awaited THEN 2 ELSE 1 END FROM lesion l JOIN examination e ON e.id = l.examination_id
            WHERE (l.awaited OR (l.sampled AND l.cancer IS NULL)) AND e.type = 'ogd' AND (l.site IS NULL OR l.site LIKE 'C15%')) AS said
        GROUP BY centre_id, person_id) AS person
    GROUP BY centre_id, state;

-- EARLY-STOMACH
SELECT centre_id, state, count(*) FROM (
        SELECT centre_id, person_id, max(state) AS state FROM (
            SELECT e.centre_id, e.person_id, CASE WHEN t.deepest IN ('EP', 'LPM', 'MM', 'M', 'SM', 'SM1', 'SM2', 'SM3') OR (t.deepest IS NULL AND t.stage_prefix = 'p' AND t.t IN ('Tis', 'T1', 'T1a', 'T1b')) THEN 3 WHEN t.deepest IS NOT NULL OR t.t IN ('T2', 'T3', 'T4', 'T4a', 'T4b') THEN 0 WHEN t.awaited THEN 2 ELSE 1 END AS state
            FROM tumour t JOIN examination e ON e.id = t.detecting_examination_id
            WHERE t.organ IN ('stomach') AND e.type = 'ogd' AND (t.invasive OR t.worst IN ('4.4', '5.1', '5.2')) AND (t.morphology IS NULL
OR t.morphology NOT IN ('8240/3', '8936/3', '9680/3', '9699/3'))
            UNION ALL
            SELECT e.centre_id, e.person_id, CASE WHEN l.awaited THEN 2 ELSE 1 END FROM lesion l JOIN examination e ON e.id = l.examination_id
            WHERE (l.awaited OR (l.sampled AND l.cancer IS NULL)) AND e.type = 'ogd' AND (l.site IS NULL OR l.site LIKE 'C16%')) AS said
        GROUP BY centre_id, person_id) AS person
    GROUP BY centre_id, state;

-- EARLY-COLORECTUM
SELECT centre_id, state, count(*) FROM (
        SELECT centre_id, person_id, max(state) AS state FROM (
            SELECT e.centre_id, e.person_id, CASE WHEN t.deepest IN ('EP', 'LPM', 'MM', 'M', 'SM', 'SM1', 'SM2', 'SM3') OR (t.deepest IS NULL AND t.stage_prefix = 'p' AND t.t IN ('Tis', 'T1', 'T1a', 'T1b')) THEN 3 WHEN t.deepest IS NOT NULL OR t.t IN ('T2', 'T3', 'T4', 'T4a', 'T4b') THEN 0 WHEN t.awaited THEN 2 ELSE 1 END AS state
            FROM tumour t JOIN examination e ON e.id = t.detecting_examination_id
            WHERE t.organ IN ('colon', 'rectum') AND e.type = 'colonoscopy' AND (t.invasive OR t.worst IN ('4.4', '5.1', '5.2')) AND (t.morphology IS NULL
OR t.morphology NOT IN ('8240/3', '8936/3', '9680/3', '9699/3'))
            UNION ALL
            SELECT e.centre_id, e.person_id, CASE WHEN l.awaited THEN 2 ELSE 1 END FROM lesion l JOIN examination e ON e.id = l.examination_id
            WHERE (l.awaited OR (l.sampled AND l.cancer IS NULL)) AND e.type = 'colonoscopy' AND (l.site IS NULL OR (l.site LIKE 'C18%' OR l.site LIKE 'C19%' OR l.site LIKE 'C20%'))) AS said
        GROUP BY centre_id, person_id) AS person
    GROUP BY centre_id, state;

-- CDEI-12
SELECT centre_id, state, count(*) FROM (
        SELECT e.centre_id, e.person_id, max(CASE WHEN t.deepest IN ('EP', 'LPM', 'MM', 'M') OR (t.deepest IS NULL AND t.stage_prefix = 'p' AND t.t IN ('Tis', 'T1a')) THEN 3 WHEN t.deepest IS NOT NULL OR t.t IN ('T2', 'T3', 'T4', 'T4a', 'T4b') OR (t.stage_prefix = 'p' AND t.t = 'T1b') THEN 0 WHEN t.awaited THEN 2 ELSE 1 END) AS state
        FROM tumour t JOIN examination e ON e.id = t.detecting_examination_id
        WHERE t.organ IN ('oesophagus') AND e.type = 'ogd' AND (t.invasive OR t.worst IN ('4.4', '5.1', '5.2')) AND (t.morphology IS NULL
OR t.morphology NOT IN ('8240/3', '8936/3', '9680/3', '9699/3'))
        GROUP BY e.centre_id, e.person_id) AS person
    GROUP BY centre_id, state;

-- CDEI-13
SELECT centre_id, state, count(*) FROM (
        SELECT e.centre_id, e.person_id, max(CASE WHEN t.deepest IN ('EP', 'LPM', 'MM', 'M', 'SM', 'SM1', 'SM2', 'SM3') OR (t.deepest IS NULL AND t.stage_prefix = 'p' AND t.t IN ('Tis', 'T1', 'T1a', 'T1b')) THEN 3 WHEN t.deepest IS NOT NULL OR t.t IN ('T2', 'T3', 'T4', 'T4a', 'T4b') THEN 0 WHEN t.awaited THEN 2 ELSE 1 END) AS state
        FROM tumour t JOIN examination e ON e.id = t.detecting_examination_id
        WHERE t.organ IN ('stomach') AND e.type = 'ogd' AND (t.invasive OR t.worst IN ('4.4', '5.1', '5.2')) AND (t.morphology IS NULL
OR t.morphology NOT IN ('8240/3', '8936/3', '9680/3', '9699/3'))
        GROUP BY e.centre_id, e.person_id) AS person
    GROUP BY centre_id, state;

-- CDEI-15
SELECT centre_id, state, count(*) FROM (
        SELECT e.centre_id, e.person_id, max(CASE WHEN t.deepest IN ('EP', 'LPM', 'MM', 'M', 'SM', 'SM1', 'SM2', 'SM3') OR (t.deepest IS NULL AND t.stage_prefix = 'p' AND t.t IN ('Tis', 'T1', 'T1a', 'T1b')) THEN 3 WHEN t.deepest IS NOT NULL OR t.t IN ('T2', 'T3', 'T4', 'T4a', 'T4b') THEN 0 WHEN t.awaited THEN 2 ELSE 1 END) AS state
        FROM tumour t JOIN examination e ON e.id = t.detecting_examination_id
        WHERE t.organ IN ('colon', 'rectum') AND e.type = 'colonoscopy' AND (t.invasive OR t.worst IN ('4.4', '5.1', '5.2')) AND (t.morphology IS NULL
OR t.morphology NOT IN ('8240/3', '8936/3', '9680/3', '9699/3'))
        GROUP BY e.centre_id, e.person_id) AS person
    GROUP BY centre_id, state;

-- CDEI-16
SELECT e.centre_id, CASE WHEN NOT s.reported THEN 2 WHEN NOT (CASE WHEN s.en_bloc IS NULL AND s.pieces > 1 THEN false ELSE s.en_bloc END) OR p.not_clear > 0 THEN 0
    WHEN (CASE WHEN s.en_bloc IS NULL AND s.pieces > 1 THEN false ELSE s.en_bloc END) AND p.clear = p.neoplastic THEN 3 ELSE 1 END AS state, count(*)
FROM specimen s JOIN examination e ON e.id = s.examination_id LEFT JOIN (
    SELECT specimen_id, count(*) AS neoplastic, count(*) FILTER (WHERE clear) AS clear,
        count(*) FILTER (WHERE NOT clear) AS not_clear, count(*) FILTER (WHERE too_deep) AS too_deep
    FROM (
        SELECT r.specimen_id, coalesce(x.horizontal_margin = '0', x.r0) AND coalesce(x.vertical_margin = '0', x.r0) AS clear,
            x.depth NOT IN ('EP', 'LPM', 'MM', 'M', 'SM', 'SM1', 'SM2', 'SM3') OR (l.site LIKE 'C15%' AND x.depth NOT IN ('EP', 'LPM', 'MM', 'M')) AS too_deep
        FROM specimen s JOIN report r ON r.specimen_id = s.id JOIN result x ON x.report_id = r.id
        LEFT JOIN lesion l ON l.id = x.lesion_id
        WHERE s.method = 'esd' AND r.current AND x.finding IS DISTINCT FROM 'no_residual' AND (
            x.vienna IN ('4.1', '4.2', '4.3', '4.4', '5.1', '5.2') OR (x.vienna IS NULL AND (
                x.who_type IN ('adenocarcinoma', 'squamous_carcinoma', 'signet_ring', 'mucinous',
                    'adenosquamous', 'undifferentiated', 'neuroendocrine_carcinoma')
                OR x.morphology LIKE '%/2' OR (x.morphology LIKE '%/3' AND x.morphology
                    NOT IN ('8000/3', '8240/3', '8936/3', '9680/3', '9699/3')))))) AS judged
    GROUP BY specimen_id) AS p ON p.specimen_id = s.id
WHERE s.method = 'esd' AND ((NOT s.reported AND s.retrieved IS NOT false) OR (p.neoplastic > 0 AND p.too_deep = 0))
GROUP BY 1, 2;

-- events
SELECT centre_id, state, clear, count(*) FROM (
    SELECT e.centre_id, e.id, max(CASE WHEN NOT e.any_adverse_event AND e.contact_30d THEN 1 ELSE 0 END) AS clear,
        max(CASE WHEN a.haemoglobin_drop >= 30 OR a.transfusion OR a.severe_pancreatitis OR a.sirs_criteria >= 2
            OR a.intervention IN ('surgery', 'interventional_radiology') OR a.outcome IN ('disabled', 'died')
            THEN 3
        WHEN (CASE a.kind WHEN 'bleeding' THEN a.haemoglobin_drop < 30 AND NOT a.transfusion
                WHEN 'pancreatitis' THEN NOT a.severe_pancreatitis
                WHEN 'infection' THEN a.sirs_criteria < 2 ELSE true END)
            AND a.intervention IN ('none', 'conservative', 'endoscopic')
            AND a.outcome IN ('recovered', 'recovering') AND e.contact_30d THEN 0 ELSE 1 END) AS state
    FROM adverse_event a JOIN examination e ON e.id = a.examination_id
    GROUP BY e.centre_id, e.id) AS event
GROUP BY centre_id, state, clear;

-- operated
SELECT e.centre_id, CASE WHEN CASE WHEN e.caecum_reached IS NOT NULL THEN e.caecum_reached WHEN e.extent IN ('caecum', 'terminal_ileum') THEN true WHEN e.extent IN ('rectum', 'sigmoid', 'descending', 'splenic', 'transverse', 'hepatic', 'ascending') THEN false END AND e.caecum_photo THEN 3
    WHEN NOT (CASE WHEN e.caecum_reached IS NOT NULL THEN e.caecum_reached WHEN e.extent IN ('caecum', 'terminal_ileum') THEN true WHEN e.extent IN ('rectum', 'sigmoid', 'descending', 'splenic', 'transverse', 'hepatic', 'ascending') THEN false END AND e.caecum_photo) THEN 0 ELSE 1 END AS state, count(DISTINCT e.id)
FROM examination e JOIN (
    SELECT person_id, operated_on, operated_on AS last_on FROM prior_surgery WHERE kind IN ('right_colectomy',
        'left_colectomy', 'sigmoid_colectomy', 'total_colectomy', 'rectal_resection')
    UNION ALL
    SELECT r.person_id, r.started_on, r.started_on FROM treatment r JOIN tumour t ON t.id = r.tumour_id
    WHERE r.type = 'surgery' AND r.refused IS DISTINCT FROM true AND t.organ IN ('colon', 'rectum')
        AND r.started_on IS NOT NULL) AS operation
ON operation.person_id = e.person_id AND (operation.last_on IS NULL OR operation.last_on < e.performed_on)
WHERE e.type = 'colonoscopy' AND e.incomplete_reason IS DISTINCT FROM 'anatomical_variant'
GROUP BY 1, 2;

-- specimens
SELECT e.centre_id, count(*) FILTER (WHERE e.type = 'ogd'), count(*) FILTER (WHERE e.type = 'ogd' AND s.reported),
    count(*) FILTER (WHERE e.type = 'colonoscopy'), count(*) FILTER (WHERE e.type = 'colonoscopy' AND s.reported),
    count(*) FILTER (WHERE s.method = 'esd'), count(*) FILTER (WHERE s.method = 'esd' AND s.reported)
FROM specimen s JOIN examination e ON e.id = s.examination_id
WHERE s.reported OR s.retrieved IS NOT false GROUP BY e.centre_id;
