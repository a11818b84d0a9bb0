-- Conditions that several statements share, by name; written as $name.

-- complete
e.seen_upper_oesophagus = 'photographed' AND e.seen_middle_oesophagus = 'photographed'
    AND e.seen_lower_oesophagus = 'photographed' AND e.seen_cardia = 'photographed'
    AND e.seen_fundus = 'photographed' AND e.seen_body = 'photographed' AND e.seen_angulus = 'photographed'
    AND e.seen_antrum = 'photographed' AND e.seen_pylorus = 'photographed'
    AND e.seen_bulb = 'photographed' AND e.seen_d2 = 'photographed'

-- stations
e.seen_upper_oesophagus = 'photographed' AND e.seen_cardia = 'photographed'
    AND e.seen_fundus = 'photographed' AND e.seen_body = 'photographed' AND e.seen_angulus = 'photographed'
    AND e.seen_antrum = 'photographed' AND e.seen_bulb = 'photographed' AND e.seen_d2 = 'photographed'

-- prepared
CASE WHEN e.bbps_total >= 8 THEN true
    WHEN e.bbps_total <= 5 AND NOT (e.bbps_right_missing IS NOT DISTINCT FROM 'not_applicable'
        OR e.bbps_transverse_missing IS NOT DISTINCT FROM 'not_applicable'
        OR e.bbps_left_missing IS NOT DISTINCT FROM 'not_applicable') THEN false
    WHEN e.bbps_right IS NULL AND e.bbps_transverse IS NULL AND e.bbps_left IS NULL THEN NULL
    ELSE (e.bbps_right >= 2 OR (e.bbps_right IS NULL AND e.bbps_right_missing = 'not_applicable'))
        AND (e.bbps_transverse >= 2 OR (e.bbps_transverse IS NULL AND e.bbps_transverse_missing = 'not_applicable'))
        AND (e.bbps_left >= 2 OR (e.bbps_left IS NULL AND e.bbps_left_missing = 'not_applicable')) END

-- caecum
CASE WHEN e.caecum_reached IS NOT NULL THEN e.caecum_reached
    WHEN e.extent IN ('caecum', 'terminal_ileum') THEN true
    WHEN e.extent IN ('rectum', 'sigmoid', 'descending', 'splenic', 'transverse', 'hepatic', 'ascending') THEN false END

-- unharmed
NOT e.any_adverse_event AND e.contact_30d

-- screening
e.indication IN ('screening_organised', 'screening_opportunistic', 'check_up')

-- programme
e.indication IN ('screening_organised', 'screening_opportunistic', 'check_up', 'positive_test')

-- intended
(e.indication IS NULL OR e.indication NOT IN ('work_up', 'therapy'))

-- cancer
((t.invasive OR t.worst IN ('4.4', '5.1', '5.2'))
    AND (t.morphology IS NULL OR t.morphology NOT IN ('8240/3', '8936/3', '9680/3', '9699/3')))

-- high
(t.worst IN ('4.1', '4.2', '4.3') AND t.invasive IS NOT true)

-- within_mucosa
CASE WHEN t.deepest IS NOT NULL THEN t.deepest IN ('EP', 'LPM', 'MM', 'M')
    WHEN t.t IN ('T2', 'T3', 'T4', 'T4a', 'T4b') THEN false
    WHEN t.stage_prefix = 'p' AND t.t IN ('Tis', 'T1a') THEN true
    WHEN t.stage_prefix = 'p' AND t.t = 'T1b' THEN false END

-- within_submucosa
CASE WHEN t.deepest IS NOT NULL THEN t.deepest IN ('EP', 'LPM', 'MM', 'M', 'SM', 'SM1', 'SM2', 'SM3')
    WHEN t.t IN ('T2', 'T3', 'T4', 'T4a', 'T4b') THEN false
    WHEN t.stage_prefix = 'p' AND t.t IN ('Tis', 'T1', 'T1a', 'T1b') THEN true END

-- serious
CASE WHEN a.haemoglobin_drop >= 30 OR a.transfusion OR a.severe_pancreatitis OR a.sirs_criteria >= 2
        OR a.intervention IN ('surgery', 'interventional_radiology') OR a.outcome IN ('disabled', 'died') THEN true
    WHEN (CASE a.kind WHEN 'bleeding' THEN a.haemoglobin_drop < 30 AND NOT a.transfusion
            WHEN 'pancreatitis' THEN NOT a.severe_pancreatitis
            WHEN 'infection' THEN a.sirs_criteria < 2 ELSE true END)
        AND a.intervention IN ('none', 'conservative', 'endoscopic')
        AND a.outcome IN ('recovered', 'recovering') AND e.contact_30d THEN false END

-- in_time
e.performed_on BETWEEN :start AND :until
