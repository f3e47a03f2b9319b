import { AppError } from './app-error.ts';

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const END_BYTES = 22;
const CENTRAL_BYTES = 46;
/** 1980-01-01 00:00:00, the first moment that a ZIP archive can name, in the DOS form: time 0, date 0x0021. */
const DOS_TIME = 0x0021_0000;

/**
 * The archive with the dates of all its files set to the first one that there is: equal files then are equal bytes. Changes `zip` itself.
 *
 * @param zip an archive without a comment and without ZIP64, as it was just made
 * @throws AppError `unexpected` when it is something else
 */
export function withoutZipDates<T extends Uint8Array>(zip: T): T {
  const data = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  const end = zip.byteLength - END_BYTES;
  expect(end >= 0 && data.getUint32(end, true) === END);
  const count = data.getUint16(end + 10, true);
  let at = data.getUint32(end + 16, true);
  for (let n = 0; n < count; n += 1) {
    expect(at + CENTRAL_BYTES <= end && data.getUint32(at, true) === CENTRAL);
    const local = data.getUint32(at + 42, true);
    expect(local + 14 <= end && data.getUint32(local, true) === LOCAL);
    data.setUint32(at + 12, DOS_TIME, true);
    data.setUint32(local + 10, DOS_TIME, true);
    at += CENTRAL_BYTES + [28, 30, 32].reduce((sum, offset) => sum + data.getUint16(at + offset, true), 0);
  }
  return zip;
}

function expect(holds: boolean): void {
  if (!holds) throw new AppError('unexpected', 'This is not a ZIP archive as they are made here.');
}
