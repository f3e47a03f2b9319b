/** Servers of Debian's packages on loopback, each with its own configuration in the test's folder, as an administrator would start them. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { certificateFiles } from '../../servers/certificates.ts';
import { must, sleep, type Daemon, type Daemons } from './command.ts';

export interface Stage {
  readonly daemons: Daemons;
  /** Folder for configurations, keys and logs; removed by the caller. */
  readonly folder: string;
}

/** Where Xtigervnc, sshd and xrdp write: private to each of them, so nothing is left behind and nothing collides. */
const PRIVATE_RUN =
  'mount --make-rprivate / && mount -t tmpfs tmpfs /run && mkdir -p /run/sshd /run/xrdp && exec "$@"';

function withPrivateRun(argv: readonly string[]): string[] {
  return ['unshare', '-m', 'bash', '-c', PRIVATE_RUN, 'private', ...argv];
}

export async function startTigerVnc(
  { daemons }: Stage,
  host: string,
  port: number,
  options: readonly string[],
): Promise<void> {
  const display = `:${freeDisplay()}`;
  const geometry = ['-geometry', '320x240', '-depth', '16'];
  const argv = [
    'Xtigervnc',
    display,
    ...geometry,
    '-nolisten',
    'tcp',
    '-nolisten',
    'unix',
    '-interface',
    host,
  ];
  await listening(await daemons.start([...argv, '-rfbport', String(port), ...options]), host, port);
}

/** A password file for `-rfbauth`. The password protects nothing: a blank screen for the time of the test. */
export function vncPasswordFile({ folder }: Stage): string {
  const file = join(folder, 'vnc-password');
  writeFileSync(file, must(['bash', '-c', 'tigervncpasswd -f | base64 -w0'], 'throwaway\n'), { mode: 0o600 });
  const bytes = Buffer.from(readFileSync(file, 'utf8'), 'base64');
  writeFileSync(file, bytes);
  return file;
}

/** @param layer security_layer of xrdp.ini(5) */
export async function startXrdp(
  { daemons, folder }: Stage,
  host: string,
  port: number,
  layer: 'negotiate' | 'rdp' | 'tls',
): Promise<void> {
  const { key, cert } = certificateFiles('rdp-server');
  const settings: Record<string, string> = {
    port: `tcp://${host}:${port}`,
    security_layer: layer,
    certificate: cert,
    key_file: key,
    LogFile: join(folder, `xrdp-${layer}.log`),
    EnableSyslog: 'false',
  };
  const ini = Object.entries(settings).reduce(
    // The first of each name: those of [Globals] and [Logging] stand before the sessions.
    (text, [name, value]) => text.replace(new RegExp(`^${name}=.*$`, 'm'), `${name}=${value}`),
    readFileSync('/etc/xrdp/xrdp.ini', 'utf8'),
  );
  const file = join(folder, `xrdp-${layer}.ini`);
  writeFileSync(file, ini);
  const daemon = await daemons.start(withPrivateRun(['/usr/sbin/xrdp', '--nodaemon', '-c', file]));
  await listening(daemon, host, port);
}

/** FreeRDP's shadow server with NLA: the only server in Debian that speaks CredSSP. Wants a display to share. */
export async function startFreeRdpShadow(stage: Stage, host: string, port: number): Promise<void> {
  const home = join(stage.folder, 'shadow-home');
  mkdirSync(home);
  // user:domain:lm:nt — nobody logs in during a scan.
  const sam = join(stage.folder, 'sam');
  writeFileSync(sam, 'throwaway:::8846f7eaee8fb117ad06bdd830b7586c:::\n');
  const argv = [
    'freerdp-shadow-cli',
    `/bind-address:${host}`,
    `/port:${port}`,
    '/sec:nla',
    `/sam-file:${sam}`,
    '+auth',
  ];
  const display = await startDisplay(stage);
  const env = { ...process.env, HOME: home, DISPLAY: `:${display}` };
  await listening(await stage.daemons.start(argv, { env }), host, port);
}

