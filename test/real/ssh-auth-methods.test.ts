/** The opt-in `ssh-auth-methods` against OpenSSH and Dropbear of Debian's packages, each configured as somebody might. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProbeResult } from '../../src/observe/probe/probe.ts';
import { probeSsh } from '../../src/observe/probe/tcp/ssh/probe.ts';
import { contextFor, type LoopbackContext } from '../observe/probe/tcp/context.ts';
import { createDaemons, must, sleep, type Daemon } from './support/command.ts';
import { createWorkplace, listJson, scan } from './support/sekisho.ts';

const HOST = '127.0.0.1';
const NO_PAM = ['UsePAM no', 'LogLevel DEBUG1', 'PidFile none'];
/** Text of a warning shown before log-in, as Japanese organisations word it. */
const WARNING = '関係者以外の接続を禁じます。';

interface Running {
  readonly port: number;
  readonly log: () => string;
}

describe('methods of authentication of real SSH servers', () => {
  const missing = ['sshd', 'dropbear'].filter((name) => !existsSync(`/usr/sbin/${name}`));
  if (process.getuid?.() !== 0 || missing.length > 0) {
    it('can be asked here', () => {
      expect.fail(
        `needs root and the packages of test/real/install.sh; missing: ${missing.join(', ') || 'root'}`,
      );
    });
    return;
  }

  const daemons = createDaemons();
  let folder = '';

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sekisho-ssh-'));
    must(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'ed25519')]);
    must(['ssh-keygen', '-q', '-t', 'rsa', '-b', '2048', '-N', '', '-f', join(folder, 'rsa')]);
    must(['dropbearkey', '-t', 'ed25519', '-f', join(folder, 'dropbear')]);
    writeFileSync(join(folder, 'warning'), `${WARNING}\n`);
    writeOpenAccount(folder);
  });

  afterAll(async () => {
    await daemons.endAll();
    rmSync(folder, { recursive: true, force: true });
  });

  async function sshd(...options: readonly string[]): Promise<Running> {
    const port = await freePort();
    const file = join(folder, `sshd-${port}`);
    const keys = [`HostKey ${join(folder, 'ed25519')}`, `HostKey ${join(folder, 'rsa')}`];
    writeFileSync(file, [`ListenAddress ${HOST}:${port}`, ...keys, ...NO_PAM, ...options, ''].join('\n'));
    const daemon = await daemons.start(privately(folder, ['/usr/sbin/sshd', '-D', '-e', '-f', file]));
    await listening(daemon, port);
    return { port, log: daemon.output };
  }

  async function dropbear(...options: readonly string[]): Promise<Running> {
    const port = await freePort();
    const place = [
      '-p',
      `${HOST}:${port}`,
      '-P',
      join(folder, `pid-${port}`),
      '-r',
      join(folder, 'dropbear'),
    ];
    const argv = ['/usr/sbin/dropbear', '-F', '-E', ...place, ...options];
    const daemon = await daemons.start(privately(folder, argv));
    await listening(daemon, port);
    return { port, log: daemon.output };
  }

  async function ask(port: number): Promise<ProbeResult & { context: LoopbackContext }> {
    const context = contextFor(port, { sshAuthMethods: true, answerTimeoutMs: 5000 });
    const result = await probeSsh(context, await context.dial());
    expect(context.held()).toBe(0);
    return { ...result, context };
  }

  it.each<[string, string[], string[]]>([
    [
      'passwords and keys',
      ['PasswordAuthentication yes', 'KbdInteractiveAuthentication no'],
      ['publickey', 'password'],
    ],
    ['keys only', ['PasswordAuthentication no', 'KbdInteractiveAuthentication no'], ['publickey']],
    [
      'keyboard-interactive',
      ['PasswordAuthentication no', 'KbdInteractiveAuthentication yes'],
      ['publickey', 'keyboard-interactive'],
    ],
    // sshd_config(5): only the first of the steps is offered.
    [
      'a key and then a password',
      ['PasswordAuthentication yes', 'AuthenticationMethods publickey,password'],
      ['publickey'],
    ],
    // An account called "sekisho" without a password: the worst configuration that "none" can meet.
    ['nothing', ['PasswordAuthentication yes', 'PermitEmptyPasswords yes'], ['none']],
  ])('OpenSSH that asks for %s', async (_name, options, expected) => {
    const server = await sshd(...options);
    const { facts, note } = await ask(server.port);
    expect(note).toBeUndefined();
    expect(facts.ssh?.authMethods).toEqual(expected);
    expect(facts.ssh?.software).toMatch(/^OpenSSH_/);
    // Once, with the method "none", and nothing was opened even where we were let in.
    await expect.poll(server.log).toMatch(/sekisho: methods read, not logging in/);
    expect(server.log().match(/userauth-request for user .*/g)).toEqual([
      expect.stringMatching(/^userauth-request for user sekisho service ssh-connection method none/),
    ]);
    expect(server.log()).not.toMatch(
      /server_input_channel_open|Starting session|message authentication code/,
    );
  });

  it('OpenSSH without the opt-in hears nothing of a log-in, and one connection less', async () => {
    const server = await sshd();
    const context = contextFor(server.port);
    const result = await probeSsh(context, await context.dial());
    expect(result.facts.ssh?.hostKeys).toHaveLength(2);
    expect(result.facts.ssh?.authMethods).toBeUndefined();
    expect(context.dials()).toBe(2);
    await expect.poll(() => server.log().match(/host key read, not logging in/g)).toHaveLength(2);
    expect(server.log()).not.toMatch(/userauth|NEWKEYS received|user sekisho/);
    const asking = await ask(server.port);
    expect(asking.context.dials()).toBe(3);
  });

  it.each<[string, string, string, string]>([
    ['curve25519-sha256', 'aes128-ctr', 'hmac-sha2-256', 'ssh-ed25519'],
    ['ecdh-sha2-nistp256', 'aes128-gcm@openssh.com', 'hmac-sha2-256', 'ssh-ed25519'],
    ['ecdh-sha2-nistp384', 'aes256-gcm@openssh.com', 'hmac-sha2-256', 'rsa-sha2-512'],
    ['ecdh-sha2-nistp521', 'aes256-ctr', 'hmac-sha2-512-etm@openssh.com', 'rsa-sha2-256'],
    ['diffie-hellman-group14-sha256', 'aes128-ctr', 'hmac-sha2-256-etm@openssh.com', 'ssh-ed25519'],
    ['diffie-hellman-group16-sha512', 'aes256-cbc', 'hmac-sha2-512', 'ssh-ed25519'],
    ['diffie-hellman-group18-sha512', 'aes128-cbc', 'hmac-sha1', 'ssh-ed25519'],
    ['diffie-hellman-group14-sha1', '3des-cbc', 'hmac-sha1', 'ssh-rsa'],
    ['diffie-hellman-group1-sha1', '3des-cbc', 'hmac-sha1', 'ssh-rsa'],
  ])('OpenSSH that knows only %s, %s, %s, %s', async (exchange, cipher, mac, hostKey) => {
    const { port } = await sshd(
      `KexAlgorithms ${exchange}`,
      `Ciphers ${cipher}`,
      `MACs ${mac}`,
      `HostKeyAlgorithms ${hostKey}`,
    );
    const { facts, note } = await ask(port);
    expect(note).toBeUndefined();
    expect(facts.ssh?.authMethods).toContain('password');
  });

  it('OpenSSH with a cipher that we cannot do keeps its other facts', async () => {
    const { port } = await sshd('Ciphers chacha20-poly1305@openssh.com');
    const { facts, note, status } = await ask(port);
    expect(status).toBe('open');
    expect(note).toBe('authentication methods not learnt: no cipher in common');
    expect(facts.ssh?.hostKeys).toHaveLength(2);
    expect(facts.ssh).not.toHaveProperty('authMethods');
  });

  it('OpenSSH with a warning before log-in', async () => {
    const { port } = await sshd(`Banner ${join(folder, 'warning')}`);
    const { facts } = await ask(port);
    expect(facts.ssh?.authBanner).toBe(WARNING);
    expect(facts.ssh?.authMethods).toContain('password');
  });

  it.each<[string, string[], string[]]>([
    ['passwords and keys', [], ['publickey', 'password']],
    ['keys only', ['-s'], ['publickey']],
    ['nothing', ['-B'], ['none']],
  ])('Dropbear that asks for %s', async (_name, options, expected) => {
    const server = await dropbear(...options, '-b', join(folder, 'warning'));
    const { facts, note } = await ask(server.port);
    expect(note).toBeUndefined();
    expect(facts.ssh?.authMethods).toEqual(expected);
    expect(facts.ssh?.authBanner).toBe(WARNING);
    expect(facts.ssh?.software).toMatch(/^dropbear_/);
    expect(server.log()).not.toMatch(/[Bb]ad password|Password auth succeeded/);
  });

  it('reach the list of services, and only with the opt-in', async () => {
    const keysOnly = await sshd('PasswordAuthentication no', 'KbdInteractiveAuthentication no');
    const passwords = await dropbear();
    const ports = [keysOnly.port, passwords.port];
    const seen = async (asked: boolean): Promise<Record<string, unknown>> => {
      const work = createWorkplace();
      try {
        work.writeOrganisation({
          sites: [{ id: 'hq', ranges: [`${HOST}/32`] }],
          probe: { ports, ...(asked && { 'ssh-auth-methods': true }) },
        });
        const ended = await scan(work);
        expect([0, 10, 20], ended.stderr).toContain(ended.code);
        const lines = await listJson(work, 'services');
        return Object.fromEntries(lines.map((line) => [String(line['port']), line['authentication']]));
      } finally {
        work.remove();
      }
    };
    expect(await seen(false)).toMatchObject({
      [keysOnly.port]: { kind: 'unknown', facts: ['ssh-not-asked'] },
      [passwords.port]: { kind: 'unknown', facts: ['ssh-not-asked'] },
    });
    expect(keysOnly.log()).not.toMatch(/userauth/);
    expect(await seen(true)).toMatchObject({
      [keysOnly.port]: { kind: 'strong', facts: ['ssh-publickey-only'] },
      [passwords.port]: { kind: 'password', facts: ['ssh-password'] },
    });
  });
});

