import { describe, expect, it } from 'vitest';
import { identify } from '../../src/identify/identify.ts';
import type { Product } from '../../src/model/product.ts';
import type { Evidence, Observation, SweepResult } from '../../src/model/observation.ts';
import type { Service } from '../../src/model/service.ts';
import {
  httpFacts,
  makeKnowledge,
  makeObservation,
  makeProduct,
  makeScope,
  passiveFacts,
} from './helpers.ts';

const vendors = ['alpha', 'bravo', 'charlie', 'delta'];
const boxes: Product[] = vendors.map((id) =>
  makeProduct({ id, facts: [{ id: 'body', strength: 'strong', http: { body: `portal of ${id}` } }] }),
);
const run = (observations: Observation[], sweeps: SweepResult[] = [], ports: number[] = []): Service[] => {
  const scope = makeScope();
  return identify(observations, sweeps, { ...scope, probe: { ...scope.probe, ports } }, makeKnowledge(boxes));
};
const range = (first: number, count: number): number[] => Array.from({ length: count }, (_, i) => first + i);
const sweep = (open: number[], closed: number[] = [], address = '203.0.113.10'): SweepResult => ({
  address,
  open,
  closed,
  noAnswer: [],
  unreachable: [],
});
const evidence = (receivedBytes: number, truncated = false): Evidence => ({
  label: 'greeting',
  sent: '',
  received: '',
  receivedBytes,
  sha256: '',
  truncated,
});
const silent = (port: number, address = '203.0.113.10'): Observation => makeObservation({ port, address });

describe('a host that answers on every port', () => {
  const ports = range(1000, 40);
  const all = [...ports.map((port) => silent(port)), makeObservation({ port: 3389, protocol: 'rdp' })];

  it('folds the same page on port after port, and keeps the page that differs', () => {
    const page = (port: number, title: string) =>
      makeObservation({
        port,
        protocol: 'http',
        facts: httpFacts({ title }, { catchAll: true }),
      });
    const pages = [page(80, 'Welcome'), page(81, 'Welcome'), page(82, 'Router'), page(83, 'Welcome')];
    const looked = [...ports, 80, 81, 82, 83];
    const services = run([...all.slice(0, -1), ...pages], [sweep(looked)], looked);
    expect(services.map(({ port, label }) => [port, label])).toEqual([
      [80, 'Welcome'],
      [82, 'Router'],
      [1000, undefined],
    ]);
  });

  it('keeps what speaks and folds what is silent into its lowest port', () => {
    const services = run(all, [sweep([...ports, 3389])], [...ports, 3389]);
    expect(services.map(({ port, class: kind }) => [port, kind])).toEqual([
      [1000, 'unknown'],
      [3389, 'rdp'],
    ]);
    expect(services.map(({ oddities }) => oddities)).toEqual([
      ['answers-on-every-port', 'no-banner'],
      ['answers-on-every-port'],
    ]);
  });

  it('is not one with 80 % open, with few ports looked at, or when most speak', () => {
    const flagged = (services: Service[]): Service[] =>
      services.filter(({ oddities }) => oddities.includes('answers-on-every-port'));
    expect(flagged(run(all, [sweep(ports.slice(0, 32), ports.slice(32))], ports))).toEqual([]);
    expect(flagged(run(all, [sweep(ports.slice(0, 33), ports.slice(33))], ports))).not.toEqual([]);
    expect(flagged(run(all, [sweep(ports.slice(0, 19))], ports.slice(0, 19)))).toEqual([]);
    const speaking = ports.map((port) => makeObservation({ port, protocol: 'ssh' }));
    expect(flagged(run(speaking, [sweep(ports)], ports))).toEqual([]);
  });

  it('is not one when it is silent on the ports that it does not list', () => {
    const services = run(
      range(1, 25).map((port) => silent(port)),
      [sweep(range(1, 25))],
      range(1, 1000),
    );
    expect(services).toHaveLength(25);
  });
});

