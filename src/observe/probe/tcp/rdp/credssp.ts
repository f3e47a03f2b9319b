import { BER, elementLength, encodeElement, encodeInteger, encodeOctets } from '../../ber.ts';

/** TSRequest version 6 that carries one token (MS-CSSP 2.2.1). No credentials: `authInfo` is never sent. */
export function encodeTsRequest(token: Uint8Array): Uint8Array {
  const negoToken = encodeElement(BER.sequence, encodeElement(0xa0, encodeOctets(token)));
  return encodeElement(
    BER.sequence,
    encodeElement(0xa0, encodeInteger(6)),
    encodeElement(0xa1, encodeElement(BER.sequence, negoToken)),
  );
}

const MAX_TS_REQUEST = 65_540;

/** Whole length of the DER element that begins here; undefined when it is none or longer than a TSRequest can be. */
export function derLength(received: Uint8Array): number | 'more' | undefined {
  return elementLength(received, BER.sequence, MAX_TS_REQUEST);
}
