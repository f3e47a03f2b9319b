import { describe, expect, it } from 'vitest';
import { withAssets } from '../../src/identify/assets.ts';
import { identify } from '../../src/identify/identify.ts';
import type { Asset } from '../../src/model/import.ts';
import { makeKnowledge, makeObservation, makeScope } from './helpers.ts';

const services = identify(
  [
    makeObservation({ port: 22 }),
    makeObservation({ port: 443 }),
    makeObservation({ address: '203.0.113.11' }),
  ],
  [],
  makeScope(),
  makeKnowledge(),
);

function row(range: string, line: number, extra: Partial<Asset> = {}): Asset {
  return { range, file: 'ledger.csv', line, ...extra };
}

describe('identify/assets', () => {
  it('gives each service the rows that speak of its place', () => {
    const rows = [row('203.0.113.8/30', 2), row('203.0.113.10', 3, { port: 22, name: 'bastion' })];
    expect(
      withAssets(services, rows).map(({ key, assets }) => [key, assets?.map(({ line }) => line)]),
    ).toEqual([
      ['203.0.113.10:22/tcp', [3, 2]],
      ['203.0.113.10:443/tcp', [2]],
      ['203.0.113.11:443/tcp', [2]],
    ]);
  });

  it('adds nothing where no row speaks, and nothing without a ledger', () => {
    expect(withAssets(services, [row('198.51.100.1', 2)])).toEqual(services);
    expect(withAssets(services, [])).toEqual(services);
  });

  it('keeps the nearest rows of many', () => {
    const rows = Array.from({ length: 40 }, (_, index) => row('203.0.113.0/24', index + 2));
    const [first] = withAssets(services, [...rows, row('203.0.113.10', 99)]);
    expect(first?.assets?.map(({ line }) => line)).toEqual([99, 2, 3, 4, 5]);
  });
});
