import type { Concern, ProtocolFacts } from '../../../../model/facts.ts';
import {
  authenticationName1,
  encryptionName1,
  groupName,
  hashName1,
  identityTypeName,
  INVALID_KE_PAYLOAD,
  isWeakName,
  notifyName,
  transformName2,
} from './names.ts';
import {
  chosen1,
  chosen2,
  EXCHANGE,
  hex,
  isOffered2,
  notificationsOf,
  PAYLOAD,
  vendorIdsOf,
  type IkeMessage,
} from './packets.ts';
import { lookUpVendorId } from './vendor-ids.ts';

type Field = [string, string];

const MAX_FIELDS = 32;
const MAX_TEXT = 128;

/** What the answers of one responder say together; the fields are explained at `ikeQuestion`. */
export function ikeFacts(messages: readonly IkeMessage[], softEther = false): ProtocolFacts {
  const accepted = messages.flatMap(acceptedBy);
  const ids = messages.flatMap(vendorIdsOf);
  const named = ids.map(lookUpVendorId).find((known) => known?.product !== undefined);
  const isSoftEther = softEther || messages.some(isSoftEtherAnswer);
  const product = named?.product ?? (isSoftEther ? 'SoftEther VPN' : undefined);
  const gives = messages.some(givesHash);
  const concerns: Concern[] = gives ? ['aggressive-mode'] : [];
  if (accepted.some(({ isWeak }) => isWeak)) concerns.push('weak-proposal');
  return {
    name: 'ike',
    // The hash of aggressive mode is one over a pre-shared key; nothing else before log-in tells what is asked.
    access: gives ? 'password' : 'unknown',
    ...(product === undefined ? {} : { product }),
    ...(named?.version === undefined ? {} : { version: named.version }),
    fields: distinct([
      ...versionFields(messages),
      ...accepted.map(({ field }) => field),
      ...messages.flatMap(aggressiveFields),
      ...messages.flatMap(notificationFields),
      ...ids.flatMap(vendorFields),
    ]),
    concerns,
  };
}

function distinct(fields: readonly Field[]): Field[] {
  const seen = new Map(fields.map((field) => [field.join('\0'), field]));
  return [...seen.values()].slice(0, MAX_FIELDS);
}

function versionFields(messages: readonly IkeMessage[]): readonly Field[] {
  const of = (version: 1 | 2): readonly IkeMessage[] =>
    messages.filter((message) => message.version === version);
  const fields: Field[] = [];
  if (of(1).length > 0)
    fields.push(['ikev1', of(1).some((message) => chosen1(message) !== undefined) ? 'offered' : 'refused']);
  if (of(2).length > 0) fields.push(['ikev2', of(2).some(isOffered2) ? 'offered' : 'refused']);
  return fields;
}

function acceptedBy(message: IkeMessage): readonly { readonly field: Field; readonly isWeak: boolean }[] {
  const names = acceptedNames(message);
  if (names.length === 0) return [];
  const field: Field = [`ikev${message.version}-accepted`, names.join(' ')];
  return [{ field, isWeak: names.some(isWeakName) }];
}

const withBits = (name: string, bits: number | undefined): string =>
  bits === undefined ? name : `${name}-${bits}`;

function acceptedNames(message: IkeMessage): readonly string[] {
  const one = chosen1(message);
  if (one !== undefined)
    return [
      withBits(encryptionName1(one.encryption), one.keyBits),
      hashName1(one.hash),
      groupName(one.group),
      authenticationName1(one.authentication),
    ];
  const two = chosen2(message) ?? [];
  return [...two]
    .sort((a, b) => a.type - b.type)
    .filter(({ type }) => type >= 1 && type <= 4)
    .map(({ type, id, keyBits }) => withBits(transformName2(type, id), keyBits));
}

/** A responder's hash over a pre-shared key (RFC 2409 §5.4), which whoever has it can try passwords against. */
function givesHash(message: IkeMessage): boolean {
  if (message.version !== 1 || message.exchange !== EXCHANGE.aggressive) return false;
  const isShared = [1, 65001].includes(chosen1(message)?.authentication ?? 0);
  return isShared && message.payloads.some(({ type }) => type === PAYLOAD.hash1);
}

function aggressiveFields(message: IkeMessage): readonly Field[] {
  if (message.version !== 1 || message.exchange !== EXCHANGE.aggressive) return [];
  const body = message.payloads.find(({ type }) => type === PAYLOAD.id1)?.body;
  const answered: Field = ['aggressive-mode', givesHash(message) ? 'hash' : 'answered'];
  return body === undefined || body.length <= 4 ? [answered] : [answered, ['identity', identity(body)]];
}

/** Type, protocol, port (RFC 2407 §4.6.2), then the name. */
function identity(body: Uint8Array): string {
  const type = body[0] ?? 0;
  const value = body.subarray(4, 4 + MAX_TEXT);
  if (type === 1 && value.length === 4) return `ipv4 ${value.join('.')}`;
  const text = Buffer.from(value).toString('latin1');
  const isText = [2, 3].includes(type) && /^[\x20-\x7e]+$/.test(text);
  return `${identityTypeName(type)} ${isText ? text : hex(value)}`;
}

function notificationFields(message: IkeMessage): readonly Field[] {
  return notificationsOf(message).flatMap(({ type, data }): readonly Field[] => {
    const isGroup = message.version === 2 && type === INVALID_KE_PAYLOAD && data.length === 2;
    const group = isGroup ? (data[0] ?? 0) * 256 + (data[1] ?? 0) : 0;
    return [
      ['notification', notifyName(message.version, type)],
      ...(isGroup ? [['demanded-group', groupName(group)] as Field] : []),
    ];
  });
}

function vendorFields(id: Uint8Array): readonly Field[] {
  const known = lookUpVendorId(id)?.extension;
  const digits: Field = ['vendor-id', hex(id.subarray(0, MAX_TEXT / 2))];
  return known === undefined ? [digits] : [digits, ['extension', known]];
}

/** The ids that SoftEther announces, in its order (SoftEtherVPN src/Cedar/Proto_IKE.c, measured on 5.01.9674). */
const SOFTETHER_IDS = [
  '4a131c81070358455c5728f20e95452f',
  '7d9419a65310ca6f2c179d9215529d56',
  '90cb80913ebb696e086381b5ec427b1f',
  'cd60464335df21f87cfdb2fc68b6a448',
  '4485152d18b6bbcd0be8a8469579ddcc',
  'afcad71368a1f1c96b8696fc77570100',
].join(' ');
/** The attributes of its transform, in hex: encryption, hash, authentication, group, life time; the key length is last. */
const SOFTETHER_ATTRIBUTES = /^(?:[0-9a-f]{2}){24}8001....8002....8003....8004....800b....800c....800e/;

function isSoftEtherAnswer(message: IkeMessage): boolean {
  if (message.version !== 1 || vendorIdsOf(message).map(hex).join(' ') !== SOFTETHER_IDS) return false;
  const body = message.payloads.find(({ type }) => type === PAYLOAD.sa1)?.body ?? new Uint8Array();
  return SOFTETHER_ATTRIBUTES.test(hex(body.subarray(0, 64)));
}
