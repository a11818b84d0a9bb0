-- What counts persons: how many were examined, and what was found in whom.

-- persons: OGD COLONOSCOPY AGA-ADR ASGE-ADR ASGE-ADR.2015 ASGE-ADR-FIT ESGE-ADR UK-ADR DETECTED-UPPER.direct DETECTED-UPPER DETECTED-LOWER
SELECT centre_id, m, sum(ogd), sum(lower), sum(aga), sum(asge), sum(asge_2015), sum(fit), sum(esge), sum(uk),
    sum(screened), sum(screened_upper), sum(screened_lower)
FROM (
    SELECT e.centre_id, @month(e.performed_on) AS m, e.person_id,
        max(CASE WHEN e.type = 'ogd' THEN 1 ELSE 0 END) AS ogd,
        max(CASE WHEN e.type = 'colonoscopy' THEN 1 ELSE 0 END) AS lower,
        max(CASE WHEN e.type = 'colonoscopy' AND $screening THEN 1 ELSE 0 END) AS aga,
        max(CASE WHEN e.type = 'colonoscopy' AND e.age >= 45 AND $intended
            AND e.indication IS DISTINCT FROM 'positive_test' THEN 1 ELSE 0 END) AS asge,
        max(CASE WHEN e.type = 'colonoscopy' AND e.age >= 50 AND $screening THEN 1 ELSE 0 END) AS asge_2015,
        max(CASE WHEN e.type = 'colonoscopy' AND e.indication = 'positive_test' THEN 1 ELSE 0 END) AS fit,
        max(CASE WHEN e.type = 'colonoscopy' AND e.age >= 50 AND $intended THEN 1 ELSE 0 END) AS esge,
        max(CASE WHEN e.type = 'colonoscopy' AND (e.indication IS NULL
            OR e.indication NOT IN ('screening_organised', 'positive_test')) THEN 1 ELSE 0 END) AS uk,
        max(CASE WHEN e.type = 'ogd' AND $screening THEN 1 ELSE 0 END) AS screened,
        max(CASE WHEN e.type = 'ogd' AND $programme THEN 1 ELSE 0 END) AS screened_upper,
        max(CASE WHEN e.type = 'colonoscopy' AND $programme THEN 1 ELSE 0 END) AS screened_lower
    FROM examination e WHERE $in_time
    GROUP BY e.centre_id, m, e.person_id) AS person
GROUP BY centre_id, m

-- found: CDEI-14 AGA-ADR ASGE-ADR ASGE-ADR.2015 ASGE-ADR-FIT ESGE-ADR UK-ADR BCSP-ADR ASGE-SSLDR EARLY-OESOPHAGUS EARLY-STOMACH EARLY-COLORECTUM DETECTED-UPPER.direct DETECTED-LOWER.direct DETECTED-UPPER DETECTED-LOWER
SELECT centre_id, m, @counts(adenoma), @counts(aga), @counts(asge), @counts(asge_2015), @counts(fit), @counts(esge),
    @counts(uk), @counts(bcsp), @counts(serrated), @counts(oesophagus), @counts(stomach), @counts(colorectum),
    @counts(upper), @counts(lower), @counts(programme_upper), @counts(programme_lower)
