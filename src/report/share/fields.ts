/** The one table of what leaves the house: `build.ts` asks it for every field, section 14 and the cover note print it. */
export const SHARE_FIELDS = [
  'organisation',
  'hosts',
  'network',
  'service',
  'judgement',
  'bytes',
  'fingerprints',
  'certificates',
  'names',
  'times',
  'others',
  'bands',
  'answers',
  'words',
  'told',
  'note',
  'run',
] as const;
export type ShareField = (typeof SHARE_FIELDS)[number];

/** keep: as it is · change: in another form that leads back less (label, day, mask) · drop: not in the bundle at all. */
export type Treatment = 'keep' | 'change' | 'drop';

/** Who may read it: CLEAR and GREEN go to strangers, AMBER to a desk. */
export type Circle = 'strangers' | 'desk';

interface Rule {
  readonly strangers: Treatment;
  readonly desk: Treatment;
  /** Only in the envelope of the victim's own information. */
  readonly victimOnly?: true;
}

const RULES: Readonly<Record<ShareField, Rule>> = {
  organisation: { strangers: 'drop', desk: 'change' },
  hosts: { strangers: 'change', desk: 'keep' },
  network: { strangers: 'keep', desk: 'keep' },
  service: { strangers: 'keep', desk: 'keep' },
  judgement: { strangers: 'keep', desk: 'keep' },
  bytes: { strangers: 'change', desk: 'keep' },
  fingerprints: { strangers: 'drop', desk: 'keep' },
  certificates: { strangers: 'drop', desk: 'keep' },
  names: { strangers: 'drop', desk: 'keep' },
  times: { strangers: 'change', desk: 'keep' },
  others: { strangers: 'keep', desk: 'keep' },
  bands: { strangers: 'keep', desk: 'keep' },
  answers: { strangers: 'keep', desk: 'keep', victimOnly: true },
  words: { strangers: 'drop', desk: 'keep', victimOnly: true },
  told: { strangers: 'change', desk: 'keep' },
  note: { strangers: 'change', desk: 'keep' },
  run: { strangers: 'drop', desk: 'drop' },
};

export interface Terms {
  readonly circle: Circle;
  readonly victim: boolean;
  /** The owner has agreed to be named to the desk. */
  readonly named: boolean;
}

/** What happens to a field in a bundle of these terms. */
export function treatmentOf(field: ShareField, { circle, victim, named }: Terms): Treatment {
  const rule = RULES[field];
  if (rule.victimOnly === true && !victim) return 'drop';
  if (field === 'organisation' && named && circle === 'desk') return 'keep';
  return rule[circle];
}

/** Whether a field is of the victim's envelope alone. */
export function isVictimOnly(field: ShareField): boolean {
  return RULES[field].victimOnly === true;
}
