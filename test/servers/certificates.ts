import { readFileSync } from 'node:fs';

/** Throw-away certificates made by `test/fixtures/certs/make.sh`; their keys protect nothing. */
export type CertificateName =
  | 'company-web'
  | 'company-web-renewed'
  | 'exchange'
  | 'expired'
  | 'fortigate'
  | 'ivanti'
  | 'rdp-old'
  | 'rdp-server'
  | 'vnc'
  | 'weak';

export interface KeyPair {
  readonly key: Buffer;
  readonly cert: Buffer;
}

const folder = new URL('../fixtures/certs/', import.meta.url);

export function certificate(name: CertificateName): KeyPair {
  return {
    key: readFileSync(new URL(`${name}.key`, folder)),
    cert: readFileSync(new URL(`${name}.crt`, folder)),
  };
}

/** Where the PEM files of a certificate lie, for servers that are other programs. */
export function certificateFiles(name: CertificateName): { key: string; cert: string } {
  return { key: new URL(`${name}.key`, folder).pathname, cert: new URL(`${name}.crt`, folder).pathname };
}
