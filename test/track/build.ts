/** Small, complete pieces of a run for the tests of this room. */
import { createHash } from 'node:crypto';
import { parseRange } from '../../src/lib/address.ts';
import type { Finding, Priority } from '../../src/model/finding.ts';
import type { Observation } from '../../src/model/observation.ts';
import type { Expectation, Scope } from '../../src/model/scope.ts';
import { serviceKey, type Service, type Sighting } from '../../src/model/service.ts';
import { SNAPSHOT_SCHEMA, type Snapshot, type SourceCoverage } from '../../src/model/snapshot.ts';
import { track, type TrackInput, type Tracked } from '../../src/track/track.ts';
import { noOtherTools, noSearch } from '../no-other-tools.ts';

export const WEEK = [
  '2026-11-06T00:00:00Z',
  '2026-11-13T00:00:00Z',
  '2026-11-20T00:00:00Z',
  '2026-11-27T00:00:00Z',
  '2026-12-04T00:00:00Z',
] as const;

export const hq = '203.0.113.10';
export const taipei = '198.51.100.7';

export function scopeOf(change: Partial<Scope> = {}): Scope {
  const site = (id: string, range: string): Scope['sites'][number] => ({
    id,
    name: { ja: id, en: id },
    country: 'JP',
    kind: 'branch',
    ranges: [parseRange(range)],
    hosts: [],
    contact: undefined,
  });
  return {
    id: 'example',
    organisation: { ja: '例', en: 'Example' },
    sites: [site('hq', '203.0.113.0/24'), site('taipei', '198.51.100.0/24')],
    exclusions: [],
    permission: undefined,
    windows: [],
    expected: [],
    probe: {
      ports: [443, 3389],
      portProfile: 'test',
      rate: 1,
      perHost: 1,
      connections: 1,
      connectTimeoutMs: 1,
      answerTimeoutMs: 1,
      udp: false,
      jarm: false,
      sshAuthMethods: false,
      webShellPaths: false,
    },
    ...noOtherTools,
    shodan: { use: 'auto', maxCredits: 0, history: false, search: noSearch },
    internetdb: { use: true },
    languages: ['ja'],
    timezone: 'Asia/Tokyo',
    vantage: 'here',
    tlp: 'AMBER',
    maintainer: undefined,
    digest: 'scope-1',
    ...change,
  };
}

export function sighting(
  source: Sighting['source'],
  last: string,
  status: Sighting['status'] = 'open',
  first = last,
): Sighting {
  return { source, vantage: 'here', status, first, last };
}

export function serviceOf(change: Partial<Service> & Pick<Service, 'sightings'>): Service {
  const { address = hq, port = 3389, transport = 'tcp' } = change;
  return {
    key: serviceKey(address, port, transport),
    address,
    port,
    transport,
    siteId: 'hq',
    protocol: 'rdp',
    class: 'rdp',
    role: 'door',
    candidates: [],
    version: { state: 'unknown' },
    authentication: { kind: 'password', facts: [] },
    tlsVersions: [],
    names: [],
    contradictions: [],
    passiveVulns: [],
    oddities: [],
    observations: [],
    ...change,
  };
}

export function findingFor(
  service: Service,
  change: Partial<Finding> & { priority?: Priority } = {},
): Finding {
  const rule = change.rule ?? 'exposed';
  const dates = service.sightings.flatMap(({ first, last }) => [first, last]).toSorted();
  return {
    key: createHash('sha256').update(`${rule}\n${service.key}`).digest('hex').slice(0, 16),
    spokenId: '',
    rule,
    subject: service.key,
    ...(service.siteId === undefined ? {} : { siteId: service.siteId }),
    row: '5',
    modifiers: [],
    priority: 'P1',
    trace: 'T1',
    certainty: 'confirmed',
    verdict: 'found',
    missing: [],
    inputs: {
      class: service.class,
      role: service.role,
      reach: 'everyone',
      authentication: 'password',
      knownUse: 'none',
      codeExecution: false,
      support: 'unknown',
      declared: false,
      misuse: false,
      overseasOrAffiliate: false,
      owned: true,
      reopened: false,
    },
    exploited: [],
    firstSeen: dates[0] ?? '',
    lastSeen: dates.at(-1) ?? '',
    ...change,
  };
}

