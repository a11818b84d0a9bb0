-- What the seed leaves out, by number of the person or examination so that it is the same on both engines.
-- Everything is nonsense, and hardly ever anybody's: it only has to be counted.

INSERT INTO screening_round (id, person_id, centre_id, programme, round, invited_on, response, test_returned_on, referred_on, version)
SELECT e.id, e.person_id, e.centre_id, 'organised', 1, e.performed_on,
    CASE e.id % 7 WHEN 0 THEN 'declined' WHEN 1 THEN 'none' WHEN 2 THEN 'ineligible' WHEN 3 THEN NULL ELSE 'attended' END,
    CASE WHEN e.id % 4 = 0 THEN e.performed_on END, CASE WHEN e.id % 6 = 0 THEN e.performed_on END, 1
FROM examination e WHERE e.id % 5 = 0;

INSERT INTO risk_assessment (id, person_id, centre_id, assessed_on, instrument, fit_result, fit_ug_g, fit_cutoff, tier, version)
SELECT e.id, e.person_id, e.centre_id, e.performed_on, 'apcs',
    CASE e.id % 11 WHEN 0 THEN 'positive' WHEN 1 THEN 'inadequate' WHEN 2 THEN 'awaited' WHEN 3 THEN NULL ELSE 'negative' END,
    CASE e.id % 3 WHEN 0 THEN 25 WHEN 1 THEN 5 END, 20,
    CASE e.id % 5 WHEN 0 THEN 'high' WHEN 1 THEN 'c' WHEN 2 THEN 'low' ELSE 'medium' END, 1
FROM examination e WHERE e.id % 6 = 1 OR (e.type = 'colonoscopy' AND e.id % 3 = 0);

INSERT INTO prior_surgery (id, person_id, centre_id, kind, operated_on, version)
SELECT p.id, p.person_id, p.centre_id, CASE WHEN p.person_id % 2 = 0 THEN 'right_colectomy' ELSE 'bypass' END,
    CASE WHEN p.person_id % 3 > 0 THEN p.performed_on END, 1
FROM examination p WHERE p.id % 40 = 0;

INSERT INTO known_syndrome (id, person_id, centre_id, syndrome, version)
SELECT id, person_id, centre_id, CASE WHEN id % 2 = 0 THEN 'lynch' ELSE 'hdgc' END, 1
FROM examination WHERE id % 90 = 0;

INSERT INTO adverse_event (id, examination_id, centre_id, kind, outcome, intervention, haemoglobin_drop, transfusion)
SELECT 100000 + id, id, centre_id, CASE id % 3 WHEN 0 THEN 'bleeding' WHEN 1 THEN 'perforation' ELSE 'stricture' END,
    CASE WHEN id % 4 > 0 THEN 'recovered' END, CASE WHEN id % 5 > 0 THEN 'endoscopic' END,
    CASE WHEN id % 2 = 0 THEN 40 ELSE 10 END, false
FROM examination WHERE id % 37 = 0;

UPDATE examination SET any_adverse_event = true, contact_30d = (id % 2 = 0) WHERE id % 37 = 0;

UPDATE background SET prague_m = id % 3, seattle_done = (id % 4 > 1), sydney_sites = id % 5 WHERE id % 9 = 0;

UPDATE person SET linked_until = '2040-01-01' WHERE id % 3 > 0;

UPDATE vital_status SET vital = 'dead', cause = CASE WHEN id % 2 = 0 THEN 'C16.9' ELSE 'C18.7' END WHERE id % 3 = 0;
