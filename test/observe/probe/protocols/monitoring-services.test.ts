import { afterEach, describe, expect, it } from 'vitest';
import { checkmkAgentQuestion } from '../../../../src/observe/probe/protocols/checkmk-agent/question.ts';
import { fingerQuestion } from '../../../../src/observe/probe/protocols/finger/question.ts';
import { gpsdQuestion } from '../../../../src/observe/probe/protocols/gpsd/question.ts';
import { lpdQuestion } from '../../../../src/observe/probe/protocols/lpd/question.ts';
import { mpdQuestion } from '../../../../src/observe/probe/protocols/mpd/question.ts';
import { muninQuestion } from '../../../../src/observe/probe/protocols/munin/question.ts';
import { encodeVersionQuery, parseResponse } from '../../../../src/observe/probe/protocols/nrpe/packets.ts';
import { nrpeQuestion } from '../../../../src/observe/probe/protocols/nrpe/question.ts';
import { nutQuestion } from '../../../../src/observe/probe/protocols/nut/question.ts';
import { saneQuestion } from '../../../../src/observe/probe/protocols/sane/question.ts';
import {
  isCharacterGenerator,
  isDaytime,
  isQuote,
} from '../../../../src/observe/probe/protocols/small-services/packets.ts';
import {
  chargenUdpQuestion,
  daytimeUdpQuestion,
  echoQuestion,
  echoUdpQuestion,
  qotdUdpQuestion,
} from '../../../../src/observe/probe/protocols/small-services/question.ts';
import { zabbixAgentQuestion } from '../../../../src/observe/probe/protocols/zabbix-agent/question.ts';
import { askTcp, askUdp } from './line.ts';
import { expectBounded, hex, OTHER_SERVERS, text } from './mutated.ts';
import * as captures from './service-captures.ts';
import { CHECKMK } from './service-peers.ts';
import { playing, tcpServer } from './tcp-server.ts';
import { udpServer } from './udp-server.ts';

