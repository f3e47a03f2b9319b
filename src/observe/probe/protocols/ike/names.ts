/** Numbers of IKE and their names: IANA registries "Internet Key Exchange (IKE) Attributes" and "IKEv2 Parameters". */

type Names = Readonly<Record<number, string>>;

const name = (names: Names, id: number): string => names[id] ?? String(id);

const GROUPS: Names = {
  0: 'none',
  1: 'modp768',
  2: 'modp1024',
  5: 'modp1536',
  14: 'modp2048',
  15: 'modp3072',
  16: 'modp4096',
  17: 'modp6144',
  18: 'modp8192',
  19: 'ecp256',
  20: 'ecp384',
  21: 'ecp521',
  22: 'modp1024-160',
  23: 'modp2048-224',
  24: 'modp2048-256',
  25: 'ecp192',
  26: 'ecp224',
  28: 'brainpool256',
  29: 'brainpool384',
  30: 'brainpool512',
  31: 'curve25519',
  32: 'curve448',
  35: 'ml-kem-512',
  36: 'ml-kem-768',
  37: 'ml-kem-1024',
};
export const groupName = (id: number): string => name(GROUPS, id);

/** Diffie-Hellman over a prime of 1024 bits or less: within reach of a state (Logjam, 2015). */
const WEAK_GROUPS: readonly string[] = ['modp768', 'modp1024', 'modp1024-160'];
const WEAK_ALGORITHMS: readonly string[] = [
  'des',
  'des-iv64',
  'des-iv32',
  '3des',
  'rc4',
  'md5',
  'md5-96',
  'des-mac',
];

/** @param algorithm a name of this file, with or without key length: "3des", "3des-192" */
export function isWeakName(algorithm: string): boolean {
  const bare = algorithm.replace(/-\d{1,5}$/, '');
  return [algorithm, bare].some((one) => WEAK_GROUPS.includes(one) || WEAK_ALGORITHMS.includes(one));
}

const ENCRYPTION_1: Names = {
  1: 'des',
  2: 'idea',
  3: 'blowfish',
  4: 'rc5',
  5: '3des',
  6: 'cast',
  7: 'aes-cbc',
  8: 'camellia-cbc',
};
const HASH_1: Names = { 1: 'md5', 2: 'sha1', 3: 'tiger', 4: 'sha2-256', 5: 'sha2-384', 6: 'sha2-512' };
const AUTHENTICATION_1: Names = {
  1: 'pre-shared-key',
  2: 'dss-signature',
  3: 'rsa-signature',
  4: 'rsa-encryption',
  5: 'rsa-encryption-revised',
  9: 'ecdsa-256',
  10: 'ecdsa-384',
  11: 'ecdsa-521',
  64221: 'hybrid-rsa',
  64223: 'hybrid-dss',
  65001: 'xauth-pre-shared-key',
  65005: 'xauth-rsa-signature',
};
export const encryptionName1 = (id: number): string => name(ENCRYPTION_1, id);
export const hashName1 = (id: number): string => name(HASH_1, id);
export const authenticationName1 = (id: number): string => name(AUTHENTICATION_1, id);

const ENCRYPTION_2: Names = {
  1: 'des-iv64',
  2: 'des',
  3: '3des',
  4: 'rc5',
  5: 'idea',
  6: 'cast',
  7: 'blowfish',
  9: 'des-iv32',
  11: 'null',
  12: 'aes-cbc',
  13: 'aes-ctr',
  14: 'aes-ccm-8',
  15: 'aes-ccm-12',
  16: 'aes-ccm-16',
  18: 'aes-gcm-8',
  19: 'aes-gcm-12',
  20: 'aes-gcm-16',
  23: 'camellia-cbc',
  24: 'camellia-ctr',
  28: 'chacha20-poly1305',
};
const PRF_2: Names = {
  1: 'md5',
  2: 'sha1',
  3: 'tiger',
  4: 'aes-xcbc',
  5: 'sha2-256',
  6: 'sha2-384',
  7: 'sha2-512',
  8: 'aes-cmac',
};
const INTEGRITY_2: Names = {
  0: 'none',
  1: 'md5-96',
  2: 'sha1-96',
  3: 'des-mac',
  5: 'aes-xcbc-96',
  8: 'aes-cmac-96',
  12: 'sha2-256-128',
  13: 'sha2-384-192',
  14: 'sha2-512-256',
};

