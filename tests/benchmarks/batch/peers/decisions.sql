-- The three decisions as a person would write them for these places: the common case first, and
-- every fact that may be lacking thought through by hand. Dates are compared as
-- text, which measured faster than as dates, though no date is checked then.
COPY (
SELECT concat('{"id": "', id, '", "may_bind": "',
CASE
  WHEN region = '440300' AND scheme = 'resident' THEN CASE
    WHEN in_city THEN CASE
      WHEN institution_kind = 'community_centre' THEN CASE
        WHEN last_bound_on <= '{month_ago}' THEN 'bind_centre_group'
        WHEN last_bound_on IS NOT NULL AND bound_hospital >= 1 THEN 'change_interval_unknown'
        ELSE 'undecided' END
      WHEN institution_kind = 'clinic' THEN 'place_not_bindable'
      WHEN birth_date <= '{fourteen}' THEN CASE
        WHEN institution_kind IS NOT NULL OR institution_level >= 2 THEN 'centre_instead'
        ELSE 'undecided' END
      WHEN institution_level = 3 THEN CASE
        WHEN birth_date IS NULL THEN 'not_eligible'
        ELSE 'level_three_not_bindable' END
      WHEN birth_date IS NULL OR institution_level IS NULL THEN 'undecided'
      WHEN institution_kind IS NULL AND institution_level < 2 THEN 'undecided'
      ELSE 'disputed' END
    WHEN NOT in_city THEN CASE
      WHEN institution_kind = 'community_centre' THEN 'bind_outside_centre'
      WHEN institution_kind IS NOT NULL OR institution_level >= 2 THEN 'outside_not_bindable'
      ELSE 'undecided' END
    WHEN institution_kind = 'community_centre' THEN CASE
      WHEN last_bound_on <= '{month_ago}' THEN 'eligible'
      ELSE 'undecided' END
    WHEN institution_kind = 'clinic' OR institution_level = 3
      OR birth_date <= '{fourteen}' THEN 'not_eligible'
    ELSE 'undecided' END
  WHEN region = '360100' THEN 'not_covered'
  WHEN region IS NULL OR scheme IS NULL THEN 'undecided'
  WHEN scheme = 'not_enrolled' THEN 'enrol_first'
  WHEN scheme = 'employee_tier_one' AND region = '440300' THEN 'no_binding_needed'
  WHEN scheme = 'employee_tier_two' THEN 'employee_not_looked_up'
  WHEN scheme = 'employee_tier_one' AND region <> '110000' THEN 'employee_not_looked_up'
  WHEN NOT in_city THEN 'outside_unknown'
  WHEN region = '310000' AND in_city THEN 'no_choice_in_this_city'
  WHEN region = '120000' AND in_city THEN CASE
    WHEN institution_level <= 2
      OR institution_kind IN ('community_centre', 'specialist_hospital', 'clinic')
      THEN 'no_choice_needed'
    WHEN institution_level = 3 AND institution_kind IS NOT NULL AND bound_hospital = 0
      THEN 'choose_tertiary'
    ELSE 'undecided' END
  WHEN region = '110000' THEN CASE
    WHEN institution_kind = 'clinic' AND in_city THEN 'choice_unknown'
    WHEN institution_kind = 'clinic' THEN 'unclear'
    WHEN institution_kind IN ('community_centre', 'tcm_hospital', 'specialist_hospital')
      AND in_city THEN 'no_choice_needed'
    ELSE 'undecided' END
  ELSE 'undecided' END,
'", "available": "',
CASE
  WHEN payer_region IS NULL OR relation IS NULL THEN 'undecided'
  WHEN relation = 'step_parent' THEN 'unclear_step_parent'
  WHEN relation IN ('other_relative', 'parent_in_law') THEN 'outside_circle'
  WHEN NOT payer_has_account THEN 'no_account'
  WHEN payer_has_account IS NULL THEN 'undecided'
  WHEN scheme = 'not_enrolled' THEN 'enrol_first'
  WHEN authorised THEN CASE
    WHEN scheme IS NULL THEN 'undecided'
    WHEN region = payer_region OR left(region, 2) = left(payer_region, 2) THEN 'available'
    WHEN region IS NULL THEN 'eligible'
    ELSE 'available_across_provinces' END
  WHEN authorised IS NULL OR region IS NULL OR left(region, 2) <> left(payer_region, 2) THEN 'undecided'
  WHEN payer_region = '120000' AND relation IN ('parent', 'spouse', 'child')
    AND kin_account_bound IS NOT TRUE THEN 'undecided'
  WHEN scheme IS NULL OR kin_account_bound IS NULL THEN 'action_needed'
  WHEN kin_account_bound THEN 'kin_account_only'
  ELSE 'authorise_first' END,
'", "filing_required": "',
CASE
  WHEN region IS NULL OR coalesce(visit_date, birth_date) IS NULL THEN 'undecided'
  WHEN visit_date < '2023-01-01' THEN 'not_covered'
  WHEN visit_date IS NULL AND birth_date < '2023-01-01' THEN 'undecided'
  WHEN care_region IS NULL THEN 'undecided'
  WHEN region = care_region THEN 'no_filing_at_home'
  WHEN visit_date IS NULL AND region = '440300' AND birth_date < '2025-01-01' THEN CASE
    WHEN left(care_region, 2) = '44' THEN 'undecided'
    WHEN emergency THEN 'deemed_filed_emergency'
    WHEN stay_kind = 'long_term' THEN 'file_long_term'
    WHEN referral THEN 'file_referral'
    ELSE 'undecided' END
  WHEN region = '440300' AND visit_date < '2025-01-01' AND left(care_region, 2) = '44'
    THEN 'in_province_unclear'
  WHEN region IN ('110000', '120000') AND coalesce(visit_date, birth_date) >= '2023-04-01'
    AND left(care_region, 2) IN ('11', '12', '13') THEN 'deemed_filed_group'
  WHEN emergency THEN 'deemed_filed_emergency'
  WHEN region = '440300' AND coalesce(visit_date, birth_date) >= '2025-01-01' THEN CASE
    WHEN emergency IS NULL THEN CASE
      WHEN stay_kind = 'temporary' AND NOT referral THEN 'eligible'
      ELSE 'undecided' END
    WHEN stay_kind = 'long_term' THEN 'file_long_term'
    WHEN stay_kind = 'temporary' AND referral THEN 'file_referral'
    WHEN stay_kind = 'temporary' AND NOT referral THEN 'temporary_exempt'
    WHEN referral THEN 'action_needed'
    ELSE 'undecided' END
  WHEN emergency IS NULL THEN 'undecided'
  WHEN stay_kind = 'long_term' THEN 'file_long_term'
  WHEN stay_kind IS NULL OR referral IS NULL THEN 'action_needed'
  WHEN referral THEN 'file_referral'
  ELSE 'file_temporary' END,
'"}')
FROM read_json('{cases}', format = 'newline_delimited', columns = {
  id: 'VARCHAR', region: 'VARCHAR', birth_date: 'VARCHAR', scheme: 'VARCHAR',
  institution_kind: 'VARCHAR', institution_level: 'TINYINT', in_city: 'BOOLEAN',
  bound_hospital: 'TINYINT', last_bound_on: 'VARCHAR', payer_region: 'VARCHAR', relation: 'VARCHAR',
  payer_has_account: 'BOOLEAN', authorised: 'BOOLEAN', kin_account_bound: 'BOOLEAN',
  care_region: 'VARCHAR', visit_date: 'VARCHAR', stay_kind: 'VARCHAR', referral: 'BOOLEAN',
  emergency: 'BOOLEAN'})
) TO '{out}' (FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER E'\x1f');
