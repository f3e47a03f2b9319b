import { describe, expect, it } from 'vitest';
import { instantOf } from '../../../src/observe/import/json/instant.ts';

describe('instantOf', () => {
  it.each([
    ['2026-04-14T11:47:43.07464596-04:00', '2026-04-14T15:47:43.074Z'],
    ['2025-11-06T16:18:00-08:00', '2025-11-07T00:18:00.000Z'],
    ['2025-04-01T01:23:03.640249614Z', '2025-04-01T01:23:03.640Z'],
    ['2025-04-01T01:23:03+0900', '2025-03-31T16:23:03.000Z'],
    ['2025-04-01 01:23:03 UTC', '2025-04-01T01:23:03.000Z'],
    ['2025-04-01T01:23:03', '2025-04-01T01:23:03.000Z'],
    ['1795201679', '2026-11-20T19:07:59.000Z'],
    [1_566_345_600, '2019-08-21T00:00:00.000Z'],
    ['2026-11-22T00:00:01Z', undefined],
    ['2025-02-30T25:00:00Z', undefined],
    ['yesterday', undefined],
    [0, undefined],
    [Number.NaN, undefined],
    [1e300, undefined],
    [{}, undefined],
  ])('%s', (value, expected) => {
    expect(instantOf(value, '2026-11-21T00:00:00.000Z')).toBe(expected);
  });
});
