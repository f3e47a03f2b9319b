/**
 * No packet outside the scope: packet counters in the target's namespace, not the program's own word. Every forbidden neighbour
 * runs the same servers as the places in scope, so a packet that went there would be counted and answered.
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ServerSpec, Witnessed } from '../servers/serve.ts';
import { createDaemons, must, type Daemon } from './support/command.ts';
import { makePair, namespaceProblem, type NamespacePair } from './support/namespaces.ts';
import { createWorkplace, scan, type Workplace } from './support/sekisho.ts';

const IN_SCOPE = '10.90.0.8/29';
const [FRONT, OTHER, EXCLUDED, UNLISTED] = ['10.90.0.10', '10.90.0.11', '10.90.0.12', '10.90.0.20'];
const REBINDING = 'rebind.kakuu.example';
const MIXED = 'mixed.kakuu.example';
const RULES = `table inet watch {
  counter in_scope {}
  counter excluded {}
  counter other {}
  chain arrivals {
    type filter hook prerouting priority -300; policy accept;
    iifname "lo" accept
    ip daddr ${EXCLUDED} counter name "excluded" accept
    ip daddr ${IN_SCOPE} counter name "in_scope" accept
    counter name "other"
  }
}`;

/** Every way of being sent elsewhere: port of the front → where it redirects to. */
const REDIRECTS: Readonly<Record<number, string>> = {
  80: `http://${UNLISTED}/address`,
  8080: `http://${REBINDING}/rebinding`,
  8081: `http://${EXCLUDED}/excluded`,
  8082: `http://${MIXED}/one-of-two-outside`,
  8083: `http://[::ffff:${UNLISTED}]/mapped`,
  8084: 'http://0x0a5a0014/hexadecimal',
};
/** These names are in scope when they are first asked for; whether they are followed is free, where to is not. */
const LATE_REDIRECTS: Readonly<Record<number, string>> = {
  8085: 'http://late-1.kakuu.example:8090/',
  8086: 'http://late-2.kakuu.example:8090/',
  8087: 'http://late-3.kakuu.example:8090/',
};
/** Not in the list of ports: whoever comes here has followed a redirect. */
const CONTROL_PORT = 8099;
const CONTROL_REDIRECT = { 8098: `http://${FRONT}:${CONTROL_PORT}/followed` };
const PORTS = [
  22,
  ...[REDIRECTS, LATE_REDIRECTS, CONTROL_REDIRECT].flatMap((one) => Object.keys(one).map(Number)),
];

const NAMES: Readonly<Record<string, readonly (readonly string[])[]>> = {
  [REBINDING]: [[OTHER], [UNLISTED]],
  [MIXED]: [[OTHER, UNLISTED]],
  'late-1.kakuu.example': [[FRONT], [UNLISTED]],
  'late-2.kakuu.example': [[FRONT], [FRONT], [UNLISTED]],
  'late-3.kakuu.example': [[FRONT], [FRONT], [FRONT], [UNLISTED]],
};

const servers: ServerSpec[] = [
  ...Object.entries({ ...REDIRECTS, ...LATE_REDIRECTS, ...CONTROL_REDIRECT }).map(([port, to]) => ({
    kind: 'redirect' as const,
    host: FRONT,
    port: Number(port),
    to,
  })),
  { kind: 'company', host: FRONT, port: CONTROL_PORT },
  ...[OTHER, EXCLUDED, UNLISTED, '10.90.0.7', '10.90.0.16'].flatMap((host) => [
    { kind: 'company' as const, host, port: 80 },
    { kind: 'company' as const, host, port: 8090 },
    { kind: 'ssh' as const, host, port: 22 },
  ]),
];

