/** Peers that are silent, slow, endless or wrong, all at once; an honest server stands beside them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Observation } from '../../src/model/observation.ts';
import { startSmtp } from '../servers/mail.ts';
import type { Listening } from '../servers/listening.ts';
import {
  bloated,
  closeAtOnce,
  continueFlood,
  crumbs,
  endless,
  endlessHeaders,
  garbage,
  gzipBomb,
  halfHandshake,
  http,
  rdpNonsense,
  rdpThenGarbage,
  redirectLoop,
  reset,
  rfb255Types,
  silent,
  slowHttp,
  sshHugeName,
  tarpit,
  tlsGarbage,
  wrongChunks,
} from './behaviours.ts';
import { runChild, type ChildResult } from './child.ts';
import { startCrowd, type Behaviour, type Crowd } from './crowd.ts';
import { writeOrganisation } from './organisation.ts';
import { journalUnder } from './runs.ts';

/** Twelve silent ports are waited for, two at a time and some 3.5 s each with these settings; the rest is given up. */
const WHOLE_RUN_SECONDS = 45;
/** Start of the program included. Idle: 1.5 s. */
const HONEST_SECONDS = 5;
/** Node with tsx alone takes some 140 MB; measured here: 210 to 230. */
const MEMORY_MB = 450;
/** `per-host` of the organisation file as it is when nobody says otherwise. */
const PER_HOST = 6;

const FORTY = Array.from({ length: 40 }, (_, n) => 20_000 + n);
const HONEST = '127.89.0.14';
const OUT_OF_SCOPE = '127.90.0.1';
const PRINTER = 9100;

const PEERS: Readonly<Record<string, Readonly<Record<number, Behaviour>>>> = {
  '127.89.0.1': Object.fromEntries(FORTY.map((port) => [port, silent])),
  '127.89.0.2': Object.fromEntries([22, 25, 80, 443, 3389, 5900].map((port) => [port, tarpit])),
  '127.89.0.3': {
    21: crumbs('220-x\r\n', '220-ftp\r\n'),
    22: endless(Buffer.alloc(65_536, 'A')),
    25: endless('220-x\r\n'.repeat(8000)),
    80: endless('x'.repeat(60_000), 'HTTP/1.1 200 OK\r\n\r\n'),
    143: crumbs('* x\r\n', '* OK\r\n'),
    443: endless(Buffer.alloc(65_536, 0x16)),
  },
  '127.89.0.4': {
    22: reset,
    25: closeAtOnce,
    80: closeAtOnce,
    443: tlsGarbage,
    3389: garbage,
    5900: garbage,
    8443: halfHandshake,
  },
  '127.89.0.5': {
    80: endlessHeaders,
    81: gzipBomb(),
    82: redirectLoop,
    83: wrongChunks,
    88: continueFlood,
    8080: slowHttp(800),
    8081: bloated,
  },
  '127.89.0.6': {
    80: http(`302 Found\r\nLocation: http://${OUT_OF_SCOPE}/`),
    81: http('302 Found\r\nLocation: file:///etc/passwd'),
    82: http(`302 Found\r\nLocation: gopher://${HONEST}:25/_HELO`),
    83: http('302 Found\r\nLocation: javascript:alert(1)'),
    88: http(`302 Found\r\nLocation: http://user:pw@${HONEST}:${PRINTER}/`),
  },
  '127.89.0.7': { 22: sshHugeName(), 3389: rdpNonsense, 3390: rdpThenGarbage, 5900: rfb255Types },
};

let folder = '';
let crowds: Crowd[] = [];
let bystanders: Crowd[] = [];
let honest: Listening;
let scan: ChildResult;
let observations: readonly Observation[] = [];
let startedAt = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sekisho-hostile-peers-'));
  crowds = await Promise.all(Object.entries(PEERS).map(([host, ports]) => startCrowd(host, ports)));
  bystanders = [
    await startCrowd(OUT_OF_SCOPE, { 80: silent }),
    await startCrowd(HONEST, { [PRINTER]: silent }),
  ];
  honest = await startSmtp({ host: HONEST, port: 25 });
  const ports = new Set(Object.values(PEERS).flatMap((peer) => Object.keys(peer).map(Number)));
  const file = writeOrganisation(folder, {
    ranges: ['127.89.0.0/28'],
    ports: [...ports],
    probe: ', answer-timeout-ms: 1000',
  });
  scan = await runChild(['scan', file, '--reports', join(folder, 'reports'), '--json'], { folder });
  const journal = await journalUnder(join(folder, 'reports'));
  observations = journal.observations;
  startedAt = Date.parse(journal.header?.startedAt ?? '');
}, 59_000);

