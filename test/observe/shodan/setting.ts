import { readFileSync } from 'node:fs';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { parseRange } from '../../../src/lib/address.ts';
import type { Observation } from '../../../src/model/observation.ts';
import type { Scope } from '../../../src/model/scope.ts';
import type { SourceContext } from '../../../src/observe/source.ts';
import type { Clock } from '../../../src/observe/shodan/pacer.ts';
import { noOtherTools, noSearch } from '../../no-other-tools.ts';
import type { Candidate } from '../../../src/model/snapshot.ts';
import { keepsNothing } from '../../../src/observe/source.ts';

/** Not a real key: long and odd, so that a leak of it is found anywhere, plain or URL-encoded. */
export const KEY = 'SECRETkey+/&=0123456789abcdef';

export function fixture(name: string): unknown {
  return JSON.parse(fixtureText(name)) as unknown;
}

export function fixtureText(name: string): string {
  return readFileSync(new URL(`../../fixtures/shodan/${name}`, import.meta.url), 'utf8');
}

/** Time that passes only by sleeping; `slept` lists every pause. */
export function virtualClock(): Clock & { readonly slept: number[] } {
  const slept: number[] = [];
  let time = 0;
  return {
    slept,
    now: () => time,
    sleep: async (milliseconds, signal) => {
      signal.throwIfAborted();
      slept.push(milliseconds);
      time += milliseconds;
    },
  };
}

interface ScopeParts {
  readonly ranges?: readonly string[];
  readonly exclusions?: readonly string[];
  readonly shodan?: Partial<Scope['shodan']>;
  readonly internetdb?: boolean;
}

export function scopeWith(parts: ScopeParts): Scope {
  const text = { ja: '組織', en: 'organisation' };
  return {
    id: 'test',
    organisation: text,
    sites: [
      {
        id: 'hq',
        name: text,
        country: 'JP',
        kind: 'headquarters',
        ranges: (parts.ranges ?? ['198.18.1.0/28']).map((range) => parseRange(range)),
        hosts: [],
        contact: undefined,
      },
    ],
    exclusions: (parts.exclusions ?? []).map((range) => parseRange(range)),
    permission: undefined,
    windows: [],
    expected: [],
    probe: {
      ports: [],
      portProfile: 'default',
      rate: 1,
      perHost: 1,
      connections: 1,
      connectTimeoutMs: 1000,
      answerTimeoutMs: 1000,
      udp: false,
      jarm: false,
      sshAuthMethods: false,
      webShellPaths: false,
    },
    ...noOtherTools,
    shodan: { use: 'auto', maxCredits: 10, history: false, search: noSearch, ...parts.shodan },
    internetdb: { use: parts.internetdb ?? false },
    languages: ['ja'],
    timezone: 'Asia/Tokyo',
    vantage: 'office',
    tlp: 'AMBER',
    maintainer: undefined,
    digest: '0',
  };
}

export interface Setting {
  readonly context: SourceContext;
  readonly observations: Observation[];
  readonly candidates: Candidate[];
  readonly done: string[];
  readonly logged: () => string;
  readonly controller: AbortController;
}

export function settingFor(
  scope: Scope,
  earlier: { readonly done?: readonly string[]; readonly observations?: readonly Observation[] } = {},
): Setting {
  const observations: Observation[] = [];
  const candidates: Candidate[] = [];
  const done: string[] = [];
  const lines: string[] = [];
  const controller = new AbortController();
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, next) => {
      lines.push(chunk.toString());
      next();
    },
  });
  const context: SourceContext = {
    scope,
    record: {
      ...keepsNothing,
      observation: (observation) => observations.push(observation),
      candidate: (candidate) => candidates.push(candidate),
      done: (unit) => done.push(unit),
    },
    alreadyDone: new Set(earlier.done ?? []),
    earlier: { observations: earlier.observations ?? [], sweeps: [] },
    now: () => new Date('2026-12-01T00:00:00Z'),
    signal: controller.signal,
    log: pino({ level: 'trace' }, sink),
    progress: () => undefined,
  };
  return { context, observations, candidates, done, logged: () => lines.join(''), controller };
}

/** Fails when the key stands anywhere in what a user, a log or a report could see. */
export function holdsKey(...seen: readonly unknown[]): boolean {
  const text = seen.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join('\n');
  return [KEY, encodeURIComponent(KEY), 'SECRETkey'].some((secret) => text.includes(secret));
}
