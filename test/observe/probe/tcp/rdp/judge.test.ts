import { describe, expect, it } from 'vitest';
import {
  followUps,
  isTlsUndecided,
  judge,
  type Negotiation,
} from '../../../../../src/observe/probe/tcp/rdp/judge.ts';

const select = (requested: number, protocol: number): Negotiation => ({
  requested,
  confirm: { kind: 'selected', protocol, flags: 0 },
});
const fail = (requested: number, failure: string): Negotiation => ({
  requested,
  confirm: { kind: 'failure', failure },
});
const NLA = 'HYBRID_REQUIRED_BY_SERVER';

describe('what RDP servers accept', () => {
  it('a Windows server that wants NLA', () => {
    expect(judge([select(3, 2), fail(0, NLA), select(11, 8), fail(4, NLA)])).toEqual({
      accepts: { standard: false, tls: false, nla: true, rdstls: false, earlyUserAuth: true },
      nlaRequired: true,
      noNegotiation: false,
    });
  });

  it('a Windows server that takes NLA and does not want it', () => {
    const { accepts, nlaRequired } = judge([
      select(3, 2),
      select(0, 0),
      select(11, 2),
      select(4, 0),
      select(1, 1),
    ]);
    expect(accepts).toEqual({ standard: true, tls: true, nla: true, rdstls: false, earlyUserAuth: false });
    expect(nlaRequired).toBe(false);
  });

  it('xrdp, which confirms everything: a confirmation is not a yes', () => {
    expect(judge([select(3, 0), select(1, 0), select(2, 0), select(4, 0)])).toEqual({
      accepts: { standard: true, tls: false, nla: false, rdstls: false },
      nlaRequired: false,
      noNegotiation: false,
    });
  });

  it('a server with TLS alone, which refuses', () => {
    const ssl = 'SSL_REQUIRED_BY_SERVER';
    expect(judge([select(3, 1), fail(0, ssl), fail(2, ssl), fail(4, ssl)])).toMatchObject({
      accepts: { standard: false, tls: true, nla: false, rdstls: false },
      nlaRequired: false,
    });
  });

  it('an old server without negotiation', () => {
    expect(judge([{ requested: 3, confirm: { kind: 'none' } }])).toEqual({
      accepts: { standard: true, tls: false, nla: false },
      nlaRequired: false,
      noNegotiation: true,
    });
  });

  it('leaves open what was not seen', () => {
    const { accepts, nlaRequired } = judge([select(3, 2)]);
    expect(accepts).toEqual({ nla: true });
    expect(nlaRequired).toBeUndefined();
    // Says both: a server that changes its answers is not judged.
    expect(judge([fail(0, NLA), select(1, 1)]).nlaRequired).toBeUndefined();
  });
});

describe('what is asked next', () => {
  it('is what the first answer leaves open', () => {
    expect(followUps({ kind: 'selected', protocol: 2, flags: 0 })).toEqual([0, 11, 4]);
    expect(followUps({ kind: 'selected', protocol: 1, flags: 0 })).toEqual([0, 2, 4]);
    expect(followUps({ kind: 'selected', protocol: 0, flags: 0 })).toEqual([1, 2, 4]);
    expect(followUps({ kind: 'none' })).toEqual([]);
  });

  it('is TLS alone only where nothing decided it', () => {
    expect(isTlsUndecided([select(3, 2), fail(0, NLA)])).toBe(false);
    expect(isTlsUndecided([select(3, 2), select(0, 0)])).toBe(true);
    expect(isTlsUndecided([select(3, 1)])).toBe(false);
  });
});