async function startDisplay({ daemons }: Stage): Promise<number> {
  const display = freeDisplay();
  // -noreset: Xvfb begins anew when its last client leaves, and refuses the next one meanwhile. The shadow server opens the
  // display, closes it and opens it again.
  await daemons.start(['Xvfb', `:${display}`, '-screen', '0', '320x240x24', '-nolisten', 'tcp', '-noreset']);
  // Not the file alone: it is there a moment before the server listens behind it.
  const path = `/tmp/.X11-unix/X${display}`;
  for (let waited = 0; !(await accepts({ path })) && waited < 15_000; waited += 100) await sleep(100);
  return display;
}

export async function startSshd({ daemons, folder }: Stage, host: string, port: number): Promise<void> {
  const key = join(folder, 'ssh_host_ed25519_key');
  must(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', key]);
  const file = join(folder, 'sshd_config');
  const lines = [
    `ListenAddress ${host}:${port}`,
    `HostKey ${key}`,
    'PidFile none',
    'UsePAM no',
    'PasswordAuthentication yes',
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  await listening(
    await daemons.start(withPrivateRun(['/usr/sbin/sshd', '-D', '-e', '-f', file])),
    host,
    port,
  );
}

export async function startNginx({ daemons, folder }: Stage, host: string): Promise<void> {
  const prefix = join(folder, 'nginx');
  mkdirSync(join(prefix, 'html'), { recursive: true });
  writeFileSync(join(prefix, 'html/index.html'), '<html><head><title>架空精機</title></head></html>');
  const { key, cert } = certificateFiles('company-web');
  const paths = ['client_body', 'proxy', 'fastcgi', 'scgi', 'uwsgi']
    .map((name) => `${name}_temp_path ${prefix}/${name};`)
    .join(' ');
  writeFileSync(
    join(prefix, 'nginx.conf'),
    `daemon off; worker_processes 1; user root; pid ${prefix}/pid; error_log ${prefix}/error.log;
     events { worker_connections 256; }
     http { access_log off; ${paths} charset utf-8; types { text/html html; }
       server { listen ${host}:80; listen ${host}:443 ssl; root ${prefix}/html;
         ssl_certificate ${cert}; ssl_certificate_key ${key}; } }`,
  );
  const daemon = await daemons.start(['nginx', '-p', prefix, '-c', join(prefix, 'nginx.conf')]);
  await listening(daemon, host, 443);
}

/** Upstream version of an installed package: "1:9.2p1-2+deb12u10" → "9.2p1". */
export function packageVersion(name: string): string {
  const full = must(['dpkg-query', '-W', '-f', '${Version}', name]);
  return full.replace(/^\d+:/, '').replace(/-[^-]*$/, '');
}

/** A display number that has no lock file; X servers would refuse it otherwise. */
function freeDisplay(): number {
  const taken = new Set(must(['bash', '-c', 'ls -a /tmp | grep -E "^\\.X[0-9]+-lock$" || true']).split('\n'));
  for (let number = 300 + (process.pid % 500); ; number += 1) {
    if (taken.has(`.X${number}-lock`) || given.has(number)) continue;
    given.add(number);
    return number;
  }
}
const given = new Set<number>();

async function listening(daemon: Daemon, host: string, port: number): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!(await accepts({ host, port }))) {
    if (daemon.ended() || Date.now() > deadline) {
      throw new Error(`nothing listens at ${host}:${port}:\n${daemon.output().slice(-2000)}`);
    }
    await sleep(100);
  }
}

function accepts(place: { host: string; port: number } | { path: string }): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(place);
    const finish = (answer: boolean) => (): void => {
      socket.destroy();
      done(answer);
    };
    socket.once('connect', finish(true));
    socket.once('error', finish(false));
  });
}
