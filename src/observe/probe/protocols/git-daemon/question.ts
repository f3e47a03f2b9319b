import { randomBytes } from 'node:crypto';
import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpQuestion } from '../../question.ts';
import { fieldsOf } from '../fields.ts';
import { encodeUploadPack, parseError, type GitError } from './packets.ts';

/**
 * git-daemon by asking for a repository of a random name. It has no log-in: whatever it exports, it exports to everybody
 * who knows the path; no path is guessed.
 *
 * Fields: `error` (the server's words).
 */
export const gitDaemonQuestion: TcpQuestion = {
  protocol: 'git',
  ports: [9418],
  elsewhere: 'never',
  read(received) {
    const error = parseError(received);
    return error === undefined || error === 'more' ? undefined : factsOf(error);
  },
  async ask(line) {
    const path = `/sekisho-${randomBytes(6).toString('hex')}`;
    const error = await line.exchange(encodeUploadPack(path, line.hostNames[0] ?? line.address), parseError);
    return error === undefined ? undefined : factsOf(error);
  },
};

function factsOf({ text }: GitError): ProtocolFacts {
  return {
    name: 'git',
    access: 'unknown',
    fields: fieldsOf(['error', text]),
    concerns: ['clear-text'],
  };
}