const open: { close: () => void }[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

type Play = Parameters<typeof tcpServer>[0];

async function playTcp(play: Play): Promise<number> {
  const server = await tcpServer(play);
  open.push(server);
  return server.port;
}

async function playUdp(answer: Parameters<typeof udpServer>[0]): Promise<number> {
  const server = await udpServer(answer);
  open.push(server);
  return server.port;
}

/** A server that speaks first. */
function greeting(words: Uint8Array, ...answers: readonly Uint8Array[]): Play {
  return (socket) => {
    socket.write(words);
    playing(...answers)(socket);
  };
}

describe('monitoring agents', () => {
  it('reads the version of a Zabbix agent', () => {
    expect(zabbixAgentQuestion.read(captures.ZABBIX_VERSION)).toEqual({
      name: 'zabbix',
      access: 'open',
      product: 'Zabbix agent',
      version: '6.0.14',
      fields: [],
      concerns: ['data-shown'],
    });
    const refused = Buffer.concat([
      hex('5a4258440113000000', '00000000'),
      Buffer.from('ZBX_NOTSUPPORTED\0no'),
    ]);
    expect(zabbixAgentQuestion.read(refused)).toMatchObject({ access: 'unknown', product: 'Zabbix' });
    expect(zabbixAgentQuestion.read(hex('5a42584402', '0600000000000000', '362e302e3134'))).toBeUndefined();
  });

  it('reads the version of NRPE under a right sum', () => {
    expect(nrpeQuestion.read(captures.NRPE_VERSION)).toEqual({
      name: 'nrpe',
      access: 'open',
      product: 'NRPE',
      version: '4.1.0',
      fields: [],
      concerns: ['runs-commands', 'clear-text'],
    });
    const changed = Buffer.from(captures.NRPE_VERSION);
    changed[16] = 0x35;
    expect(nrpeQuestion.read(changed)).toBeUndefined();
    expect(parseResponse(captures.NRPE_VERSION.subarray(0, 1000))).toBe('more');
    // What the daemon in the lab answered to.
    expect(encodeVersionQuery()).toHaveLength(1036);
    expect(Buffer.from(encodeVersionQuery()).toString('hex', 0, 21)).toBe(
      '00020001d4673f0000005f4e5250455f434845434b'.slice(0, 42),
    );
  });

  it('talks with munin-node', async () => {
    const port = await playTcp(greeting(captures.MUNIN_GREETING, captures.MUNIN_VERSION));
    expect(await askTcp(muninQuestion, port)).toEqual({
      name: 'munin',
      access: 'open',
      product: 'Munin node',
      version: '2.0.73',
      fields: [['host-name', 'lab.example']],
      concerns: ['data-shown', 'clear-text'],
    });
  });

  it('talks with upsd', async () => {
    expect(await askTcp(nutQuestion, await playTcp(playing(captures.NUT_VER, captures.NUT_LIST)))).toEqual({
      name: 'nut',
      access: 'open',
      product: 'Network UPS Tools upsd',
      version: '2.8.0',
      fields: [['ups', 'labups: Lab UPS']],
      concerns: ['data-shown'],
    });
    const refusing = await playTcp(playing(captures.NUT_VER, text('ERR ACCESS-DENIED\n')));
    expect(await askTcp(nutQuestion, refusing)).toMatchObject({
      access: 'unknown',
      version: '2.8.0',
      concerns: [],
    });
  });

  it('reads gpsd and the Checkmk agent', () => {
    expect(gpsdQuestion.read(captures.GPSD_GREETING)).toMatchObject({
      version: '3.22',
      fields: [['protocol-version', '3.14']],
    });
    expect(checkmkAgentQuestion.read(CHECKMK)).toMatchObject({
      access: 'open',
      version: '2.3.0p9',
      fields: [
        ['operating-system', 'linux'],
        ['host-name', 'files'],
      ],
    });
    expect(checkmkAgentQuestion.read(text('<<<check_mk>>> is a section'))).toBeUndefined();
  });

  it('sees whether MPD wants a password', async () => {
    const everything = await playTcp(greeting(captures.MPD_GREETING, captures.MPD_COMMANDS));
    expect(await askTcp(mpdQuestion, everything)).toMatchObject({ access: 'open', version: '0.23.5' });
    const few = await playTcp(greeting(captures.MPD_GREETING, captures.MPD_FEW_COMMANDS));
    expect(await askTcp(mpdQuestion, few)).toMatchObject({ access: 'password' });
    const silent = await playTcp(greeting(captures.MPD_GREETING));
    expect(await askTcp(mpdQuestion, silent, { answerTimeoutMs: 80 })).toMatchObject({ access: 'unknown' });
  });
});

describe('print, scan, finger', () => {
  it.each([
    [captures.LPRNG_NO_QUEUE, { access: 'unknown', product: 'LPRng' }],
    [captures.LPRNG_QUEUE, { access: 'unknown' }],
    [text('files: lpd: Your host does not have line printer access\n'), { access: 'turned-away' }],
    [text('no entries\n'), { access: 'unknown' }],
  ])('knows a print server by its words', async (answer, expected) => {
    expect(await askTcp(lpdQuestion, await playTcp(playing(answer)))).toMatchObject(expected);
    expect(lpdQuestion.read(answer)).toBeUndefined();
  });

  it.each(['HTTP/1.1 400 Bad Request\r\n\r\n', '220 ftp ready\r\n', `${'x'.repeat(100)}\n`])(
    'takes %j for no print server',
    async (answer) => {
      expect(
        await askTcp(lpdQuestion, await playTcp(playing(text(answer))), { answerTimeoutMs: 80 }),
      ).toBeUndefined();
    },
  );

  it('sees who lists users', async () => {
    expect(await askTcp(fingerQuestion, await playTcp(playing(captures.FINGER_NOBODY)))).toEqual({
      name: 'finger',
      access: 'open',
      fields: [['answer', 'No one logged on.']],
      concerns: ['data-shown', 'clear-text'],
    });
    const denied = text('Finger online user list request denied.\r\n');
    expect(await askTcp(fingerQuestion, await playTcp(playing(denied)))).toMatchObject({ access: 'unknown' });
    expect(
      await askTcp(fingerQuestion, await playTcp(playing(text('220 hello\r\n'))), { answerTimeoutMs: 80 }),
    ).toBeUndefined();
  });

  it('knows saned by its version', async () => {
    expect(await askTcp(saneQuestion, await playTcp(playing(captures.SANE_INIT)))).toMatchObject({
      access: 'open',
      fields: [['protocol-version', '1.1.3']],
    });
    const denied = hex('0000000b', '01010003');
    expect(await askTcp(saneQuestion, await playTcp(playing(denied)))).toMatchObject({
      access: 'turned-away',
    });
  });
});

describe('small services', () => {
  it('knows an echo by what it said itself', async () => {
    const port = await playTcp((socket) => {
      socket.on('data', (data) => socket.write(data));
    });
    expect(await askTcp(echoQuestion, port)).toMatchObject({ name: 'echo', concerns: [] });
    expect(await askUdp(echoUdpQuestion, await playUdp((request) => [request]))).toMatchObject({
      concerns: ['amplifier'],
    });
    expect(
      await askUdp(echoUdpQuestion, await playUdp(() => [text('sekisho')]), { answerTimeoutMs: 80 }),
    ).toBeUndefined();
  });

  it('asks with an empty datagram', async () => {
    const server = await udpServer(() => [captures.DAYTIME]);
    open.push(server);
    expect((await askUdp(daytimeUdpQuestion, server.port))?.name).toBe('daytime');
    expect(server.requests.map(({ length }) => length)).toEqual([0]);
    expect(
      await askUdp(chargenUdpQuestion, await playUdp(() => [captures.CHARGEN.subarray(0, 74)])),
    ).toMatchObject({
      name: 'chargen',
      concerns: ['amplifier'],
    });
    expect(
      (await askUdp(qotdUdpQuestion, await playUdp(() => [text('"All is vanity." Ecclesiastes')])))?.name,
    ).toBe('qotd');
  });

  it.each([
    'Sat Nov 21 03:31:02 2026\r\n',
    '3:31:02 AM 11/21/2026\n',
    '21 NOV 2026 03:31:02 JST\r\n',
    'Saturday, November 21, 2026 03:31:02-JST\r\n',
    '61365 26-11-21 03:31:02 50 0 0 895.5 UTC(NIST) *\r\n',
  ])('reads %j as a time', (words) => {
    expect(isDaytime(text(words))).toBe(true);
  });

  it.each(['Sat Nov 21', '220 03:31:02 ready\r\n', 'Sat Nov 21 03:31:02 2026 Welcome\r\n', '\n'.repeat(60)])(
    'does not read %j as one',
    (words) => {
      expect(isDaytime(text(words))).toBe(false);
    },
  );

  it('takes nothing else for them', () => {
    for (const other of OTHER_SERVERS) {
      expect(isDaytime(other)).toBe(false);
      expect(isCharacterGenerator(other)).toBe(false);
    }
    expect(isQuote(hex('00'.repeat(40)))).toBe(false);
    expect(isQuote(text('OK'))).toBe(false);
    expectBounded(
      {
        read: (received) => daytimeUdpQuestion.read(received) ?? chargenUdpQuestion.read(received),
      },
      [captures.DAYTIME, captures.CHARGEN],
    );
  });
});
