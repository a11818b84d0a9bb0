-- Invitations, tests and plans, which need no examination.

-- rounds: PARTICIPATION DETECTED-INVITED
SELECT centre_id, m, @counts(@state(CASE WHEN test_returned_on IS NOT NULL OR response = 'attended' THEN true
        WHEN response IN ('declined', 'none') THEN false END)),
    @counts(CASE WHEN past THEN CASE WHEN found THEN 3 ELSE 0 END END)
FROM (
    SELECT o.centre_id, @month(o.invited_on) AS m, o.test_returned_on, o.response,
        @days(o.invited_on, CURRENT_DATE) > 360 AS past,
        EXISTS (SELECT 1 FROM tumour t WHERE t.person_id = o.person_id AND ($cancer OR $high)
            AND @days(o.invited_on, t.detected_on) BETWEEN 0 AND 360) AS found
    FROM screening_round o
    WHERE o.invited_on BETWEEN :start AND :until
        AND (o.response IS NULL OR o.response NOT IN ('ineligible', 'moved')) @apart) AS invitation
GROUP BY centre_id, m

-- tests: FIT-POSITIVE FIT-INADEQUATE
SELECT centre_id, @month(assessed_on) AS m,
    @counts(CASE WHEN (fit_result IS NOT NULL OR fit_ug_g IS NOT NULL) AND fit_result IS DISTINCT FROM 'inadequate'
        THEN CASE WHEN fit_result = 'positive' THEN 3 WHEN fit_result = 'negative' THEN 0
            WHEN fit_ug_g >= fit_cutoff THEN 3 WHEN fit_result = 'awaited' THEN 2
            WHEN fit_ug_g < fit_cutoff THEN 0 ELSE 1 END END),
    @counts(CASE WHEN fit_result <> 'awaited' THEN CASE WHEN fit_result = 'inadequate' THEN 3 ELSE 0 END END)
FROM risk_assessment
WHERE assessed_on BETWEEN :start AND :until
GROUP BY centre_id, m

-- positives: REFERRAL COLONOSCOPY-AFTER-FIT COLONOSCOPY-AFTER-FIT.all TIME-TO-COLONOSCOPY PPV-CANCER PPV-ADVANCED
SELECT centre_id, m,
    @counts(CASE WHEN past THEN CASE WHEN referred OR examined THEN 3 WHEN invited THEN 0 ELSE 1 END END),
    @counts(CASE WHEN past AND referred THEN CASE WHEN examined THEN 3 ELSE 0 END END),
    @counts(CASE WHEN past THEN CASE WHEN examined THEN 3 ELSE 0 END END),
    @counts(CASE WHEN examined THEN CASE WHEN soon THEN 3 ELSE 0 END END),
    @counts(CASE WHEN examined AND past THEN CASE WHEN proved THEN 3 ELSE 0 END END),
    @counts(CASE WHEN examined AND past THEN CASE WHEN proved THEN 3 ELSE coalesce(seen, 0) END END)
FROM (
    SELECT r.centre_id, @month(r.assessed_on) AS m, @days(r.assessed_on, CURRENT_DATE) > 180 AS past,
        EXISTS (SELECT 1 FROM screening_round o WHERE o.person_id = r.person_id) AS invited,
        EXISTS (SELECT 1 FROM screening_round o WHERE o.person_id = r.person_id
            AND @days(r.assessed_on, o.referred_on) BETWEEN 0 AND 180) AS referred,
        EXISTS (SELECT 1 FROM examination e WHERE e.person_id = r.person_id AND e.type = 'colonoscopy'
            AND @days(r.assessed_on, e.performed_on) BETWEEN 0 AND 180) AS examined,
        EXISTS (SELECT 1 FROM examination e WHERE e.person_id = r.person_id AND e.type = 'colonoscopy'
            AND @days(r.assessed_on, e.performed_on) BETWEEN 0 AND 31) AS soon,
        EXISTS (SELECT 1 FROM tumour t WHERE t.person_id = r.person_id AND t.organ IN ('colon', 'rectum')
            AND $cancer AND @days(r.assessed_on, t.detected_on) BETWEEN 0 AND 360) AS proved,
        (SELECT max(CASE WHEN l.adenoma AND (l.size_mm >= 10 OR l.worst IN ('4.1', '4.2', '4.3') OR EXISTS (
                    SELECT 1 FROM result x JOIN report p ON p.id = x.report_id
                    WHERE x.lesion_id = l.id AND p.current AND (x.villous_percent >= 25
                        OR x.who_type IN ('tubulovillous_adenoma', 'villous_adenoma')
                        OR (l.size_mm IS NULL AND x.size_mm >= 10)))) THEN 3
                WHEN l.awaited THEN 2
                WHEN l.adenoma AND l.size_mm IS NULL AND NOT EXISTS (
                    SELECT 1 FROM result x JOIN report p ON p.id = x.report_id
                    WHERE x.lesion_id = l.id AND p.current AND x.size_mm IS NOT NULL) THEN 1
                WHEN l.sampled AND l.adenoma IS NULL THEN 1 ELSE 0 END)
            FROM examination e JOIN lesion l ON l.examination_id = e.id
            WHERE e.person_id = r.person_id AND e.type = 'colonoscopy'
                AND @days(r.assessed_on, e.performed_on) BETWEEN 0 AND 180) AS seen
    FROM risk_assessment r
    WHERE r.assessed_on BETWEEN :start AND :until AND CASE WHEN r.fit_result = 'positive' THEN true
        WHEN r.fit_result = 'negative' THEN false ELSE r.fit_ug_g >= r.fit_cutoff END @apart) AS positive