describe('single places', () => {
  const oddities = (given: Partial<Observation>): readonly string[] =>
    run([makeObservation(given)]).flatMap((service) => service.oddities);

  it('names silence, endless bytes, catch-all servers and content networks', () => {
    expect(oddities({})).toEqual(['no-banner']);
    expect(oddities({ evidence: [evidence(10)] })).toEqual([]);
    expect(oddities({ evidence: [evidence(70_000, true)] })).toEqual(['tarpit']);
    expect(oddities({ protocol: 'https', facts: httpFacts({}, { catchAll: true }) })).toEqual([
      'catch-all-web',
    ]);
    expect(oddities({ protocol: 'https', facts: httpFacts({ headers: [['CF-Ray', '8f']] }) })).toEqual([
      'cdn-edge',
    ]);
    expect(
      oddities({ protocol: 'https', facts: httpFacts({ headers: [['Server', 'AkamaiGHost']] }) }),
    ).toEqual(['cdn-edge']);
    expect(
      oddities({ protocol: 'https', facts: httpFacts({ headers: [['Server', 'cloudflared-docs']] }) }),
    ).toEqual([]);
    expect(
      oddities({ source: 'shodan', protocol: 'https', facts: { passive: passiveFacts({ tags: ['cdn'] }) } }),
    ).toEqual(['cdn-edge']);
  });
});

describe('SIP gateways', () => {
  const hosts = (count: number): Observation[] =>
    range(1, count).flatMap((n) => [2000, 5060].map((port) => silent(port, `203.0.113.${n}`)));

  it('are 2000 and 5060 in silence on three hosts', () => {
    expect(run(hosts(3)).every(({ oddities }) => oddities.includes('sip-alg'))).toBe(true);
    expect(run(hosts(2)).some(({ oddities }) => oddities.includes('sip-alg'))).toBe(false);
  });

  it('are not a server that speaks, nor one of the two ports alone', () => {
    const mixed = [
      ...hosts(3),
      silent(2000, '203.0.113.20'),
      makeObservation({ address: '203.0.113.21', port: 5060, protocol: 'sip' }),
      silent(2000, '203.0.113.21'),
    ];
    const marked = run(mixed).filter(({ oddities }) => oddities.includes('sip-alg'));
    expect(marked).toHaveLength(6);
  });
});

describe('honeypots', () => {
  const portals = (names: string[]): ReturnType<typeof httpFacts> =>
    httpFacts({ body: names.map((name) => `portal of ${name}`).join(' ') });

  it('get no identity when four makers claim one port', () => {
    const [service] = run([makeObservation({ protocol: 'https', facts: portals(vendors) })]);
    expect(service).toMatchObject({
      class: 'web',
      oddities: ['honeypot-like'],
      version: { state: 'unknown' },
    });
    expect(service?.identity).toBeUndefined();
    expect(service?.candidates.map(({ certainty }) => certainty)).toEqual(vendors.map(() => 'to-confirm'));
    const [three] = run([makeObservation({ protocol: 'https', facts: portals(vendors.slice(1)) })]);
    expect(three?.identity).toBeDefined();
    expect(three?.oddities).toEqual([]);
  });

  it('keep their identities, to be confirmed, when one address is the boundary of four makers', () => {
    const on = (names: string[]): Service[] =>
      run(
        names.map((name, i) =>
          makeObservation({ port: 8000 + i, protocol: 'https', facts: portals([name]) }),
        ),
      );
    expect(on(vendors).map(({ oddities, identity }) => [oddities, identity?.certainty])).toEqual(
      vendors.map(() => [['honeypot-like'], 'to-confirm']),
    );
    expect(on(vendors.slice(1)).flatMap(({ oddities }) => oddities)).toEqual([]);
  });
});

describe('a host that answers UDP with noise', () => {
  const noise = (port: number): Observation =>
    makeObservation({
      port,
      transport: 'udp',
      facts: { datagram: { text: 'noise' } },
      evidence: [evidence(5)],
    });
  const named = makeObservation({ port: 53, transport: 'udp', protocol: 'dns' });

  it('is one place, and what is understood beside it stays', () => {
    const services = run([named, ...range(100, 10).map(noise)]);
    expect(services.map(({ port, oddities }) => [port, oddities])).toEqual([
      [53, []],
      [100, ['answers-on-every-port']],
    ]);
  });

  it('is no such host with a few answers that nobody understands', () => {
    expect(run(range(100, 5).map(noise)).length).toBe(5);
  });
});
