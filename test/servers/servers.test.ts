/** The servers that everything else is tested against must themselves speak what they claim. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer, connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { readExactly, readSome, type Listening } from './listening.ts';
import { startFtp, startSmtp } from './mail.ts';
import {
  startCloseAtOnce,
  startDrip,
  startEndless,
  startGarbage,
  startReset,
  startSilent,
  startTarpit,
} from './misbehaving.ts';
import { startRdp, type RdpMode } from './rdp.ts';
import { companySite, fortigateSslVpn } from './sites.ts';
import { startSsh } from './ssh.ts';
import { startTelnet } from './telnet.ts';
import { startVnc } from './vnc.ts';
import { startWeb } from './web.ts';

const HOST = '127.0.0.1';
const running: Listening[] = [];
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(running.splice(0).map((server) => server.close()));
});

async function up(server: Promise<Listening>): Promise<Listening> {
  const one = await server;
  running.push(one);
  return one;
}

async function dial(server: Listening): Promise<Socket> {
  const socket = connect({ host: server.host, port: server.port });
  socket.on('error', () => undefined);
  sockets.push(socket);
  await new Promise((done) => {
    socket.once('connect', done);
  });
  return socket;
}

describe('RDP', () => {
  const ask = async (mode: RdpMode, requested: number | undefined): Promise<string> => {
    const socket = await dial(await up(startRdp({ host: HOST, port: 0, mode })));
    const request = Buffer.from('030000130ee000000000000100080000000000', 'hex');
    if (requested === undefined) socket.write(Buffer.from('0300000b06e00000000000', 'hex'));
    else {
      request.writeUInt32LE(requested, 15);
      socket.write(request);
    }
    return (await readSome(socket)).toString('hex');
  };

  it.each([
    ['nla', 3, /021f080002000000$/],
    ['nla', 1, /0300080005000000$/],
    ['nla', 11, /021f080008000000$/],
    ['tls', 2, /020f080001000000$/],
    ['tls', 0, /0300080001000000$/],
    ['mixed', 1, /020f080001000000$/],
    ['mixed', 0, /020f080000000000$/],
    ['standard', 3, /0200080000000000$/],
    ['xp', 3, /^0300000b06d00000123400$/],
    ['mixed', undefined, /^0300000b06d00000123400$/],
  ] as const)('%s answers a request for %s', async (mode, requested, expected) => {
    expect(await ask(mode, requested)).toMatch(expected);
  });

  it('shows its certificate and answers an NTLM NEGOTIATE with names and build, and no more', async () => {
    const server = await up(startRdp({ host: HOST, port: 0, mode: 'nla' }));
    const socket = await dial(server);
    socket.write(Buffer.from('030000130ee000000000000100080003000000', 'hex'));
    await readExactly(socket, 19);
    const inside = connectTls({ socket, rejectUnauthorized: false });
    await new Promise((done) => {
      inside.once('secureConnect', done);
    });
    expect(inside.getPeerCertificate().subject.CN).toBe('KS-TS01.corp.kakuu.example');
    const token = Buffer.from('4e544c4d5353500001000000978208e2'.padEnd(80, '0'), 'hex');
    inside.write(Buffer.concat([Buffer.from('3037a003020106a130302e302ca02a0428', 'hex'), token]));
    const challenge = await readSome(inside);
    expect(challenge.includes(Buffer.from('NTLMSSP\0\u0002', 'latin1'))).toBe(true);
    expect(challenge.includes(Buffer.from('KS-TS01', 'utf16le'))).toBe(true);
    expect(server.events).toEqual([]);
    inside.write(Buffer.from('NTLMSSP\0\u0003', 'latin1'));
    await expect.poll(() => server.events).toEqual(['rdp authenticate']);
    inside.destroy();
  });
});

describe('VNC', () => {
  it('offers its security types and witnesses whoever goes further', async () => {
    const server = await up(startVnc({ host: HOST, port: 0, types: [1, 2] }));
    const socket = await dial(server);
    expect((await readExactly(socket, 12)).toString()).toBe('RFB 003.008\n');
    socket.write('RFB 003.008\n');
    expect([...(await readExactly(socket, 3))]).toEqual([2, 1, 2]);
    expect(server.events).toEqual([]);
    socket.write(Buffer.from([1]));
    expect([...(await readExactly(socket, 4))]).toEqual([0, 0, 0, 0]);
    socket.write(Buffer.from([1]));
    await expect.poll(() => server.events).toEqual(['vnc client-init']);
  });

  it('lists the sub-types of VeNCrypt', async () => {
    const server = await up(startVnc({ host: HOST, port: 0, types: [19], subTypes: [261, 260] }));
    const socket = await dial(server);
    socket.write(Buffer.concat([Buffer.from('RFB 003.008\n'), Buffer.from([19, 0, 2])]));
    expect((await readExactly(socket, 12 + 2 + 2)).subarray(12).toString('hex')).toBe('01130002');
    expect((await readExactly(socket, 10)).toString('hex')).toBe('00020000010500000104');
  });

  it('decides by itself in version 3.3', async () => {
    const server = await up(startVnc({ host: HOST, port: 0, types: [2], version: '003.003' }));
    const socket = await dial(server);
    socket.write('RFB 003.003\n');
    expect((await readExactly(socket, 16)).subarray(12).toString('hex')).toBe('00000002');
  });
});

describe('SSH', () => {
  // Not among npm's binaries: part of OpenSSH, which most systems have.
  const keyscan = '/usr/bin/ssh-keyscan';
  const isThere = existsSync(keyscan);

  it.skipIf(!isThere)('proves its host key to OpenSSH', async () => {
    const server = await up(startSsh({ host: HOST, port: 0, hostKeySeed: '22'.repeat(32) }));
    const scan = spawn(keyscan, ['-T', '5', '-t', 'ed25519', '-p', `${server.port}`, HOST]);
    let out = '';
    scan.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
    await new Promise((done) => {
      scan.once('close', done);
    });
    // Public key of the seed 0x22 × 32, computed by OpenSSL.
    expect(out).toContain(`ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKCapfR6Z1mAL/lV+NwtKhSlyZ0jvpf4ZBJ/+Tg0VaTw`);
    expect(server.events).toEqual([]);
  });

  it('sends banner and KEXINIT in well-formed packets', async () => {
    const server = await up(startSsh({ host: HOST, port: 0, banner: 'SSH-2.0-Test_1.0' }));
    const socket = await dial(server);
    expect((await readExactly(socket, 18)).toString()).toBe('SSH-2.0-Test_1.0\r\n');
    const length = (await readExactly(socket, 4)).readUInt32BE();
    expect((length + 4) % 8).toBe(0);
    const body = await readExactly(socket, length);
    expect(body[0]).toBeGreaterThanOrEqual(4);
    expect(body[1]).toBe(20);
    expect(body.toString('latin1')).toContain('curve25519-sha256');
  });
});

describe('line servers', () => {
  it('greets as SMTP and answers EHLO', async () => {
    const server = await up(startSmtp({ host: HOST, port: 0 }));
    const socket = await dial(server);
    expect((await readSome(socket)).toString()).toMatch(/^220 mail\.kakuu\.example ESMTP/);
    socket.write('EHLO test.example\r\n');
    expect((await readSome(socket)).toString()).toContain('250-STARTTLS');
    expect(server.events).toEqual([]);
    socket.write('AUTH PLAIN AAAA\r\n');
    await expect.poll(() => server.events).toEqual(['command AUTH']);
  });

  it('greets as FTP and witnesses a user name', async () => {
    const server = await up(startFtp({ host: HOST, port: 0 }));
    const socket = await dial(server);
    expect((await readSome(socket)).toString()).toBe('220 (vsFTPd 3.0.3)\r\n');
    socket.write('FEAT\r\n');
    expect((await readSome(socket)).toString()).toContain(' UTF8\r\n');
    expect(server.events).toEqual([]);
    socket.write('USER anonymous\r\n');
    await expect.poll(() => server.events).toEqual(['command USER']);
  });

  it('negotiates Telnet options, prompts, and witnesses what is typed', async () => {
    const server = await up(startTelnet({ host: HOST, port: 0, greeting: 'router' }));
    const socket = await dial(server);
    socket.write(Buffer.from([255, 252, 24, 255, 252, 31, 255, 250, 24, 0, 65, 255, 240]));
    let text = '';
    while (!text.includes('login: ')) text += (await readSome(socket)).toString('latin1');
    expect(text.startsWith('\u00ff\u00fd\u0018\u00ff\u00fd\u001f')).toBe(true);
    expect(server.events).toEqual([]);
    socket.write('root\r\n');
    await expect.poll(() => server.events.length).toBe(1);
  });
});

describe('web', () => {
  it('serves the company site in Shift_JIS', async () => {
    const server = await up(startWeb({ host: HOST, port: 0, ...companySite() }));
    const answer = await fetch(`http://${HOST}:${server.port}/`);
    const text = new TextDecoder('shift_jis').decode(await answer.arrayBuffer());
    expect(text).toContain('架空精機株式会社');
  });

  it('serves an emulated front over TLS with its certificate and both cookies', async () => {
    const server = await up(
      startWeb({ host: HOST, port: 0, certificate: 'fortigate', ...fortigateSslVpn() }),
    );
    const socket = connectTls({ host: HOST, port: server.port, rejectUnauthorized: false });
    socket.write('GET /remote/login?lang=en HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    let text = '';
    await new Promise((done) => {
      socket.once('secureConnect', done);
    });
    expect(socket.getPeerCertificate().subject.OU).toBe('FortiGate');
    for await (const chunk of socket) text += String(chunk);
    expect(text.match(/Set-Cookie: SVPN/g)).toHaveLength(2);
  });

  it('witnesses a POST', async () => {
    const server = await up(startWeb({ host: HOST, port: 0, ...companySite() }));
    await fetch(`http://${HOST}:${server.port}/login`, { method: 'POST', body: 'a=b' });
    expect(server.events).toEqual(['http POST /login']);
  });
});

describe('misbehaving', () => {
  it('keeps silent, drips, floods, resets and closes', async () => {
    const silent = await dial(await up(startSilent({ host: HOST, port: 0 })));
    silent.write('hello');
    const drip = await dial(await up(startDrip({ host: HOST, port: 0 }, 'SSH-2.0-drip\r\n', 5)));
    expect((await readSome(drip)).length).toBeLessThan(14);
    const flood = await dial(await up(startEndless({ host: HOST, port: 0 }, 1024 * 1024)));
    let bytes = 0;
    for await (const chunk of flood) bytes += (chunk as Buffer).length;
    expect(bytes).toBe(1024 * 1024);

    const resetter = await up(startReset({ host: HOST, port: 0 }));
    const error = await new Promise<NodeJS.ErrnoException>((done) => {
      connect({ host: HOST, port: resetter.port }).once('error', done).resume();
    });
    expect(error.code).toBe('ECONNRESET');
    const closed = await dial(await up(startCloseAtOnce({ host: HOST, port: 0 })));
    await expect(readSome(closed)).rejects.toThrow('the peer ended');
    expect(silent.readableLength).toBe(0);
  });

  it('keeps an SSH client waiting before the identification, and answers garbage', async () => {
    const tarpit = await dial(await up(startTarpit({ host: HOST, port: 0 }, 5)));
    const lines = (await readExactly(tarpit, 54)).toString();
    expect(lines).toMatch(/^([0-9a-f]{16}\r\n){3}$/);
    const garbage = await dial(await up(startGarbage({ host: HOST, port: 0 }, 100)));
    garbage.write('anything');
    expect(await readExactly(garbage, 100)).toHaveLength(100);
  });

  it('refuses a place that is taken', async () => {
    const taken = createServer();
    await new Promise<void>((done) => {
      taken.listen(0, HOST, done);
    });
    const { port } = taken.address() as { port: number };
    await expect(startSilent({ host: HOST, port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    taken.close();
  });
});
