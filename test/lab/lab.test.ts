/** The real command against the laboratory: every service and every deceiver is a test of its own. */
import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  complaint,
  judge,
  placeKey,
  rowOf,
  seenBySekisho,
  table,
  type Judgement,
  type ServiceLine,
} from './judge.ts';
import { down, look, up } from './laboratory.ts';
import { readTruth, tcpPorts, type DeceiverTruth, type ServiceTruth } from './truth.ts';

const truth = readTruth();
/** The deceivers' own part of the network, looked at by a run of its own: its time is bounded by itself. */
const DECEIVERS = '10.88.0.200-10.88.0.220';
const HONEST_LIMIT_S = 300;
const DECEIVERS_LIMIT_S = 240;

describe('laboratory', () => {
  if (process.getuid?.() !== 0 || process.platform !== 'linux') {
    it('can be tested here', () => {
      expect.fail('needs root on Debian 12 (network namespaces) and the packages of test/lab/install.sh');
    });
    return;
  }

  let honest: ReadonlyMap<string, ServiceLine>;
  let deceiving: readonly ServiceLine[];
  let seconds = { honest: 0, deceivers: 0 };

  const judged = (one: ServiceTruth): { line: ServiceLine | undefined; judgement: Judgement } => {
    const line = honest.get(one.at.key);
    return { line, judgement: judge(one, line && seenBySekisho(line)) };
  };

  beforeAll(async () => {
    console.log(await up());
    const ports = tcpPorts(truth);
    const all = await look(['10.88.0.0/24'], ports, { exclusions: [DECEIVERS], timeoutMs: 400_000 });
    honest = new Map(all.lines.map((line) => [placeKey(line.address, line.port, line.transport), line]));
    const odd = await look([DECEIVERS], ports, { timeoutMs: 400_000 });
    deceiving = odd.lines;
    seconds = { honest: all.seconds, deceivers: odd.seconds };
    const rows = truth.services.map((one) => {
      const { line, judgement } = judged(one);
      return rowOf(one, line && seenBySekisho(line), judgement);
    });
    console.log(table([['', 'place', 'server', 'expected', 'seen', 'complaint'], ...rows]));
    console.log(table(truth.deceivers.map((one) => [one.address, one.does, summaryOf(one, deceiving)])));
    const right = rows.filter(([verdict]) => verdict === 'ok').length;
    console.log(
      `${right} of ${rows.length} right; honest hosts ${all.seconds.toFixed(0)} s, deceivers ${odd.seconds.toFixed(0)} s`,
    );
  }, 1_200_000);

  afterAll(async () => {
    if (process.env['SKLAB_STAY'] === undefined) await down();
  }, 90_000);

  it('names only products that have a file', () => {
    const known = new Set(productIds());
    const named = truth.services.flatMap(({ product, or }) => [product ?? [], or].flat());
    expect(named.filter((id) => !known.has(id))).toEqual([]);
  });

  it.each(truth.services.map((one) => [one.at.key, one.name, one] as const))('%s %s', (_at, _name, one) => {
    const { line, judgement } = judged(one);
    expect(judgement.isRight, `${complaint(judgement)}\nseen: ${JSON.stringify(line ?? null)}`).toBe(true);
  });

  it('claims no service where none stands', () => {
    const known = new Set(truth.services.map(({ at }) => at.key));
    const strangers = [...honest.keys()].filter((key) => !known.has(key) && !BESIDE.has(key));
    expect(strangers).toEqual([]);
  });

  it.each(truth.deceivers.map((one) => [one.address, one.does, one] as const))(
    '%s %s',
    (address, _does, one) => {
      const lines = deceiving.filter((line) => line.address === address);
      for (const oddity of one.oddities) {
        expect(
          lines.some(({ oddities }) => oddities.includes(oddity)),
          `${oddity} is not said: ${summaryOf(one, deceiving)}`,
        ).toBe(true);
      }
      if (one.atMost !== undefined) expect(lines.length).toBeLessThanOrEqual(one.atMost);
      for (const port of one.finds) {
        expect(lines.find((line) => line.port === port && line.transport === 'tcp')?.protocol).toBe('http');
      }
      // A plain web server's own name (class web) claims nothing about the boundary.
      const believed = lines.filter(
        (line) => line.product?.certainty === 'confirmed' && line.class !== 'web',
      );
      if (one.oddities.length > 0)
        expect(believed.map(({ key, product }) => `${key} ${product?.id}`)).toEqual([]);
    },
  );

  it('is done in time, whatever the hosts do', () => {
    expect(seconds.honest).toBeLessThan(HONEST_LIMIT_S);
    expect(seconds.deceivers).toBeLessThan(DECEIVERS_LIMIT_S);
  });
});

function productIds(): string[] {
  const folder = new URL('../../config/products', import.meta.url).pathname;
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('.yaml')).map((name) => basename(name, '.yaml'));
}

/** Places that listen besides those of the truth, as parts of the same servers. */
const BESIDE = new Set(['10.88.0.86:464/udp']);

function summaryOf({ address }: DeceiverTruth, lines: readonly ServiceLine[]): string {
  const own = lines.filter((line) => line.address === address);
  const told = own
    .slice(0, 6)
    .map(
      ({ port, transport, protocol, product, oddities }) =>
        `${port}/${transport} ${protocol} ${product?.id ?? '-'}${oddities.length > 0 ? ` [${oddities.join(' ')}]` : ''}`,
    );
  return `${own.length} services: ${told.join(', ')}`;
}
