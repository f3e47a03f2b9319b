/**
 * nmap and masscan as they are, started by the command in a network namespace: what they find comes into the run, and packet
 * counters in the target show that they stay in the scope as the own probes do.
 */
import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SourceCoverage } from '../../src/model/snapshot.ts';
import type { Observation } from '../../src/model/observation.ts';
import type { ServerSpec } from '../servers/serve.ts';
import { createDaemons, must, sleep } from './support/command.ts';
import { makePair, namespaceProblem, type NamespacePair } from './support/namespaces.ts';
import { createWorkplace, scan, type Workplace } from './support/sekisho.ts';

const RANGE = '10.90.0.0/24';
const IN_SCOPE = '10.90.0.8/29';
const [FRONT, OTHER, EXCLUDED, UNLISTED] = ['10.90.0.10', '10.90.0.11', '10.90.0.12', '10.90.0.20'];
const PORTS = [22, 80, 443, 3389, 5900, 8080];
/** AnyIP answers for every address; refusals would tell masscan nothing, so what has no server is silent. */
const RULES = `table inet watch {
  counter in_scope {}
  counter excluded {}
  counter other {}
  counter connects {}
  chain arrivals {
    type filter hook prerouting priority -300; policy accept;
    iifname "lo" accept
    ip daddr ${EXCLUDED} counter name "excluded" accept
    ip daddr 10.91.0.2 accept
    ip daddr ${IN_SCOPE} tcp flags syn tcp option timestamp exists counter name "connects"
    ip daddr ${IN_SCOPE} counter name "in_scope" accept
    counter name "other"
  }
  chain inbound {
    type filter hook input priority 0; policy accept;
    ip daddr { ${FRONT}, ${OTHER} } tcp dport { 22, 80 } accept
    ip daddr ${RANGE} drop
  }
}`;
const SERVERS: readonly ServerSpec[] = [FRONT, OTHER, EXCLUDED, UNLISTED].flatMap((host): ServerSpec[] => [
  { kind: 'ssh', host, port: 22 },
  { kind: 'redirect', host, port: 80, to: `http://${UNLISTED}/` },
]);

const problem = namespaceProblem();

