import { createSocket, type Socket } from 'node:dgram';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readJournal } from '../../src/track/read-journal.ts';
import { listRuns, lockOrganisation, type Run } from '../../src/track/store.ts';
import { serve, type TestServer } from '../observe/probe/loopback.ts';
import { sekisho } from './command.ts';

const HOST = '127.87.9.1';
let folder = '';
let servers: TestServer[] = [];
let sockets: Socket[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sekisho-recheck-'));
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
  for (const socket of sockets.splice(0)) socket.close();
  rmSync(folder, { recursive: true, force: true });
});

async function web(answer: string, port = 0): Promise<TestServer> {
  const server = await serve(
    (socket) => {
      socket.on('data', () => socket.end(answer));
    },
    HOST,
    port,
  );
  servers.push(server);
  return server;
}

/** A VNC server that asks for nothing: a finding that is told in full. */
async function vnc(): Promise<TestServer> {
  const server = await serve((socket) => {
    socket.write('RFB 003.008\n');
    socket.once('data', () => socket.write(Buffer.from([1, 1])));
  }, HOST);
  servers.push(server);
  return server;
}

const page = (title: string): string =>
  `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<title>${title}</title>`;

function organisation(ports: readonly number[], more = ''): string {
  const file = join(folder, 'org.yaml');
  writeFileSync(
    file,
    `organisation: { id: kakuu, name: { ja: 架空精機, en: Kakuu Seiki } }
sites:
  - { id: hq, name: { ja: 本社, en: Head office }, country: JP, kind: headquarters, ranges: [127.87.9.0/30] }
permission: { by: director, reference: "1", valid-until: 2099-01-01 }
probe: { ports: "${ports.join(',')}", rate: 2000, connect-timeout-ms: 300, answer-timeout-ms: 500 }
shodan: { use: no }
${more}`,
  );
  return file;
}

const reports = (): string => join(folder, 'reports');
const scan = async (file: string) => sekisho(['scan', file, '--reports', reports(), '--quiet']);
const recheck = async (id: string, ...more: readonly string[]) =>
  sekisho(['recheck', id, '--reports', reports(), ...more]);
const newestRun = async (): Promise<Run> => {
  const run = (await listRuns(reports(), 'kakuu')).at(-1);
  if (run === undefined) throw new Error('no run');
  return run;
};

/** Id of the finding at a port. */
async function idAt(port: number): Promise<string> {
  const { stdout } = await sekisho(['findings', '--json', '--reports', reports()]);
  const line = stdout.split('\n').find((one) => one.includes(`:${port}/`)) ?? '';
  return /"spokenId":"(B-\d+)"/.exec(line)?.[1] ?? /"(B-\d+)"/.exec(line)?.[1] ?? '';
}

