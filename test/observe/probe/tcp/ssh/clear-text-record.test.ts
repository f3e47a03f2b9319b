import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { clearTextRecord } from '../../../../../src/observe/probe/tcp/ssh/clear-text-record.ts';

describe('record of what was encrypted', () => {
  it('keeps both directions in order', () => {
    const record = clearTextRecord();
    for (const text of ['a', 'b']) record.sent(Buffer.from(text));
    for (const text of ['c', 'd', 'e']) record.received(Buffer.from(text));
    expect(record.evidence('label')).toEqual({
      label: 'label',
      sent: Buffer.from('ab').toString('base64'),
      received: Buffer.from('cde').toString('base64'),
      receivedBytes: 3,
      sha256: createHash('sha256').update('cde').digest('hex'),
      truncated: false,
    });
  });

  it('is bounded, and the hash is over everything', () => {
    const record = clearTextRecord();
    const piece = Buffer.alloc(30_000, 1);
    for (let i = 0; i < 3; i += 1) record.received(piece);
    const evidence = record.evidence('long');
    expect(Buffer.from(evidence.received, 'base64')).toHaveLength(64 * 1024);
    expect(evidence).toMatchObject({ receivedBytes: 90_000, truncated: true });
    expect(evidence.sha256).toBe(createHash('sha256').update(Buffer.alloc(90_000, 1)).digest('hex'));
  });
});
