/** Names and addresses for the owner to say yes or no to. */
import { showable } from '../../lib/hostile-text.ts';
import { compareInstants, latest } from '../../lib/time.ts';
import { domainsOf, kinOf, MAX_CANDIDATES, type CandidateKin } from '../../model/candidate-kin.ts';
import type { Candidate } from '../../model/snapshot.ts';
import type { CandidateRow, CandidatesView } from '../view-model-rescue.ts';
import { joined, type Context } from './context.ts';

const ROWS = 100;
/** Places or searches named in one sentence. */
const NAMED = 3;
const SENTENCES = 4;
const PROVIDERS = 12;

/** What the organisation may know comes first: names under its own domains. */
export function buildCandidates(context: Context): CandidatesView | undefined {
  const { m, snapshot } = context;
  const all = snapshot.candidates ?? [];
  if (all.length === 0) return undefined;
  const own = domainsOf(snapshot.sites.flatMap(({ hosts }) => hosts));
  const kin = (kind: CandidateKin): Candidate[] => all.filter((one) => kinOf(one, own) === kind);
  const asked = [...kin('own-domain'), ...kin('other')];
  const lent = kin('provider').map(({ value }) => showable(value, 80));
  const hidden = asked.length - ROWS;
  return {
    rows: asked.slice(0, ROWS).map((one) => rowOf(context, one)),
    notes: [
      ...(hidden > 0 ? [m.yours.more(hidden)] : []),
      ...(all.length >= MAX_CANDIDATES ? [m.yours.full(MAX_CANDIDATES)] : []),
      ...(asked.length > 0 ? [m.yours.add, m.yours.leave] : []),
    ],
    providers:
      lent.length === 0 ? undefined : { note: m.yours.providers, names: joined(context, lent, PROVIDERS) },
  };
}

function rowOf(context: Context, { value, found, shows }: Candidate): CandidateRow {
  const { dates } = context;
  const newest = latest(found.map(({ at }) => at));
  return {
    value: showable(value, 120),
    found: sentences(context, found),
    date: newest === undefined ? context.m.dash : dates.numeric(newest),
    shows: shows.map((line) => showable(line, 60)),
  };
}

/** One sentence for each reason and source, the newest first. */
function sentences(context: Context, found: Candidate['found']): string[] {
  const { m } = context;
  const groups = new Map<string, Candidate['found']>();
  for (const one of found.toSorted((a, b) => compareInstants(b.at, a.at))) {
    const key = `${one.why} ${one.source}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].slice(0, SENTENCES).flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const named = [...new Set(group.map(({ by }) => placeOf(by)))];
    return [m.yours.found[first.why](joined(context, named, NAMED), m.ids.source[first.source])];
  });
}

/** Where it came up. The transport of a service key says nothing to the owner. */
function placeOf(by: string): string {
  return showable(by.replace(/\/(?:tcp|udp|unknown)$/, ''), 80);
}