interface ProbeCoverage {
  readonly open?: string;
  readonly closed?: string;
  readonly ports?: string;
  readonly addresses?: readonly string[];
  readonly unfinished?: readonly { address: string; ports: string }[];
  readonly state?: SourceCoverage['state'];
  readonly vantage?: string;
  readonly address?: string;
}

/** Everything in both sites looked at on 443 and 3389 unless told otherwise; another host answers on 443. */
export function probed(told: ProbeCoverage = {}): SourceCoverage {
  const { open = '', closed = '', address = hq, state = 'complete' } = told;
  return {
    ...emptyCoverage('probe', state),
    vantage: told.vantage ?? 'here',
    lookedAt: {
      ports: told.ports ?? '443,3389',
      addresses: [...(told.addresses ?? ['203.0.113.0/24', '198.51.100.0/24'])],
      unfinished: [...(told.unfinished ?? [])],
      responding: [
        { address: '203.0.113.99', open: '443', closed: '' },
        ...(open === '' && closed === '' ? [] : [{ address, open, closed }]),
      ],
    },
  };
}

export function emptyCoverage(
  source: SourceCoverage['source'],
  state: SourceCoverage['state'],
): SourceCoverage {
  return {
    source,
    vantage: 'here',
    state,
    addresses: 512,
    looked: 512,
    answered: 1,
    notLooked: [],
    requests: 0,
    refusedByScope: 0,
  };
}

export function snapshotOf(tracked: Tracked, input: TrackInput): Snapshot {
  return {
    schemaVersion: SNAPSHOT_SCHEMA,
    runId: input.now.replaceAll(/[-:]/g, ''),
    organisation: { id: 'example', ja: '例', en: 'Example' },
    sites: [],
    exclusions: [],
    timezone: input.scope.timezone,
    tlp: 'AMBER',
    vantage: 'here',
    startedAt: input.now,
    endedAt: input.now,
    complete: input.complete,
    passive: false,
    tool: { version: '0', knowledge: '0', advisoryData: '0' },
    scopeDigest: input.scope.digest,
    coverage: [...input.coverage],
    services: [...input.services],
    findings: tracked.findings,
    expected: tracked.expected,
    register: tracked.register,
    pages: tracked.pages,
    ...(tracked.previousRun === undefined ? {} : { previousRun: tracked.previousRun }),
    changes: tracked.changes,
  };
}

export interface RunOptions {
  readonly services?: readonly Service[];
  /** Default: one P1 finding for each service. */
  readonly findings?: readonly Finding[];
  readonly coverage?: readonly SourceCoverage[];
  readonly scope?: Scope;
  readonly complete?: boolean;
}

/** A series of runs, each compared with the one before. */
export class Series {
  previous: Snapshot | undefined;
  readonly at: (now: string, options: RunOptions) => Tracked;

  constructor() {
    this.at = (now, options) => {
      const services = options.services ?? [];
      const input: TrackInput = {
        services,
        findings: options.findings ?? services.map((service) => findingFor(service)),
        coverage: options.coverage ?? [probed()],
        scope: options.scope ?? scopeOf(),
        previous: this.previous,
        now,
        complete: options.complete ?? true,
      };
      const tracked = track(input);
      this.previous = snapshotOf(tracked, input);
      return tracked;
    };
  }
}

export function kinds(tracked: Tracked): string[] {
  return tracked.changes.map(({ kind, spokenId }) => `${kind} ${spokenId}`);
}

export function expectationOf(change: Partial<Expectation> = {}): Expectation {
  return {
    address: hq,
    port: 3389,
    transport: 'tcp',
    product: undefined,
    class: undefined,
    owner: 'network team',
    reason: 'remote maintenance',
    until: '2027-11-20',
    allowedSources: [],
    ticket: undefined,
    ...change,
  };
}

export function observationOf(n: number, change: Partial<Observation> = {}): Observation {
  return {
    id: `probe/203.0.113.10/${n}/tcp/ssh/1`,
    source: 'probe',
    vantage: 'here',
    observedAt: '2026-11-20T00:05:00Z',
    collectedAt: '2026-11-20T00:05:00Z',
    address: hq,
    port: n,
    transport: 'tcp',
    status: 'open',
    probe: 'ssh',
    protocol: 'ssh',
    facts: {},
    evidence: [],
    ...change,
  };
}
