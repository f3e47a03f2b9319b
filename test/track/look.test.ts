import { describe, expect, it } from 'vitest';
import { lookedAt, lookOf } from '../../src/track/look.ts';
import { emptyCoverage, hq, probed } from './build.ts';

const rdp = { address: hq, port: 3389, transport: 'tcp' } as const;

describe('lookedAt', () => {
  it.each([
    ['open', probed({ open: '3389' })],
    ['closed', probed({ closed: '80-4000' })],
    ['no-answer', probed()],
    ['no-answer', probed({ open: '443' })],
    ['not-looked', probed({ ports: '443' })],
    ['not-looked', probed({ addresses: ['203.0.113.11-203.0.113.20'] })],
    ['not-looked', probed({ unfinished: [{ address: hq, ports: '3000-4000' }] })],
    ['no-answer', probed({ unfinished: [{ address: hq, ports: '443' }] })],
    ['not-looked', probed({ state: 'failed' })],
    ['no-answer', probed({ state: 'partial' })],
    ['not-looked', emptyCoverage('probe', 'off')],
    ['not-looked', emptyCoverage('probe', 'failed')],
    ['not-looked', emptyCoverage('shodan', 'complete')],
    ['not-looked', probed({ ports: 'all of them' })],
    ['not-looked', probed({ addresses: ['everywhere'] })],
  ] as const)('%s', (result, coverage) => {
    expect(lookedAt([coverage], rdp)).toBe(result);
  });

  it('believes an answer from a place that the run did not finish', () => {
    const unfinished = [{ address: hq, ports: '3389' }];
    expect(lookedAt([probed({ unfinished, closed: '3389', state: 'partial' })], rdp)).toBe('closed');
    expect(lookedAt([probed({ unfinished, open: '3389', state: 'failed' })], rdp)).toBe('open');
  });

  it('says why not', () => {
    const look = (coverage: Parameters<typeof lookOf>[0], transport: 'tcp' | 'udp' = 'tcp') =>
      lookOf(coverage).look({ ...rdp, transport });
    const notLooked = (reason: string) => ({ result: 'not-looked', reason });
    expect(look([])).toEqual(notLooked('probe-off'));
    expect(look([emptyCoverage('probe', 'failed')])).toEqual(notLooked('probe-failed'));
    expect(look([probed({ ports: '443' })])).toEqual(notLooked('port-not-asked'));
    expect(look([probed({ addresses: [] })])).toEqual(notLooked('address-not-asked'));
    expect(look([probed({ closed: '3389' })], 'udp')).toEqual(notLooked('not-tcp'));
  });

  it('needs every vantage point to say closed, and one to say open', () => {
    const [closed, silent, open] = [probed({ closed: '3389' }), probed(), probed({ open: '3389' })];
    const blind = probed({ ports: '443', vantage: 'there' });
    expect(lookedAt([closed, silent], rdp)).toBe('no-answer');
    expect(lookedAt([closed, blind], rdp)).toBe('not-looked');
    expect(lookedAt([blind, open], rdp)).toBe('open');
    expect(lookedAt([closed, emptyCoverage('probe', 'failed')], rdp)).toBe('not-looked');
    expect(lookedAt([closed, emptyCoverage('probe', 'off')], rdp)).toBe('closed');
  });

  it('reads IPv6', () => {
    const coverage = probed({ addresses: ['2001:db8::/120'], address: '2001:db8::1', closed: '3389' });
    expect(lookedAt([coverage], { ...rdp, address: '2001:db8::1' })).toBe('closed');
    expect(lookedAt([coverage], { ...rdp, address: '2001:db8::2' })).toBe('no-answer');
    expect(lookedAt([coverage], { ...rdp, address: '2001:db8::1:1' })).toBe('not-looked');
  });
});
