/** Why a door could be the way in, as far as it shows from outside. */
import type { Concern } from '../../model/facts.ts';
import type { Inputs } from '../../model/finding.ts';
import { compareInstants } from '../../lib/time.ts';
import { judged, type Judged } from './answered.ts';
import { seenByProbe, type Context } from './context.ts';
import { logPeriod } from './numbers.ts';

/**
 * Message ids, each with its weight: 1 weighs most. A door stands where its weightiest reason puts it; how many it has decides only
 * between equals.
 */
const WEIGHTS = {
  misuse: 1,
  open: 2,
  affected: 2,
  commands: 2,
  directory: 3,
  suspected: 3,
  password: 4,
  control: 4,
  anonymous: 4,
  recorded: 5,
  ended: 5,
  reopened: 5,
  undeclared: 6,
  unknown: 7,
} as const satisfies Record<string, number>;
export type Reason = keyof typeof WEIGHTS;

/** Ways to get in that the answer itself shows. */
const ANONYMOUS: readonly Concern[] = ['anonymous-user', 'no-authentication-type', 'exported-to-everyone'];

/** A door with what speaks for it, weightiest first. */
export interface WayIn extends Judged {
  readonly reasons: readonly Reason[];
}

/** Weightiest first; at one weight what an own probe got in at, then what is most urgent, then what was open first. */
export function waysIn(context: Context): WayIn[] {
  const likely = judged(context)
    .filter(({ finding }) => isWayIn(finding.inputs))
    .map((one): WayIn => ({ ...one, reasons: reasonsFor(context, one) }))
    .filter(({ reasons }) => reasons.length > 0);
  return likely.toSorted(
    (a, b) =>
      weightOf(a.reasons) - weightOf(b.reasons) ||
      Number(seenByProbe(b.service)) - Number(seenByProbe(a.service)) ||
      Number(a.finding.priority.slice(1)) - Number(b.finding.priority.slice(1)) ||
      b.reasons.length - a.reasons.length ||
      compareInstants(logPeriod(a.finding, a.service).from, logPeriod(b.finding, b.service).from),
  );
}

/** Weightiest first; none: nothing that shows from outside speaks for it. */
function reasonsFor(context: Context, { finding, service }: Judged): Reason[] {
  const { inputs } = finding;
  const { concerns = [] } = service;
  const isControl = context.knowledge.classes[inputs.class].control;
  const holds: Record<Reason, boolean> = {
    misuse: inputs.misuse,
    open: inputs.authentication === 'none',
    affected: inputs.knownUse === 'confirmed',
    commands: concerns.includes('runs-commands'),
    directory: inputs.class === 'directory' || inputs.class === 'smb',
    suspected: inputs.knownUse === 'product-matches',
    password: inputs.authentication === 'password',
    control: isControl && inputs.authentication === 'unknown',
    anonymous: concerns.some((one) => ANONYMOUS.includes(one)),
    recorded: inputs.knownUse === 'passive-only',
    ended: inputs.support === 'ended',
    reopened: inputs.reopened,
    undeclared: isControl && !inputs.declared && inputs.baseline !== false,
    unknown: inputs.knownUse === 'unknown' || inputs.authentication === 'unknown',
  };
  const reasons = (Object.keys(WEIGHTS) as Reason[]).filter((reason) => holds[reason]);
  // "Not known" is a reason only where nothing else is.
  return reasons.length > 1 ? reasons.filter((reason) => reason !== 'unknown') : reasons;
}

/** 1: weighs most. */
export function weightOf(reasons: readonly Reason[]): number {
  return Math.min(...reasons.map((reason) => WEIGHTS[reason]));
}

/** What leads inside, and what holds data and has a weakness with which others were taken over. */
function isWayIn({ role, misuse, knownUse, codeExecution, artefact }: Inputs): boolean {
  if (artefact === true) return false;
  const isTakenOver = codeExecution && (knownUse === 'confirmed' || knownUse === 'product-matches');
  return role === 'door' || misuse || (role === 'window' && isTakenOver);
}
