import { ByteReader } from '../../../../lib/byte-reader.ts';
import type { Reading } from '../../question.ts';

/** Packet types of MS-TDS 2.2.3.1.1: PRELOGIN goes out as one, and comes back as a table response. */
const TYPE = { response: 0x04, prelogin: 0x12 } as const;
const HEADER_LENGTH = 8;
const END_OF_MESSAGE = 1;
/** Option tokens of MS-TDS 2.2.6.5. */
const OPTION = { version: 0, encryption: 1, instance: 2, federated: 6, terminator: 0xff } as const;
const ENCRYPTION_OFF = 0;
const MAX_PACKET = 4096;
const MAX_OPTIONS = 16;

/** PRELOGIN (MS-TDS 2.2.6.5) that wishes for no encryption, so that the answer tells whether the server insists on it. */
export function encodePrelogin(): Uint8Array {
  const options: readonly (readonly [token: number, data: readonly number[]])[] = [
    [OPTION.version, [15, 0, 0, 0, 0, 0]],
    [OPTION.encryption, [ENCRYPTION_OFF]],
    [OPTION.instance, [0]],
    [3, [0, 0, 0, 0]],
    [4, [0]],
  ];
  const heads = Buffer.alloc(options.length * 5 + 1, OPTION.terminator);
  let offset = heads.length;
  options.forEach(([token, data], index) => {
    heads.writeUInt8(token, index * 5);
    heads.writeUInt16BE(offset, index * 5 + 1);
    heads.writeUInt16BE(data.length, index * 5 + 3);
    offset += data.length;
  });
  const header = Buffer.alloc(HEADER_LENGTH);
  header.writeUInt8(TYPE.prelogin, 0);
  header.writeUInt8(END_OF_MESSAGE, 1);
  header.writeUInt16BE(HEADER_LENGTH + offset, 2);
  return Buffer.concat([header, heads, Buffer.from(options.flatMap(([, data]) => data))]);
}

const ENCRYPTION = ['login-only', 'on', 'not-supported', 'required'] as const;

export interface PreloginAnswer {
  /** "15.0.2000": major, minor and build. */
  readonly version: string;
  readonly encryption: (typeof ENCRYPTION)[number];
  /** Microsoft Entra or another identity provider is offered for log-in. */
  readonly federated: boolean;
}

/** The answer to PRELOGIN: its options stand at the offsets that the list before them names. */
export function parsePreloginAnswer(received: Uint8Array): Reading<PreloginAnswer> {
  const reader = new ByteReader(received);
  if (received.length > 0 && reader.u8() !== TYPE.response) return undefined;
  const status = reader.u8();
  const length = reader.u16();
  reader.skip(4);
  if (reader.short) return 'more';
  if (status !== END_OF_MESSAGE || length <= HEADER_LENGTH || length > MAX_PACKET) return undefined;
  const payload = reader.take(length - HEADER_LENGTH);
  return reader.short ? 'more' : parseOptions(payload);
}

function parseOptions(payload: Uint8Array): PreloginAnswer | undefined {
  const reader = new ByteReader(payload);
  const options = new Map<number, Uint8Array>();
  for (let i = 0; i < MAX_OPTIONS; i += 1) {
    const token = reader.u8();
    if (reader.short || token === OPTION.terminator) break;
    const offset = reader.u16();
    const length = reader.u16();
    if (offset + length > payload.length) return undefined;
    options.set(token, payload.subarray(offset, offset + length));
  }
  const version = options.get(OPTION.version);
  const encryption = ENCRYPTION[options.get(OPTION.encryption)?.[0] ?? ENCRYPTION.length];
  if (reader.short || version?.length !== 6 || encryption === undefined) return undefined;
  return {
    version: versionOf(version),
    encryption,
    federated: (options.get(OPTION.federated)?.[0] ?? 0) === 1,
  };
}

/** UL_VERSION of MS-TDS 2.2.6.5, big-endian. US_SUBBUILD behind it is nought in most answers, and readers disagree on its order. */
function versionOf(bytes: Uint8Array): string {
  const reader = new ByteReader(bytes);
  return [reader.u8(), reader.u8(), reader.u16()].join('.');
}

/** CLNT_UCAST_EX of MC-SQLR 2.2.2: "which instances have you?" in one byte. */
export const INSTANCES_REQUEST: Uint8Array = Uint8Array.of(0x03);

export interface Instance {
  readonly serverName: string;
  readonly instanceName: string;
  readonly version: string;
  readonly isClustered: boolean;
  readonly tcpPort?: string;
  readonly namedPipe?: string;
}

const MAX_INSTANCES = 16;

/** SVR_RESP of MC-SQLR 2.2.5: names and values by turns, each instance ended by two semicolons. */
export function parseInstances(received: Uint8Array): readonly Instance[] | undefined {
  const reader = new ByteReader(received);
  if (reader.u8() !== 5) return undefined;
  const length = reader.u16le();
  if (reader.short || length === 0 || length !== reader.left) return undefined;
  const text = reader.latin1(Math.min(length, MAX_PACKET));
  const instances = text
    .split(';;', MAX_INSTANCES)
    .map(parseInstance)
    .filter((one) => one !== undefined);
  return instances.length === 0 ? undefined : instances;
}

function parseInstance(text: string): Instance | undefined {
  const words = text.split(';', 40);
  const values = new Map<string, string>();
  for (let i = 0; i + 1 < words.length; i += 2) {
    values.set((words[i] ?? '').toLowerCase(), (words[i + 1] ?? '').slice(0, 255));
  }
  const [serverName, instanceName, version] = ['servername', 'instancename', 'version'].map((name) =>
    values.get(name),
  );
  if (serverName === undefined || instanceName === undefined || version === undefined) return undefined;
  const [tcpPort, namedPipe] = [values.get('tcp'), values.get('np')];
  return {
    serverName,
    instanceName,
    version,
    isClustered: values.get('isclustered')?.toLowerCase() === 'yes',
    ...(tcpPort === undefined ? {} : { tcpPort }),
    ...(namedPipe === undefined ? {} : { namedPipe }),
  };
}
