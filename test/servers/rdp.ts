import type { Duplex } from 'node:stream';
import { createSecureContext, TLSSocket } from 'node:tls';
import { certificate, type CertificateName } from './certificates.ts';
import {
  listen,
  readExactly,
  readSome,
  untilEnd,
  type Conversation,
  type Listening,
  type Place,
} from './listening.ts';
import { ntlmChallenge, tsRequest, type WindowsNames } from './ntlm.ts';

/**
 * What the server does with a negotiation request:
 * - nla: Windows 10/Server 2016 and later as installed: refuses whatever lacks CredSSP
 * - tls: takes TLS, falls back to it for a CredSSP request as xrdp does, refuses standard security
 * - mixed: Windows without "NLA required": takes the strongest of what was asked for
 * - standard: xrdp set to `rdp`: confirms every request, but always with standard security selected
 * - xp: 11-byte confirm that carries no negotiation response at all
 */
export type RdpMode = 'nla' | 'tls' | 'mixed' | 'standard' | 'xp';

export interface RdpOptions extends Place {
  readonly mode: RdpMode;
  readonly certificate?: CertificateName;
  readonly windows?: WindowsNames;
}

/** MS-RDPBCGR 2.2.1.1.1: flags of requestedProtocols. */
const SSL = 1;
const HYBRID = 2;
const HYBRID_EX = 8;
/** MS-RDPBCGR 2.2.1.2.2: failure codes. */
const SSL_REQUIRED = 1;
const HYBRID_REQUIRED = 5;

const DEFAULT_WINDOWS: WindowsNames = {
  computer: 'KS-TS01',
  domain: 'KAKUU',
  dnsDomain: 'corp.kakuu.example',
  version: [10, 0, 20348],
};

/** An RDP server as far as a stranger without a password can get: X.224 negotiation, TLS, one NTLM challenge. */
export async function startRdp(options: RdpOptions): Promise<Listening> {
  const secureContext = createSecureContext(certificate(options.certificate ?? 'rdp-server'));
  const windows = options.windows ?? DEFAULT_WINDOWS;
  const conversation: Conversation = async (socket, note) => {
    const requested = await readRequest(socket);
    const answer = decide(options.mode, requested);
    socket.write(answer.bytes);
    if (answer.selected === undefined) return;
    if (answer.selected === 0) {
      await untilEnd(socket);
      return;
    }
    const inside = new TLSSocket(socket, { isServer: true, secureContext });
    inside.on('error', () => socket.destroy());
    if (answer.selected !== SSL) await credSsp(inside, windows, note);
    await untilEnd(inside);
  };
  return listen(options, conversation);
}

/** requestedProtocols of the connection request, undefined when the client sent no negotiation request. */
async function readRequest(stream: Duplex): Promise<number | undefined> {
  const header = await readExactly(stream, 4);
  if (header[0] !== 3) throw new Error('not TPKT');
  const length = header.readUInt16BE(2);
  if (length < 11 || length > 1024) throw new Error('no connection request');
  const body = await readExactly(stream, length - 4);
  if (body[1] !== 0xe0) throw new Error('not a connection request');
  const negotiation = body.length >= 15 ? body.subarray(-8) : undefined;
  return negotiation?.[0] === 1 ? negotiation.readUInt32LE(4) : undefined;
}

function decide(mode: RdpMode, requested: number | undefined): { bytes: Buffer; selected?: number } {
  if (mode === 'xp' || requested === undefined) {
    // MS-RDPBCGR 2.2.1.2: without a request there is no response; NLA servers then close after the failure.
    if (mode === 'nla') return { bytes: confirm(3, 0, HYBRID_REQUIRED) };
    if (mode === 'tls') return { bytes: confirm(3, 0, SSL_REQUIRED) };
    return { bytes: tpkt(Buffer.from([6, 0xd0, 0, 0, 0x12, 0x34, 0])), selected: 0 };
  }
  if (mode === 'standard') return { bytes: confirm(2, 0, 0), selected: 0 };
  const strongest = select(mode, requested);
  if (strongest === undefined) {
    return { bytes: confirm(3, 0, mode === 'nla' ? HYBRID_REQUIRED : SSL_REQUIRED) };
  }
  return { bytes: confirm(2, mode === 'nla' ? 0x1f : 0x0f, strongest), selected: strongest };
}

function select(mode: 'nla' | 'tls' | 'mixed', requested: number): number | undefined {
  if (mode !== 'tls' && (requested & HYBRID_EX) !== 0) return HYBRID_EX;
  if (mode !== 'tls' && (requested & HYBRID) !== 0) return HYBRID;
  if (mode === 'nla') return undefined;
  // xrdp selects TLS even for a request that names CredSSP only (measured with 0.9.21).
  if ((requested & SSL) !== 0 || (mode === 'tls' && requested !== 0)) return SSL;
  return mode === 'mixed' ? 0 : undefined;
}

async function credSsp(
  inside: TLSSocket,
  windows: WindowsNames,
  note: (event: string) => void,
): Promise<void> {
  const negotiate = await readSome(inside);
  if (!negotiate.includes(Buffer.from('NTLMSSP\0\u0001', 'latin1'))) return;
  inside.write(tsRequest(ntlmChallenge(windows, new Date())));
  const next = await readSome(inside);
  // An AUTHENTICATE message would carry a proof of a password: a scanner must never get here.
  note(next.includes(Buffer.from('NTLMSSP\0\u0003', 'latin1')) ? 'rdp authenticate' : 'rdp after-challenge');
}

/** X.224 connection confirm with a negotiation response (type 2) or failure (type 3). */
function confirm(type: number, flags: number, value: number): Buffer {
  const body = Buffer.from([14, 0xd0, 0, 0, 0x12, 0x34, 0, type, flags, 8, 0, 0, 0, 0, 0]);
  body.writeUInt32LE(value, 11);
  return tpkt(body);
}

function tpkt(body: Buffer): Buffer {
  const header = Buffer.from([3, 0, 0, 0]);
  header.writeUInt16BE(body.length + 4, 2);
  return Buffer.concat([header, body]);
}