describe('scope', () => {
  const problem = namespaceProblem();
  if (problem !== undefined) {
    it('can be tested here', () => expect.fail(problem));
    return;
  }

  const daemons = createDaemons();
  let pair: NamespacePair;
  let work: Workplace;
  let target: Daemon;
  let names: Daemon;
  const inScan = () => ({ wrap: (argv: readonly string[]) => pair.inScan(argv) });
  const counters = () => ({
    inScope: pair.counter('in_scope'),
    excluded: pair.counter('excluded'),
    other: pair.counter('other'),
  });

  beforeAll(async () => {
    work = createWorkplace();
    pair = makePair('127.0.0.1');
    pair.own('10.90.0.0/24');
    pair.nft(RULES);
    const serve = (name: string, specs: readonly ServerSpec[]): string[] => {
      const file = join(work.folder, `${name}.json`);
      writeFileSync(file, JSON.stringify(specs));
      const script = resolve(import.meta.dirname, '../servers/serve.ts');
      return [process.execPath, '--import', 'tsx', script, file];
    };
    target = await daemons.start(pair.inTarget(serve('target', servers)), { readyLine: 'ready' });
    const dns: ServerSpec = {
      kind: 'dns',
      host: '127.0.0.1',
      port: 53,
      names: NAMES,
    };
    names = await daemons.start(pair.inScan(serve('dns', [dns])), { readyLine: 'ready' });
    work.writeOrganisation({
      sites: [{ id: 'hq', ranges: [IN_SCOPE], hosts: [REBINDING, MIXED, 'late-1.kakuu.example'] }],
      exclusions: [EXCLUDED],
      probe: { ports: PORTS, rate: 500 },
    });
  });

  afterAll(async () => {
    await daemons.endAll();
    await pair.remove();
    work.remove();
  });

  it('counts a packet to each kind of place when there is one', () => {
    // Without this the zeros below would prove nothing.
    for (const address of [FRONT, EXCLUDED, UNLISTED]) {
      must(pair.inScan(['bash', '-c', `exec 3<>/dev/tcp/${address}/80`]));
    }
    const { inScope, excluded, other } = counters();
    expect(Math.min(inScope, excluded, other)).toBeGreaterThan(0);
    must(pair.inTarget(['nft', 'reset', 'counters']));
    expect(counters()).toEqual({ inScope: 0, excluded: 0, other: 0 });
  });

  it.each(['--passive', '--dry-run'])('sends nothing at all with %s', async (option) => {
    const before = counters();
    const { code, stderr } = await scan(work, [option], inScan());
    expect([0, 10, 30], stderr).toContain(code);
    expect(counters()).toEqual(before);
  });

  it('reaches only what is in scope, whatever a server or a name says', async () => {
    const { code, stderr } = await scan(work, [], inScan());
    expect([0, 10, 20, 30], stderr).toContain(code);

    const { inScope, excluded, other } = counters();
    expect(inScope).toBeGreaterThan(50);
    expect({ excluded, other }).toEqual({ excluded: 0, other: 0 });
  });

  it('had been offered every way out, and wrote down that it did not take it', () => {
    const journal = readNewestJournal(work);
    const notFollowed = new Set(
      journal.flatMap(({ facts }) => facts?.http?.notFollowed?.map(({ location }) => location) ?? []),
    );
    for (const location of Object.values(REDIRECTS)) {
      expect(
        [...notFollowed].some((one) => sameTarget(one, location)),
        `${location} in ${[...notFollowed].join(' ')}`,
      ).toBe(true);
    }
  });

  it('had followed a redirect inside the scope, and changed nothing anywhere', async () => {
    await target.end();
    await names.end();
    const witnessed = readWitness(target);
    expect(witnessed[`${FRONT}:${CONTROL_PORT}`]?.accepted).toBeGreaterThan(0);
    for (const [place, { events }] of Object.entries(witnessed)) expect(events, place).toEqual([]);
    const questions = Object.values(readWitness(names)).flatMap(({ events }) => events);
    const asked = (name: string): number =>
      questions.filter((question) => question === `dns A ${name}`).length;
    expect(asked(REBINDING)).toBeGreaterThan(1);
    for (const name of Object.keys(NAMES)) expect(asked(name), name).toBeGreaterThan(0);
  });
});

function readWitness(daemon: Daemon): Witnessed {
  const line = daemon.output().trim().split('\n').at(-1) ?? '';
  return JSON.parse(line) as Witnessed;
}

interface JournalLine {
  readonly facts?: { readonly http?: { readonly notFollowed?: readonly { readonly location: string }[] } };
}

function readNewestJournal(work: Workplace): JournalLine[] {
  const folder = join(work.reports, 'real-test');
  const run =
    readdirSync(folder)
      .filter((name) => /^\d/.test(name))
      .toSorted()
      .at(-1) ?? '';
  const text = readFileSync(join(folder, run, 'journal.jsonl'), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as JournalLine);
}

/** URLs are compared as a browser reads them: "0x0a5a0014" is an address too. */
function sameTarget(one: string, other: string): boolean {
  return one === other || new URL(one).href === new URL(other).href;
}