describe('recheck', () => {
  it('looks at one place only, tells open and closed, and keeps both with the run', async () => {
    const door = await vnc();
    const other = await web(page('Other'));
    const file = organisation([door.port, other.port]);
    await scan(file);
    const run = await newestRun();
    const before = readFileSync(run.snapshotPath);
    const id = await idAt(door.port);
    expect(id).toMatch(/^B-\d\d$/);
    const [doorBefore, otherBefore] = [door.connections(), other.connections()];

    const open = await recheck(id.toLowerCase(), file, '--lang', 'en');
    expect(open.code, open.stderr).toBe(10);
    expect(open.stdout).toContain(`${id}  Head office ${HOST}:${door.port}/tcp`);
    expect(open.stdout).toContain('it was reached from outside.');
    expect(open.stdout).toContain('The door is still open.');
    expect(door.connections()).toBeGreaterThan(doorBefore);
    expect(other.connections()).toBe(otherBefore);

    await door.close();
    const shut = await recheck(id, file);
    expect(shut.code, shut.stderr).toBe(0);
    expect(shut.stdout).toContain('届きませんでした（接続を断る応答がありました）。');
    expect(shut.stdout).toContain('再点検 1 回では「閉鎖確認」とはしません。');

    const journal = await readJournal(run.journalPath);
    expect(journal.complete).toBe(true);
    expect(journal.rechecks.map(({ spokenId, state }) => [spokenId, state])).toEqual([
      [id, 'open'],
      [id, 'closed'],
    ]);
    expect(journal.rechecks[0]?.observations.length).toBeGreaterThan(0);
    expect(readFileSync(run.snapshotPath)).toEqual(before);
    const report = readFileSync(join(run.directory, 'full.ja.md'), 'utf8');
    const part = report.slice(report.indexOf(`sekisho recheck ${id}`));
    // Newest first.
    expect(part.indexOf('届きませんでした')).toBeLessThan(part.indexOf('外から届きました'));
    expect(part.indexOf('届きませんでした')).toBeGreaterThan(0);
  }, 120_000);

  it('says what has changed since the run, and does not follow a page to another port', async () => {
    const elsewhere = await web(page('Elsewhere'));
    const door = await web(page('First title'));
    const { port } = door;
    const file = organisation([port]);
    await scan(file);
    await door.close();
    await web(
      `HTTP/1.1 302 Found\r\nLocation: http://${HOST}:${elsewhere.port}/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
      port,
    );
    const { code } = await recheck(await idAt(port), file);
    expect(code).toBe(10);
    expect(elsewhere.connections()).toBe(0);
  }, 120_000);

  it('prints one JSON line', async () => {
    const door = await web(page('x'));
    const file = organisation([door.port]);
    await scan(file);
    const id = await idAt(door.port);
    const { stdout, code } = await recheck(id, file, '--json', '--vantage', 'mobile');
    expect(code).toBe(10);
    expect(JSON.parse(stdout)).toMatchObject({
      spokenId: id,
      subject: `${HOST}:${door.port}/tcp`,
      vantage: 'mobile',
      state: 'open',
    });
  }, 120_000);

  it('sends nothing that the file of today does not allow', async () => {
    const door = await web(page('x'));
    const file = organisation([door.port]);
    await scan(file);
    const id = await idAt(door.port);
    const before = door.connections();
    organisation([door.port], `exclusions: [${HOST}]\n`);
    const excluded = await recheck(id, file);
    expect([excluded.code, excluded.stderr]).toEqual([2, expect.stringContaining(`${HOST} is excluded`)]);
    organisation([door.port]);
    writeFileSync(file, readFileSync(file, 'utf8').replace('2099-01-01', '2020-01-01'));
    const ended = await recheck(id, file);
    expect([ended.code, ended.stderr]).toEqual([2, expect.stringContaining('ask for a new one')]);
    // Options that a recheck does not have.
    expect(excluded.stderr + ended.stderr).not.toMatch(/--only|--passive/);
    // A window that is shut all day but for a minute twelve hours from now.
    const far = new Date(Date.now() + 12 * 3_600_000).toISOString().slice(11, 16);
    const next = new Date(Date.now() + 12 * 3_600_000 + 60_000).toISOString().slice(11, 16);
    organisation(
      [door.port],
      `timezone: UTC\nwindows: [{ days: [mon, tue, wed, thu, fri, sat, sun], from: "${far}", to: "${next}" }]\n`,
    );
    const shut = await recheck(id, file, '--lang', 'en');
    expect([shut.code, shut.stdout]).toEqual([30, expect.stringContaining('could not be looked at')]);
    expect(door.connections()).toBe(before);
    expect((await readJournal((await newestRun()).journalPath)).rechecks).toEqual([]);
  }, 120_000);

  it('refuses a number that no run knows, a second file, and to run beside a scan', async () => {
    const door = await web(page('x'));
    const file = organisation([door.port]);
    expect(await recheck('B-01', file)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no finished run of kakuu'),
    });
    await scan(file);
    expect(await recheck('B-99', file)).toMatchObject({ code: 2, stderr: expect.stringContaining('B-99') });
    expect((await recheck('B-01', file, file)).code).toBe(2);
    expect((await recheck('B-01', file, 'nowhere')).code).toBe(2);
    const lock = await lockOrganisation(reports(), 'kakuu', new Date());
    const locked = await recheck('B-01', file);
    lock.release();
    expect([locked.code, locked.stderr]).toEqual([2, expect.stringContaining('Another run')]);
  }, 120_000);

  it('asks a UDP door over UDP alone; its silence proves nothing', async () => {
    const udp = createSocket('udp4');
    sockets.push(udp);
    let heard = 0;
    udp.on('message', (_, from) => {
      heard += 1;
      udp.send('SIP/2.0 200 OK\r\nServer: x\r\nContent-Length: 0\r\n\r\n', from.port, from.address);
    });
    await new Promise<void>((done) => udp.bind(5060, HOST, () => done()));
    const tcp = await web(page('x'), 5060);
    const file = organisation([5060]);
    await scan(file);
    const { stdout } = await sekisho(['findings', '--json', '--reports', reports()]);
    const line = stdout.split('\n').find((one) => one.includes(':5060/udp')) ?? '';
    const id = /"(B-\d+)"/.exec(line)?.[1] ?? '';
    expect(id).not.toBe('');
    const before = [tcp.connections(), heard];
    expect((await recheck(id, file)).code).toBe(10);
    expect(tcp.connections()).toBe(before[0]);
    expect(heard).toBeGreaterThan(before[1] ?? 0);
    udp.removeAllListeners('message');
    const silent = await recheck(id, file, '--lang', 'en');
    expect([silent.code, silent.stdout]).toEqual([
      30,
      expect.stringContaining('Whether it is closed is not known.'),
    ]);
  }, 120_000);
});
