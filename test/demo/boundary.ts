/**
 * The boundary of an invented company on loopback: a head office and a branch in Taipei. Servers speak real protocol bytes;
 * the appliance fronts are EMULATED from public facts (test/servers/sites.ts).
 */
import type { Listening, Place } from '../servers/listening.ts';
import { startSmtp } from '../servers/mail.ts';
import { startRdp } from '../servers/rdp.ts';
import {
  cameraSite,
  companySite,
  exchangeOwa,
  fortigateSslVpn,
  ivantiConnectSecure,
} from '../servers/sites.ts';
import { startSsh } from '../servers/ssh.ts';
import { startTelnet } from '../servers/telnet.ts';
import { startVnc } from '../servers/vnc.ts';
import { startWeb } from '../servers/web.ts';

export const HEAD_OFFICE = '127.66.0.0/28';
export const TAIPEI = '127.66.1.0/28';
/** In the head office's range, but excluded: nothing may ever be sent there. */
export const EXCLUDED = '127.66.0.9';

export interface Door {
  readonly id: string;
  readonly host: string;
  /** The port such a server usually has; another one is taken where that is not free or not allowed. */
  readonly port: number;
  readonly start: (place: Place) => Promise<Listening>;
}

export const DOORS: readonly Door[] = [
  {
    id: 'hq-vpn',
    host: '127.66.0.2',
    port: 443,
    start: (place) => startWeb({ ...place, certificate: 'fortigate', ...fortigateSslVpn() }),
  },
  { id: 'hq-rdp', host: '127.66.0.3', port: 3389, start: (place) => startRdp({ ...place, mode: 'nla' }) },
  {
    id: 'hq-mail',
    host: '127.66.0.4',
    port: 443,
    start: (place) => startWeb({ ...place, certificate: 'exchange', ...exchangeOwa('15.2.1118.7') }),
  },
  { id: 'hq-smtp', host: '127.66.0.4', port: 25, start: (place) => startSmtp(place) },
  { id: 'hq-web', host: '127.66.0.5', port: 80, start: (place) => startWeb({ ...place, ...companySite() }) },
  {
    id: 'hq-web-tls',
    host: '127.66.0.5',
    port: 443,
    start: (place) => startWeb({ ...place, certificate: 'company-web', ...companySite() }),
  },
  { id: 'hq-ssh', host: '127.66.0.6', port: 22, start: (place) => startSsh(place) },
  { id: 'excluded', host: EXCLUDED, port: 5900, start: (place) => startVnc({ ...place, types: [1] }) },
  {
    id: 'tpe-vpn',
    host: '127.66.1.2',
    port: 443,
    start: (place) => startWeb({ ...place, certificate: 'ivanti', ...ivantiConnectSecure('22.7.1.2529') }),
  },
  {
    id: 'tpe-rdp',
    host: '127.66.1.3',
    port: 3389,
    start: (place) =>
      startRdp({
        ...place,
        mode: 'mixed',
        certificate: 'rdp-old',
        windows: {
          computer: 'TPE-FILE01',
          domain: 'WORKGROUP',
          dnsDomain: 'TPE-FILE01',
          version: [6, 1, 7601],
        },
      }),
  },
  {
    id: 'tpe-router',
    host: '127.66.1.4',
    port: 23,
    start: (place) => startTelnet({ ...place, greeting: 'TPE-RT01', prompt: 'Username: ' }),
  },
  {
    id: 'tpe-camera',
    host: '127.66.1.5',
    port: 8080,
    start: (place) => startWeb({ ...place, ...cameraSite() }),
  },
];

/** What changes in the week between the two runs: one door opens, one closes, one certificate is replaced. */
export const OPENED: Door = {
  id: 'tpe-vnc',
  host: '127.66.1.6',
  port: 5900,
  start: (place) => startVnc({ ...place, types: [1] }),
};
export const CLOSED_ID = 'tpe-router';
export const RENEWED_ID = 'hq-web-tls';
export const startRenewed = (place: Place): Promise<Listening> =>
  startWeb({ ...place, certificate: 'company-web-renewed', ...companySite() });

/** Other ports that a boundary check looks at; nothing listens there in the demo. */
export const CLOSED_PORTS = [21, 110, 139, 143, 445, 1433, 3306, 4443, 5432, 5901, 5985, 8443, 10_443];

/** The organisation file of the demo, as a user would write it. */
export function organisationFile(
  portOf: (id: string) => number,
  ports: readonly number[],
  year: number,
): string {
  return `# Organisation file of the demo: two sites on the loopback interface of this machine.
organisation:
  id: kakuu-seiki
  name: { ja: 架空精機株式会社, en: 'Kakuu Seiki K.K.' }
timezone: Asia/Tokyo
languages: [ja, en]
sites:
  - id: hq
    name: { ja: 本社, en: Head office }
    country: JP
    kind: headquarters
    ranges: [${HEAD_OFFICE}]
    contact: 情報システム部
  - id: tpe
    name: { ja: 台北支店, en: Taipei branch }
    country: TW
    kind: overseas
    ranges: [${TAIPEI}]
    contact: 台北支店 総務
exclusions: [${EXCLUDED}]
permission: { by: 情報システム部長, reference: demo, valid-until: ${year}-12-31 }
expected:
  - address: 127.66.0.6
    port: ${portOf('hq-ssh')}
    class: ssh
    owner: 情報システム部
    reason: 保守会社の遠隔保守
    until: ${year}-12-31
    ticket: DEMO-1
  - address: 127.66.0.3
    port: ${portOf('hq-rdp')}
    class: rdp
    owner: 情報システム部
    reason: 会計ソフトの保守
    until: ${year}-03-31
    ticket: DEMO-2
probe:
  ports: [${ports.join(', ')}]
# Loopback addresses are unknown to Shodan and InternetDB: the demo needs no key and no network.
shodan: { use: no }
internetdb: { use: false }
`;
}
