/** What holds for every question to a file, remote-control, monitoring or old service: strict, bounded, no peer that it hangs on. */
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { afpQuestion } from '../../../../src/observe/probe/protocols/afp/question.ts';
import { ajpQuestion } from '../../../../src/observe/probe/protocols/ajp/question.ts';
import { checkmkAgentQuestion } from '../../../../src/observe/probe/protocols/checkmk-agent/question.ts';
import { damewareQuestion } from '../../../../src/observe/probe/protocols/dameware/question.ts';
import { fingerQuestion } from '../../../../src/observe/probe/protocols/finger/question.ts';
import { gitDaemonQuestion } from '../../../../src/observe/probe/protocols/git-daemon/question.ts';
import { gpsdQuestion } from '../../../../src/observe/probe/protocols/gpsd/question.ts';
import { javaRmiQuestion } from '../../../../src/observe/probe/protocols/java-rmi/question.ts';
import { jdwpQuestion } from '../../../../src/observe/probe/protocols/jdwp/question.ts';
import { landeskRcQuestion } from '../../../../src/observe/probe/protocols/landesk-rc/question.ts';
import { libvirtQuestion } from '../../../../src/observe/probe/protocols/libvirt/question.ts';
import { lpdQuestion } from '../../../../src/observe/probe/protocols/lpd/question.ts';
import { mpdQuestion } from '../../../../src/observe/probe/protocols/mpd/question.ts';
import { muninQuestion } from '../../../../src/observe/probe/protocols/munin/question.ts';
import { nbdQuestion } from '../../../../src/observe/probe/protocols/nbd/question.ts';
import { nrpeQuestion } from '../../../../src/observe/probe/protocols/nrpe/question.ts';
import { nutQuestion } from '../../../../src/observe/probe/protocols/nut/question.ts';
import { pulseAudioQuestion } from '../../../../src/observe/probe/protocols/pulseaudio/question.ts';
import { rCommandQuestion } from '../../../../src/observe/probe/protocols/r-commands/question.ts';
import { radminQuestion } from '../../../../src/observe/probe/protocols/radmin/question.ts';
import { rsyncQuestion } from '../../../../src/observe/probe/protocols/rsync/question.ts';
import { rustDeskQuestion } from '../../../../src/observe/probe/protocols/rustdesk/question.ts';
import { saneQuestion } from '../../../../src/observe/probe/protocols/sane/question.ts';
import {
  chargenQuestion,
  daytimeQuestion,
} from '../../../../src/observe/probe/protocols/small-services/question.ts';
import { spiceQuestion } from '../../../../src/observe/probe/protocols/spice/question.ts';
import { splashtopQuestion } from '../../../../src/observe/probe/protocols/splashtop/question.ts';
import {
  mountdQuestion,
  nfsQuestion,
  rpcbindQuestion,
} from '../../../../src/observe/probe/protocols/sun-rpc/question.ts';
import { svnQuestion } from '../../../../src/observe/probe/protocols/svn/question.ts';
import { teamViewerQuestion } from '../../../../src/observe/probe/protocols/teamviewer/question.ts';
import { x11Question } from '../../../../src/observe/probe/protocols/x11/question.ts';
import { zabbixAgentQuestion } from '../../../../src/observe/probe/protocols/zabbix-agent/question.ts';
import type { TcpQuestion } from '../../../../src/observe/probe/question.ts';
import { askTcpWithTls } from './line.ts';
import { expectBounded, hex, OTHER_SERVERS, text } from './mutated.ts';
import * as captures from './service-captures.ts';
import {
  AFP,
  CHECKMK,
  DAMEWARE,
  LANDESK,
  RADMIN,
  REXEC,
  RUSTDESK,
  TEAMVIEWER,
  drip,
  rpcPeer,
} from './service-peers.ts';
import { drippingFirst, HOSTILE_PEERS, tcpServer } from './tcp-server.ts';

type Play = (socket: Socket) => void;

interface Case {
  readonly question: TcpQuestion;
  /** Name of the facts. */
  readonly name: string;
  /** An answer that proves the protocol whoever asked; absent where no answer does. */
  readonly proof?: Uint8Array;
  /** The peer, one byte at a time. */
  readonly play: Play;
}

/** First words of a server that speaks first. */
function speaking(answer: Uint8Array): Play {
  return (socket) => void drip(socket, answer);
}

function asked(question: TcpQuestion, answer: Uint8Array): Case {
  return { question, name: question.protocol, proof: answer, play: drippingFirst(answer) };
}