afterAll(async () => {
  await Promise.all([...crowds, ...bystanders, honest].map((server) => server.close()));
  rmSync(folder, { recursive: true, force: true });
});

function at(address: string, port: number): Observation {
  const found = observations.find((one) => one.address === address && one.port === port);
  if (found === undefined) throw new Error(`nothing is known of ${address}:${port}`);
  return found;
}

describe('hostile peers', () => {
  it(`end within ${WHOLE_RUN_SECONDS} s, with nothing uncaught and every port told of`, () => {
    expect(scan.uncaught).toEqual([]);
    expect(scan.stderr).toContain('probe: complete, 16 of 16 addresses');
    expect(scan.seconds).toBeLessThan(WHOLE_RUN_SECONDS);
    const places = Object.entries(PEERS).flatMap(([host, ports]) =>
      Object.keys(ports).map((port) => at(host, Number(port))),
    );
    expect(places.filter(({ status }) => status === 'aborted')).toEqual([]);
    expect(places.flatMap(({ note }) => note ?? []).filter((note) => note.includes('probe failed'))).toEqual(
      [],
    );
  });

  it(`do not hold up an honest server: known after ${HONEST_SECONDS} s`, () => {
    const { observedAt, protocol } = at(HONEST, 25);
    expect(protocol).toBe('smtp');
    expect((Date.parse(observedAt) - startedAt) / 1000).toBeLessThan(HONEST_SECONDS);
  });

  it(`do not fill memory: at most ${MEMORY_MB} MB`, () => {
    expect(scan.maxRssMb).toBeLessThan(MEMORY_MB);
  });

  it(`never see more than ${PER_HOST} connections held at once to one address`, () => {
    for (const { host, highest, accepted } of crowds) {
      expect(accepted(), host).toBeGreaterThan(0);
      expect(highest(), host).toBeLessThanOrEqual(PER_HOST);
    }
  });

  it('lead nowhere: other schemes, addresses out of scope and doors of neighbours are written down, not contacted', () => {
    const reason = (port: number): string | undefined =>
      at('127.89.0.6', port).facts.http?.notFollowed[0]?.reason;
    expect(reason(80)).toContain('in no range');
    for (const port of [81, 82, 83]) expect(reason(port)).toContain('neither http nor https');
    expect(reason(88)).toContain('another address');
    for (const bystander of bystanders) expect(bystander.accepted(), bystander.host).toBe(0);
  });

  it('are given up when a host answers on many ports and says nothing', () => {
    const notes = FORTY.map((port) => at('127.89.0.1', port).note);
    expect(notes.filter((note) => note?.startsWith('not asked: this host')).length).toBeGreaterThan(20);
    expect(
      observations.filter(({ address }) => address === '127.89.0.1').every(({ status }) => status === 'open'),
    ).toBe(true);
  });

  it('are still known as what they are', () => {
    for (const port of [80, 81, 82, 83, 88, 8080])
      expect(at('127.89.0.5', port).protocol, String(port)).toBe('http');
    expect(at('127.89.0.7', 22).protocol).toBe('ssh');
    expect(at('127.89.0.7', 3390).protocol).toBe('rdp');
    expect(at('127.89.0.7', 5900).facts.vnc?.securityTypes.length).toBe(255);
  });

  it('cannot hide by an answer that is too long to be written down', () => {
    const { protocol, facts, evidence } = at('127.89.0.5', 8081);
    expect(protocol).toBe('http');
    expect(facts.http?.answers[0]).toMatchObject({ status: 302, truncated: true });
    expect(facts.http?.answers.length).toBeGreaterThan(5);
    expect(evidence[0]?.received).not.toBe('');
  });
});