FROM (
    SELECT centre_id, m, person_id, max(adenoma) AS adenoma,
        max(CASE WHEN screened THEN CASE WHEN bowel THEN 4 ELSE adenoma END END) AS aga,
        max(CASE WHEN ordinary THEN CASE WHEN bowel THEN 4 ELSE adenoma END END) AS asge,
        max(CASE WHEN screened AND age >= 50 THEN CASE WHEN bowel THEN 4 ELSE adenoma END END) AS asge_2015,
        max(CASE WHEN fit THEN CASE WHEN bowel THEN 4 ELSE adenoma END END) AS fit,
        max(CASE WHEN intended AND age >= 50 THEN CASE WHEN bowel THEN 4 ELSE adenoma END END) AS esge,
        max(CASE WHEN practice THEN adenoma END) AS uk, max(CASE WHEN fit THEN adenoma END) AS bcsp,
        max(CASE WHEN ordinary THEN CASE WHEN bowel THEN 4 ELSE serrated END END) AS serrated,
        max(oesophagus) AS oesophagus, max(stomach) AS stomach, max(colorectum) AS colorectum,
        max(CASE WHEN upper_screened THEN neoplastic_upper END) AS upper,
        max(CASE WHEN screened THEN neoplastic_lower END) AS lower,
        max(CASE WHEN upper_programme THEN neoplastic_upper END) AS programme_upper,
        max(CASE WHEN programme THEN neoplastic_lower END) AS programme_lower
    FROM (
        SELECT e.centre_id, @month(e.performed_on) AS m, e.person_id, e.age,
            e.type = 'colonoscopy' AND $screening AS screened, e.type = 'ogd' AND $screening AS upper_screened,
            e.type = 'colonoscopy' AND $programme AS programme, e.type = 'ogd' AND $programme AS upper_programme,
            e.type = 'colonoscopy' AND $intended AS intended,
            e.type = 'colonoscopy' AND e.age >= 45 AND $intended
                AND e.indication IS DISTINCT FROM 'positive_test' AS ordinary,
            e.type = 'colonoscopy' AND e.indication = 'positive_test' AS fit,
            e.type = 'colonoscopy' AND (e.indication IS NULL
                OR e.indication NOT IN ('screening_organised', 'positive_test')) AS practice, said.bowel,
            CASE WHEN e.type = 'colonoscopy' THEN said.adenoma END AS adenoma,
            CASE WHEN e.type = 'colonoscopy' THEN said.serrated END AS serrated,
            CASE WHEN e.type = 'ogd' THEN said.oesophagus END AS oesophagus,
            CASE WHEN e.type = 'ogd' THEN said.stomach END AS stomach,
            CASE WHEN e.type = 'colonoscopy' THEN said.colorectum END AS colorectum,
            said.neoplastic_upper, said.neoplastic_lower
        FROM (
            SELECT l.examination_id, false AS bowel,
                CASE WHEN l.adenoma THEN 3 WHEN l.awaited THEN 2 WHEN l.sampled AND l.adenoma IS NULL THEN 1 END AS adenoma,
                CASE WHEN l.awaited THEN 2 WHEN l.sampled AND l.serrated IS NULL THEN 1 END AS serrated,
                CASE WHEN l.site IS NULL OR l.site LIKE 'C15%' THEN CASE WHEN l.awaited THEN 2
                    WHEN l.sampled AND l.cancer IS NULL THEN 1 END END AS oesophagus,
                CASE WHEN l.site IS NULL OR l.site LIKE 'C16%' THEN CASE WHEN l.awaited THEN 2
                    WHEN l.sampled AND l.cancer IS NULL THEN 1 END END AS stomach,
                CASE WHEN l.site IS NULL OR l.site LIKE 'C18%' OR l.site LIKE 'C19%' OR l.site LIKE 'C20%'
                    THEN CASE WHEN l.awaited THEN 2 WHEN l.sampled AND l.cancer IS NULL THEN 1 END END AS colorectum,
                CASE WHEN l.awaited THEN 2 WHEN l.sampled AND l.worst IS NULL AND l.cancer IS NULL THEN 1 END AS neoplastic_upper,
                CASE WHEN l.awaited THEN 2 WHEN l.sampled AND l.worst IS NULL AND l.cancer IS NULL THEN 1 END AS neoplastic_lower
            FROM lesion l WHERE l.adenoma OR l.awaited OR (l.sampled AND (l.adenoma IS NULL OR l.serrated IS NULL OR l.cancer IS NULL))
            UNION ALL
            SELECT s.examination_id, false, NULL, CASE WHEN x.who_type IN ('ssl', 'ssl_dysplasia') THEN 3 ELSE 1 END,
                NULL, NULL, NULL, NULL, NULL
            FROM result x JOIN report r ON r.id = x.report_id AND r.current JOIN specimen s ON s.id = r.specimen_id
            WHERE x.who_type IN ('ssl', 'ssl_dysplasia') OR (x.who_type IS NULL AND x.morphology = '8213/0')
            UNION ALL
            SELECT t.detecting_examination_id, false, NULL, NULL,
                CASE WHEN t.organ = 'oesophagus' AND $cancer THEN CASE WHEN ($within_mucosa) THEN 3
                    WHEN NOT ($within_mucosa) THEN 0 WHEN t.awaited THEN 2 ELSE 1 END END,
                CASE WHEN t.organ = 'stomach' AND $cancer THEN CASE WHEN ($within_submucosa) THEN 3
                    WHEN NOT ($within_submucosa) THEN 0 WHEN t.awaited THEN 2 ELSE 1 END END,
                CASE WHEN t.organ IN ('colon', 'rectum') AND $cancer THEN CASE WHEN ($within_submucosa) THEN 3
                    WHEN NOT ($within_submucosa) THEN 0 WHEN t.awaited THEN 2 ELSE 1 END END,
                CASE WHEN t.organ IN ('oesophagus', 'stomach') AND ($cancer OR $high) THEN 3 END,
                CASE WHEN t.organ IN ('colon', 'rectum') AND ($cancer OR $high) THEN 3 END
            FROM tumour t WHERE t.detecting_examination_id IS NOT NULL
            UNION ALL
            SELECT e.id, true, NULL, NULL, NULL, NULL, NULL, NULL, NULL
            FROM known_syndrome k JOIN examination e ON e.person_id = k.person_id
            WHERE e.type = 'colonoscopy'
                AND k.syndrome IN ('fap', 'lynch', 'ibd_uc', 'ibd_cd', 'peutz_jeghers', 'juvenile')) AS said
        JOIN examination e ON e.id = said.examination_id
        WHERE $in_time @apart) AS told
    GROUP BY centre_id, m, person_id) AS person
