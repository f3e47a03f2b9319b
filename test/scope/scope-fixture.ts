import { parseRange } from '../../src/lib/address.ts';
import type { Scope, Site } from '../../src/model/scope.ts';
import { noOtherTools, noSearch } from '../no-other-tools.ts';

export function siteOf(ranges: readonly string[], over: Partial<Site> = {}): Site {
  return {
    id: 'hq',
    name: { ja: '本社', en: 'Head office' },
    country: 'JP',
    kind: 'headquarters',
    ranges: ranges.map(parseRange),
    hosts: [],
    contact: undefined,
    ...over,
  };
}

/** A scope with sensible defaults; tests say only what they are about. */
export function scopeOf(over: Partial<Scope> = {}): Scope {
  return {
    id: 'test',
    organisation: { ja: '架空精機', en: 'Kakuu Seiki' },
    sites: [siteOf(['127.99.0.0/28'])],
    exclusions: [],
    permission: { by: 'director', reference: '1', validUntil: '2099-12-31T14:59:59.000Z' },
    windows: [],
    expected: [],
    probe: {
      ports: [22, 80],
      portProfile: 'own',
      rate: 1000,
      perHost: 6,
      connections: 256,
      connectTimeoutMs: 500,
      answerTimeoutMs: 1000,
      udp: false,
      jarm: false,
      sshAuthMethods: false,
      webShellPaths: false,
    },
    ...noOtherTools,
    shodan: { use: 'no', maxCredits: 0, history: false, search: noSearch },
    internetdb: { use: false },
    languages: ['ja', 'en'],
    timezone: 'Asia/Tokyo',
    vantage: 'here',
    tlp: 'TLP:AMBER',
    maintainer: undefined,
    digest: '0'.repeat(64),
    ...over,
  };
}