/** passwd(5) and shadow(5) with an account "sekisho" that has no password. Seen only by the servers of this test. */
function writeOpenAccount(folder: string): void {
  const accounts = [
    'root:x:0:0:root:/root:/bin/sh',
    'sshd:x:100:65534::/run/sshd:/usr/sbin/nologin',
    'sekisho:x:64999:64999::/nonexistent:/bin/sh',
  ];
  writeFileSync(join(folder, 'passwd'), `${accounts.join('\n')}\n`);
  const secrets = ['root:*:20000:::::', 'sshd:!:20000:::::', 'sekisho::20000:::::'];
  writeFileSync(join(folder, 'shadow'), `${secrets.map((line) => `${line}:`).join('\n')}\n`, { mode: 0o600 });
}

/** Runs a server in a mount namespace of its own: a private /run, and the accounts of `writeOpenAccount`. */
function privately(folder: string, argv: readonly string[]): string[] {
  const script = [
    'mount --make-rprivate /',
    'mount -t tmpfs tmpfs /run',
    'mkdir -p /run/sshd',
    'mount --bind "$1/passwd" /etc/passwd',
    'mount --bind "$1/shadow" /etc/shadow',
    'shift',
    'exec "$@"',
  ];
  return ['unshare', '-m', 'bash', '-c', script.join(' && '), 'private', folder, ...argv];
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(0, HOST, () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => done(port));
    });
  });
}

async function listening(daemon: Daemon, port: number): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!(await accepts(port))) {
    if (daemon.ended() || Date.now() > deadline) {
      throw new Error(`nothing listens at ${HOST}:${port}:\n${daemon.output().slice(-2000)}`);
    }
    await sleep(100);
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ host: HOST, port });
    const finish = (answer: boolean) => (): void => {
      socket.destroy();
      done(answer);
    };
    socket.once('connect', finish(true));
    socket.once('error', finish(false));
  });
}