GROUP BY centre_id, m

-- managed: MANAGED
SELECT centre_id, m, @counts(state)
FROM (
    SELECT r.centre_id, @month(r.assessed_on) AS m, r.person_id, max(CASE WHEN EXISTS (
            SELECT 1 FROM follow_up f WHERE f.person_id = r.person_id AND f.next_due_on >= r.assessed_on)
        AND NOT EXISTS (SELECT 1 FROM follow_up f WHERE f.person_id = r.person_id AND NOT f.settled
            AND @days(f.next_due_on, CURRENT_DATE) > 90) THEN 3 ELSE 0 END) AS state
    FROM risk_assessment r
    WHERE r.tier IN ('high', 'c', 'd') AND r.assessed_on BETWEEN :start AND :until
    GROUP BY r.centre_id, m, r.person_id) AS person
GROUP BY centre_id, m

-- high_risk: GASTROSCOPY-AFTER-HIGH-RISK COLONOSCOPY-AFTER-HIGH-RISK
SELECT centre_id, m, @counts(gastroscopy), @counts(colonoscopy)
FROM (
    SELECT r.centre_id, @month(r.assessed_on) AS m, r.person_id,
        max(CASE WHEN r.instrument IN ('li_cn', 'li_gut2019') THEN CASE WHEN EXISTS (
            SELECT 1 FROM examination e WHERE e.person_id = r.person_id AND e.type = 'ogd'
                AND @days(r.assessed_on, e.performed_on) BETWEEN 0 AND 180) THEN 3 ELSE 0 END END) AS gastroscopy,
        max(CASE WHEN r.instrument IN ('apcs', 'apcs_updated') THEN CASE WHEN EXISTS (
            SELECT 1 FROM examination e WHERE e.person_id = r.person_id AND e.type = 'colonoscopy'
                AND @days(r.assessed_on, e.performed_on) BETWEEN 0 AND 180) THEN 3 ELSE 0 END END) AS colonoscopy
    FROM risk_assessment r
    WHERE r.tier = 'high' AND r.assessed_on BETWEEN :start AND :until
        AND @days(r.assessed_on, CURRENT_DATE) > 180
    GROUP BY r.centre_id, m, r.person_id) AS person
GROUP BY centre_id, m

-- plans: FOLLOW-UP LOST SURVEILLANCE, and the same .entries
SELECT centre_id, m, @counts(CASE WHEN NOT again THEN met END), @counts(CASE WHEN NOT again THEN lost END),
    @counts(CASE WHEN NOT again THEN kept END), @counts(met), @counts(lost), @counts(kept)
FROM (
    SELECT centre_id, m, again, CASE WHEN reached OR came THEN 3 ELSE 0 END AS met,
        CASE WHEN attempts >= 2 AND NOT reached AND NOT came THEN 3 ELSE 0 END AS lost,
        CASE WHEN next_due_what IS NOT NULL THEN CASE WHEN came_for_it OR elsewhere THEN 3 ELSE 0 END END AS kept
    FROM (
        SELECT f.centre_id, @month(f.next_due_on) AS m, f.next_due_what,
            EXISTS (SELECT 1 FROM follow_up o WHERE o.person_id = f.person_id AND o.centre_id = f.centre_id
                AND o.next_due_on = f.next_due_on AND o.next_due_what IS NOT DISTINCT FROM f.next_due_what
                AND (o.contacted_on < f.contacted_on OR (o.contacted_on = f.contacted_on AND o.id < f.id))) AS again,
            EXISTS (SELECT 1 FROM follow_up o WHERE o.person_id = f.person_id AND o.id <> f.id
                AND @days(f.next_due_on, o.contacted_on) BETWEEN -30 AND 90
                AND o.outcome IN ('booked', 'done_elsewhere', 'declined', 'died', 'attended', 'alive')) AS reached,
            EXISTS (SELECT 1 FROM follow_up o WHERE o.person_id = f.person_id AND o.outcome = 'done_elsewhere'
                AND @days(f.next_due_on, o.contacted_on) BETWEEN -30 AND 90) AS elsewhere,
            EXISTS (SELECT 1 FROM examination e WHERE e.person_id = f.person_id AND e.performed_on > f.contacted_on
                AND @days(f.next_due_on, e.performed_on) <= 90) AS came,
            EXISTS (SELECT 1 FROM examination e WHERE e.person_id = f.person_id AND e.performed_on > f.contacted_on
                AND @days(f.next_due_on, e.performed_on) <= 90 AND e.type = f.next_due_what) AS came_for_it,
            (SELECT count(*) FROM follow_up o WHERE o.person_id = f.person_id AND o.contacted_on > f.contacted_on
                AND @days(f.next_due_on, o.contacted_on) <= 90 AND o.outcome IN ('no_answer', 'wrong_number')) AS attempts
        FROM follow_up f JOIN person w ON w.id = f.person_id
        WHERE f.next_due_on BETWEEN :start AND :until AND @days(f.next_due_on, CURRENT_DATE) > 90
            AND (w.died_on IS NULL OR @days(f.next_due_on, w.died_on) > 90) @apart) AS plan) AS judged
GROUP BY centre_id, m