GROUP BY centre_id, m

-- tumours: CDEI-12 CDEI-13 CDEI-15 CDEI-12.hgin CDEI-13.hgin EARLY-STAGE TREATED TIME-TO-TREATMENT
SELECT centre_id, m, @counts(oesophagus), @counts(stomach), @counts(colorectum), @counts(oesophagus_high),
    @counts(stomach_high), @counts(early), @counts(treated), @counts(soon)
FROM (
    SELECT centre_id, m, person_id,
        max(CASE WHEN type = 'ogd' AND organ = 'oesophagus' AND cancer THEN extent END) AS oesophagus,
        max(CASE WHEN type = 'ogd' AND organ = 'stomach' AND cancer THEN extent END) AS stomach,
        max(CASE WHEN type = 'colonoscopy' AND organ IN ('colon', 'rectum') AND cancer THEN extent END) AS colorectum,
        max(CASE WHEN type = 'ogd' AND organ = 'oesophagus' AND (cancer OR high) THEN with_high END) AS oesophagus_high,
        max(CASE WHEN type = 'ogd' AND organ = 'stomach' AND (cancer OR high) THEN with_high END) AS stomach_high,
        max(CASE WHEN cancer OR high THEN early END) AS early,
        max(CASE WHEN cancer OR high THEN treated END) AS treated,
        max(CASE WHEN (cancer OR high) AND treated = 3 THEN CASE
            WHEN @days(proved, given) BETWEEN -1 AND 31 OR @days(proved, resected) BETWEEN -1 AND 31 THEN 3
            WHEN given IS NOT NULL OR resected IS NOT NULL THEN 0 ELSE 1 END END) AS soon
    FROM (
        SELECT t.*, CASE WHEN early_extent THEN 3 WHEN NOT early_extent THEN 0 WHEN awaited THEN 2 ELSE 1 END AS extent,
            CASE WHEN high OR early_extent THEN 3 WHEN awaited AND early_extent IS NULL THEN 2
                WHEN NOT (high OR early_extent) THEN 0 ELSE 1 END AS with_high,
            CASE WHEN high THEN 3 WHEN stage_group = 'X' OR stage_group IS NULL THEN 1
                WHEN stage_group IN ('0', 'I', 'IA', 'IB') THEN 3 ELSE 0 END AS early,
            CASE WHEN first_treatment = 'none' THEN 0 WHEN first_treatment IS NOT NULL THEN 3 ELSE 1 END AS treated
        FROM (
            SELECT e.centre_id, @month(e.performed_on) AS m, e.person_id, e.type, t.organ, t.awaited, t.stage_group,
                t.first_treatment, $cancer AS cancer, $high AS high,
                CASE WHEN t.organ = 'oesophagus' THEN $within_mucosa ELSE $within_submucosa END AS early_extent,
                coalesce(t.invasive_on, t.noninvasive_on, t.incidence_on) AS proved,
                (SELECT min(r.started_on) FROM treatment r
                    WHERE r.tumour_id = t.id AND r.refused IS DISTINCT FROM true) AS given,
                (SELECT min(s.taken_on) FROM sighting g JOIN covering c ON c.lesion_id = g.lesion_id
                    JOIN specimen s ON s.id = c.specimen_id WHERE g.tumour_id = t.id
                    AND s.method IN ('cold_snare', 'hot_snare', 'emr', 'pemr', 'esd', 'eftr', 'surgery')) AS resected
            FROM tumour t JOIN examination e ON e.id = t.detecting_examination_id
            WHERE $in_time @apart) AS t) AS judged
    GROUP BY centre_id, m, person_id) AS person
