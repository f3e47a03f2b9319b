import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatPorts, parsePorts } from '../../src/lib/port-list.ts';

describe('lib/port-list', () => {
  it('reads back what it writes, sorted and without duplicates', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 65535 })), (ports) => {
        expect(parsePorts(formatPorts(ports))).toEqual([...new Set(ports)].toSorted((a, b) => a - b));
      }),
    );
  });

  it('writes runs as ranges', () => {
    expect(formatPorts([443, 21, 22, 23, 25])).toBe('21-23,25,443');
  });

  it.each(['0', '65536', '5-3', 'a', '1,,2', '1-2-3', '-5'])(
    'refuses %s and says what was expected',
    (text) => {
      expect(() => parsePorts(text)).toThrow(/is not a port \(1-65535\)/);
    },
  );
});
