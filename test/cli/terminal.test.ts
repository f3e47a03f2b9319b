import { closeSync, existsSync, openSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { writeAll } from '../../src/cli/terminal.ts';

describe.skipIf(!existsSync('/dev/full'))('a result that cannot be written', () => {
  it('is told as a full disk, not as a fault of the program', () => {
    const full = openSync('/dev/full', 'w');
    try {
      expect(() => writeAll(full, 'text')).toThrow('Could not write the result: the disk is full.');
    } finally {
      closeSync(full);
    }
  });
});
