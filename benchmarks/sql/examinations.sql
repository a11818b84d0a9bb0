-- What examinations say of themselves, and the rarer records that change it.

-- examinations: CDEI-01 UK-VOLUME UK-OGD-VOLUME CDEI-04 PREP CDEI-06 CDEI-07 CDEI-11 CIR ESGE-DURATION ESGE-PHOTOS ESGE-EVENTS ESGE-7MIN ESGE-VISIBILITY PERFORATION UK-OGD-PHOTOS
SELECT centre_id, m, @counts(everything), @counts(colonoscopies), @counts(gastroscopies), @counts(complete),
    @counts(prepared), @counts(caecum), @counts(withdrawn), @counts(harmed), @counts(reached), @counts(timed),
    @counts(photographed), @counts(said), @counts(long), @counts(visible), @counts(perforated), @counts(stations)
FROM (
    SELECT e.centre_id, @month(e.performed_on) AS m, 3 AS everything,
        CASE WHEN e.type = 'colonoscopy' THEN 3 END AS colonoscopies,
        CASE WHEN e.type = 'ogd' THEN 3 END AS gastroscopies,
        CASE WHEN e.type = 'ogd' THEN @state($complete) END AS complete,
        CASE WHEN e.type = 'colonoscopy' THEN @state($prepared) END AS prepared,
        CASE WHEN e.type = 'colonoscopy' AND e.incomplete_reason IS DISTINCT FROM 'anatomical_variant'
            THEN @state($caecum AND e.caecum_photo) END AS caecum,
        CASE WHEN e.type = 'colonoscopy' THEN @state(e.withdrawal_min >= 6) END AS withdrawn,
        CASE WHEN $unharmed THEN 0 ELSE 1 END AS harmed,
        CASE WHEN e.type = 'colonoscopy' AND $intended THEN @state($caecum) END AS reached,
        CASE WHEN e.type = 'ogd' THEN @state(e.upper_minutes IS NOT NULL
            OR (e.started_at IS NOT NULL AND e.ended_at IS NOT NULL)) END AS timed,
        CASE WHEN e.type = 'ogd' THEN @state(e.photos >= 10) END AS photographed,
        CASE WHEN e.type = 'ogd' THEN @state(e.any_adverse_event IS NOT NULL) END AS said,
        CASE WHEN e.type = 'ogd' THEN @state(e.upper_minutes >= 7) END AS long,
        CASE WHEN e.type = 'ogd' THEN @state(e.visibility IS NOT NULL) END AS visible,
        CASE WHEN e.type IN ('colonoscopy', 'therapeutic_lower')
            THEN CASE WHEN $unharmed THEN 0 ELSE 1 END END AS perforated,
        CASE WHEN e.type = 'ogd' THEN @state($stations) END AS stations
    FROM examination e WHERE $in_time @apart) AS judged
GROUP BY centre_id, m

-- events: CDEI-11 PERFORATION, and what they were before
SELECT centre_id, m, @counts(harmed), @counts(perforated), @counts(unheard), @counts(unheard_lower)
FROM (
    SELECT e.centre_id, @month(e.performed_on) AS m, e.id, max(@state($serious)) AS harmed,
        max(CASE WHEN e.type IN ('colonoscopy', 'therapeutic_lower') THEN CASE WHEN a.kind = 'perforation' THEN 3
            WHEN e.contact_30d THEN 0 ELSE 1 END END) AS perforated,
        max(CASE WHEN $unharmed THEN 0 ELSE 1 END) AS unheard,
        max(CASE WHEN e.type IN ('colonoscopy', 'therapeutic_lower')
            THEN CASE WHEN $unharmed THEN 0 ELSE 1 END END) AS unheard_lower
    FROM adverse_event a JOIN examination e ON e.id = a.examination_id
    WHERE $in_time GROUP BY e.centre_id, m, e.id) AS event
GROUP BY centre_id, m

-- operated: CDEI-06 CIR
SELECT e.centre_id, @month(e.performed_on) AS m,
    @counts(CASE WHEN e.incomplete_reason IS DISTINCT FROM 'anatomical_variant'
        THEN @state($caecum AND e.caecum_photo) END),
    @counts(CASE WHEN $intended THEN @state($caecum) END)
FROM (
    SELECT DISTINCT e.id
    FROM (
        SELECT person_id, operated_on AS before_on FROM prior_surgery WHERE kind IN ('right_colectomy',
            'left_colectomy', 'sigmoid_colectomy', 'total_colectomy', 'rectal_resection')
        UNION ALL
        SELECT r.person_id, @later(r.started_on) FROM treatment r JOIN tumour t ON t.id = r.tumour_id
        WHERE r.type = 'surgery' AND r.refused IS DISTINCT FROM true AND r.started_on IS NOT NULL
            AND t.organ IN ('colon', 'rectum')) AS operation
    JOIN examination e ON e.person_id = operation.person_id
        AND (operation.before_on IS NULL OR operation.before_on <= e.performed_on)
    WHERE e.type = 'colonoscopy' AND $in_time) AS own
JOIN examination e ON e.id = own.id
GROUP BY e.centre_id, m

-- normal: AGA-WITHDRAWAL ASGE-WITHDRAWAL, and their minutes
SELECT e.centre_id, @month(e.performed_on) AS m,
    @counts(CASE WHEN e.withdrawal_min IS NULL THEN 1 ELSE 3 END),
    @counts(CASE WHEN e.age >= 45 THEN CASE WHEN e.withdrawal_min IS NULL THEN 1 ELSE 3 END END),
    sum(e.withdrawal_min), sum(e.withdrawal_min) FILTER (WHERE e.age >= 45)
FROM examination e
WHERE e.type = 'colonoscopy' AND $in_time
    AND NOT EXISTS (SELECT 1 FROM lesion l WHERE l.examination_id = e.id)
    AND NOT EXISTS (SELECT 1 FROM specimen s WHERE s.examination_id = e.id)
GROUP BY e.centre_id, m

-- background: ESGE-SEATTLE ESGE-MAPS ESGE-BARRETT
SELECT e.centre_id, @month(e.performed_on) AS m,
    @counts(CASE WHEN b.prague_m >= 1 THEN @state(b.seattle_done) END),
    @counts(CASE WHEN b.kimura IN ('C-1', 'C-2', 'C-3', 'O-1', 'O-2', 'O-3') OR b.eggim > 0
        THEN @state(b.sydney_sites >= 2) END),
    @counts(CASE WHEN b.prague_m >= 1 THEN @state(b.seattle_done AND CASE
        WHEN e.imaging_nbi OR e.imaging_bli OR e.imaging_lci OR e.imaging_acetic THEN true
        ELSE e.imaging_nbi AND e.imaging_acetic END) END)
FROM background b JOIN examination e ON e.id = b.examination_id
WHERE e.type = 'ogd' AND $in_time
    AND (b.prague_m >= 1 OR b.kimura IN ('C-1', 'C-2', 'C-3', 'O-1', 'O-2', 'O-3') OR b.eggim > 0)
GROUP BY e.centre_id, m
