/**
 * InternetDB does not tell TCP from UDP, so the same door is "203.0.113.10:3389/unknown" in a passive run and
 * "203.0.113.10:3389/tcp" once our own probe has been there. Keys differ; the thing, its spoken id and its first date do not.
 */
import type { Finding } from '../model/finding.ts';
import type { RegisterEntry } from '../model/snapshot.ts';

/** Splits "[2001:db8::1]:443/tcp"; undefined for a text that is no service key. */
export function parseServiceKey(
  key: string,
): { address: string; port: number; transport: 'tcp' | 'udp' | 'unknown' } | undefined {
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})\/(tcp|udp|unknown)$/.exec(key);
  const address = match?.[1] ?? match?.[2];
  const transport = match?.[4];
  if (address === undefined || match?.[3] === undefined) return undefined;
  if (transport !== 'tcp' && transport !== 'udp' && transport !== 'unknown') return undefined;
  return { address, port: Number(match[3]), transport };
}

/**
 * Register entry of each finding: by key, else the only other one at the same place whose transport, or the finding's, is
 * unknown. Two that could be meant are left apart.
 */
export function entriesOf(
  findings: readonly Finding[],
  register: readonly RegisterEntry[],
): Map<Finding, RegisterEntry> {
  const byKey = new Map(register.map((entry) => [entry.key, entry]));
  const found = new Map<Finding, RegisterEntry>();
  for (const finding of findings) {
    const entry = byKey.get(finding.key);
    if (entry !== undefined) found.set(finding, entry);
  }
  const taken = new Set(found.values());
  const freeEntries = byPlace(register.filter((entry) => !taken.has(entry)));
  const freeFindings = byPlace(findings.filter((finding) => !found.has(finding)));
  for (const [place, candidates] of freeFindings) {
    const [finding, otherFinding] = candidates;
    const [entry, otherEntry] = freeEntries.get(place) ?? [];
    if (
      finding === undefined ||
      entry === undefined ||
      otherFinding !== undefined ||
      otherEntry !== undefined
    )
      continue;
    const vague = [finding, entry].filter(({ subject }) => subject.endsWith('/unknown'));
    if (vague.length === 1) found.set(finding, entry);
  }
  return found;
}

function byPlace<T extends { readonly subject: string }>(things: readonly T[]): Map<string, T[]> {
  const places = new Map<string, T[]>();
  for (const thing of things) {
    const place = thing.subject.slice(0, thing.subject.lastIndexOf('/'));
    const there = places.get(place);
    if (there === undefined) places.set(place, [thing]);
    else there.push(thing);
  }
  return places;
}
