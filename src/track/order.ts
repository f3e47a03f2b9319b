import { compareAddresses } from '../lib/address.ts';
import type { Scope } from '../model/scope.ts';
import type { Change } from '../model/snapshot.ts';
import { parseServiceKey } from './alias.ts';

interface Sortable {
  readonly key: string;
  readonly subject: string;
  readonly priority: string;
  readonly siteId?: string | undefined;
}

/** Most urgent first, then sites as in the organisation file, then address, port, transport; the key decides ties. */
export function bySeverityAndPlace(scope: Scope): (a: Sortable, b: Sortable) => number {
  const rank = new Map(scope.sites.map(({ id }, index) => [id, index]));
  const site = ({ siteId }: Sortable): number => rank.get(siteId ?? '') ?? rank.size;
  return (a, b) =>
    compareText(a.priority, b.priority) ||
    site(a) - site(b) ||
    compareSubjects(a.subject, b.subject) ||
    compareText(a.key, b.key);
}

export function compareSubjects(a: string, b: string): number {
  const [left, right] = [parseServiceKey(a), parseServiceKey(b)];
  if (left === undefined || right === undefined) return compareText(a, b);
  return (
    compareAddresses(left.address, right.address) ||
    left.port - right.port ||
    compareText(left.transport, right.transport)
  );
}

export function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

const KINDS: readonly Change['kind'][] = [
  'new',
  're-opened',
  'raised',
  'changed',
  'content-changed',
  'lowered',
  'closed',
  'not-seen',
  'expiring',
  'not-checked',
  'content-varied',
];

export function sortChanges(changes: readonly Change[], scope: Scope): Change[] {
  const bySeverity = bySeverityAndPlace(scope);
  return changes.toSorted((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || bySeverity(a, b));
}
