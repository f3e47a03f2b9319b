import { describe, expect, it } from 'vitest';
import { identify } from '../../src/identify/identify.ts';
import type { Observation } from '../../src/model/observation.ts';
import type { Service } from '../../src/model/service.ts';
import {
  httpFacts,
  makeKnowledge,
  makeObservation,
  makeProduct,
  makeScope,
  NOW,
  passiveFacts,
} from './helpers.ts';

const fortress = makeProduct({
  id: 'fortress',
  name: 'Fortress',
  facts: [{ id: 'title', strength: 'strong', http: { title: '^fortress\\b' } }],
  version: [{ id: 'title-version', pattern: 'v([0-9.]+)', certainty: 'confirmed', http: { in: 'title' } }],
});
const only = (observations: readonly Observation[]): Service | undefined =>
  identify(observations, [], makeScope(), makeKnowledge([fortress]))[0];
const own = (title: string): Observation => makeObservation({ facts: httpFacts({ title }) });
const shodan = (title: string): Observation =>
  makeObservation({ source: 'shodan', observedAt: '2026-11-15T00:00:00Z', facts: httpFacts({ title }) });
const tool = (
  source: 'nmap' | 'httpx',
  product: string,
  version: string,
  observedAt = '2026-11-10T00:00:00Z',
): Observation =>
  makeObservation({
    source,
    file: `${source}.out`,
    observedAt,
    facts: { passive: passiveFacts({ product, version }) },
  });

describe('identify/version-sayings', () => {
  it('states that sources agree on the version', () => {
    const service = only([
      own('fortress v8.0.4'),
      shodan('fortress v8.0.4'),
      tool('nmap', 'Fortress', '8.0.4'),
    ]);
    expect(service?.contradictions).toEqual([]);
    expect(service?.agreements).toEqual([
      {
        fact: 'version',
        values: [
          { source: 'probe', value: '8.0.4', at: NOW },
          { source: 'nmap', value: '8.0.4', at: '2026-11-10T00:00:00Z' },
          { source: 'shodan', value: '8.0.4', at: '2026-11-15T00:00:00Z' },
        ],
      },
    ]);
  });

  it('keeps what each of them says when one differs, a file of another tool too', () => {
    const service = only([
      own('fortress v8.0.4'),
      shodan('fortress v8.0.1'),
      tool('nmap', 'fortress', '8.0.4'),
    ]);
    expect(service?.agreements).toBeUndefined();
    expect(service?.contradictions).toEqual([
      {
        fact: 'version',
        values: [
          { source: 'probe', value: '8.0.4', at: NOW },
          { source: 'nmap', value: '8.0.4', at: '2026-11-10T00:00:00Z' },
          { source: 'shodan', value: '8.0.1', at: '2026-11-15T00:00:00Z' },
        ],
      },
    ]);
  });

  it('compares versions of one and the same thing only', () => {
    expect(only([own('fortress v8.0.4'), tool('nmap', 'nginx', '1.24.0')])).toMatchObject({
      contradictions: [],
    });
    const unknown = only([tool('nmap', 'OpenSSH', '9.6'), tool('httpx', 'openssh', '9.8')]);
    expect(unknown?.contradictions.map(({ values }) => values.map(({ value }) => value))).toEqual([
      ['9.8', '9.6'],
    ]);
    expect(only([tool('nmap', 'OpenSSH', '9.6'), tool('httpx', 'nginx', '1.24')])).toMatchObject({
      contradictions: [],
    });
  });

  it('names as source of a protocol the one that heard it, not the newest', () => {
    const service = only([
      makeObservation({ protocol: 'ssh' }),
      makeObservation({ source: 'shodan', protocol: 'https', observedAt: '2026-11-12T00:00:00Z' }),
      makeObservation({ source: 'masscan', observedAt: '2026-11-18T00:00:00Z' }),
    ]);
    expect(service?.contradictions).toEqual([
      {
        fact: 'protocol',
        values: [
          { source: 'probe', value: 'ssh', at: NOW },
          { source: 'shodan', value: 'https', at: '2026-11-12T00:00:00Z' },
        ],
      },
    ]);
  });
});
