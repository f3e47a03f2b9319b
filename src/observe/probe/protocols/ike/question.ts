import { randomBytes } from 'node:crypto';
import type { UdpLine, UdpQuestion } from '../../question.ts';
import { ikeFacts } from './facts.ts';
import { isWeakName, groupName, encryptionName1, hashName1 } from './names.ts';
import {
  encodeAggressiveMode,
  encodeMainMode,
  encodeSaInit,
  encodeWeakMainMode,
  encodeWeakSaInit,
  PRE_SHARED_KEY,
  XAUTH_PRE_SHARED_KEY,
  type Chance,
} from './offers.ts';
import {
  chosen1,
  EXCHANGE,
  hex,
  isOffered2,
  notificationsOf,
  parseIkeAnswer,
  type Chosen1,
  type IkeMessage,
} from './packets.ts';

/**
 * IKE, versions 1 and 2 (RFC 2409, RFC 7296), on 500 and behind the non-ESP marker on 4500 (RFC 3948).
 *
 * At most four requests, each the first message of a negotiation that is never gone on with: IKE_SA_INIT, main mode,
 * aggressive mode, and one more, the first that can teach something: weak main mode, aggressive mode with XAUTH, weak
 * IKE_SA_INIT. Not more, since each leaves a half-open negotiation behind for half a minute: strongSwan 5.9.8 demands a
 * cookie after three and turns an address away after five.
 *
 * Aggressive mode with an identity of random bytes, which is nobody's: no attempt at anybody's account. A gateway that
 * demands a known group name stays silent to it, so no answer does not prove that the mode is off.
 *
 * Fields: ikev1, ikev2 (offered · refused; a bare NO_PROPOSAL_CHOSEN is "refused", which gateways of the other version
 * say too) · ikev1-accepted, ikev2-accepted ("aes-cbc-256 sha2-256 modp2048 pre-shared-key": what was chosen of an offer;
 * strongSwan accepts the way of authentication that was offered, whatever is configured) · aggressive-mode (hash: the
 * responder sent its hash over a pre-shared key · answered: another way of authentication) · identity (the responder's,
 * from aggressive mode) · notification · demanded-group · vendor-id (hex) · extension (a vendor id with a known meaning)
 * · cookie (random: the initiator cookie is not ours, ours stands in the notification; SoftEther only).
 *
 * Concerns: aggressive-mode, weak-proposal (only when one was accepted). Access is password when a hash over a pre-shared
 * key came, else unknown.
 */
export const ikeQuestion: UdpQuestion = {
  protocol: 'ike',
  ports: [500, 4500],
  read(received) {
    const message = parseIkeAnswer(received);
    return message === undefined ? undefined : ikeFacts([message]);
  },
  async ask(line) {
    const conversation = new Conversation(line);
    const init = await conversation.send(encodeSaInit);
    const main = await conversation.send(encodeMainMode);
    const chosen = main === undefined ? undefined : chosen1(main);
    const aggressive = await conversation.send((chance) =>
      encodeAggressiveMode(chance, chosen?.group ?? 14, PRE_SHARED_KEY),
    );
    const last = lastRequest({ init, chosen, aggressive });
    if (last !== undefined) await conversation.send(last);
    const { answers, isSoftEther } = conversation;
    if (answers.length === 0) return undefined;
    const facts = ikeFacts(answers, isSoftEther);
    return isSoftEther ? { ...facts, fields: [...facts.fields, ['cookie', 'random']] } : facts;
  },
};

interface SoFar {
  readonly init: IkeMessage | undefined;
  readonly chosen: Chosen1 | undefined;
  readonly aggressive: IkeMessage | undefined;
}

type Request = (chance: Chance) => Buffer;

function lastRequest({ init, chosen, aggressive }: SoFar): Request | undefined {
  if (chosen !== undefined && !isWeak(chosen))
    return (chance) => encodeWeakMainMode(chance, chosen.authentication);
  if (chosen !== undefined && aggressive?.exchange === EXCHANGE.informational1)
    return (chance) => encodeAggressiveMode(chance, chosen.group, XAUTH_PRE_SHARED_KEY);
  return init !== undefined && isOffered2(init) ? encodeWeakSaInit : undefined;
}

const isWeak = ({ encryption, hash, group }: Chosen1): boolean =>
  [encryptionName1(encryption), hashName1(hash), groupName(group)].some(isWeakName);

/** Requests with fresh cookies, and the answers that belong to them. */
class Conversation {
  readonly answers: IkeMessage[] = [];
  isSoftEther = false;
  readonly #line: UdpLine;

  constructor(line: UdpLine) {
    this.#line = line;
  }

  async send(encode: Request): Promise<IkeMessage | undefined> {
    const chance: Chance = {
      spi: freshSpi(),
      nonce: randomBytes(32),
      publicValue: randomBytes(256),
      identity: randomBytes(16),
    };
    const spi = hex(chance.spi);
    const request = encode(chance);
    const marked = this.#line.port === 4500 ? Buffer.concat([Buffer.alloc(4), request]) : request;
    const answer = await this.#line.exchange(marked, (received) => {
      const message = parseIkeAnswer(received);
      return message !== undefined && (message.initiatorSpi === spi || repeatsCookie(message, spi))
        ? message
        : undefined;
    });
    if (answer === undefined) return undefined;
    if (answer.initiatorSpi !== spi) this.isSoftEther = true;
    this.answers.push(answer);
    return answer;
  }
}

/** Never begins with four zero bytes: that would be the non-ESP marker. */
function freshSpi(): Buffer {
  const spi = randomBytes(8);
  spi[0] = (spi[0] ?? 0) | 1;
  return spi;
}

/** SoftEther 5.01 refuses under a random initiator cookie; the real one stands in the notification only. */
function repeatsCookie(message: IkeMessage, spi: string): boolean {
  return (
    message.version === 1 &&
    notificationsOf(message).some((notification) => hex(notification.spi).startsWith(spi))
  );
}
