import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { assess, type AssessInput } from '../../src/assess/assess.ts';
import type { Finding, Inputs } from '../../src/model/finding.ts';
import { DecisionTable } from '../../src/model/knowledge.ts';
import { type Product } from '../../src/model/product.ts';
import type { Expectation, Scope } from '../../src/model/scope.ts';
import { type Identity, type Service, serviceKey } from '../../src/model/service.ts';
import type { ServiceClass } from '../../src/model/service-class.ts';
import type { RegisterEntry, SourceCoverage } from '../../src/model/snapshot.ts';
import { makeClasses, makeKnowledge, makeScope, NOW } from '../identify/helpers.ts';

export const table = DecisionTable.parse(
  parse(readFileSync(new URL('../../config/rules/priority.yaml', import.meta.url), 'utf8')),
);
export const classes = makeClasses();

/** A door of which nothing is wrong: a boundary device, declared, supported, behind a second factor. */
export function makeInputs(given: Partial<Inputs> = {}): Inputs {
  return {
    class: 'ssl-vpn',
    role: 'door',
    reach: 'everyone',
    authentication: 'strong',
    knownUse: 'none',
    codeExecution: false,
    support: 'current',
    declared: true,
    baseline: true,
    artefact: false,
    misuse: false,
    overseasOrAffiliate: false,
    owned: true,
    reopened: false,
    ...given,
  };
}

export function makeService(given: Partial<Service> = {}): Service {
  const address = given.address ?? '203.0.113.10';
  const port = given.port ?? 443;
  const transport = given.transport ?? 'tcp';
  const kind: ServiceClass = given.class ?? 'ssl-vpn';
  return {
    key: serviceKey(address, port, transport),
    address,
    port,
    transport,
    siteId: 'hq',
    protocol: 'https',
    class: kind,
    role: classes[kind].role,
    candidates: [],
    version: given.identity?.version ?? { state: 'unknown' },
    authentication: { kind: 'unknown', facts: [] },
    tlsVersions: [],
    names: [],
    sightings: [
      { source: 'probe', vantage: 'tokyo', status: 'open', first: '2026-11-19T00:00:00Z', last: NOW },
    ],
    contradictions: [],
    passiveVulns: [],
    oddities: [],
    observations: [],
    ...given,
  };
}

export function makeIdentity(given: Partial<Identity> = {}): Identity {
  return {
    productId: 'fortress',
    certainty: 'confirmed',
    version: { state: 'unknown' },
    matched: ['title'],
    observations: [],
    ...given,
  };
}

export function identified(version?: string, given: Partial<Service> = {}): Service {
  const identity = makeIdentity(
    version === undefined
      ? {}
      : { version: { state: 'known', value: version, certainty: 'confirmed', how: 'title' } },
  );
  return makeService({ identity, ...given });
}

export const passiveSighting: Service['sightings'][number] = {
  source: 'shodan',
  vantage: 'shodan',
  status: 'open',
  first: '2026-10-01T00:00:00Z',
  last: '2026-11-15T00:00:00Z',
};

export function makeExpectation(given: Partial<Expectation> = {}): Expectation {
  return {
    address: '203.0.113.10',
    port: 443,
    transport: 'tcp',
    product: undefined,
    class: undefined,
    owner: 'IT',
    reason: 'telework',
    until: '2027-03-31',
    allowedSources: [],
    ticket: undefined,
    ...given,
  };
}

export function makeCoverage(given: Partial<SourceCoverage> = {}): SourceCoverage {
  return {
    source: 'probe',
    vantage: 'tokyo',
    state: 'complete',
    addresses: 256,
    looked: 256,
    answered: 1,
    notLooked: [],
    requests: 1,
    refusedByScope: 0,
    ...given,
  };
}

export function makeEntry(given: Partial<RegisterEntry> & { key: string }): RegisterEntry {
  return {
    spokenId: 'B-01',
    subject: '',
    class: 'ssl-vpn',
    priority: 'P4',
    trace: 'T0',
    state: 'open',
    misses: 0,
    firstSeen: '2026-01-01T00:00:00Z',
    lastSeen: '2026-11-13T00:00:00Z',
    appearance: {},
    ...given,
  };
}

export function judge(
  service: Service,
  given: { products?: readonly Product[]; scope?: Partial<Scope> } & Partial<Omit<AssessInput, 'scope'>> = {},
): Finding {
  const { products, scope, ...rest } = given;
  const [finding] = assess({
    services: [service],
    scope: makeScope(scope),
    knowledge: { ...makeKnowledge(products ?? []), decisions: table },
    now: NOW,
    register: [],
    coverage: [],
    ...rest,
  });
  if (finding === undefined) throw new Error('no finding');
  return finding;
}
