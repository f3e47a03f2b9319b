import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { resolve } from 'node:path';
import { TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { probeRdp } from '../../../../../src/observe/probe/tcp/rdp/probe.ts';
import { contextFor, serve, type Loopback } from '../context.ts';
import { recorded } from '../recorded.ts';

const NLA = 'freerdp-shadow 2.11.7, nla';
const certificates = resolve(import.meta.dirname, '../../../../fixtures/certs');
const pem = {
  key: readFileSync(resolve(certificates, 'rdp-server.key'), 'utf8'),
  cert: readFileSync(resolve(certificates, 'rdp-server.crt'), 'utf8'),
};
let server: Loopback | undefined;

afterEach(() => server?.close());

/** Requested protocols of a connection request. */
const asked = (sent: Buffer): number => sent.readUInt32LE(15);

/** What came over TLS, decrypted. */
const inside: Buffer[] = [];

/** Answers like FreeRDP with NLA did, with TLS and CredSSP behind it. */
function nlaServer(socket: Socket): void {
  const labels: Record<number, string> = {
    0: 'standard',
    3: 'tls+hybrid',
    4: 'rdstls',
    11: 'tls+hybrid+hybrid-ex',
  };
  socket.once('data', (sent) => {
    const requested = asked(sent);
    socket.write(recorded(NLA, `rdp negotiation ${labels[requested] ?? ''}`));
    if (requested !== 3) return;
    const tls = new TLSSocket(socket, { isServer: true, ...pem });
    tls.on('error', () => undefined);
    tls.on('data', (token: Buffer) => {
      inside.push(token);
      tls.write(recorded(NLA, 'rdp credssp ntlm challenge'));
    });
  });
}

describe('RDP conversation', () => {
  it('reads negotiation, certificate and NTLM challenge of a server with NLA', async () => {
    server = await serve(nlaServer);
    const context = contextFor(server.port, { answerTimeoutMs: 3000 });
    const { result } = await probeRdp(context, await context.dial());
    expect(result?.facts.rdp).toMatchObject({
      nlaRequired: true,
      accepts: { standard: false, tls: false, nla: true },
      ntlm: { computerName: 'VM', osBuild: '6.1.7601' },
    });
    expect(result?.facts.tls?.certificates[0]).toMatchObject({
      subject: 'CN=KS-TS01.corp.kakuu.example',
      selfSigned: true,
    });
    expect(result?.evidence.map(({ label }) => label)).toContain('rdp credssp ntlm challenge');
    expect([context.dials(), context.held()]).toEqual([4, 0]);
    // One token, a NEGOTIATE; an AUTHENTICATE (3) would be a log-in.
    expect(inside).toHaveLength(1);
    expect(inside[0]?.indexOf('NTLMSSP\0\x01')).toBeGreaterThan(0);
  });

  it('ends after the confirm of a server without negotiation', async () => {
    server = await serve((socket) =>
      socket.once('data', () => socket.write(Buffer.from('0300000b06d00000123400', 'hex'))),
    );
    const context = contextFor(server.port);
    const { result } = await probeRdp(context, await context.dial());
    expect(result?.facts.rdp).toMatchObject({ noNegotiation: true, nlaRequired: false });
    expect([context.dials(), context.held()]).toEqual([1, 0]);
  });

  it('hands back the answer of something else', async () => {
    server = await serve((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    );
    const context = contextFor(server.port);
    const look = await probeRdp(context, await context.dial());
    expect(look.result).toBeUndefined();
    expect(Buffer.from(look.received).toString()).toContain('HTTP/1.1 400');
    expect([context.dials(), context.held()]).toEqual([1, 0]);
  });

  it('does not wait for the 64 KiB that a liar announces', async () => {
    server = await serve((socket) =>
      socket.once('data', () => socket.write(Buffer.from('0300ffff0ed00000', 'hex'))),
    );
    const context = contextFor(server.port, { answerTimeoutMs: 3000 });
    const began = performance.now();
    expect((await probeRdp(context, await context.dial())).result).toBeUndefined();
    expect(performance.now() - began).toBeLessThan(1500);
  });

  it('keeps the negotiation when TLS fails', async () => {
    server = await serve((socket) =>
      socket.once('data', (sent) => {
        socket.write(
          recorded(
            'xrdp 0.9.21, negotiate',
            asked(sent) === 3 ? 'rdp negotiation tls+hybrid' : 'rdp negotiation standard',
          ),
        );
        socket.once('data', () => socket.end('not TLS at all'));
      }),
    );
    const context = contextFor(server.port);
    const { result } = await probeRdp(context, await context.dial());
    expect(result?.facts.rdp?.accepts).toMatchObject({ tls: true, nla: false });
    expect(result?.facts.tls).toBeUndefined();
    expect(result?.note).toMatch(/^RDP negotiated TLS, but /);
    expect(context.held()).toBe(0);
  });
});
