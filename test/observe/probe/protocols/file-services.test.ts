import { createSocket } from 'node:dgram';
import { afterEach, describe, expect, it } from 'vitest';
import { afpQuestion } from '../../../../src/observe/probe/protocols/afp/question.ts';
import { parseStatus } from '../../../../src/observe/probe/protocols/afp/packets.ts';
import { gitDaemonQuestion } from '../../../../src/observe/probe/protocols/git-daemon/question.ts';
import { nbdQuestion } from '../../../../src/observe/probe/protocols/nbd/question.ts';
import { parseList } from '../../../../src/observe/probe/protocols/nbd/packets.ts';
import {
  encodeListRequest,
  parseGreeting,
  parseListing,
} from '../../../../src/observe/probe/protocols/rsync/packets.ts';
import { rsyncQuestion } from '../../../../src/observe/probe/protocols/rsync/question.ts';
import {
  encodeCall,
  encodeRecord,
  parseDump,
  parseExports,
  parseRecord,
  parseReply,
} from '../../../../src/observe/probe/protocols/sun-rpc/packets.ts';
import {
  mountdQuestion,
  mountdUdpQuestion,
  nfsQuestion,
  nfsUdpQuestion,
  rpcbindQuestion,
  rpcbindUdpQuestion,
} from '../../../../src/observe/probe/protocols/sun-rpc/question.ts';
import { svnQuestion } from '../../../../src/observe/probe/protocols/svn/question.ts';
import { tftpQuestion } from '../../../../src/observe/probe/protocols/tftp/question.ts';
import { askTcp, askUdp } from './line.ts';
import { expectBounded, hex, OTHER_SERVERS, text } from './mutated.ts';
import * as captures from './service-captures.ts';
import { AFP, afpStatus, rpcPeer, rpcReply } from './service-peers.ts';
import { playing, tcpServer } from './tcp-server.ts';
import { udpServer } from './udp-server.ts';