describe('nmap and masscan, the real ones', () => {
  if (problem !== undefined) {
    it('can run here', () => expect.fail(problem));
    return;
  }

  const daemons = createDaemons();
  let pair: NamespacePair;
  let work: Workplace;
  const counters = (): Record<string, number> =>
    Object.fromEntries(
      ['in_scope', 'excluded', 'other', 'connects'].map((name) => [name, pair.counter(name)]),
    );
  const write = (observe: Record<string, unknown>, probe: Record<string, unknown> = {}): void =>
    work.writeOrganisation({
      sites: [{ id: 'hq', ranges: [IN_SCOPE] }],
      exclusions: [EXCLUDED],
      probe: { ports: PORTS, rate: 500, 'connect-timeout-ms': 300, udp: false, ...probe },
      observe,
    });
  const run = (args: readonly string[] = [], onStart?: (child: ChildProcess) => void) =>
    scan(work, args, { wrap: (argv) => pair.inScan(argv), ...(onStart && { onStart }) });

  beforeAll(async () => {
    pair = makePair();
    pair.own(RANGE);
    pair.nft(RULES);
    // masscan looks for the interface of the default route. It leads into the other namespace, which has no way out.
    must(['ip', '-n', pair.scan, 'route', 'add', 'default', 'via', '10.91.0.2']);
    work = createWorkplace();
    const file = join(work.folder, 'servers.json');
    writeFileSync(file, JSON.stringify(SERVERS));
    const script = resolve(import.meta.dirname, '../servers/serve.ts');
    await daemons.start(pair.inTarget([process.execPath, '--import', 'tsx', script, file]), {
      readyLine: 'ready',
    });
  });

  beforeEach(() => void must(pair.inTarget(['nft', 'reset', 'counters'])));

  afterAll(async () => {
    await daemons.endAll();
    await pair.remove();
    work.remove();
  });

  it('nmap: recognises what it finds, and follows no redirect out of the scope', async () => {
    write({
      nmap: {
        use: true,
        ports: '22,80',
        options: ['-sV', '--version-light'],
        scripts: ['banner', 'http-title', 'ssh-hostkey'],
      },
    });
    const { code, stderr } = await run();
    expect([0, 10, 20], stderr).toContain(code);
    const { coverage, observations } = newest(work);
    expect(coverage.find(({ source }) => source === 'nmap')).toMatchObject({
      state: 'complete',
      addresses: 7,
      looked: 7,
      answered: 2,
    });
    const open = observations.filter(({ source, status }) => source === 'nmap' && status === 'open');
    expect(open.map(({ address, port, protocol }) => `${address} ${port} ${protocol}`).toSorted()).toEqual([
      `${FRONT} 22 ssh`,
      `${FRONT} 80 http`,
      `${OTHER} 22 ssh`,
      `${OTHER} 80 http`,
    ]);
    const ssh = open.find(({ port }) => port === 22)?.facts.ssh;
    expect(ssh?.banner).toMatch(/^SSH-2\.0-/);
    expect(open.find(({ port }) => port === 80)?.facts.http?.answers[0]?.headers).toContainEqual([
      expect.stringMatching(/^location$/i),
      `http://${UNLISTED}/`,
    ]);
    expect(counters()).toMatchObject({ excluded: 0, other: 0 });
  });

  it('nmap: Ctrl-C ends it too, and the run says that it was interrupted', async () => {
    write(
      { nmap: { use: true, ports: '1-65535', options: ['-sS', '--max-retries', '0'] } },
      { ports: [22], rate: 50 },
    );
    let wasRunning: Promise<boolean> | undefined;
    const { code } = await run([], (child) => {
      wasRunning = interruptLater(child);
    });
    expect(await wasRunning).toBe(true);
    expect(code).toBe(130);
    const { coverage } = newest(work);
    expect(coverage.find(({ source }) => source === 'nmap')).toMatchObject({
      reason: 'interrupted',
      looked: 0,
    });
    expect(must(['ip', 'netns', 'pids', pair.scan]).trim()).toBe('');
  });

  it('masscan without the right to raw sockets: the own discovery looks by itself, and the run says why', async () => {
    write({ masscan: { use: true, rate: 500 } });
    const without = ['setpriv', '--bounding-set=-net_raw', '--inh-caps=-net_raw'];
    const { code, stderr } = await scan(work, [], { wrap: (argv) => pair.inScan([...without, ...argv]) });
    expect([0, 10, 20], stderr).toContain(code);
    const probe = newest(work).coverage.find(({ source }) => source === 'probe');
    expect(probe).toMatchObject({ state: 'complete', looked: 7, answered: 2 });
    expect(probe?.notLooked).toContainEqual({ what: 'masscan', reason: 'no-raw-sockets', count: 0 });
    expect(counters()['connects']).toBeGreaterThanOrEqual(7 * PORTS.length);
  });

  it('masscan: what it finds is confirmed, what it does not find is not asked again', async () => {
    write({ masscan: { use: true, rate: 500 } });
    const { code, stderr } = await run();
    expect([0, 10, 20], stderr).toContain(code);
    const { coverage, services } = newest(work);
    const probe = coverage.find(({ source }) => source === 'probe');
    expect(probe).toMatchObject({ state: 'complete', addresses: 7, looked: 7, answered: 2 });
    expect(probe?.notLooked).toEqual([{ what: EXCLUDED, reason: 'excluded', count: 1 }]);
    expect(probe?.lookedAt?.responding).toHaveLength(2);
    expect(services.toSorted()).toEqual(
      [FRONT, OTHER].flatMap((host) => [`${host}:22/tcp`, `${host}:80/tcp`]).toSorted(),
    );
    const { excluded, other, connects } = counters();
    expect({ excluded, other }).toEqual({ excluded: 0, other: 0 });
    // Only the own connections carry a time stamp; a look at every place would take 42 of them for the silent ones alone.
    expect(connects).toBeLessThan(42);
    expect(connects).toBeGreaterThanOrEqual(4);
  });
});

/** SIGINT to the command once nmap runs, as a terminal would send it. @returns whether nmap was seen */
async function interruptLater(child: ChildProcess): Promise<boolean> {
  const isRunning = (): boolean =>
    must(['sh', '-c', `pgrep -P ${child.pid ?? 0} nmap || true`]).trim() !== '';
  for (let waited = 0; waited < 200 && !isRunning(); waited += 1) await sleep(100);
  await sleep(500);
  const wasRunning = isRunning();
  child.kill('SIGINT');
  return wasRunning;
}

interface Newest {
  readonly coverage: readonly SourceCoverage[];
  /** Keys. */
  readonly services: string[];
  readonly observations: readonly Observation[];
}

function newest(work: Workplace): Newest {
  const folder = join(work.reports, 'real-test');
  const last = readdirSync(folder)
    .filter((name) => /^\d/.test(name))
    .toSorted()
    .at(-1);
  const path = join(folder, last ?? '');
  const snapshot = JSON.parse(readFileSync(join(path, 'snapshot.json'), 'utf8')) as {
    coverage: SourceCoverage[];
    services: { key: string }[];
  };
  const lines = readFileSync(join(path, 'journal.jsonl'), 'utf8').split('\n');
  const entries = lines
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { kind: string } & Observation);
  return {
    coverage: snapshot.coverage,
    services: snapshot.services.map(({ key }) => key),
    observations: entries.filter(({ kind }) => kind === 'observation'),
  };
}