function first(question: TcpQuestion, answer: Uint8Array): Case {
  return { question, name: question.protocol, proof: answer, play: speaking(answer) };
}

/** Proves nothing where something else was asked. */
function onlyHere({ question, name, play }: Case): Case {
  return { question, name, play };
}

const CASES: readonly Case[] = [
  asked(rsyncQuestion, captures.RSYNC_LISTING),
  { ...asked(rpcbindQuestion, captures.RPCBIND_DUMP), play: rpcPeer(['rpcbind'], 'dripping') },
  { question: mountdQuestion, name: 'mountd', play: rpcPeer(['mountd'], 'dripping') },
  { question: nfsQuestion, name: 'nfs', play: rpcPeer(['nfs'], 'dripping') },
  asked(x11Question, captures.X11_OPEN),
  asked(afpQuestion, AFP),
  asked(ajpQuestion, captures.AJP_PONG),
  asked(javaRmiQuestion, captures.RMI_ACK),
  asked(jdwpQuestion, captures.JDWP_WAITING),
  asked(spiceQuestion, captures.SPICE_LINK),
  first(svnQuestion, captures.SVN_GREETING),
  asked(gitDaemonQuestion, captures.GIT_ERROR),
  first(nbdQuestion, captures.NBD_GREETING),
  asked(zabbixAgentQuestion, captures.ZABBIX_VERSION),
  asked(nrpeQuestion, captures.NRPE_VERSION),
  first(muninQuestion, captures.MUNIN_GREETING),
  asked(nutQuestion, captures.NUT_VER),
  first(gpsdQuestion, captures.GPSD_GREETING),
  first(mpdQuestion, captures.MPD_GREETING),
  first(checkmkAgentQuestion, CHECKMK),
  asked(libvirtQuestion, captures.LIBVIRT_NONE),
  asked(pulseAudioQuestion, captures.PULSE_SERVED),
  asked(teamViewerQuestion, TEAMVIEWER),
  asked(radminQuestion, RADMIN),
  first(damewareQuestion, DAMEWARE),
  first(splashtopQuestion, text('SRS:Ready\0')),
  asked(landeskRcQuestion, LANDESK),
  asked(rCommandQuestion, REXEC),
  first(daytimeQuestion, captures.DAYTIME),
  first(chargenQuestion, captures.CHARGEN),
  onlyHere(asked(rustDeskQuestion, RUSTDESK)),
  onlyHere(asked(saneQuestion, captures.SANE_INIT)),
  onlyHere(asked(lpdQuestion, captures.LPRNG_QUEUE)),
  onlyHere(asked(fingerQuestion, captures.FINGER_NOBODY)),
];

const UNREAD = [
  text('ERR unknown command', ''),
  text('Sat and waited', ''),
  text('( failure ( ) )', ''),
  text('# munin', ''),
  hex('0000000000010003'),
  hex('01', '0000000100000008', '08'),
  hex('80000018', '00000001', '00000000', '00'.repeat(16)),
  hex('000100020003000400050006'),
];

describe.each(CASES.map((one) => [one.question.protocol, one] as const))(
  '%s',
  (_protocol, { question, name, proof, play }) => {
    it('knows its answer and no other question claims it', () => {
      if (proof === undefined) return;
      expect(question.read(proof)?.name).toBe(name);
      for (const { question: other } of CASES) {
        if (other !== question)
          expect(`${other.protocol} ${other.read(proof)?.name}`).toBe(`${other.protocol} undefined`);
      }
    });

    it('takes nothing else for it', () => {
      // rsync's own first words are among the others.
      const others = OTHER_SERVERS.filter(
        (other) => question !== rsyncQuestion || !Buffer.from(other).includes('RSYNCD'),
      );
      for (const other of [...others, ...UNREAD]) expect(question.read(other)).toBeUndefined();
    });

    it('stays within its bounds, whatever comes', () => {
      expectBounded(question, [proof ?? captures.SANE_INIT]);
    });

    it('hears an answer that comes byte by byte', async () => {
      const server = await tcpServer(play);
      const { facts, held } = await askTcpWithTls(question, server.port, { answerTimeoutMs: 300 });
      server.close();
      expect(facts?.name).toBe(name);
      expect(held).toBe(0);
    });

    it.each(HOSTILE_PEERS)('gives up on %s', async (_name, hostile) => {
      const server = await tcpServer(hostile);
      const { facts, held } = await askTcpWithTls(question, server.port, { answerTimeoutMs: 120 });
      server.close();
      expect(facts).toBeUndefined();
      expect(held).toBe(0);
    });
  },
);