const open: { close: () => void }[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

async function playTcp(play: Parameters<typeof tcpServer>[0]): Promise<number> {
  const server = await tcpServer(play);
  open.push(server);
  return server.port;
}

async function playUdp(
  answer: Parameters<typeof udpServer>[0],
): Promise<Awaited<ReturnType<typeof udpServer>>> {
  const server = await udpServer(answer);
  open.push(server);
  return server;
}

describe('rsync', () => {
  it('lists modules, and takes no line of the message of the day for one', async () => {
    const facts = await askTcp(rsyncQuestion, await playTcp(playing(captures.RSYNC_LISTING)));
    expect(facts).toEqual({
      name: 'rsync',
      access: 'unknown',
      fields: [
        ['protocol-version', '32.0'],
        ...['sha512', 'sha256', 'sha1', 'md5', 'md4'].map((digest) => ['digest', digest]),
        ['module', 'backup: Lab backup'],
        ['module', 'a-module-with-a-long-name'],
        ['module', 'nocomment'],
      ],
      concerns: ['clear-text', 'data-shown'],
    });
  });

  it('keeps what was said when the server never ends its list', async () => {
    const cut = captures.RSYNC_LISTING.subarray(0, captures.RSYNC_LISTING.indexOf(0x61, 90));
    const facts = await askTcp(rsyncQuestion, await playTcp(playing(cut)), { answerTimeoutMs: 100 });
    expect(facts?.fields).toContainEqual(['module', 'backup: Lab backup']);
  });

  it('reads refusals', () => {
    const refusal = text('@RSYNCD: 30.0\n@ERROR: access denied to  from host.example (192.0.2.1)\n');
    expect(rsyncQuestion.read(refusal)).toMatchObject({ access: 'turned-away', concerns: ['clear-text'] });
    expect(
      parseListing(text('@RSYNCD: 31.0\n@ERROR: max connections (20) reached -- try again later\n')),
    ).toMatchObject({
      modules: [],
      refusal: 'max connections (20) reached -- try again later',
    });
  });

  it.each(['@RSYNCD: 31.0', '@RSY', ''])('waits for the rest of %j', (beginning) => {
    expect(parseGreeting(text(beginning))).toBe('more');
  });

  it.each(['@RSYNCD: \n', '@RSYNCD: 31.0 <b>\n', ' @RSYNCD: 31.0\n', `@RSYNCD: ${'1'.repeat(300)}`])(
    'takes %j for nothing',
    (other) => {
      expect(parseGreeting(text(other))).toBeUndefined();
    },
  );

  it('sends its version and an empty line', () => {
    expect(Buffer.from(encodeListRequest()).toString()).toBe('@RSYNCD: 31.0\n\n');
  });

  it('names at most 32 modules', () => {
    const many = Array.from({ length: 60 }, (_, index) => `module-${index}`.padEnd(15) + '\tx\n').join('');
    const listing = parseListing(text(`@RSYNCD: 31.0\n${many}@RSYNCD: EXIT\n`));
    expect(listing).toMatchObject({ isComplete: true });
    expect(typeof listing === 'object' && listing.modules.length).toBe(32);
  });
});

describe('ONC RPC', () => {
  it('lists the programs of rpcbind', async () => {
    const facts = await askTcp(rpcbindQuestion, await playTcp(rpcPeer(['rpcbind'], 'at once')));
    expect(facts).toEqual({
      name: 'rpcbind',
      access: 'open',
      fields: [
        ['program', 'rpcbind 2,3,4 tcp/111'],
        ['program', 'rpcbind 2,3,4 udp/111'],
        ['program', 'nfs 3,4 udp/2049'],
        ['program', 'nfs 3,4 tcp/2049'],
        ['program', 'mountd 1,3 udp/20048'],
        ['program', 'mountd 1,3 tcp/20048'],
      ],
      concerns: ['data-shown'],
    });
  });

  it('reads the versions of NFS from its answers and its refusal', async () => {
    const facts = await askTcp(nfsQuestion, await playTcp(rpcPeer(['nfs'], 'at once')));
    expect(facts).toMatchObject({
      name: 'nfs',
      access: 'unknown',
      fields: [
        ['version', '3'],
        ['version', '4'],
      ],
    });
  });

  it('names exports to everyone', async () => {
    const facts = await askTcp(mountdQuestion, await playTcp(rpcPeer(['mountd'], 'at once')));
    expect(facts).toEqual({
      name: 'mountd',
      access: 'open',
      fields: [['export', '/export *']],
      concerns: ['data-shown', 'exported-to-everyone'],
    });
  });

  it('finds whichever program stands there', async () => {
    for (const program of ['rpcbind', 'nfs', 'mountd'] as const) {
      const port = await playTcp(rpcPeer([program], 'at once'));
      expect((await askTcp(nfsQuestion, port))?.name).toBe(program);
      expect((await askTcp(mountdQuestion, port))?.name).toBe(program);
    }
    const none = await playTcp(rpcPeer([], 'at once'));
    expect(await askTcp(nfsQuestion, none)).toMatchObject({ name: 'sun-rpc', fields: [] });
  });

  it('takes a reply to another call for nothing', async () => {
    const port = await playTcp(playing(captures.RPCBIND_DUMP));
    expect(await askTcp(rpcbindQuestion, port, { answerTimeoutMs: 100 })).toBeUndefined();
  });

  it('asks the same by UDP and sees what amplifies', async () => {
    const answering = (program: 'rpcbind' | 'nfs' | 'mountd') =>
      playUdp((call) => [rpcReply([program], call).subarray(4)]);
    const rpcbind = await answering('rpcbind');
    expect((await askUdp(rpcbindUdpQuestion, rpcbind.port))?.concerns).toEqual(['data-shown', 'amplifier']);
    expect(rpcbind.requests.every(({ length }) => length === 40)).toBe(true);
    expect((await askUdp(nfsUdpQuestion, (await answering('nfs')).port))?.fields).toHaveLength(2);
    expect((await askUdp(mountdUdpQuestion, (await answering('mountd')).port))?.name).toBe('mountd');
  });

  it('proves by a reply alone what a reply can prove', () => {
    expect(rpcbindQuestion.read(captures.RPCBIND_DUMP)?.name).toBe('rpcbind');
    expect(rpcbindQuestion.read(captures.MOUNTD_EXPORTS)?.name).toBe('mountd');
    expect(rpcbindQuestion.read(captures.RPC_UNAVAILABLE)?.name).toBe('sun-rpc');
    expect(rpcbindQuestion.read(captures.NFS_NULL)).toBeUndefined();
    expect(rpcbindUdpQuestion.read(captures.RPCBIND_DUMP.subarray(4))?.name).toBe('rpcbind');
    for (const other of OTHER_SERVERS) expect(rpcbindUdpQuestion.read(other)).toBeUndefined();
    expectBounded(rpcbindUdpQuestion, [
      captures.RPCBIND_DUMP.subarray(4),
      captures.MOUNTD_EXPORTS.subarray(4),
    ]);
  });

  it('encodes a call as RFC 5531 has it', () => {
    const call = encodeCall({ xid: 0xfe_dc_ba_98, program: 100_003, version: 3, procedure: 0 });
    expect(Buffer.from(encodeRecord(call)).toString('hex')).toBe(
      `80000028fedcba980000000000000002000186a30000000300000000${'00'.repeat(16)}`,
    );
  });

  it('joins fragments, and waits for the rest of a record', () => {
    const fragments = hex('00000002', '0102', '80000001', '03');
    expect(parseRecord(fragments)).toEqual(Buffer.from([1, 2, 3]));
    for (let length = 0; length < fragments.length; length += 1)
      expect(parseRecord(fragments.subarray(0, length))).toBe('more');
    expect(parseRecord(hex('00000000'))).toBeUndefined();
    expect(parseRecord(hex('ffffffff'))).toBeUndefined();
  });

  it('reads exports with clients, and everybody where none is named', () => {
    const exports = hex(
      '00000001',
      '00000002',
      '2f610000',
      '00000001',
      '0000000c',
      Buffer.from('192.0.2.0/24').toString('hex'),
      '00000000',
      '00000001',
      '00000002',
      '2f620000',
      '00000000',
      '00000000',
    );
    expect(parseExports(exports)).toEqual([
      { directory: '/a', clients: ['192.0.2.0/24'] },
      { directory: '/b', clients: [] },
    ]);
    for (let length = 0; length < exports.length; length += 1)
      expect(parseExports(exports.subarray(0, length))).toBeUndefined();
    expect(parseExports(Buffer.concat([exports, hex('00')]))).toBeUndefined();
  });

  it('believes no list that goes on for ever', () => {
    const entry = hex('00000001', '000186a0', '00000002', '00000006', '0000006f');
    const endless = Buffer.concat(Array.from({ length: 3000 }, () => entry));
    expect(parseDump(endless)).toBeUndefined();
    expect(parseReply(hex('00000001', '00000001', '00000001', '00000001', '00000005'))).toMatchObject({
      status: 'refused',
    });
  });
});

describe('TFTP', () => {
  it('asks for a name that nobody has, and hears the answer from another port', async () => {
    const asked: string[] = [];
    const [listening, answering] = [createSocket('udp4'), createSocket('udp4')];
    listening.on('message', (request, from) => {
      asked.push(request.toString('latin1'));
      answering.send(captures.TFTP_ERROR, from.port, from.address);
    });
    await new Promise<void>((resolve) => listening.bind(0, '127.0.0.1', resolve));
    expect((await askUdp(tftpQuestion, listening.address().port))?.name).toBe('tftp');
    listening.close();
    answering.close();
    expect(asked).toHaveLength(1);
    expect(asked[0]?.startsWith('\0\u0001sekisho-')).toBe(true);
    expect(asked[0]?.slice(2)).toMatch(/^sekisho-[0-9a-f]{12}\0octet\0$/);
  });

  it('reads errors', async () => {
    const server = await playUdp(() => [captures.TFTP_ERROR]);
    expect(await askUdp(tftpQuestion, server.port)).toEqual({
      name: 'tftp',
      access: 'unknown',
      fields: [
        ['error-code', '1'],
        ['error', 'File not found'],
      ],
      concerns: ['clear-text'],
    });
  });

  it('is open when it gives anything for that name', async () => {
    const server = await playUdp(() => [hex('00030001', '41'.repeat(512))]);
    expect(await askUdp(tftpQuestion, server.port)).toMatchObject({
      access: 'open',
      concerns: ['clear-text', 'data-shown'],
    });
    expect(tftpQuestion.read(hex('0003000141'))).toBeUndefined();
  });

  it('keeps our own name out', () => {
    const repeated = Buffer.concat([hex('00050001'), Buffer.from('No such file: /sekisho-0123456789ab\0')]);
    expect(tftpQuestion.read(repeated)?.fields).toContainEqual(['error', 'No such file: …']);
  });

  it('takes nothing else for it', () => {
    for (const other of [...OTHER_SERVERS, hex('00050009', '00'), hex('0005000141004100'), hex('000500')])
      expect(tftpQuestion.read(other)).toBeUndefined();
    expectBounded(tftpQuestion, [captures.TFTP_ERROR]);
  });
});

describe('AFP', () => {
  it('reads name, versions and ways to log in', () => {
    expect(afpQuestion.read(AFP)).toEqual({
      name: 'afp',
      access: 'unknown',
      product: 'Netatalk',
      version: '3.1.13',
      fields: [
        ['server-name', 'ファイル'],
        ['machine-type', 'Netatalk3.1.13'],
        ['authentication-method', 'No User Authent'],
        ['authentication-method', 'DHX2'],
        ['authentication-method', 'Cleartxt Passwrd'],
        ['afp-version', 'AFP2.2'],
        ['afp-version', 'AFPX03'],
        ['afp-version', 'AFP3.4'],
      ],
      concerns: ['clear-text', 'anonymous-user', 'cleartext-password-offered'],
    });
  });

  it('names no product that the server does not name', () => {
    const facts = afpQuestion.read(afpStatus('TimeCapsule8,119', ['DHCAST128']));
    expect(facts).not.toHaveProperty('product');
    expect(facts?.concerns).toEqual(['clear-text']);
  });

  it('waits for the rest, and believes no offset out of the block', () => {
    for (let length = 0; length < AFP.length; length += 1)
      expect(parseStatus(AFP.subarray(0, length))).toBe('more');
    const wrong = Buffer.from(AFP);
    wrong.writeUInt16BE(0xffff, 18);
    expect(parseStatus(wrong)).toBeUndefined();
  });
});

describe('Subversion and git', () => {
  it('reads the greeting of svnserve', () => {
    const facts = svnQuestion.read(captures.SVN_GREETING);
    expect(facts?.fields[0]).toEqual(['protocol-version', '2']);
    expect(facts?.fields).toContainEqual(['capability', 'svndiff1']);
    expect(svnQuestion.read(text('( success ( 1 2 ( ANONYMOUS ) ( edit-pipeline ) ) ) '))?.fields[0]).toEqual(
      ['protocol-version', '1-2'],
    );
  });

  it('asks git-daemon for a path that nobody has', async () => {
    const asked: Buffer[] = [];
    const port = await playTcp((socket) => {
      socket.on('data', (data) => {
        asked.push(data);
        socket.end(captures.GIT_ERROR);
      });
    });
    expect(await askTcp(gitDaemonQuestion, port)).toEqual({
      name: 'git',
      access: 'unknown',
      fields: [['error', 'access denied or repository not exported']],
      concerns: ['clear-text'],
    });
    const request = Buffer.concat(asked).toString('latin1');
    expect(request).toMatch(/^[0-9a-f]{4}git-upload-pack \/sekisho-[0-9a-f]{12}\0host=127\.0\.0\.1\0$/);
    expect(Number.parseInt(request.slice(0, 4), 16)).toBe(request.length);
  });
});

describe('NBD', () => {
  const speaking =
    (greeting: Uint8Array, ...answers: readonly Uint8Array[]): Parameters<typeof tcpServer>[0] =>
    (socket) => {
      socket.write(greeting);
      playing(...answers)(socket);
    };

  it('lists disks and takes leave', async () => {
    const said: Buffer[] = [];
    const port = await playTcp((socket) => {
      socket.on('data', (data) => said.push(data));
      speaking(
        captures.NBD_GREETING,
        captures.NBD_LIST,
        hex('0003e889045565a9', '00000002', '00000001', '00000000'),
      )(socket, 1);
    });
    expect(await askTcp(nbdQuestion, port)).toEqual({
      name: 'nbd',
      access: 'unknown',
      fields: [
        ['style', 'new'],
        ['export', 'disk'],
        ['export', 'second'],
      ],
      concerns: ['data-shown', 'clear-text'],
    });
    expect(Buffer.concat(said).toString('hex')).toBe(
      '0000000349484156454f5054000000030000000049484156454f50540000000200000000',
    );
  });

  it('reads a refused list', async () => {
    const facts = await askTcp(
      nbdQuestion,
      await playTcp(speaking(captures.NBD_GREETING, captures.NBD_NO_LIST)),
      { answerTimeoutMs: 150 },
    );
    expect(facts?.fields).toContainEqual(['refusal', 'Listing of exports denied by server configuration']);
    expect(facts?.concerns).toEqual(['clear-text']);
  });

  it('knows that the old style serves at once', () => {
    const old = hex(
      Buffer.from('NBDMAGIC').toString('hex'),
      '0000420281861253',
      '0000000100000000',
      '00000003',
    );
    expect(nbdQuestion.read(old)).toMatchObject({
      access: 'open',
      fields: [
        ['style', 'old'],
        ['size', '4294967296'],
      ],
    });
  });

  it('waits for the end of the list', () => {
    for (let length = 0; length < captures.NBD_LIST.length; length += 1)
      expect(parseList(captures.NBD_LIST.subarray(0, length))).toBe('more');
    expect(parseList(hex('00'.repeat(20)))).toBeUndefined();
  });
});
