import { LineSplitter } from '../../../lib/line-splitter.ts';
import type { ImportOutput, StreamReader } from '../format.ts';

const MAX_LINE = 1024 * 1024;

/** A file of lines. Blank lines are none; a last line without its end, in a file that is cut, is not read. */
export function readLines(output: ImportOutput, read: (line: string, number: number) => void): StreamReader {
  let number = 0;
  const splitter = new LineSplitter(MAX_LINE, (bytes) => {
    number += 1;
    if (bytes === undefined) return output.fault(number, `the line is longer than ${MAX_LINE} bytes`);
    const line = Buffer.from(bytes)
      .toString('utf8')
      .replace(/^\ufeff/, '')
      .trimEnd();
    if (line.trim() !== '') read(line, number);
  });
  return {
    push: (chunk) => splitter.push(chunk),
    end: (cut) => {
      if (!cut) splitter.end();
    },
  };
}
