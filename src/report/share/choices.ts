/** What a person chooses for a bundle. Loads nothing: the command line lists it. */
/** Traffic Light Protocol 2.0 (FIRST). CLEAR and GREEN leave the circle of those who know the organisation: they are redacted. */
export const TLP_MARKS = ['CLEAR', 'GREEN', 'AMBER', 'AMBER+STRICT'] as const;
export type TlpMark = (typeof TLP_MARKS)[number];

/** technical: what the attack can use (攻撃技術情報) · victim: also what was found out and done at the organisation (被害・対応情報). */
export const ENVELOPES = ['technical', 'victim'] as const;
export type Envelope = (typeof ENVELOPES)[number];

/** Nothing in it leads back to the organisation: CLEAR and GREEN. */
export function isRedacted(tlp: TlpMark): boolean {
  return tlp === 'CLEAR' || tlp === 'GREEN';
}

export const SECTORS = [
  'manufacturing',
  'information-technology',
  'critical-infrastructure',
  'finance',
  'health-care',
  'education-research',
  'government',
  'retail-services',
  'construction-transport',
  'other',
] as const;
/** Persons who work there. */
export const SIZES = ['up-to-50', '51-300', '301-1000', 'over-1000'] as const;
export const REGIONS = ['east-japan', 'west-japan', 'outside-japan', 'several'] as const;
export const PASSING_ON = ['yes', 'no', 'ask'] as const;