/** @param type 1 encryption, 2 pseudo-random function, 3 integrity, 4 group (RFC 7296 §3.3.2) */
export function transformName2(type: number, id: number): string {
  const names = [{}, ENCRYPTION_2, PRF_2, INTEGRITY_2, GROUPS][type] ?? {};
  return name(names, id);
}

/** RFC 2408 §3.14.1; the error types of IKEv2 (RFC 7296 §3.10.1) have their own names for the numbers in use. */
const NOTIFY_1: Names = {
  1: 'INVALID-PAYLOAD-TYPE',
  2: 'DOI-NOT-SUPPORTED',
  3: 'SITUATION-NOT-SUPPORTED',
  4: 'INVALID-COOKIE',
  5: 'INVALID-MAJOR-VERSION',
  6: 'INVALID-MINOR-VERSION',
  7: 'INVALID-EXCHANGE-TYPE',
  8: 'INVALID-FLAGS',
  9: 'INVALID-MESSAGE-ID',
  10: 'INVALID-PROTOCOL-ID',
  11: 'INVALID-SPI',
  12: 'INVALID-TRANSFORM-ID',
  13: 'ATTRIBUTES-NOT-SUPPORTED',
  14: 'NO-PROPOSAL-CHOSEN',
  15: 'BAD-PROPOSAL-SYNTAX',
  16: 'PAYLOAD-MALFORMED',
  17: 'INVALID-KEY-INFORMATION',
  18: 'INVALID-ID-INFORMATION',
  23: 'INVALID-HASH-INFORMATION',
  24: 'AUTHENTICATION-FAILED',
  29: 'UNSUPPORTED-EXCHANGE-TYPE',
  30: 'UNEQUAL-PAYLOAD-LENGTHS',
};
export const COOKIE = 16390;
export const INVALID_KE_PAYLOAD = 17;
const NOTIFY_2: Names = {
  1: 'UNSUPPORTED_CRITICAL_PAYLOAD',
  4: 'INVALID_IKE_SPI',
  5: 'INVALID_MAJOR_VERSION',
  7: 'INVALID_SYNTAX',
  9: 'INVALID_MESSAGE_ID',
  14: 'NO_PROPOSAL_CHOSEN',
  [INVALID_KE_PAYLOAD]: 'INVALID_KE_PAYLOAD',
  24: 'AUTHENTICATION_FAILED',
  43: 'TEMPORARY_FAILURE',
  [COOKIE]: 'COOKIE',
  16388: 'NAT_DETECTION_SOURCE_IP',
  16389: 'NAT_DETECTION_DESTINATION_IP',
  16404: 'MULTIPLE_AUTH_SUPPORTED',
  16406: 'REDIRECT_SUPPORTED',
  16407: 'REDIRECT',
  16418: 'CHILDLESS_IKEV2_SUPPORTED',
  16430: 'IKEV2_FRAGMENTATION_SUPPORTED',
  16431: 'SIGNATURE_HASH_ALGORITHMS',
  16435: 'USE_PPK',
  16438: 'INTERMEDIATE_EXCHANGE_SUPPORTED',
};
export const notifyName = (version: 1 | 2, type: number): string =>
  name(version === 1 ? NOTIFY_1 : NOTIFY_2, type);

/** RFC 2407 §4.6.2.1, RFC 7296 §3.5. */
const IDENTITY_TYPES: Names = {
  1: 'ipv4',
  2: 'fqdn',
  3: 'user-fqdn',
  5: 'ipv6',
  9: 'distinguished-name',
  11: 'key-id',
};
export const identityTypeName = (id: number): string => name(IDENTITY_TYPES, id);
