/** A run of many services, made of the golden one over and over: its looks, its evidence, its findings, at other documentation addresses. */
import type { Observation } from '../../src/model/observation.ts';
import { serviceKey } from '../../src/model/service.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import type { JournalContent } from '../../src/track/read-journal.ts';
import type { Golden } from '../golden/golden.ts';

const BLOCKS = ['203.0.113', '198.51.100', '192.0.2'];

export interface BigRun {
  readonly snapshot: Snapshot;
  readonly journal: JournalContent;
}

/** @param findings at most so many services have theirs; the others are known and nothing is said of them. */
export function bigRun({ snapshots, journals }: Golden, services: number, findings: number): BigRun {
  const [, of] = snapshots;
  const looks = new Map(journals[1].observations.map((one) => [one.id, one]));
  const judged = of.services.filter(({ key }) => of.findings.some(({ subject }) => subject === key));
  const made: Snapshot['services'] = [];
  const found: Snapshot['findings'] = [];
  const register: Snapshot['register'] = [];
  const changes: Snapshot['changes'] = [];
  const observations: Observation[] = [];
  for (let n = 0; n < services; n += 1) {
    const template = judged[n % judged.length];
    if (template === undefined) throw new Error('the golden run has findings');
    const { address, port } = placeOf(n, template.port);
    const key = serviceKey(address, port, template.transport);
    const ids = template.observations.map((id) => `${id}/${n}`);
    for (const [at, id] of template.observations.entries()) {
      const look = looks.get(id);
      if (look !== undefined) observations.push({ ...look, id: ids[at] ?? '', address, port });
    }
    made.push({ ...template, key, address, port, observations: ids });
    const judgement = of.findings.find(({ subject }) => subject === template.key);
    // Spread, so that those with a finding are of every kind.
    const isJudged = Math.floor((n * findings) / services) < Math.floor(((n + 1) * findings) / services);
    if (judgement === undefined || !isJudged) continue;
    const spokenId = `B-${String(found.length + 1).padStart(2, '0')}`;
    const own = { key: n.toString(16).padStart(16, '0'), subject: key, spokenId };
    found.push({ ...judgement, ...own });
    const entry = of.register.find((one) => one.key === judgement.key);
    if (entry !== undefined) register.push({ ...entry, ...own });
    const change = of.changes.find((one) => one.key === judgement.key);
    if (change !== undefined) changes.push({ ...change, ...own });
  }
  return {
    snapshot: { ...of, services: made, findings: found, register, changes },
    journal: { ...journals[1], observations },
  };
}

function placeOf(n: number, port: number): { readonly address: string; readonly port: number } {
  const host = n % (BLOCKS.length * 250);
  const address = `${BLOCKS[Math.floor(host / 250)] ?? BLOCKS[0]}.${(host % 250) + 1}`;
  return { address, port: ((port + 1000 * Math.floor(n / (BLOCKS.length * 250))) % 65_000) + 1 };
}