GROUP BY centre_id, m

-- missed: PCCRC-3Y PEUGIC PEUGIC.0 INTERVAL-CRC
SELECT centre_id, m, @counts(lower), @counts(upper), @counts(upper_from_0), @counts(interval_cancer)
FROM (
    SELECT centre_id, m, person_id,
        max(CASE WHEN large_bowel AND seen_36 AND later BETWEEN least AND 36 * 31 THEN CASE
            WHEN later > 6 * 31 THEN 3 WHEN by_death THEN NULL ELSE 0 END END) AS lower,
        max(CASE WHEN NOT large_bowel AND seen_36 AND later BETWEEN least AND 36 * 31 THEN CASE
            WHEN later > 6 * 31 THEN 3 WHEN by_death THEN NULL ELSE 0 END END) AS upper,
        max(CASE WHEN NOT large_bowel AND seen_36 AND later BETWEEN least AND 36 * 31 THEN CASE
            WHEN later > 0 AND elsewhere THEN 3 ELSE 0 END END) AS upper_from_0,
        max(CASE WHEN large_bowel AND screened AND seen_24 AND later BETWEEN least AND 24 * 31 THEN CASE
            WHEN later > 0 AND elsewhere THEN 3 ELSE 0 END END) AS interval_cancer
    FROM (
        SELECT e.centre_id, @month(e.performed_on) AS m, e.person_id, said.large_bowel, said.by_death,
            CASE WHEN said.by_death THEN 1 ELSE 0 END AS least, $programme AS screened,
            said.examination_id IS DISTINCT FROM e.id AS elsewhere,
            @on(said.that_day) - @on(e.performed_on) AS later,
            @on(w.linked_until) >= @on(e.performed_on) + 36 * 31 AS seen_36,
            @on(w.linked_until) >= @on(e.performed_on) + 24 * 31 AS seen_24
        FROM (
            SELECT t.person_id, t.organ IN ('colon', 'rectum') AS large_bowel, false AS by_death,
                t.detecting_examination_id AS examination_id,
                coalesce(t.invasive_on, t.incidence_on, t.detected_on) AS that_day
            FROM tumour t WHERE t.organ IN ('oesophagus', 'stomach', 'colon', 'rectum') AND $cancer
            UNION ALL
            SELECT v.person_id, v.cause NOT LIKE 'C15%' AND v.cause NOT LIKE 'C16%', true, NULL, v.as_of
            FROM vital_status v
            WHERE v.vital = 'dead' AND (((v.cause LIKE 'C15%' OR v.cause LIKE 'C16%') AND NOT EXISTS (
                    SELECT 1 FROM tumour t WHERE t.person_id = v.person_id AND t.organ IN ('oesophagus', 'stomach') AND $cancer))
                OR ((v.cause LIKE 'C18%' OR v.cause LIKE 'C19%' OR v.cause LIKE 'C20%') AND NOT EXISTS (
                    SELECT 1 FROM tumour t WHERE t.person_id = v.person_id AND t.organ IN ('colon', 'rectum') AND $cancer)))) AS said
        JOIN examination e ON e.person_id = said.person_id
            AND e.type = CASE WHEN said.large_bowel THEN 'colonoscopy' ELSE 'ogd' END
        JOIN person w ON w.id = e.person_id AND w.linked_until IS NOT NULL
        WHERE $in_time @apart) AS judged
    GROUP BY centre_id, m, person_id) AS person
GROUP BY centre_id, m
